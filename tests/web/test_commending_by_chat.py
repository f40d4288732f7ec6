"""评选表彰 in chat: who was taken off one title, whose communities are several, names, what is kept of a vote."""

from datetime import timedelta

import pytest
from tests.support import rows

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.registry.register import register
from redprop_bot.simulated.talking import Phone, Town
from redprop_bot.store import commendations
from redprop_bot.store.tables import Commendation, Inbox, Person

ALL = Reviewer("管理员", communities=None, street=True)
VOTER, SECRETARY = Phone.of("resident:o-voter"), Phone.of("work:linsj")


@pytest.fixture
def town(small_house):
    """The phones of the small house; who votes lives there."""
    return Town(small_house.office)


@pytest.fixture
def run(small_house):
    """A job on its store."""
    return small_house.office.store.run


def _opened(tx, year=2026):
    home = register(tx).estate_names["海棠苑"].community_id
    return steps.open_commendation(tx, tx.content.awards.of("resident"), home, year, ALL)


def _running(tx):
    """A vote between two residents; its key."""
    row, home = _opened(tx), register(tx).estate_names["海棠苑"]
    for name in ("罗翠", "唐山海"):
        steps.named(tx, row, ALL, rows.person(tx, estate_id=home.id), name=name, about=None, by_self=True)
    return steps.vote_opened(tx, row, ALL).id


async def test_for_whom_is_let_go_with_the_result_in_letters_too(town, run, small_house):
    """Until then the same delivery gets its answer again; afterwards no word of it is left, of others all."""
    key = run(_running)
    town.say(VOTER, "我现在住海棠苑3栋")
    assert "2号唐山海" in town.say(VOTER, "投2号").text

    def kept(tx):
        return [f"{row.payload.get('text', '')}{row.reply}" for row in tx.list(Inbox)]

    assert sum("2号" in one for one in run(kept)) == 1
    small_house.clock.at += timedelta(days=8)
    run(lambda tx: votes.confirmed(tx, tx.get(Commendation, key), ALL))
    assert [one for one in run(kept) if "2号" in one] == []
    assert any("海棠苑3栋" in one for one in run(kept))


async def test_taken_off_one_title_they_still_answer_another(town, run):
    """Yes and no go to where they are asked; the other one stays as the secretary left it."""
    town.say(VOTER, "我现在住海棠苑3栋")

    def ask(tx):
        person = next(one for one in tx.list(Person) if one.openid == "o-voter")
        first, second = _opened(tx, 2025), _opened(tx)
        for row in (first, second):
            steps.named(tx, row, ALL, person, name="罗翠", about=None)
        off = commendations.candidates(tx, first.id)[0]
        steps.dropped(tx, first, ALL, off.id, note="去年评过")
        return first.id, second.id

    keys = run(ask)

    def stand(tx):
        return [commendations.candidates(tx, key)[0].state for key in keys]

    for said, state in (("同意参评", "agreed"), ("不参评", "declined")):
        town.say(VOTER, said)
        assert run(stand) == ["dropped", state]


async def test_none_of_several_is_opened_by_guess(town, run, small_house):
    """Two years wait for their vote: the secretary is sent to the page, and neither has begun."""
    run(lambda tx: (_opened(tx, 2025), _opened(tx)))
    said = town.say(SECRETARY, "最美业主开始投票").text
    assert said == small_house.office.content.replies.say("error.commendation_several", title="最美业主")
    assert run(lambda tx: {row.state for row in tx.list(Commendation)}) == {"gathering"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我叫罗翠，帮邻居修门", "罗翠"),
        ("我叫罗翠", "罗翠"),
        ("姓名：阿依古丽·买买提，教跳舞", "阿依古丽·买买提"),
        ("我叫罗翠帮邻居修门", None),
        ("我叫罗翠 帮邻居修门", None),
    ],
)
async def test_a_name_ends_where_it_ends(town, run, said, name):
    """What runs on into the deed is no name for a ballot: it is asked for."""
    run(_opened)
    town.say(VOTER, "我现在住海棠苑3栋")
    town.say(VOTER, f"报名最美业主：{said}")
    assert run(lambda tx: [one.name for one in commendations.candidates(tx, 1)]) == ([name] if name else [])
