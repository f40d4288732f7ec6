"""Posters: one for the estate and one for each building, each with the code of its scene, asked for once."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from tests.web.console.conftest import sit

from redprop_bot.simulated.faults import Trouble
from redprop_bot.web.pages.rendering import STATIC
from redprop_bot.web.posters import codes

PATH = "/console/posters/海棠苑"


async def items(house, token, estate="海棠苑", status=200):
    got, body = await house.api("GET", f"/posters/{estate}", token)
    assert got == status, body
    return body


async def test_all_sheets_of_an_estate_at_once(small_house):
    """The estate's own first, then its buildings; steps, emergency numbers, and a code that is drawn, not loaded."""
    browser = await sit(small_house, "secretary")
    page = await browser.get(PATH)
    sheets = page.soup.select(".sheet")
    assert [sheet["aria-label"] for sheet in sheets] == ["海棠苑", "海棠苑1栋", "海棠苑3栋"]
    for sheet in sheets:
        assert sheet.select_one(".code svg path")["d"]
        assert len(sheet.select("ol li")) == 3
        for number in ("119", "120", "110", "12345"):
            assert number in sheet.text
    one = await browser.get(f"{PATH}?building=3")
    assert [sheet["aria-label"] for sheet in one.soup.select(".sheet")] == ["海棠苑3栋"]
    assert (await browser.get(f"{PATH}?building=99")).status == 404
    assert (
        'href="/console/posters/%E6%B5%B7%E6%A3%A0%E8%8B%91?building=3"'
        in (await browser.get("/console/posters")).text
    )


async def test_the_code_opens_the_chat_at_home(small_house):
    """Scanning what was printed makes the building known: the next report needs no place."""
    made = await items(small_house, small_house.token("secretary", community="海棠社区"))
    assert [item["scene"] for item in made["items"]] == ["estate:海棠苑", "building:海棠苑/1", "building:海棠苑/3"]
    assert all(item["link"].startswith("http://weixin.qq.com/q/") for item in made["items"])
    scenes = {unquote(scene) for scene, _ in small_house.twin.oa.assets.codes.values()}
    assert scenes == {item["scene"] for item in made["items"]}
    await small_house.twin.oa.scan("o-new", made["items"][2]["scene"])
    from redprop_bot.ports import Channel
    from redprop_bot.store import people

    person = small_house.office.store.look(lambda tx: people.who(tx, Channel.OA, "o-new"))[0]
    assert person.building == "3"


async def test_a_code_is_asked_for_once(small_house):
    """The platform gives 100 000 for ever: printing again asks for none."""
    token = small_house.token("admin")
    first = await items(small_house, token)
    count = len(small_house.twin.oa.assets.codes)
    assert await items(small_house, token) == first
    assert len(small_house.twin.oa.assets.codes) == count == 3


async def test_the_demo_and_a_house_without_an_account_print_what_people_can_read(small_house):
    """In the demo an address of the demo with the scene in it, without an account the board."""
    office = small_house.office
    board = "http://x/board/b"
    office.settings = office.settings.model_copy(update={"demo": True})
    assert "/demo?scan=estate:" in await codes.address(office, "estate:海棠苑", board=board)
    office.settings = office.settings.model_copy(update={"demo": False})
    office.senders = {}
    assert await codes.address(office, "estate:海棠苑", board=board) == board


async def test_a_silent_platform_is_said(small_house):
    """No sheet with a code that leads nowhere."""
    small_house.twin.oa.faults.add("qrcode/create", Trouble(status=500), times=None)
    browser = await sit(small_house, "secretary")
    answer = await browser.get(PATH)
    assert answer.status == 503
    assert "过一会儿" in answer.text


@pytest.mark.parametrize(("who", "status"), [("provider", 200), ("clerk", 200), ("other", 404), ("viewer", 200)])
async def test_everybody_prints_their_own(small_house, who, status):
    """A unit the estates it looks after, a community its own."""
    browser = await sit(small_house, who)
    assert (await browser.get(PATH)).status == status


async def test_strangers_print_nothing(small_house):
    """Without a seat the way leads to the door, without a token there is no answer."""
    got = await small_house.client.get(PATH, allow_redirects=False)
    assert (got.status, got.headers["Location"].startswith("/console/login")) == (302, True)
    assert (await items(small_house, "rp_nobody", status=401))["error"]["code"] == "unauthorised"
    await items(small_house, small_house.token("provider", organisation="金秋物业"), status=404)


def test_scenes_fit_the_platform():
    """Sixty-four characters, whatever an estate is called."""
    for estate in ("海棠苑", "长" * 60):
        for building in ("", "3", "A座"):
            assert len(codes.scene(estate, building, 7)) <= codes.LONGEST


def test_the_sheet_is_made_for_paper():
    """A4 without margins, one sheet to a page, colours kept, the bar not printed."""
    style = Path(STATIC / "poster.css").read_text("utf-8")
    for rule in (
        "@page { size: A4 portrait; margin: 0; }",
        "width: 210mm; height: 297mm",
        "print-color-adjust: exact",
    ):
        assert rule in style
    assert re.search(r"@media print \{[^}]*\.bar \{ display: none", style)


def test_a_code_is_an_svg_of_its_own():
    """No size, no style, no text: it takes the size of its frame, and nothing in it is more than a path."""
    soup = BeautifulSoup(codes.drawn("http://weixin.qq.com/q/<x>"), "html.parser")
    assert {tag.name for tag in soup.find_all(True)} == {"svg", "path"}
    assert set(soup.svg.attrs) == {"viewbox"}
