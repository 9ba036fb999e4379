"""Faults of disk, network, database, clock, log, memory and clients, one after the other.

Each is made under load, lifted, and proved: what was acknowledged is asked again. What is expected
of each stands beside it as data; the table says whether it was met.
"""

import contextlib
import os
import pathlib
import shutil
import sys
import tempfile

import faults_clients
import faults_database
import faults_machine
from ground import Plan, ground
from measuring import told
from tables import table
from trial import HEAD, Seen, tried

# Longer than the longest answer that is expected.
SECONDS = 25


@contextlib.contextmanager
def disk(below, fault):
    """A small file system of its own below the database, or below everything."""
    if not fault.disk:
        yield
        return
    below.mkdir(parents=True)
    image = below.with_suffix(".img")
    with image.open("wb") as file:
        os.truncate(file.fileno(), fault.disk << 20)
    told("mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image)
    device = told("losetup", "--find", "--show", image).strip()
    told("mount", "-o", "errors=remount-ro", device, below)
    try:
        yield
    finally:
        told("umount", "-l", below)
        told("losetup", "--detach", device)
        image.unlink()


def under_load(binary, home, engine, fault, asked):
    below = home
    if fault.disk and fault.disk_below:
        below = home / ("database" if engine == "PostgreSQL" else "data")
    with disk(below, fault), ground(binary, home, engine, Plan(seed=asked.seed)) as made:
        return tried(made, fault, asked.seconds or SECONDS)


def alone(binary, home, engine, fault, asked):
    """A trial with a course of its own."""
    plan = Plan(seed=asked.seed, passes=fault.passes)
    with ground(binary, home, engine, plan) as made:
        return fault.strike(made, fault, asked.seconds or SECONDS)


def whole(how, words):
    """A trial that breaks is a result too, and the next one is made."""
    try:
        return how(*words)
    except (OSError, RuntimeError, ValueError, KeyError, SystemExit) as error:
        _, _, engine, fault, _ = words
        broken = Seen(fault.name, engine)
        broken.unmet.append(f"the trial broke off: {error!r}"[:400])
        return broken


def trials(asked):
    """Every trial that can be made here: its name, its engine, and how."""
    groups = (
        (faults_database.FAULTS, under_load),
        (faults_machine.FAULTS, alone),
        (faults_clients.FAULTS, alone),
    )
    for faults, how in groups:
        for fault in faults:
            if fault.needs and not shutil.which(fault.needs):
                print(f"left out, {fault.needs} is missing: {fault.name}", file=sys.stderr)
                continue
            for engine in fault.engines:
                yield fault, engine, how


def named(fault, only):
    """Whether its name contains one of the words that were asked for, which commas part."""
    return any(word in fault.name for word in only.split(","))


def run(asked):
    seen = []
    for fault, engine, how in trials(asked):
        if engine not in asked.engines or not named(fault, asked.only):
            continue
        with tempfile.TemporaryDirectory(prefix="passnum-", ignore_cleanup_errors=True) as name:
            pathlib.Path(name).chmod(0o755)
            one = whole(how, (asked.binary, pathlib.Path(name) / "home", engine, fault, asked))
        seen.append(one.judged(fault.expected))
        print(
            " | ".join(one.row()), *(p[:300] for p in one.problems[:2]), file=sys.stderr, flush=True
        )
    notes = [f"- {s.name}, {s.engine}: {n}\n" for s in seen for n in s.notes]
    for one in seen:
        lines = (" ".join(p[:300].split()) for p in one.problems[:3])
        notes += [f"- {one.name}, {one.engine}: {line}\n" for line in lines]
    met = sum(not s.unmet for s in seen)
    lost = sum(len(s.problems) for s in seen)
    said = f"{len(seen)} faults for {asked.seconds or SECONDS} s each"
    rows = [["faults", said, f"{lost} lost or changed; {met} as expected, {len(seen) - met} not"]]
    return table(HEAD, [s.row() for s in seen]) + "\n\n" + "".join(notes), rows
