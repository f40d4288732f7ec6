"""The button that asks for a subscription message on the page of an order; through the twin to the message itself."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from tests.notify.test_roads import SUBSCRIBED

from redprop_bot.channels.oa_account import PAGE_SCRIPT, page_signature
from redprop_bot.content.templates import Templates
from redprop_bot.notify.links import order_page, signed
from redprop_bot.simulated import Trouble
from redprop_bot.store.tables import Demand, Grant, Outbox
from redprop_bot.web.pages.subscribing import STYLE
from redprop_bot.web.security import CONTENT_POLICY

WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 MicroMessenger/8.0.50 Weixin NetType/WIFI"
WORK = f"{WECHAT} wxwork/4.1.30"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


class Reader:
    """Somebody who opens the page of an order."""

    def __init__(self, house):
        self.house, self.no, self.headers = house, "", {}

    async def begin(self):
        templates = Templates((SUBSCRIBED,))
        for holder in (self.house.office, self.house.office.store):
            holder.content = replace(holder.content, templates=templates, secret=b"0" * 32)
        await self.house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
        self.no = self.house.office.store.look(lambda tx: tx.list(Demand))[0].no
        return self

    @property
    def path(self):
        return f"/m/orders/{self.no}?k={signed(self.no, self.house.office.secret_key)}"

    async def open(self, agent=WECHAT, path=None, **headers):
        answer = await self.house.client.get(path or self.path, headers={"User-Agent": agent, **headers})
        self.headers = answer.headers
        assert answer.status == 200
        return BeautifulSoup(await answer.text(), "html.parser")


@pytest.fixture
async def reader_of(small_house):
    return await Reader(small_house).begin()


async def test_in_wechat_there_is_a_button_with_a_config_that_the_platform_signed(reader_of, small_house):
    """Of this address to the letter, with what a browser adds to it; for the templates that are in use."""
    path = reader_of.path + "&from=singlemessage&x=%E4%B8%AD"
    soup = await reader_of.open(path=path)
    button = soup.find("wx-open-subscribe")
    assert button["template"] == SUBSCRIBED.id
    config = json.loads(soup.find(id="subscribe")["data-config"])
    ticket = small_house.twin.oa.assets._ticket[0]
    address = small_house.office.settings.address + path
    assert config["signature"] == page_signature(ticket, config["nonceStr"], config["timestamp"], address)
    assert (config["appId"], config["openTagList"]) == (small_house.twin.oa.app_id, ["wx-open-subscribe"])
    assert config["debug"] is False
    assert ticket not in str(soup)
    assert small_house.twin.oa.secret not in str(soup)
    assert soup.select_one("#subscribe .fallback a")["href"] == address


async def test_the_policy_lets_in_one_script_of_the_platform_and_nothing_else(reader_of):
    """By its whole address, on this page only; no inline script, and the button's style by its hash."""
    soup = await reader_of.open()
    policy = dict(part.split(" ", 1) for part in reader_of.headers["Content-Security-Policy"].split("; "))
    assert policy.pop("script-src") == f"'self' {PAGE_SCRIPT}"
    style = policy.pop("style-src")
    assert style.startswith("'self' 'sha256-")
    assert "unsafe" not in reader_of.headers["Content-Security-Policy"]
    strict = dict(part.split(" ", 1) for part in CONTENT_POLICY.split("; "))
    assert policy == {name: value for name, value in strict.items() if name not in ("script-src", "style-src")}
    assert [s.get("src", "").split("?")[0] for s in soup.find_all("script")] == [
        PAGE_SCRIPT,
        "/static/subscribe.js",
    ]
    assert soup.find("wx-open-subscribe").style.string == STYLE
    assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    other = await reader_of.house.client.get("/", headers={"User-Agent": WECHAT})
    assert other.headers["Content-Security-Policy"] == CONTENT_POLICY


