"""All routes below `/api/v1`: what is not here is not there."""

from typing import Final

from redprop_bot.web.api import (
    demands,
    duties,
    figures,
    mediations,
    meetings,
    modes,
    offers,
    organisations,
    posters,
    projects,
    whistle_sheet,
    whistles,
)
from redprop_bot.web.api.routes import Route

ROUTES: Final[tuple[Route, ...]] = (
    *demands.ROUTES,
    *offers.ROUTES,
    *duties.ROUTES,
    *organisations.ROUTES,
    *figures.ROUTES,
    *whistle_sheet.ROUTES,
    *whistles.ROUTES,
    *modes.ROUTES,
    *meetings.ROUTES,
    *posters.ROUTES,
    *projects.ROUTES,
    *mediations.ROUTES,
)
