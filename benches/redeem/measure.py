"""Redemptions per second over HTTP, beside the database's own ceiling, in one run.

    benches/redeem/run [--passes N] [--fresh N] [--seconds S] [--engines postgres,sqlite]

Generates a database with N passes that have a past (0: an empty one), starts the service on it,
redeems over 1, 8, 32 and 128 connections, and writes a table of Markdown to standard output.
"""

import argparse
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONNECTIONS = (1, 8, 32, 128)
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def told(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


class Postgres:
    """A cluster of its own, with the settings it comes with: fsync and synchronous_commit on."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "postgres"
        self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.port = free_port()
        self.folder.mkdir()
        owner = pwd.getpwnam("postgres")
        os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        pathlib.Path(folder).chmod(0o755)
        self.as_owner(f"{self.bin}/initdb -D {self.folder}/data -A trust -U postgres >/dev/null")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        self.as_owner(f"{self.bin}/pg_ctl -D {self.folder}/data -w -l {self.folder}/log -o '{options}' start >/dev/null")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.pid = int((self.folder / "data/postmaster.pid").read_text().splitlines()[0])

    def as_owner(self, line):
        told("su", "postgres", "-s", "/bin/sh", "-c", line)

    def psql(self, *words):
        return told(self.bin / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.url, *words)

    def pgbench(self, clients, seconds):
        script = self.folder / "redeem.pgbench"
        script.write_text("SELECT ceiling_redeem();\n")
        out = told(self.bin / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds),
                   "-f", str(script), self.url)
        rate = float(out.split("tps = ")[1].split()[0])
        mean = float(out.split("latency average = ")[1].split()[0])
        return rate, mean

    def stop(self):
        self.as_owner(f"{self.bin}/pg_ctl -D {self.folder}/data -m fast stop >/dev/null")


def family(pid):
    """A process and its children."""
    found = [pid]
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def cpu(pid):
    total = 0
    for one in family(pid):
        try:
            parts = pathlib.Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(parts[11]) + int(parts[12])
    return total / TICKS


def resident(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


class Service:
    def __init__(self, binary, folder, url):
        self.address = f"127.0.0.1:{free_port()}"
        environment = {"PASSNUM_DATA_DIR": str(folder), "PASSNUM_LOG": "error", "PATH": os.environ["PATH"]}
        if url:
            environment["PASSNUM_DATABASE_URL"] = url
        self.environment = environment
        self.binary = binary
        self.process = None

    def command(self, *words):
        return told(self.binary, *words, env=self.environment)

    def start(self):
        self.process = subprocess.Popen([self.binary, "serve", "--listen", self.address], env=self.environment,
                                        stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(tuple([self.address.split(":")[0], int(self.address.split(":")[1])])).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("the service did not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def measure(load, service, database_pid, codes, seconds):
    rows, skip = [], 0
    for connections in (8, *CONNECTIONS):
        before = cpu(service.process.pid), cpu(database_pid) if database_pid else 0
        out = told(load, "http", service.address, codes, str(skip), str(connections), str(seconds if rows else 3))
        row = json.loads(out)
        skip = row["next"]
        done = max(row["redeemed"], 1)
        row["service_us"] = (cpu(service.process.pid) - before[0]) / done * 1e6
        row["database_us"] = (cpu(database_pid) - before[1]) / done * 1e6 if database_pid else 0
        row["resident_mb"] = resident(service.process.pid)
        rows.append(row)
    return rows[1:]


def table(rows, ceilings):
    yield "| connections | redeemed/s | p50 ms | p95 ms | p99 ms | service µs | database µs | beside it |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        beside = ceilings.get(row["connections"], "")
        if beside:
            rate, words = beside
            beside = f"{row['per_second'] / rate:.2f} × {words}"
        latency = " | ".join(f"{row[name] / 1000:.1f}" for name in ("p50_us", "p95_us", "p99_us"))
        other = f" ({row['other']})" if row["other"] else ""
        yield (f"| {row['connections']} | {row['per_second']:.0f}{other} | {latency} | {row['service_us']:.0f} "
               f"| {row['database_us']:.0f} | {beside} |")


def on_postgres(asked, binary, load, folder):
    postgres = Postgres(folder)
    try:
        data = folder / "data-postgres"
        service = Service(binary, data, postgres.url)
        codes = folder / "codes-postgres.csv"
        began = time.time()
        service.command("generate", "--passes", str(asked.passes), "--fresh", str(asked.fresh), "--codes", str(codes))
        print(f"\n## PostgreSQL, {asked.passes} passes with a past (made in {time.time() - began:.0f} s)\n", flush=True)
        postgres.psql("-c", "VACUUM ANALYZE", "-c", "CHECKPOINT")
        service.start()
        rows = measure(load, service, postgres.pid, codes, asked.seconds)
        service.stop()
        print(service.command("ledger", "verify").splitlines()[-1] if asked.verify else "", flush=True)
        postgres.psql("-f", str(ROOT / "benches/redeem/ceiling.sql"))
        ceilings = {}
        for clients in CONNECTIONS:
            rate, mean = postgres.pgbench(clients, asked.seconds)
            ceilings[clients] = (rate, f"pgbench ({rate:.0f}/s, mean {mean:.1f} ms)")
        print("\n".join(table(rows, ceilings)), flush=True)
        print(f"\nresident memory of the service at the end: {rows[-1]['resident_mb']} MB")
    finally:
        postgres.stop()


def on_sqlite(asked, binary, load, folder):
    data = folder / "data-sqlite"
    service = Service(binary, data, None)
    codes = folder / "codes-sqlite.csv"
    began = time.time()
    service.command("generate", "--passes", str(asked.passes), "--fresh", str(asked.fresh), "--codes", str(codes))
    print(f"\n## SQLite, {asked.passes} passes with a past (made in {time.time() - began:.0f} s)\n", flush=True)
    service.start()
    rows = measure(load, service, None, codes, asked.seconds)
    service.stop()
    print(service.command("ledger", "verify").splitlines()[-1] if asked.verify else "", flush=True)
    database = data / "pass-numerique.sqlite"
    bare = {each: json.loads(told(load, "sqlite", str(database), str(each), str(asked.seconds)))["per_second"]
            for each in (1, 64)}
    ceilings = {connections: (bare[64], f"bare loop, 64 a commit ({bare[64]:.0f}/s; {bare[1]:.0f}/s at one)")
                for connections in CONNECTIONS}
    print("\n".join(table(rows, ceilings)), flush=True)
    print(f"\nresident memory of the service at the end: {rows[-1]['resident_mb']} MB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--passes", type=int, default=0)
    parser.add_argument("--fresh", type=int, default=400_000)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--engines", default="postgres,sqlite")
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--keep", help="work in this folder and leave it there")
    asked = parser.parse_args()
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    told("cargo", "build", "--release", "--locked", cwd=ROOT)
    told("cargo", "build", "--release", cwd=ROOT / "benches/load", env={**os.environ, "CARGO_TARGET_DIR": str(target / "load")})
    binary, load = target / "release/pass-numerique", target / "load/release/load"
    commit = told("git", "rev-parse", "--short", "HEAD", cwd=ROOT).strip()
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"# Redemptions, commit {commit}, {os.cpu_count()} × {model}")
    folder = pathlib.Path(asked.keep or tempfile.mkdtemp(prefix="passnum-bench-"))
    folder.mkdir(exist_ok=True)
    try:
        if "postgres" in asked.engines:
            on_postgres(asked, binary, load, folder)
        if "sqlite" in asked.engines:
            on_sqlite(asked, binary, load, folder)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)


main()
