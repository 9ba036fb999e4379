"""Closing a month while venues redeem: how long it takes, and how long anybody waits meanwhile.

    benches/closing/run [--engine postgres|sqlite] [--passes N]
    benches/closing/run --url postgres://… --data DIR --codes FILE    a database that is there
    benches/closing/run --engine sqlite --data DIR --codes FILE

Closes the first month that is open. Writes Markdown to standard output.
"""

import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from measuring import Door, arguments, built, database, engine, told


def redeem(load, service, codes, skip, connections, seconds):
    return json.loads(
        told(
            load,
            "http",
            service.address,
            "cookie",
            str(codes),
            str(skip),
            str(connections),
            str(seconds),
        )
    )


def row(name, outs):
    """Some stretches together: the longest wait of all, and the worst percentiles of any."""
    rate = sum(out["redeemed"] for out in outs) / sum(out["seconds"] for out in outs)
    other = "".join(f" ({out['other']})" for out in outs if out["other"])
    times = " | ".join(
        f"{max(out[key] for out in outs) / 1000:.1f}" for key in ("p50_us", "p99_us", "max_us")
    )
    print(f"| {name} | {rate:.0f}{other} | {times} |", flush=True)


def measure(load, service, codes, asked):
    service.start()
    door = Door(service)
    month = door.ask("GET", "/accounting/months")["to_close"][0]
    warm = redeem(load, service, codes, asked.skip, asked.connections, 1)
    print("| | redeemed/s | p50 ms | p99 ms | longest ms |\n| --- | --- | --- | --- | --- |")
    before = redeem(load, service, codes, warm["next"], asked.connections, asked.seconds)
    row("before", [before])
    closed = {}

    def close():
        began = time.perf_counter()
        closed.update(door.ask("POST", f"/accounting/months/{month}/close", {})["months"][0])
        closed["took"] = time.perf_counter() - began

    closing = threading.Thread(target=close)
    closing.start()
    meanwhile, next_code = [], before["next"]
    while closing.is_alive():
        meanwhile.append(redeem(load, service, codes, next_code, asked.connections, 2))
        next_code = meanwhile[-1]["next"]
    row("while the month was closed", meanwhile)
    print(
        f"\n{month} with {closed['postings']:,} postings: {closed['took']:.1f} s, {closed['statements']:,} statements and "
        f"{closed['funding_calls']:,} funding calls."
    )


def main():
    parser = arguments(passes=136_000, fresh=100_000, seconds=8)
    parser.add_argument("--connections", type=int, default=2)
    asked = parser.parse_args()
    binary, load, said = built()
    print(f"# Closing a month, {engine(asked)}, {said}\n")
    with database(binary, asked) as (service, codes, _):
        measure(load, service, codes, asked)


main()
