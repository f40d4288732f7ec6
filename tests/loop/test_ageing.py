"""What names somebody grows old: the door in the history, and what goes through it, on both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.support import rows

from redprop_bot.loop import ageing, forgetting, unnaming
from redprop_bot.store import editions, events, history, soundness
from redprop_bot.store.tables import Attachment, Demand, Event, Outbox, Person, Resource, Supporter
from redprop_bot.store.worker import Store

YEAR = timedelta(days=365)


def _closed(tx, **values):
    person = rows.person(tx, openid="o-xu", name="许大山", phone="13812345678", building="3", room="1204")
    values = {"stage": "closed", "closed_at": tx.now, "reporter_id": person.id, **values}
    demand = rows.demand(
        tx, text="我是许大山，3栋1204漏水，打13812345678", room="1204", phone="13812345678", **values
    )
    return demand, person


def test_an_order_is_unnamed_when_its_year_is_over_and_not_a_day_before(store: Store) -> None:
    """Once, with an event that says so; the row keeps what was done, and the database stays sound."""
    demand, person = store.run(_closed)
    start, before = store.clock.now(), store.look(soundness.problems)
    store.clock.at = start + YEAR - timedelta(seconds=1)
    assert store.run(ageing.orders) == 0
    store.clock.at = start + YEAR + timedelta(seconds=1)
    assert (store.run(ageing.orders), store.run(ageing.orders)) == (1, 0)
    after = store.look(lambda tx: tx.get(Demand, demand.id))
    assert (after.reporter_id, after.phone, after.room, after.stage) == (None, None, None, "closed")
    assert "漏水" in after.text
    for word in ("许大山", "1204", "13812345678"):
        assert word not in after.text
    said = store.look(lambda tx: tx.list(Event, text("subject = 'retention'")))
    assert [(event.name, event.data) for event in said] == [("unnamed", {"no": demand.no})]
    assert store.run(ageing.rest)["unnamed_people"] == 1
    gone = store.look(lambda tx: tx.get(Person, person.id))
    assert (gone.name, gone.phone, gone.room, gone.openid) == (None, None, None, "o-xu")
    assert store.look(soundness.problems) == before


def test_what_is_open_or_young_keeps_its_people(store: Store) -> None:
    """Who has an open order is known for as long; so is who supports one, beside an old one of their own."""
    _, person = store.run(_closed)

    def supports(tx):
        other = rows.demand(tx)
        tx.insert(Supporter, demand_id=other.id, person_id=person.id, at=tx.now)

    store.run(supports)
    store.clock.at = store.clock.now() + 2 * YEAR
    assert store.run(ageing.orders) == 1
    assert store.run(ageing.rest)["unnamed_people"] == 0
    assert store.look(lambda tx: tx.get(Person, person.id)).name == "许大山"


def test_what_was_merged_goes_with_that_into_which_it_was_merged(store: Store) -> None:
    """An old twin of an open order is still part of an open matter."""

    def job(tx):
        lead = rows.demand(tx)
        twin, _ = _closed(tx, stage="merged", merged_into_id=lead.id)
        return lead.id, twin.id

    lead, twin = store.run(job)
    store.clock.at = store.clock.now() + 2 * YEAR
    assert store.run(ageing.orders) == 0
    store.run(lambda tx: tx.update(Demand, lead, stage="closed", closed_at=tx.now - YEAR - timedelta(days=1)))
    assert store.run(ageing.orders) == 2
    assert store.look(lambda tx: tx.get(Demand, twin)).phone is None


def test_messages_and_pictures_of_an_old_order_name_nobody(store: Store) -> None:
    """Staff's letters keep their words without the person, the resident's own go, pictures are about to."""

    def job(tx):
        demand, _ = _closed(tx)
        staff = rows.owed(
            tx, channel="work", demand_id=demand.id, state="sent", payload={"text": "联系许大山 13812345678"}
        )
        own = rows.owed(
            tx, channel="oa", receiver="o-xu", demand_id=demand.id, state="sent", payload={"text": "许大山您好"}
        )
        picture = tx.insert(
            Attachment, demand_id=demand.id, kind="image", at=tx.now, state="kept", name="aa/1-b.jpg"
        )
        return staff.id, own.id, picture.id

    staff, own, picture = store.run(job)
    store.clock.at = store.clock.now() + 2 * YEAR
    store.run(ageing.orders)
    found = store.look(lambda tx: (tx.get(Outbox, staff), tx.get(Outbox, own), tx.get(Attachment, picture)))
    assert found[0].payload == {"text": "联系居民 〔电话〕"}
    assert (found[1].payload, found[1].receiver) == ({}, "unnamed")
    assert found[2].state == "leaving"


def test_through_the_door_only_words_change_and_only_sign_ins_go(store: Store) -> None:
    """What happened, to what and when can be changed by nobody, nor an event of an order removed."""
    demand = store.run(rows.demand)
    event = store.look(lambda tx: history.of_demand(tx, demand.id))[0]
    cover = {"note": "遮", "data": {}, "by_id": None, "by_name": "居民"}
    store.run(lambda tx: history.cover(tx, event, **cover))
    assert store.look(lambda tx: tx.get(Event, event.id)).note == "遮"
    for change in (
        "UPDATE event SET act = 'close'",
        "DELETE FROM event",
        "UPDATE event SET at = at, subject_id = 9",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            store.run(lambda tx, change=change: _inside(tx, change))
    assert store.look(lambda tx: tx.scalar(text("SELECT count(*) FROM event"))) == 1


def _inside(tx, change):
    with history._open(tx):
        tx.execute(text(change))


def test_sign_ins_are_kept_a_year(store: Store) -> None:
    """Those before go, those after and everything else stay."""
    store.run(lambda tx: events.note(tx, "account", 1, "signed_in", by="小周", data={}))
    store.run(rows.demand)
    store.clock.at = store.clock.now() + YEAR - timedelta(days=1)
    store.run(lambda tx: events.note(tx, "account", 1, "signed_in", by="小吴", data={}))
    assert store.run(ageing.rest)["sign_ins_over"] == 0
    store.clock.at += timedelta(days=2)
    assert store.run(ageing.rest)["sign_ins_over"] == 1
    assert [event.by_name for event in store.look(lambda tx: tx.list(Event, text("subject = 'account'")))] == [
        "小吴"
    ]
    assert len(store.look(lambda tx: tx.list(Event, text("subject = 'demand'")))) == 1


def test_every_version_of_an_offer_forgets_who_offered(store: Store) -> None:
    """Who is forgotten stands in no version of what they had offered."""

    def job(tx):
        person = rows.person(tx, openid="o-xu", name="许大山", phone="13812345678")
        said = {"title": "许大山的梯子", "note": "打13812345678", "owner": "许大山"}
        now = {"created_at": tx.now, "updated_at": tx.now}
        offer = tx.insert(Resource, no="R20261125-0001", owner_id=person.id, **said, **now)
        data = {"title": offer.title, "note": offer.note, "owner": offer.owner}
        editions.keep(tx, "resource", offer.no, data, by="许大山", version=1)
        forgetting.forget(tx, person)
        return offer.no

    no = store.run(job)
    found = store.look(lambda tx: editions.versions(tx, "resource", no))
    assert [(one.data["title"], one.data["note"], one.data["owner"], one.by_name) for one in found] == [
        ("居民的梯子", "打〔电话〕", None, "居民")
    ]


def test_a_name_that_only_the_words_gave_is_found_elsewhere_too(store: Store) -> None:
    """Who said 我叫… in the report is covered in what the staff wrote about it."""

    def job(tx):
        demand = rows.demand(tx, text="我叫贺小川，电话13900001234，门坏了", stage="closed", closed_at=tx.now)
        rows.owed(
            tx, demand_id=demand.id, state="sent", payload={"text": "贺小川说门坏了，13900001234", "no": demand.no}
        )
        rows.happen(tx, demand, "progressed", "progress", note="贺小川家去过了")
        return demand

    demand = store.run(job)
    store.clock.at = store.clock.now() + 2 * YEAR
    assert store.run(ageing.orders) == 1
    said = store.look(lambda tx: str([e.data for e in history.of_demand(tx, demand.id)]) + str(tx.list(Outbox)))
    assert "贺小川" not in said
    assert "13900001234" not in said
    assert demand.no in said


def test_numbers_and_moments_are_no_rooms() -> None:
    """A room may look like a part of a number or of a moment, which must stay what they are."""
    who = unnaming.Known(frozenset(), ("许大山",), ("13812345678",), ("2026", "0004"))
    kept = {"no": "D20261125-0004", "until": "2026-11-25T10:00:00+08:00", "days": 4}
    assert who.payload(kept) == kept
    assert who.payload(["2026室，许大山"]) == ["〔室号〕室，居民"]
