"""Points that come of orders, and the patterns that the secretary is shown."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support import rows
from tests.support.books import somebody
from tests.support.gatherings import KEEPER, activity

from redprop_bot.loop import due
from redprop_bot.ports import FrozenClock
from redprop_bot.rules.flow import Act
from redprop_bot.rules.points import ByHand, Presence, clusters, crowded, for_another
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Helper, Outbox
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import attendance, earning, ledger, oddities

RATED = Happening("rated", Act.RATE, None, "居民", "", {"stars": 5})
FULFILLED = Happening("fulfilled", Act.FULFIL, None, "物业")


def helped(tx, demand, person_id, unit_id=None):
    tx.insert(
        Helper, demand_id=demand.id, person_id=person_id, organisation_id=unit_id, name="助力的人", at=tx.now
    )


def test_who_helped_earns_when_the_resident_is_content(store: Store) -> None:
    """A neighbour who helped gets the points once, however often it is told."""

    def job(tx):
        who, reporter = rows.person(tx), rows.person(tx)
        demand = rows.demand(tx, reporter_id=reporter.id)
        helped(tx, demand, who.id)
        for _ in range(2):
            earning.hear(tx, RATED, demand)
        return ledger.balance(tx, who.id), ledger.balance(tx, reporter.id)

    assert store.run(job) == (store.content.points.kinds["assist"].points, 0)


def test_who_helps_themselves_or_is_paid_earns_nothing(store: Store) -> None:
    """Neither the reporter, nor who rates, nor the property company's staff; other events book nothing."""

    def job(tx):
        reporter, rater, staff, neighbour = (rows.person(tx).id for _ in range(4))
        demand = rows.demand(tx, reporter_id=reporter)
        for who in (reporter, rater):
            helped(tx, demand, who)
        helped(tx, demand, staff, rows.unit(tx).id)
        earning.hear(tx, Happening("rated", Act.RATE, rater, "居民", "", {"stars": 5}), demand)
        helped(tx, demand, neighbour)
        earning.hear(tx, Happening("rated_low", Act.RATE, reporter, "居民", "", {"stars": 1}), demand)
        return [ledger.balance(tx, who) for who in (reporter, rater, staff, neighbour)]

    assert store.run(job) == [0, 0, 0, 0]


def test_who_reported_for_an_elder_earns_when_it_is_done(store: Store) -> None:
    """帮TA报 counts once the unit has done it; one's own report does not."""

    def job(tx):
        kind, own = rows.person(tx).id, rows.person(tx).id
        for who, text in ((kind, "帮3栋王奶奶报一下，她家水管漏了"), (own, "我家水管漏了")):
            demand = rows.demand(tx, reporter_id=who, text=text)
            earning.hear(tx, FULFILLED, demand)
        return ledger.balance(tx, kind), ledger.balance(tx, own)

    assert store.run(job) == (store.content.points.kinds["report_for"].points, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("帮隔壁张奶奶报一下，她家灯不亮", True),
        ("替楼上李大爷反映个事", True),
        ("我代5栋陈阿姨说一声，电梯坏了", True),
        ("帮我报一下", False),
        ("请帮我反映一下噪声", False),
        ("物业不帮忙，水管漏了", False),
        ("电梯坏了", False),
    ],
)
def test_for_whom_somebody_reports(text: str, expected: bool) -> None:
    """For another, not for oneself."""
    assert for_another(text) is expected


# -- odd patterns

T = datetime(2026, 11, 25, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_more_hours_than_the_time_holds() -> None:
    """Two activities of four hours at the same time are eight in four; one after the other is nothing."""
    both = [Presence(1, T, T + 4 * HOUR, "A1"), Presence(1, T, T + 4 * HOUR, "A2")]
    after = [Presence(2, T, T + 4 * HOUR, "A1"), Presence(2, T + 4 * HOUR, T + 8 * HOUR, "A3")]
    found = crowded([*both, *after], within=4 * HOUR, hours=8)
    assert [(person, [one.what for one in inside]) for person, inside in found] == [(1, ["A1", "A2"])]


def test_the_same_again_and_again() -> None:
    """Eight alike within ten minutes; seven, or eight over an hour, or by two hands, are not."""
    minute = timedelta(minutes=1)
    same = [ByHand(T + n * minute, "小陈", 5, "好人") for n in range(8)]
    slow = [ByHand(T + n * 9 * minute, "小姚", 5, "好人") for n in range(8)]
    other = [ByHand(T, "老许", 5, "好人")] * 7
    assert clusters([*same, *slow, *other], within=10 * minute, least=8) == [(same[0], 8)]


def test_the_secretary_is_told_of_what_is_odd_with_the_evidence(store: Store, clock: FrozenClock) -> None:
    """Two overlapping activities and a cluster by hand: one message the next morning, once."""

    def job(tx):
        here = rows.community(tx).id
        from redprop_bot.store.tables import Post

        keeper = rows.person(tx, userid="wangsj", name="王书记")
        tx.insert(Post, person_id=keeper.id, duty="secretary", community_id=here)
        who = rows.person(tx, name="罗桂兰").id
        for title in ("清理楼道", "读书会"):
            what = activity(tx, hours=4, title=title, community_id=here)
            attendance.correct(tx, what, who, KEEPER, reason="补签")
        for _ in range(8):
            ledger.ask(tx, who, 5, "好人好事", somebody("小陈"), community_id=here)

    store.run(job)
    clock.at += timedelta(days=1)
    for _ in range(2):
        while store.run(lambda tx: due.sweep(tx, oddities.DO)):
            pass
    [told] = store.look(lambda tx: tx.list(Outbox, Outbox.__table__.c.message == "points_odd"))
    text = told.payload["text"]
    assert told.receiver == "wangsj"
    assert "罗桂兰：4 小时里记的时间比 4 小时还多" in text
    assert "小陈 在 10 分钟里录了 8 笔一样的" in text


def test_nothing_odd_tells_nobody(store: Store, clock: FrozenClock) -> None:
    """An ordinary day is quiet."""
    store.run(lambda tx: attendance.correct(tx, activity(tx), rows.person(tx).id, KEEPER, reason="没带手机"))
    clock.at += timedelta(days=1)
    while store.run(lambda tx: due.sweep(tx, oddities.DO)):
        pass
    assert store.look(lambda tx: tx.list(Outbox, Outbox.__table__.c.message == "points_odd")) == []
