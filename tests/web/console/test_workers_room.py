"""The room of 社区工作者考核: read and written by the assessor, one's own by whoever it is about, shut to others."""

import io

from docx import Document
from openpyxl import load_workbook
from tests.web.conftest import ROSTER
from tests.web.console.conftest import Browser, sit

from redprop_bot.registry.importing import import_data
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Outbox, Person, WorkerEvent
from redprop_bot.web import staff
from redprop_bot.web.staff import Seat

PATH = "/console/workers"


def _person(house, userid: str) -> int:
    return house.office.store.look(lambda tx: next(one.id for one in tx.list(Person) if one.userid == userid))


async def _as(house, userid: str) -> Browser:
    """Somebody of the register who came by WeCom."""
    seat = Seat("p", _person(house, userid), 0, staff.new_sid())
    token = staff.token(house.office.secret_key, seat, house.clock.now() + staff.LIFE)
    browser = Browser(house, {staff.cookie_name(house.office): token})
    assert (await browser.get("/console")).status == 200
    return browser


async def test_from_the_list_to_an_answer(small_house):
    """The secretary reads, writes and sets right; the grid worker reads their own and answers once; all of it stays."""
    secretary, grid = await _as(small_house, "linsj"), await _as(small_house, "maiwg")
    page = f"{PATH}/{_person(small_house, 'maiwg')}"
    answer = await secretary.get(f"{PATH}?period=2026-10")
    assert [a.text for a in answer.soup.select("tbody a.what")] == ["小麦"]
    assert "还没写" in answer.soup.select_one("tbody").text
    answer = await secretary.get(f"{page}?period=2026-11")
    assert answer.soup.select(f'form[action="{page}/act"]') == []  # it is not over
    await secretary.get(f"{page}?period=2026-10")
    form = {"act": "assess", "period": "2026-10", "corrects": "0", "level": "competent", "reason": ""}
    refused = await secretary.post(f"{page}/act", form)
    assert refused.status == 422
    assert refused.soup.select_one("#level option[selected]")["value"] == "competent"  # as it was chosen
    assert "2026年10月" in refused.soup.h1.text
    assert (await secretary.post(f"{page}/act", form | {"reason": "回访再细一点"})).status == 303
    assert (await secretary.post(f"{page}/act", form | {"reason": "又一份"})).status == 409  # of an old page
    right = form | {"reason": "回访都补上了", "level": "excellent", "corrects": "1"}
    assert (await secretary.post(f"{page}/act", right)).status == 303

    assert (await grid.get(PATH)).headers["Location"].startswith(page)
    own = await grid.get(f"{page}?period=2026-10")
    assert [one in own.text for one in ("回访再细一点", "回访都补上了", "优秀", "称职")] == [True] * 4
    assert own.soup.select_one("#level") is None
    said = {"act": "answer", "period": "2026-10", "text": "谢谢，下个月继续"}
    assert (await grid.post(f"{page}/act", said)).status == 303
    assert (await grid.post(f"{page}/act", said)).status == 409
    assert (await grid.get(f"{page}?period=2026-10")).soup.select_one("#text") is None
    assert "谢谢，下个月继续" in (await secretary.get(f"{page}?period=2026-10")).text
    kept = small_house.office.store.look(lambda tx: [(row.kind, row.number) for row in tx.list(WorkerEvent)])
    assert kept == [("assessed", 1), ("assessed", 2), ("answered", 2)]
    told = small_house.office.store.look(lambda tx: [(row.receiver, row.message) for row in tx.list(Outbox)])
    assert sorted(one for one in told if one[1].startswith("worker")) == [
        ("linsj", "worker_answered"),
        ("maiwg", "worker_assessed"),
        ("maiwg", "worker_assessed"),
    ]


async def test_who_works_in_two_communities_has_a_sheet_in_each(small_house):
    """The street writes about the one it looks at; the worker finds both and answers there; no secretary reads both."""
    text = ROSTER.read_text().replace(
        "- {name: 岳书记, userid: yuesj, duty: secretary}",
        "- {name: 岳书记, userid: yuesj, duty: secretary}\n      - {name: 林书记, userid: linsj, duty: grid}",
    )
    text = text.replace(
        "- {name: 小麦, ", "- {name: 岳书记, userid: yuesj, duty: secretary}\n      - {name: 小麦, "
    )
    small_house.office.store.run(lambda tx: import_data(tx, text.encode(), "r.yaml"))
    street, both = await _as(small_house, "hejd"), await _as(small_house, "yuesj")
    page = f"{PATH}/{_person(small_house, 'yuesj')}"
    listed = await street.get(f"{PATH}?period=2026-10")
    links = [a["href"] for a in listed.soup.select("tbody a.what") if a.text == "岳书记"]
    shown = [(await street.get(link)).soup for link in links]
    assert [one.select_one(".lead").text.split(" · ")[0] for one in shown] == ["海棠社区", "银杏社区"]
    form = {
        one["name"]: one.get("value", "")
        for one in shown[1].select(f'form[action="{page}/act"] input:not([name=_mark])')
    }
    answer = await street.post(f"{page}/act", form | {"level": "competent", "reason": "两头跑，稳当"})
    assert answer.status == 303, answer.soup.main.text
    assert "两头跑" in (await street.get(answer.headers["Location"])).text
    kept = small_house.office.store.look(lambda tx: [row.community_id for row in tx.list(WorkerEvent)])
    names = small_house.office.store.look(lambda tx: register(tx).community_name(kept[0]))
    assert (len(kept), names) == (1, "银杏社区")
    told = small_house.office.store.look(lambda tx: [r for r in tx.list(Outbox) if r.receiver == "yuesj"])
    link = told[-1].payload["text"].split("：")[-1].strip()
    assert "两头跑" in (await both.get(link[link.index("/console") :])).text
    first = await both.get(f"{page}?period=2026-10")
    assert "两头跑" not in first.text
    (elsewhere,) = [a for a in first.soup.select("main a") if a.text == "银杏社区"]
    own = await both.get(elsewhere["href"])
    form = {
        one["name"]: one.get("value", "")
        for one in own.soup.select(f'form[action="{page}/act"] input:not([name=_mark])')
    }
    assert (await both.post(f"{page}/act", form | {"text": "谢谢"})).status == 303
    other = f"{PATH}/{_person(small_house, 'linsj')}?period=2026-10"
    assert "林书记" in (await both.get(f"{other}&community=银杏社区")).soup.h1.text
    assert (await both.get(f"{other}&community=海棠社区")).status == 403  # there it is the street's


