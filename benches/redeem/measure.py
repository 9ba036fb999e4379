"""Redemptions per second over HTTP, beside the database's own ceiling, in one run.

    benches/redeem/run [--passes N] [--fresh N] [--seconds S] [--engines postgres,sqlite]

Generates a database with N passes that have a past (0: an empty one), starts the service on it,
redeems over 1, 8, 32 and 128 connections, with a token and with the session's cookie, and writes a table of Markdown to standard output.
"""

import argparse
import itertools
import json
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from measuring import ROOT, Postgres, Service, built, cpu, resident, told

CONNECTIONS = (1, 8, 32, 128)


DOORS = ("token", "cookie")


def measure(load, service, database_pid, codes, seconds, skip=0):
    """Each door by turns, so that what the machine does beside falls on both."""
    rows = []
    for connections, door in [(8, "token"), *itertools.product(CONNECTIONS, DOORS)]:
        before = cpu(service.process.pid), cpu(database_pid) if database_pid else 0
        out = told(
            load,
            "http",
            service.address,
            door,
            str(codes),
            str(skip),
            str(connections),
            str(seconds if rows else 3),
        )
        row = json.loads(out)
        row["door"] = door
        skip = row["next"]
        done = max(row["redeemed"], 1)
        row["service_us"] = (cpu(service.process.pid) - before[0]) / done * 1e6
        row["database_us"] = (cpu(database_pid) - before[1]) / done * 1e6 if database_pid else 0
        row["resident_mb"] = resident(service.process.pid)
        rows.append(row)
    return rows[1:]


def table(rows, ceilings):
    yield "| connections | door | redeemed/s | p50 ms | p95 ms | p99 ms | service µs | database µs | beside it |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        beside = ceilings.get(row["connections"], "")
        if beside:
            rate, words = beside
            beside = f"{row['per_second'] / rate:.2f} × {words}"
        latency = " | ".join(f"{row[name] / 1000:.1f}" for name in ("p50_us", "p95_us", "p99_us"))
        other = f" ({row['other']})" if row["other"] else ""
        yield (
            f"| {row['connections']} | {row['door']} | {row['per_second']:.0f}{other} | {latency} | {row['service_us']:.0f} "
            f"| {row['database_us']:.0f} | {beside} |"
        )


def on_postgres(asked, binary, load, folder):
    postgres = Postgres(folder)
    try:
        data = folder / "data-postgres"
        service = Service(binary, data, postgres.url)
        codes = folder / "codes-postgres.csv"
        began = time.time()
        service.command(
            "generate",
            "--passes",
            str(asked.passes),
            "--fresh",
            str(asked.fresh),
            "--codes",
            str(codes),
        )
        print(
            f"\n## PostgreSQL, {asked.passes} passes with a past (made in {time.time() - began:.0f} s)\n",
            flush=True,
        )
        postgres.psql("-c", "VACUUM ANALYZE", "-c", "CHECKPOINT")
        service.start()
        rows = measure(load, service, postgres.pid, codes, asked.seconds)
        service.stop()
        print(
            service.command("ledger", "verify").splitlines()[-1] if asked.verify else "", flush=True
        )
        postgres.psql("-f", str(ROOT / "benches/redeem/ceiling.sql"))
        ceilings = {}
        for clients in CONNECTIONS:
            rate, mean = postgres.pgbench(clients, asked.seconds)
            whole, _ = postgres.pgbench(clients, asked.seconds, "whole_redeem")
            words = (
                f"pgbench ({rate:.0f}/s, mean {mean:.1f} ms; {whole:.0f}/s when it also reads what "
                "the rule looks at)"
            )
            ceilings[clients] = (rate, words)
        print("\n".join(table(rows, ceilings)), flush=True)
        print(f"\nresident memory of the service at the end: {rows[-1]['resident_mb']} MB")
    finally:
        postgres.stop()


def on_what_is_there(asked, binary, load):
    """A large database that was made before; its statistics are those it has."""
    service = Service(binary, asked.data, asked.url)
    if asked.url:
        pid = int(
            told(
                "psql", "-X", "-tA", asked.url, "-c", "SELECT pg_read_file('postmaster.pid', 0, 20)"
            ).splitlines()[0]
        )
        rows = told(
            "psql",
            "-X",
            "-tA",
            asked.url,
            "-c",
            "SELECT reltuples::bigint FROM pg_class WHERE relname = 'redemptions'",
        )
        print(f"\n## PostgreSQL, some {int(rows):,} redemptions\n", flush=True)
    else:
        pid = None
        size = (pathlib.Path(asked.data) / "pass-numerique.sqlite").stat().st_size
        print(f"\n## SQLite, {size / 1e9:.1f} GB\n", flush=True)
    service.start()
    rows = measure(load, service, pid, asked.codes, asked.seconds, asked.skip)
    service.stop()
    print("\n".join(table(rows, {})), flush=True)
    print(
        f"\nresident memory of the service at the end: {rows[-1]['resident_mb']} MB; the next code is {rows[-1]['next']}"
    )


def on_sqlite(asked, binary, load, folder):
    data = folder / "data-sqlite"
    service = Service(binary, data, None)
    codes = folder / "codes-sqlite.csv"
    began = time.time()
    service.command(
        "generate",
        "--passes",
        str(asked.passes),
        "--fresh",
        str(asked.fresh),
        "--codes",
        str(codes),
    )
    print(
        f"\n## SQLite, {asked.passes} passes with a past (made in {time.time() - began:.0f} s)\n",
        flush=True,
    )
    service.start()
    rows = measure(load, service, None, codes, asked.seconds)
    service.stop()
    print(service.command("ledger", "verify").splitlines()[-1] if asked.verify else "", flush=True)
    database = data / "pass-numerique.sqlite"
    bare = {
        each: json.loads(told(load, "sqlite", str(database), str(each), str(asked.seconds)))[
            "per_second"
        ]
        for each in (1, 64)
    }
    ceilings = {
        connections: (
            bare[64],
            f"bare loop, 64 a commit ({bare[64]:.0f}/s; {bare[1]:.0f}/s at one)",
        )
        for connections in CONNECTIONS
    }
    print("\n".join(table(rows, ceilings)), flush=True)
    print(f"\nresident memory of the service at the end: {rows[-1]['resident_mb']} MB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--passes", type=int, default=0)
    parser.add_argument("--fresh", type=int, default=400_000)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--engines", default="postgres,sqlite")
    parser.add_argument("--verify", action="store_true")
    parser.add_argument(
        "--url", help="measure on this PostgreSQL, made before, with --data and --codes"
    )
    parser.add_argument("--data", help="the folder of --url; without it, of a SQLite made before")
    parser.add_argument("--codes")
    parser.add_argument("--skip", type=int, default=0, help="so many codes were used before")
    parser.add_argument("--keep", help="work in this folder and leave it there")
    asked = parser.parse_args()
    binary, load, said = built()
    print(f"# Redemptions, {said}")
    folder = pathlib.Path(asked.keep or tempfile.mkdtemp(prefix="passnum-bench-"))
    folder.mkdir(exist_ok=True)
    try:
        if asked.url or asked.data:
            on_what_is_there(asked, binary, load)
            return
        if "postgres" in asked.engines:
            on_postgres(asked, binary, load, folder)
        if "sqlite" in asked.engines:
            on_sqlite(asked, binary, load, folder)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)


main()
