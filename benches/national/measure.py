"""What the country asks of one small machine, on a database of any size.

    benches/national/run [--engine postgres|sqlite] [--passes N] [--fresh N] [--seconds S]
    benches/national/run --url postgres://… --data DIR --codes FILE    a database that is there

Generates the database (1,500,000 passes have some 11 million redemptions), and measures every
report beside the same question asked of the raw postings, figures under full load, an export of
every redemption, checks, sign-ins, handovers, print runs, letters, memory and start-up. Writes
Markdown to standard output.
"""

import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from measuring import PASSWORD, Door, arguments, built, cpu, database, engine, resident, told

GROUPS = (
    "month",
    "programme",
    "agreement",
    "theme",
    "venue",
    "venue_commune",
    "venue_departement",
    "home_commune",
    "departement",
    "public",
    "age_band",
    "prescriber",
    "month,theme",
    "month,departement",
    "theme,public",
    "theme,age_band",
    "age_band,public",
    "prescriber,public",
    "departement,theme",
)
RAW = {
    "month": "SELECT p.month, {sums} FROM postings p JOIN agreements a ON a.id = p.agreement_id GROUP BY 1",
    "theme": "SELECT r.theme, {sums} FROM postings p JOIN agreements a ON a.id = p.agreement_id "
    "LEFT JOIN redemptions r ON r.id = p.redemption_id GROUP BY 1",
    "age_band": "SELECT s.age_band, {sums} FROM postings p JOIN agreements a ON a.id = p.agreement_id "
    "LEFT JOIN passes s ON s.id = p.origin_id GROUP BY 1",
}
SUMS = (
    "sum(CASE WHEN p.kind = 'consumption' AND p.lead THEN 1 WHEN p.kind = 'reversal' AND p.lead THEN -1 END), "
    "sum(CASE WHEN p.kind = 'commitment' THEN p.amount_cents END), "
    "sum(CASE WHEN p.kind = 'consumption' THEN p.amount_cents WHEN p.kind = 'reversal' THEN -p.amount_cents END)"
)


def timed(work):
    began = time.perf_counter()
    done = work()
    return (time.perf_counter() - began) * 1000, done


def raw_milliseconds(service, group):
    sql = RAW[group].format(sums=SUMS)
    if service.url:
        return timed(lambda: told("psql", "-X", "-q", "-o", "/dev/null", service.url, "-c", sql))[0]
    with sqlite3.connect(f"file:{service.folder}/pass-numerique.sqlite?mode=ro", uri=True) as conn:
        return timed(lambda: conn.execute(sql).fetchall())[0]


def reports(door, service):
    now = time.localtime()
    period = f"from={now.tm_year - 1}-{now.tm_mon:02}&to={now.tm_year}-{now.tm_mon:02}"
    programme = door.ask("GET", "/programmes?limit=1")["data"][0]["id"]
    agreement = door.ask("GET", f"/programmes/{programme}/agreements")["data"][0]
    yield "| report of 13 months | ms | answer | from raw postings, ms | |"
    yield "| --- | --- | --- | --- | --- |"
    asked = [("one funder, month", f"group_by=month&funder_id={agreement['funder_id']}", None)]
    asked += [(group, f"group_by={group}", group if group in RAW else None) for group in GROUPS]
    for name, query, raw in asked:
        path = f"/reports/consumption?{period}&{query}"
        answers = [timed(lambda path=path: door.open("GET", path).read()) for _ in range(5)]
        best = min(answer[0] for answer in answers)
        size = f"{len(answers[0][1]) / 1000:.0f} kB"
        beside = raw_milliseconds(service, raw) if raw else 0
        told_raw = f"{beside:.0f} | {beside / best:.0f} ×" if raw else " | "
        yield f"| {name} | {best:.0f} | {size} | {told_raw} |"


