"""What was asked and answered, what the same request answers later, and what must be stored."""

import collections
import concurrent.futures
import dataclasses
import datetime
import json
import threading
import time

from acts import ORDERED
from client import NO_ANSWER, Answer, Request

# The same key hears these again; anything else is decided again (docs/API.md).
KEPT = {200, 201, 204, 404, 409}
TIMED_OUT = 60
# So long one waits when all is well again; so many without an answer, and the service hangs.
PATIENCE = 20
HANGS = 8


@dataclasses.dataclass
class Entry:
    request: Request
    # What the client heard first, or nothing.
    first: Answer | None
    took: float
    ended: float
    where: str
    # What is known of it now: the first answer, or what it heard when it asked again.
    answer: Answer | None = None

    def acknowledged(self):
        return self.first is not None and self.first.status in KEPT

    def settled(self):
        return self.answer is not None and self.answer.status in KEPT


def essence(request, answer):
    """An answer without what differs by design: the request's number, and that it is a replay."""
    if not answer.text:
        return answer.status, None
    said = answer.json()
    if isinstance(said, dict):
        said.pop("request_id", None)
    if request.kind == "sync" and answer.status == 200:
        for result in said["results"]:
            result.pop("replayed")
    return answer.status, said


class Book:
    def __init__(self):
        self.entries = []
        self.lock = threading.Lock()
        self.problems = []
        self.asked_again = 0
        self.unanswered = []

    def send(self, request, address, timeout=TIMED_OUT):
        began = time.monotonic()
        try:
            answer = request.send(address, timeout)
        except NO_ANSWER:
            answer = None
        ended = time.monotonic()
        entry = Entry(request, answer, ended - began, ended, address, answer)
        with self.lock:
            self.entries.append(entry)
        return entry

    def counts(self):
        """By kind: acknowledged, refused for now, cut off."""
        found = collections.defaultdict(collections.Counter)
        for entry in self.entries:
            sort = "cut off"
            if entry.first is not None:
                sort = "acknowledged" if entry.acknowledged() else "refused"
            found[entry.request.kind][sort] += 1
        return found

    def statuses(self, since=0.0, until=float("inf")):
        return collections.Counter(
            e.first.status if e.first else "none"
            for e in self.entries
            if since <= e.ended and e.ended - e.took <= until
        )

    def ask_again(self, addresses, place, entries=None):
        """Asks everything again, and notes what is answered otherwise. False: the service hangs."""
        chosen = self.entries if entries is None else entries
        self.unanswered = []
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for number, entry in enumerate(chosen):
                pool.submit(self.ask_one, entry, addresses[number % len(addresses)], place)
        self.asked_again += len(chosen)
        if len(self.unanswered) >= HANGS:
            return False
        for words in self.unanswered:
            self.problem(words)
        return True

    def ask_one(self, entry, address, place):
        if len(self.unanswered) >= HANGS:
            return
        try:
            again = place.now(entry.request).send(address, PATIENCE)
        except NO_ANSWER as error:
            self.unanswered.append(f"{entry.request.kind}: asked again, no answer ({error!r})")
            return
        if entry.settled() and self.differs(entry, again):
            self.problem(
                f"{entry.request.kind} {entry.request.path}, first at {entry.where}, then at "
                f"{address}: {entry.answer.status} {entry.answer.text[:600]} — "
                f"then {again.status} {again.text[:600]}"
            )
        if again.status >= 500:
            self.problem(f"{entry.request.kind}: asked again, {again.status} {again.text[:300]}")
        if not entry.settled() or (entry.request.kind == "sync" and again.status == 200):
            entry.answer = again

    @staticmethod
    def differs(entry, again):
        was, now = essence(entry.request, entry.answer), essence(entry.request, again)
        if entry.request.kind != "sync" or was[0] != 200 or now[0] != 200:
            return was != now
        # A scan that was not decided may be decided now.
        pairs = zip(was[1]["results"], now[1]["results"], strict=True)
        return any(a != b for a, b in pairs if a["outcome"] != "retry")

    def problem(self, words):
        with self.lock:
            self.problems.append(words)

    def done(self, kind, status=(200, 201)):
        """The answers of what was done, each act once."""
        return [
            e.answer.json()
            for e in self.entries
            if e.request.kind == kind and e.answer and e.answer.status in status
        ]


class Model:
    """What the service must hold, by what it answered alone."""

    def __init__(self, place, address):
        self.before = self.totals(place, address)

    @staticmethod
    def totals(place, address):
        operator = place.at(address)
        year = datetime.date.today().year
        span = f"from={year - 4}-01&to={year + 4}-12"
        report = operator.ask("GET", f"/reports/consumption?{span}")["totals"]
        runs = [run for run in operator.all("/stock") if run["count"] == ORDERED]
        return {
            "workshops": report["workshops_redeemed"],
            "handed over": report["passes_handed_over"],
            "received": report["received_cents"],
            "paid": report["paid_cents"],
            "stock orders": len(runs),
            "payment runs": len(operator.all("/payment-runs")),
        }

    def compare(self, book, place, address, sample=None):
        """After everything was asked again: all acts are answered, so all are known."""
        redeemed = {r["id"]: r["pass_id"] for r in book.done("redeem")}
        for batch in book.done("sync"):
            for result in batch["results"]:
                if result["outcome"] == "accepted":
                    redeemed[result["redemption"]["id"]] = result["redemption"]["pass_id"]
        undone = {r["redemption_id"] for r in book.done("undo")}
        receipts = [
            json.loads(e.request.body)["amount_cents"]
            for e in book.entries
            if e.request.kind == "receipt" and e.answer and e.answer.status == 201
        ]
        runs = book.done("payment run")
        handed = {p["id"] for k in ("hand over", "hand over from stock") for p in book.done(k)}
        added = {
            "workshops": len(set(redeemed) - undone),
            "handed over": len(handed),
            "received": sum(receipts),
            "paid": sum(run["control_sum_cents"] for run in runs),
            "stock orders": len({run["id"] for run in book.done("stock order")}),
            "payment runs": len({run["id"] for run in runs}),
        }
        now = self.totals(place, address)
        for name, more in added.items():
            if now[name] - self.before[name] != more:
                told = f"{now[name]} stored, {self.before[name]} + {more} answered"
                book.problem(f"stored otherwise than answered: {name}: {told}")
        self.passes(book, place.at(address), redeemed, undone, sample)

    @staticmethod
    def passes(book, operator, redeemed, undone, sample):
        """How much of each pass is used; of the latest so many when not of all."""
        asked = (e.request for e in book.entries)
        replaced = {r.path.split("/")[2] for r in asked if r.kind == "replace"}
        replaced |= {one["id"] for one in book.done("replace")}
        used = collections.Counter(p for r, p in redeemed.items() if r not in undone)
        chosen = sorted(set(redeemed.values()) - replaced)
        for one in chosen[-sample:] if sample else chosen:
            stored = operator.ask("GET", f"/passes/{one}")["used"]
            if stored != used[one]:
                book.problem(f"pass {one}: {stored} used in the database, {used[one]} answered")
