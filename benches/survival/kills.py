"""Service, database and commands are killed at random, under a mixed load of every writing act.

After each kill every request is sent again with its key and its body: what was acknowledged must be
answered the same, what is stored must be what was answered, and `ledger verify` must find nothing.
"""

import collections
import dataclasses
import pathlib
import random
import sys
import tempfile
import time

import commands
from client import NO_ANSWER
from ground import Plan, started
from load import Load
from measuring import Postgres
from tables import table

# An installation is made anew after so many rounds: then there are months to close again.
EPOCH = 10
SAMPLE = 150
SERVICE = {"service": 6}
SERVICES = {"service": 4, "both services": 1}
DATABASE = {"database stopped at once": 1, "postmaster killed": 1, "backends terminated": 1}


def strike(epoch, kind, slow):
    """Kills what the kind names; answers whether something was killed, and mends it."""
    match kind:
        case "service":
            restart([epoch.random.choice(epoch.instances)], epoch.random)
        case "both services":
            restart(epoch.instances, epoch.random)
        case "database stopped at once":
            epoch.postgres.stop("immediate")
            time.sleep(epoch.random.uniform(0, 1))
            epoch.postgres.start()
        case "postmaster killed":
            commands.kill_postmaster(epoch.postgres)
            epoch.postgres.start()
        case "backends terminated":
            for _ in range(3):
                epoch.postgres.psql(
                    "-c",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
                )
                time.sleep(0.2)
        case _:
            return commands.killed(epoch, kind, slow)
    return True


def restart(instances, chance):
    for instance in instances:
        instance.kill()
    time.sleep(chance.uniform(0, 0.5))
    for instance in instances:
        instance.start()


def played(epoch, kind, slow):
    """One round."""
    begins = len(epoch.book.entries)
    epoch.acts.look()
    with Load(epoch.acts, epoch.book, epoch.addresses):
        time.sleep(epoch.random.uniform(0.2, 1.2))
        killed = strike(epoch, kind, slow)
        time.sleep(epoch.random.uniform(0.3, 0.8))
    epoch.proved(epoch.book.entries[begins:], SAMPLE)
    return killed


@dataclasses.dataclass
class Tally:
    """What the whole campaign on one engine came to."""

    engine: str
    kills: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    acts: dict = dataclasses.field(
        default_factory=lambda: collections.defaultdict(collections.Counter)
    )
    statuses: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    problems: list = dataclasses.field(default_factory=list)
    rounds: int = 0
    asked_again: int = 0
    panics: int = 0

    def add(self, epoch):
        for kind, counts in epoch.book.counts().items():
            self.acts[kind] += counts
        self.statuses += epoch.book.statuses()
        self.asked_again += epoch.book.asked_again
        self.problems += epoch.book.problems
        self.panics += sum(instance.panics() for instance in epoch.instances)


def campaign(asked, engine, folder):
    rounds, seed = asked.rounds or 100, asked.seed
    chance = random.Random(f"{engine} {seed}")
    postgres = Postgres(folder) if engine == "PostgreSQL" else None
    kinds = (SERVICES | DATABASE if postgres else SERVICE) | dict.fromkeys(commands.KINDS, 0.5)
    tally = Tally(engine)
    slow = dict.fromkeys(commands.KINDS, 0.5)
    try:
        while tally.kills.total() < rounds and time.monotonic() < asked.ends:
            plan = Plan(seed=seed * 1000 + tally.rounds, instances=2 if postgres else 1)
            epoch = started(asked.binary, folder / f"epoch{tally.rounds}", postgres, plan)
            try:
                for _ in range(min(EPOCH, rounds - tally.kills.total())):
                    kind = chance.choices(list(kinds), list(kinds.values()))[0]
                    tally.kills[kind] += played(epoch, kind, slow)
                    tally.rounds += 1
                # At the end everything that this installation ever answered is asked once more.
                epoch.proved()
                if epoch.hung:
                    tally.problems.append("hung until it was restarted")
            except (*NO_ANSWER, RuntimeError) as error:
                epoch.book.problem(f"the round broke off: {error!r}")
            finally:
                tally.add(epoch)
                epoch.stop()
            done = f"{tally.kills.total()} of {rounds} kills, {len(tally.problems)} problems"
            print(
                f"{engine}: {done}",
                *(p[:300] for p in tally.problems[-2:]),
                file=sys.stderr,
                flush=True,
            )
    finally:
        if postgres:
            commands.end(postgres)
    return tally


def told_of(tally):
    """The section of one engine."""
    kinds = [[kind, count] for kind, count in sorted(tally.kills.items()) if count]
    acts = [
        [kind, *(counts[sort] for sort in ("acknowledged", "refused", "cut off"))]
        for kind, counts in sorted(tally.acts.items())
    ]
    statuses = ", ".join(f"{count} × {status}" for status, count in tally.statuses.most_common())
    problems = "".join(f"- {problem}\n" for problem in tally.problems[:20])
    return f"""### {tally.engine}

{tally.kills.total()} kills in {tally.rounds} rounds; asked again {tally.asked_again:,}; found wrong: {len(tally.problems)}; panics in the log: {tally.panics}.
First answers: {statuses}.

{problems}
{table(["killed", "times"], kinds)}

{table(["act", "acknowledged", "refused for now", "cut off"], acts)}
"""


def run(asked):
    """The part: its Markdown and the rows of the summary."""
    sections, rows = [], []
    for engine in asked.engines:
        with tempfile.TemporaryDirectory(prefix="passnum-", ignore_cleanup_errors=True) as name:
            tally = campaign(asked, engine, pathlib.Path(name))
        sections.append(told_of(tally))
        acknowledged = sum(counts["acknowledged"] for counts in tally.acts.values())
        cut = sum(counts["cut off"] for counts in tally.acts.values())
        said = f"{tally.kills.total()} kills, {acknowledged:,} acknowledged, {cut:,} cut off, {tally.asked_again:,} asked again"
        found = (
            "nothing lost, doubled or changed"
            if not tally.problems
            else f"{len(tally.problems)} wrong"
        )
        rows.append([f"kills, {engine}", said, found])
    return "\n".join(sections), rows
