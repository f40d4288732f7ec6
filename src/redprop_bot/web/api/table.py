"""All routes below `/api/v1`: what is not here is not there."""

from typing import Final

from redprop_bot.web.api import (
    activities,
    coverage,
    demands,
    duties,
    figures,
    goods,
    matches,
    mediations,
    meetings,
    modes,
    offers,
    organisations,
    partners,
    places,
    points,
    posters,
    projects,
    surveys,
    visits,
    whistle_sheet,
    whistles,
    wishes,
)
from redprop_bot.web.api.routes import Route

ROUTES: Final[tuple[Route, ...]] = (
    *demands.ROUTES,
    *offers.ROUTES,
    *duties.ROUTES,
    *organisations.ROUTES,
    *figures.ROUTES,
    *coverage.ROUTES,
    *whistle_sheet.ROUTES,
    *whistles.ROUTES,
    *modes.ROUTES,
    *meetings.ROUTES,
    *points.ROUTES,
    *goods.ROUTES,
    *partners.ROUTES,
    *wishes.ROUTES,
    *visits.ROUTES,
    *surveys.ROUTES,
    *activities.ROUTES,
    *posters.ROUTES,
    *projects.ROUTES,
    *matches.ROUTES,
    *places.ROUTES,
    *mediations.ROUTES,
)
