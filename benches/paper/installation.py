"""A demo installation of our own: hands passes over, fetches their PDFs, reads photos.

The sheets that are measured come out of the real service through its public doors, so that what
is tested is what a social worker prints, and not a picture drawn for the test.
"""

from __future__ import annotations

import html
import http.client
import json
import re
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

PASSWORD = "demo-pass-numerique"
PUBLIC_URL = "https://pass.exemple.fr"
START_SECONDS = 600


@dataclass(frozen=True)
class Pass:
    """A pass that was handed over: what its QR must say, and its sheets."""

    text: str
    letter: bytes
    card: bytes


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Installation:
    """Talks to a running demo."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.token_field = ""
        self.venue = ""

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request; header names have underscores for dashes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        response = connection.getresponse()
        answer = Answer(response.status, response.getheaders(), response.read())
        connection.close()
        return answer

    def json(self, method: str, path: str, asked: object = None, **headers: str) -> dict:
        """One request of the API; anything but success stops the run."""
        body = b"" if asked is None else json.dumps(asked).encode()
        answer = self.send(
            method, "/api/v1" + path, body, Content_Type="application/json", **headers
        )
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.body.decode()}")
        return json.loads(answer.body)

    def sign_in(self, email: str) -> str:
        """The `Authorization` of that account."""
        asked = {"email": email, "password": PASSWORD}
        return "Bearer " + self.json("POST", "/auth/tokens", asked)["access_token"]

    def programme(self, bearer: str) -> dict:
        """The first programme that this account sees."""
        return self.json("GET", "/programmes", Authorization=bearer)["data"][0]

    def passes(self, count: int) -> list[Pass]:
        """Hands that many passes over, each to a person of its own."""
        bearer = self.sign_in("social@exemple.fr")
        programme = self.programme(bearer)
        made = []
        for number in range(count):
            asked = {
                "programme_id": programme["id"],
                "units": max(programme["sizes"]),
                "commune": "16015",
                "beneficiary": {
                    "given_name": f"Essai {uuid.uuid4().hex}",
                    "family_name": "Papier",
                    "birth_date": f"19{50 + number % 50}-05-17",
                },
            }
            key = str(uuid.uuid4())
            handed = self.json("POST", "/passes", asked, Authorization=bearer, Idempotency_Key=key)
            sheets = [self.sheet(handed["id"], layout, bearer) for layout in ("letter", "card")]
            made.append(Pass(handed["qr"], *sheets))
        return made

    def sheet(self, pass_id: str, layout: str, bearer: str) -> bytes:
        """The PDF of a pass."""
        path = f"/api/v1/passes/{pass_id}/document.pdf?layout={layout}"
        answer = self.send("GET", path, Authorization=bearer)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {answer.body.decode()}")
        return answer.body

    def open_scanner(self) -> None:
        """Signs venue staff in to the pages, where photos are read."""
        form = urlencode({"email": "lieu@exemple.fr", "password": PASSWORD, "suite": ""})
        kind = "application/x-www-form-urlencoded"
        signed = self.send("POST", "/connexion", form.encode(), Content_Type=kind)
        cookies = [value for name, value in signed.headers if name.lower() == "set-cookie"]
        self.cookie = "; ".join(value.split(";")[0] for value in cookies)
        page = self.send("GET", "/scanner", Cookie=self.cookie).body.decode()
        self.token_field = required(r'name="jeton" value="([^"]+)"', page)
        # The only venue is a hidden field, several are a list.
        self.venue = required(r'name="lieu"[^>]*?(?:value="|>.*?value=")([0-9a-f-]{36})"', page)

    def read_photo(self, jpeg: bytes) -> str | None:
        """What the service reads in a photo; `None` when it finds no code in it."""
        if not self.cookie:
            self.open_scanner()
        line = uuid.uuid4().hex
        parts = [("jeton", self.token_field), ("lieu", self.venue), ("code", ""), ("theme", "")]
        body = b""
        for name, value in parts:
            head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            body += (head + value + "\r\n").encode()
        head = f'--{line}\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n'
        body += head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + jpeg
        body += f"\r\n--{line}--\r\n".encode()
        kind = f"multipart/form-data; boundary={line}"
        answer = self.send("POST", "/scanner", body, Content_Type=kind, Cookie=self.cookie)
        page = answer.body.decode()
        found = re.search(r'name="code" value="([^"]+)"', page)
        if answer.status == 200 and found:
            return html.unescape(found.group(1))
        if "Aucun QR code lisible" in html.unescape(page):
            return None
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        said = title.group(1) if title else page[:80]
        # A text that was read but is not our code is refused: it counts as wrong.
        return f"{answer.status} {said}"


def required(pattern: str, page: str) -> str:
    """The part of a page that must be there."""
    found = re.search(pattern, page, re.DOTALL)
    if not found:
        raise SystemExit(f"the scanner page has no {pattern}")
    return found.group(1)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """The port is taken at once, but answers come when the demo is filled."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"the service ended with status {process.returncode}")
        try:
            if Installation(port).send("GET", "/readyz").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit("the service did not begin to answer")


@contextmanager
def demo(binary: Path, data_dir: Path | None = None) -> Iterator[Installation]:
    """A demo that lives as long as the block; its data too, unless a directory is given."""
    with tempfile.TemporaryDirectory(prefix="paper-") as scratch:
        directory, port = data_dir or Path(scratch) / "data", free_port()
        command = [binary, "demo", "--data-dir", directory, "--listen", f"127.0.0.1:{port}"]
        command += ["--public-url", PUBLIC_URL]
        with (Path(scratch) / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
            try:
                wait_until_ready(process, port)
                yield Installation(port)
            finally:
                process.terminate()
                process.wait()
