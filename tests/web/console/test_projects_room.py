"""The room of the projects: opened, planned, reported and ended by its pages; a unit sees its own; the papers."""

import io

from docx import Document
from tests.web.console.conftest import sit

PATH = "/console/projects"
FORM = {
    "title": "老旧电梯更新攻坚",
    "kind": "",
    "lead": "春晖物业",
    "ends_at": "2026-12-31",
    "measures": "查清每台的年限，郝师傅，2026-12-01\n换主机，简经理",
}


async def _opened(secretary, **more):
    await secretary.get(f"{PATH}/new")
    answer = await secretary.post(f"{PATH}/new", {**FORM, **more})
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def test_a_project_from_opening_to_result(secretary, small_house):
    """The picture shows a bar a measure, forms do what they say, and what is over has none of them any more."""
    page = await _opened(secretary)
    answer = await secretary.get(page)
    assert len(answer.soup.select(".gantt rect.bar")) == 2
    assert "查清每台的年限：郝师傅，12月1日前，0%" in answer.soup.select_one(".gantt title").text
    version = answer.soup.select_one('input[name="version"]')["value"]
    plan = {
        "version": version,
        "budget": "主机，120000，维修资金，已用 500",
        "milestones": "方案定了，2026-12-10，40，第2条",
    }
    assert (await secretary.post(f"{page}/plan", plan)).status == 303
    assert (await secretary.post(f"{page}/plan", plan)).status == 409
    answer = await secretary.get(page)
    assert "预算 120,000.00 元，已用 500.00 元" in answer.text
    assert "12月10日前第 2 条到 40%" in " ".join(answer.text.split())
    assert len(answer.soup.select(".gantt .mark")) == 1
    assert (
        await secretary.post(
            f"{page}/act", {"act": "progress", "measure": "1", "percent": "60", "note": "查了一半"}
        )
    ).status == 303
    assert (await secretary.post(f"{page}/act", {"act": "finish", "measure": "1"})).status == 303
    refused = await secretary.post(f"{page}/act", {"act": "complete", "result": "换好了"})
    assert (refused.status, "还有 1 条措施没办完" in refused.said) == (409, True)
    assert refused.soup.select_one("#result").text == "换好了"
    assert (await secretary.post(f"{page}/act", {"act": "finish", "measure": "2"})).status == 303
    assert (await secretary.post(f"{page}/act", {"act": "complete", "result": "换好了"})).status == 303
    answer = await secretary.get(page)
    assert answer.soup.select(f'form[action="{page}/act"]') == []
    assert "已结项" in (await secretary.get(PATH)).text


async def test_a_late_measure_stands_out(secretary, small_house):
    """What is past its day is red on list, picture and table."""
    page = await _opened(secretary)
    small_house.clock.at = small_house.clock.at.replace(month=12, day=5)
    await secretary.enter("secretary")  # her seat was for a working day
    answer = await secretary.get(page)
    assert len(answer.soup.select(".gantt .late")) == 1
    assert "已逾期" in answer.soup.select_one("#m1").text
    listed = await secretary.get(PATH)
    assert "1 条逾期" in listed.text
    assert listed.soup.select_one("tbody .tag.red").text == "在办·有逾期"
    small_house.clock.at = small_house.clock.at.replace(year=2027, month=1)
    await secretary.enter("secretary")
    assert (await secretary.get(page)).soup.select_one(".head .tag.red").text == "在办·已超期"


async def test_a_unit_reports_and_arranges_nothing(secretary, small_house):
    """A unit's account sees where it works, reports there, has no form for more; another unit finds nothing."""
    page = await _opened(secretary)
    unit = await sit(small_house, "provider")
    answer = await unit.get(page)
    assert answer.status == 200
    assert answer.soup.select(f'form[action="{page}/plan"]') == []
    assert (await unit.post(f"{page}/act", {"act": "progress", "measure": "1", "percent": "30"})).status == 303
    assert (await unit.post(f"{page}/act", {"act": "cancel", "reason": "不做了"})).status == 403
    assert (await unit.get(f"{PATH}/new")).status == 403
    other = await sit(small_house, "autumn")
    assert (await other.get(page)).status == 404


