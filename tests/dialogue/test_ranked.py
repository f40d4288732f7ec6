"""红黑榜 as people ask for it: a company where it stands and its objection, the street and communities what is there."""

import pytest

from redprop_bot.appraise import appeal, periods, ranking, scorecard
from redprop_bot.appraise import ranking_telling as telling
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.registry.register import register
from redprop_bot.rules.ranking import read
from redprop_bot.store import appraisals, rankings
from redprop_bot.store.tables import Appraisal, Outbox, Ranking

SECRETARY, STREET, MANAGER, WORKER, RESIDENT = "qinsj", "gaozr", "fangjl", "dingsf", "r:罗阿姨"
ALL = Hand(Reviewer("管理员", communities=None, street=True))


def _draft(stage):
    def job(tx):
        reg, sheet, period = register(tx), tx.content.appraisal.of("quarter"), periods.ended_by_key("2026-Q3")
        estate = reg.estate_names["槐荫里"]
        unit = reg.organisation_names["万和物业"].id
        (row,) = scorecard.begin(tx, sheet, period, estate.community_id, [unit], by="管理员")
        tx.update(Appraisal, row.id, state="published", score=8600, stars=4, published_at=tx.now)
        return ranking.draft(tx, ALL, sheet, period, reg.communities[estate.community_id].street_id).id

    return stage.store.run(job)


def _do(stage, row, step, **more):
    stage.store.run(lambda tx: step(tx, rankings.one(tx, row), ALL, **more))


def test_everybody_hears_what_is_for_them(stage, say):
    """A draft is for the street; asked, a company hears of its own line and objects once."""
    assert say(STREET, "红黑榜") == ["ranking.none"]
    row = _draft(stage)
    assert say(STREET, "看看红黑榜") == ["ranking.listed"]
    assert say(SECRETARY, "红黑榜") == ["ranking.none"]
    assert say(MANAGER, "红黑榜") == ["ranking.none"]
    assert say(MANAGER, "红黑榜异议：不对") == ["error.ranking_no_objection"]
    _do(stage, row, ranking.ask)
    assert say(MANAGER, "我们的红黄榜名次") == ["ranking.own_review"]
    assert say(SECRETARY, "红黑榜") == ["ranking.none"]
    assert say(MANAGER, "红黑榜异议：八月的分漏了") == ["ranking.objected"]
    assert say(MANAGER, "红黑榜异议：再看看") == ["error.ranking_objected"]
    told = stage.store.look(
        lambda tx: [one.receiver for one in tx.list(Outbox) if one.message == "ranking_objected"]
    )
    assert told == [STREET]


def test_an_appeal_that_is_decided_is_none_on_a_published_board(stage):
    """What stands published says that it is decided, and the street hears that a new version is due."""
    row = _draft(stage)

    def publish(tx):
        made = rankings.one(tx, row)
        line = {**made.lines[0], "apart": "appealed", "place": None, "colour": ""}
        tx.update(Appraisal, line["rounds"][0], state="appealed", appeal="漏了", appeal_until=tx.now)
        tx.update(Ranking, row, lines=[line, *made.lines[1:]], state="published", published_at=tx.now)
        return line["rounds"][0]

    def stands(tx):
        made = rankings.one(tx, row)
        return telling.standing(tx, made, read(made.lines)[0])

    key = stage.store.run(publish)
    assert stage.store.look(stands) == "正在申诉，定了再排"
    stage.store.run(lambda tx: appeal.decide(tx, appraisals.one(tx, key), ALL, outcome="stand", reason="核过了"))
    assert stage.store.look(stands) == "申诉已经定了，等街道排新的一版"
    told = stage.store.look(lambda tx: [o.receiver for o in tx.list(Outbox) if o.message == "ranking_settled"])
    assert told == [STREET]


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (RESIDENT, "红黑榜"),
        (RESIDENT, "红黑榜异议：不公平"),
        (WORKER, "红黑榜"),
        (SECRETARY, "红黑榜异议：不公平"),
        (RESIDENT, "消防整改的名单贴在哪了，我想看看我们楼评的红的黑的"),
        (SECRETARY, "物业红黑榜贴在3栋门口，被人撕了"),
    ],
)
def test_everyday_sentences_stay_what_they_were(stage, say, who, text):
    """Whoever it does not concern goes their usual way."""
    _draft(stage)
    assert not any(key.startswith(("ranking", "error.ranking")) for key in say(who, text))
