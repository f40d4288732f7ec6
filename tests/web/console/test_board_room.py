"""Keeping the board from the console: what is posted, with which file, by whom; what must not be public is refused."""

import io
import re
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from tests.support import papers, pictures
from tests.web.console.conftest import Answer, sit

from redprop_bot.ports import Channel
from redprop_bot.registry import people
from redprop_bot.store import publicity
from redprop_bot.store.tables import Event, Person, Posting

BOARD = "/board/海棠社区"
EVIL = "<x-evil onclick=alert(1)>{{7*7}}"


def draft(**fields) -> dict[str, str]:
    given = {
        "kind": "fees",
        "estate": "海棠苑",
        "unit": "春晖物业",
        "title": "2026年收费标准",
        "note": "每平方米 1.6 元",
    }
    return {**given, **fields}


async def send(browser, path, fields, file=None):
    """A form with a file, as a browser sends it."""
    data = aiohttp.FormData(quote_fields=False)
    for name, value in {**fields, "_mark": browser.mark}.items():
        data.add_field(name, value)
    name, content = file or ("", b"")
    data.add_field("file", content, filename=name, content_type="application/octet-stream")
    browser.house.client.session.cookie_jar.clear()
    async with browser.house.client.request(
        "POST", path, data=data, cookies=browser.jar, allow_redirects=False
    ) as answer:
        return Answer(answer.status, (await answer.read()).decode("utf-8", "replace"), answer.headers)


def standing(house):
    def job(tx):
        return [p for key in (1, 2) for p in publicity.posted(tx, key)]

    return house.office.store.look(job)


async def public(house, path: str):
    answer = await house.client.get(path)
    return answer, await answer.read()


async def test_a_posting_with_its_file_is_public_at_once(small_house, secretary):
    """On the board of its community and its estate, its file given to be kept, without who made it."""
    file = ("三季度.xlsx", papers.xlsx("物业费收入", 1234.5))
    answer = await send(secretary, "/console/board", draft(kind="accounts", title="三季度收支"), file)
    assert answer.status == 303, answer.text
    for path in (BOARD, f"{BOARD}/海棠苑"):
        assert "三季度收支" in (await public(small_house, path))[1].decode()
    assert "三季度收支" not in (await public(small_house, f"{BOARD}/海棠里"))[1].decode()
    key = standing(small_house)[0].id
    page = (await public(small_house, f"{BOARD}/posted/{key}"))[1].decode()
    assert "打开附件" in page
    got, data = await public(small_house, f"{BOARD}/posted/{key}/file")
    assert got.status == 200
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert [cell.value for cell in load_workbook(io.BytesIO(data)).active["A"]] == ["物业费收入", 1234.5]
    assert papers.MAKER.encode() not in data


async def test_versions_stay_and_what_is_withdrawn_goes(small_house, secretary):
    """The new one stands on the board, the old one can be read beside it; withdrawn, neither can."""
    await send(secretary, "/console/board", draft(), ("收费.pdf", papers.pdf()))
    old = standing(small_house)[0]
    answer = await send(secretary, f"/console/board/{old.id}", draft(title="2027年收费标准", version="1"))
    assert answer.status == 303, answer.text
    new = standing(small_house)[0]
    assert (new.version, new.title, new.name) == (2, "2027年收费标准", old.name)
    board = (await public(small_house, BOARD))[1].decode()
    assert "2027年收费标准" in board
    assert "2026年收费标准" not in board
    page = (await public(small_house, f"{BOARD}/posted/{old.id}"))[1].decode()
    assert "以前的版本" in page
    assert f"/posted/{new.id}" in page
    await secretary.get(f"/console/board/{new.id}")
    assert (await secretary.post(f"/console/board/{new.id}/withdraw", {"version": "2"})).status == 303
    for key in (old.id, new.id):
        assert (await public(small_house, f"{BOARD}/posted/{key}"))[0].status == 404
        assert (await public(small_house, f"{BOARD}/posted/{key}/file"))[0].status == 404
    trail = small_house.office.store.look(lambda tx: [e.name for e in tx.list(Event) if e.subject == "posting"])
    assert trail == ["posted", "replaced", "withdrawn"]


