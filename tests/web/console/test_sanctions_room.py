"""The room of 黑名单 and 退出: begun by who may, answered by the company, decided, step by step, ended."""

from datetime import timedelta

from tests.web.console.conftest import sit

from redprop_bot.registry.register import register

PATH = "/console/sanctions"
LEAVING = "exit|春晖物业|海棠苑"


async def _opened(seat, about, reason="一半住户签字要换"):
    await seat.get(PATH)
    answer = await seat.post(PATH, {"about": about, "reason": reason})
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def test_from_the_form_to_the_last_step(secretary, small_house):
    """A secretary has the estates of their community to choose from, and every step on the page; the company reads."""
    answer = await secretary.get(PATH)
    assert [one["value"] for one in answer.soup.select("#about option")] == [LEAVING]
    none = await secretary.post(PATH, {"about": LEAVING, "reason": ""})
    assert none.status == 422
    page = await _opened(secretary, LEAVING)
    answer = await secretary.get(page)
    assert [one["value"] for one in answer.soup.select("#decide button")] == ["drop"]
    assert "公司可以说到 12月2日" in answer.soup.select_one(".lead").text
    unit, rival = await sit(small_house, "provider"), await sit(small_house, "autumn")
    assert (await rival.get(page)).status == 404
    assert not (await rival.get(PATH)).soup.select("[data-row], form.card")
    answer = await unit.get(page)
    assert not answer.soup.select("#decide, #step, #wwhy")
    assert (await unit.post(f"{page}/act", {"act": "answer", "text": "愿意改"})).status == 303
    assert not (await unit.get(page)).soup.select("#text")
    answer = await secretary.get(page)
    assert "愿意改" in answer.text
    bad = await secretary.post(f"{page}/act", {"act": "go"})
    assert bad.status == 422
    await secretary.get(page)
    assert (await secretary.post(f"{page}/act", {"act": "go", "reason": "签字核过"})).status == 303
    for name in ("业主大会表决", "通知公司", "定下谁来接", "交接", "接管公告"):
        answer = await secretary.get(page)
        assert answer.soup.select_one("#step h2").text == name
        wrong = await secretary.post(f"{page}/act", {"act": "step", "on": "2024-11-20", "text": "早了"})
        assert (wrong.status, wrong.soup.select_one("#stext").text) == (422, "早了")
        await secretary.get(page)
        fields = {"act": "step", "on": "2026-11-25", "text": f"{name}好了"}
        assert (await secretary.post(f"{page}/act", fields)).status == 303
    answer = await unit.get(page)
    assert [one.text for one in answer.soup.select("#steps li b")][-1] == "接管公告"
    assert "接管公告好了" in answer.soup.select_one("#steps").text
    assert "secretary" not in answer.soup.select_one("main").text
    assert not answer.soup.select("form.card")
    assert "社区　secretary" in (await secretary.get(page)).soup.select_one(".timeline").text
    assert not (await secretary.get(PATH)).soup.select("[data-row]")
    assert len((await secretary.get(f"{PATH}?state=done")).soup.select("[data-row]")) == 1


async def test_the_street_lists_a_company(small_house):
    """The message leads to the form with the company chosen; listed, then taken off with a reason."""
    street = await sit(small_house, "street")
    unit = small_house.office.store.look(lambda tx: register(tx).organisation_names["金秋物业"])
    answer = await street.get(f"{PATH}?unit={unit.id}&kind=blacklist")
    assert answer.soup.select_one("#about option[selected]")["value"] == "blacklist|金秋物业|"
    page = await _opened(street, "blacklist|金秋物业|", "两次上黑榜")
    small_house.clock.at += timedelta(days=8)
    street = await sit(small_house, "street")
    answer = await street.get(page)
    assert [one.text for one in answer.soup.select("#decide button")] == ["列入黑名单", "不往下走"]
    assert (await street.post(f"{page}/act", {"act": "go", "reason": "没有说明"})).status == 303
    answer = await street.get(page)
    assert answer.soup.select_one(".head .tag").text == "在名单上"
    assert (await street.post(f"{page}/act", {"act": "stop", "reason": "都改好了"})).status == 303
    answer = await street.get(page)
    assert answer.soup.select_one(".head .tag").text == "提前移出"
    assert "都改好了" in answer.text
    assert "没有说明" in answer.text  # why it was listed stays
    secretary, other = await sit(small_house, "secretary"), await sit(small_house, "other")
    assert (await secretary.get(page)).status == 404  # another community's company
    assert "两次上黑榜" in (await other.get(page)).text


async def test_who_only_looks_has_no_forms(secretary, small_house):
    """A clerk and a viewer read; of another community nothing is there."""
    page = await _opened(secretary, LEAVING)
    for who in ("clerk", "viewer"):
        seat = await sit(small_house, who)
        answer = await seat.get(page)
        assert answer.status == 200
        assert not answer.soup.select(f"form[action^='{PATH}']:not(.filters)")
        assert (await seat.post(PATH, {"about": LEAVING, "reason": "x"})).status in {403, 404}
        assert (await seat.post(f"{page}/act", {"act": "drop", "reason": "x"})).status in {403, 404}
    other = await sit(small_house, "other")
    assert (await other.get(page)).status == 404
