"""A vote on the phone: who lives there votes and changes it, others get a friendly no; one's own yes or no."""

from datetime import timedelta

import pytest
from tests.support import rows

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.registry.register import register
from redprop_bot.store import commendations
from redprop_bot.store.tables import Commendation, Person

ALL = Reviewer("管理员", communities=None, street=True)


@pytest.fixture
def gathered(small_house, hand):
    """A title that two residents stand for and the one with the phone is asked to; its address."""

    def job(tx):
        reg = register(tx)
        home = reg.estate_names["海棠苑"]
        row = steps.open_commendation(tx, tx.content.awards.of("resident"), home.community_id, 2026, ALL)
        for name, deed in (("罗某某", "帮邻居修门"), ("唐某某", "")):
            person = rows.person(tx, estate_id=home.id)
            steps.named(tx, row, ALL, person, name=name, about=deed, by_self=True)
        return row.id

    return small_house.office.store.run(job)


def _lives(house, hand, estate):
    """Where the person with the phone lives."""
    house.office.store.run(
        lambda tx: tx.update(Person, hand.me().id, estate_id=register(tx).estate_names[estate].id)
    )


def _begin(house, key):
    house.office.store.run(lambda tx: steps.vote_opened(tx, tx.get(Commendation, key), ALL))


async def test_a_vote_is_given_and_changed_and_shown_to_nobody(small_house, hand, gathered):
    """What is refused keeps what was picked; the page never shows whom they chose; afterwards it is over."""
    page = f"/m/commendations/{gathered}"
    _lives(small_house, hand, "海棠苑")
    assert "正在定候选" in await hand.look(page)
    _begin(small_house, gathered)
    text = await hand.look(page)
    assert text.count('name="choice"') == 2
    assert "1号 罗某某" in text
    refused = await hand.send(f"{page}/act", {"act": "vote"})
    assert refused.status == 422
    refused = await hand.send(f"{page}/act", [("act", "vote"), ("choice", "1"), ("choice", "9")])
    assert (refused.status, 'value="1" checked' in await hand.seen(refused)) == (422, True)
    for choice, said in (("1", "voted"), ("2", "changed")):
        answer = await hand.send(f"{page}/act", {"act": "vote", "choice": choice})
        assert (answer.status, answer.headers["Location"]) == (303, f"{page}?said=commendation_{said}")
    text = await hand.look(page)
    assert "您投过了" in text
    assert "checked" not in text
    assert "票</span>" not in text
    counted = small_house.office.store.look(lambda tx: commendations.counted(tx, gathered))
    assert counted == ({2: 1}, 1)
    assert (await hand.send(f"{page}/act", {"act": "vote", "choice": "1"}, mark="x")).status == 401
    small_house.clock.at += timedelta(days=8)
    assert (await hand.enter()).status == 302
    text = await hand.look(page)
    assert "投完了，1 人投了票" in text
    assert 'name="choice"' not in text
    assert small_house.office.store.look(lambda tx: commendations.counted(tx, gathered)) == ({2: 1}, 1)


async def test_who_is_not_of_the_community_gets_a_friendly_no(small_house, hand, gathered):
    """Unknown home, another community: no names; without a login the way to it; no such vote is not found."""
    page = f"/m/commendations/{gathered}"
    _begin(small_house, gathered)
    for estate, said in ((None, "我现在住"), ("银杏里", "只有住在海棠社区的居民能投")):
        if estate:
            _lives(small_house, hand, estate)
        answer = await hand.get(page)
        text = await hand.seen(answer)
        assert (answer.status, said in text, "罗某某" in text) == (403, True, False)
        await hand.look("/m/wishes")
        answer = await hand.send(f"{page}/act", {"act": "vote", "choice": "1"})
        assert answer.status == 403
    assert small_house.office.store.look(lambda tx: commendations.counted(tx, gathered)) == ({}, 0)
    assert (await hand.get("/m/commendations/999")).status == 404
    answer = await small_house.client.get(page, allow_redirects=False)
    assert (answer.status, answer.headers["Location"].startswith("/m/login")) == (302, True)


async def test_one_says_yes_or_no_to_standing(small_house, hand, other, gathered):
    """Covered on the board or not; somebody else has no such form and changes nothing."""
    page = f"/m/commendations/{gathered}"
    _lives(small_house, hand, "海棠苑")
    _lives(small_house, other, "海棠苑")
    person = hand.me()

    def put_forward(tx):
        steps.named(
            tx, tx.get(Commendation, gathered), ALL, tx.get(Person, person.id), name="徐某某", about="浇花"
        )

    small_house.office.store.run(put_forward)

    def stands():
        found = small_house.office.store.look(lambda tx: commendations.candidates(tx, gathered))
        return next((one.state, one.shown) for one in found if one.person_id == person.id)

    assert "您是候选" not in await other.look(page)
    await other.look("/m/wishes")
    assert (await other.send(f"{page}/act", {"act": "agree"})).status == 404
    assert stands() == ("asked", False)
    for act, expected in (
        ("agree", ("agreed", True)),
        ("agree_hidden", ("agreed", False)),
        ("decline", ("declined", False)),
        ("agree", ("agreed", True)),
    ):
        assert "您是候选" in await hand.look(page)
        assert (await hand.send(f"{page}/act", {"act": act})).status == 303
        assert stands() == expected
    _begin(small_house, gathered)
    await hand.look(page)
    assert (await hand.send(f"{page}/act", {"act": "decline"})).status == 303
    assert "徐某某" not in await other.look(page)
