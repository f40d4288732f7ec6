"""The demo page: what is done at a phone takes the real way, and what the phones show comes live and again."""

import asyncio
import json
import re
import socket

from bs4 import BeautifulSoup
from tests.support import pictures
from tests.web.demo.conftest import PATIENCE, Shown

from redprop_bot.bootstrap import demo, running
from redprop_bot.content import packaged_root
from redprop_bot.notify.links import signed
from redprop_bot.registry.demo import demo_phones
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Stage as DemandStage
from redprop_bot.simulated import Twin
from redprop_bot.store import sifting
from redprop_bot.web import accounts, staff

MRS_ZHOU, LIN, MANAGER, WORKER, SECRETARY = "demo-resident-1", "demo-resident-2", "hanlq", "luody", "shenxl"
JPEG = pictures.jpeg()
EVIL = "<x-evil onclick=alert(1)>"


def is_card(line: dict) -> bool:
    return line["kind"] == "card"


def demand_of(shown: Shown):
    return shown.office.store.look(lambda tx: sifting.search(tx, sifting.Scope(), limit=5))[0]


async def test_one_sentence_goes_all_the_way_round(shown: Shown):
    """Reported, carded, accepted by a tap, fulfilled with a picture, rated by a tap, closed: on the phones and in the database."""
    browser = shown.browser
    status, answer = await browser.post(MRS_ZHOU, "say", text="3栋2单元电梯又不走了，老人下不了楼")
    assert (status, answer["ok"]) == (200, True)
    assert "单号 D" in answer["reply"]
    card = await browser.until(MANAGER, is_card)
    buttons = card["detail"]["card"]["button_list"]
    assert [button["text"] for button in buttons] == ["接单", "退单"]
    tapped = {"task_id": card["detail"]["task_id"], "key": buttons[0]["key"]}
    assert (await browser.post(MANAGER, "tap", **tapped))[0] == 200
    await browser.until(MANAGER, lambda line: line["kind"] == "card_update" and "办理中" in line["text"])
    await browser.until(MRS_ZHOU, lambda line: "接单了" in line["text"])
    assert (await browser.send(WORKER, "picture", JPEG, **{"Content-Type": "image/jpeg"}))[0] == 200
    assert (await browser.post(WORKER, "say", text="修好了"))[0] == 200
    menu = await browser.until(MRS_ZHOU, lambda line: line["kind"] == "menu")
    good = next(option for option in menu["detail"]["options"] if option["content"] == "满意")
    assert (await browser.post(MRS_ZHOU, "choose", item=good["id"]))[0] == 200
    await browser.until(WORKER, lambda line: "5 星" in line["text"])
    found = demand_of(shown)
    assert (found.stage, found.stars) == (DemandStage.CLOSED, 5)
    assert shown.twin.ledger.violations == []
    await _pages_show_it(shown, found.no)
    assert (await browser.post(MANAGER, "tap", **tapped))[1]["error"]["code"] == "no_button"


async def _pages_show_it(shown: Shown, no: str) -> None:
    key, session = signed(no, shown.office.secret_key), shown.browser.session
    async with session.get(f"{shown.address}/m/orders/{no}?k={key}") as response:
        page = BeautifulSoup(await response.text(), "html.parser")
    assert page.h1.text == "已办结"
    async with session.get(shown.address + page.select_one(".pictures img")["src"]) as response:
        assert (response.content_type, await response.read()) == ("image/jpeg", JPEG)
    async with session.get(f"{shown.address}/board/荷塘社区") as response:
        assert no in await response.text()
    async with session.get(f"{shown.address}/console") as response:
        door = BeautifulSoup(await response.text(), "html.parser")
    assert response.url.path == "/console/login"
    assert "社区书记 沈秀兰" in [seat.text for seat in door.select(".seats a")]


async def test_residents_are_greeted_where_they_live(shown: Shown):
    """Following by the code at the door is the first thing on a resident's phone."""
    for phone in (MRS_ZHOU, LIN):
        await shown.browser.until(phone, lambda line: line["kind"] == "event")
        await shown.browser.until(phone, lambda line: "荷香苑的邻居" in line["text"])


async def test_a_reload_shows_everything_again(shown: Shown):
    """A second browser sees all from the beginning, a broken connection only what it missed."""
    await shown.browser.post(MRS_ZHOU, "say", text="你好")
    await shown.browser.until(MRS_ZHOU, lambda line: line["text"] == "你好")
    first = [line["no"] for line in shown.browser.lines]
    assert [line["no"] for line in await _feed(shown, len(first))] == first
    run = await _run(shown)
    assert (await _feed(shown, 1, f"{run}.{first[-2]}"))[0]["no"] == first[-1]
    assert (await _feed(shown, 1, f"another.{first[-2]}"))[0]["no"] == first[0]


