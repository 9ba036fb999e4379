"""schemathesis over the API document, as every role and as nobody.

It makes up requests that fit the document and requests that do not. No answer may be a 5xx, none may
have a status or a body that the document does not know, and no nonsense may be accepted.
"""

import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from ground import Plan, ground
from measuring import target, told
from tables import table

HERE = pathlib.Path(__file__).resolve().parent
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# The operator last: it may change the accounts of the others, and does.
ROLES = {
    "auditor": "auditor",
    "funder": "funder",
    "social worker": "worker",
    "venue staff": "venue 0",
    "nobody": None,
    "operator": "operator",
}
EXAMPLES = 6
HEAD = ["as", "operations", "requests", "what the document does not allow"]


def installed():
    """An environment of its own below the target folder, made again when its versions change."""
    needs = HERE / "requirements.txt"
    folder = target() / "survival/venv"
    stamp = folder / "complete"
    if not stamp.exists() or stamp.stat().st_mtime < needs.stat().st_mtime:
        told(sys.executable, "-m", "venv", "--clear", folder)
        told(folder / "bin/pip", "install", "--quiet", "--requirement", needs)
        stamp.touch()
    return folder / "bin/schemathesis"


def asked_as(program, made, role, asked, folder):
    """One role; what schemathesis counted, and what it found."""
    who = ROLES[role]
    words = [program, "run", f"http://{made.first.address}/api/v1/openapi.json"]
    words += ["--url", f"http://{made.first.address}"]
    words += [
        "--checks",
        ",".join(CHECKS),
        "--mode",
        "all",
        "--phases",
        "examples,coverage,fuzzing",
    ]
    words += ["--max-examples", str(asked.rounds or EXAMPLES), "--seed", str(asked.seed)]
    words += ["--request-timeout", "30", "--max-time", str(asked.seconds or 120), "--no-color"]
    if who:
        words += ["--header", f"Authorization: Bearer {made.place.people[who].token}"]
    done = subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        timeout=(asked.seconds or 120) + 300,
    )
    return done.stdout + done.stderr


def cases(text):
    """How many requests were made, by the last line that counts them."""
    found = re.findall(r"([\d,]+) generated", text)
    return int(found[-1].replace(",", "")) if found else 0


def reached(text):
    """How many operations were tried before the time was over."""
    tried = re.search(r"Tested: (\d+)", text)
    known = re.search(r"Selected: \d+/(\d+)", text)
    return f"{tried[1]} of {known[1]}" if tried and known else "?"


def failures(text):
    """The kinds of failures and how often each was found."""
    if "SUMMARY" not in text:
        return collections.Counter([f"it broke off: {text.strip()[-200:]}"])
    kinds = re.findall(r"^- (.+)$", text, re.MULTILINE)
    return collections.Counter(re.sub(r"\s+", " ", kind) for kind in kinds)


def served(made):
    """What the service itself says that it answered: statuses and 5xx by route."""
    lines = made.first.log.read_text(errors="replace").splitlines()
    found = [re.search(r"method=(\S+) pattern=(\S+) status=(\d+)", line) for line in lines]
    return collections.Counter(
        (int(m[3]), f"{m[1]} {m[2]}") for m in found if m and int(m[3]) >= 500
    )


def run(asked):
    program = installed()
    rows, found, total = [], [], 0
    with tempfile.TemporaryDirectory(prefix="passnum-", ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        for engine in asked.engines:
            home = folder / engine
            with ground(asked.binary, home, engine, Plan(seed=asked.seed, passes=500)) as made:
                for role in filter(lambda role: asked.only in role, ROLES):
                    made.place.signs_in_again(made.first.address)
                    text = asked_as(program, made, role, asked, folder)
                    kinds = failures(text)
                    total += cases(text)
                    told_of = (
                        ", ".join(f"{n} × {kind}" for kind, n in kinds.most_common()) or "none"
                    )
                    rows.append([f"{role}, {engine}", reached(text), cases(text), told_of])
                    print(rows[-1], file=sys.stderr, flush=True)
                    if asked.keep:
                        (asked.keep / f"openapi-{engine}-{role}.txt").write_text(text)
                errors = served(made)
                panics = made.first.panics()
                wrong = made.first.verify()
                found += [f"{engine}: {n} × {s} {route}" for (s, route), n in errors.items()]
                found += [f"{engine}: {panics} panics in the log"] if panics else []
                found += [f"{engine}: ledger verify: {wrong}"] if wrong else []
    listed = "".join(f"- {one}\n" for one in found)
    section = f"{table(HEAD, rows)}\n\n{listed}"
    said = f"{total:,} requests, {len(ROLES)} roles, {', '.join(asked.engines)}"
    odd = sum(row[3] != "none" for row in rows)
    verdict = f"{len(found)} kinds of 5xx or panics; {odd} of {len(rows)} runs found something"
    return section, [["openapi", said, verdict]]
