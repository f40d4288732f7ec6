"""考评 at the same moment, by two processes: opened once, one ballot of a voice, one result, all there afterwards."""

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once

from redprop_bot.appraise import appeal, periods, scorecard
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.errors import Conflict
from redprop_bot.registry.register import register
from redprop_bot.store import appraisals, soundness
from redprop_bot.store.tables import Appraisal, Outbox
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Hand(Reviewer("管理员", communities=None, street=True))


@pytest.fixture
def stores(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one, ROSTER)
    return one, other


def _open(tx: Tx) -> list[Appraisal]:
    sheet, reg = tx.content.appraisal.of("month"), register(tx)
    assert sheet is not None
    unit = reg.organisation_names["万和物业"].id
    community = reg.estate_names["槐荫里"].community_id
    return scorecard.by_hand(tx, sheet, periods.ended_by_key("2026-10"), community, unit, who=ALL)


def test_opened_scored_published_and_appealed_once(stores: tuple[Store, Store]) -> None:
    """Of two the second is refused, or comes after the first; nothing is there twice."""
    refused = at_once(*(lambda store=store: store.run(_open) for store in stores))
    assert sorted(type(error).__name__ for error in refused) == ["Conflict", "NoneType"]
    (row,) = stores[0].look(lambda tx: appraisals.page(tx, communities=None, limit=5))
    key = row.id or 0

    def score(tx: Tx, points: int) -> None:
        given = {item["key"]: points for item in row.plan["items"]}
        scorecard.score(tx, tx.get(Appraisal, key), ALL, given, party="community")

    both = zip(stores, (10, 20), strict=True)
    jobs = [lambda store=store, points=points: store.run(lambda tx: score(tx, points)) for store, points in both]
    assert at_once(*jobs) == [None, None]
    (ballot,) = stores[1].look(lambda tx: appraisals.ballots(tx, [key])[key])
    assert set(ballot.points.values()) in ({10}, {20})

    stores[0].run(lambda tx: tx.update(Appraisal, key, plan={**row.plan, "least": 20}, due_at=tx.now))

    def publish(tx: Tx) -> None:
        scorecard.publish(tx, tx.get(Appraisal, key), ALL, ALL.name)

    refused = at_once(*(lambda store=store: store.run(publish) for store in stores))
    assert [type(error) for error in refused if error is not None] == [Conflict]

    def object_(tx: Tx) -> None:
        who = Hand(Reviewer("方经理"), frozenset({row.organisation_id}))
        appeal.appeal(tx, tx.get(Appraisal, key), who, reason="看漏了")

    refused = at_once(*(lambda store=store: store.run(object_) for store in stores))
    assert [type(error) for error in refused if error is not None] == [Conflict]

    def seen(tx: Tx) -> tuple[str, list[str], int]:
        told = [one for one in tx.list(Outbox) if one.message == "appraisal_appealed"]
        names = [event.name.removeprefix("appraisal_") for event in appraisals.history(tx, key)]
        return tx.get(Appraisal, key).state, names, len(told)

    assert stores[1].look(soundness.problems) == []
    assert stores[1].look(seen) == ("appealed", ["opened", "scored", "scored", "published", "appealed"], 1)

    stores[0].run(lambda tx: tx.update(Appraisal, key, score=None))
    assert [line for line in stores[1].look(soundness.problems) if "考评" in line] == [
        f"考评第 {key} 号：记的是 appealed，和有没有结果对不上"
    ]
    stores[0].run(lambda tx: tx.update(Appraisal, key, score=1, once_key=None))
    assert [line for line in stores[1].look(soundness.problems) if "考评" in line] == [
        f"考评第 {key} 号：记的是 appealed，和占没占着这一期对不上"
    ]