async def test_a_stale_version_changes_nothing_and_keeps_what_was_typed(small_house, secretary):
    """Somebody was faster."""
    await send(secretary, "/console/board", draft())
    key = standing(small_house)[0].id
    await send(secretary, f"/console/board/{key}", draft(version="1", title="别人换的"))
    await secretary.get(f"/console/board/{key}")
    answer = await send(secretary, f"/console/board/{key}", draft(version="1", title="我写了半天"))
    assert answer.status == 409
    assert [p.title for p in standing(small_house)] == ["别人换的"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("收费.pdf", b"<html><script>alert(1)</script>", "不是"),
        ("收费.pdf", b"MZ" + bytes(500), "不是"),
        ("收费.xls", b"\xd0\xcf\x11\xe0" + bytes(500), "不是"),
        ("收费.pdf", papers.pdf(inside=b"/OpenAction << /S /JavaScript /JS (x) >>"), "脚本"),
        ("收费.xlsx", papers.xlsx(extra={"xl/vbaProject.bin": b"x"}), "宏"),
        ("收费.xlsx", papers.xlsx()[:-200], "打不开"),
        ("收费.xlsx", papers.xlsx("张三", 13911112222), "手机号"),
        ("收费.xlsx", papers.xlsx("340202199001011234"), "身份证号"),
        ("收费.xlsx", papers.xlsx("欠费", comment="尤佳慧家没交"), "人名"),
        ("尤佳慧.jpg", pictures.jpeg(), "人名"),
    ],
)
async def test_a_file_that_is_not_what_it_says_or_names_somebody(small_house, secretary, name, data, says):
    """A clear word beside the form, with everything that was typed; nothing is posted."""

    def known(tx):
        person = people.identify(tx, Channel.OA, "o-you").person
        tx.update(Person, person.id, name="尤佳慧")

    small_house.office.store.run(known)
    answer = await send(secretary, "/console/board", draft(note="写了很久的说明"), (name, data))
    assert answer.status == 422
    assert says in answer.said
    assert answer.soup.select_one("#note").text == "写了很久的说明"
    assert answer.soup.select_one("#kind option[selected]")["value"] == "fees"
    assert standing(small_house) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "找尤佳慧交费"),
        ("note", "有问题打13911112222"),
        ("note", "0553-1234567"),
        ("note", "1803室欠费"),
        ("note", "联系简经理"),
        ("title", ""),
        ("title", "长" * 61),
        ("kind", "别的"),
        ("estate", "银杏里"),
        ("unit", "没有的物业"),
    ],
)
async def test_words_that_tell_of_somebody_or_do_not_fit(small_house, secretary, field, value):
    """Nothing is posted, and the page says why."""

    def known(tx):
        tx.update(Person, people.identify(tx, Channel.OA, "o-you").person.id, name="尤佳慧")

    small_house.office.store.run(known)
    answer = await send(secretary, "/console/board", draft(**{field: value}))
    assert answer.status == 422, answer.said
    assert answer.said
    assert standing(small_house) == []


async def test_scripts_in_every_field_stay_text(small_house, secretary):
    """In the console, on the board, on the page of the posting, in the name of the file."""
    for path, fields in (
        ("/console/board", draft(title=EVIL, note=EVIL)),
        (
            "/console/board/lines",
            {"community": "1", "label": EVIL, "number": "0553-5550101", "hours": EVIL, "unit": ""},
        ),
    ):
        await send(
            secretary,
            path,
            fields,
            (f"{EVIL}.pdf".replace("/", ""), papers.pdf()) if path.endswith("board") else None,
        )
    await secretary.post(
        "/console/board/lines", {"community": "1", "label": EVIL, "number": "0553-5550101", "hours": EVIL}
    )
    key = standing(small_house)[0].id
    pages = [
        (await secretary.get(path)).text for path in ("/console/board", f"/console/board/{key}", "/console/audit")
    ]
    pages += [(await public(small_house, path))[1].decode() for path in (BOARD, f"{BOARD}/posted/{key}")]
    for page in pages:
        soup = BeautifulSoup(page, "html.parser")
        assert soup.find("x-evil") is None
        assert "49" not in soup.select_one("main").text
    assert EVIL in BeautifulSoup(pages[3], "html.parser").text


