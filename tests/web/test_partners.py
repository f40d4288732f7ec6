"""Partners: figures by API and console, cards by the clock, the picture for who has its address."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from tests.web.console.conftest import sit

from redprop_bot.loop import due
from redprop_bot.registry.register import changed, register
from redprop_bot.store.tables import Organisation as Unit
from redprop_bot.store.tables import Outbox, ThanksCard
from redprop_bot.volunteers import partners

NEW_YEAR = datetime(2027, 1, 1, 1, 5, tzinfo=UTC)


@pytest.fixture
def hospital(small_house):
    """A partner unit that offers something, and another that gave nothing."""

    def job(tx):
        made = [tx.insert(Unit, name=name, kind="partner") for name in ("海棠医院", "海棠书店")]
        changed(tx)
        return [unit.name for unit in made]

    return small_house.office.store.run(job)[0]


async def gave(house, unit: str) -> None:
    """An offer of the unit that is published."""
    token = house.token("provider", organisation=unit)
    _, item = await house.api("POST", "/services", token, {"title": "量血压", "community": "海棠社区"})
    keeper = house.token("secretary", community="海棠社区")
    assert (await house.api("PATCH", f"/services/{item['no']}", keeper, {"version": 1, "status": "published"}))[
        0
    ] == 200


def swept(house) -> None:
    store = house.office.store
    store.run(lambda tx: due.prepare(tx, [partners.plan]))
    while store.run(lambda tx: due.sweep(tx, partners.DO)):
        pass


async def test_figures_of_a_quarter_by_api_and_console(small_house, hospital):
    """Who gave most stands first, who gave nothing stands there, a unit sees itself; odd quarters are 422."""
    await gave(small_house, hospital)
    token = small_house.token("viewer")
    status, page = await small_house.api("GET", "/partners?quarter=2026Q4", token)
    assert status == 200
    assert [(one["name"], one["offers"], one["card"]) for one in page["items"]] == [
        ("海棠医院", 1, None),
        ("海棠书店", 0, None),
    ]
    own = small_house.token("provider", organisation="海棠书店")
    assert [one["name"] for one in (await small_house.api("GET", "/partners", own))[1]["items"]] == ["海棠书店"]
    for odd in ("2026Q5", "2026-4", "x"):
        assert (await small_house.api("GET", f"/partners?quarter={odd}", token))[0] == 422
    secretary = await sit(small_house, "secretary")
    assert "海棠医院" in (await secretary.get("/console/partners")).text


async def test_cards_are_made_once_when_the_quarter_is_over(small_house, hospital):
    """After the last day each unit that gave has one card; later sweeps make no other; the picture shows numbers."""
    await gave(small_house, hospital)
    swept(small_house)
    cards = lambda: small_house.office.store.look(lambda tx: tx.list(ThanksCard))  # noqa: E731
    assert cards() == []
    small_house.clock.at = NEW_YEAR
    for _ in range(2):
        swept(small_house)
    assert [(card.quarter, card.figures) for card in cards()] == [("2026Q4", {"offers": 1})]
    address = small_house.office.store.look(lambda tx: partners.address(tx, cards()[0]))
    path = address.partition("8080")[2]
    page = await (await small_house.client.get(path)).text()
    assert "2026年第四季度" in page
    picture = re.search(r'src="(/m/thanks/[^"]+)"', page)[1].replace("&amp;", "&")
    answer = await small_house.client.get(picture)
    svg = await answer.text()
    assert (answer.status, answer.content_type) == (200, "image/svg+xml")
    assert "海棠医院" in svg
    assert "script" not in svg
    assert (await small_house.client.get(path[:-3] + "xxx")).status == 404
    assert (await small_house.client.get(path.partition("?")[0])).status == 404
    assert (await small_house.client.get("/m/thanks/999?k=x")).status == 404


async def test_a_member_s_card_is_made_only_with_their_word(small_house):
    """Without it there is none; with it the member gets it, and their unit where the register knows it."""
    store = small_house.office.store

    def helped(tx):
        person = register(tx).person_named("weidy")
        from redprop_bot.loop.actor import RULE
        from redprop_bot.store.tables import Member
        from redprop_bot.volunteers import wishes

        wish = wishes.make(tx, wishes.Wished("想要一台收音机", None, 1), RULE, published=True)
        wishes.claim(tx, wish, RULE, person_id=person.id)
        wishes.deliver(tx, wish, RULE)
        wishes.receive(tx, wish, RULE)
        member = register(tx).members[person.id]
        tx.update(Member, member.id, unit="春晖物业")
        changed(tx)
        return person.id

    person_id = store.run(helped)
    small_house.clock.at = NEW_YEAR
    swept(small_house)
    assert store.look(lambda tx: tx.list(ThanksCard)) == []
    assert store.run(lambda tx: partners.agree(tx, person_id, agreed=True))
    for statement in ("DELETE FROM timer", "DELETE FROM revision WHERE name = 'thanks'"):
        store.run(lambda tx, statement=statement: tx.execute(text(statement)))
    swept(small_house)
    told = store.look(lambda tx: sorted(m.receiver for m in tx.list(Outbox) if m.message == "thanks"))
    assert told == ["jianjl", "weidy"]
    assert not store.run(lambda tx: partners.agree(tx, 10**6, agreed=True))
