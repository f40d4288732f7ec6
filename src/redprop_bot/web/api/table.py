"""All routes below `/api/v1`: what is not here is not there."""

from typing import Final

from redprop_bot.web.api import (
    activities,
    demands,
    duties,
    figures,
    modes,
    offers,
    organisations,
    points,
    posters,
    whistles,
)
from redprop_bot.web.api.routes import Route

ROUTES: Final[tuple[Route, ...]] = (
    *demands.ROUTES,
    *offers.ROUTES,
    *duties.ROUTES,
    *organisations.ROUTES,
    *figures.ROUTES,
    *whistles.ROUTES,
    *modes.ROUTES,
    *points.ROUTES,
    *activities.ROUTES,
    *posters.ROUTES,
)
