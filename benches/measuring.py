"""What the benchmarks share: a PostgreSQL of their own, the service, and what both use of the machine."""

import argparse
import contextlib
import json
import os
import pathlib
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PASSWORD = "demo-pass-numerique"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def told(*command, **options):
    done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


class Postgres:
    """A cluster of its own, with the settings it comes with: fsync and synchronous_commit on."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "postgres"
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.port = free_port()
        self.folder.mkdir()
        owner = pwd.getpwnam("postgres")
        os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        pathlib.Path(folder).chmod(0o755)
        self.as_owner(f"{self.bin}/initdb -D {self.folder}/data -A trust -U postgres >/dev/null")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.start()

    def start(self):
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        )
        self.as_owner(
            f"{self.bin}/pg_ctl -D {self.folder}/data -w -l {self.folder}/log -o '{options}' start >/dev/null"
        )
        self.pid = int((self.folder / "data/postmaster.pid").read_text().splitlines()[0])

    def as_owner(self, line):
        told("su", "postgres", "-s", "/bin/sh", "-c", line)

    def psql(self, *words):
        return told(self.bin / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.url, *words)

    def pgbench(self, clients, seconds, function="ceiling_redeem"):
        script = self.folder / "redeem.pgbench"
        script.write_text(f"SELECT {function}();\n")
        out = told(
            self.bin / "pgbench",
            "-n",
            "-M",
            "prepared",
            "-c",
            str(clients),
            "-j",
            "2",
            "-T",
            str(seconds),
            "-f",
            str(script),
            self.url,
        )
        rate = float(out.split("tps = ")[1].split()[0])
        mean = float(out.split("latency average = ")[1].split()[0])
        return rate, mean

    def stop(self, mode="fast"):
        self.as_owner(f"{self.bin}/pg_ctl -D {self.folder}/data -m {mode} stop >/dev/null")


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
        environment = {
            "PASSNUM_DATA_DIR": str(folder),
            "PASSNUM_LOG": "error",
            "PATH": os.environ["PATH"],
        }
        if url:
            environment["PASSNUM_DATABASE_URL"] = url
        self.environment = environment
        self.binary = binary
        self.folder = pathlib.Path(folder)
        self.url = url
        self.process = None

    def command(self, *words, **options):
        return told(self.binary, *words, env=self.environment, **options)

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, "serve", "--listen", self.address],
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(600):
            try:
                host, port = self.address.split(":")
                socket.create_connection((host, int(port))).close()
                return
            except OSError:
                time.sleep(0.01)
        sys.exit("the service did not start")

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None


class Door:
    """The service as the operator sees it."""

    def __init__(self, service):
        self.base = f"http://{service.address}/api/v1"
        self.token = None
        self.token = self.ask(
            "POST", "/auth/tokens", {"email": "operateur@exemple.fr", "password": PASSWORD}
        )["access_token"]

    def open(self, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(body).encode() if body is not None else None
        return urllib.request.urlopen(
            urllib.request.Request(self.base + path, data, headers, method=method), timeout=600
        )

    def ask(self, method, path, body=None):
        with self.open(method, path, body) as answer:
            return json.load(answer)


def target():
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def released():
    """The release binary of the service."""
    told("cargo", "build", "--release", "--locked", cwd=ROOT)
    return target() / "release/pass-numerique"


def conditions():
    """The line that says what was measured, and on what."""
    commit = told("git", "rev-parse", "--short", "HEAD", cwd=ROOT).strip()
    processors = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    models = (line.split(":")[1].strip() for line in processors if line.startswith("model name"))
    return f"commit {commit}, {os.cpu_count()} × {next(models, '?')}"


def built():
    """The release binaries of the service and of the load client, and the line that says what was measured."""
    binary = released()
    told(
        "cargo",
        "build",
        "--release",
        "--locked",
        cwd=ROOT / "benches/load",
        env={**os.environ, "CARGO_TARGET_DIR": str(target() / "load")},
    )
    return binary, target() / "load/release/load", conditions()


def arguments(passes, fresh, seconds):
    """What every benchmark on a database of some size is asked: one to generate, or one that is there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--passes", type=type(passes), default=passes)
    parser.add_argument("--fresh", type=int, default=fresh)
    parser.add_argument("--seconds", type=int, default=seconds)
    parser.add_argument("--url")
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--codes", type=pathlib.Path)
    parser.add_argument("--skip", type=int, default=0)
    return parser


def engine(asked):
    """The name of the engine that is measured: that of a database that is there goes by its address."""
    embedded = not asked.url if asked.data else asked.engine == "sqlite"
    return "SQLite" if embedded else "PostgreSQL"


@contextlib.contextmanager
def server(kind, folder):
    """A PostgreSQL of its own; none for the embedded database."""
    postgres = Postgres(folder) if kind == "postgres" else None
    try:
        yield postgres
    finally:
        if postgres:
            postgres.stop()


@contextlib.contextmanager
def generated(binary, kind, passes, fresh):
    """The service over a database that is generated in a folder of its own, its codes, and what was generated."""
    with tempfile.TemporaryDirectory(prefix="passnum-bench-", ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        with server(kind, folder) as postgres:
            service = Service(binary, folder / "data", postgres and postgres.url)
            codes = folder / "codes.csv"
            began = time.perf_counter()
            out = service.command(
                "generate", "--passes", str(passes), "--fresh", str(fresh), "--codes", str(codes)
            )
            said = f"{out.splitlines()[-2]}, made in {time.perf_counter() - began:.0f} s"
            if postgres:
                postgres.psql("-c", "VACUUM ANALYZE", "-c", "CHECKPOINT")
            try:
                yield service, codes, said
            finally:
                service.stop()


@contextlib.contextmanager
def there(binary, asked):
    """The same over the database that `--url`, `--data` and `--codes` name; all of it is folded first."""
    service = Service(binary, asked.data, asked.url)
    service.command("ledger", "fold")
    try:
        yield service, asked.codes, "A database that was made before."
    finally:
        service.stop()


def database(binary, asked):
    """The one that is there, or one that is generated."""
    return (
        there(binary, asked)
        if asked.data
        else generated(binary, asked.engine, asked.passes, asked.fresh)
    )
