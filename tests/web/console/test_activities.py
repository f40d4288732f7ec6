"""Activities and points at the console: planning, the big code, setting right, approving, taking back."""

from datetime import timedelta

from tests.support.gatherings import activity
from tests.web.console.conftest import sit

from redprop_bot.registry.register import register
from redprop_bot.store import activities as rows
from redprop_bot.store import people, points
from redprop_bot.volunteers import ledger, signing_up

FORM = {
    "title": "清理楼道",
    "starts_at": "2026-11-25T09:30",
    "ends_at": "2026-11-25T11:30",
    "place": "3栋楼下",
    "kind": "volunteer",
    "capacity": "",
    "points": "20",
    "note": "",
}


def only(house):
    """The one activity there is."""
    return house.office.store.look(lambda tx: rows.page(tx, communities=None, limit=2))[0]


async def test_an_activity_is_planned_changed_and_called_off(small_house, secretary):
    """From the form to the calendar, another title, and off with its reason."""
    assert (await secretary.get("/console/activities/new")).status == 200
    assert (await secretary.post("/console/activities/new", FORM | {"ends_at": "2026-11-25T09:00"})).status == 422
    assert (await secretary.post("/console/activities/new", FORM)).status == 303
    made = only(small_house)
    assert (made.state, made.capacity, made.points, made.place) == ("published", None, 20, "3栋楼下")
    calendar = await secretary.get("/console/activities")
    assert "清理楼道" in calendar.text
    assert "这个月还没排" in calendar.text
    assert "1–10 月没有活动" in calendar.text
    path = f"/console/activities/{made.no}"
    page = await secretary.get(path)
    form = FORM | {"title": "大扫除", "capacity": "5", "version": str(made.version)}
    assert page.status == 200
    assert (await secretary.post(path, form)).status == 303
    assert (only(small_house).title, only(small_house).capacity) == ("大扫除", 5)
    assert (await secretary.post(path, form)).status == 409
    assert (await secretary.post(f"{path}/act", {"act": "cancel", "reason": ""})).status == 422
    assert (await secretary.post(f"{path}/act", {"act": "cancel", "reason": "下雨"})).status == 303
    assert only(small_house).state == "cancelled"


async def test_the_code_is_large_and_renews_itself(small_house, secretary):
    """Six digits, a square, a refresh when the code changes; not for who only looks."""
    what = small_house.office.store.run(lambda tx: activity(tx, community_id=here(tx)))
    page = await secretary.get(f"/console/activities/{what.no}/code")
    assert page.status == 200
    _, shown = await small_house.api("GET", f"/activities/{what.no}/code", small_house.token("secretary"))
    assert page.soup.select_one(".digits").text.replace(" ", "") == shown["code"]
    assert page.soup.select_one("svg")
    assert 0 < int(page.soup.select_one("meta[http-equiv=refresh]")["content"]) <= 61
    viewer = await sit(small_house, "viewer")
    assert (await viewer.get(f"/console/activities/{what.no}/code")).status == 403
    assert "卫党员" not in (await viewer.get(f"/console/activities/{what.no}")).text


def here(tx):
    return next(k for k, c in register(tx).communities.items() if c.name == "海棠社区")


async def test_who_came_is_set_right_with_a_reason(small_house, secretary):
    """Entered, struck, entered by name: the ledger follows each time."""
    store = small_house.office.store
    what = store.run(lambda tx: activity(tx, community_id=here(tx)))
    who = store.look(lambda tx: people.called(tx, "weidy")).id
    store.run(lambda tx: signing_up.join(tx, what, who))
    path = f"/console/activities/{what.no}"
    assert "卫党员" in (await secretary.get(path)).text
    act = f"{path}/act"
    assert (await secretary.post(act, {"act": "correct", "person": str(who), "reason": ""})).status == 422
    assert (await secretary.post(act, {"act": "correct", "person": str(who), "reason": "没带手机"})).status == 303
    balance = lambda: store.look(lambda tx: ledger.balance(tx, who))  # noqa: E731
    assert balance() == 20
    row = (await secretary.get("/console/points")).soup.select_one("tr[data-row]")
    assert row.text.count("系统记录") == 1
    assert (await secretary.post(act, {"act": "strike", "person": str(who), "reason": "看错了"})).status == 303
    assert balance() == 0
    assert (await secretary.post(act, {"act": "correct", "name": "卫党员", "reason": "真来了"})).status == 303
    assert balance() == 20
    assert (await secretary.post(act, {"act": "headcount", "number": "35"})).status == 303
    assert "现场数到 35" in (await secretary.get(path)).text


