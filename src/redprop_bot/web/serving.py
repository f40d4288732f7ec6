"""Listening and calling out: the two pieces of aiohttp that a running process owns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp import web

Application = web.Application
Session = aiohttp.ClientSession

SHUTDOWN_SECONDS: Final = 10.0
"""How long requests under way may take to end when the process stops."""


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, *, shared: bool = False) -> AsyncIterator[int]:
    """Answer requests; gives the port, which the system chooses when asked for 0. Raises OSError.

    `shared` lets several processes listen on one port; the system spreads the connections.
    """
    # The framework's access log would write queries, and signatures stand in them.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, reuse_port=shared or None)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def calling() -> AsyncIterator[aiohttp.ClientSession]:
    """The one session with which a process calls the platforms."""
    # As many connections as there are calls: those to a platform that hangs must not keep others waiting.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session
