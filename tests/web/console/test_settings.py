"""Terms and replies edited at the console: checked, taken up by every process, taken back."""

import pytest
from tests.web.console.conftest import sit

from redprop_bot.content import load_content, roots
from redprop_bot.store import editions

# -- settings


@pytest.fixture
def settled(small_house):
    """A house whose content can be read anew."""
    office = small_house.office

    def load(above):
        return load_content(
            roots(None),
            zone=office.content.zone,
            address=office.content.address,
            secret=office.content.secret,
            above=above,
        )

    office.load = load
    return small_house


async def test_a_reply_is_edited_checked_taken_up_and_undone(settled):
    """New words hold at once; a slot that is none does not pass; going back is a version, too."""
    office = settled.office
    admin = await sit(settled, "admin")
    path, key = "/console/settings/reply", "greeting.thanks"
    old = office.content.replies.templates[key]
    page = await admin.get(f"{path}?key={key}")
    assert old in page.text
    wrong = await admin.post(path, {"key": key, "text": "谢谢{nobody}", "version": "0"})
    assert wrong.status == 422
    assert "谢谢{nobody}" in wrong.soup.select_one("#text").text
    assert "nobody" in wrong.soup.select_one("ol").text
    assert (await admin.post(path, {"key": key, "text": " ", "version": "0"})).status == 422
    assert (await admin.post(path, {"key": key, "text": old, "version": "0"})).status == 409
    assert (await admin.post(path, {"key": "no.such", "text": "x", "version": "0"})).status == 404
    assert (await admin.post(path, {"key": key, "text": "应该的，街坊！", "version": "0"})).status == 303
    assert office.content.replies.say(key) == "应该的，街坊！"
    here = f"/console/settings/reply?key={key}"
    assert (await admin.get(here)).soup.select_one("main [name=after]")["value"] == here
    slow = await admin.post(path, {"key": key, "text": "我也想改", "version": "0", "after": here})
    assert slow.status == 409
    assert slow.soup.select_one("#wrong a")["href"] == here
    assert slow.soup.select_one("main [name=version]")["value"] == "0"
    assert (await admin.post(path, {"key": key, "text": "第二版", "version": "1"})).status == 303
    undo = {"kind": "reply", "subject": key, "version": "2", "to": "1"}
    assert (await admin.post("/console/settings/undo", undo)).status == 303
    assert office.content.replies.say(key) == "应该的，街坊！"
    assert (await admin.post("/console/settings/undo", undo | {"version": "3", "to": "0"})).status == 303
    assert office.content.replies.say(key) == old
    for bad in ({"subject": "no.such"}, {"subject": "a\nb: c"}, {"kind": "person"}, {"to": "x"}, {"to": "99"}):
        assert (await admin.post("/console/settings/undo", undo | {"version": "4"} | bad)).status == 404, bad
    versions = office.store.look(lambda tx: editions.versions(tx, "reply", key))
    assert [v.version for v in versions] == [4, 3, 2, 1]
    assert "恢复到原来的" in (await admin.get(f"{path}?key={key}")).text


async def test_terms_are_edited_as_a_file_and_every_fault_is_told_with_its_line(settled):
    """A wrong file changes nothing and says where; a right one moves the clocks of what comes next."""
    admin = await sit(settled, "admin")
    path, name = "/console/settings/file", "data/deadlines/deadlines.yaml"
    page = await admin.get(f"{path}?path={name}")
    text = page.soup.select_one("#text").text.lstrip("\n")
    wrong = await admin.post(path, {"path": name, "text": text.replace("rework", "rewrok", 1), "version": "0"})
    assert wrong.status == 422
    assert "deadlines.yaml:" in wrong.soup.select_one("ol").text
    assert "rewrok" in wrong.soup.select_one("#text").text
    before = settled.office.content.deadlines.extension_secretary
    import re

    longer = re.sub(r"secretary: \d+", "secretary: 4", text, count=1)
    assert longer != text
    assert (await admin.post(path, {"path": name, "text": longer, "version": "0"})).status == 303
    assert settled.office.content.deadlines.extension_secretary == 4 != before
    for bad in ("data/words/places.yaml", "../../etc/passwd", "data/deadlines/../labels/labels.yaml", ""):
        assert (await admin.get(f"{path}?path={bad}")).status == 404
    assert (await (await sit(settled, "secretary")).get("/console/settings")).status == 403


