"""People with their conversations, and the lists beside the demands."""

import threading

from tests.support import rows

from redprop_bot.ports import Channel
from redprop_bot.store import lists, people
from redprop_bot.store.tables import Person, Resource, Service, Task
from redprop_bot.store.worker import Store


def test_who_somebody_is(store: Store) -> None:
    """A resident is known by openid on the Official Account, staff by userid in WeCom; what is going on comes along."""

    def job(tx):
        resident, staff = rows.person(tx, openid="x"), rows.person(tx, userid="x")
        people.keep_talk(tx, resident.id, {"asked": "place"})
        return (
            [(w[0].id, w[1]) for w in (people.who(tx, c, "x") for c in (Channel.OA, Channel.WORK)) if w],
            [(resident.id, {"asked": "place"}), (staff.id, {})],
            people.who(tx, Channel.OA, "y"),
        )

    found, wanted, nobody = store.run(job)
    assert found == wanted
    assert nobody is None


def test_somebody_is_added_once(store: Store) -> None:
    """Eight first messages of one person at once make one person."""
    ids: list[int] = []
    meet = threading.Barrier(8)

    def greet():
        meet.wait(10)
        ids.append(store.run(lambda tx: people.add(tx, Channel.OA, "o1")).id)

    threads = [threading.Thread(target=greet) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert store.look(lambda tx: len(tx.list(Person))) == 1


def test_a_conversation_is_replaced_whole(store: Store) -> None:
    """The last state stands; without one it is empty."""

    def job(tx):
        one = rows.person(tx)
        before = people.who(tx, Channel.OA, one.openid)
        people.keep_talk(tx, one.id, {"a": 1})
        people.keep_talk(tx, one.id, {"b": 2})
        return before[1], people.who(tx, Channel.OA, one.openid)[1]

    assert store.run(job) == ({}, {"b": 2})


def test_people_by_key(store: Store) -> None:
    """Those that exist, by key; asking for nobody asks nothing."""

    def job(tx):
        one, other = rows.person(tx, name="甲"), rows.person(tx, name="乙")
        rows.person(tx)
        before = tx.statements
        nobody = people.named(tx, set())
        asked = tx.statements - before
        found = people.named(tx, {one.id, other.id, 999})
        return {p.name for p in found.values()}, set(found) == {one.id, other.id}, nobody, asked

    assert store.run(job) == ({"甲", "乙"}, True, {}, 0)


def test_people_are_read_once_a_transaction(store: Store) -> None:
    """Somebody who was met already is not read again in the same transaction."""

    def job(tx):
        one, other = people.meet(tx, rows.person(tx)), rows.person(tx)
        counts = []
        for ids in ({one.id}, {one.id, other.id}, {one.id, other.id}):
            before = tx.statements
            assert set(people.named(tx, ids)) == ids
            counts.append(tx.statements - before)
        return counts

    assert store.run(job) == [0, 1, 0]


def _task(tx, no, community_id=None, status="open"):
    return tx.insert(
        Task, no=no, kind="consult", community_id=community_id, text="?", status=status, created_at=tx.now
    )


def test_open_tasks(store: Store) -> None:
    """What waits in these communities, None for those of none, oldest first; done ones and others' stay away."""

    def job(tx):
        a, b = rows.community(tx, "甲").id, rows.community(tx, "乙").id
        _task(tx, "T1", a)
        _task(tx, "T2", b)
        _task(tx, "T3")
        _task(tx, "T4", a, status="done")
        return [[t.no for t in lists.open_tasks(tx, ids, limit=9)] for ids in ([a], [a, b], [], [None, b])]

    assert store.run(job) == [["T1"], ["T1", "T2"], [], ["T2", "T3"]]


def test_tasks_by_last_digits(store: Store) -> None:
    """Open ones before done ones, newer before older."""

    def job(tx):
        _task(tx, "T20261101-0003", status="done")
        _task(tx, "T20261102-0003")
        _task(tx, "T20261103-0003")
        _task(tx, "T20261103-0013")
        return [t.no for t in lists.task_by_tail(tx, "3")]

    assert store.run(job) == ["T20261103-0003", "T20261102-0003", "T20261101-0003"]


def _offer(tx, model, no, **values):
    filled = {"title": "梯子", "created_at": tx.now, "updated_at": tx.now}
    return tx.insert(model, no=no, **(filled | values))


def test_offers_by_number(store: Store) -> None:
    """Resources and services have numbers of their own."""

    def job(tx):
        _offer(tx, Resource, "R1")
        _offer(tx, Service, "S1")
        return [
            row and row.no for row in (lists.by_no(tx, m, no) for m in (Resource, Service) for no in ("R1", "S1"))
        ]

    assert store.run(job) == ["R1", None, None, "S1"]


def test_offers_come_in_pages(store: Store) -> None:
    """Newest first; a community sees its own and those of none; status and words narrow; signs are no wild cards."""

    def job(tx):
        a, b = rows.community(tx, "甲").id, rows.community(tx, "乙").id
        first = _offer(tx, Resource, "R1", community_id=a, status="published")
        _offer(tx, Resource, "R2", community_id=b)
        _offer(tx, Resource, "R3", title="轮椅 50%")

        def page(**asked):
            values = {"communities": None, "status": None, "q": None, "before_id": None, "limit": 9} | asked
            return [o.no for o in lists.page(tx, Resource, **values)]

        return [
            page(),
            page(communities=[a]),
            page(status="published"),
            page(q="轮椅"),
            page(q="%"),
            page(limit=1),
            page(before_id=first.id + 1),
        ]

    assert store.run(job) == [["R3", "R2", "R1"], ["R3", "R1"], ["R1"], ["R3"], ["R3"], ["R3"], ["R1"]]
