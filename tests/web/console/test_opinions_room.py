"""The room of 年底评价意见: begun, written, confirmed, sent and renewed by its pages; who may not has no form."""

import io

from docx import Document
from tests.web.console.conftest import sit

PATH = "/console/opinions"


async def _opened(secretary, **more):
    await secretary.get(PATH)
    form = {"company": "海棠社区/春晖物业", "year": "2026", **more}
    answer = await secretary.post(PATH, form)
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def _act(browser, page, act, **fields):
    """The form of an act as the page has it, with its version."""
    soup = (await browser.get(page)).soup
    version = soup.select_one('input[name="version"]')
    given = {"act": act, "version": version["value"] if version else "1", **fields}
    return await browser.post(f"{page}/act", given)


async def test_from_the_list_to_the_next_version(secretary, small_house):
    """What is wrong is said with what was typed; what is not known is said; Word is downloaded at every step."""
    page = await _opened(secretary)
    answer = await secretary.get(page)
    rows = {row.td.text: row.select("td")[1].text for row in answer.soup.select("tbody tr")}
    assert (rows["收到的事"], rows["物业费收缴率"], rows["星级"]) == ("0", "不知道", "不知道")
    assert answer.soup.select("#confirm, #send, #renew") == []  # no words yet
    refused = await _act(secretary, page, "write", words="保洁勤快", fee_rate="很多", fee_from="台账")
    assert (refused.status, refused.soup.select_one("#words").text) == (422, "保洁勤快")
    answer = await _act(secretary, page, "write", words="保洁勤快\n楼道灯要补", fee_rate="92.50%", fee_from="台账")
    assert (answer.status, "opinion_written" in answer.headers["Location"]) == (303, True)
    assert (await secretary.get(page)).soup.select_one("#fee_rate")["value"] == "92.5"
    assert (await _act(secretary, page, "confirm")).status == 303
    stale = await secretary.post(f"{page}/act", {"act": "send", "version": "1", "on": "2026-11-25"})
    assert stale.status == 409
    file = await secretary.house.client.get(f"{page}/paper.docx", headers=_cookies(secretary))
    text = "\n".join(p.text for p in Document(io.BytesIO(await file.read())).paragraphs)
    assert "楼道灯要补" in text
    assert "草稿" not in text
    answer = await _act(secretary, page, "send", on="2026-11-25")
    assert answer.status == 303, answer.said
    answer = await secretary.get(page)
    assert answer.soup.select("#write, #confirm, #send") == []
    answer = await _act(secretary, page, "renew")
    second = answer.headers["Location"].partition("?")[0]
    assert second != page
    assert "第 2 版" in (await secretary.get(second)).text
    listed = (await secretary.get(f"{PATH}?state=sent")).soup.select("tbody tr")
    assert [row.a["href"] for row in listed] == [page]
    trail = (await secretary.get("/console/audit")).soup.select("tbody tr")
    assert [row.select("td")[2].text for row in trail if row.a and "年底评价意见" in row.a.text] == [
        "起草", "交出去", "确认", "起草",
    ]  # fmt: skip


def _cookies(browser):
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.jar.items())}


async def test_who_may_not_has_no_form(secretary, small_house):
    """A clerk looks, a unit does not; another community finds nothing; the street has nothing to write."""
    page = await _opened(secretary)
    clerk = await sit(small_house, "clerk")
    answer = await clerk.get(page)
    assert (answer.status, answer.soup.select(f'form[action="{page}/act"]')) == (200, [])
    assert (await clerk.post(f"{page}/act", {"act": "recount"})).status == 403
    unit = await sit(small_house, "provider")
    for path in (PATH, page, f"{page}/paper.docx"):
        assert (await unit.get(path)).status == 403
    other = await sit(small_house, "other")
    for path in (page, f"{page}/paper.docx"):
        assert (await other.get(path)).status == 404
    street = await sit(small_house, "street")
    assert (await street.get(PATH)).soup.select("#company") == []
    names = [one["value"] for one in (await secretary.get(PATH)).soup.select("#company option")]
    assert names == ["海棠社区/春晖物业"]
    twice = await secretary.post(PATH, {"company": "海棠社区/春晖物业", "year": "2026"})
    assert (twice.status, "已经有了" in twice.said) == (409, True)
