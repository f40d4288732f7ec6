"""Matching: who is asked first and why, one after the other, never at night, never twice; the first yes wins."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.support import helping

from redprop_bot.bootstrap.building import LISTENERS
from redprop_bot.clock.kinds import ABOVE
from redprop_bot.errors import Conflict, Forbidden
from redprop_bot.loop import due
from redprop_bot.loop.actor import CLOCK
from redprop_bot.ports import FrozenClock
from redprop_bot.store import demands, pairings
from redprop_bot.store.tables import Demand, FitKey, Outbox, Pairing, PairingAsk, Person, Resource, Wish
from redprop_bot.store.tx import Tx, table_of
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import candidates, indexing, matching, resting, wishes
from redprop_bot.volunteers.needs import of_demand, of_wish

REPAIR = "家里洗衣机坏了，想请人帮忙维修"


@pytest.fixture
def stores(
    database_url: str, open_store: OpenStore, clock: FrozenClock
) -> Iterator[tuple[Store, Store, FrozenClock]]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    for store in (one, other):
        store.listeners = list(LISTENERS)
    enrol(one)
    return one, other, clock


@pytest.fixture
def town(sqlite_url: str, open_store: OpenStore) -> Store:
    """The roster on SQLite."""
    store = open_store(sqlite_url)
    store.listeners = list(LISTENERS)
    enrol(store)
    return store


def _sweep(store: Store) -> None:
    while store.run(lambda tx: due.sweep(tx, ABOVE)):
        pass


def _begin(tx: Tx, text: str = REPAIR, *, side: str = "service", **values: object) -> Pairing:
    need = of_demand(tx, helping.need(tx, text, **values), side)
    assert need is not None
    return matching.begin(tx, need, CLOCK)


def _names(tx: Tx) -> list[tuple[str, str]]:
    """Who was asked, and how it stands."""
    return [(tx.get(Person, ask.person_id).name or "", ask.state) for ask in helping.asks(tx)]


def _answer(store: Store, name: str, *, agrees: bool) -> None:
    def job(tx: Tx) -> None:
        ask = next(one for one in helping.asks(tx) if tx.get(Person, one.person_id).name == name)
        matching.answer(tx, ask.id or 0, tx.get(Person, ask.person_id), agrees=agrees)

    store.run(job)


def test_a_no_and_a_silence_ask_the_next_and_a_yes_ends_it(stores: tuple[Store, Store, FrozenClock]) -> None:
    """One at a time; who said yes is a helper of the demand, and who asked for help is told."""
    one, _other, clock = stores

    def prepare(tx: Tx) -> None:
        helping.member(tx, "老郭", "guo", ["家电维修"])
        helping.member(tx, "小伍", "wu", ["家电"])
        _begin(tx)

    one.run(prepare)
    (first,) = one.look(_names)
    _answer(one, first[0], agrees=False)
    asked = one.look(_names)
    assert [state for _name, state in asked] == ["no", "waiting"]
    clock.at += timedelta(hours=1, minutes=59)
    _sweep(one)
    assert [state for _name, state in one.look(_names)] == ["no", "waiting"]
    clock.at += timedelta(minutes=2)
    _sweep(one)
    asked = one.look(_names)
    assert [state for _name, state in asked] == ["no", "silent", "waiting"]
    assert len({name for name, _state in asked}) == 3
    _answer(one, asked[2][0], agrees=True)

    def outcome(tx: Tx) -> tuple[str, list[str], set[str]]:
        (pairing,) = tx.list(Pairing)
        told = {m.message for m in tx.list(Outbox)}
        return pairing.state, [h.name for h in demands.helpers(tx, pairing.need_id)], told

    state, helpers, told = one.look(outcome)
    assert (state, helpers) == ("paired", [asked[2][0]])
    assert {"pairing_help", "assisted_resident", "assisted"} <= told


def test_of_two_who_say_yes_at_once_one_comes(stores: tuple[Store, Store, FrozenClock]) -> None:
    """The second is told that somebody was faster; one helper, one pair."""
    one, other, clock = stores
    one.run(lambda tx: (helping.member(tx, "老郭", "guo", ["家电维修"]), _begin(tx)))
    clock.at += timedelta(hours=3)
    _sweep(one)  # the first was silent, the second is asked: both may say yes
    asked = one.look(helping.asks)
    assert [ask.state for ask in asked] == ["silent", "waiting"]

    def yes(store: Store, ask: PairingAsk) -> None:
        store.run(lambda tx: matching.answer(tx, ask.id or 0, tx.get(Person, ask.person_id), agrees=True))

    failed = helping.at_once(*(lambda s=s, a=a: yes(s, a) for s, a in zip((one, other), asked, strict=True)))
    assert sorted(type(error).__name__ for error in failed) == ["Conflict", "NoneType"]
    (refusal,) = [error for error in failed if isinstance(error, Conflict)]
    assert refusal.code == "pairing_taken"
    (pairing,) = one.look(lambda tx: tx.list(Pairing))
    assert len(one.look(lambda tx: demands.helpers(tx, pairing.need_id))) == 1
    assert sorted(ask.state for ask in one.look(helping.asks)) == ["void", "yes"]


def test_two_sweeps_at_once_ask_one(stores: tuple[Store, Store, FrozenClock]) -> None:
    """However many processes look at the clock, the silence asks one further person."""
    one, other, clock = stores

    def prepare(tx: Tx) -> None:
        for number in range(4):
            helping.member(tx, f"志愿者{number}", f"v{number}", ["家电维修"])
        _begin(tx)

    one.run(prepare)
    clock.at += timedelta(hours=3)
    helping.at_once(lambda: _sweep(one), lambda: _sweep(other))
    assert [ask.state for ask in one.look(helping.asks)] == ["silent", "waiting"]


def test_nobody_is_asked_at_night_and_the_time_to_answer_does_not_run_then(
    town: Store, clock: FrozenClock
) -> None:
    """Begun at ten in the evening, asked at eight; asked at eight in the evening, until nine the next morning."""
    clock.at = datetime.fromisoformat("2026-11-25T22:00:00+08:00")
    town.run(_begin)
    _sweep(town)
    assert town.look(_names) == []
    clock.at = datetime.fromisoformat("2026-11-26T08:00:00+08:00")
    _sweep(town)
    assert town.look(_names) == [("宋老师", "waiting")]
    clock.at = datetime.fromisoformat("2026-11-26T20:00:00+08:00")
    town.run(lambda tx: _begin(tx, "冰箱坏了想找人维修") if _free(tx) else None)
    ask = town.look(helping.asks)[-1]
    assert ask.answer_by == datetime.fromisoformat("2026-11-27T09:00:00+08:00")


def _free(tx: Tx) -> bool:
    """Let the only one answer, so that somebody can be asked again."""
    (ask,) = helping.asks(tx)
    matching.answer(tx, ask.id or 0, tx.get(Person, ask.person_id), agrees=False)
    return True


def test_nobody_is_asked_twice_for_the_same(town: Store, clock: FrozenClock) -> None:
    """Sought anew, only those are asked who never were; with none of them left the secretary hears of it."""
    town.run(_begin)
    _answer(town, "宋老师", agrees=False)
    (pairing,) = town.look(lambda tx: tx.list(Pairing))
    assert (pairing.state, pairing.asked) == ("none", 1)
    assert "pairing_none" in town.look(lambda tx: {m.message for m in tx.list(Outbox)})
    clock.at += timedelta(days=1)
    town.run(lambda tx: matching.begin(tx, _need(tx, pairing), CLOCK))
    assert town.look(_names) == [("宋老师", "no")]
    town.run(lambda tx: helping.member(tx, "老郭", "guo", ["家电维修"]))
    town.run(lambda tx: matching.begin(tx, _need(tx, pairing), CLOCK))
    assert town.look(_names) == [("宋老师", "no"), ("老郭", "waiting")]


def _need(tx: Tx, pairing: Pairing) -> candidates.Need:
    need = of_demand(tx, tx.get(Demand, pairing.need_id), pairing.side)
    assert need is not None
    return need


def test_who_wants_to_be_left_alone_is(town: Store, clock: FrozenClock) -> None:
    """Until the day they named, also when they were in the middle of the list; afterwards they are asked again."""
    (song,) = town.look(lambda tx: tx.list(Person, table_of(Person).c.name == "宋老师"))
    until = clock.at + timedelta(days=10)
    town.run(lambda tx: resting.rest(tx, song.id or 0, until))
    town.run(_begin)
    assert town.look(_names) == []
    clock.at = until + timedelta(minutes=1)
    _sweep(town)
    town.run(lambda tx: matching.begin(tx, _need(tx, tx.list(Pairing)[0]), CLOCK))
    assert town.look(_names) == [("宋老师", "waiting")]


def test_a_rest_in_the_past_is_refused(town: Store, clock: FrozenClock) -> None:
    """Nothing changes then."""
    (song,) = town.look(lambda tx: tx.list(Person, table_of(Person).c.name == "宋老师"))
    with pytest.raises(Exception, match="rest_passed"):
        town.run(lambda tx: resting.rest(tx, song.id or 0, clock.at - timedelta(days=1)))
    assert town.look(lambda tx: pairings.resting(tx, [song.id or 0])) == set()


def test_the_turn_goes_round(town: Store, clock: FrozenClock) -> None:
    """Of three alike who was asked last comes last: three needs on three days are asked of three people."""

    def prepare(tx: Tx) -> None:
        helping.member(tx, "老郭", "guo", ["家电维修"])
        helping.member(tx, "小伍", "wu", ["家电维修"])

    town.run(prepare)
    for number in range(3):
        town.run(lambda tx, number=number: _begin(tx, f"{number}号家电维修找人"))
        clock.at += timedelta(days=1)
        _answer(town, town.look(_names)[-1][0], agrees=True)
    assert sorted(name for name, _ in town.look(_names)) == ["宋老师", "小伍", "老郭"]


def test_the_score_says_why(town: Store) -> None:
    """Each part has words and points of its weight; together they are the score."""
    town.run(_begin)
    (ask,) = town.look(helping.asks)
    assert [part["part"] for part in ask.parts] == ["skill", "place", "time", "load", "turn"]
    assert sum(part["points"] for part in ask.parts) == ask.score
    assert ask.parts[0]["says"].startswith("正对得上：家电")
    assert ask.parts[1]["says"] == "同一个小区"
    assert all(part["points"] <= part["most"] and part["says"] for part in ask.parts)


def test_a_question_tells_nothing_of_who_asks(town: Store) -> None:
    """Name, phone and room are for who says yes."""
    town.run(lambda tx: _begin(tx, "我是小贺，13900000009，501室的洗衣机要维修"))
    (message,) = town.look(lambda tx: tx.list(Outbox, table_of(Outbox).c.message == "pairing_help"))
    said = repr(message.payload)
    assert "槐荫里" in said
    assert not any(secret in said for secret in ("小贺", "13900000009", "501"))


def test_somebody_elses_question_cannot_be_answered(town: Store) -> None:
    """Nor one twice."""
    town.run(_begin)
    (ask,) = town.look(helping.asks)
    with pytest.raises(Forbidden):
        town.run(lambda tx: matching.answer(tx, ask.id or 0, helping.member(tx, "老郭", "guo", []), agrees=True))
    _answer(town, "宋老师", agrees=True)
    with pytest.raises(Conflict):
        _answer(town, "宋老师", agrees=True)


def test_what_is_done_meanwhile_is_not_helped_with(town: Store) -> None:
    """A yes after the demand was withdrawn is thanked for and changes nothing."""
    town.run(_begin)
    (pairing,) = town.look(lambda tx: tx.list(Pairing))
    town.run(lambda tx: tx.update(Demand, pairing.need_id, stage="withdrawn"))
    with pytest.raises(Conflict, match="pairing_over"):
        _answer(town, "宋老师", agrees=True)
    assert town.look(lambda tx: demands.helpers(tx, pairing.need_id)) == []


@pytest.mark.parametrize("intent", ["complaint", "mediation"])
def test_quarrels_and_complaints_are_nobodys_to_see(town: Store, intent: str) -> None:
    """No need is made of them."""
    assert town.run(lambda tx: of_demand(tx, helping.need(tx, REPAIR, intent=intent), "service")) is None


def test_a_thing_is_asked_of_its_owner(town: Store) -> None:
    """Whose wheelchair it is, is asked; what is not published, or far away, is not found."""

    def prepare(tx: Tx) -> None:
        owner = helping.rows.person(tx, name="孙阿姨", openid="o-sun")
        helping.resource(tx, "闲置轮椅一辆", owner_id=owner.id, status="proposed")
        helping.resource(tx, "旧轮椅", owner_id=helping.rows.person(tx, name="远人").id,
                         estate_id=helping.estate_id(tx, "河湾新村"))  # fmt: skip
        helping.resource(tx, "轮椅可以借", owner_id=helping.rows.person(tx, name="齐师傅", openid="o-qi").id)
        _begin(tx, "想借一辆轮椅给老人用", side="resource")

    town.run(prepare)
    assert town.look(_names) == [("齐师傅", "waiting")]
    (message,) = town.look(lambda tx: tx.list(Outbox, table_of(Outbox).c.message == "pairing_thing"))
    assert (message.channel, message.form) == ("oa", "menu")


def test_the_index_follows_whoever_writes(town: Store) -> None:
    """Published, renamed, withdrawn, deleted: what is found is what stands there now."""

    def keys(tx: Tx) -> set[str]:
        indexing.settle(tx)
        table = table_of(FitKey)
        return {row.word for row in tx.list(FitKey, table.c.subject == "resource")}

    (made, no) = town.run(lambda tx: ((row := helping.resource(tx, "折叠梯子", kind="item")).id, row.no))
    assert "rw梯子" in town.run(keys)
    town.run(lambda tx: tx.update(Resource, made, title="投影仪"))
    assert not {"rw梯子"} & town.run(keys)
    assert "rb投影" in town.run(keys)
    town.run(lambda tx: tx.update(Resource, made, status="withdrawn"))
    assert town.run(keys) == set()
    assert no.startswith("R")


def test_a_new_offer_wakes_what_was_sought_in_vain(town: Store, clock: FrozenClock) -> None:
    """Who comes later and fits is asked; who does not disturbs nobody, and the secretary is told once."""
    town.run(lambda tx: _begin(tx, "想找人教书法", category="culture"))
    assert town.look(_names) == []
    clock.at += timedelta(days=1)
    town.run(lambda tx: helping.member(tx, "鼓手", "gu", ["打鼓"]))
    town.run(indexing.settle)
    _sweep(town)
    assert town.look(_names) == []
    town.run(lambda tx: helping.member(tx, "墨老师", "mo", ["书法"]))
    town.run(indexing.settle)
    _sweep(town)
    assert town.look(_names) == [("墨老师", "waiting")]
    assert sum(m.message == "pairing_none" for m in town.look(lambda tx: tx.list(Outbox))) == 1


def test_a_wish_on_the_wall_finds_who_makes_it_come_true(town: Store) -> None:
    """Who says yes has claimed it; who wished is never asked; a claim from the wall ends the search."""

    def wish(tx: Tx) -> Wish:
        wisher = helping.rows.person(tx, name="小贺", openid="o-he")
        wished = wishes.Wished("想请人教写书法", wisher.id, 1, helping.estate_id(tx))
        return wishes.make(tx, wished, CLOCK, published=True)

    def begin(tx: Tx) -> Pairing:
        helping.member(tx, "墨老师", "mo", ["书法"])
        need = of_wish(wish(tx), "service")
        assert need is not None
        return matching.begin(tx, need, CLOCK)

    pairing = town.run(begin)
    assert town.look(_names) == [("墨老师", "waiting")]
    _answer(town, "墨老师", agrees=True)
    (row,) = town.look(lambda tx: tx.list(Wish))
    assert (row.status, town.look(lambda tx: tx.get(Person, row.claimer_id or 0).name)) == ("claimed", "墨老师")
    assert town.look(lambda tx: tx.get(Pairing, pairing.id or 0)).state == "paired"
    assert town.look(lambda tx: of_wish(row, "service")) is None
