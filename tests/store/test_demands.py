"""Finding demands, their history and the people around them."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from tests.support import rows

from redprop_bot.ports import FrozenClock
from redprop_bot.store import demands, listing, sifting
from redprop_bot.store.sifting import Scope
from redprop_bot.store.tables import Attachment, Demand, Event, Helper, Supporter
from redprop_bot.store.worker import Store


def nos(found: list[Demand]) -> list[str]:
    """Their numbers, in order."""
    return [d.no for d in found]


def test_by_number(store: Store) -> None:
    """Exactly the demand with that number, locked or not."""

    def job(tx):
        one = rows.demand(tx)
        rows.demand(tx)
        return one, demands.by_no(tx, one.no), demands.by_no(tx, one.no, lock=True), demands.by_no(tx, "D1")

    one, found, locked, none = store.run(job)
    assert (found.id, locked.id, none) == (one.id, one.id, None)


def test_by_last_digits(store: Store) -> None:
    """The last digits find demands of any day, open ones before closed, newer before older; 17 is not 7."""

    def job(tx):
        rows.demand(tx, no="D20261101-0007")
        rows.demand(tx, no="D20261102-0007", stage="closed")
        rows.demand(tx, no="D20261103-0007")
        rows.demand(tx, no="D20261103-0017")
        return [nos(demands.by_tail(tx, digits)) for digits in ("7", "0007", "17", "9")]

    seven = ["D20261103-0007", "D20261101-0007", "D20261102-0007"]
    assert store.run(job) == [seven, seven, ["D20261103-0017"], []]


def test_an_old_number_must_be_said_in_full(store: Store, clock: FrozenClock) -> None:
    """Last digits mean the last 400 days: each is one look into the index of numbers, however long the list."""

    def job(tx):
        day = clock.at.astimezone(tx.content.zone).date()
        old, recent = (f"D{day - timedelta(days=back):%Y%m%d}-0007" for back in (400, 399))
        rows.demand(tx, no=old)
        rows.demand(tx, no=recent)
        return old, recent, nos(demands.by_tail(tx, "7")), demands.by_no(tx, old)

    old, recent, found, exact = store.run(job)
    assert found == [recent]
    assert exact.no == old


def test_last_digits_do_not_read_the_whole_table(sqlite_store: Store) -> None:
    """The plan is a search by number, not a scan."""

    def job(tx):
        seen = []
        event.listen(
            tx.connection, "before_cursor_execute", lambda _c, _k, text, given, *_: seen.append((text, given))
        )
        demands.by_tail(tx, "7")
        statement, values = seen[0]
        plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        return [row[3] for row in plan]

    assert sqlite_store.run(job)[0].startswith("SEARCH demand USING INDEX")


def test_of_a_reporter(store: Store) -> None:
    """What a resident reported and what they support, newest first; nothing of others."""

    def job(tx):
        me, other = rows.person(tx), rows.person(tx)
        mine = rows.demand(tx, reporter_id=me.id)
        supported = rows.demand(tx, reporter_id=other.id)
        rows.demand(tx, reporter_id=other.id)
        tx.insert(Supporter, demand_id=supported.id, person_id=me.id, at=tx.now)
        return (
            [supported.no, mine.no],
            nos(demands.of_reporter(tx, me.id)),
            demands.of_reporter(tx, me.id, limit=1),
        )

    wanted, found, limited = store.run(job)
    assert found == wanted
    assert nos(limited) == wanted[:1]


def test_of_a_person_since(store: Store, clock: FrozenClock) -> None:
    """Open demands that the person made since a moment, newest first."""
    start = clock.at

    def make(tx, **values):
        return rows.demand(tx, **values).no

    me = store.run(rows.person).id
    store.run(lambda tx: make(tx, reporter_id=me))
    clock.at += timedelta(minutes=11)
    inside = store.run(lambda tx: make(tx, reporter_id=me))
    store.run(lambda tx: (make(tx, reporter_id=me, stage="withdrawn"), make(tx)))
    assert nos(store.look(lambda tx: demands.of_person_since(tx, me, start + timedelta(minutes=1)))) == [inside]


def test_of_a_handler(store: Store) -> None:
    """What a unit has in the asked stages, newest first."""

    def job(tx):
        mine, other = rows.unit(tx), rows.unit(tx, "安康物业")
        first = rows.demand(tx, handler_id=mine.id, stage="dispatched")
        second = rows.demand(tx, handler_id=mine.id, stage="accepted")
        rows.demand(tx, handler_id=mine.id, stage="closed")
        rows.demand(tx, handler_id=other.id, stage="accepted")
        found = demands.of_handler(tx, mine.id, ["dispatched", "accepted"])
        return [second.no, first.no], nos(found), nos(demands.of_handler(tx, mine.id, ["dispatched"], limit=1))

    wanted, found, one = store.run(job)
    assert found == wanted
    assert one == wanted[1:]


def test_of_a_helper(store: Store) -> None:
    """Open demands the person helps with."""

    def job(tx):
        me = rows.person(tx)
        helped, done = rows.demand(tx), rows.demand(tx, stage="closed")
        rows.demand(tx)
        for row in (helped, done):
            tx.insert(Helper, demand_id=row.id, person_id=me.id, name="我", at=tx.now)
        return helped.no, nos(demands.of_helper(tx, me.id)), [h.name for h in demands.helpers(tx, helped.id)]

    wanted, found, names = store.run(job)
    assert found == [wanted]
    assert names == ["我"]


def test_of_communities(store: Store) -> None:
    """Demands of the named communities; None stands for those without one, and is not implied."""

    def job(tx):
        a, b = rows.community(tx, "甲").id, rows.community(tx, "乙").id
        in_a = rows.demand(tx, community_id=a).no
        in_b = rows.demand(tx, community_id=b).no
        nowhere = rows.demand(tx).no
        rows.demand(tx, community_id=a, stage="closed")
        found = [nos(demands.of_community(tx, ids, ["new"])) for ids in ([a], [a, b], [a, None], [None], [])]
        return found, [[in_a], [in_b, in_a], [nowhere, in_a], [nowhere], []]

    found, wanted = store.run(job)
    assert found == wanted


def test_alike(store: Store) -> None:
    """Open reports of the same category at the same building; every other difference keeps a report out."""

    def job(tx):
        home = rows.community(tx).id
        here, there = rows.estate(tx, home), rows.estate(tx, home, "东苑")
        same = {"estate_id": here.id, "category": "elevator", "building": "3", "stage": "dispatched"}
        wanted = [rows.demand(tx, **same).no, rows.demand(tx, **same | {"stage": "new"}).no]
        anywhere = rows.demand(tx, **same | {"building": None}).no
        for other in (
            {"estate_id": there.id},
            {"category": "noise"},
            {"building": "4"},
            {"stage": "closed"},
            {"stage": "done"},
            {"intent": "complaint"},
            {"reported_at": tx.now - timedelta(days=3)},
        ):
            rows.demand(tx, **same | other)
        asked = {"estate_id": here.id, "category": "elevator", "since": tx.now - timedelta(days=2)}
        found = nos(demands.alike(tx, building="3", **asked))
        return found, wanted, nos(demands.alike(tx, building=None, **asked)), anywhere

    found, wanted, unplaced, anywhere = store.run(job)
    assert found == wanted
    assert unplaced == [anywhere]


def test_history_is_in_order_and_its_own(store: Store) -> None:
    """Events of one demand in the order they happened, with what they carry."""

    def job(tx):
        one, other = rows.demand(tx), rows.demand(tx)
        rows.happen(tx, one, "dispatched", "dispatch", to="和顺物业")
        rows.happen(tx, other, "urged", "urge")
        return [(e.name, e.act, e.data, e.at) for e in demands.history(tx, one.id)], tx.now

    history, now = store.run(job)
    assert history == [("ordered", "order", {}, now), ("dispatched", "dispatch", {"to": "和顺物业"}, now)]


def test_listeners_hear_each_event_once_in_order(store: Store) -> None:
    """Every listener is called for every event, inside the transaction."""
    heard = []
    store.listeners.append(lambda _tx, happening, demand: heard.append((happening.name, demand.id)))

    def job(tx):
        one = rows.demand(tx)
        rows.happen(tx, one, "dispatched", "dispatch")
        return one.id

    one = store.run(job)
    assert heard == [("ordered", one), ("dispatched", one)]
    assert store.look(lambda tx: len(tx.list(Event))) == 2


def test_supporters(store: Store) -> None:
    """Who joined, in order; a rating is kept on the one row."""

    def job(tx):
        one, other = rows.demand(tx), rows.demand(tx)
        first, second = rows.person(tx), rows.person(tx)
        for row, who in ((one, second), (one, first), (other, first)):
            tx.insert(Supporter, demand_id=row.id, person_id=who.id, at=tx.now)
        demands.set_supporter_rating(tx, one.id, first.id, 2, "还漏")
        stars = [
            (s.demand_id == one.id, s.person_id == first.id, s.stars, s.rating_reason) for s in tx.list(Supporter)
        ]
        return (
            demands.supporters(tx, one.id) == [second.id, first.id],
            demands.is_supporter(tx, one.id, first.id),
            demands.is_supporter(tx, other.id, second.id),
            stars,
        )

    in_order, joined, elsewhere, stars = store.run(job)
    assert (in_order, joined, elsewhere) == (True, True, False)
    assert [s for s in stars if s[2] is not None] == [(True, True, 2, "还漏")]


def test_attachments(store: Store) -> None:
    """Pictures of one demand, in order."""

    def job(tx):
        one, other = rows.demand(tx), rows.demand(tx)
        for row, media in ((one, "m1"), (other, "m2"), (one, "m3")):
            tx.insert(Attachment, demand_id=row.id, kind="image", media_id=media, at=tx.now)
        return [a.media_id for a in demands.attachments(tx, one.id)]

    assert store.run(job) == ["m1", "m3"]


@pytest.fixture
def ledger(store: Store) -> dict[str, str]:
    """Five demands that differ, by a name."""

    def job(tx):
        a, b = rows.community(tx, "甲").id, rows.community(tx, "乙").id
        home = rows.estate(tx, a).id
        unit = rows.unit(tx).id
        past, future = tx.now - timedelta(minutes=1), tx.now + timedelta(minutes=1)
        made = {
            "late": rows.demand(
                tx, community_id=a, estate_id=home, stage="dispatched", due_at=past, handler_id=unit
            ),
            "timely": rows.demand(tx, community_id=a, stage="accepted", due_at=future, category="noise"),
            "paused": rows.demand(tx, community_id=b, stage="suspended", due_at=past, urgency="urgent"),
            "undated": rows.demand(tx, stage="new", text="Lift 100%_坏了"),
            "ended": rows.demand(tx, community_id=b, stage="closed", due_at=past, stars=5, handler_id=unit),
        }
        return {name: row.no for name, row in made.items()} | {"a": a, "b": b, "home": home, "unit": unit}

    return store.run(job)


def _search(store: Store, ledger: dict, **asked) -> list[str]:
    """Names of what a search finds, in its order."""
    scope = Scope(**{name: asked.pop(name) for name in ("communities", "handler_id") if name in asked})
    found = store.look(lambda tx: sifting.search(tx, scope, **asked))
    names = {no: name for name, no in ledger.items()}
    return [names[d.no] for d in found]


ALL = ["ended", "undated", "paused", "timely", "late"]


def test_search_by_column(store: Store, ledger: dict) -> None:
    """Each condition alone finds what fits it, newest first; together they narrow."""
    assert _search(store, ledger) == ALL
    assert _search(store, ledger, communities=[ledger["a"]]) == ["timely", "late"]
    assert _search(store, ledger, communities=[]) == []
    assert _search(store, ledger, handler_id=ledger["unit"]) == ["ended", "late"]
    assert _search(store, ledger, stage="new") == ["undated"]
    assert _search(store, ledger, category="noise") == ["timely"]
    assert _search(store, ledger, estate_id=ledger["home"]) == ["late"]
    assert _search(store, ledger, urgency="urgent") == ["paused"]
    assert _search(store, ledger, handler_id=ledger["unit"], stage="closed") == ["ended"]


def test_overdue_is_held_against_the_clock(store: Store, ledger: dict, clock: FrozenClock) -> None:
    """Late is what is at work past its date; a paused or ended one is not; the clock moves one over."""
    assert _search(store, ledger, overdue=True) == ["late"]
    assert _search(store, ledger, overdue=False) == ["ended", "undated", "paused", "timely"]
    clock.at += timedelta(minutes=2)
    assert _search(store, ledger, overdue=True) == ["timely", "late"]


def test_search_in_texts_takes_letters_and_no_signs(store: Store, ledger: dict) -> None:
    """Words are found in text and number, in either case of letters; signs count for nothing and are no wild cards."""
    assert _search(store, ledger, q="坏了") == ["undated"]
    assert _search(store, ledger, q="lift") == ["undated"]
    assert _search(store, ledger, q="100%_") == ["undated"]
    assert _search(store, ledger, q="坏_") == ["undated"]
    assert _search(store, ledger, q="lt") == []
    assert _search(store, ledger, q="_") == []
    assert _search(store, ledger, q=ledger["late"][-4:]) == ["late"]


def test_search_comes_in_pages(store: Store, ledger: dict) -> None:
    """Following the last key gives every demand once."""
    seen, before = [], None
    while page := store.look(lambda tx, b=before: sifting.search(tx, Scope(), before_id=b, limit=2)):
        seen += nos(page)
        before = page[-1].id
    assert seen == [ledger[name] for name in ALL]


def test_counting(store: Store, ledger: dict, clock: FrozenClock) -> None:
    """Counts by a column over a period that begins inclusive and ends exclusive."""

    def asked(column, *, communities=None, until=clock.at + timedelta(seconds=1)):
        return store.look(lambda tx: listing.counts(tx, column, Scope(communities), clock.at, until))

    assert asked("stage") == dict.fromkeys(("dispatched", "accepted", "suspended", "new", "closed"), 1)
    assert asked("community_id") == {ledger["a"]: 2, ledger["b"]: 2, None: 1}
    assert asked("stage", communities=[ledger["a"]]) == {"dispatched": 1, "accepted": 1}
    assert asked("stage", until=clock.at) == {}


def test_looking_for_a_neighbours_report_does_not_walk_the_estate(sqlite_store: Store) -> None:
    """What the database does for it stays the same however many orders the estate has elsewhere."""

    def steps(tx) -> int:
        taken = [0]

        def count() -> None:
            taken[0] += 1

        driver = tx.connection.connection.driver_connection
        driver.set_progress_handler(count, 10)
        for building in ("3", None):
            demands.alike(tx, estate_id=place, category="elevator", building=building, since=tx.now)
        driver.set_progress_handler(None, 0)
        return taken[0]

    place = sqlite_store.run(lambda tx: rows.estate(tx, rows.community(tx).id).id)
    few = sqlite_store.look(steps)
    sqlite_store.run(
        lambda tx: [
            rows.demand(tx, estate_id=place, category="elevator", building=str(10 + n), stage="accepted")
            for n in range(500)
        ]
    )
    assert sqlite_store.look(steps) <= few + 20
