"""Clients who are many, slow or silent, and a service that may have so much memory and no more."""

import collections
import concurrent.futures
import contextlib
import os
import pathlib
import signal
import socket
import time

from client import NO_ANSWER, Request
from faults_database import BOTH, GOES_ON, SQLITE, Fault
from faults_machine import proved, watched
from measuring import PASSWORD
from trial import PATIENCE, Seen

MEMORY = pathlib.Path("/sys/fs/cgroup/memory")


# ---- memory ----


@contextlib.contextmanager
def limited(megabytes):
    """A group of processes that may have so much memory together; yields what starts one in it."""
    group = MEMORY / f"passnum-{os.getpid()}"
    group.mkdir()
    (group / "memory.limit_in_bytes").write_text(str(megabytes << 20))
    try:
        yield group, ["sh", "-c", f'echo $$ >{group}/cgroup.procs; exec "$@"', "sh"]
    finally:
        for pid in (group / "cgroup.procs").read_text().split():
            os.kill(int(pid), signal.SIGKILL)
        time.sleep(0.5)
        group.rmdir()


def sign_ins(clients, megabytes):
    def strike(made, fault, seconds):
        seen = Seen(fault.name, made.engine)
        if not (MEMORY / "memory.limit_in_bytes").exists():
            seen.notes.append("no memory controller here that can be written: left out")
            return seen
        made.first.stop()
        with limited(megabytes) as (group, inside):
            made.first.start(*inside)
            answers = flood(made, seen, clients, seconds)
            alive = made.first.process.poll() is None
            usage = int((group / "memory.max_usage_in_bytes").read_text()) >> 20
            if not alive:
                seen.notes.append(f"killed for want of memory, {usage} MB of {megabytes} used")
                seen.unmet.append("the service was killed")
            made.first.stop()
        told = ", ".join(f"{n} × {s}" for s, n in collections.Counter(answers).most_common())
        seen.notes.append(f"sign-ins: {told}")
        seen.memory = usage
        made.first.start()
        return proved(made, seen)

    return strike


def flood(made, seen, clients, seconds):
    """People sign in at once, also those who do not exist, while venues work."""
    answers = []
    body = f'{{"email":"personne%d@exemple.fr","password":"{PASSWORD}"}}'

    def one(number):
        while time.monotonic() < ends:
            request = Request("sign in", "POST", "/auth/tokens", body % number)
            try:
                answers.append(request.send(made.first.address, PATIENCE).status)
            except NO_ANSWER:
                answers.append("none")
                time.sleep(0.2)

    def floods(stack):
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(clients))
        for number in range(clients):
            pool.submit(one, number)

    ends = time.monotonic() + 1 + seconds
    began = watched(made, seen, seconds, floods)
    seen.statuses = made.book.statuses(began)
    return answers


# ---- clients ----


def sockets(stack, made, count, text, receive=None):
    found = []
    host, port = made.first.address.split(":")
    for _ in range(count):
        one = stack.enter_context(socket.socket())
        if receive:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        with contextlib.suppress(OSError):
            one.connect((host, int(port)))
            one.sendall(text.encode())
            found.append(one)
    return found


def slow_readers(made, fault, seconds):
    seen = Seen(fault.name, made.engine)
    token = made.place.people["operator"].token
    text = (
        f"GET /api/v1/redemptions.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    began = watched(made, seen, seconds, lambda stack: sockets(stack, made, 10, text, 4096))
    return proved(made, seen, began)


def slow_bodies(made, fault, seconds):
    seen = Seen(fault.name, made.engine)
    text = "POST /api/v1/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n{"

    def trickles(stack):
        found = sockets(stack, made, 500, text)
        ends = time.monotonic() + seconds + 40
        while time.monotonic() < ends and found:
            time.sleep(1)
            found = [one for one in found if still_open(one, b" ")]
        seen.notes.append(
            f"{len(found)} of 500 still open after {seconds + 40} s of a byte a second"
        )
        if found:
            seen.unmet.append(f"{len(found)} bodies that never end were still open")

    return proved(made, seen, watched(made, seen, 0, trickles))


def still_open(one, byte):
    try:
        one.send(byte)
        one.setblocking(False)
        return bool(one.recv(1))
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        one.setblocking(True)


def idle(made, fault, seconds):
    seen = Seen(fault.name, made.engine)

    def opens(stack):
        found = sockets(stack, made, 5000, "")
        seen.notes.append(f"{len(found)} idle connections were open")

    return proved(made, seen, watched(made, seen, seconds, opens))


FAULTS = [
    Fault("20 sign-ins at once in 1 GB", BOTH, sign_ins(20, 1000), GOES_ON),
    Fault("50 sign-ins at once in 1 GB", BOTH, sign_ins(50, 1000), GOES_ON),
    Fault("ten downloads that are not read", BOTH, slow_readers, GOES_ON, passes=8000),
    Fault("500 bodies of a byte a second", SQLITE, slow_bodies, GOES_ON),
    Fault("5,000 idle connections", BOTH, idle, GOES_ON),
]
