"""scripts/fuzz on every target, one after the other, for so many seconds each."""

import os
import re
import shutil
import subprocess
import sys

from measuring import ROOT, told
from tables import table

SECONDS = 600


def fuzzed(target, seconds):
    """What libFuzzer says at its end, and whether it ended well."""
    done = subprocess.run(
        ["scripts/fuzz", target, str(seconds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    return done.returncode, done.stdout + done.stderr


def number(name, text):
    found = re.search(rf"stat::{name}:\s+(\d+)", text)
    return int(found[1]) if found else 0


def run(asked):
    if not shutil.which("cargo-fuzz"):
        said = "left out: cargo-fuzz is missing (`cargo install --locked cargo-fuzz`)"
        return said, [["fuzz", said, "not tried"]]
    rows, failed = [], []
    seconds = asked.seconds or SECONDS
    for target in told("cargo", "fuzz", "list", cwd=ROOT).split():
        if asked.only not in target:
            continue
        code, text = fuzzed(target, seconds)
        found = re.findall(r"cov: (\d+)", text)
        tries, peak = number("number_of_executed_units", text), number("peak_rss_mb", text)
        verdict = (
            "nothing" if code == 0 else f"status {code}: {text.strip().splitlines()[-1][:200]}"
        )
        rows.append([target, tries, int(found[-1]) if found else 0, f"{peak} MB", verdict])
        print(rows[-1], file=sys.stderr, flush=True)
        failed += [target] if code else []
    head = ["target", "inputs", "edges reached", "memory, at most", "found"]
    said = f"{len(rows)} targets for {seconds} s each, {sum(row[1] for row in rows):,} inputs"
    verdict = f"failed: {', '.join(failed)}" if failed else "nothing"
    return table(head, rows), [["fuzz", said, verdict]]