async def _feed(shown: Shown, count: int, last: str = "") -> list[dict]:
    """The first lines of a new feed."""
    found: list[dict] = []
    headers = {"Last-Event-ID": last} if last else {}
    async with (
        asyncio.timeout(PATIENCE),
        shown.browser.session.get(f"{shown.address}/demo/feed", headers=headers) as r,
    ):
        async for raw in r.content:
            if raw.startswith(b"data: ") and b'"kind"' in raw:
                found.append(json.loads(raw[6:]))
                if len(found) == count:
                    return found
    raise AssertionError("the feed ended early")


async def _run(shown: Shown) -> str:
    async with asyncio.timeout(PATIENCE), shown.browser.session.get(f"{shown.address}/demo/feed") as response:
        async for raw in response.content:
            if raw.startswith(b"data: "):
                assert response.content_type == "text/event-stream"
                return json.loads(raw[6:])["run"]
    raise AssertionError("no hello")


async def test_place_and_code_do_what_they_do_on_a_phone(shown: Shown):
    """A position finds the estate, a code names it."""
    status, answer = await shown.browser.post(
        LIN, "location", latitude=31.3294, longitude=118.3718, label="石桥新苑"
    )
    assert (status, "石桥新苑" in answer["reply"]) == (200, True)
    status, answer = await shown.browser.post(LIN, "scan", scene="estate:晨曦公寓")
    assert (status, "晨曦公寓" in answer["reply"]) == (200, True)
    assert (await shown.browser.post(SECRETARY, "location", latitude=31.3, longitude=118.4, label="社区"))[
        0
    ] == 200


async def test_a_picture_is_shown_as_it_was_sent(shown: Shown):
    """The phone shows it, and only pictures have an address."""
    await shown.browser.send(LIN, "picture", JPEG, **{"Content-Type": "image/jpeg"})
    line = await shown.browser.until(LIN, lambda line: line["kind"] == "image")
    pictures = f"{shown.address}/demo/pictures/"
    async with shown.browser.session.get(pictures + line["detail"]["media_id"]) as response:
        assert (response.status, await response.read()) == (200, JPEG)
    async with shown.browser.session.get(pictures + "unknown") as response:
        assert response.status == 404


async def test_the_page_has_a_phone_for_everybody(shown: Shown):
    """Eight phones with sentences, each labelled with the product it stands for; nothing inline, nothing foreign."""
    async with shown.browser.session.get(f"{shown.address}/demo") as response:
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        page = BeautifulSoup(await response.text(), "html.parser")
    products = {seat["data-seat"]: seat.select_one(".product").text for seat in page.select(".seat:not(.guide)")}
    assert len(products) == 8
    assert products[MRS_ZHOU] == "微信公众号"
    assert products[SECRETARY] == "企业微信"
    assert all(seat.select("[data-say]") for seat in page.select(".seat:not(.guide)"))
    assert all(script.get("src", "").startswith("/static/") for script in page.find_all("script"))
    assert not [
        tag for tag in page.find_all(True) for name in tag.attrs if name == "style" or name.startswith("on")
    ]
    for tag in page.select("script[src], link[href], img[src]"):
        async with shown.browser.session.get(shown.address + (tag.get("src") or tag["href"])) as response:
            assert response.status == 200
    async with shown.browser.session.get(shown.address) as response:
        assert response.url.path == "/demo"


async def test_markup_reaches_the_page_as_text_only(shown: Shown):
    """What somebody types comes by the feed as a value, and stays text on the console of the demo."""
    await shown.browser.post(MRS_ZHOU, "say", text=f"3栋电梯坏了{EVIL}")
    await shown.browser.until(MRS_ZHOU, lambda line: EVIL in line["text"])
    office = shown.office
    made = office.store.run(lambda tx: accounts.create(tx, "admin", accounts.Limits("admin"), "-"))
    cookie = staff.token(office.secret_key, staff.Seat("a", made.id, 1, "0" * 16), office.clock.now() + staff.LIFE)
    address = f"{shown.address}/console/demands"
    async with shown.browser.session.get(address, cookies={staff.cookie_name(office): cookie}) as response:
        page = BeautifulSoup(await response.text(), "html.parser")
    assert page.find("x-evil") is None
    assert EVIL in page.text


