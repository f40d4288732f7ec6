"""The roster and the people at the console: looked at before it is taken in, files that are not what they say."""

import io

import aiohttp
import pytest
import yaml
from tests.web.conftest import ROSTER
from tests.web.console.conftest import sit

from redprop_bot.registry import exporting
from redprop_bot.registry.register import register

# -- people and roster


async def test_units_are_edited_and_people_go_off_duty(small_house, secretary):
    """A unit gets its next version; who is off duty gets no cards; another community's staff is not ours."""
    reg = small_house.office.store.look(register)
    unit = reg.organisation_names["望月供水所"]
    form = {"name": "望月供水公司", "kind": "department", "party": "branch", "version": str(unit.version)}
    path = f"/console/people/units/{unit.id}"
    assert (await secretary.post(path, form)).status == 303
    for _ in range(2):  # for as long as the newest was not looked at
        slow = await secretary.post(path, form)
        assert slow.status == 409
        assert slow.soup.select_one("main [name=version]")["value"] == str(unit.version)
        assert slow.soup.select_one("#wrong a")["href"] == path
    assert "望月供水公司" in (await secretary.get("/console/people?q=供水")).text
    taken = await secretary.post("/console/people/units/new", form | {"name": "春晖物业"})
    assert taken.status == 409
    worker = next(p for p in reg.all_posts if reg.people[p.person_id].userid == "haosf")
    assert (await secretary.post(f"/console/people/posts/{worker.id}", {"on": "no"})).status == 303
    assert not next(p for p in small_house.office.store.look(register).all_posts if p.id == worker.id).on_duty
    page = (await secretary.get("/console/people")).soup
    cell = page.select_one(f'form[action="/console/people/posts/{worker.id}"]').parent
    assert (cell.select_one(".tag").text, cell.select_one("button").text) == ("不当班", "改成当班")
    theirs = next(p for p in reg.all_posts if reg.people[p.person_id].userid == "yuesj")
    assert (await secretary.post(f"/console/people/posts/{theirs.id}", {"on": "no"})).status == 403
    viewer = (await (await sit(small_house, "viewer")).get("/console/people")).text
    assert "13900000001" not in viewer
    assert "林书记" not in viewer


async def upload(browser, data, name="名册.yaml"):
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("_mark", browser.mark)
    form.add_field("file", io.BytesIO(data), filename=name)
    return await browser._take("POST", "/console/roster/look", form, {})


async def test_a_roster_is_looked_at_and_then_taken_in(house):
    """The look says what would change and changes nothing; the yes does it, and says so to the trail."""
    street = await sit(house, "street")
    await street.get("/console/roster")
    changed = ROSTER.read_text("utf-8").replace("小麦", "小麦苗").encode()
    before = house.office.store.look(register).revision
    look = await upload(street, changed)
    assert look.status == 200
    assert "改动 1" in look.text
    assert house.office.store.look(register).revision == before
    token = look.soup.select_one("[name=token]")["value"]
    other = await sit(house, "admin")
    assert (await other.post("/console/roster/take", {"token": token})).status == 404
    taken = await street.post("/console/roster/take", {"token": token})
    assert taken.status == 303
    assert "小麦苗" in {p.name for p in house.office.store.look(register).people.values()}
    assert (await street.post("/console/roster/take", {"token": token})).status == 404
    assert "名册.yaml" in (await street.get("/console/audit/edits")).text


