"""Playing a conversation through the in-process channel and holding every step against what it expects."""

import dataclasses
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import event as sqlalchemy_event
from tests.golden import actual as look
from tests.golden.actual import Actual, Names, examine
from tests.golden.facts import facts
from tests.golden.judge import judge
from tests.golden.script import ROSTER, Script, Step, moment
from tests.support import sqlite

from redprop_bot.bootstrap import building
from redprop_bot.bootstrap.building import LISTENERS
from redprop_bot.clock.kinds import ABOVE, PLANS
from redprop_bot.dialogue.office import Office
from redprop_bot.dialogue.turn import Answer
from redprop_bot.loop import ageing, due
from redprop_bot.loop.actor import RULE
from redprop_bot.ports import Channel, FrozenClock, Inbound, Kind
from redprop_bot.registry.importing import import_file
from redprop_bot.registry.people import identify
from redprop_bot.registry.register import register
from redprop_bot.rules.activities import code
from redprop_bot.settings import load as load_settings
from redprop_bot.simulated.talking import Phone, Town
from redprop_bot.store import migrate, soundness
from redprop_bot.store.engine import open_engine
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx, table_of
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import ledger, shop

Watch = Callable[["Step", "Actual", "Stage"], None]

__all__ = ["MismatchError", "Stage", "Theatre", "play"]


class MismatchError(AssertionError):
    """A conversation went another way; the text says where and how."""


class Theatre:
    """Where conversations are played one after the other: one office, one engine, a fresh database for each.

    One engine for each roster, because it keeps the statements it has compiled; they cost more than a conversation
    does, and the register that a process remembers belongs to the engine.
    """

    def __init__(self, folder: Path, *, content_dir: Path | None = None) -> None:
        self._folder = folder
        self._scenes: dict[Path, tuple[Path, Path, Engine]] = {}
        clock = FrozenClock(moment("2026-11-25 10:00"))
        settings = load_settings(None, database_url=sqlite.migrated(folder / "office.db"), content_dir=content_dir)
        self.office: Office = building.build(settings, clock=clock)

    def play(self, script: Script, *, watch: Watch | None = None) -> None:
        """Play it on a copy of the database that holds the roster and nothing else."""
        template, scene, engine = self._scene(script.roster)
        engine.dispose()
        shutil.copyfile(template, scene)
        play(self.office, script, f"sqlite:///{scene}", watch=watch, engine=engine)

    def enrolled(self, roster: Path = ROSTER) -> Store:
        """A store on a database of its own with a roster in it."""
        url = sqlite.migrated(self._folder / f"{roster.stem}.db")
        store = Store(url, clock=self.office.clock, content=self.office.content, listeners=LISTENERS)
        enrol(store, roster)
        return store

    def _scene(self, roster: Path) -> tuple[Path, Path, Engine]:
        if roster not in self._scenes:
            self.enrolled(roster).close()  # the last to leave writes the log back into the file
            scene = self._folder / f"{roster.stem}_scene.db"
            engine = open_engine(f"sqlite:///{scene}")
            sqlalchemy_event.listen(engine, "connect", hurry)
            self._scenes[roster] = self._folder / f"{roster.stem}.db", scene, engine
        return self._scenes[roster]