REFUSED = [
    ("nobody", "say", {"text": "你好"}, 404, "no_phone"),
    (MRS_ZHOU, "say", {}, 422, "missing"),
    (MRS_ZHOU, "say", {"text": "  "}, 422, "missing"),
    (MRS_ZHOU, "say", {"text": ["你好"]}, 422, "missing"),
    (MRS_ZHOU, "say", {"text": "长" * 2001}, 422, "too_big"),
    (MRS_ZHOU, "choose", {"item": "satisfied:D20261125-0001"}, 409, "no_option"),
    (MANAGER, "tap", {"task_id": "none", "key": "accept"}, 409, "no_button"),
    (MANAGER, "scan", {"scene": "estate:荷香苑"}, 409, "no_codes"),
    (MRS_ZHOU, "location", {"latitude": 91, "longitude": 0, "label": "x"}, 422, "missing"),
    (MRS_ZHOU, "location", {"latitude": "31", "longitude": 0, "label": "x"}, 422, "missing"),
]


async def test_what_cannot_be_done_is_refused_in_words(shown: Shown):
    """The phone is not there, a field is wrong, a button is gone: a sentence comes back and nothing was said."""
    before = len(shown.twin.ledger.entries)
    for phone, act, fields, status, code in REFUSED:
        found, answer = await shown.browser.post(phone, act, **fields)
        assert (found, answer["error"]["code"]) == (status, code)
        assert answer["error"]["message"]
    assert len(shown.twin.ledger.entries) == before


JSON = {"Content-Type": "application/json"}
BROKEN = [
    ("say", b'{"text": "hi"}', {"Content-Type": "text/plain"}, 422),
    ("say", b"{", JSON, 422),
    ("say", b"[]", JSON, 422),
    ("say", b"[" * 5000, JSON, 422),
    ("say", b'{"text": "' + b"a" * 20_000 + b'"}', JSON, 422),
    ("say", b'{"text": "hi"}', JSON | {"Origin": "https://evil.example"}, 403),
    ("picture", b"<svg onload=alert(1)>", {"Content-Type": "image/svg+xml"}, 422),
    ("picture", JPEG, {"Content-Type": "application/octet-stream"}, 422),
    ("picture", JPEG + bytes(900 * 1024), {"Content-Type": "image/jpeg"}, 422),
]


async def test_other_sites_and_broken_bodies_do_nothing(shown: Shown):
    """What a form of another site can send is refused, and so is what is no picture or too big."""
    before = len(shown.twin.ledger.entries)
    for act, body, headers, status in BROKEN:
        assert (await shown.browser.send(MRS_ZHOU, act, body, **headers))[0] == status
    assert len(shown.twin.ledger.entries) == before


async def test_an_unknown_act_is_not_there(shown: Shown):
    """Only what a phone can do has an address."""
    async with shown.browser.session.post(f"{shown.address}/demo/phones/{MRS_ZHOU}/delete", json={}) as response:
        assert response.status == 404


async def test_nobody_sleeps_in_the_demo(shown: Shown):
    """Whatever the hour, what a resident is told leaves at once."""
    limits = shown.office.content.limits
    assert limits.quiet_from == limits.quiet_until
    assert shown.office.store.content is shown.office.content


async def test_a_second_start_keeps_what_was_done(tmp_path):
    """The database stays: the same words of the same person find their order, and the roster is there once."""
    url, phones = f"sqlite:///{tmp_path / 'demo.db'}", demo_phones(packaged_root())
    replies, people = [], []
    for _ in range(2):
        async with Twin() as twin:
            office = await asyncio.to_thread(demo.prepared, twin, 0, url)
            try:
                async with running.running(office, demo.HOST, 0) as address:
                    await demo.arrive(twin, address, phones)
                    replies.append((await twin.oa.say(LIN, "5栋2单元门口垃圾没人收")).text)
                    people.append(len(office.store.look(register).people))
            finally:
                office.close()
    number = replies[0].split("单号 ")[1][:14]
    assert number in replies[1]
    assert "已派给" not in replies[1]
    assert people[0] == people[1]


def test_a_taken_port_is_said_in_one_sentence(tmp_path, monkeypatch, capsys):
    """Exit code 2, what to do instead, and nothing was touched."""
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind((demo.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo.run(port) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"端口 {port} 已被占用" in said
    assert list(tmp_path.iterdir()) == []


async def test_the_terminal_says_what_to_open(shown: Shown):
    """The chat page, the console and a board for each community, each of which answers."""
    said = demo.addresses(shown.office, shown.address)
    found = re.findall(r"http://[^\s（]+", said)
    assert [word for word in ("聊天页", "控制台", "荷塘社区", "石桥社区") if word not in said] == []
    assert len(found) == 4
    for address in found:
        async with shown.browser.session.get(address) as response:
            assert response.status == 200