def under_load(door, load, service, codes, skip, seconds):
    """A report as often as it can be had while 32 connections redeem: its own identity must hold each time."""
    before = door.ask("GET", "/reports/consumption?group_by=month")["totals"]
    driver = subprocess.Popen(
        [load, "http", service.address, "cookie", codes, str(skip), "32", str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    times, broken, last = [], 0, before["workshops_redeemed"]
    while driver.poll() is None:
        took, report = timed(lambda: door.ask("GET", "/reports/consumption?group_by=month"))
        times.append(took)
        rows = [row["workshops_redeemed"] for row in report["rows"]]
        broken += sum(rows) != report["totals"]["workshops_redeemed"] or sum(rows) < last
        last = sum(rows)
    done = json.loads(driver.stdout.read())
    after = door.ask("GET", "/reports/consumption?group_by=month")["totals"]
    counted = after["workshops_redeemed"] - before["workshops_redeemed"]
    cents = after["consumed_cents"] - before["consumed_cents"]
    times.sort()
    yield (
        f"While {done['per_second']:.0f} redemptions a second came in over 32 connections, {len(times)} reports by month "
        f"were asked for: median {times[len(times) // 2]:.0f} ms, longest {times[-1]:.0f} ms; {broken} did not add up or went back. Afterwards "
        f"the report counts {counted} workshops more for {done['redeemed']} that were answered, {cents} cents."
    )
    return done["next"]


def export(door, service):
    """Every redemption as CSV, while the service's memory is watched."""
    before, most, stop = resident(service.process.pid), [0], threading.Event()

    def watch():
        while not stop.wait(0.05):
            most[0] = max(most[0], resident(service.process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, size, lines = time.perf_counter(), 0, 0
    with door.open("GET", "/redemptions.csv") as answer:
        first = None
        while piece := answer.read(1 << 20):
            first = first or time.perf_counter() - began
            size += len(piece)
            lines += piece.count(b"\n")
    took = time.perf_counter() - began
    stop.set()
    watcher.join()
    yield (
        f"Every redemption as CSV: {lines - 1} lines, {size / 1e6:.0f} MB in {took:.1f} s ({lines / took:.0f} lines/s), the "
        f"first after {first * 1000:.0f} ms; memory of the service {before} MB before, at most {most[0]} MB meanwhile."
    )


def calls(door, service, load, folder, codes, seconds):
    def bodies(name, lines):
        file = folder / f"{name}.bodies"
        file.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
        return file

    def rate(name, token, path, lines, connections):
        before = cpu(service.process.pid)
        out = json.loads(
            told(
                load,
                "calls",
                service.address,
                token,
                path,
                bodies(name, lines),
                str(connections),
                str(seconds),
            )
        )
        micros = (cpu(service.process.pid) - before) / max(out["redeemed"], 1) * 1e6
        other = f" ({out['other']})" if out["other"] else ""
        return (
            f"| {name}, {connections} at once | {out['per_second']:.0f}{other} | {out['p50_us'] / 1000:.1f} "
            f"| {out['p99_us'] / 1000:.1f} | {micros:.0f} |"
        )

    targets = [line.split(",") for line in codes.read_text().splitlines()[-5000:]]
    email = targets[0][2]
    theirs = [target for target in targets if target[2] == email]
    signed_in = {"email": email, "password": PASSWORD}
    staff = door.ask("POST", "/auth/tokens", signed_in)["access_token"]
    yield "| | a second | p50 ms | p99 ms | service µs each |"
    yield "| --- | --- | --- | --- | --- |"
    yield rate(
        "check of a code",
        staff,
        "/api/v1/redemptions/check",
        [{"code": code, "venue_id": venue} for code, venue, _ in theirs],
        8,
    )
    yield rate("sign-in (Argon2id)", "-", "/api/v1/auth/tokens", [signed_in], 2)
    programme = door.ask("GET", "/programmes?limit=1")["data"][0]["id"]
    prescriber = door.ask("POST", "/organisations", {"name": "Mesure", "prescriber": True})["id"]
    door.open(
        "POST", f"/programmes/{programme}/prescribers", {"organisation_id": prescriber}
    ).close()
    email = f"mesure-{int(time.time())}@exemple.fr"  # the database may have been measured before
    service.command(
        "user",
        "add",
        "--email",
        email,
        "--name",
        "Mesure",
        "--role",
        "social_worker",
        "--organisation",
        prescriber,
        "--password-stdin",
        input=PASSWORD + "\n",
    )
    worker = door.ask("POST", "/auth/tokens", {"email": email, "password": PASSWORD})[
        "access_token"
    ]
    yield rate("handover", worker, "/api/v1/passes", [{"programme_id": programme, "units": 5}], 8)
    began = time.perf_counter()
    paper = folder / "run.pdf"
    service.command(
        "stock",
        "print",
        "--programme",
        programme,
        "--prescriber",
        prescriber,
        "--units",
        "5",
        "--count",
        "1000",
        "--box-size",
        "100",
        "--layout",
        "letter",
        "--out",
        str(paper),
    )
    took = time.perf_counter() - began
    yield f"| stock run of 1,000 letters, one process | {1000 / took:.0f} | | | {took * 1000:.0f} |"


def machine(binary, service):
    stripped = service_size = binary.stat().st_size
    if shutil.which("strip"):
        with tempfile.NamedTemporaryFile() as copy:
            told("strip", "-o", copy.name, binary)
            stripped = pathlib.Path(copy.name).stat().st_size
    service.stop()
    began = time.perf_counter()
    service.start()
    took = (time.perf_counter() - began) * 1000
    time.sleep(3)
    yield (
        f"Start-up until it answers {took:.0f} ms; resident memory idle {resident(service.process.pid)} MB; binary "
        f"{service_size / 1e6:.0f} MB, {stripped / 1e6:.0f} MB stripped."
    )


def say(lines):
    print("\n" + "\n".join(lines), flush=True)


def main():
    asked = arguments(passes=1_500_000, fresh=200_000, seconds=10).parse_args()
    binary, load, said = built()
    print(f"# {engine(asked)}, {said}", flush=True)
    with database(binary, asked) as (service, codes, of_what):
        say([of_what])
        service.start()
        say(machine(binary, service))
        door = Door(service)
        say(reports(door, service))
        say(under_load(door, load, service, codes, asked.skip, asked.seconds))
        say([f"Resident memory after that: {resident(service.process.pid)} MB."])
        say(export(door, service))
        with tempfile.TemporaryDirectory() as folder:
            say(calls(door, service, load, pathlib.Path(folder), codes, asked.seconds))


main()
