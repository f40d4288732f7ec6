"""Both kinds of Official Account in the demo: one writes by itself, the other waits for the resident's next word."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.house.test_house import ROOT
from tests.web.demo.conftest import PATIENCE, Shown, showing

from redprop_bot.cli import main
from redprop_bot.store.tables import ClosedRoad, Outbox

MRS_ZHOU, LUO = "demo-resident-1", "luody"
REPORT = "3栋2单元电梯又不走了，老人下不了楼"


@pytest.fixture
async def waiting(tmp_path: Path):
    """The demo of a subscription account."""
    async for opened in showing(tmp_path, "subscription"):
        yield opened


async def report(shown: Shown) -> str:
    status, answer = await shown.browser.post(MRS_ZHOU, "say", text=REPORT)
    assert status == 200
    await shown.browser.until(LUO, lambda line: line["kind"] == "card")
    return re.findall(r"D\d{8}-\d{4}", answer["reply"])[0]


def residents(shown: Shown) -> list[tuple[str, str, str | None]]:
    rows = shown.office.store.look(lambda tx: tx.list(Outbox, order=Outbox.__table__.c.id))
    return [(m.message, m.state, m.road) for m in rows if m.channel == "oa"]


WAITS = {"waiting", "merged"}


async def until(holds: Callable[[], bool]) -> None:
    """Until the delivery has looked at it."""
    for _ in range(int(PATIENCE / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to that")


async def test_a_service_account_writes_by_itself(shown: Shown):
    """What the unit does is on the resident's phone without a word of theirs."""
    await report(shown)
    await shown.browser.post(LUO, "say", text="接单")
    line = await shown.browser.until(MRS_ZHOU, lambda line: line["side"] == "account" and "接单了" in line["text"])
    assert "补上" not in line["text"]


async def test_a_subscription_account_tells_it_with_the_next_word(waiting: Shown):
    """Nothing comes by itself; the reply begins with what still holds, once; the bot found out by being told."""
    no = await report(waiting)
    for text in ("接单", f"{no}在等配件", f"{no}修好了"):
        assert (await waiting.browser.post(LUO, "say", text=text))[0] == 200
    await until(lambda: len(residents(waiting)) == 3 and {s for _, s, _ in residents(waiting)} <= WAITS)
    assert waiting.twin.ledger.violations == []
    shown = [e for e in waiting.twin.ledger.shown(MRS_ZHOU) if e.side == "account"]
    assert len(shown) == 2  # the greeting and the reply: no message of its own
    _, answer = await waiting.browser.post(MRS_ZHOU, "say", text="办得怎么样了")
    assert answer["reply"].startswith("之前有消息没能发到您这里，补上：")
    assert "说办好了" in answer["reply"]
    assert "等配件" not in answer["reply"]
    _, answer = await waiting.browser.post(MRS_ZHOU, "say", text="满意")
    assert "补上" not in answer["reply"]
    closed = waiting.office.store.look(lambda tx: [road.name for road in tx.list(ClosedRoad)])
    assert closed == ["custom"]
    assert waiting.twin.oa.calls["message/custom/send"] == 1


@pytest.mark.parametrize(("account", "says"), [("service", "（服务号）"), ("subscription", "（订阅号）")])
async def test_the_page_says_which_it_is(tmp_path: Path, account: str, says: str):
    """On every resident's phone, and what follows from it."""
    async for shown in showing(tmp_path, account):
        text = await (await shown.browser.session.get(f"{shown.address}/demo")).text()
        assert text.count(says) == 2
        assert ("进展不能主动发给居民" in text) is (account == "subscription")


def test_an_account_of_another_kind_is_refused(capsys: pytest.CaptureFixture[str]):
    """By the command, before anything is touched."""
    assert main(["demo", "--account", "personal"]) == 2
    assert "--account" in capsys.readouterr().err


def test_make_passes_it_on():
    """`make demo ACCOUNT=subscription`; a service account when nobody says."""
    makefile = (ROOT / "Makefile").read_text()
    assert "ACCOUNT ?= service" in makefile
    assert "redprop-bot demo --port $(PORT) --account $(ACCOUNT)" in makefile
