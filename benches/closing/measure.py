"""Closing a month while venues redeem: how long it takes, and how long anybody waits meanwhile.

    benches/closing/run [--engine postgres|sqlite] [--passes N]
    benches/closing/run --url postgres://… --data DIR --codes FILE    a database that is there
    benches/closing/run --engine sqlite --data DIR --codes FILE

Closes the first month that is open. Writes Markdown to standard output.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from measuring import Door, Postgres, Service, built, told  # noqa: E402


def redeeming(load, service, codes, skip, connections, seconds):
    words = [load, "http", service.address, str(codes), str(skip), str(connections), str(seconds)]
    return subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True)


def row(name, out):
    other = f" ({out['other']})" if out["other"] else ""
    times = " | ".join(f"{out[key] / 1000:.1f}" for key in ("p50_us", "p99_us", "max_us"))
    print(f"| {name} | {out['per_second']:.0f}{other} | {times} |", flush=True)


def measure(load, service, codes, asked):
    service.start()
    door = Door(service)
    month = door.ask("GET", "/accounting/months")["to_close"][0]
    told(load, "http", service.address, str(codes), "0", "8", "1")
    print("| | redeemed/s | p50 ms | p99 ms | longest ms |\n| --- | --- | --- | --- | --- |")
    before = json.loads(redeeming(load, service, codes, asked.skip, asked.connections, asked.seconds).communicate()[0])
    row("before", before)
    meanwhile = redeeming(load, service, codes, before["next"], asked.connections, asked.meanwhile)
    time.sleep(1)
    began = time.perf_counter()
    closing = door.ask("POST", f"/accounting/months/{month}/close", {})["months"][0]
    took = time.perf_counter() - began
    row("while the month was closed, and after", json.loads(meanwhile.communicate()[0]))
    print(f"\n{month} with {closing['postings']:,} postings: {took:.1f} s, {closing['statements']:,} statements and "
          f"{closing['funding_calls']:,} funding calls.")
    service.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--passes", type=int, default=136_000)
    parser.add_argument("--fresh", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--meanwhile", type=int, default=8, help="seconds of redeeming, from just before the closing on")
    parser.add_argument("--url")
    parser.add_argument("--data")
    parser.add_argument("--codes")
    parser.add_argument("--skip", type=int, default=0)
    asked = parser.parse_args()
    binary, load, said = built()
    print(f"# Closing a month, {'postgres' if asked.url else asked.engine}, {said}\n")
    if asked.data:
        measure(load, Service(binary, asked.data, asked.url), asked.codes, asked)
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="passnum-bench-"))
    postgres = Postgres(folder) if asked.engine == "postgres" else None
    try:
        service = Service(binary, folder / "data", postgres and postgres.url)
        codes = folder / "codes.csv"
        service.command("generate", "--passes", str(asked.passes), "--fresh", str(asked.fresh), "--codes", str(codes))
        measure(load, service, codes, asked)
    finally:
        if postgres:
            postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
