"""Requests as a client sends them, each over a connection of its own, and what came back."""

import dataclasses
import http.client
import json
import time


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    text: str
    replayed: bool = False

    def json(self):
        return json.loads(self.text)


@dataclasses.dataclass(frozen=True)
class Request:
    """One request; sent again it is the same, to the byte."""

    kind: str
    method: str
    path: str
    body: str | None = None
    token: str | None = None
    key: str | None = None

    def send(self, address, timeout=60):
        """Raises `OSError` or `HTTPException` when no whole answer came."""
        host, port = address.split(":")
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.key:
            headers["Idempotency-Key"] = self.key
        connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
        try:
            data = self.body.encode() if self.body is not None else None
            connection.request(self.method, f"/api/v1{self.path}", data, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, text, answer.headers.get("Idempotency-Replayed") == "true")
        finally:
            connection.close()


NO_ANSWER = (OSError, http.client.HTTPException)


def status_of(address, path, timeout=60):
    """The status that a machine's address answers, or none, and how long it took."""
    host, port = address.split(":")
    began = time.monotonic()
    connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began
    except NO_ANSWER:
        return None, time.monotonic() - began
    finally:
        connection.close()


class Door:
    """The service as one account sees it."""

    def __init__(self, address, token=None):
        self.address = address
        self.token = token

    def signs_in(self, email, password):
        body = {"email": email, "password": password}
        return Door(self.address, self.ask("POST", "/auth/tokens", body)["access_token"])

    def ask(self, method, path, body=None, key=None):
        text = json.dumps(body) if body is not None else None
        answer = Request("", method, path, text, self.token, key).send(self.address)
        # One account reads no more than so much a minute: a proof reads more.
        while answer.status == 429 and method == "GET":
            time.sleep(5)
            answer = Request("", method, path, text, self.token, key).send(self.address)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.text}")
        return json.loads(answer.text) if answer.text[:1] in "{[" and answer.text else answer.text

    def all(self, path):
        """Every page of a list."""
        found, after = [], ""
        while after is not None:
            mark = "&" if "?" in path else "?"
            page = self.ask("GET", f"{path}{mark}limit=200{after and '&after=' + after}")
            found += page["data"]
            after = page["next"]
        return found
