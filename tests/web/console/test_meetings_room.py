"""The room of the meetings: called, led through to frozen minutes, as its pages do it; and who may not."""

from tests.web.console.conftest import reported, sit

PATH = "/console/meetings"


async def _called(secretary, **fields):
    await secretary.get(f"{PATH}/new")
    answer = await secretary.post(
        f"{PATH}/new", {"kind": "joint", "starts_at": "2026-12-16T09:30", "topics": "停车\n充电棚", **fields}
    )
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def _act(browser, page, act, **fields):
    answer = await browser.get(page)
    version = answer.soup.select_one('input[name="version"]')["value"]
    return await browser.post(page, {"act": act, "version": version, **fields})


async def test_a_meeting_is_led_from_its_page(secretary, small_house):
    """Call, topic, decision, attendance, minutes, approval; each is seen on the page, and frozen it has no form."""
    page = await _called(secretary, place="二楼会议室")
    no = await reported(small_house)
    admin = small_house.token("admin")
    await small_house.act(admin, no, "escalate", reason="维修资金不够")
    answer = await secretary.get(page)
    agenda = answer.soup.select_one("#agenda").text
    assert "海棠苑电梯（1 件）" in agenda
    assert "维修资金不够" in agenda
    assert [one["value"] for one in answer.soup.select('#decided input[name="demands"]')] == [no]
    assert (await _act(secretary, page, "agenda", topic="加装监控")).status == 303
    given = {"text": "电梯年前修好", "demands": no, "handler": "春晖物业", "due_at": "2026-12-31"}
    assert (await _act(secretary, page, "resolve", **given)).status == 303
    assert (await _act(secretary, page, "attend", person="林书记")).status == 303
    assert (await _act(secretary, page, "minutes", remarks="散会")).status == 303
    answer = await secretary.get(page)
    assert "待接单" in answer.soup.select_one("#decided").text
    assert "12月31日前" in answer.soup.select_one("#decided").text
    assert "已签到" in answer.soup.select_one("#members").text
    assert "电梯年前修好" in answer.soup.select_one("#minutes").text
    for paper in ("agenda", "minutes"):
        file = await secretary.get(f"{page}/{paper}.docx")
        assert (file.status, file.text[:2]) == (200, "PK"), paper
    assert (await _act(secretary, page, "approve")).status == 303
    answer = await secretary.get(page)
    assert "已定稿" in answer.soup.select_one("#minutes").text
    assert answer.soup.select(f'form[action="{page}"]') == []
    listed = await secretary.get(PATH)
    assert "已开" in listed.soup.select_one("#quarters").text
    assert "1 条，办好 0" in listed.text


async def test_what_is_refused_stays_on_the_page(secretary):
    """A past day and a decision without an owner are told in Chinese, with what was typed; nothing is there."""
    await secretary.get(f"{PATH}/new")
    answer = await secretary.post(
        f"{PATH}/new", {"kind": "joint", "starts_at": "2026-11-01T09:30", "title": "旧会"}
    )
    assert answer.status == 422
    assert "已经过去" in answer.said
    assert answer.soup.select_one("#title")["value"] == "旧会"
    page = await _called(secretary)
    await secretary.get(f"{PATH}/new")
    answer = await secretary.post(f"{PATH}/new", {"kind": "joint", "starts_at": "2026-12-16T09:30"})
    assert (answer.status, "已经定了同样的会" in answer.said) == (409, True)
    answer = await _act(secretary, page, "resolve", text="修门禁")
    assert (answer.status, "哪家单位" in answer.said) == (422, True)
    assert answer.soup.select_one("#text").text == "修门禁"
    answer = await secretary.post(page, {"act": "minutes", "version": "0"})
    assert answer.status == 409


async def test_who_may_not_lead(small_house):
    """Another community's secretary finds nothing; a clerk and a viewer see it without forms and do nothing."""
    page = await _called(await sit(small_house, "secretary"))
    assert (await (await sit(small_house, "other")).get(page)).status == 404
    assert (await (await sit(small_house, "provider")).get(PATH)).status == 403
    for who in ("clerk", "viewer"):
        browser = await sit(small_house, who)
        answer = await browser.get(page)
        assert (answer.status, answer.soup.select(f'form[action="{page}"]')) == (200, []), who
        assert (await browser.post(page, {"act": "cancel", "version": "1", "reason": "不开"})).status == 403
        assert (await browser.get(f"{PATH}/new")).status == 403
    assert "签到码" not in answer.text


async def test_the_address_of_the_calendar_is_behind_a_button(secretary):
    """Whoever looks over a shoulder, or at a picture of the page, cannot read what opens somebody's calendar."""
    page = (await secretary.get(PATH)).soup
    assert ".ics" not in page.text
    link = page.find("a", string="加到手机日历")
    assert link["href"].endswith(".ics")
    assert page.select_one("[data-copy]")["data-copy"] == link["href"]
