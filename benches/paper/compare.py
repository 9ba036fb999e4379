"""Our print run beside the plain Python one, in the same minutes on the same machine.

A demo is filled in a directory of its own and stopped; then both commands print the same number of
passes in each layout, one after the other, as children whose time and memory the kernel counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
from itertools import product
from pathlib import Path
from statistics import median

import pypdfium2

from installation import PUBLIC_URL, demo
from measured import Cost, run
from rates_report import table

OURS = (
    "{binary} stock print --programme {programme} --prescriber {prescriber} --units {units} "
    "--count {count} --layout {layout} --out {out} --data-dir {data_dir} "
    "--database-url sqlite:{data_dir}/demo.sqlite --public-url {public_url}"
)
BASELINE = (
    "{python} {here}/baseline_run.py --count {count} --layout {layout} --units {units} --out {out}"
)


def prepared(binary: Path, data_dir: Path) -> dict[str, str]:
    """Fills the demo, and finds a programme and who hands passes over in it."""
    with demo(binary, data_dir) as site:
        bearer = site.sign_in("social@exemple.fr")
        programme = site.programme(bearer)
        me = site.json("GET", "/me", Authorization=bearer)
    return {
        "programme": programme["id"],
        "prescriber": me["organisation_id"],
        "units": str(max(programme["sizes"])),
        "data_dir": str(data_dir),
        "public_url": PUBLIC_URL,
    }


def pdfs(out: Path) -> list[Path]:
    """What a command wrote: one file, or a folder of them."""
    return sorted(out.rglob("*.pdf")) if out.is_dir() else [out] if out.exists() else []


def pages(files: list[Path]) -> int:
    """Pages of all files together."""
    return sum(len(pypdfium2.PdfDocument(file)) for file in files)


def measured(command: str, values: dict[str, str], out: Path) -> tuple[Cost, dict]:
    """Runs one command; stops everything when it fails."""
    filled = [part.format(**values, out=out) for part in shlex.split(command)]
    cost = run(filled, out.parent / "log")
    written = pdfs(out)
    if cost.status or not written:
        raise SystemExit(f"{shlex.join(filled)}: status {cost.status}\n{cost.output[-2000:]}")
    count = int(values["count"])
    facts = {
        "seconds": round(cost.seconds, 2),
        "passes_per_second": round(count / cost.seconds, 1),
        "cpu_seconds": round(cost.cpu_seconds, 2),
        "peak_mb": round(cost.peak_mb, 1),
        "files": len(written),
        "pages": pages(written),
        "megabytes": round(sum(file.stat().st_size for file in written) / 1e6, 1),
    }
    return cost, facts


def compared(asked: argparse.Namespace, folder: Path) -> list[dict]:
    """Both commands in every layout."""
    values = {
        "binary": str(asked.binary),
        "python": sys.executable,
        "here": str(Path(__file__).resolve().parent),
        "count": str(asked.count),
        "units": "10",
    }
    commands = {"segno + reportlab": asked.baseline}
    if not asked.baseline_only:
        commands["pass-numerique"] = asked.ours
        values |= prepared(asked.binary, folder / "data")
    rows = []
    for turn, layout in product(range(asked.rounds), asked.layout):
        for name, command in commands.items():
            place = folder / f"{layout} {name} {turn}".replace(" ", "-")
            place.mkdir()
            _, facts = measured(command, values | {"layout": layout}, place / "run.pdf")
            rows.append({"layout": layout, "program": name, "round": turn, **facts})
            print(rows[-1], flush=True)
    return rows


def speeds(rows: list[dict], layout: str, program: str) -> list[float]:
    """How many times as fast as the first program, in each round."""
    rates = {
        (row["round"], row["program"]): row["passes_per_second"]
        for row in rows
        if row["layout"] == layout
    }
    first = next(iter(rates))[1]
    return [rate / rates[turn, first] for (turn, name), rate in rates.items() if name == program]


def markdown(rows: list[dict], count: int) -> str:
    """A line for each program and layout: the median of its rounds, and the slowest multiple."""
    keys = ("seconds", "passes_per_second", "cpu_seconds", "peak_mb", "pages", "megabytes")
    lines = []
    for layout, program in dict.fromkeys((row["layout"], row["program"]) for row in rows):
        own = [row for row in rows if (row["layout"], row["program"]) == (layout, program)]
        medians = [f"{median(row[key] for row in own):g}" for key in keys]
        faster = speeds(rows, layout, program)
        lines.append([layout, program, *medians, f"{median(faster):.2f} ×", f"{min(faster):.2f} ×"])
    head = ["layout", "program", "seconds", "passes/s", "CPU s", "peak MB", "pages", "file MB"]
    head += ["speed", "slowest"]
    rounds = 1 + max(row["round"] for row in rows)
    return f"{count:,} passes a run, medians of {rounds} rounds\n\n" + table(head, lines)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("PASS_NUMERIQUE", "target/release/pass-numerique")
    parser.add_argument("--binary", type=Path, default=Path(default))
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--layout", nargs="+", default=["letter", "card"])
    parser.add_argument("--ours", default=os.environ.get("PASS_NUMERIQUE_PRINT", OURS))
    parser.add_argument("--baseline", default=BASELINE)
    parser.add_argument("--baseline-only", action="store_true")
    parser.add_argument("--keep", type=Path, help="an empty or new folder for data and PDFs")
    parser.add_argument("--out", type=Path, default=Path("compare"), help="without ending")
    return parser.parse_args()


def main() -> None:
    """Writes OUT.json and OUT.md."""
    asked = arguments()
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        rows = compared(asked, asked.keep.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="paper-") as folder:
            rows = compared(asked, Path(folder))
    asked.out.with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n")
    report = markdown(rows, asked.count)
    asked.out.with_suffix(".md").write_text(report)
    print(report)


if __name__ == "__main__":
    main()
