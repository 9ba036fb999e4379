"""Two PostgreSQL servers under Patroni with etcd, behind HAProxy and PgBouncer, all of Debian's packages.

The service speaks to PgBouncer in session mode, PgBouncer to HAProxy, and HAProxy to whichever server
Patroni calls the primary. A commit is answered when the standby has it too (synchronous mode).
"""

import contextlib
import json
import os
import pathlib
import pwd
import signal
import subprocess
import sys
import time
import urllib.request

import commands
from measuring import free_port, told

TTL = 20
PROXY = """
global
    maxconn 1000
defaults
    mode tcp
    timeout connect 2s
    timeout client 30m
    timeout server 30m
listen primary
    bind 127.0.0.1:{port}
    option httpchk OPTIONS /primary
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""
POOLER = """
[databases]
* = host=127.0.0.1 port={proxy}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = session
default_pool_size = 100
max_client_conn = 300
server_login_retry = 1
server_connect_timeout = 3
query_wait_timeout = 10
"""


class Node:
    def __init__(self, name, folder, binaries):
        self.name, self.folder = name, folder / name
        # etcd listens to each node on a port of its own, so that one can be cut off from it.
        self.port, self.door, self.etcd = free_port(), free_port(), free_port()
        self.folder.mkdir()
        self.data = self.folder / "data"
        self.config = self.folder / "patroni.json"
        self.config.write_text(json.dumps(self.settings(binaries)))
        self.process = None

    def settings(self, binaries):
        accounts = {"superuser": "postgres", "replication": "replicator"}
        return {
            "scope": "tried",
            "name": self.name,
            "restapi": {
                "listen": f"127.0.0.1:{self.door}",
                "connect_address": f"127.0.0.1:{self.door}",
            },
            "etcd3": {"hosts": [f"127.0.0.1:{self.etcd}"], "use_proxies": True},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL,
                    "loop_wait": 2,
                    "retry_timeout": 3,
                    "synchronous_mode": True,
                    "master_start_timeout": 0,
                    "postgresql": {
                        "use_pg_rewind": True,
                        "parameters": {"max_connections": 200, "wal_log_hints": "on"},
                    },
                },
                "initdb": [{"encoding": "UTF8"}],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}",
                "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": str(self.data),
                "bin_dir": str(binaries),
                "pgpass": str(self.folder / "pgpass"),
                # Its own Patroni reaches it also when the network does not.
                "use_unix_socket": True,
                "pg_hba": [
                    "local all all trust",
                    "host all all 127.0.0.1/32 trust",
                    "host replication all 127.0.0.1/32 trust",
                ],
                "authentication": {
                    kind: {"username": name, "password": "for-the-trial"}
                    for kind, name in accounts.items()
                },
                "parameters": {"unix_socket_directories": str(self.folder)},
            },
        }

    def family(self):
        """Patroni and every process of its server."""
        found = [self.process.pid]
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and os.readlink(entry / "cwd") == str(self.data):
                    found.append(int(entry.name))
        return found

    def cut_off(self, really=True):
        """Nobody reaches its server and its Patroni, and it reaches neither etcd nor the other."""
        for port in (self.port, self.door, self.etcd):
            for end in ("--dport", "--sport"):
                rule = ("OUTPUT", "-o", "lo", "-p", "tcp", end, str(port))
                refused = ("-j", "REJECT", "--reject-with", "tcp-reset")
                told("iptables", "-I" if really else "-D", *rule, *refused)

    def signal(self, number):
        family = self.family()
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        return family


class Cluster:
    """What `ground` asks of a server, over Patroni's two."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.proxy, self.port = free_port(), free_port()
        self.running = []
        self.nodes = [Node(f"n{n}", folder, self.bin) for n in range(2)]
        for path in (folder, *folder.rglob("*")):
            owner = pwd.getpwnam("postgres")
            os.chown(path, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o755)
        self.start()

    def runs(self, *words):
        name = pathlib.Path(words[0]).name
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                words,
                user="postgres",
                group="postgres",
                extra_groups=[],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            )
        self.running.append(process)
        return process

    def start(self):
        self.keeper = self.runs(*self.etcd_words())
        time.sleep(2)
        for node in self.nodes:
            self.joins(node)
        servers = "\n".join(
            f"    server {n.name} 127.0.0.1:{n.port} check port {n.door}" for n in self.nodes
        )
        (self.folder / "haproxy.cfg").write_text(PROXY.format(port=self.proxy, servers=servers))
        self.runs("/usr/sbin/haproxy", "-db", "-f", str(self.folder / "haproxy.cfg"))
        pooler = POOLER.format(proxy=self.proxy, port=self.port, folder=self.folder)
        (self.folder / "pgbouncer.ini").write_text(pooler)
        # Whoever may come; the servers trust the loopback address.
        (self.folder / "users").write_text("".join(f'"tried{n}" ""\n' for n in range(100)))
        self.runs("/usr/sbin/pgbouncer", str(self.folder / "pgbouncer.ini"))
        self.until_whole()
        time.sleep(3)

    def etcd_words(self):
        client = ",".join(f"http://127.0.0.1:{node.etcd}" for node in self.nodes)
        peer = f"http://127.0.0.1:{free_port()}"
        return (
            *("/usr/bin/etcd", "--name", "keeper", "--data-dir", str(self.folder / "etcd")),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"keeper={peer}"),
        )

    def joins(self, node):
        node.process = self.runs("/usr/bin/patroni", str(node.config))

    def members(self):
        for node in self.nodes:
            with contextlib.suppress(OSError, ValueError):
                address = f"http://127.0.0.1:{node.door}/cluster"
                with urllib.request.urlopen(address, timeout=2) as answer:
                    return {m["name"]: m for m in json.load(answer)["members"]}
        return {}

    def until_whole(self, seconds=150):
        """Until there is a primary, and a standby that has every commit."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            roles = {m["role"] for m in self.members().values() if m["state"] in RUNNING}
            if {"leader", "sync_standby"} <= roles:
                return
            time.sleep(0.5)
        log = (self.folder / "patroni.log").read_text(errors="replace").splitlines()
        told = "\n".join([line for line in log if "no action" not in line][-60:])
        sys.exit(f"the cluster is not whole after {seconds} s: {self.members()}\n{told}")

    def primary(self):
        leader = next(name for name, m in self.members().items() if m["role"] == "leader")
        return next(node for node in self.nodes if node.name == leader)

    def psql(self, *words):
        """Straight to the primary, past the pooler."""
        url = f"postgres://postgres@127.0.0.1:{self.primary().port}/postgres"
        return told(self.bin / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url, *words)

    def switches_over(self):
        """As an administrator does before maintenance."""
        config = str(self.nodes[0].config)
        leader = self.primary().name
        told(
            *("/usr/bin/patronictl", "-c", config, "switchover", "tried"),
            *("--master", leader, "--force"),
        )

    def stop(self):
        family = [pid for node in self.nodes for pid in node.family()]
        family += [process.pid for process in self.running if process.poll() is None]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        commands.buried(family)


RUNNING = ("running", "streaming")
