"""A community with things in it that must never be shown, and a client of its pages."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from tests.support import read_once

from redprop_bot.content import Content, packaged_root, roots
from redprop_bot.dialogue.office import Office
from redprop_bot.loop import acts, order
from redprop_bot.loop.actor import Actor, speaking
from redprop_bot.loop.report import Report
from redprop_bot.media import FileMedia
from redprop_bot.notify import telling
from redprop_bot.ports import Channel, FrozenClock
from redprop_bot.registry import people
from redprop_bot.registry.demo import load_demo
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.settings import load
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store
from redprop_bot.understand.reader import Reader
from redprop_bot.web.app import make_app

NAME, PHONE, OPENID, ROOM = "尤佳慧", "13911112222", "oX7kq_resident", "1803"
WORDS = f"{NAME}家1803室水管爆了，打{PHONE}，老地方见"
NOTE = f"和{NAME}约好了，电话{PHONE}"
PLACE = f"{NAME}家门口"
SECRET = b"a secret of these tests only"


@dataclass(frozen=True)
class Seeded:
    """Numbers of what was put in."""

    open: str
    closed: str
    complaint: str
    aid: str


@pytest.fixture(scope="session")
def reader() -> Reader:
    """What the product ships with."""
    return read_once.reader(roots(None))


@pytest.fixture
def office(sqlite_store: Store, clock: FrozenClock, content: Content, reader: Reader, tmp_path: Path) -> Office:
    """An office with the demo community, not in demo mode."""
    sqlite_store.listeners.append(telling.tell)
    sqlite_store.run(lambda tx: load_demo(tx, packaged_root()))
    settings = load(env_file=None, database_url=sqlite_store.url, demo=False)
    return Office(
        settings, content, lambda: reader, sqlite_store, clock, SECRET, media=FileMedia(tmp_path / "media")
    )


@pytest.fixture
async def client(office: Office) -> AsyncIterator[TestClient]:
    """A browser without any login."""
    async with TestClient(TestServer(make_app(office))) as client:
        yield client


def resident(tx: Tx) -> Actor:
    """Somebody with a name, a phone and a door."""
    speaker = people.identify(tx, Channel.OA, OPENID)
    tx.update(Person, speaker.person.id, name=NAME, phone=PHONE, room=ROOM, building="5", unit="2")
    return speaking(people.identify(tx, Channel.OA, OPENID))


def staff(tx: Tx, userid: str) -> Actor:
    """Somebody of the demo roster."""
    return speaking(people.identify(tx, Channel.WORK, userid))


def reported(tx: Tx, actor: Actor, **values):
    """A report at 荷香苑, 5栋2单元1803, with everything personal that a report can hold."""
    estate = register(tx).estate("荷香苑")
    filled = {
        "text": WORDS,
        "reported_at": tx.now,
        "intent": "demand.report",
        "category": "plumbing",
        "urgency": "normal",
        "estate_id": estate.id,
        "building": "5",
        "unit": "2",
        "room": ROOM,
        "place": PLACE,
        "phone": PHONE,
    }
    report = Report(**(filled | values))
    return order.order(tx, actor, report, reporter_id=actor.person_id).demand


@pytest.fixture
def seeded(office: Office, clock: FrozenClock) -> Seeded:
    """One open, one closed with a rating, one complaint, one family in need."""

    def job(tx: Tx) -> Seeded:
        me, manager = resident(tx), staff(tx, "hanlq")
        done = reported(tx, me, category="power", text=f"灯坏了 {WORDS}")
        done = acts.perform(tx, done, Act.PROGRESS, manager, {"note": NOTE})
        done = acts.perform(tx, done, Act.FULFIL, manager, {"note": NOTE, "media": ["media-1"]})
        done = acts.perform(tx, done, Act.RATE, me, {"stars": 4, "reason": NOTE})
        running = reported(tx, me)
        acts.perform(tx, running, Act.ACCEPT, manager, {"note": NOTE})
        complaint = reported(tx, me, intent="complaint", category="sanitation", urgency=None, text=f"投诉 {WORDS}")
        aid = reported(tx, me, category="aid", text=f"没饭吃 {WORDS}")
        return Seeded(running.no, done.no, complaint.no, aid.no)

    seeded = office.store.run(job)
    clock.at += timedelta(hours=1)
    return seeded
