"""`/healthz` the process lives, `/readyz` it can take messages, `/metrics` what it has done."""

import asyncio
import logging
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from redprop_bot.dialogue.office import Office
from redprop_bot.store import access, schema
from redprop_bot.web.keys import METRICS, OFFICE

log = logging.getLogger(__name__)

PATIENCE: Final = 3.0
"""Seconds that the database may take to say that it is there."""


def add_routes(app: web.Application) -> None:
    """The three addresses of operation."""
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)


async def healthz(_request: web.Request) -> web.Response:
    """The process answers; it says nothing about anything else."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """200 when database, schema and content are there, else 503; which of them is missing is told, not why."""
    office = request.app[OFFICE]
    state = await schema_state(office)
    found = {
        "database": state is not None,
        "schema": state is schema.State.CURRENT,
        "content": bool(office.content.replies.templates),
    }
    fine = all(found.values())
    return web.json_response({"status": "ready" if fine else "not ready", **found}, status=200 if fine else 503)


async def schema_state(office: Office) -> schema.State | None:
    """How the schema stands; None when the database cannot be reached in time."""
    look = asyncio.get_running_loop().run_in_executor(None, schema.state, office.store.engine)
    try:
        return await asyncio.wait_for(look, PATIENCE)
    except Exception:
        log.warning("the database could not be looked at", exc_info=True)
        return None


async def metrics(request: web.Request) -> web.Response:
    """The text that Prometheus reads."""
    counts, due = await request.app[OFFICE].store.read(
        lambda tx: (access.outbox_counts(tx), access.outbox_due(tx))
    )
    return web.Response(body=request.app[METRICS].text(counts, due), headers={"Content-Type": CONTENT_TYPE_LATEST})
