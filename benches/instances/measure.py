"""Two instances of the service behind HAProxy on one PostgreSQL, and a streaming standby.

    benches/instances/run [--fresh N] [--seconds S]

Redeems through one instance, through the proxy before one and before two, and kills one of the two
halfway; `ledger verify` proves what is left. Then a standby is made, and the report that the
command line reads from it is compared with the primary's.
Needs HAProxy.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from measuring import Postgres, Service, built, free_port, told

PROXY = """
global
    maxconn 1024
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
frontend door
    bind 127.0.0.1:{port}
    default_backend services
backend services
    balance roundrobin
    option httpchk GET /healthz
{servers}
"""


class Proxy:
    def __init__(self, folder, services):
        self.port = free_port()
        servers = "\n".join(
            f"    server s{n} {service.address} check inter 500"
            for n, service in enumerate(services)
        )
        config = folder / "haproxy.cfg"
        config.write_text(PROXY.format(port=self.port, servers=servers))
        self.address = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(["haproxy", "-q", "-db", "-f", str(config)])
        time.sleep(1.5)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fresh", type=int, default=250_000)
    parser.add_argument("--seconds", type=int, default=6)
    asked = parser.parse_args()
    binary, load, said = built()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="passnum-bench-"))
    postgres = Postgres(folder)
    standby = None
    try:
        codes = folder / "codes.csv"
        services = [Service(binary, folder / "data", postgres.url) for _ in range(2)]
        services[0].command(
            "generate", "--passes", "0", "--fresh", str(asked.fresh), "--codes", str(codes)
        )
        postgres.psql("-c", "VACUUM ANALYZE", "-c", "CHECKPOINT")
        for service in services:
            service.start()
        print(f"# Two instances and a standby, {said}\n")
        print("| 64 connections | redeemed/s | p50 ms | p99 ms |\n| --- | --- | --- | --- |")
        skip = 0

        def row(name, address, seconds=asked.seconds):
            nonlocal skip
            out = json.loads(
                told(load, "http", address, "cookie", str(codes), str(skip), "64", str(seconds))
            )
            skip = out["next"]
            other = f" ({out['other']})" if out["other"] else ""
            print(
                f"| {name} | {out['per_second']:.0f}{other} | {out['p50_us'] / 1000:.1f} | {out['p99_us'] / 1000:.1f} |",
                flush=True,
            )

        told(load, "http", services[0].address, "cookie", str(codes), "0", "8", "3")
        skip = 20_000
        row("one instance", services[0].address)
        one = Proxy(folder, services[:1])
        row("one instance behind HAProxy", one.address)
        one.stop()
        both = Proxy(folder, services)
        row("two instances behind HAProxy", both.address)
        driver = subprocess.Popen(
            [load, "http", both.address, "cookie", str(codes), str(skip), "64", str(asked.seconds)],
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(asked.seconds / 2)
        services[1].process.kill()
        out = json.loads(driver.communicate()[0] or "{}")
        skip = out.get("next", skip + 50_000)
        print(
            f"| one of the two killed halfway | {out.get('per_second', 0):.0f} ({out.get('other')}) | | |",
            flush=True,
        )
        both.stop()
        print("\n" + services[0].command("ledger", "verify").splitlines()[-1], flush=True)

        told("chown", "postgres", folder)
        base = folder / "standby"
        port = free_port()
        postgres.as_owner(
            f"{postgres.bin}/pg_basebackup -D {base} -R -X stream -h 127.0.0.1 -p {postgres.port} -U postgres"
        )
        postgres.as_owner(
            f"{postgres.bin}/pg_ctl -D {base} -w -l {folder}/standby.log -o '-p {port} -k {folder} "
            f"-c listen_addresses=127.0.0.1 -c max_connections=200' start >/dev/null"
        )
        standby = base
        reader = Service(binary, folder / "data", f"postgres://postgres@127.0.0.1:{port}/postgres")
        driver = subprocess.Popen(
            [load, "http", services[0].address, "cookie", str(codes), str(skip), "32", "8"],
            stdout=subprocess.PIPE,
            text=True,
        )
        lags, reports = [], 0
        while driver.poll() is None:
            reader.command("report", "consumption", "--group-by", "month")
            reports += 1
            lags.append(
                float(
                    told(
                        "psql",
                        "-X",
                        "-tA",
                        postgres.url,
                        "-c",
                        "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0) FROM pg_stat_replication",
                    )
                )
            )
        done = json.loads(driver.stdout.read())
        for _ in range(100):
            here = services[0].command(
                "report", "consumption", "--group-by", "theme", "--format", "csv"
            )
            there = reader.command(
                "report", "consumption", "--group-by", "theme", "--format", "csv"
            )
            if here == there:
                break
            time.sleep(0.1)
        print(
            f"\nA standby was read {reports} times by `report consumption` while {done['per_second']:.0f} redemptions a second "
            f"came in; it was at most {max(lags) / 1e6:.1f} MB of log behind. Afterwards its report by theme is "
            f"{'the same, byte for byte' if here == there else 'NOT the same'}."
        )
        services[0].stop()
    finally:
        if standby:
            postgres.as_owner(f"{postgres.bin}/pg_ctl -D {standby} -m fast stop >/dev/null")
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
