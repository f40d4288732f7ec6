"""Digests from the first sweep of a day to the message: once a person and period, on its day, on both engines."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.loop import cells
from tests.loop.test_reminding import reported

from redprop_bot.clock import sweeping
from redprop_bot.content import Content
from redprop_bot.loop import digest_clock, due
from redprop_bot.loop.acts import perform
from redprop_bot.notify import digests, monthly
from redprop_bot.notify.digest_readers import Reader
from redprop_bot.ports import FrozenClock
from redprop_bot.registry import register as registers
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Outbox, Person, Post, Timer
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

HALF_PAST_EIGHT = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)  # Thursday in Shanghai


def swept(store: Store) -> None:
    asyncio.run(sweeping.sweep(store))


def sent(store: Store, kind: str = "digest_") -> list[tuple[str, str]]:
    """Receiver and text of every digest, in order."""
    rows = store.look(lambda tx: sorted(tx.list(Outbox), key=lambda row: row.id))
    return [(row.receiver, row.payload["text"]) for row in rows if row.message.startswith(kind)]


def morning(store: Store) -> dict[str, str]:
    return dict(sent(store, "digest_morning"))


def test_the_card_of_the_morning(town_store: Store, clock: FrozenClock) -> None:
    """Secretary, grid worker and manager of what there is; nobody else, and no twin community without orders."""
    town_store.run(lambda tx: reported(tx, 5))
    clock.at = HALF_PAST_EIGHT
    swept(town_store)
    found = morning(town_store)
    assert set(found) == {"qinsj", "yaowg", "fangjl", "shaojl"}
    assert found["qinsj"].startswith("早上好，槐荫社区有 5 件要看\n新来 5 件：D20261125-0001、")
    assert found["qinsj"].count("D20261125") == 3 + 1  # three numbers and the link of the first
    assert "等" in found["qinsj"]
    assert found["fangjl"].startswith("早上好，万和物业手上有 5 件要看")


def test_nothing_is_sent_when_there_is_nothing(town_store: Store, clock: FrozenClock) -> None:
    """The twin: an empty community, a Saturday, a minute too early."""
    clock.at = HALF_PAST_EIGHT
    swept(town_store)
    assert sent(town_store) == []
    town_store.run(lambda tx: reported(tx, 1))
    clock.at = HALF_PAST_EIGHT + timedelta(days=1, minutes=-1)
    swept(town_store)
    assert sent(town_store) == []
    clock.at = HALF_PAST_EIGHT + timedelta(days=2)
    swept(town_store)
    assert sent(town_store) == []


def test_each_once_a_person_and_period(town_store: Store, clock: FrozenClock) -> None:
    """Whatever sweeps come, whatever jumps the clock makes, also after the hour was changed in the file."""
    town_store.run(lambda tx: reported(tx, 2))
    clock.at = HALF_PAST_EIGHT
    swept(town_store)
    first = Counter(receiver for receiver, _ in sent(town_store))
    for jump in (timedelta(minutes=5), timedelta(hours=-3), timedelta(hours=4), timedelta(hours=-1)):
        clock.at += jump
        swept(town_store)
    table = town_store.content.digests
    moved = tuple(replace(one, at=one.at.replace(hour=10, minute=0)) for one in table.entries)
    town_store.content = replace(town_store.content, digests=replace(table, entries=moved))
    clock.at = HALF_PAST_EIGHT + timedelta(hours=3)
    swept(town_store)
    assert Counter(receiver for receiver, _ in sent(town_store)) == first
    assert set(first.values()) == {1}


def test_it_is_made_up_for_on_the_same_day_and_on_no_other(town_store: Store, clock: FrozenClock) -> None:
    """Up again in the afternoon: late. Up again in the quiet hours or the next day: left out."""
    town_store.run(lambda tx: reported(tx, 1))
    clock.at = HALF_PAST_EIGHT + timedelta(hours=7)
    swept(town_store)
    assert len(morning(town_store)) == 4
    clock.at = HALF_PAST_EIGHT + timedelta(days=1, hours=-2)
    swept(town_store)  # planned, then the house goes dark
    clock.at = HALF_PAST_EIGHT + timedelta(days=1, hours=13)  # half past nine in the evening
    swept(town_store)
    assert len(sent(town_store, "digest_morning")) == 4
    done = town_store.look(lambda tx: [row.done_at for row in tx.list(Timer) if row.kind == "digest"])
    assert None not in done


def test_what_came_after_its_hour_is_on_the_next_one(town_store: Store, clock: FrozenClock) -> None:
    """A card that is late tells what it would have told in time; the street hears of no place before its half hour."""
    town_store.run(lambda tx: reported(tx, 1))
    clock.at = HALF_PAST_EIGHT - timedelta(minutes=10)
    nowhere = town_store.run(lambda tx: reported(tx, 1, estate_id=None, building=None))[0]
    clock.at = HALF_PAST_EIGHT + timedelta(minutes=2)
    late = town_store.run(lambda tx: reported(tx, 1, building="88"))[0]
    swept(town_store)
    found = morning(town_store)
    assert set(found) == {"qinsj", "yaowg", "fangjl", "shaojl"}
    assert not any(late.no in text or nowhere.no in text for text in found.values())
    clock.at = HALF_PAST_EIGHT + timedelta(days=1)
    swept(town_store)
    assert "gaozr" in morning(town_store)
    assert late.no in morning(town_store)["qinsj"]


def test_a_jump_of_the_clock_silences_no_day(town_store: Store, clock: FrozenClock) -> None:
    """Three days ahead and back again: the days between are told on their days."""
    for days in (4, 0, 1, 4):
        clock.at = HALF_PAST_EIGHT + timedelta(days=days, hours=-1)
        town_store.run(lambda tx: reported(tx, 1, building=f"{tx.now:%d}"))
        clock.at += timedelta(hours=1)
        swept(town_store)
    keys = town_store.look(lambda tx: [row.key for row in tx.list(Outbox)])
    days = Counter(key.split(":")[2] for key in keys if key.startswith("digest:morning_secretary"))
    assert days == {"2026-11-26": 1, "2026-11-27": 1, "2026-11-30": 1}


def test_a_person_it_cannot_be_made_for_holds_back_no_other(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are tried again after ten minutes, the others are not told twice."""
    town_store.run(lambda tx: reported(tx, 1))
    name = digests.Issue.name

    def stumble(issue: digests.Issue, reader: Reader) -> str:
        if reader.person.userid == "qinsj":
            raise RuntimeError("boom")
        return name(issue, reader)

    clock.at = HALF_PAST_EIGHT
    with monkeypatch.context() as patched:
        patched.setattr(digests.Issue, "name", stumble)
        swept(town_store)
        assert set(morning(town_store)) == {"yaowg", "fangjl", "shaojl"}
    clock.at += digest_clock.RETRY
    swept(town_store)
    assert Counter(receiver for receiver, _ in sent(town_store)) == Counter(["yaowg", "fangjl", "shaojl", "qinsj"])


