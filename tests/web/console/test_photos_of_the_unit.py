"""Photos of what was done come with the form that says so; a form that is refused leaves no file behind."""

from aiohttp import FormData
from tests.support import pictures
from tests.web.console.conftest import reported, sit

from redprop_bot.store import demands
from redprop_bot.store.tables import Attachment


async def _fulfilled(browser, no, *photos, version=None):
    """The form as a browser sends it; answers with its status."""
    now = browser.house.office.store.look(lambda tx: demands.by_no(tx, no))
    data = FormData(default_to_multipart=True)
    for name, value in {"_mark": browser.mark, "act": "fulfil", "note": "修好了"}.items():
        data.add_field(name, value)
    data.add_field("version", str(now.version if version is None else version))
    for n, content in enumerate(photos, 1):
        data.add_field(f"photo{n}", content, filename=f"{n}.jpg", content_type="image/jpeg")
    browser.house.client.session.cookie_jar.clear()
    path = f"/console/demands/{no}/act"
    async with browser.house.client.post(path, data=data, cookies=browser.jar, allow_redirects=False) as response:
        return response.status, await response.text()


def _files(folder):
    return sorted(path.name for path in folder._folder.rglob("*") if path.is_file())


async def test_photos_of_what_was_done_are_kept_with_the_order(small_house, folder):
    """They lie among our files at once, without a platform; the history says how many."""
    no = await reported(small_house)
    unit = await sit(small_house, "provider")
    await unit.get(f"/console/demands/{no}")
    assert 'name="photo1"' in (await unit.get(f"/console/demands/{no}")).text
    status, said = await _fulfilled(unit, no, pictures.jpeg(), pictures.jpeg())
    assert status == 303, said
    look = small_house.office.store.look
    found = look(lambda tx: demands.attachments(tx, demands.by_no(tx, no).id))
    assert [(one.kind, one.state, one.content_type) for one in found] == [("image", "kept", "image/jpeg")] * 2
    assert all(folder.get(one.name) for one in found)
    events = look(lambda tx: demands.history(tx, demands.by_no(tx, no).id))
    assert [event.data["media"] for event in events if event.name == "fulfilled"] == [2]


async def test_a_refused_form_leaves_no_file(small_house, folder):
    """Somebody was faster, or one of them is no photo: nothing is done, and nothing lies about."""
    no = await reported(small_house)
    unit = await sit(small_house, "provider")
    await unit.get(f"/console/demands/{no}")
    status, _ = await _fulfilled(unit, no, pictures.jpeg(), version=99)
    assert (status, _files(folder)) == (409, [])
    status, said = await _fulfilled(unit, no, pictures.jpeg(), b"<script>")
    assert (status, _files(folder)) == (422, [])
    assert "不是照片" in said
    assert small_house.office.store.look(lambda tx: tx.list(Attachment)) == []
    assert small_house.office.store.look(lambda tx: demands.by_no(tx, no)).stage == "dispatched"


async def test_an_offer_without_an_estate_is_for_all(small_house):
    """The form leaves the field empty; so does the entry."""
    secretary = await sit(small_house, "secretary")
    await secretary.get("/console/resources/new")
    answer = await secretary.post(
        "/console/resources/new", {"title": "折叠桌", "estate": "", "place": "", "note": ""}
    )
    assert answer.status == 303, answer.said
    _, page = await small_house.api("GET", "/resources", small_house.token("admin"))
    assert (page["items"][0]["title"], page["items"][0].get("estate")) == ("折叠桌", None)
