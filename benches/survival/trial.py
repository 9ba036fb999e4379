"""A fault that is made under load and lifted again: what clients saw, and whether it is as expected."""

import collections
import dataclasses
import pathlib
import threading
import time

from acts import DAILY
from client import status_of
from load import Load

# How long a client of the load waits before it gives up.
PATIENCE = 40


@dataclasses.dataclass(frozen=True)
class Expected:
    """What is promised of every fault, unless the fault says otherwise."""

    # Seconds: the longest answer; until /readyz says 503 when nothing can be written; until an act
    # is acknowledged again after the fault is lifted.
    longest: float | None = 15
    ready: float | None = 2
    back: float | None = 10
    # What a client may hear beside what the act itself answers.
    statuses: frozenset = frozenset({503})
    # Megabytes.
    memory: int | None = 1000


@dataclasses.dataclass
class Seen:
    """What a trial came to."""

    name: str
    engine: str
    statuses: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    longest: float | None = None
    readiness: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    ready: float | None = None
    back: float | None = None
    problems: list = dataclasses.field(default_factory=list)
    memory: int | None = None
    panics: int = 0
    notes: list = dataclasses.field(default_factory=list)
    unmet: list = dataclasses.field(default_factory=list)

    def judged(self, expected):
        """Holds what was seen to what is expected."""
        limits = (
            ("longest answer", self.longest, expected.longest),
            ("back after", self.back, expected.back),
            ("memory", self.memory, expected.memory),
        )
        for name, value, limit in limits:
            if limit is not None and value is not None and value > limit:
                self.unmet.append(f"{name} {value:.0f}, at most {limit:.0f}")
        if expected.ready is not None and (self.ready is None or self.ready > expected.ready):
            said = "never" if self.ready is None else f"after {self.ready:.1f} s"
            self.unmet.append(f"/readyz 503 {said}, within {expected.ready:.0f} s")
        odd = {s for s in self.statuses if s == "none" or (s >= 500 and s not in expected.statuses)}
        if odd:
            self.unmet.append(f"answers {', '.join(map(str, sorted(map(str, odd))))}")
        if self.problems:
            self.unmet.append(f"{len(self.problems)} lost, changed or unproved")
        if self.panics:
            self.unmet.append(f"{self.panics} panics in the log")
        return self

    def row(self):
        statuses = ", ".join(f"{n} × {s}" for s, n in self.statuses.most_common()) or "–"
        ready = ", ".join(f"{n} × {s}" for s, n in self.readiness.most_common()) or "–"
        if self.ready is not None:
            ready += f"; 503 after {self.ready:.1f} s"
        seconds = ["–" if s is None else f"{s:.1f} s" for s in (self.longest, self.back)]
        met = "met" if not self.unmet else "**not met**: " + "; ".join(self.unmet)
        lost = len(self.problems)
        memory = "–" if self.memory is None else f"{self.memory} MB"
        name = f"{self.name}, {self.engine}"
        return [name, statuses, seconds[0], ready, seconds[1], str(lost), memory, met]


HEAD = [
    "fault",
    "answers while it lasted",
    "longest wait",
    "/readyz",
    "back after",
    "lost",
    "memory, at most",
    "as expected?",
]


class Watch:
    """Asks /readyz five times a second and remembers what it says."""

    def __init__(self, address):
        self.address = address
        self.seen = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.runs)

    def runs(self):
        while not self.ended.wait(0.2):
            began = time.monotonic()
            status, took = status_of(self.address, "/readyz", 10)
            self.seen.append((began, began + took, status))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def during(self, since, until):
        return [(ends, status) for began, ends, status in self.seen if since <= began <= until]


def peak(pid):
    """The most memory that a process ever had, in megabytes."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(s.split()[1]) // 1024 for s in lines if s.startswith("VmHWM")), None)


def tried(made, fault, seconds):
    """Makes the fault under load for so many seconds, lifts it, and proves what is left."""
    seen = Seen(fault.name, made.engine)
    made.acts.weights = DAILY
    load = Load(made.acts, made.book, made.addresses, threads=6, pause=0.05, timeout=PATIENCE)
    with Watch(made.first.address) as watch, load:
        time.sleep(2)
        struck = time.monotonic()
        undo = fault.strike(made)
        time.sleep(seconds)
        lifted = time.monotonic()
        if undo:
            undo()
        seen.back = until_back(made, lifted)
        time.sleep(2)
    seen.memory = peak(made.first.process.pid) if made.first.process else None
    seen.statuses = made.book.statuses(struck, lifted)
    waits = [e.took for e in made.book.entries if e.ended >= struck]
    seen.longest = max(waits, default=0.0)
    states = watch.during(struck, lifted)
    seen.readiness = collections.Counter(status or "none" for _, status in states)
    failed = [ends - struck for ends, status in states if status == 503]
    seen.ready = min(failed, default=None)
    return settled(made, seen)


def settled(made, seen):
    """What every trial ends with: all is asked again, and compared."""
    made.proved()
    if made.hung:
        seen.unmet.append("hangs until it is restarted")
    seen.problems = made.book.problems
    seen.panics = sum(instance.panics() for instance in made.instances)
    return seen


def until_back(made, lifted, patience=90):
    """Seconds until an act is acknowledged again."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        with made.book.lock:
            recent = [e for e in made.book.entries[-200:] if e.acknowledged() and e.ended > lifted]
        if recent:
            return min(e.ended for e in recent) - lifted
        time.sleep(0.05)
    return float("inf")
