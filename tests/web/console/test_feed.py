"""Live changes: told to who may see them, whichever process made them."""

import asyncio
import json
from dataclasses import replace

import pytest
from tests.web.console.conftest import reported, sit

from redprop_bot.rules.flow import Act
from redprop_bot.web.console import feed

# -- live


async def test_the_feed_tells_what_changed_to_who_may_see_it(house, open_store):
    """Also what another process commits; not to another community, not to a unit that does not have it."""
    watch = house.client.app[feed.WATCH]
    watch.look_seconds = 0.02
    listening = {}
    async with asyncio.timeout(20), contextlib_stack() as stack:
        for who in ("secretary", "other", "provider"):
            browser = await sit(house, who)
            house.client.session.cookie_jar.clear()
            response = await stack.enter_async_context(house.client.get("/console/feed", cookies=browser.jar))
            assert response.content_type == "text/event-stream"
            listening[who] = response
        assert (await house.client.get("/console/feed")).status == 401
        beside = open_store(house.office.store.url)
        no = await reported(house, "银杏里1栋电梯坏了")
        mine = await reported(house)
        beside.run(lambda tx: do_in(tx, mine))
        assert [c["no"] for c in await heard(listening["other"], 2)] == [no, no]
        assert {c["no"] for c in await heard(listening["secretary"], 3)} == {mine}
        assert {c["no"] for c in await heard(listening["provider"], 3)} == {mine}


async def test_who_could_not_begin_to_listen_takes_no_place(small_house, open_store, monkeypatch):
    """While the database is away pages try again and again: none of the tries is kept as a listener."""
    monkeypatch.setattr(feed, "MOST_OPEN", 1)
    away = open_store(small_house.office.store.url)
    away.close()
    watch = feed.Watch(replace(small_house.office, store=away))
    with pytest.raises(RuntimeError):
        await watch.listen()
    assert not watch.is_full


def contextlib_stack():
    from contextlib import AsyncExitStack

    return AsyncExitStack()


def do_in(tx, no):
    from redprop_bot.loop.actor import holding
    from redprop_bot.loop.acts import perform
    from redprop_bot.store import demands

    return perform(tx, demands.by_no(tx, no), Act.ACCEPT, holding("admin", name="另一个进程"), {})


async def heard(response, count):
    found = []
    async for raw in response.content:
        if raw.startswith(b"data: ") and b"no" in raw:
            found.append(json.loads(raw[6:]))
            if len(found) == count:
                return found
    raise AssertionError(found)