async def test_points_by_hand_need_another_seat(small_house, secretary):
    """Asked by one, agreed by another; who asked is refused; then taken back by a counter-entry."""
    store = small_house.office.store
    await secretary.get("/console/points")
    asked = {"name": "卫党员", "delta": "5", "reason": "夜里送医"}
    assert (await secretary.post("/console/points/ask", asked | {"delta": "-5"})).status == 422
    assert (await secretary.post("/console/points/ask", asked | {"delta": "500"})).status == 422
    assert (await secretary.post("/console/points/ask", asked)).status == 303
    [request] = store.look(lambda tx: points.requests(tx, None, limit=5))
    path = f"/console/points/requests/{request.id}"
    assert (await secretary.post(path, {"act": "approve"})).status == 403
    admin = await sit(small_house, "admin")
    await admin.get("/console/points")
    assert (await admin.post(path, {"act": "approve"})).status == 303
    page = await admin.get("/console/points?userid=卫党员")
    assert "+5" in page.text
    assert "夜里送医" in (await admin.get("/console/points/of/weidy")).text
    [entry] = store.look(lambda tx: points.page(tx, limit=5))
    back = {"id": str(entry.id), "reason": "给错人了"}
    assert (await admin.post("/console/points/counter", back)).status == 303
    assert "现有 0 分" in (await admin.get("/console/points/of/weidy")).text
    viewer = await sit(small_house, "viewer")
    assert "卫党员" not in (await viewer.get("/console/points")).text


async def test_pictures_are_for_who_was_there(small_house, secretary):
    """Put up at the console, cleaned; seen by keepers and who came, by nobody else; taken down again."""
    import io

    import aiohttp
    from tests.support import pictures
    from tests.support.gatherings import KEEPER

    from redprop_bot.volunteers import attendance
    from redprop_bot.web import sessions

    store = small_house.office.store
    what = store.run(lambda tx: activity(tx, community_id=here(tx)))
    came, stranger = store.look(lambda tx: [people.called(tx, name).id for name in ("weidy", "jianggong")])
    store.run(lambda tx: attendance.correct(tx, what, came, KEEPER, reason="没带手机"))
    path = f"/console/activities/{what.no}"
    await secretary.get(path)

    async def send(data, name):
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("_mark", secretary.mark)
        form.add_field("file", io.BytesIO(data), filename=name)
        return (await secretary._take("POST", f"{path}/photos", form, {})).status

    assert await send(b"<script>alert(1)</script>", "photo.jpg") == 422
    assert await send(pictures.jpeg(), "photo.jpg") == 303
    [photo] = store.look(lambda tx: rows.photos(tx, what.id))
    assert f"{path}/photos/{photo.id}" in (await secretary.get(path)).text
    assert (await secretary._take("GET", f"{path}/photos/{photo.id}", None, {})).status == 200
    viewer = await sit(small_house, "viewer")
    assert (await viewer.get(f"{path}/photos/{photo.id}")).status == 404

    async def phone(person_id):
        office = small_house.office
        until = office.clock.now() + timedelta(hours=1)
        cookies = {sessions.cookie_name(office): sessions.token(office.secret_key, person_id, until)}
        small_house.client.session.cookie_jar.clear()
        address = f"/m/activities/{what.no}/photos/{photo.id}"
        return (await small_house.client.get(address, cookies=cookies)).status

    assert (await phone(came), await phone(stranger)) == (200, 404)
    await secretary.get(path)
    assert (await secretary.post(f"{path}/photos/{photo.id}/drop")).status == 303
    assert await phone(came) == 404