async def test_numbers_are_of_units_and_never_of_persons(small_house, secretary):
    """A landline is on the board; a mobile, or the number of somebody of the register, is not taken."""
    given = {"community": "1", "label": "服务中心", "hours": "工作日", "unit": ""}
    assert (await secretary.post("/console/board/lines", {**given, "number": "0553-5550101"})).status == 303
    assert 'href="tel:0553-5550101"' in (await public(small_house, BOARD))[1].decode()
    small_house.office.store.run(lambda tx: tx.update(Person, 1, phone="05535559999"))
    for number in (
        *("13911112222", "139 1111 2222", "+86 13911112222", "0553 5559999", "打我", "<b>", ""),
        *("13911112222转1", "013911112222", "0086 139-1111-2222", "１３９１１１１２２２２", "0553-5559999转2"),
    ):
        await secretary.get("/console/board")
        answer = await secretary.post("/console/board/lines", {**given, "label": "另一个", "number": number})
        assert answer.status == 422, number
        assert answer.soup.select_one("#label")["value"] == "另一个"
    line = small_house.office.store.look(lambda tx: publicity.lines(tx, 1))
    assert [one.number for one in line] == ["0553-5550101"]
    assert (await secretary.post(f"/console/board/lines/{line[0].id}/drop", {"community": "1"})).status == 303
    assert "0553-5550101" not in (await public(small_house, BOARD))[1].decode()


async def test_a_unit_posts_where_it_works_and_touches_nothing_else(small_house, secretary):
    """In its own name, at its own estates; what others posted is not there for it."""
    await send(secretary, "/console/board", draft(unit="", title="社区公告", kind="notice"))
    other = standing(small_house)[0].id
    unit = await sit(small_house, "provider")
    page = await unit.get("/console/board")
    assert "社区公告" not in page.text
    assert [one.text for one in page.soup.select("#estate option")][1:] == ["海棠苑"]
    assert (await send(unit, "/console/board", draft(unit="金秋物业", title="车位费"))).status == 303
    mine = standing(small_house)[0]
    assert (mine.title, mine.by_name) == ("车位费", "provider")
    name = small_house.office.store.look(lambda tx: tx.get(Posting, mine.id).organisation_id)
    from redprop_bot.registry.register import register

    assert small_house.office.store.look(register).organisations[name].name == "春晖物业"
    assert (await send(unit, "/console/board", draft(estate=""))).status == 403
    assert (await send(unit, "/console/board", draft(estate="海棠里"))).status == 403
    assert (await unit.get(f"/console/board/{other}")).status == 404
    assert (await send(unit, f"/console/board/{other}", draft(version="1"))).status == 404
    assert (await unit.post(f"/console/board/{other}/withdraw", {"version": "1"})).status == 404


@pytest.mark.parametrize("who", ["clerk", "viewer", "other"])
async def test_others_keep_their_hands_off(small_house, secretary, who):
    """Who only looks, and the secretary of another community."""
    await send(secretary, "/console/board", draft())
    key = standing(small_house)[0].id
    browser = await sit(small_house, who)
    await browser.get("/console/demands")
    answer = await send(browser, f"/console/board/{key}", draft(version="1", title="改了"))
    assert answer.status == (404 if who == "other" else 403)
    assert (await browser.get(f"/console/board/{key}")).status == (404 if who == "other" else 403)
    assert [p.title for p in standing(small_house)] == ["2026年收费标准"]


async def test_a_file_of_who_may_not_post_is_not_even_kept(small_house, folder):
    """Refused before anything is done with it."""
    browser = await sit(small_house, "clerk")
    answer = await send(browser, "/console/board", draft(), ("收费.pdf", papers.pdf()))
    assert answer.status == 403
    assert folder.older(datetime.now(UTC) + timedelta(days=1)) == []


async def test_without_a_mark_nothing_is_posted(small_house, secretary):
    """A form of another session comes back to be sent again by hand."""
    secretary.mark = "x" * 43
    assert (await send(secretary, "/console/board", draft(), ("a.pdf", papers.pdf()))).status == 409
    assert standing(small_house) == []
    assert re.search("2026年收费标准", (await secretary.get("/console/board")).text) is None


@pytest.mark.parametrize(
    "told", ["2栋603罗翠花欠费", "名单：2-1-603、5栋402贾小燕", "电话139.0000.1111", "2栋一单元六零三欠费"]
)
async def test_nobody_is_posted_in_another_notation(small_house, secretary, told):
    """A debtor's flat, a number with dots: refused as any other; a plain posting goes through."""
    answer = await send(secretary, "/console/board", draft(title="催缴", note=told))
    assert answer.status == 422, answer.text
    assert standing(small_house) == []
    fine = draft(title="2栋换水管", note="12月5日停水，每户补50-100元，问108个网格员")
    assert (await send(secretary, "/console/board", fine)).status == 303
