"""The public board: nobody is on it, whoever looks and however far; lists go on; places have their own."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from tests.support import rows
from tests.web.pages.conftest import *  # noqa: F403 - the same community, the same browser without a login
from tests.web.pages.conftest import NAME, OPENID, PHONE, PLACE, ROOM, WORDS

from redprop_bot.loop import phone_lines, publicity
from redprop_bot.loop.publicity import Draft, Hand
from redprop_bot.registry import register as registers
from redprop_bot.registry.register import register
from redprop_bot.store import boards, demands
from redprop_bot.store.boards import Place
from redprop_bot.store.tables import Demand, Person, PhoneLine, Posting, Responsibility
from redprop_bot.web.pages.shown import PUBLIC_INTENTS

SECRETARY = Hand("社区", "secretary")
BOARD = "/board/荷塘社区"


def key_of(office, name="荷塘社区") -> int:
    return office.store.look(lambda tx: next(c.id for c in register(tx).communities.values() if c.name == name))


def personal(office) -> set[str]:
    """Everything in the database that tells who somebody is."""

    def job(tx):
        people = tx.list(Person)
        return {v for p in people for v in (p.name, p.phone, p.userid, p.openid) if v}

    return office.store.look(job) | {NAME, PHONE, OPENID, ROOM, WORDS, PLACE}


async def crawled(client, start: list[str]) -> dict[str, str]:
    """Every page of the board that can be reached, by address, and the tracking pages that it links to."""
    todo, found = list(start), {}
    while todo:
        path = todo.pop()
        if path in found:
            continue
        answer = await client.get(path)
        assert answer.status == 200, path
        found[path] = await answer.text() if answer.content_type == "text/html" else ""
        for link in BeautifulSoup(found[path], "html.parser").find_all("a", href=True):
            href = unquote(link["href"])
            if href.startswith("?"):
                href = path.partition("?")[0] + href
            if href.startswith(("/board/", "/m/orders/")):
                todo.append(href)
    return found


@pytest.fixture
def planted(office, seeded, clock):
    """Names, phones, accounts and rooms in every text that a demand, its history or a duty holds; many of each."""

    here = key_of(office)

    def job(tx):
        reg = register(tx)
        estate = reg.estate("荷香苑")
        manager = reg.person_named("hanlq")
        told = f"{NAME} {PHONE} {OPENID} {ROOM}室 {manager.name} {manager.phone} {manager.userid}"
        for n in range(40):
            stage = "closed" if n % 2 else "accepted"
            made = rows.demand(
                tx,
                no=f"D20261101-{n:04d}",
                community_id=here,
                estate_id=estate.id,
                category=("power", "aid", "neighbor")[n % 3],
                urgency="normal",
                stage=stage,
                closed_at=tx.now - timedelta(hours=n) if n % 2 else None,
                close_reason="solved" if n % 2 else None,
                stars=4 if n % 2 else None,
            )
            values = dict.fromkeys(
                ("text", "building", "unit", "room", "place", "party", "phone", "rating_reason"), told
            )
            tx.update(Demand, made.id, **values, escalated_to="街道")
        for row in tx.list(Responsibility):
            tx.update(Responsibility, row.id, match=[f"找{manager.name}{manager.phone}", f"{manager.userid}"])
        posted = publicity.post(tx, SECRETARY, Draft(here, "荷香苑", "fees", "收费标准"), None)
        tx.update(
            Posting, posted.id, title=f"收费 {manager.name} {PHONE}", note=f"{manager.userid} {ROOM}室 {PHONE}"
        )
        line = phone_lines.add_line(tx, SECRETARY, here, label="服务中心", number="0553-5550101")
        tx.update(PhoneLine, line.id, hours=f"找{manager.name}", label=f"{manager.name} {PHONE}", number=PHONE)
        registers.changed(tx)

    office.store.run(job)


async def test_nobody_is_on_any_page_of_the_board(client, office, planted):
    """Every page that a stranger reaches from any board: no name, phone, account, room, nor anything like a phone."""
    reg = office.store.look(register)
    start = [f"/board/{c.name}" for c in reg.communities.values()]
    start += [f"/board/{reg.communities[e.community_id].name}/{e.name}" for e in reg.estates.values()]
    pages = await crawled(client, start)
    assert len(pages) > 50
    assert any("?results=" in path for path in pages)
    assert any("/posted/" in path for path in pages)
    wanted = personal(office)
    for path, html in pages.items():
        assert [value for value in wanted if value in html] == [], path
        assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", html) == [], path
        assert not re.search(r"\d{3,4}室", html), path


async def test_what_is_near_persons_has_no_building(client, office, planted):
    """Help for a family, neighbours at odds: the estate and no more."""
    html = await (await client.get(BOARD)).text()
    soup = BeautifulSoup(html, "html.parser")
    near = [row.text for row in soup.select(".rows li") if "困难帮扶" in row.text or "邻里纠纷" in row.text]
    assert near
    assert all("栋" not in row for row in near)


async def test_results_say_what_came_of_them(client, seeded):
    """Solved, how long it took, the stars; by whom."""
    soup = BeautifulSoup(await (await client.get(BOARD)).text(), "html.parser")
    row = next(row.text for row in soup.select("#s-results ~ .rows li") if seeded.closed in row.text)
    for word in ("已解决", "不到 1 小时", "4 星满意", "禾润物业", "荷香苑5栋"):
        assert word in row


async def test_lists_go_on_page_after_page_and_show_each_once(client, office, planted):
    """To the end, in order, with nothing twice and nothing left out."""
    here = key_of(office)
    for part, count in (("results", boards.results), ("open", boards.open_matters)):
        path, seen = f"{BOARD}?{part}=", []
        while path:
            soup = BeautifulSoup(await (await client.get(path)).text(), "html.parser")
            seen += [tag.text for tag in soup.select(".rows .no")]
            more = soup.select_one(".more a")
            path = unquote(more["href"]) if more else ""
        wanted = office.store.look(
            lambda tx, c=count: [d.no for d in c(tx, Place(here), PUBLIC_INTENTS, limit=999)]
        )
        assert seen == wanted
        assert len(seen) > 15


@pytest.mark.parametrize("cursor", ["x", "-1", "1-", "9" * 40, "99999999999999999-1", "1-1-1", "<b>", "%00"])
async def test_a_strange_cursor_is_the_beginning(client, seeded, cursor):
    """Nothing breaks."""
    for part in ("results", "open"):
        assert (await client.get(f"{BOARD}?{part}={cursor}")).status == 200


async def test_an_estate_has_its_own_board(client, office, seeded):
    """Its matters and duties; those of another estate's board are not there; one of another community is none."""
    mine = await (await client.get(f"{BOARD}/荷香苑")).text()
    assert seeded.open in mine
    assert seeded.open not in await (await client.get(f"{BOARD}/晨曦公寓")).text()
    assert (await client.get("/board/石桥社区/荷香苑")).status == 404
    assert (await client.get(f"{BOARD}/没有的小区")).status == 404