async def test_other_processes_take_it_up(settled, open_store):
    """Another office on the same database works with the new words after its next look, and only then loads."""
    from dataclasses import replace

    office = settled.office
    admin = await sit(settled, "admin")
    other = replace(office, store=open_store(office.store.url))
    loaded = []

    def load(above):
        loaded.append(above)
        return office.load(above)

    other.load = load
    assert not await other.refresh()
    key = "greeting.thanks"
    await admin.post("/console/settings/reply", {"key": key, "text": "街坊好", "version": "0"})
    assert await other.refresh()
    assert other.content.replies.say(key) == other.store.content.replies.say(key) == "街坊好"
    assert not await other.refresh()
    assert len(loaded) == 1


def _edit(office, *edits):
    """Texts that were edited under another version of the product."""

    def job(tx):
        for kind, subject, text in edits:
            editions.keep(tx, kind, subject, {"text": text}, by="x")
        editions.content_changed(tx)

    office.store.run(job)


def _file(name):
    return (roots(None)[0] / name).read_text("utf-8")


VISITS, PARTNERS, LIMITS = "data/visits/visits.yaml", "data/partners/partners.yaml", "data/limits/limits.yaml"


async def test_what_fits_no_more_is_left_out_and_told_and_all_else_holds(settled, caplog):
    """After an upgrade one edited file has a key too many, one reply is gone: the other edits go on."""
    office = settled.office
    quiet = _file(LIMITS).replace('quiet_from: "21:00"', 'quiet_from: "20:00"')
    _edit(
        office,
        (editions.REPLY, "gone.key", "x"),
        (editions.REPLY, "greeting.thanks", "街坊好"),
        (editions.CONTENT, LIMITS, quiet),
        (editions.CONTENT, VISITS, _file(VISITS) + "\nold_key: 1\n"),
    )
    assert await office.refresh()
    assert office.content.limits.quiet_from.hour == 20
    assert office.content.replies.say("greeting.thanks") == "街坊好"
    assert set(office.unfit) == {"gone.key", VISITS}
    assert "does not fit" in caplog.text
    admin = await sit(settled, "admin")
    page = await admin.get("/console/settings")
    assert "现在用不上" in page.text
    assert "old_key" in page.text
    assert "old_key" in (await admin.get(f"/console/settings/file?path={VISITS}")).soup.select_one("ol").text


async def test_two_that_fit_no_more_are_mended_one_after_the_other(settled):
    """Neither keeps the other from being mended or taken back, nor a third from being edited."""
    office = settled.office
    _edit(
        office,
        (editions.REPLY, "gone.key", "x"),
        (editions.CONTENT, VISITS, _file(VISITS) + "\nold_key: 1\n"),
        (editions.CONTENT, PARTNERS, _file(PARTNERS) + "\nold_key: 1\n"),
    )
    await office.refresh()
    admin = await sit(settled, "admin")
    await admin.get("/console/settings")
    third = {"path": LIMITS, "text": _file(LIMITS).replace('"21:00"', '"20:00"'), "version": "0"}
    assert (await admin.post("/console/settings/file", third)).status == 303
    still = {"path": VISITS, "text": _file(VISITS) + "\nother: 1\n", "version": "1"}
    wrong = await admin.post("/console/settings/file", still)
    assert wrong.status == 422
    assert "other" in wrong.soup.select_one("ol").text
    assert "partners" not in wrong.soup.select_one("ol").text
    back = {"kind": "content", "subject": PARTNERS, "version": "1", "to": "0"}
    assert (await admin.post("/console/settings/undo", back)).status == 303
    mended = {"path": VISITS, "text": _file(VISITS) + "# 我们的\n", "version": "1"}
    assert (await admin.post("/console/settings/file", mended)).status == 303
    again = await admin.post("/console/settings/undo", back | {"subject": VISITS, "version": "2", "to": "1"})
    assert again.status == 422
    assert "old_key" in again.soup.select_one("ol").text
    gone = back | {"kind": "reply", "subject": "gone.key"}
    assert (await admin.post("/console/settings/undo", gone)).status == 303
    assert office.unfit == {}
    assert "现在用不上" not in (await admin.get("/console/settings")).text
    assert office.content.limits.quiet_from.hour == 20


async def test_no_file_asks_for_a_restart(settled):
    """What is edited here holds at once: a comment in the file must not say otherwise."""
    admin = await sit(settled, "admin")
    links = [
        one["href"] for one in (await admin.get("/console/settings")).soup.select('a[href*="/settings/file?"]')
    ]
    assert len(links) > 8
    for link in links:
        assert "重启" not in (await admin.get(link)).soup.select_one("#text").text, link