def test_a_complaint_is_on_the_secretary_s_card_only(town_store: Store, clock: FrozenClock) -> None:
    """Before it is released neither the grid worker nor the unit sees even its number."""
    (made,) = town_store.run(lambda tx: reported(tx, 1, intent="complaint"))
    clock.at = HALF_PAST_EIGHT
    swept(town_store)
    found = morning(town_store)
    assert set(found) == {"qinsj"}
    assert made.no in found["qinsj"]


def test_what_belongs_to_no_community_is_on_the_card_of_the_street(town_store: Store, clock: FrozenClock) -> None:
    """Nobody said where: the street holds it, and it is forgotten by nobody."""
    town_store.run(lambda tx: reported(tx, 1, estate_id=None, building=None))
    clock.at = HALF_PAST_EIGHT
    swept(town_store)
    assert set(morning(town_store)) == {"gaozr"}


@pytest.mark.parametrize("late", [0, 6])
def test_who_is_of_the_street_and_of_a_community_misses_nothing(
    town_store: Store, clock: FrozenClock, late: int
) -> None:
    """Asked where before one card, nobody's until after it: not on that one, also when it is late; on the next one."""

    def both(tx: Tx) -> None:
        street = next(person for person in register(tx).street_staff if person.userid == "gaozr")
        home = register(tx).estate("槐荫里").community_id
        tx.insert(Post, person_id=street.id, duty="secretary", community_id=home)
        registers.changed(tx)

    town_store.run(both)
    clock.at = HALF_PAST_EIGHT - timedelta(minutes=10)
    nowhere = town_store.run(lambda tx: reported(tx, 1, estate_id=None, building=None))[0]
    clock.at = HALF_PAST_EIGHT + timedelta(hours=late)
    swept(town_store)
    assert "gaozr" not in morning(town_store)
    clock.at = HALF_PAST_EIGHT + timedelta(days=1)
    swept(town_store)
    assert f"新来 1 件：{nowhere.no}" in morning(town_store)["gaozr"]