async def test_the_year_is_counted_and_remembered_for_a_minute(client, office, clock, seeded):
    """What comes a moment later is there a minute later."""

    async def figures():
        soup = BeautifulSoup(await (await client.get(BOARD)).text(), "html.parser")
        return [item.b.text for item in soup.select(".figures li")]

    before = await figures()
    assert before == ["4", "1", "3", "0", "100%"]
    here = key_of(office)
    office.store.run(lambda tx: rows.demand(tx, no="D20261101-0001", community_id=here, stage="new"))
    assert await figures() == before
    clock.at += timedelta(minutes=1)
    assert (await figures())[0] == "5"
    clock.at += timedelta(days=60)  # another year
    assert (await figures())[0] == "0"


async def test_the_board_loads_little(client, seeded):
    """Page, style and icon together under 100 KB, nothing from elsewhere, no script at all."""
    for path in (BOARD, f"{BOARD}/荷香苑", f"{BOARD}?open="):
        answer = await client.get(path)
        html = await answer.text()
        soup = BeautifulSoup(html, "html.parser")
        total = len(html.encode())
        for tag in soup.select("link[href], script[src], img[src]"):
            total += len(await (await client.get(tag.get("href") or tag.get("src"))).read())
        assert total < 100_000, (path, total)
        assert soup.find("script") is None
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


PLANS = {
    "results": lambda tx, place: boards.results(tx, place, PUBLIC_INTENTS, limit=9, after=(tx.now, 5)),
    "open": lambda tx, place: boards.open_matters(tx, place, PUBLIC_INTENTS, limit=9, before=5),
}


@pytest.mark.parametrize("which", list(PLANS))
@pytest.mark.parametrize("estate", [None, 1])
def test_lists_are_walks_along_their_index(sqlite_store, which, estate):
    """No page is found by looking through everything, nor by sorting."""
    plans = []

    def job(tx):
        connection, asked = tx.connection, []
        execute = connection.execute

        class Spy:
            engine, dialect = connection.engine, connection.dialect

            def execute(self, statement, values=None):
                asked.append(statement)
                return execute(statement, values)

        tx.connection = Spy()
        PLANS[which](tx, Place(1, estate))
        tx.connection = connection
        compiled = asked[0].compile(
            connection, compile_kwargs={"literal_binds": False, "render_postcompile": True}
        )
        values = tuple(compiled.construct_params()[name] for name in compiled.positiontup)
        processed = [v.replace(tzinfo=None).isoformat(" ") if hasattr(v, "isoformat") else v for v in values]
        driver = connection.connection.driver_connection
        plans.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {compiled.string}", processed))

    sqlite_store.run(job)
    kind = "closed" if which == "results" else "open"
    owner = "estate" if estate else "community"
    assert any(f"ix_demand_{owner}_{kind}" in plan for plan in plans), plans
    assert not any("TEMP B-TREE" in plan or plan.startswith("SCAN") for plan in plans), plans


def test_an_order_of_a_stage_is_found_in_its_text(office, seeded):
    """What was planted is really there: the scan of the pages looks for what the database holds."""
    found = office.store.look(lambda tx: demands.by_no(tx, seeded.open).text)
    assert NAME in found
    assert office.store.look(lambda tx: tx.scalar(text("SELECT count(*) FROM person"))) > 5
