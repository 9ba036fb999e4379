"""The primary is lost in every way, again and again, under load, behind Patroni, HAProxy and PgBouncer."""

import collections
import contextlib
import itertools
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import commands
from acts import DAILY
from cluster import TTL, Cluster
from ground import Plan, started
from load import Load
from tables import table

NEEDED = ("patroni", "etcd", "haproxy", "pgbouncer", "iptables")
SAMPLE = 100
# How long nothing may be acknowledged, in seconds: the lease of the primary has to run out, then
# the proxy and the service have to notice.
WAYS = {
    "killed": TTL + 15,
    "isolated": TTL + 15,
    "switched over by hand": 15,
    "etcd cut off": 2 * TTL + 15,
}
# Nothing works meanwhile, and nothing is learnt by doing it often.
TIMES = {"etcd cut off": 3}


def strike(cluster, way):
    """Answers how it is lifted."""
    primary = cluster.primary()
    match way:
        case "killed":
            family = primary.signal(signal.SIGKILL)
            commands.buried(family)
            return lambda: cluster.joins(primary)
        case "isolated":
            # Nobody hears of it, and it hears of nobody; for a while it thinks that it is primary.
            primary.cut_off()
            return lambda: primary.cut_off(really=False)
        case "etcd cut off":
            cluster.keeper.send_signal(signal.SIGSTOP)
            return lambda: cluster.keeper.send_signal(signal.SIGCONT)
        case _:
            cluster.switches_over()
            return lambda: None


def silence(entries):
    """The longest time without an acknowledged answer."""
    times = sorted(e.ended for e in entries if e.acknowledged())
    return max((b - a for a, b in itertools.pairwise(times)), default=float("inf"))


def lost_once(made, cluster, way):
    """One loss of the primary: how long nothing was acknowledged."""
    begins = len(made.book.entries)
    made.place.signs_in_again(made.first.address)
    with Load(made.acts, made.book, made.addresses, threads=6, pause=0.1, timeout=45):
        time.sleep(2)
        struck = time.monotonic()
        lift = strike(cluster, way)
        wait_for_answers(made, struck, 0 if way != "etcd cut off" else TTL)
        time.sleep(1)
        lift()
        time.sleep(4)
    cluster.until_whole()
    entries = made.book.entries[begins:]
    made.proved(entries, SAMPLE)
    return silence(entries)


def wait_for_answers(made, struck, least, patience=120):
    """Until somebody was acknowledged what they asked after the loss."""
    time.sleep(least)
    ends = struck + patience
    while time.monotonic() < ends and not least:
        with made.book.lock:
            recent = made.book.entries[-50:]
        # What was under way at the moment of the loss may have been answered after it.
        if any(e.acknowledged() and e.ended - e.took > struck + 1.5 for e in recent):
            return
        time.sleep(0.1)


def run(asked):
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        said = f"left out, missing: {', '.join(missing)}"
        return said, [["failover", said, "not tried"]]
    rounds = asked.rounds or 10
    seen = collections.defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="passnum-", ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        (folder / "cluster").mkdir()
        folder.chmod(0o755)
        with contextlib.ExitStack() as stack:
            cluster = Cluster(folder / "cluster")
            stack.callback(cluster.stop)
            plan = Plan(seed=asked.seed, weights=DAILY, fresh=8000)
            made = started(asked.binary, folder / "home", cluster, plan)
            stack.callback(made.stop)
            for number in range(rounds):
                for way in WAYS:
                    if time.monotonic() > asked.ends or number >= TIMES.get(way, rounds):
                        continue
                    if asked.only in way:
                        seen[way].append(lost_once(made, cluster, way))
                        done = f"{way}: silent for {seen[way][-1]:.1f} s"
                        print(
                            f"{done}, {len(made.book.problems)} problems",
                            file=sys.stderr,
                            flush=True,
                        )
            made.proved()
            return told_of(made, seen)


def told_of(made, seen):
    counts = made.book.counts()
    acknowledged = sum(c["acknowledged"] for c in counts.values())
    cut = sum(c["cut off"] for c in counts.values())
    statuses = ", ".join(f"{n} × {s}" for s, n in made.book.statuses().most_common())
    rows = []
    for way, times in seen.items():
        met = "met" if max(times) <= WAYS[way] else f"**not met**: at most {WAYS[way]} s"
        middle = sorted(times)[len(times) // 2]
        rows.append([way, len(times), f"{middle:.1f} s", f"{max(times):.1f} s", met])
    head = ["the primary", "times", "silence, median", "silence, longest", "as expected?"]
    problems = "".join(f"- {p}\n" for p in made.book.problems[:20])
    hung = " The service answered again only after a restart." if made.hung else ""
    panics = sum(instance.panics() for instance in made.instances)
    section = (
        f"Lease of the primary (`ttl`) {TTL} s. First answers: {statuses}.{hung} Panics: {panics}.\n\n"
        f"{table(head, rows)}\n\n{problems}"
    )
    times = [t for all_of in seen.values() for t in all_of]
    said = f"{len(times)} losses of the primary, {acknowledged:,} acknowledged, {cut:,} cut off"
    wrong = len(made.book.problems)
    found = f"{wrong} wrong" if wrong else "nothing lost, doubled or changed"
    return section, [["failover", said, f"{found}; longest silence {max(times):.0f} s"]]