async def test_a_look_that_is_too_old_is_made_anew(small_house):
    """When the register has changed since, the file is looked at once more."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    token = (await upload(street, ROSTER.read_text("utf-8").replace("小麦", "小麦苗").encode())).soup.select_one(
        "[name=token]"
    )["value"]
    post = small_house.office.store.look(register).all_posts[0]
    assert (await street.post(f"/console/people/posts/{post.id}", {"on": "no"})).status == 303
    assert (await street.post("/console/roster/take", {"token": token})).status == 422


async def test_what_goes_is_named_and_wants_a_tick_of_its_own(small_house):
    """Every post and duty that goes is listed first; without the tick nothing is taken in; changes show both sides."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    held = small_house.office.store.look(exporting.export_yaml)
    raw = yaml.safe_load(held)
    gone = raw["organisations"][0]["staff"].pop()
    duty = raw["responsibilities"].pop()
    raw["members"][0]["phone"] = "13900009999"
    look = await upload(street, yaml.safe_dump(raw, allow_unicode=True).encode())
    warned = look.soup.select_one("#removals")
    assert warned.select_one("b").text == "要撤掉 2 项"
    assert [s.text for s in warned.select("summary")] == ["岗位 1 项", "责任清单 1 项"]
    assert gone["name"] in warned.text
    assert duty["unit"] in warned.text
    change = look.soup.select_one("#changes")
    assert "电话：" in change.text
    assert change.select_one("ins").text == "13900009999"
    token = look.soup.select_one("[name=token]")["value"]
    box = look.soup.select_one("[name=agreed]")
    assert box.has_attr("required")
    assert "我知道要撤掉这 2 项" in box.parent.text
    revision = small_house.office.store.look(register).revision
    refused = await street.post("/console/roster/take", {"token": token})
    assert refused.status == 422
    assert "要撤掉 2 项" in refused.said
    assert small_house.office.store.look(register).revision == revision
    assert (await street.post("/console/roster/take", {"token": token, "agreed": box["value"]})).status == 303
    assert small_house.office.store.look(register).revision > revision


async def test_a_company_that_nobody_knows_is_told_with_its_place(small_house):
    """It is kept as written, as before, but not in silence."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    raw = yaml.safe_load(small_house.office.store.look(exporting.export_yaml))
    raw["communities"][0]["estates"][0]["property"] = "没听过物业"
    look = await upload(street, yaml.safe_dump(raw, allow_unicode=True).encode())
    assert look.status == 200
    assert "communities[1].estates[1].property: 名册和系统里都没有物业公司“没听过物业”" in look.said
    assert not look.soup.select("#removals")


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "空的.xlsx", "“空的.xlsx”是空的"),
        ("类别,单位\n电梯,甲".encode(), "名册.csv", "只能读 .xlsx、.yaml 和 .yml"),
        ("街道：青山".encode(), "名册.txt", "只能读 .xlsx、.yaml 和 .yml"),
        ("responsibilities: [{category: lift, unit: 春晖物业}]".encode(), "x.yaml", "没有“lift”，可写 电梯、"),
        (
            "responsibilities: [{category: elevator, unit: 春晖物业}, {category: elevator, unit: 春晖物业}]".encode(),
            "x.yaml",
            "责任清单的这一行“各小区电梯归春晖物业” 写了两次",
        ),
    ],
)
async def test_a_file_that_cannot_be_is_refused_in_words_of_people(small_house, data, name, says):
    """No codes, and which files there may be."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    answer = await upload(street, data, name)
    assert answer.status == 422
    assert says in answer.soup.text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.yaml"),
        (b"\x89PNG\r\n\x1a\n", "x.xlsx"),
        (b"PK\x03\x04broken", "x.xlsx"),
        (b"\xd0\xcf\x11\xe0old", "x.xls"),
        (b"MZ\x90\x00", "x.yaml"),
        (b"[1, 2", "x.yaml"),
        (b"communities: [{nam: x}]", "x.yaml"),
        ("organisations: [{name: <script>alert(1)</script>, kind: 没有}]".encode(), "<script>.yaml"),
        (b"a: &x [*x]", "x.yaml"),
    ],
)
async def test_files_that_are_not_what_they_say(small_house, data, name):
    """Each is refused with words and places, nothing is executed, nothing changes."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    before = small_house.office.store.look(register).revision
    answer = await upload(street, data, name)
    assert answer.status == 422, answer.soup.text
    assert all(s.get("src", "").startswith("/static/") for s in answer.soup.find_all("script"))
    assert small_house.office.store.look(register).revision == before
    assert answer.soup.select("main ol li") or answer.said


async def test_a_file_that_is_too_big_is_not_read(small_house):
    """More than a roster can be is refused."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    assert (await upload(street, b"#" * (9 << 20))).status == 413


async def test_the_roster_comes_out_as_it_went_in(small_house):
    """An export taken in again changes nothing; templates are given; a form that is none is not there."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    for form in ("yaml", "xlsx"):
        small_house.client.session.cookie_jar.clear()
        async with small_house.client.get(f"/console/roster/export.{form}", cookies=street.jar) as response:
            data = await response.read()
            assert "attachment" in response.headers["Content-Disposition"]
        look = await upload(street, data, f"名册.{form}")
        assert "没有变化" in look.text
        assert (await street.get(f"/console/roster/template.{form}")).status == 200
    assert (await street.get("/console/roster/export.exe")).status == 404
