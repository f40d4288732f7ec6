"""The product as other people meet it: processes of the command, started in a temporary folder, and plain HTTP."""

import atexit
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tests.blackbox.wire import KEY_SECRET, OA, OA_SECRET, WORK, WORK_SECRET
from tests.support.commands import Command, product
from tests.support.patient import UNHURRIED
from tests.support.ports import free_port

ROADS = Path("data") / "limits" / "roads.yaml"


def unhurried() -> Path:
    """Content by which one person may get the orders of a whole test file within a minute.

    The real limit per member is tried where it is the subject; here a town's day passes in seconds.
    """
    folder = Path(tempfile.gettempdir()) / f"redprop-unhurried-{os.getpid()}"
    if not (folder / ROADS).exists():
        told = (Path(__file__).parents[2] / ROADS).read_text("utf-8")
        (folder / ROADS).parent.mkdir(parents=True, exist_ok=True)
        lines = [line for line in told.splitlines() if not line.startswith("member:")]
        lines.append("member: {per_minute: 100000, per_hour: 100000}")
        (folder / ROADS).write_text("\n".join(lines) + "\n", "utf-8")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


KEPT = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")


def zone_where_it_is(hour: int) -> str:
    """A zone without summer time in which the local hour is about `hour` now, on the day that is nearest."""
    shift = hour - datetime.now(UTC).hour
    if shift > 14:
        shift -= 24
    if shift < -12:
        shift += 24
    # The sign of these names is turned round by their definition.
    return "Etc/GMT" + (f"-{shift}" if shift > 0 else f"+{-shift}" if shift else "")


def settings(database: str | None = None, *, platform: str = "", **more: str) -> dict[str, str]:
    """A whole environment for the product: both channels against `platform`, and what a test adds or changes."""
    found = {name: os.environ[name] for name in KEPT if name in os.environ}
    found |= {
        "PYTHONIOENCODING": "utf-8",
        "REDPROP_SECRET_KEY": KEY_SECRET,
        "REDPROP_CONTENT_DIR": str(unhurried()),
        "REDPROP_TIMEZONE": zone_where_it_is(10),
    }
    if database:
        found["REDPROP_DATABASE_URL"] = database
    if platform:
        found |= {
            "REDPROP_OA__APP_ID": OA.receiver,
            "REDPROP_OA__SECRET": OA_SECRET,
            "REDPROP_OA__TOKEN": OA.token,
            "REDPROP_OA__AES_KEY": OA.aes_key,
            "REDPROP_OA__API_BASE": platform,
            "REDPROP_WORK__CORP_ID": WORK.receiver,
            "REDPROP_WORK__AGENT_ID": str(WORK.agent),
            "REDPROP_WORK__SECRET": WORK_SECRET,
            "REDPROP_WORK__TOKEN": WORK.token,
            "REDPROP_WORK__AES_KEY": WORK.aes_key,
            "REDPROP_WORK__API_BASE": platform,
        }
    return found | more


@dataclass
class Done:
    """What a command that ended left: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


@dataclass
class House:
    """A folder with an environment: commands are run there, and services are started there."""

    folder: Path
    env: dict[str, str]
    running: list["Service"] = field(default_factory=list)

    def run(
        self, *arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None, seconds: float = 300
    ) -> Done:
        with tempfile.TemporaryDirectory() as streams:
            said, out, err = (Path(streams, name) for name in ("said", "out", "err"))
            out.touch()
            err.touch()
            said.write_bytes(stdin.encode() if isinstance(stdin, str) else stdin)
            env = {**self.env, **(env or {})}
            command = Command(product, arguments, folder=self.folder, env=env, said=said, out=out, err=err)
            try:
                code = command.wait(seconds)
            except subprocess.TimeoutExpired:
                command.kill()
                raise
            return Done(code, out.read_text("utf-8"), err.read_text("utf-8"))

    def ok(self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> str:
        done = self.run(*arguments, stdin=stdin, env=env)
        assert done.code == 0, f"{arguments}: exit {done.code}\n{done.all}"
        return done.out

    def token(self, role: str, *more: str) -> str:
        return self.ok("token", "create", "--role", role, *more).strip()

    def serve(self, env: Mapping[str, str] | None = None) -> "Service":
        service = Service(self, {**self.env, **(env or {})})
        self.running.append(service)
        service.wait_until_ready()
        return service

    def close(self) -> None:
        for service in self.running:
            service.stop()


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def call(
    base: str,
    method: str,
    path: str,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    query: Any = None,
) -> Answer:
    """One request on a connection of its own. `body` is bytes, or anything else as JSON."""
    parts = urlsplit(base)
    target = quote(path, safe="/%:@-._~") + ("?" + urlencode(query) if query else "")
    sent = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body, ensure_ascii=False).encode()
        sent.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=UNHURRIED)
    try:
        connection.request(method, target, body=body, headers=sent)
        got = connection.getresponse()
        return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
    finally:
        connection.close()


class Service:
    """One `serve` process; ended by its own id."""

    def __init__(self, house: House, env: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = house.folder / f"serve-{self.port}.log"
        arguments = ["serve", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = Command(product, arguments, folder=house.folder, env=env, out=self.log)

    def wait_until_ready(self, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if call(self.url, "GET", "/readyz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError("the service did not become ready:\n" + self.log.read_text())

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)

    def call(self, method: str, path: str, **more: Any) -> Answer:
        return call(self.url, method, path, **more)

    def due(self) -> int:
        """How many messages should be on their way by now; a service that was stopped sends none."""
        if self.process.poll() is not None:
            return 0
        told = self.call("GET", "/metrics").text
        return int(float(re.search(r"^redprop_outbox_due (\S+)$", told, re.MULTILINE)[1]))


@dataclass
class Api:
    """The API as the holder of one token sees it."""

    service: Service
    token: str

    def call(self, method: str, path: str, body: Any = None, key: str | None = None, **query: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        return self.service.call(method, "/api/v1" + path, body=body, headers=headers, query=query or None)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.call("GET", path, **query)
        assert answer.status == 200, (path, query, answer.status, answer.text)
        return answer.json

    def demand(self, number: str) -> Any:
        return self.get(f"/demands/{number}")

    def order(self, **fields: Any) -> Any:
        answer = self.call("POST", "/demands", fields)
        assert answer.status in {200, 201}, (answer.status, answer.text)
        return answer.json

    def act(self, number: str, verb: str, **fields: Any) -> Answer:
        return self.call("POST", f"/demands/{number}/acts", {"act": verb, **fields})

    def acts(self, number: str) -> list[str]:
        return [event["act"] for event in self.demand(number)["events"]]
