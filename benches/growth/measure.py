"""How redemptions and reports cost more as the database grows.

    benches/growth/run [--engine postgres|sqlite] [--passes 13600,136000,1500000] [--draw FILE]
    benches/growth/run … --url postgres://… --data DIR --codes FILE    the last size, made before

Generates each size in turn (a pass has some seven workshops), redeems over 32 connections and asks
for reports. Writes Markdown to standard output and, with --draw, the curve as an SVG.
"""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from measuring import Door, arguments, built, cpu, engine, generated, resident, there, told

GROUPS = ("month", "venue", "home_commune", "departement")


def milliseconds(door, group):
    best = None
    for _ in range(5):
        began = time.perf_counter()
        door.ask("GET", f"/reports/consumption?group_by={group}")
        took = (time.perf_counter() - began) * 1000
        best = took if best is None else min(best, took)
    return best


def measure(load, service, codes, seconds, skip):
    service.start()
    door = Door(service)
    done = door.ask("GET", "/reports/consumption?from=2020-01&to=2029-12")["totals"][
        "workshops_redeemed"
    ]
    reports = [milliseconds(door, group) for group in GROUPS]
    warm = json.loads(
        told(load, "http", service.address, "cookie", str(codes), str(skip), "32", "3")
    )
    before = cpu(service.process.pid)
    out = json.loads(
        told(
            load,
            "http",
            service.address,
            "cookie",
            str(codes),
            str(warm["next"]),
            "32",
            str(seconds),
        )
    )
    micros = (cpu(service.process.pid) - before) / max(out["redeemed"], 1) * 1e6
    return {
        "workshops": done,
        "rate": out["per_second"],
        "p99": out["p99_us"] / 1000,
        "service_us": micros,
        "memory": resident(service.process.pid),
        "reports": reports,
        "other": out["other"],
    }


def draw(rows, file):
    """Redemptions a second and the report by venue, over workshops on a logarithmic axis."""
    wide, high, left, top = 640, 300, 60, 30
    xs = [left + (wide - 2 * left) * i / max(len(rows) - 1, 1) for i in range(len(rows))]

    def line(values, colour, name, place):
        most = max(values) * 1.15
        points = [(x, high - top - (high - 2 * top) * value / most) for x, value in zip(xs, values)]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        dots = "".join(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{colour}"/><text x="{x:.0f}" y="{y - 9:.0f}" '
            f'text-anchor="middle" fill="{colour}">{value:,.0f}</text>'
            for (x, y), value in zip(points, values)
        )
        return (
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'
            f'<text x="{left}" y="{place}" fill="{colour}">{name}</text>'
        )

    labels = "".join(
        f'<text x="{x:.0f}" y="{high - 8}" text-anchor="middle">{row["workshops"]:,}</text>'
        for x, row in zip(xs, rows)
    )
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12" role="img">'
        f"<title>Redemptions a second and report time, by workshops in the database</title>"
        f'<rect width="{wide}" height="{high}" fill="white"/>'
        + line(
            [row["rate"] for row in rows], "#1f5fa8", "redemptions a second over 32 connections", 16
        )
        + line([row["reports"][1] for row in rows], "#b3541e", "report by venue, ms", 32)
        + labels
        + "</svg>\n"
    )
    pathlib.Path(file).write_text(text)


def main():
    parser = arguments(passes="13600,136000,1500000", fresh=100_000, seconds=8)
    parser.add_argument("--draw")
    asked = parser.parse_args()
    binary, load, said = built()
    print(f"# Growth, {engine(asked)}, {said}\n")
    print(
        "| workshops in the database | redeemed/s, 32 connections | p99 ms | service µs | memory MB | by month, ms | by venue, ms | by commune of residence, ms | by département, ms |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    rows = []

    def show(row):
        rows.append(row)
        other = f" ({row['other']})" if row["other"] else ""
        reports = " | ".join(f"{took:.0f}" for took in row["reports"])
        print(
            f"| {row['workshops']:,} | {row['rate']:.0f}{other} | {row['p99']:.1f} | {row['service_us']:.0f} | {row['memory']} "
            f"| {reports} |",
            flush=True,
        )

    for passes in [int(size) for size in asked.passes.split(",") if size]:
        with generated(binary, asked.engine, passes, asked.fresh) as (service, codes, _):
            show(measure(load, service, codes, asked.seconds, 0))
    if asked.data:
        with there(binary, asked) as (service, codes, _):
            show(measure(load, service, codes, asked.seconds, asked.skip))
    if asked.draw:
        draw(rows, asked.draw)


main()