def hurry(connection: Any, _record: Any) -> None:
    """What is played need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


def enrol(store: Store, roster: Path = ROSTER) -> None:
    """Bring a database up to date and a roster into it."""
    migrate.upgrade(store.engine)
    store.run(lambda tx: import_file(tx, roster))


@dataclass
class Stage:
    """Where a conversation is played: an office on a database of its own, its town, its names."""

    office: Office
    clock: FrozenClock
    town: Town
    names: Names
    store: Store
    pace: timedelta
    sweep: Callable[[Store], Any]
    last: Inbound | None = None
    waiting: set[int | None] = dataclasses.field(default_factory=set)

    def phone(self, who: str) -> Phone:
        """The phone of a person of the roster, or of a resident."""
        for identity, name in self.names.people.items():
            if name == who:
                return Phone(Channel.OA if identity.startswith("o-") else Channel.WORK, identity)
        raise MismatchError(f"没有这个人：{who}")


def set_stage(office: Office, script: Script, url: str, engine: Engine | None = None) -> Stage:
    """Put an office on the database at `url`, which holds the roster."""
    clock = FrozenClock(script.start)
    store = Store(url, clock=clock, content=office.content, listeners=LISTENERS, engine=engine)
    office = dataclasses.replace(office, store=store, clock=clock)
    if script.prepare is not None:
        store.run(script.prepare)
    names = Names(office.content)
    staff = store.look(lambda tx: register(tx).people)
    names.people = {p.userid: p.name for p in staff.values() if p.userid and p.name}
    names.people |= {f"o-{name}": name for name in script.residents}
    return Stage(office, clock, Town(office), names, store, script.pace, script.sweep or _reminders)


def _reminders(store: Store) -> None:
    """What time does to orders; who is told of the day at half past eight is not what conversations are about."""
    store.run(lambda tx: due.sweep(tx, ABOVE))


def whole_sweep(store: Store) -> None:
    """As `run-due` does it: digests are planned, then everything is done until nothing is due."""
    store.run(lambda tx: due.prepare(tx, PLANS))
    while store.run(lambda tx: due.sweep(tx, ABOVE)):
        pass
    while store.run(ageing.orders):
        pass
    while +store.run(ageing.rest):
        pass


def play(
    office: Office, script: Script, url: str, *, watch: Watch | None = None, engine: Engine | None = None
) -> None:
    """Play it; raises MismatchError at the first step that differs. `watch` sees every step instead of judging."""
    stage = set_stage(office, script, url, engine)
    stage.store.run(lambda tx: furnish(tx, stage, script))
    try:
        for step in script.before:
            _check_background(step, _do(stage, step)[0])
            stage.town.arrive()
        stage.names.learn(stage.store.look(look.numbers))
        for number, step in enumerate(script.steps, 1):
            found = _one(stage, step)
            if watch is not None:
                watch(step, found, stage)
                continue
            problems = judge(stage.store, stage.names, step, found)
            if problems:
                raise MismatchError(_report(script, number, step, found, problems))
        if watch is None and (unsound := stage.store.look(soundness.problems)):
            raise MismatchError(f"{script.path.name}《{script.title}》之后，db check 会说：{unsound}")
    finally:
        stage.store.close()


def furnish(tx: Tx, stage: Stage, script: Script) -> None:
    """What is on the shelf and on people's accounts before a conversation begins."""
    for goods in script.shelf:
        here = next(iter(register(tx).communities))
        shop.stock_up(tx, shop.Item(goods["名称"], int(goods["分"]), int(goods["库存"]), community_id=here), RULE)
    for who, number in (script.points or {}).items():
        phone = stage.phone(who)
        person = identify(tx, phone.channel, phone.person).person
        ledger.award(
            tx,
            ledger.Booking(
                key=f"before:{who}",
                person_id=person.id or 0,
                points=int(number),
                kind="activity",
                source="activity:before",
                reason="参加活动",
            ),
        )


def _check_background(step: Step, answer: Answer | None) -> None:
    if answer is None:
        return
    bad = [said.key for said in answer.said if said.key.startswith(("unknown", "error"))]
    if bad or answer.failed:
        raise MismatchError(f"先前的一步没有做成：{step.line} → {answer.text}")


def _one(stage: Stage, step: Step) -> Actual:
    before = facts(stage.store)
    answer, sender = _do(stage, step)
    after = facts(stage.store)
    found = examine(stage.store, stage.names, before, after, answer=answer, sender=sender)
    _once_more(stage, step, answer, after, found)
    _hand_over(stage, found)
    return found


def _once_more(stage: Stage, step: Step, answer: Answer | None, after: Any, found: Actual) -> None:
    """The same delivery, or the same sweep, again: nothing changes and the answer is the same."""
    if answer is None:
        stage.sweep(stage.store)
    else:
        assert stage.last is not None
        again = stage.town.deliver(stage.last)
        if again.text != answer.text or not again.repeated:
            found.strange.append("同一条消息再来一次，回得不一样")
    if facts(stage.store) != after:
        found.strange.append("同一条消息再来一次，又变了")


