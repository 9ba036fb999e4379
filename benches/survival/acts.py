"""Every writing act of the service, chosen by chance, and what each leaves behind for the next ones."""

import datetime
import json
import random
import threading
import uuid

from client import Request

THEMES = ("creer_une_boite_mail", "creer_une_boite_mail")
ORDERED = 12
WEIGHTS = {
    "redeem": 40,
    "hand over": 20,
    "hand over from stock": 8,
    "undo": 9,
    "sync": 5,
    "stock order": 3,
    "receipt": 4,
    "approval": 8,
    "payment run": 2,
    "month close": 1,
    "suspend": 4,
    "resume": 3,
    "void": 2,
    "replace": 3,
}
DAILY = {"redeem": 60, "hand over": 25, "undo": 10, "sync": 5}


class Acts:
    """The same seed makes the same choices, as far as answers come in the same order."""

    def __init__(self, place, seed, weights=WEIGHTS):
        self.place = place
        self.random = random.Random(seed)
        self.weights = weights
        self.lock = threading.Lock()
        self.codes = list(place.codes)
        self.printed = list(place.printed)
        self.used, self.redeemed, self.passes, self.suspended, self.statements = [], [], [], [], []
        self.months = []
        self.look()

    def look(self):
        """What there is to close and to approve now; asked while the service stands."""
        operator = self.place.people["operator"]
        months = operator.ask("GET", "/accounting/months")["to_close"]
        drafts = operator.all("/statements?state=draft")
        with self.lock:
            self.months = sorted(months)
            self.statements = sorted((d["month"], d["id"]) for d in drafts)

    def next(self):
        with self.lock:
            while True:
                kind = self.random.choices(list(self.weights), list(self.weights.values()))[0]
                made = getattr(self, kind.replace(" ", "_"))()
                if made:
                    who, method, path, body = made
                    token = self.place.people[who].token
                    text = json.dumps(body) if body is not None else None
                    return Request(kind, method, path, text, token, self.key())

    def key(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def venue(self):
        return self.random.choice(list(self.place.venues.items()))

    def taken(self, pool):
        """One of them, which nobody else then takes."""
        return pool.pop(self.random.randrange(len(pool))) if pool else None

    def redeem(self):
        again = self.used and self.random.random() < 0.1
        code = self.random.choice(self.used) if again else self.taken(self.codes)
        if code is None:
            return None
        self.used.append(code)
        venue, who = self.venue()
        body = {"code": code, "venue_id": venue, "theme": self.random.choice(THEMES)}
        return who, "POST", "/redemptions", body

    def person(self):
        year = self.random.randrange(1930, 2005)
        letters = "abcdefghijklmnopqrstuvwxyz"
        name = "".join(self.random.choices(letters, k=3 if self.random.random() < 0.1 else 12))
        return {"given_name": "Awa", "family_name": name, "birth_date": f"{year}-05-17"}

    def hand_over(self):
        body = {"programme_id": self.place.programme, "units": self.random.choice((5, 10))}
        if self.random.random() < 0.5:
            body["beneficiary"] = self.person()
        return "worker", "POST", "/passes", body

    def hand_over_from_stock(self):
        code = self.taken(self.printed)
        return code and ("worker", "POST", "/handovers", {"code": code})

    def undo(self):
        redeemed = self.taken(self.redeemed)
        if not redeemed:
            return None
        who, redemption = redeemed
        return who, "POST", f"/redemptions/{redemption}/reversal", {"reason": "erreur"}

    def sync(self):
        venue, who = self.venue()
        now = datetime.datetime.now(datetime.UTC)
        items = []
        for _ in range(self.random.randrange(2, 25)):
            code = self.taken(self.codes) or self.random.choice(self.used)
            self.used.append(code)
            ago = datetime.timedelta(minutes=self.random.randrange(1, 2000))
            items.append(
                {
                    "idempotency_key": self.key(),
                    "code": code,
                    "venue_id": venue,
                    "theme": self.random.choice(THEMES),
                    "scanned_at": (now - ago).strftime("%Y-%m-%dT%H:%M:%SZ"),
                }
            )
        return who, "POST", "/redemptions/sync", {"device_id": "telephone", "items": items}

    def stock_order(self):
        body = {"programme_id": self.place.programme, "prescriber_id": self.place.prescriber}
        return "operator", "POST", "/stock", body | {"units": 5, "count": ORDERED, "box_size": 5}

    def receipt(self):
        agreement = self.random.choice(self.place.agreements)
        day = datetime.date.today().isoformat()
        cents = self.random.randrange(100, 100_000)
        body = {"amount_cents": cents, "received_on": day, "reference": f"VIR {cents}"}
        return "operator", "POST", f"/agreements/{agreement}/receipts", body

    def approval(self):
        if not self.statements:
            return None
        # The earliest first: one that takes an earlier one over waits for it.
        _, statement = self.statements.pop(0)
        return "operator", "POST", f"/statements/{statement}/approve", {}

    def payment_run(self):
        return "operator", "POST", "/payment-runs", {}

    def month_close(self):
        if not self.months:
            return None
        month = self.months.pop(0)
        return "operator", "POST", f"/accounting/months/{month}/close", {}

    def on_a_pass(self, act, pool):
        chosen = self.taken(pool)
        return chosen and ("worker", "POST", f"/passes/{chosen}/{act}", {"reason": "à l'essai"})

    def suspend(self):
        return self.on_a_pass("suspend", self.passes)

    def resume(self):
        return self.on_a_pass("resume", self.suspended)

    def void(self):
        return self.on_a_pass("void", self.passes)

    def replace(self):
        return self.on_a_pass("replace", self.passes)

    def learn(self, request, answer):
        """What an acknowledged act makes possible."""
        if answer.status not in (200, 201):
            return
        said = answer.json()
        with self.lock:
            match request.kind:
                case "redeem":
                    who = next(w for w, d in self.place.people.items() if d.token == request.token)
                    self.redeemed.append((who, said["id"]))
                case "hand over" | "hand over from stock" | "replace":
                    self.passes.append(said["id"])
                    self.codes.append(said["code"])
                case "suspend":
                    self.suspended.append(said["id"])
                case "resume":
                    self.passes.append(said["id"])
