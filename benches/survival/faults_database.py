"""What may happen to the database while the service runs. Each `strike` answers how it is lifted."""

import contextlib
import dataclasses
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable

import commands
from measuring import told
from trial import Expected


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    engines: tuple
    strike: Callable
    expected: Expected = dataclasses.field(default_factory=Expected)
    # Megabytes of a disk of its own, below the database or below everything.
    disk: int = 0
    disk_below: str = "database"
    needs: str = ""
    passes: int = 1500


POSTGRES = ("PostgreSQL",)
SQLITE = ("SQLite",)
BOTH = ("SQLite", "PostgreSQL")


def fill(folder):
    """Takes every byte that is left; whoever frees one loses it too."""
    filler = folder / "filler"
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(512))
    return filler


def full_disk(made):
    folder = made.postgres.folder if made.postgres else made.first.folder
    filler = fill(folder)

    def lift():
        filler.unlink()
        if made.postgres and not commands.relatives(made.postgres):
            made.postgres.start()

    return lift


def read_only_server(made):
    def set_to(value):
        made.psql(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        made.psql("SELECT pg_reload_conf()")

    set_to("on")

    def lift():
        made.postgres.psql(
            "-c",
            "SET default_transaction_read_only = off",
            "-c",
            "ALTER SYSTEM SET default_transaction_read_only = off",
            "-c",
            "SELECT pg_reload_conf()",
        )

    return lift


def broken_file_system(made):
    """The kernel found an error and made the disk read-only; it is mended and mounted again."""
    data = made.first.folder
    device = told("findmnt", "-no", "SOURCE", data).strip()
    name = device.rsplit("/", 1)[1]
    with open(f"/sys/fs/ext4/{name}/trigger_fs_error", "w", encoding="ascii") as file:
        file.write("an error of the disk")

    def lift():
        made.first.stop()
        told("umount", "-l", data)
        subprocess.run(["e2fsck", "-p", device], check=False, capture_output=True)
        told("mount", device, data)
        made.first.start()

    return lift


def dropped_packets(made):
    port = str(made.postgres.port)
    rules = [
        ["OUTPUT", "-o", "lo", "-p", "tcp", end, port, "-j", "DROP"]
        for end in ("--dport", "--sport")
    ]
    for rule in rules:
        told("iptables", "-I", *rule)

    def lift():
        for rule in rules:
            told("iptables", "-D", *rule)

    return lift


def no_connections(made):
    """Others took all that the role may have, and the service lost its own."""
    role = made.first.url.split("@")[0].rsplit("/", 1)[1]
    made.psql(f"ALTER ROLE {role} CONNECTION LIMIT 0")
    made.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")
    return lambda: made.psql(f"ALTER ROLE {role} CONNECTION LIMIT -1")


def locked_table(made):
    line = "BEGIN; LOCK TABLE passes IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)"
    name = made.first.url.rsplit("/", 1)[1]
    url = made.postgres.url.rpartition("/")[0] + f"/{name}"
    holder = subprocess.Popen(
        [made.postgres.bin / "psql", "-X", "-q", url, "-c", line],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def lift():
        made.psql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%'"
        )
        holder.wait()

    return lift


def locked_file(made):
    """Somebody opened the file by hand and forgot to commit."""
    file = next(made.first.folder.glob("*.sqlite"))
    holder = sqlite3.connect(file, isolation_level=None, timeout=30)
    holder.execute("BEGIN IMMEDIATE")

    def lift():
        holder.rollback()
        holder.close()

    return lift


def frozen(made):
    family = commands.relatives(made.postgres)
    for pid in family:
        os.kill(pid, signal.SIGSTOP)

    def lift():
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    return lift


def down(made):
    made.postgres.stop("immediate")
    return made.postgres.start


def restarted(made):
    made.postgres.stop("fast")
    made.postgres.start()


def terminated(made):
    role = made.first.url.split("@")[0].rsplit("/", 1)[1]
    for _ in range(10):
        made.psql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'"
        )
        time.sleep(0.3)


def short_statements(made):
    """Somebody set a limit that the statements do not keep."""
    role = made.first.url.split("@")[0].rsplit("/", 1)[1]
    made.psql(f"ALTER ROLE {role} SET statement_timeout = 3")
    made.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")

    def lift():
        made.psql(f"ALTER ROLE {role} RESET statement_timeout")
        made.psql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'"
        )

    return lift


GOES_ON = Expected(ready=None)

FAULTS = [
    Fault("disk full, database", BOTH, full_disk, disk=420),
    Fault("disk full, database and log", BOTH, full_disk, disk=420, disk_below=""),
    Fault("server read-only", POSTGRES, read_only_server),
    Fault("file system read-only after an error", SQLITE, broken_file_system, disk=160),
    Fault("packets dropped", POSTGRES, dropped_packets, needs="iptables"),
    Fault("no connections left", POSTGRES, no_connections),
    Fault("table locked", POSTGRES, locked_table, GOES_ON),
    Fault("write lock held by another process", SQLITE, locked_file),
    Fault("server frozen", POSTGRES, frozen),
    Fault("server down", POSTGRES, down),
    Fault("server restarted", POSTGRES, restarted, GOES_ON),
    Fault("backends terminated ten times", POSTGRES, terminated, GOES_ON),
    Fault("statement_timeout of 3 ms", POSTGRES, short_statements, GOES_ON),
]
