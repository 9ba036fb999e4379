"""What the service survives, as a command.

    benches/survival/run [PART…] [--binary B] [--rounds N] [--seconds S] [--minutes M] [--seed N]
                         [--engine sqlite|postgres] [--only WORDS] [--out FILE]

Parts, all of them when none is named:

    kills      service, database and commands killed at random, --rounds times an engine (100)
    faults     full disks, lost packets, held locks, clocks, memory, slow clients, signals
    failover   Patroni, etcd, HAProxy and PgBouncer; the primary is lost --rounds times a way (10)
    openapi    schemathesis with every role, --seconds a role (120)
    fuzz       scripts/fuzz, --seconds a target (600)

Writes results-DATE.md beside this file, or where --out says, part by part, and the summary to
standard output. Run it after a commit: the results name the one that is checked out.
Without --binary the release is built first. It runs as root, in temporary folders, on ports of the
loopback address, and touches no service of the system. Needed besides Python and PostgreSQL, from
Debian: iptables and faketime (faults); patroni, etcd-server, haproxy, pgbouncer (failover). From
PyPI, in an environment that the part makes itself: schemathesis (openapi). What is missing is said,
and the trials that need it are left out.
"""

import argparse
import datetime
import importlib
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from commands import adopt
from measuring import conditions, released
from tables import table

PARTS = ("kills", "faults", "failover", "openapi", "fuzz")
HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="which parts; all when left out")
    parser.add_argument("--binary", type=pathlib.Path, help="the service; built when left out")
    parser.add_argument("--rounds", type=int, help="how often; each part has its own number")
    parser.add_argument("--seconds", type=int, help="how long; each part has its own number")
    parser.add_argument("--minutes", type=float, help="kills, failover: no new round after so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="one engine only")
    parser.add_argument(
        "--only",
        default="",
        help="faults, ways, roles or targets whose name contains this; faults: several, A,B",
    )
    parser.add_argument("--keep", type=pathlib.Path, help="openapi: where whole reports are kept")
    parser.add_argument("--out", type=pathlib.Path, help="where the results go")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; parts: {', '.join(PARTS)}")
    asked.parts = asked.parts or list(PARTS)
    engines = {"sqlite": ["SQLite"], "postgres": ["PostgreSQL"]}
    asked.engines = engines.get(asked.engine, ["SQLite", "PostgreSQL"])
    asked.given = " (the scripts; the service was given)" if asked.binary else ""
    asked.binary = (asked.binary or released()).resolve()
    return asked


def written(out, title, fresh):
    """The parts that ran take the places of what an earlier run of that day said of them."""
    old = out.read_text().split("\n## ")[1:] if out.exists() else []
    sections = {text.split("\n", 1)[0]: text.split("\n", 1)[1] for text in old} | fresh
    parts = (f"\n## {part}\n{sections[part].rstrip()}\n" for part in PARTS if part in sections)
    out.write_text(title + "".join(parts))


def main():
    asked = arguments()
    adopt()
    # What was mounted, dropped or started is put away also when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    now = datetime.datetime.now()
    out = asked.out or HERE / f"results-{now:%Y-%m-%d}.md"
    summary = []
    for part in asked.parts:
        began, load = time.monotonic(), os.getloadavg()[0]
        asked.ends = began + asked.minutes * 60 if asked.minutes else float("inf")
        section, rows = importlib.import_module(part).run(asked)
        minutes = (time.monotonic() - began) / 60
        said = (
            f"{conditions()}{asked.given}, seed {asked.seed}, {minutes:.0f} min; load average {load:.1f} before "
            f"and {os.getloadavg()[0]:.1f} after: this run itself, and whoever else was there."
        )
        head = table(["part", "what was done", "found"], rows)
        written(
            out,
            f"# What the service survives, {now:%d %B %Y}\n",
            {part: f"\n{said}\n\n{head}\n\n{section}"},
        )
        summary += rows
    print(table(["part", "what was done", "found"], summary))


main()
