"""`/calendar/{token}.ics`: everybody's own calendar, by an address that opens nothing else."""

from icalendar import Calendar
from tests.web.test_api_meetings import _acts, _called

from redprop_bot.notify import links
from redprop_bot.store import people
from redprop_bot.store.tables import Person


async def _events(house, address):
    answer = await house.client.get(address.removeprefix(house.office.content.address))
    assert (answer.status, answer.content_type) == (200, "text/calendar"), address
    return Calendar.from_ical(await answer.text()).walk("VEVENT")


async def _feed(house, token):
    return (await house.api("GET", "/me", token))[1]["calendar"]


async def test_a_token_has_the_feed_of_what_it_sees(house):
    """A community's meetings for its secretary, the own ones for a unit, none for a unit that is not invited."""
    secretary = house.token("secretary", community="海棠社区")
    item = await _called(house, secretary, place="二楼会议室", topics=["停车"])
    (event,) = await _events(house, await _feed(house, secretary))
    assert str(event["summary"]) == item["title"]
    assert str(event["location"]) == "二楼会议室"
    assert event["dtstart"].dt.isoformat() == "2026-12-16T01:30:00+00:00"
    assert (str(event["status"]), "停车" in str(event["description"])) == ("CONFIRMED", True)
    unit = house.token("provider", organisation="春晖物业")
    assert len(await _events(house, await _feed(house, unit))) == 1
    stranger = house.token("provider", organisation="望月供水所")
    assert await _events(house, await _feed(house, stranger)) == []
    assert await _events(house, await _feed(house, house.token("secretary", community="银杏社区"))) == []
    assert len(await _events(house, await _feed(house, house.token("admin")))) == 1


async def test_residents_have_a_calendar_too(small_house):
    """Theirs is empty of meetings that they were not invited to."""
    person = small_house.office.store.run(lambda tx: people.add(tx, "oa", "o-feng"))
    await _called(small_house, small_house.token("secretary", community="海棠社区"))
    assert await _events(small_house, links.calendar("", f"p{person.id}", small_house.office.secret_key)) == []


async def test_a_change_keeps_the_entry_and_counts(small_house):
    """Moved: the same entry with a higher sequence; cancelled: it stays and says so."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _called(small_house, secretary)
    feed = await _feed(small_house, secretary)
    (before,) = await _events(small_house, feed)
    await small_house.api(
        "PATCH",
        f"/meetings/{item['id']}",
        secretary,
        {"version": item["version"], "starts_at": "2026-12-17T14:00:00+08:00"},
    )
    (moved,) = await _events(small_house, feed)
    assert (moved["uid"], moved["sequence"] > before["sequence"]) == (before["uid"], True)
    assert moved["dtstart"].dt.isoformat() == "2026-12-17T06:00:00+00:00"
    await _acts(small_house, secretary, item, "cancel", reason="不开了")
    (gone,) = await _events(small_house, feed)
    assert (str(gone["status"]), gone["uid"]) == ("CANCELLED", before["uid"])


async def test_a_wrong_address_opens_nothing(small_house):
    """Changed, of another, of a revoked token, of somebody who has left: 404, and the same page for all."""
    admin = small_house.token("admin")
    await _called(small_house, small_house.token("secretary", community="海棠社区"))
    feed = await _feed(small_house, admin)
    path = feed.removeprefix(small_house.office.content.address)
    for wrong in (path[:-8] + "AAAA.ics", path.replace("/t", "/p"), "/calendar/x.ics", "/calendar/p1-.ics"):
        assert (await small_house.client.get(wrong)).status == 404, wrong
    from redprop_bot.web import access

    office = small_house.office
    office.store.run(lambda tx: access.revoke(tx, access.viewer_of(tx, admin).token_id))
    assert (await small_house.client.get(path)).status == 404
    person = office.store.look(lambda tx: people.who(tx, "work", "jianjl")[0])
    own = links.calendar("", f"p{person.id}", office.secret_key)
    assert len(await _events(small_house, own)) == 1
    office.store.run(lambda tx: tx.update(Person, person.id, left_at=tx.now))
    assert (await small_house.client.get(own)).status == 404
