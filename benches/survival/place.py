"""An installation to try: generated, with accounts of every role, bank details and printed passes."""

import csv
import dataclasses
import io
import pathlib
import signal
import subprocess
import sys
import time
import uuid

from client import Door, status_of
from measuring import PASSWORD, Service

IBAN = "FR7630006000011234567890189"
# On every pass and in every answer that has a QR: all instances must agree.
PUBLIC_URL = "http://pass.example"


class Instance(Service):
    """One process of the service, whose log is kept and which may be killed."""

    def __init__(self, binary, folder, url, **environment):
        super().__init__(binary, folder, url)
        self.environment |= {"PASSNUM_PUBLIC_URL": PUBLIC_URL, "PASSNUM_LOG": "info", **environment}
        self.log = pathlib.Path(folder).parent / f"service-{self.address.split(':')[1]}.log"

    def start(self, *before, stderr=None, ready=True, **options):
        """`before` is what runs the binary: `faketime`, `prlimit`."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*before, self.binary, "serve", "--listen", self.address],
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=stderr or log,
                **options,
            )
        if ready:
            self.wait_until(lambda: status_of(self.address, "/healthz", 2)[0] == 200)

    def wait_until(self, so, seconds=60):
        ends = time.monotonic() + seconds
        while not so():
            if time.monotonic() > ends or self.process.poll() is not None:
                tail = self.log.read_text(errors="replace")[-2000:]
                sys.exit(f"the service did not start ({self.process.poll()})\n{tail}")
            time.sleep(0.05)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def panics(self):
        return self.log.read_text(errors="replace").count("panicked at")

    def verify(self):
        """What `ledger verify` finds: nothing, or how much, and the first of it."""
        done = subprocess.run(
            [self.binary, "ledger", "verify"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return None
        lines = (done.stdout + done.stderr).splitlines()
        found = [line for line in lines if "DIFFERENCE" in line] or lines
        return f"status {done.returncode}, {len(found)} lines, the first: {found[0]}"


class Place:
    """Who works there, and what they work with."""

    VENUES = 4

    def __init__(self, instance, codes):
        self.address = instance.address
        self.people = {}
        # Tokens of before, and whose they were.
        self.ended = {}
        self.signed_in = time.monotonic()
        with open(codes, encoding="utf-8") as lines:
            self.codes = [(code, venue, email) for code, venue, email in csv.reader(lines)]
        first = Door(self.address)
        self.emails = {"operator": "operateur@exemple.fr"}
        operator = self.people["operator"] = first.signs_in(self.emails["operator"], PASSWORD)
        organisations = operator.all("/organisations")
        self.operators = operator.ask("GET", "/me")["organisation_id"]
        self.prescriber = next(o["id"] for o in organisations if o["prescriber"])
        self.funder = next(o["id"] for o in organisations if o["funder"])
        self.programme = operator.ask("GET", "/programmes")["data"][0]["id"]
        agreements = operator.all(f"/programmes/{self.programme}/agreements")
        self.agreements = [agreement["id"] for agreement in agreements]
        self.invites(operator)
        self.venues = self.opens_venues(first)
        self.confirms_bank_details(operator, organisations)
        self.printed = self.prints(operator)

    def invites(self, operator):
        worker = next(u for u in operator.all("/users") if u["role"] == "social_worker")
        link = operator.ask("PATCH", f"/users/{worker['id']}", {"invite": True})
        self.takes_up("worker", worker["email"], link)
        for who, role, organisation in (
            ("second", "operator", self.operators),
            ("auditor", "auditor", self.operators),
            ("funder", "funder", self.funder),
        ):
            email = f"{who}@exemple.fr"
            body = {"email": email, "name": who, "role": role, "organisation_id": organisation}
            self.takes_up(who, email, operator.ask("POST", "/users", body))

    def takes_up(self, who, email, invited):
        door = Door(self.address)
        invitation = invited["invitation_link"].rsplit("/")[-1]
        door.ask("POST", "/auth/invitations", {"invitation": invitation, "password": PASSWORD})
        self.emails[who] = email
        self.people[who] = door.signs_in(email, PASSWORD)

    def opens_venues(self, first):
        """The venues whose staff can sign in, each with the codes that were made for it."""
        found = {}
        for code, venue, email in self.codes:
            if venue not in found and len(found) < self.VENUES:
                found[venue] = f"venue {len(found)}"
                self.emails[found[venue]] = email
                self.people[found[venue]] = first.signs_in(email, PASSWORD)
        self.codes = [code for code, _, _ in self.codes]
        return found

    def confirms_bank_details(self, operator, organisations):
        for one in organisations:
            if one["venue_operator"] or one["id"] == self.operators:
                path = f"/organisations/{one['id']}/bank-details"
                body = {"holder": one["name"], "iban": IBAN, "bic": "AGRIFRPP"}
                given = operator.ask("POST", path, body)
                self.people["second"].ask("POST", f"{path}/{given['id']}/confirm", {})

    def prints(self, operator):
        """Codes of passes that wait to be handed over from stock."""
        order = {
            "programme_id": self.programme,
            "prescriber_id": self.prescriber,
            "units": 10,
            "count": 400,
        }
        run = operator.ask("POST", "/stock", order, str(uuid.uuid4()))["id"]
        sheet = operator.ask("POST", f"/stock/{run}/codes.csv", None, str(uuid.uuid4()))
        operator.ask("POST", f"/stock/{run}/ship", {})
        self.people["worker"].ask("POST", f"/stock/{run}/receive", {})
        rows = csv.DictReader(io.StringIO(sheet.lstrip("\ufeff")), delimiter=";")
        return [row["code"] for row in rows]

    def signs_in_again(self, address):
        """Access tokens are good for a quarter of an hour."""
        self.signed_in = time.monotonic()
        for who, email in self.emails.items():
            self.ended[self.people[who].token] = who
            self.people[who] = Door(address).signs_in(email, PASSWORD)

    def tokens_are_old(self):
        return time.monotonic() - self.signed_in > 8 * 60

    def now(self, request):
        """The same request with a token that is still good."""
        who = self.ended.get(request.token)
        return dataclasses.replace(request, token=self.people[who].token) if who else request

    def at(self, address, who="operator"):
        """The same account, asking another instance."""
        return Door(address, self.people[who].token)


def generated(binary, folder, url, passes=1500, fresh=6000):
    """An installation over a database that is filled; nothing serves yet."""
    instance = Instance(binary, folder / "data", url)
    codes = folder / "codes.csv"
    instance.command(
        "generate", "--passes", str(passes), "--fresh", str(fresh), "--codes", str(codes)
    )
    return instance, codes
