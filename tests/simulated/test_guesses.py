"""What no published source tells of the platforms is a switch of the twin, and the bot does not hang on it."""

import ast
from pathlib import Path

import pytest
from aiohttp import web

from redprop_bot import simulated
from redprop_bot.channels import OfficialAccountApi, WorkApi, WorkSender, work_messages
from redprop_bot.channels.client import File
from redprop_bot.errors import ContentRefused, PlatformRefused
from redprop_bot.ports import Channel, Form, Outbound
from redprop_bot.simulated.guesses import GUESSES, PUBLISHED
from redprop_bot.simulated.server import ApiError

SOURCES = sorted(Path(simulated.__file__).parent.glob("*.py"))
OTHER = 49_999
TASK = {"task_id": "t-1", "title": "新工单", "buttons": [{"key": "accept:1", "text": "接单", "style": 1}]}


def raised() -> list[object]:
    """What stands for an error code in every refusal of the twin."""
    found: list[object] = []
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = {"ApiError": 0, "need": 3}.get(node.func.id)
            if place is not None and len(node.args) > place:
                found += [n.value for n in ast.walk(node.args[place]) if isinstance(n, ast.Constant)]
    return found


def test_no_code_is_fixed_that_nobody_has_published():
    """A number that is raised has a source; everything else is a guess with a name."""
    numbers = {code for code in raised() if isinstance(code, int)}
    assert numbers
    assert numbers <= PUBLISHED


def test_every_guess_is_made_somewhere():
    """And none is made that is not in the list."""
    texts = "\n".join(source.read_text() for source in SOURCES if source.name != "guesses.py")
    built = {f"bad_button_{what}" for what in ("key", "url")}
    assert {name for name in GUESSES if f'"{name}"' in texts} | built == set(GUESSES)


@pytest.mark.parametrize("name", GUESSES)
def test_each_is_a_switch(name):
    """By itself."""
    switched = {**GUESSES, name: OTHER}
    assert ApiError(name, "x").code(switched) == OTHER
    assert [ApiError(other, "x").code(switched) for other in GUESSES if other != name] == [
        code for other, code in GUESSES.items() if other != name
    ]


async def test_a_card_that_arrived_before_is_known_by_any_code(twin, clock, session):
    """A used task id, whatever the platform calls that, says that it arrived; see `notify.delivery`."""
    twin.work.guessed["used_task_id"] = OTHER
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    card = Outbound(Channel.WORK, "limgr", Form.CARD, TASK)
    await sender.send(card)
    with pytest.raises(PlatformRefused, match="task_id") as refused:
        await sender.send(card)
    assert refused.value.errcode == OTHER
    assert len(twin.ledger.shown("limgr")) == 1


async def test_switches_reach_the_wire(twin, clock, session):
    """An update of a card that is too late, an API that there is none of, the secret of somebody else."""
    for name in ("dead_response_code", "unknown_api", "foreign_secret", "late_recall"):
        twin.work.guessed[name] = OTHER
    api = WorkApi(twin.work_settings(), session, clock=clock)
    for call in (
        lambda: api.update_card("none", ["limgr"], "已接单"),
        lambda: api.recall("none"),
        lambda: api._client.post("no/such", {}),
        lambda: anext(api.directory.userids()),
    ):
        with pytest.raises(PlatformRefused) as refused:
            await call()
        assert refused.value.errcode == OTHER
    await api.send(work_messages.text("还在"), work_messages.Receivers(users=["limgr"]))


async def test_pictures_may_be_smaller_there(twin, clock, session):
    """The limit of older pages: refused by the platform, in a typed error."""
    twin.oa.files.limits["image"] = 2 << 20
    api = OfficialAccountApi(twin.oa_settings(), session, clock=clock)
    with pytest.raises(ContentRefused):
        await api.upload("image", File("a.jpg", "image/jpeg", bytes(3 << 20)))


async def test_a_tapped_line_may_come_as_its_words_only(twin, bot):
    """Without an id there is the text."""
    twin.oa.names_items = False
    await twin.oa.say("o1", "满意", "satisfied:D1")
    twin.oa.names_items = True
    await twin.oa.say("o1", "满意", "satisfied:D1")
    heard = [(d.inbound.text, d.inbound.event_key) for d in bot.deliveries]
    assert heard == [("满意", ""), ("满意", "satisfied:D1")]


@pytest.mark.parametrize("sends", [True, False])
async def test_a_follow_with_and_without_an_empty_key(twin, bot, sends):
    """Both are a follow by search."""
    twin.oa.sends_empty_key = sends
    assert (await twin.oa.subscribe("o1")).ok
    [delivery] = bot.deliveries
    assert (delivery.inbound.event, delivery.inbound.event_key) == ("subscribe", "")


@pytest.mark.parametrize(("insists", "attempts"), [(True, 3), (False, 1)])
async def test_an_answer_that_is_no_200_may_be_final(twin, bot, insists, attempts):
    """As newer pages have it, or as older ones."""
    twin.work.phones.courier.insists, twin.work.phones.courier.pause = insists, 0

    async def ill(_channel, _delivery):
        return web.Response(status=500)

    bot.behaviour = ill
    outcome = await twin.work.say("limgr", "你好")
    assert (outcome.ok, outcome.attempts) == (False, attempts)
