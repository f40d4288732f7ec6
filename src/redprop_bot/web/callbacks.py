"""`/wechat/oa` and `/wechat/work`: what the platforms deliver, answered inside their five seconds, always.

Reading and writing the platforms' formats is `channels`; what a message means is `dialogue`. Here stands only how
the two meet over HTTP: bounded reading, the clock of five seconds, one piece of work for one message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from aiohttp import web

from redprop_bot.channels import BODY_LIMIT, Delivery, Query
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import CallbackFault, Malformed, TooBig
from redprop_bot.ports import Channel
from redprop_bot.web.intake import Intake
from redprop_bot.web.keys import METRICS, OFFICE
from redprop_bot.web.refusals import of_callback

log = logging.getLogger(__name__)

READING: Final = 4.0
"""Seconds that a body may take to arrive; the platforms give up after five."""

INTAKE = web.AppKey("intake", Intake)


class Callback(Protocol):
    """What both channels can do."""

    def verify(self, query: Query) -> str: ...  # noqa: D102
    def receive(self, query: Query, body: bytes) -> Delivery: ...  # noqa: D102
    def reply(self, delivery: Delivery, text: str) -> bytes: ...  # noqa: D102


_TYPES: Final = {False: "text/xml", True: "application/json"}

Handler = Callable[[web.Request], Awaitable[web.Response]]


def add_routes(app: web.Application) -> None:
    """Both callbacks; a channel without values is not there at all."""
    office, metrics = app[OFFICE], app[METRICS]
    app[INTAKE] = Intake(office, metrics)
    app.on_cleanup.append(_finish)  # after the last request: until then there may be more to finish
    for path, channel in (("/wechat/oa", Channel.OA), ("/wechat/work", Channel.WORK)):
        app.router.add_get(path, _guarded(channel, _verify), allow_head=False)
        app.router.add_post(path, _guarded(channel, _receive))


async def _finish(app: web.Application) -> None:
    await app[INTAKE].finish()


def channel_of(office: Office, channel: Channel) -> Callback | None:
    """The callback side of a channel; None when it is off."""
    return office.official_account if channel == Channel.OA else office.wecom


def _guarded(
    channel: Channel, handle: Callable[[web.Request, Channel, Callback], Awaitable[web.Response]]
) -> Handler:
    async def guarded(request: web.Request) -> web.Response:
        side = channel_of(request.app[OFFICE], channel)
        if side is None:
            raise web.HTTPNotFound
        try:
            return await handle(request, channel, side)
        except CallbackFault as fault:
            request.app[METRICS].messages.labels(channel.value, fault.code).inc()
            return of_callback(fault)

    return guarded


async def _verify(request: web.Request, _channel: Channel, side: Callback) -> web.Response:
    return web.Response(text=side.verify(Query.parse(request.rel_url.raw_query_string)))


async def _receive(request: web.Request, channel: Channel, side: Callback) -> web.Response:
    delivery = side.receive(Query.parse(request.rel_url.raw_query_string), await bounded(request))
    metrics = request.app[METRICS]
    if delivery.inbound is None:
        metrics.messages.labels(channel.value, delivery.outcome).inc()
        if delivery.outcome == "unknown":
            log.warning("%s: unknown event %s", channel.value, delivery.event)
            metrics.unknown(channel.value, delivery.event)
        return web.Response(body=side.reply(delivery, ""))
    text = await request.app[INTAKE].take(delivery.inbound, delivery.replay_key, delivery.body_hash)
    return web.Response(
        body=side.reply(delivery, text),
        content_type=_TYPES[delivery.json] if text else "text/plain",
        charset="utf-8",
    )


async def bounded(request: web.Request) -> bytes:
    """The body, never more of it than a platform would send, never waited for longer; TooBig or Malformed."""
    if (request.content_length or 0) > BODY_LIMIT:
        raise TooBig
    body = bytearray()
    try:
        async with asyncio.timeout(READING):
            async for part in request.content.iter_chunked(1 << 16):
                body += part
                if len(body) > BODY_LIMIT:
                    raise TooBig
    except TimeoutError:
        raise Malformed from None
    return bytes(body)