def rated(tx: Tx, number: int, *, stars: int = 5, estate: str = "槐荫里", **more: object) -> None:
    """So many orders, each taken, done and rated at once."""
    for made in reported(tx, number, estate_id=register(tx).estate(estate).id, **more):
        perform(tx, made, Act.FULFIL, cells.actor("handler"), {})
        person = tx.get(Person, made.reporter_id or 0)
        perform(tx, made, Act.RATE, replace(cells.actor("reporter"), person_id=person.id), {"stars": stars})


def test_the_report_of_a_week_has_the_last_beside_and_counts_beside_every_rate(
    town_store: Store, clock: FrozenClock
) -> None:
    """Six orders last week, four the week before; all in time, one unrated."""
    clock.at = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
    town_store.run(lambda tx: rated(tx, 4))
    clock.at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    town_store.run(lambda tx: (rated(tx, 5), reported(tx, 1, building="99")))
    clock.at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    swept(town_store)
    found = dict(sent(town_store, "digest_weekly"))
    assert set(found) == {"qinsj", "fangjl", "shaojl"}
    assert found["qinsj"].split("\n") == [
        "槐荫社区上周的数（11月16日到11月22日）",
        "进来 6 件（前一周 4 件），办结 5 件（前一周 4 件）",
        "到期的按时办好 100%（4/4）；前一周 —",
        "响应 83%（5/6）；前一周 100%（4/4）",
        "解决 100%（5/5）；前一周 100%（4/4）",
        "满意 100%（5/5）；前一周 100%（4/4）",
        "还没办完 1 件，其中超期 0 件。",
    ]


def test_under_twenty_orders_a_unit_has_no_rank(town_store: Store, clock: FrozenClock) -> None:
    """With twenty it has one; the numbers stand there in any case."""
    clock.at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    town_store.run(lambda tx: rated(tx, 19))
    clock.at = datetime(2026, 12, 1, 1, 10, tzinfo=UTC)
    swept(town_store)
    few = dict(sent(town_store, "digest_monthly"))["qinsj"]
    assert "万和物业：19 件（10月 0 件），响应 100%（19/19）" in few
    assert "不到 20 件，不排名" in few
    clock.at = datetime(2026, 12, 8, 2, 0, tzinfo=UTC)
    town_store.run(lambda tx: rated(tx, 20))
    town_store.run(lambda tx: rated(tx, 20, estate="金鹿苑", category="elevator", stars=4))
    clock.at = datetime(2027, 1, 1, 1, 20, tzinfo=UTC)  # a Friday; no holidays are published for that year
    swept(town_store)
    many = [text for who, text in sent(town_store, "digest_monthly") if who == "qinsj"][-1]
    assert "万和物业：20 件（11月 19 件）" in many
    assert many.count("；第 1 名") == 2  # as good as each other
    quarter = dict(sent(town_store, "digest_quarterly"))
    assert "四季度" in quarter["qinsj"]
    assert "吹哨 0 家次（三季度 0 家次）" in quarter["gaozr"]


def asked(tx: Tx, person_id: int | None, *, estate: str | None = None) -> None:
    home = register(tx).estate(estate).id if estate else None
    tx.update(Person, person_id, monthly=True, estate_id=home)


