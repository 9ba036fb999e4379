"""Clock, log and signals: trials with a course of their own, each of a `Seen`."""

import collections
import contextlib
import os
import pathlib
import signal
import subprocess
import time

from acts import DAILY
from client import status_of
from faults_database import BOTH, GOES_ON, Fault
from load import Load
from trial import PATIENCE, Expected, Seen, Watch, peak, settled


def proved(made, seen, since=0.0):
    """What every trial ends with."""
    seen.memory = seen.memory or (made.first.process and peak(made.first.process.pid))
    settled(made, seen)
    seen.statuses = seen.statuses or made.book.statuses(since)
    if seen.longest is None:
        seen.longest = max((e.took for e in made.book.entries if e.ended >= since), default=0.0)
    return seen


def loaded(made, pause=0.05):
    made.acts.weights = DAILY
    return Load(made.acts, made.book, made.addresses, threads=6, pause=pause, timeout=PATIENCE)


def watched(made, seen, seconds, meanwhile):
    """Runs the load beside what `meanwhile` opens, for so many seconds."""
    with Watch(made.first.address) as watch, loaded(made):
        time.sleep(1)
        began = time.monotonic()
        with contextlib.ExitStack() as stack:
            meanwhile(stack)
            time.sleep(seconds)
            ended = time.monotonic()
            states = watch.during(began, ended)
    seen.readiness = collections.Counter(status or "none" for _, status in states)
    return began


# ---- clock ----


def clock(shift):
    def strike(made, fault, _seconds):
        seen = Seen(fault.name, made.engine)
        with loaded(made):
            time.sleep(2)
        made.first.stop()
        made.first.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        made.first.start("faketime", "-f", shift)
        time.sleep(3)
        status, _ = status_of(made.first.address, "/readyz", 10)
        seen.readiness[status or "none"] += 1
        seen.ready = 0.0 if status == 503 else None
        stop_faked(made.first)
        made.first.start()
        began = time.monotonic()
        fresh = len(made.book.entries)
        with loaded(made):
            time.sleep(3)
        after = made.book.entries[fresh:]
        expired = [e for e in after if e.first and '"code":"expired"' in e.first.text]
        if expired:
            text = f"{len(expired)} of {len(after)} acts on live passes refused as expired"
            made.book.problem(text)
        return proved(made, seen, began)

    return strike


def stop_faked(instance):
    """`faketime` runs the service as its child, or in its own place."""
    children = pathlib.Path(f"/proc/{instance.process.pid}/task/{instance.process.pid}/children")
    for child in children.read_text().split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGTERM)
    instance.stop()


# ---- log ----


def log_full(made, fault, seconds):
    made.first.stop()
    with open("/dev/full", "wb") as full:
        return with_log(made, fault, full, seconds)


def log_unread(made, fault, seconds):
    made.first.stop()
    reader, writer = os.pipe()
    try:
        return with_log(made, fault, writer, seconds)
    finally:
        os.close(reader)


def log_reader_gone(made, fault, seconds):
    made.first.stop()
    reader, writer = os.pipe()
    return with_log(made, fault, writer, seconds, lambda: os.close(reader))


def with_log(made, fault, stderr, seconds, meanwhile=lambda: None):
    seen = Seen(fault.name, made.engine)
    made.first.start(stderr=stderr, ready=False)
    if isinstance(stderr, int):
        os.close(stderr)
    time.sleep(2)
    if made.first.process.poll() is not None:
        seen.notes.append(f"ended at its start, exit code {made.first.process.returncode}")
        seen.unmet.append("does not start")
        made.first.start()
        return proved(made, seen)
    meanwhile()
    began = watched(made, seen, seconds, lambda _: None)
    seen.statuses = made.book.statuses(began)
    made.first.kill()
    made.first.start()
    return proved(made, seen, began)


# ---- signals ----


def signalled(number, ends=True):
    def strike(made, fault, _seconds):
        seen = Seen(fault.name, made.engine)
        with loaded(made, pause=0.0):
            time.sleep(2)
            struck = time.monotonic()
            made.first.signal(number)
            code = None
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = made.first.process.wait(30 if ends else 3)
            took = time.monotonic() - struck
        under_way = [e for e in made.book.entries if e.ended - e.took < struck <= e.ended]
        cut = [e for e in under_way if e.first is None]
        said = "still serves" if code is None else f"exit code {code} after {took:.1f} s"
        seen.notes.append(f"{said}; {len(under_way)} requests under way, {len(cut)} cut off")
        seen.statuses = made.book.statuses(0.0, struck)
        if code not in (0, None):
            seen.unmet.append(f"exit code {code}")
        if ends and code is None:
            seen.unmet.append("still runs after 30 s")
        if cut:
            seen.unmet.append(f"{len(cut)} requests cut off")
        seen.longest = max((e.took for e in under_way), default=0.0)
        seen.memory = peak(made.first.process.pid)
        if code is not None:
            made.first.process = None
            made.first.start()
        return proved(made, seen)

    return strike


NO_LOAD = Expected(ready=None, back=None)

FAULTS = [
    Fault("clock 1,100 days ahead at one start", BOTH, clock("+1100d"), needs="faketime"),
    Fault("clock 40 days back at one start", BOTH, clock("-40d"), NO_LOAD, needs="faketime"),
    Fault("log on a full disk", BOTH, log_full, GOES_ON),
    Fault("log into a pipe that nobody reads", BOTH, log_unread, GOES_ON),
    Fault("reader of the log gone", BOTH, log_reader_gone, GOES_ON),
    Fault("SIGTERM", BOTH, signalled(signal.SIGTERM), NO_LOAD),
    Fault("SIGINT", BOTH, signalled(signal.SIGINT), NO_LOAD),
    Fault("SIGHUP", BOTH, signalled(signal.SIGHUP, ends=False), NO_LOAD),
]
