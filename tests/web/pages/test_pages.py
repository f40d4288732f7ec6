"""The order's page, the board and the entrance: what they show, and what they are made of."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from tests.web.pages.conftest import SECRET, reported, resident, staff

from redprop_bot.loop import acts
from redprop_bot.notify.links import order_page
from redprop_bot.registry import register as registers
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Community, Demand, Estate, Organisation, Responsibility
from redprop_bot.web.pages.rendering import STATIC

EVIL = "\"'><x-evil onclick=alert(1)>&amp;{{7*7}}"


async def soup_of(client, path: str, status: int = 200) -> BeautifulSoup:
    response = await client.get(path, allow_redirects=False)
    assert response.status == status
    return BeautifulSoup(await response.text(), "html.parser")


def change(office, no: str, **values) -> None:
    office.store.run(lambda tx: tx.update(Demand, demands.by_no(tx, no).id, **values))


async def test_the_page_says_who_until_when_and_how_far(client, office, seeded):
    """The unit, the term, the neighbours and the step that it has reached."""
    change(office, seeded.open, supporters=2)
    soup = await soup_of(client, f"/m/orders/{seeded.open}")
    said = {pair.dt.text: pair.dd.text for pair in soup.select("dl div")}
    assert said["谁来办"] == "禾润物业"
    assert said["办结期限"].startswith("12月2日")
    assert said["附议"] == "还有 2 位邻居报了同一件"
    assert [step.text for step in soup.select(".steps .now")] == ["办理"]
    assert [line.text.split()[0] for line in soup.select(".timeline .what")] == ["接单", "派单给禾润物业", "报事"]


@pytest.mark.parametrize("stage", list(Stage))
async def test_every_stage_has_a_page(client, office, seeded, stage):
    """Each says its name and a sentence; all steps are behind only when it is closed."""
    change(office, seeded.open, stage=stage.value)
    soup = await soup_of(client, f"/m/orders/{seeded.open}")
    assert soup.h1.text == office.content.labels.stage[stage]
    now = soup.select(".steps .now")
    ended = stage in (Stage.CLOSED, Stage.WITHDRAWN, Stage.MERGED)
    assert len(now) == (0 if ended else 1)
    assert len(soup.select(".steps .done")) == 5 or stage != Stage.CLOSED


async def test_late_is_said_only_while_somebody_works_on_it(client, office, clock, seeded):
    """Past its term an open order is marked, a closed one never is."""
    clock.at += timedelta(days=30)
    assert "已超期" in (await soup_of(client, f"/m/orders/{seeded.open}")).text
    assert "已超期" not in (await soup_of(client, f"/m/orders/{seeded.closed}")).text
    assert "超期" in [tag.text for tag in (await soup_of(client, "/board/荷塘社区")).select(".tag.red")]


async def test_a_merged_order_names_the_other(client, office, seeded):
    """Both numbers stay valid."""

    def merge(tx):
        one, other = demands.by_no(tx, seeded.open), demands.by_no(tx, seeded.aid)
        acts.perform(tx, one, Act.MERGE, staff(tx, "shenxl"), {"into": other.no})

    office.store.run(merge)
    soup = await soup_of(client, f"/m/orders/{seeded.open}")
    assert soup.select_one("header a")["href"] == f"/m/orders/{seeded.aid}"


async def test_the_board_counts(client, seeded):
    """All reports of the period count, listed or not; so does the rating."""
    figures = [item.b.text for item in (await soup_of(client, "/board/荷塘社区")).select(".figures li")]
    assert figures == ["4", "1", "3", "0", "100%"]


async def test_the_board_is_the_communitys_own(client, office, seeded):
    """By name and by id it is the same; another community's has neither its orders nor its duties."""
    key = office.store.look(
        lambda tx: next(c.id for c in register(tx).communities.values() if c.name == "荷塘社区")
    )
    named, numbered = await soup_of(client, "/board/荷塘社区"), await soup_of(client, f"/board/{key}")
    assert str(named.main) == str(numbered.main)
    other = await soup_of(client, "/board/石桥社区")
    assert seeded.open not in other.text
    duties = {cell.text.split("\n")[0] for cell in other.select("tbody td:first-child")}
    assert "石桥新苑" in duties
    assert "荷香苑" not in duties


