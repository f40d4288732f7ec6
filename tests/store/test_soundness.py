"""What `db check` finds: each kind of disagreement once, and nothing in a sound database."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.support import rows

from redprop_bot.rules.flow import FLOW, Act
from redprop_bot.store import finding, numbers, outgoing, overdue, soundness
from redprop_bot.store.tables import Card, Conversation, Counter, Demand, Supporter, Timer
from redprop_bot.store.worker import Store


def problems(store: Store) -> list[str]:
    """What is found now."""
    return store.look(soundness.problems)


def sound(tx, **values) -> Demand:
    """A demand whose number was taken from its series."""
    no = numbers.take(tx, "D", tx.now, tx.content.zone)
    return rows.demand(tx, no=no, **values)


def moved(tx, demand: Demand, stage: str, *happened: tuple[str, str], **values) -> Demand:
    """The demand in another stage, with the events that led there."""
    for name, act in happened:
        rows.happen(tx, demand, name, act)
    return tx.update(Demand, demand.id, stage=stage, **values)


def test_an_empty_database_is_sound(store: Store) -> None:
    """Nothing stored, nothing wrong."""
    assert problems(store) == []


def test_the_ordinary_course_is_sound(store: Store) -> None:
    """Demands in every stage they can reach, with their events, give no line."""

    def job(tx):
        unit = rows.unit(tx).id
        at_unit = {"handler_id": unit}
        dispatched, accepted = ("dispatched", "dispatch"), ("accepted", "accept")
        done = ("fulfilled", "fulfil")
        sound(tx)
        moved(tx, sound(tx), "dispatched", dispatched, ("urged", "urge"), **at_unit)
        moved(
            tx,
            sound(tx),
            "accepted",
            dispatched,
            ("accepted_by_doing", "accept"),
            ("progressed", "progress"),
            **at_unit,
        )
        moved(tx, sound(tx), "returned", dispatched, ("returned", "return"))
        moved(tx, sound(tx), "done", dispatched, accepted, done, **at_unit)
        moved(tx, sound(tx), "closed", dispatched, accepted, done, ("rated", "rate"), **at_unit)
        moved(
            tx, sound(tx), "dispatched", dispatched, done, ("rated_low", "rate"), ("reopened", "reopen"), **at_unit
        )
        moved(tx, sound(tx), "new", ("closed", "close"), ("reopened_unplaced", "reopen"))
        moved(tx, sound(tx), "suspended", dispatched, ("paused", "pause"), **at_unit)
        moved(
            tx, sound(tx), "accepted", dispatched, accepted, ("paused", "pause"), ("resumed", "resume"), **at_unit
        )
        moved(tx, sound(tx), "closed", done, ("expired", "expire"), **at_unit)
        moved(tx, sound(tx), "withdrawn", ("withdrawn", "withdraw"))
        moved(tx, sound(tx), "new", ("reporter_left", "withdraw"))
        into = moved(tx, sound(tx), "tabled", ("took_in", "merge"), ("escalated", "escalate"))
        moved(tx, sound(tx), "merged", ("merged", "merge"), merged_into_id=into.id)
        supporter = rows.person(tx)
        tx.insert(Supporter, demand_id=into.id, person_id=supporter.id, at=tx.now)
        tx.update(Demand, into.id, supporters=1)
        tx.put(Conversation, supporter.id, state={}, updated_at=tx.now)
        rows.received(tx)
        rows.owed(tx, state="sent")
        rows.timer(tx, timedelta(minutes=59))
        rows.timer(tx, timedelta(days=9), done_at=tx.now)

    store.run(job)
    assert problems(store) == []


def test_a_demand_without_its_order(store: Store) -> None:
    """A demand that nothing began."""

    def job(tx):
        no = numbers.take(tx, "D", tx.now, tx.content.zone)
        at = {"reported_at": tx.now, "created_at": tx.now, "updated_at": tx.now}
        finding.keep(tx, tx.insert(Demand, no=no, intent="demand.report", text="x", stage="new", **at))

    store.run(job)
    assert problems(store) == ["需求 D20261125-0001：没有点单记录"]


@pytest.mark.parametrize(
    ("name", "act", "stage"),
    [("ordered", "order", "accepted"), ("fulfilled", "fulfil", "accepted"), ("closed", "close", "done")],
)
def test_a_stage_that_its_history_denies(store: Store, name: str, act: str, stage: str) -> None:
    """A stage in which the last moving event cannot have left it."""

    def job(tx):
        unit = rows.unit(tx).id
        moved(tx, sound(tx), stage, (name, act), ("urged", "urge"), handler_id=unit)

    store.run(job)
    assert problems(store) == [f"需求 D20261125-0001：现在的阶段是 {stage}，但最后一步是 {act}，对不上"]


def test_every_act_that_moves_is_watched() -> None:
    """An act that is added to the stage table is checked without being named here."""
    moving = {act.value for (act, _), to in FLOW.items() if to != "same"} | {Act.ORDER.value}
    assert set(soundness._stages_after()) == moving


def test_supporters_that_do_not_count_up(store: Store) -> None:
    """The number on the demand and the rows behind it, in either direction."""

    def job(tx):
        tx.update(Demand, sound(tx).id, supporters=2)
        tx.insert(Supporter, demand_id=sound(tx).id, person_id=rows.person(tx).id, at=tx.now)

    store.run(job)
    assert problems(store) == [
        "需求 D20261125-0001：记着 2 位附议人，名单上是 0 位",
        "需求 D20261125-0002：记着 0 位附议人，名单上是 1 位",
    ]


def test_merged_into_nothing(store: Store) -> None:
    """A merged demand needs another one that it was merged into."""

    def job(tx):
        moved(tx, sound(tx), "merged", ("merged", "merge"))
        itself = sound(tx)
        moved(tx, itself, "merged", ("merged", "merge"), merged_into_id=itself.id)

    store.run(job)
    assert problems(store) == [f"需求 D20261125-000{n}：已并单，但没有并入哪一单" for n in (1, 2)]


def test_dispatched_to_nobody(store: Store) -> None:
    """A demand at work has somebody who works on it."""
    store.run(lambda tx: moved(tx, sound(tx), "dispatched", ("dispatched", "dispatch")))
    assert problems(store) == ["需求 D20261125-0001：已派出，但没有承接单位"]


def test_a_counter_that_fell_behind(store: Store) -> None:
    """A series whose counter would give a number that is taken."""

    def job(tx):
        rows.demand(tx, no="D20261101-0041")
        tx.insert(Counter, name="D20261101", value=40)
        rows.demand(tx, no="D20261102-10003")

    store.run(job)
    assert problems(store) == [
        "编号 D20261101：已发到 41，计数器却落在后面",
        "编号 D20261102：已发到 10003，计数器却落在后面",
    ]


def test_a_number_given_twice(sqlite_store: Store) -> None:
    """The database refuses it; where its guard was lost the check still sees it."""

    def job(tx):
        sound(tx)
        tx.execute(text("CREATE TABLE loose AS SELECT * FROM demand"))
        tx.execute(text("INSERT INTO loose SELECT * FROM demand"))

    sqlite_store.run(job)
    from sqlalchemy import column, table

    twice = soundness._twice(table("loose", column("no")))
    check = soundness._Check("编号 {no}：用了 {times} 次", twice)
    assert sqlite_store.look(lambda tx: list(soundness._lines(tx, check))) == ["编号 D20261125-0001：用了 2 次"]


def test_messages_that_failed_or_died(store: Store) -> None:
    """A failed message is named with its reference, a dead one with its error, both with the local time."""

    def job(tx):
        rows.received(tx, status="failed", reference="R7K2", error="KeyError: 'x'")
        rows.received(tx, status="ignored")
        rows.owed(tx, state="dead", error="errcode=43004")
        rows.owed(tx, state="dead", error=outgoing.SILENT)  # a resident who never wrote again: nothing is wrong
        rows.owed(tx)

    store.run(job)
    assert problems(store) == [
        "收到的消息 1（2026-11-25 10:00）：处理失败，参考号 R7K2，可以重放",
        "要发的消息 1（ordered，2026-11-25 10:00）：没有送达：errcode=43004",
    ]


def test_what_should_have_been_done(store: Store) -> None:
    """A timer more than an hour late is told, one of less is only about to be done; neither is unsound data."""

    def job(tx):
        rows.timer(tx, timedelta(hours=2), key="respond:1")
        rows.timer(tx, timedelta(minutes=50))

    store.run(job)
    assert problems(store) == []
    assert store.look(overdue.said) == (
        "到点还没办的定时事项有 1 件，最早的是 2026-11-25 08:00；跑一次 run-due 就会补上。"
    )
    store.run(lambda tx: tx.update(Timer, 1, done_at=tx.now))
    assert store.look(overdue.said) == ""


def test_history_of_nothing(store: Store) -> None:
    """Events of a demand that is not there."""

    def job(tx):
        one = sound(tx)
        ghost = type("Ghost", (), {"id": 99, "community_id": None})()
        rows.happen(tx, ghost, "urged", "urge")
        return one

    store.run(job)
    assert problems(store) == ["历史记录 2：所属的需求 99 不存在"]


def test_a_card_of_nothing(store: Store) -> None:
    """A card that belongs to no demand and no other subject."""

    def job(tx):
        who = rows.person(tx).id
        tx.insert(Card, task_id="t1", person_id=who, created_at=tx.now)
        tx.insert(Card, task_id="t2", person_id=who, subject="task", subject_id=3, created_at=tx.now)

    store.run(job)
    assert problems(store) == ["卡片 1：不属于任何事项"]


def test_references_broken_behind_the_back(sqlite_store: Store) -> None:
    """Rows that something removed with the watch switched off."""

    def job(tx):
        who = rows.person(tx)
        tx.put(Conversation, who.id, state={}, updated_at=tx.now)

    sqlite_store.run(job)
    with sqlite_store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("DELETE FROM person")
        driver.execute("PRAGMA foreign_keys = ON")
    assert problems(sqlite_store) == ["会话 1：没有这个人", "表 conversation 第 1 行引用了 person 里不存在的行"]


def test_many_of_a_kind_are_cut(store: Store) -> None:
    """A kind that is everywhere does not bury the others."""
    store.run(lambda tx: [rows.owed(tx, state="dead", error="x") for _ in range(30)])
    store.run(lambda tx: rows.received(tx, status="failed"))
    found = problems(store)
    assert len(found) == 1 + soundness.SHOWN + 1
    assert found[-1] == "（同类问题不止 20 条，只列出前 20 条）"


def test_checking_changes_nothing(store: Store) -> None:
    """The checks run where the database refuses writing, and find the same again."""
    store.run(lambda tx: tx.update(Demand, sound(tx).id, supporters=2))
    assert problems(store) == problems(store) != []
