"""Commands that are killed on their way, run once more, and looked at."""

import contextlib
import ctypes
import os
import pathlib
import signal
import subprocess
import threading
import time

from measuring import Service, free_port

COUNT = 150
PR_SET_CHILD_SUBREAPER = 36
KINDS = ("migrate", "stock print", "month close", "ledger fold", "backup", "restore")


def adopt():
    """Orphaned servers become children of this process, which buries them: a dead postmaster that
    nobody buries seems to run still, to `pg_ctl` and to Patroni."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    threading.Thread(target=buries_servers, daemon=True).start()


def buries_servers():
    """No server is started by this process itself, so none is taken from who waits for it."""
    while True:
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                name, rest = stat.read_text().split("(", 1)[1].rsplit(")", 1)
                state, parent = rest.split()[:2]
                if name == "postgres" and state == "Z" and int(parent) == os.getpid():
                    os.waitpid(int(stat.parent.name), os.WNOHANG)
        time.sleep(0.2)


def buried(pids, seconds=30):
    """Waits until all of them are gone."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and any(pathlib.Path(f"/proc/{pid}").exists() for pid in pids):
        for pid in pids:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)


def kill_postmaster(postgres):
    """As when memory runs out: the others of its family must end before it may start again."""
    family = relatives(postgres)
    os.kill(postgres.pid, signal.SIGKILL)
    buried([postgres.pid, *family])


def end(postgres):
    """At the end of a trial, whatever became of it."""
    family = relatives(postgres)
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGQUIT)
    buried(family)


def relatives(postgres):
    data = str(postgres.folder / "data")
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
                home = os.readlink(entry / "cwd")
            except OSError:
                continue
            if home == data and b"postgres" in line:
                found.append(int(entry.name))
    return found


def killed(epoch, kind, slow):
    """Whether the command was killed before it was done; `slow` remembers how long each takes."""
    return {
        "migrate": migrate,
        "stock print": stock_print,
        "month close": month_close,
        "ledger fold": ledger_fold,
        "backup": backup,
        "restore": restore,
    }[kind](epoch, slow)


def strike(epoch, service, kind, words, slow):
    """Starts the command and kills it somewhere on its way."""
    began = time.monotonic()
    process = subprocess.Popen(
        [service.binary, *words],
        env=service.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(epoch.random.uniform(0, slow[kind]))
        slow[kind] = max(0.01, time.monotonic() - began)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        slow[kind] *= 1.05
        return True


def through(epoch, service, words, also=""):
    """The command once more, which must now end well, or say what `also` says."""
    done = subprocess.run(
        [service.binary, *words],
        env=service.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode != 0 and not (also and also in said):
        epoch.book.problem(
            f"{' '.join(map(str, words[:2]))} after a kill: {done.returncode} {said}"
        )
    return said


def another(epoch):
    """An empty installation beside the one that is tried, on the same engine."""
    number = free_port()
    folder = epoch.folder / f"other{number}"
    url = None
    if epoch.postgres:
        epoch.postgres.psql("-c", f"CREATE DATABASE other{number}")
        url = epoch.postgres.url.rpartition("/")[0] + f"/other{number}"
    service = Service(epoch.instances[0].binary, folder, url)
    service.environment["PASSNUM_PUBLIC_URL"] = epoch.instances[0].environment["PASSNUM_PUBLIC_URL"]
    return service


def migrate(epoch, slow):
    service = another(epoch)
    hit = strike(epoch, service, "migrate", ["migrate"], slow)
    through(epoch, service, ["migrate"])
    through(epoch, service, ["ledger", "verify"])
    return hit


def stock_print(epoch, slow):
    service, place = epoch.instances[0], epoch.place
    words = ["--programme", place.programme, "--prescriber", place.prescriber, "--units", "5"]
    words += ["--count", str(COUNT), "--box-size", "25"]
    out = epoch.folder / f"print{free_port()}"
    operator = place.at(service.address)
    before = {run["id"] for run in operator.all("/stock")}
    hit = strike(epoch, service, "stock print", ["stock", "print", *words, "--out", out], slow)
    made = [r for r in operator.all("/stock") if r["count"] == COUNT and r["id"] not in before]
    for run in made:
        through(epoch, service, ["stock", "print", "--run", run["id"], "--out", out])
        now = operator.ask("GET", f"/stock/{run['id']}")
        if now["made"] != COUNT or len(list(out.glob("*.pdf"))) < COUNT // 25:
            epoch.book.problem(f"print run after a kill: {now['made']} of {COUNT} made")
    return hit


def month_close(epoch, slow):
    service = epoch.instances[0]
    with epoch.acts.lock:
        month = epoch.acts.months.pop(0) if epoch.acts.months else None
    if month is None:
        return ledger_fold(epoch, slow) and False
    hit = strike(epoch, service, "month close", ["month", "close", month], slow)
    through(epoch, service, ["month", "close", month], also="month_closed")
    return hit


def ledger_fold(epoch, slow):
    service = epoch.instances[0]
    hit = strike(epoch, service, "ledger fold", ["ledger", "fold"], slow)
    through(epoch, service, ["ledger", "fold"])
    return hit


def backup(epoch, slow):
    service = epoch.instances[0]
    file = epoch.folder / f"backup{free_port()}.zip"
    hit = strike(epoch, service, "backup", ["backup", file], slow)
    if hit and file.exists():
        # What has the name of a backup must be a whole one.
        restored(epoch, file)
    file = file.with_suffix(".again.zip")
    through(epoch, service, ["backup", file])
    restored(epoch, file)
    return hit


def restored(epoch, file):
    other = another(epoch)
    through(epoch, other, ["restore", file])
    through(epoch, other, ["ledger", "verify"])


def restore(epoch, slow):
    file = epoch.folder / f"restore{free_port()}.zip"
    through(epoch, epoch.instances[0], ["backup", file])
    other = another(epoch)
    hit = strike(epoch, other, "restore", ["restore", file], slow)
    # All or nothing: it is still empty, or it was whole already.
    through(epoch, other, ["restore", file], also="not_empty")
    through(epoch, other, ["ledger", "verify"])
    return hit