async def test_the_board_says_where_to_complain_and_who_answers(client, seeded):
    """Units, terms and the way to complain are public."""
    text = (await soup_of(client, "/board/荷塘社区")).text
    for word in (
        "我要投诉",
        "12345",
        "清源供水公司",
        "停水",
        "15分钟内接单",
        "普通：1个工作日内接单，5个工作日内办结",
    ):
        assert word in text


@pytest.mark.parametrize(
    "path",
    ["/m/orders/D20200101-0001", "/m/orders/%00", "/m/orders/<b>", "/board/没有", "/board/99999", "/board/１"],
)
async def test_what_is_not_there_is_a_friendly_404(client, seeded, path):
    """In Chinese, as a page, with a way on."""
    soup = await soup_of(client, path, 404)
    assert soup.h1.text.startswith("没有找到")
    assert "公众号" in soup.text


async def test_the_entrance_leads_to_the_demo_only_in_demo_mode(client, office, seeded):
    """Elsewhere it says what this is, and there is no demo and no read-only console."""
    assert "社区派单" in (await soup_of(client, "/")).text
    office.settings = office.settings.model_copy(update={"demo": True})
    response = await client.get("/", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (302, "/demo")
    assert (await client.get("/demo")).status == 404


async def test_markup_in_any_text_stays_text(client, office, seeded):
    """Whatever is written into a demand, its history or the roster is read, never run."""

    def spoil(tx):
        me, manager = resident(tx), staff(tx, "hanlq")
        made = reported(tx, me, text=EVIL, place=EVIL, building="7", category="building")
        acts.perform(tx, made, Act.PROGRESS, manager, {"note": EVIL})
        tx.update(Demand, made.id, escalated_to=EVIL)
        for number, model in enumerate((Community, Estate, Organisation)):
            for row in tx.list(model):
                tx.update(model, row.id, name=f"{EVIL}{number}-{row.id}")
        for row in tx.list(Responsibility):
            tx.update(Responsibility, row.id, match=[EVIL])
        registers.changed(tx)
        return made.no

    no = office.store.run(spoil)
    for path in (f"/m/orders/{no}", order_page("", no, SECRET), "/board/1"):
        soup = await soup_of(client, path)
        assert soup.find("x-evil") is None
        assert "<x-evil onclick=alert(1)>&amp;{{7*7}}" in soup.text


async def test_pages_keep_to_the_content_policy(client, seeded):
    """No inline script or style, nothing from another site; the policy is sent and nothing is kept."""
    for path in ("/", "/board/荷塘社区", order_page("", seeded.closed, SECRET), "/m/orders/none"):
        response = await client.get(path)
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store"
        assert_clean(BeautifulSoup(await response.text(), "html.parser"))


def assert_clean(soup: BeautifulSoup) -> None:
    assert soup.find("style") is None
    assert all(script.get("src") and not script.text.strip() for script in soup.find_all("script"))
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name == "style" or name.startswith("on")]
        for name in ("src", "href"):
            assert not str(tag.get(name, "/")).startswith(("http", "//", "javascript", "data:")), tag


async def test_static_files_are_small_and_served_with_their_type(client, seeded):
    """Everything the pages load is under 100 KB together, and each address answers."""
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    assert 0 < sum(path.stat().st_size for path in files) < 100_000
    soup = await soup_of(client, "/")
    style = soup.find("link", rel="stylesheet")["href"]
    response = await client.get(style)
    assert (response.status, response.content_type) == (200, "text/css")
    assert (await client.get("/static/../../../pyproject.toml")).status == 404
    assert (await client.get("/static/" + "a" * 3000)).status == 404


async def test_a_wrong_address_has_a_way_on_and_speaks_of_numbers_only_where_one_was(client, seeded):
    """A board that is not there has no number; every such page leads to the first one."""
    board = await soup_of(client, "/board/99999", 404)
    assert "单号" not in board.main.text
    assert "社区" in board.h1.text
    order = await soup_of(client, "/m/orders/D20200101-0001", 404)
    assert "单号形如" in order.main.text
    response = await client.get("/nothing", headers={"Accept": "text/html"})
    assert response.status == 404
    for soup in (board, order, BeautifulSoup(await response.text(), "html.parser")):
        assert soup.select_one('main a[href="/"]')
