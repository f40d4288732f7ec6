"""A community of two estates' worth of people, its office, and the whole of HTTP over it, platforms included."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from tests.support import read_once

from redprop_bot.bootstrap.building import LISTENERS
from redprop_bot.bootstrap.sending import senders
from redprop_bot.channels import OfficialAccount, WeCom
from redprop_bot.content import Content, roots
from redprop_bot.dialogue.office import Office
from redprop_bot.media import FileMedia
from redprop_bot.notify.delivery import Delivery
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.importing import import_file
from redprop_bot.settings import Settings, load
from redprop_bot.simulated import Twin
from redprop_bot.store.worker import Store
from redprop_bot.understand.reader import Reader
from redprop_bot.web import access
from redprop_bot.web.app import make_app
from redprop_bot.web.serving import calling

ROSTER = Path(__file__).with_name("roster.yaml")
MEMBERS = ["hejd", "linsj", "maiwg", "yuesj", "jianjl", "haosf", "youjl", "jianggong", "ranzr", "weidy"]


@dataclass
class House:
    """The office with its web application, as other systems reach it."""

    office: Office
    client: TestClient
    clock: FrozenClock
    delivery: Delivery
    twin: Twin

    def token(self, role: str, **limits: str) -> str:
        """A fresh token."""
        return self.office.store.run(lambda tx: access.create(tx, role, **limits))

    async def api(
        self, method: str, path: str, token: str | None = None, body: Any = None, **headers: str
    ) -> tuple[int, Any]:
        """Status and JSON of a call below /api/v1; `body` may be bytes."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.client.request(method, f"/api/v1{path}", data=data, headers=headers)
        return answer.status, json.loads(await answer.read())

    async def act(self, token: str, no: str, act: str, **fields: Any) -> tuple[int, Any]:
        """An act on a demand."""
        return await self.api("POST", f"/demands/{no}/acts", token, {"act": act, **fields})

    async def report(self, token: str, text: str = "海棠苑3栋2单元电梯坏了", **fields: Any) -> Any:
        """A new demand."""
        status, item = await self.api("POST", "/demands", token, {"text": text, **fields})
        assert (status, item.pop("outcome")) == (201, "created"), item
        return item

    async def deliver(self) -> None:
        """Send everything that may leave now."""
        await self.delivery.drain_all()


@pytest.fixture(scope="session")
def reader() -> Reader:
    """What reads messages; it keeps nothing."""
    return read_once.reader(roots(None))


@pytest.fixture
async def twin(clock: FrozenClock) -> AsyncIterator[Twin]:
    """Both platforms."""
    async with Twin(clock, members=MEMBERS) as twin:
        yield twin


def settings_for(url: str, twin: Twin) -> Settings:
    """What an operator would set."""
    return load(None, database_url=url, secret_key="0" * 32, oa=twin.oa_settings(), work=twin.work_settings())


def open_office(
    url: str, twin: Twin, clock: FrozenClock, content: Content, reader: Reader, **settings: Any
) -> Office:
    """An office on a database; the roster is imported, which changes nothing the second time."""
    chosen = settings_for(url, twin).model_copy(update=settings)
    store = Store(url, clock=clock, content=content, listeners=LISTENERS)
    store.run(lambda tx: import_file(tx, ROSTER))
    return Office(
        settings=chosen,
        content=content,
        hears=lambda: reader,
        store=store,
        clock=clock,
        secret_key=b"0" * 32,
        official_account=OfficialAccount(chosen.oa, clock) if chosen.oa else None,
        wecom=WeCom(chosen.work, clock) if chosen.work else None,
    )


@pytest.fixture
def folder(tmp_path: Path) -> FileMedia:
    """Where pictures are kept."""
    return FileMedia(tmp_path / "media")


@pytest.fixture
async def house(
    database_url: str, twin: Twin, clock: FrozenClock, content: Content, reader: Reader, *, folder: FileMedia
) -> AsyncIterator[House]:
    """The whole house, once on each engine."""
    office = open_office(database_url, twin, clock, content, reader)
    office.media = folder
    async for made in _opened(office, twin, clock):
        yield made


@pytest.fixture
async def small_house(
    sqlite_url: str, twin: Twin, clock: FrozenClock, content: Content, reader: Reader, *, folder: FileMedia
) -> AsyncIterator[House]:
    """The whole house on SQLite only, for what no engine changes."""
    office = open_office(sqlite_url, twin, clock, content, reader)
    office.media = folder
    async for made in _opened(office, twin, clock):
        yield made


async def _opened(office: Office, twin: Twin, clock: FrozenClock) -> AsyncIterator[House]:
    async with calling() as session, TestClient(TestServer(make_app(office))) as client:
        office.senders = senders(office, session)
        twin.callbacks(str(client.make_url("/")))
        yield House(office, client, clock, Delivery(office.store, office.senders), twin)
    office.close()
