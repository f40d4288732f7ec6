"""The rooms of matching and of places: what is seen, what is done there, who may not."""

import pytest
from tests.support import helping
from tests.web.console.conftest import sit

from redprop_bot.registry.register import changed
from redprop_bot.store.tables import Booking, Member, Outbox, Pairing, PlaceUse, Resource

REPAIR = "海棠苑3栋2单元家里的洗衣机坏了，想请人上门维修"


@pytest.fixture
def helpers(house):
    """Two members who repair things."""
    _helpers(house)


def _helpers(house):
    def prepare(tx):
        for name, userid in (("甘师傅", "gansf"), ("卢师傅", "lusf")):
            person = helping.rows.person(tx, name=name, userid=userid)
            tx.insert(Member, person_id=person.id, branch="海棠苑党支部", skills=["家电维修"])
        changed(tx)

    house.office.store.run(prepare)


async def test_the_desk_of_matching(small_house, secretary):
    """Begun by number; reasons and three parties on the page; a word by telephone, then the next, then the pair."""
    _helpers(small_house)
    item = await small_house.report(small_house.token("admin"), REPAIR, category="convenience")
    begun = await secretary.post("/console/matching", {"demand": item["no"], "side": ""})
    assert begun.status == 303
    path = begun.headers["Location"].partition("?")[0]
    page = await secretary.get(path)
    assert [one.text for one in page.soup.select("#parties h3")] == ["需求方", "服务方", "资源方"]
    assert "同一个小区" in page.soup.select_one("#asked").text
    assert len(page.soup.select("#candidates article")) == 1
    ask = page.soup.select_one("[name=ask]")["value"]
    assert (await secretary.post(path, {"act": "answer", "ask": ask, "yes": "false"})).status == 303
    page = await secretary.get(path)
    asks = [one["value"] for one in page.soup.select("[name=ask]")]
    assert asks
    assert ask not in asks
    assert (await secretary.post(path, {"act": "answer", "ask": asks[0], "yes": "true"})).status == 303
    assert "对上了" in (await secretary.get(path)).text
    again = await secretary.post(path, {"act": "seek"})
    assert again.status == 409
    listed = await secretary.get("/console/matching?state=paired")
    assert [link.text for link in listed.soup.select("tbody a")] == [item["no"]]
    assert (await secretary.get("/console/matching?state=none")).soup.select("tbody a") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "dance"},
        {"act": "ask", "candidate": "member:x"},
        {"act": "ask", "candidate": "'"},
        {"act": "answer", "ask": "9" * 30},
    ],
)
async def test_what_no_form_sends_is_refused(small_house, secretary, fields):
    """The page comes again; nothing has changed."""
    item = await small_house.report(small_house.token("admin"), REPAIR, category="convenience")
    begun = await secretary.post("/console/matching", {"demand": item["no"]})
    path = begun.headers["Location"].partition("?")[0]
    before = small_house.office.store.look(lambda tx: tx.list(Pairing))
    assert (await secretary.post(path, fields)).status in (404, 422)
    assert small_house.office.store.look(lambda tx: tx.list(Pairing)) == before


async def test_who_enters_the_desk(small_house):
    """A unit and a viewer do not; a clerk reads and has no buttons; a stranger's secretary finds nothing."""
    _helpers(small_house)
    item = await small_house.report(small_house.token("admin"), REPAIR, category="convenience")
    begun = await (await sit(small_house, "secretary")).post("/console/matching", {"demand": item["no"]})
    path = begun.headers["Location"].partition("?")[0]
    for who in ("provider", "viewer"):
        assert (await (await sit(small_house, who)).get(path)).status == 403
    clerk = await sit(small_house, "clerk")
    page = await clerk.get(path)
    assert page.status == 200
    assert page.soup.select("main form") == []
    assert (await clerk.post(path, {"act": "stop"})).status == 403
    assert (await (await sit(small_house, "other")).get(path)).status == 404


async def _room(house, **values):
    token = house.token("secretary", community="海棠社区")
    body = {"title": "海棠议事厅", "kind": "room", "estate": "海棠苑", "hours": "每天 9:00-17:00"} | values
    return (await house.api("POST", "/resources", token, body))[1]["no"]


async def test_a_week_of_a_room(small_house, secretary):
    """Booked for somebody, seen in the week, refused twice, given back with a message, counted, put right."""
    no = await _room(small_house)
    path = f"/console/places/{no}"
    assert (
        "09:00–17:00" not in (await secretary.get("/console/places")).text
    )  # ten o'clock: the first hour is over
    assert "10:00–17:00" in (await secretary.get("/console/places")).text
    await secretary.get(path)
    form = {"starts_at": "2026-11-26T14:00", "ends_at": "2026-11-26T16:00", "name": "夕阳红舞队", "heads": "20"}
    assert (await secretary.post(f"{path}/book", form)).status == 303
    page = await secretary.get(f"{path}?week=2026-11-26")
    assert "14:00–16:00" in page.soup.select_one("#week").text
    clash = await secretary.post(f"{path}/book", form)
    assert clash.status == 409
    assert "09:00–14:00、16:00–17:00" in clash.text
    assert clash.soup.select_one("#name")["value"] == "夕阳红舞队"
    booking = page.soup.select_one("[name=booking]")["value"]
    assert (await secretary.post(f"{path}/cancel", {"booking": booking})).status == 303
    assert (await secretary.post(f"{path}/cancel", {"booking": booking})).status == 409
    assert (await secretary.post(f"{path}/use", {"heads": "35", "day": "2026-11-25"})).status == 303
    assert (await secretary.post(f"{path}/use", {"heads": "许多"})).status == 422
    store = small_house.office.store
    assert [row.heads for row in store.look(lambda tx: tx.list(PlaceUse))] == [35]
    version = str(store.look(lambda tx: tx.list(Resource))[0].version)
    shape = {
        "version": version,
        "capacity": "40",
        "quantity": "1",
        "lat": "",
        "lng": "",
        "services": "投影、茶水",
        "bookable": "true",
    }
    assert (await secretary.post(path, shape)).status == 303
    assert (await secretary.post(path, shape)).status == 409
    assert "容 40 人" in (await secretary.get("/console/places")).text
    assert [row.state for row in store.look(lambda tx: tx.list(Booking))] == ["cancelled"]


async def test_a_viewer_sees_no_names_and_books_nothing(small_house):
    """The week without who and what for; no forms; other communities' places are not there."""
    no = await _room(small_house)
    token = small_house.token("secretary", community="海棠社区")
    body = {
        "starts_at": "2026-11-26T14:00:00+08:00",
        "ends_at": "2026-11-26T16:00:00+08:00",
        "name": "严阿姨",
        "purpose": "过生日",
    }
    assert (await small_house.api("POST", f"/resources/{no}/bookings", token, body))[0] == 201
    viewer = await sit(small_house, "viewer")
    page = await viewer.get(f"/console/places/{no}")
    assert page.status == 200
    assert not any(word in page.text for word in ("严阿姨", "过生日", "约上"))
    assert (await viewer.post(f"/console/places/{no}/book", {})).status == 403
    assert (await (await sit(small_house, "other")).get(f"/console/places/{no}")).status == 404
    assert (await viewer.get("/console/places/R20261125-0999")).status == 404
    assert (
        small_house.office.store.look(lambda tx: [m for m in tx.list(Outbox) if m.message == "booking_called_off"])
        == []
    )
