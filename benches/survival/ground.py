"""One installation that is tried: its processes, its database, and the book of what it answered."""

import contextlib
import dataclasses
import pathlib
import random

import commands
from acts import WEIGHTS, Acts
from book import Book, Model
from measuring import Postgres
from place import Instance, Place, generated


@dataclasses.dataclass
class Ground:
    engine: str
    folder: pathlib.Path
    postgres: Postgres | None
    instances: list
    place: Place
    acts: Acts
    model: Model
    random: random.Random
    book: Book = dataclasses.field(default_factory=Book)
    # Whether it answered again only after a restart.
    hung: bool = False

    @property
    def addresses(self):
        return [instance.address for instance in self.instances]

    @property
    def first(self):
        return self.instances[0]

    def proved(self, entries=None, sample=None):
        """Asks again, compares with what is stored, and verifies the ledger."""
        if self.place.tokens_are_old():
            self.place.signs_in_again(self.first.address)
        if not self.book.ask_again(self.addresses, self.place, entries):
            self.hung = True
            for instance in self.instances:
                instance.kill()
                instance.start()
            self.book.ask_again(self.addresses, self.place, entries)
        address = self.random.choice(self.addresses)
        self.model.compare(self.book, self.place, address, sample)
        wrong = self.first.verify()
        if wrong:
            self.book.problem(f"ledger verify: {wrong}")

    def psql(self, line):
        return self.postgres.psql("-c", line)

    def stop(self):
        for instance in self.instances:
            instance.stop()


@dataclasses.dataclass(frozen=True)
class Plan:
    """How the installation is made: how large, how many processes, who acts how often."""

    seed: int = 1
    passes: int = 1500
    fresh: int = 6000
    instances: int = 1
    weights: dict = dataclasses.field(default_factory=lambda: WEIGHTS)
    environment: dict = dataclasses.field(default_factory=dict)


def started(binary, home, postgres, plan):
    """Fills `home` and starts; on PostgreSQL in a database and under a plain role of its own."""
    url = None
    if postgres:
        name = f"tried{plan.seed}"
        postgres.psql(
            "-c", f"CREATE ROLE {name} LOGIN", "-c", f"CREATE DATABASE {name} OWNER {name}"
        )
        url = f"postgres://{name}@127.0.0.1:{postgres.port}/{name}"
    home.mkdir(parents=True, exist_ok=True)
    first, codes = generated(binary, home, url, plan.passes, plan.fresh)
    first.environment |= plan.environment
    instances = [first]
    for _ in range(plan.instances - 1):
        instances.append(Instance(binary, home / "data", url, **plan.environment))
    for instance in instances:
        instance.start()
    place = Place(first, codes)
    model = Model(place, first.address)
    acts = Acts(place, plan.seed, plan.weights)
    engine = "PostgreSQL" if postgres else "SQLite"
    chance = random.Random(plan.seed)
    return Ground(engine, home, postgres, instances, place, acts, model, chance)


@contextlib.contextmanager
def ground(binary, home, engine, plan):
    """The same with a server of its own, and away with all of it."""
    postgres = made = None
    if engine == "PostgreSQL":
        (home / "database").mkdir(parents=True, exist_ok=True)
        postgres = Postgres(home / "database")
    try:
        made = started(binary, home, postgres, plan)
        yield made
    finally:
        if made:
            made.stop()
        if postgres:
            commands.end(postgres)