async def test_a_line_that_cannot_be_read_is_told(secretary):
    """A measure without an owner, an owner outside the register, a number that is none: the page again, as typed."""
    await secretary.get(f"{PATH}/new")
    answer = await secretary.post(f"{PATH}/new", {**FORM, "measures": "只写了做什么"})
    assert (answer.status, "这一行看不懂" in answer.said) == (422, True)
    assert answer.soup.select_one("#measures").text == "只写了做什么"
    answer = await secretary.post(f"{PATH}/new", {**FORM, "measures": "做，月亮公司"})
    assert (answer.status, "月亮公司" in answer.said) == (422, True)
    page = await _opened(secretary)
    version = (await secretary.get(page)).soup.select_one('input[name="version"]')["value"]
    answer = await secretary.post(f"{page}/plan", {"version": version, "budget": "主机，很多钱"})
    assert (answer.status, "很多钱" in answer.said) == (422, True)


async def test_the_word_file_holds_plan_and_measures(secretary, small_house):
    """Title, a table whose cells are filled where a measure runs, the measures with owner and days."""
    page = await _opened(secretary)
    await secretary.post(f"{page}/act", {"act": "progress", "measure": "2", "percent": "50"})
    async with small_house.client.get(f"{page}/paper.docx", cookies=secretary.jar) as response:
        document = Document(io.BytesIO(await response.read()))
    assert document.paragraphs[0].text == "老旧电梯更新攻坚"
    plan, measures = document.tables
    filled = [len(row._tr.xpath(".//w:shd")) for row in plan.rows]
    assert filled[0] == 0
    assert 0 < filled[1] < filled[2]
    assert [cell.text for cell in measures.rows[2].cells] == [
        "2. 换主机",
        "简经理",
        "11月25日至12月31日",
        "50%",
        "",
    ]


async def test_the_trail_names_the_project_and_leads_to_it(secretary):
    """Twenty lines of 加一条措施 would say nothing; however many there are, it is one question a kind."""
    page = await _opened(secretary)
    rows = (await secretary.get("/console/audit")).soup.select("tbody tr")
    about = [(row.select("td")[2].text, row.a["href"]) for row in rows if row.a and "项目" in row.a.text]
    assert about == [("加一条措施", page), ("加一条措施", page), ("立项", page)]
    assert next(row.a.text for row in rows if row.a) == "项目 老旧电梯更新攻坚"


def _stones(answer):
    """The milestones of the page, each with how it stands."""
    card = next(card for card in answer.soup.select("section.card") if card.h2 and card.h2.text == "节点")
    return {row.b.text: row.select_one(".tag").text for row in card.select("li")}


async def test_a_milestone_that_is_passed_already_is_reached_when_it_is_set(secretary):
    """40% of a project that is at 40% is reached; more asked for afterwards is not, and a dropped measure counts."""
    page = await _opened(secretary)
    await secretary.get(page)
    await secretary.post(f"{page}/act", {"act": "progress", "measure": "1", "percent": "80"})

    async def set_to(*lines):
        version = (await secretary.get(page)).soup.select_one('input[name="version"]')["value"]
        answer = await secretary.post(f"{page}/plan", {"version": version, "milestones": "\n".join(lines)})
        assert answer.status == 303, answer.said
        return _stones(await secretary.get(page))

    assert await set_to("方案，2026-12-10，40", "进场，2026-12-20，41") == {"方案": "到了", "进场": "还没到"}
    assert await set_to("方案，2026-12-10，40", "进场，2026-12-20，40") == {"方案": "到了", "进场": "到了"}
    assert await set_to("方案，2026-12-10，60", "查清，2026-12-20，80，第1条") == {
        "方案": "还没到",
        "查清": "到了",
    }
    await secretary.post(f"{page}/act", {"act": "drop", "measure": "2", "reason": "并到一起做"})
    assert _stones(await secretary.get(page)) == {"方案": "到了", "查清": "到了"}


async def test_a_picture_of_a_plan_is_as_wide_as_its_page(secretary):
    """A phone shows the whole plan: bars stand by parts of the width; sums are not broken."""
    page = await _opened(secretary)
    version = (await secretary.get(page)).soup.select_one('input[name="version"]')["value"]
    await secretary.post(f"{page}/plan", {"version": version, "budget": "主机，120000，维修资金，已用 500"})
    soup = (await secretary.get(page)).soup
    assert not soup.select_one("svg.gantt").has_attr("viewbox")
    assert {bar["x"][-1] + bar["width"][-1] for bar in soup.select(".gantt rect")} == {"%%"}
    assert [cell.text for cell in soup.select("td.num")] == ["120,000.00", "500.00"]
