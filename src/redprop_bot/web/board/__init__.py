"""`/board/{community}` and `/board/{community}/{estate}`: the public board (公示栏). No login, nothing personal.

    place     whose board it is          matters   what is open and what came of what was closed
    sections  what stands on it          duties    who answers for what, by when
    figures   this year's counts         posted    what units posted: prices, accounts, promises, with files

Nothing that a resident wrote and no person's name comes near these pages. What later rooms make public
(resolutions, activities, the record of a meeting) becomes a section.
"""

from aiohttp import web

from redprop_bot.web.board import posted, sections


def add_routes(app: web.Application) -> None:
    """The boards, what is posted on them, its files."""
    sections.add_routes(app)
    posted.add_routes(app)
