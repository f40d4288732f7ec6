"""The room of 整改: opened from a result or by hand, answered by the company, re-checked, talked about."""

from datetime import timedelta

from tests.web.console.conftest import sit
from tests.web.test_api_appraisals import _published

PATH = "/console/rectifications"
FORM = {
    "unit": "海棠社区 春晖物业",
    "due": "2026-12-10",
    "items": "东门道闸修好\n\n垃圾房每天冲洗",
    "reason": "11月检查看到的",
}


async def _opened(seat, **more):
    await seat.get(PATH)
    answer = await seat.post(PATH, FORM | more)
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def test_from_the_form_to_a_talk(secretary, small_house):
    """What was typed stands there again; the company reports and asks; it is failed and talked about; names stay in."""
    await secretary.get(PATH)
    bad = await secretary.post(PATH, FORM | {"due": "2020-01-01"})
    assert (bad.status, "日子最早写今天" in bad.said) == (422, True)
    assert bad.soup.select_one("#items").text.startswith("东门道闸修好")
    page = await _opened(secretary)
    answer = await secretary.get(page)
    assert [one.text for one in answer.soup.select("main ol:not(.timeline) li")] == [
        "东门道闸修好",
        "垃圾房每天冲洗",
    ]
    assert not answer.soup.select("#check")
    unit, rival = await sit(small_house, "provider"), await sit(small_house, "autumn")
    assert (await rival.get(page)).status == 404
    answer = await unit.get(page)
    assert not answer.soup.select("#check, #talks form, #wwhy")
    assert (
        await unit.post(f"{page}/act", {"act": "extend", "until": "2026-12-12", "reason": "缺件"})
    ).status == 303
    await secretary.get(page)
    assert (await secretary.post(f"{page}/act", {"act": "refuse", "reason": "不缺"})).status == 303
    await unit.get(page)
    assert (await unit.post(f"{page}/act", {"act": "report", "text": "道闸好了"})).status == 303
    answer = await secretary.get(page)
    assert "道闸好了" in answer.soup.select_one("main").text
    none = await secretary.post(f"{page}/act", {"act": "fail", "due": "2026-12-20"})
    assert none.status == 422
    fields = {"act": "fail", "reason": "垃圾房没冲", "due": "2026-12-20"}
    assert (await secretary.post(f"{page}/act", fields)).status == 303
    talk = {"act": "talk", "on": "2026-11-25", "by": "社区书记", "agreed": "三天内装水管"}
    assert (await secretary.post(f"{page}/act", talk)).status == 303
    answer = await unit.get(page)
    text = answer.soup.select_one("main").text
    for said in ("垃圾房没冲", "三天内装水管", "复查不合格 1 次", "不同意延期"):
        assert said in text
    assert "secretary" not in text
    assert "社区　secretary" in (await secretary.get(page)).soup.select_one(".timeline").text
    listed = await secretary.get(f"{PATH}?state=running")
    assert len(listed.soup.select("[data-row]")) == 1
    assert not (await rival.get(PATH)).soup.select("[data-row]")


async def test_who_only_looks_has_no_forms(secretary, small_house):
    """A clerk and a viewer read; another community finds nothing."""
    page = await _opened(secretary)
    for who in ("clerk", "viewer"):
        seat = await sit(small_house, who)
        answer = await seat.get(page)
        assert answer.status == 200
        assert not answer.soup.select(f"form[action^='{PATH}']:not(.filters)")
        assert (await seat.post(PATH, FORM)).status in {403, 404}
        assert (await seat.post(f"{page}/act", {"act": "withdraw", "reason": "x"})).status in {403, 404}
    other = await sit(small_house, "other")
    assert (await other.get(page)).status == 404


async def test_a_result_leads_to_the_form(secretary, small_house):
    """From the page of a round with a result; of one that is running there is no way."""
    item = await _published(small_house, small_house.token("secretary", community="海棠社区"))
    secretary = await sit(small_house, "secretary")
    answer = await secretary.get(f"/console/appraisals/{item['id']}")
    link = next(one["href"] for one in answer.soup.select("main a.button") if "rectifications" in one["href"])
    form = await secretary.get(link)
    assert form.soup.select_one("input[name=appraisal]")["value"] == str(item["id"])
    due = str((small_house.clock.at + timedelta(days=9)).date())
    page = await _opened(secretary, appraisal=str(item["id"]), reason="", due=due)
    assert "来自考评结果" in (await secretary.get(page)).soup.select_one("main").text
    unit = await sit(small_house, "provider")
    answer = await unit.get(f"/console/appraisals/{item['id']}")
    assert not [one for one in answer.soup.select("main a.button") if "rectifications" in one["href"]]