def test_a_month_is_told_to_residents_who_asked_and_to_nobody_else(town_store: Store, clock: FrozenClock) -> None:
    """Their own matters, one they support, and what their estate has solved; the neighbours hear nothing."""
    clock.at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    town_store.run(lambda tx: rated(tx, 3))
    mine = [town_store.run(lambda tx, n=n: reported(tx, 1, building=n)[0]) for n in ("77", "78")]
    town_store.run(lambda tx: asked(tx, mine[0].reporter_id, estate="槐荫里"))
    clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    swept(town_store)
    swept(town_store)
    ((receiver, text),) = sent(town_store, "digest_resident")
    assert receiver == town_store.look(lambda tx: tx.get(Person, mine[0].reporter_id).openid)
    assert text.split("\n")[:2] == ["11月，跟您说说办成了什么", "您关心的 1 件：办好 0，在办 1，其他 0"]
    assert "槐荫里办好 3 件（10月 0 件）：房屋与公共设施 3 件" in text
    assert mine[1].no not in text


def test_a_month_in_which_nothing_was_is_told_to_nobody(town_store: Store, clock: FrozenClock) -> None:
    """The twin: who asked, but has nothing, and whose estate has solved nothing."""
    town_store.run(
        lambda tx: asked(tx, tx.insert(Person, openid="o-still", created_at=tx.now).id, estate="河湾新村")
    )
    clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    swept(town_store)
    assert sent(town_store, "digest_resident") == []


def test_more_residents_than_a_batch_are_told_in_one_go(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once; the timer of one batch plans that of the next."""
    monkeypatch.setattr(digest_clock, "BATCH", 2)
    made = town_store.run(lambda tx: reported(tx, 5))
    town_store.run(lambda tx: [asked(tx, one.reporter_id) for one in made])
    clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    swept(town_store)
    assert len({receiver for receiver, _ in sent(town_store, "digest_resident")}) == 5
    assert len(sent(town_store, "digest_resident")) == 5


def test_a_batch_that_is_tried_again_begins_no_second_chain(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody of the first batch is told ten minutes later; those behind are not gone through once more."""
    monkeypatch.setattr(digest_clock, "BATCH", 2)
    made = town_store.run(lambda tx: reported(tx, 5))
    town_store.run(lambda tx: [asked(tx, one.reporter_id) for one in made])
    first, send = made[0].reporter_id, monthly.Month.send

    def stumble(month: monthly.Month, person: Person) -> bool:
        if person.id == first:
            raise RuntimeError("boom")
        return send(month, person)

    clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    with monkeypatch.context() as patched:
        patched.setattr(monthly.Month, "send", stumble)
        swept(town_store)
        assert len(sent(town_store, "digest_resident")) == 4
    clock.at += digest_clock.RETRY
    swept(town_store)
    assert len(sent(town_store, "digest_resident")) == 5
    keys = town_store.look(
        lambda tx: [row.key for row in tx.list(Timer) if row.data.get("name") == "resident_month"]
    )
    assert len(keys) == 3 + 1  # three batches, and the first of them again


def test_two_sweeps_at_once_send_each_once(town_store: Store, clock: FrozenClock, content: Content) -> None:
    """Two processes at half past eight: one message a person."""
    town_store.run(lambda tx: reported(tx, 3))
    clock.at = HALF_PAST_EIGHT
    other = Store(town_store.url, clock=clock, content=content)

    async def both() -> None:
        await asyncio.gather(sweeping.sweep(town_store), sweeping.sweep(other))

    asyncio.run(both())
    other.close()
    swept(town_store)
    assert set(Counter(receiver for receiver, _ in sent(town_store)).values()) == {1}


def test_a_sweep_that_dies_in_between_sends_on(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planned and not done: the next sweep does it."""
    town_store.run(lambda tx: reported(tx, 1))
    clock.at = HALF_PAST_EIGHT
    town_store.run(due.prepare)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(digests.Issue, "send", die)
        with pytest.raises(KeyboardInterrupt):
            town_store.run(due.sweep)
    assert sent(town_store) == []
    swept(town_store)
    assert len(morning(town_store)) == 4
