"""The JSON API."""

from aiohttp import web


def add_routes(app: web.Application) -> None:
    """Nothing yet."""