@pytest.mark.parametrize("agent", [BROWSER, WORK, ""])
async def test_elsewhere_there_is_a_plain_link(reader_of, agent):
    """No script of anybody's, the strict policy."""
    soup = await reader_of.open(agent)
    assert soup.find("wx-open-subscribe") is None
    assert soup.find_all("script") == []
    assert reader_of.headers["Content-Security-Policy"] == CONTENT_POLICY
    assert soup.select_one("#subscribe a")["href"].endswith(reader_of.path)
    assert "在微信里打开" in soup.find(id="subscribe").text


async def test_nobody_is_asked_who_may_not_read_it_or_when_it_is_over(reader_of, small_house):
    """Without the key there is no button; a closed order has nothing more to tell."""
    assert (await reader_of.open(path=f"/m/orders/{reader_of.no}")).find(id="subscribe") is None
    small_house.office.store.run(
        lambda tx: tx.update(Demand, 1, stage="closed", closed_at=tx.now, close_reason="solved")
    )
    assert (await reader_of.open()).find(id="subscribe") is None


async def test_without_a_template_nothing_is_asked(reader_of, small_house):
    """As it ships."""
    small_house.office.content = replace(small_house.office.content, templates=Templates())
    assert (await reader_of.open()).find(id="subscribe") is None
    assert reader_of.headers["Content-Security-Policy"] == CONTENT_POLICY


@pytest.mark.parametrize(
    "trouble", [Trouble(errcode=48001), Trouble(errcode=45009), Trouble(status=500), Trouble(delay=9)]
)
async def test_without_the_ticket_the_page_is_there_all_the_same(reader_of, small_house, trouble, monkeypatch):
    """An account without the API, a quota, an ill platform, one that hangs: the plain link, and soon."""
    monkeypatch.setattr("redprop_bot.web.pages.subscribing.PATIENCE_SECONDS", 0.2)
    small_house.twin.oa.faults.add("ticket/getticket", trouble, times=None)
    soup = await reader_of.open()
    assert soup.find("wx-open-subscribe") is None
    assert soup.select_one("#subscribe a") is not None


async def test_a_yes_on_the_page_brings_the_message_by_which_it_was_asked_for(reader_of, small_house):
    """The window is over; the yes at the button is one notice, with a link to this page, and no second one."""
    await reader_of.open()
    small_house.clock.at += timedelta(hours=49)
    await small_house.twin.oa.answer_popup("o-xu", {SUBSCRIBED.id: True}, scene=1)
    grants = small_house.office.store.look(lambda tx: [(g.openid, g.template_id) for g in tx.list(Grant)])
    assert grants == [("o-xu", SUBSCRIBED.id)]
    token = small_house.token("provider", organisation="春晖物业")
    assert (await small_house.act(token, reader_of.no, "fulfil", note="换了门机板"))[0] == 200
    await small_house.deliver()
    shown = [e for e in small_house.twin.ledger.shown("o-xu") if e.kind == "subscription"]
    assert [e.detail["page"] for e in shown] == [
        order_page(small_house.office.content.address, reader_of.no, small_house.office.secret_key)
    ]
    rows = small_house.office.store.look(lambda tx: [m for m in tx.list(Outbox) if m.message == "fulfilled"])
    assert [(m.state, m.road) for m in rows] == [("sent", "subscription")]
    assert small_house.office.store.look(lambda tx: [g.used_at is not None for g in tx.list(Grant)]) == [True]


async def test_a_no_on_the_page_is_no_grant(reader_of, small_house):
    """And nothing is asked through the messages."""
    await small_house.twin.oa.answer_popup("o-xu", {SUBSCRIBED.id: False}, scene=1)
    assert small_house.office.store.look(lambda tx: tx.list(Grant)) == []


async def test_the_first_reply_leads_to_the_page_that_asks(reader_of, small_house):
    """Its link is the order's page with its key."""
    reply = small_house.twin.ledger.shown("o-xu")[-1].text
    assert order_page(small_house.office.content.address, reader_of.no, b"0" * 32) in reply
