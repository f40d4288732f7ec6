"""What an application carries with it: one typed key each, so that no handler needs a global."""

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.web.metrics import Metrics

OFFICE = web.AppKey("office", Office)
METRICS = web.AppKey("metrics", Metrics)