def _hand_over(stage: Stage, found: Actual) -> None:
    """What may leave by now leaves; what had been held back is told apart from what this step caused."""
    fresh = {who: list(names) for who, names in found.told.items()}
    for message in stage.town.arrive():
        who = stage.names.people.get(message.receiver, message.receiver)
        name = message.message + look.FORMS[message.form]
        if name in fresh.get(who, []):
            fresh[who].remove(name)
        else:
            found.arrived.setdefault(who, []).append(name)
    waiting = stage.store.look(look.waiting)
    for message in waiting:
        if message.id not in stage.waiting:
            who = stage.names.people.get(message.receiver, message.receiver)
            found.waiting.setdefault(who, []).append(message.message + look.FORMS[message.form])
    stage.waiting = {message.id for message in waiting}


def _do(stage: Stage, step: Step) -> tuple[Answer | None, str | None]:
    if step.is_time:
        stage.clock.at = _moved(stage, step)
        stage.sweep(stage.store)
        return None, None
    stage.clock.at += stage.pace
    assert step.who is not None
    phone = stage.phone(step.who)
    stage.last = _inbound(stage, phone, step)
    return stage.town.deliver(stage.last), phone.person


def _moved(stage: Stage, step: Step) -> Any:
    if step.verb == "到":
        return moment(step.what, stage.clock.at)
    number, unit = "".join(c for c in str(step.what) if c.isdigit()), str(step.what).lstrip("0123456789 ")
    units = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "天": timedelta(days=1)}
    return stage.clock.at + int(number) * units[unit]


def _inbound(stage: Stage, phone: Phone, step: Step) -> Inbound:
    town, what = stage.town, step.what
    match step.verb:
        case "说":
            return town.words(phone, _spelt(stage, str(what)))
        case "点" if isinstance(what, dict):
            owner = stage.phone(what["借"]) if "借" in what else phone
            card = _card(stage, owner, what["卡片"]) if "卡片" in what else None
            return dataclasses.replace(town.touch(owner, what["按钮"], card=card), sender=phone.person)
        case "点":
            return town.touch(phone, str(what))
        case "发照片":
            return town.picture(phone)
        case "发视频":
            return town.picture(phone, Kind.VIDEO)
        case "发语音":
            return town.picture(phone, Kind.VOICE)
        case "发位置":
            return town.position(phone, *(float(part) for part in str(what).split(",")))
        case "关注":
            return town.event(phone, "subscribe", str(what or ""))
        case "取消关注":
            return town.event(phone, "unsubscribe")
        case "扫码":
            return town.event(phone, "scan", str(what))
        case "点菜单":
            return town.event(phone, "click", str(what))
    raise MismatchError(f"没有这个动作：{step.verb}")


def _spelt(stage: Stage, text: str) -> str:
    """Words with {D1} as the whole number, {码A1} as the code of the moment, {验证码} as the last that was sent."""
    if "{验证码}" in text:
        text = text.replace("{验证码}", stage.store.look(_proof))
    for no, short in stage.names.numbers.items():
        text = text.replace("{" + short + "}", no).replace("{码" + short + "}", _code(stage, no))
    return text


def _proof(tx: Tx) -> str:
    """The six digits of the last message that holds a code of registration."""
    outbox = table_of(Outbox)
    sent = tx.list(Outbox, outbox.c.message.like("enrol_code%"), order=outbox.c.id.desc(), limit=1)
    return re.findall(r"\d{6}", sent[0].payload["text"])[-1]


def _code(stage: Stage, no: str) -> str:
    """The six digits that the screen of an activity shows now: `{码A1}`."""
    content = stage.office.content
    return code(content.secret, no, stage.clock.now(), content.activities.attendance.code_seconds)


def _card(stage: Stage, phone: Phone, wanted: str) -> str:
    """The first card of a kind about a matter: `D1 order`."""
    short, _, message = wanted.partition(" ")
    no = stage.names.full(short)
    for sent in stage.town.inbox(phone):
        if sent.message == message and sent.payload.get("task_id", "").startswith(no):
            return str(sent.payload["task_id"])
    raise MismatchError(f"{phone.person} 没有这张卡片：{wanted}")


def _report(script: Script, number: int, step: Step, found: Actual, problems: list[str]) -> str:
    lines = [f"{script.path.name}《{script.title}》第 {number} 步", f"  {step.line}"]
    if found.text:
        lines += ["  回复原文：", *(f"    | {line}" for line in found.text.split("\n"))]
    return "\n".join([*lines, *(f"  ✗ {problem}" for problem in problems)])
