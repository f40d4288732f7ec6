"""Listening and calling out: the two pieces of aiohttp that a running process owns."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

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
    runner = web.AppRunner(app, access_log=None, logger=_log(), shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, reuse_port=shared or None)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _log() -> logging.Logger:
    """The framework's log, without the bytes of a request that is no HTTP: a header of it may be a token."""
    log = logging.getLogger("aiohttp.server")
    if _unquoted not in log.filters:
        log.addFilter(_unquoted)
    return log


def _unquoted(record: logging.LogRecord) -> bool:
    if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
        record.exc_info = None
    return True


@asynccontextmanager
async def calling() -> AsyncIterator[aiohttp.ClientSession]:
    """The one session with which a process calls the platforms."""
    # As many connections as there are calls: those to a platform that hangs must not keep others waiting.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session