async def test_a_form_that_says_nonsense_is_refused(small_house):
    """A period that is none, a community that is not theirs, an act that is none: told, and nothing is written."""
    secretary = await _as(small_house, "linsj")
    page = f"{PATH}/{_person(small_house, 'maiwg')}"
    await secretary.get(f"{page}?period=2026-10")
    form = {"act": "assess", "period": "2026-10", "corrects": "0", "level": "unfit", "reason": "说不出"}
    for change, status in (
        ({"period": "abc"}, 422),
        ({"period": ""}, 422),
        ({"community": "银杏社区"}, 403),
        ({"act": "grade"}, 422),
        ({"act": ""}, 422),
        ({"level": ""}, 422),
    ):
        answer = await secretary.post(f"{page}/act", form | change)
        assert answer.status == status, (change, answer.status)
        await secretary.get(f"{page}?period=2026-10")
    assert small_house.office.store.look(lambda tx: tx.list(WorkerEvent)) == []


async def test_the_year_leads_to_its_months(small_house):
    """A year shows each month that something was in; the assessment of a year waits for its end."""
    street = await _as(small_house, "hejd")
    page = f"{PATH}/{_person(small_house, 'linsj')}"
    answer = await street.get(f"{page}?period=2026")
    assert answer.status == 200
    assert answer.soup.select(f'form[action="{page}/act"]') == []
    assert (await street.get(f"{page}?period=2025")).soup.select_one("#level") is not None
    for wrong in ("2027", "abc", "2026-13"):
        assert (await street.get(f"{page}?period={wrong}")).status == 422


async def test_files_are_for_the_assessor_alone(small_house):
    """Both open and hold what they should; the worker themselves and everybody else is refused, and no name goes out."""
    secretary, grid = await _as(small_house, "linsj"), await _as(small_house, "maiwg")
    page = f"{PATH}/{_person(small_house, 'maiwg')}"
    await secretary.get(f"{page}?period=2026-10")
    form = {"act": "assess", "period": "2026-10", "corrects": "0", "level": "excellent", "reason": "走得勤"}
    assert (await secretary.post(f"{page}/act", form)).status == 303
    for path, files in ((f"{PATH}/export.xlsx", "xlsx"), (f"{page}/sheet.docx", "docx")):
        async with small_house.client.request(
            "GET", f"{path}?period=2026-10", cookies=secretary.jar, allow_redirects=False
        ) as response:
            assert response.status == 200
            data = io.BytesIO(await response.read())
        if files == "xlsx":
            sheet = load_workbook(data)["考核表"]
            rows = list(sheet.iter_rows(values_only=True))
            assert [row[0] for row in rows] == ["姓名", "小麦"]
            assert {"优秀", "走得勤"} <= set(rows[1])
        else:
            text = "\n".join(paragraph.text for paragraph in Document(data).paragraphs)
            assert "小麦工作考核表" in text
            assert "走得勤" in text
        assert (await grid.get(f"{path}?period=2026-10")).status == 403
        for who in ("admin", "clerk", "viewer", "provider", "other"):
            browser = await sit(small_house, who)
            answer = await browser.get(f"{path}?period=2026-10")
            if who == "other" and files == "xlsx":
                assert answer.status == 200  # of their own community, where nobody is
            else:
                assert answer.status == 403, (who, path)


async def test_others_find_nothing(small_house):
    """Sheets, search, trail, roster of people: nothing of an assessment stands anywhere else."""
    secretary = await _as(small_house, "linsj")
    page = f"{PATH}/{_person(small_house, 'maiwg')}"
    await secretary.get(f"{page}?period=2026-10")
    form = {"act": "assess", "period": "2026-10", "corrects": "0", "level": "unfit", "reason": "缺勤三天没有说明"}
    assert (await secretary.post(f"{page}/act", form)).status == 303
    for who in ("admin", "street", "clerk", "viewer", "provider", "other"):
        browser = await sit(small_house, who)
        for way in (page, f"{page}/sheet.docx"):
            answer = await browser.get(f"{way}?period=2026-10")
            assert answer.status == 403, (who, way)
            assert "缺勤三天" not in answer.text
        assert (await browser.post(f"{page}/act", form | {"corrects": "1"})).status == 403
        for path in (
            "/console",
            "/console/audit",
            "/console/people",
            "/console/messages",
            "/console/visits",
            PATH,
        ):
            shown = await browser.get(path)
            assert "缺勤三天" not in shown.text, (who, path)
            assert "不称职" not in shown.text, (who, path)
    assert len(small_house.office.store.look(lambda tx: tx.list(WorkerEvent))) == 1
    people = small_house.office.store.look(lambda tx: len(register(tx).people))
    assert people > 0
