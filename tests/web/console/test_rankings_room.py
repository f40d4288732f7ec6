"""The room of 红黑榜: drafted, shown to the companies, an objection decided, published; a company sees its own line."""

from datetime import timedelta

from tests.web.console.conftest import sit
from tests.web.test_api_rankings import result

PATH = "/console/rankings"


async def test_from_the_draft_to_published(small_house):
    """The street does it all on the page; the company objects there; a secretary sees what was published, no forms."""
    result(small_house, "春晖物业", "海棠社区", 8600)
    result(small_house, "金秋物业", "银杏社区", 5500)
    street = await sit(small_house, "street")
    await street.get(PATH)
    answer = await street.post(PATH, {"what": "quarter 2026-Q3"})
    assert answer.status == 303, answer.said
    page = answer.headers["Location"].partition("?")[0]
    unit, secretary = await sit(small_house, "provider"), await sit(small_house, "secretary")
    assert (await unit.get(page)).status == 404
    answer = await secretary.get(PATH)
    assert not answer.soup.select("form.card, [data-row]")
    assert (await secretary.post(PATH, {"what": "quarter 2026-Q3"})).status == 403
    await street.get(page)
    assert (await street.post(f"{page}/act", {"act": "ask"})).status == 303
    answer = await unit.get(page)
    assert "春晖物业" in answer.soup.select_one("#lines").text
    assert "金秋物业" not in answer.text
    assert (await unit.post(f"{page}/act", {"act": "object", "reason": "八月漏了"})).status == 303
    assert not (await unit.get(page)).soup.select("#object")
    answer = await street.get(page)
    assert "八月漏了" in answer.text
    none = await street.post(f"{page}/act", {"act": "decide", "unit": "春晖物业", "outcome": "stand"})
    assert none.status == 422
    fields = {"act": "decide", "unit": "春晖物业", "outcome": "stand", "reason": "八月是满的"}
    assert (await street.post(f"{page}/act", fields)).status == 303
    assert not (await street.get(page)).soup.select("#publish")
    small_house.clock.at += timedelta(days=8)
    street = await sit(small_house, "street")
    assert (await street.get(page)).soup.select("#publish")
    assert (await street.post(f"{page}/act", {"act": "publish"})).status == 303
    secretary = await sit(small_house, "secretary")
    answer = await secretary.get(page)
    assert [row.text for row in answer.soup.select("#lines [data-row] b")] == ["春晖物业", "金秋物业"]
    assert "八月" not in answer.text
    assert not answer.soup.select("form.card, .timeline")
    for who in ("clerk", "viewer"):
        seat = await sit(small_house, who)
        assert (await seat.get(page)).status == 200
        assert (await seat.post(f"{page}/act", {"act": "withdraw", "reason": "x"})).status == 403
