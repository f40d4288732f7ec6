"""`/m/…` as far as something is done there: rating and the like, reporting by a form, one's own data, type size.

    slips   what a form carries: who sends it, its mark, what was typed when the login was over
    acting  acts on one's own orders     report   a report with photo and place
    nearby  what is near, booking it
    meetings  coming, being there, voting, what was decided
    projects  a plan as a picture, how far one's own measures are
    mediations  what is offered, yes or no, the paper
    mine    one's own data               comfort  large type, remembered
    activities  what there is, one's place, checking in, one's points
    shop    points for goods             wishes   the wish wall
    thanks  cards of a quarter, by their address
    commendations  a vote, one's own word to standing

Acts go through the steps of `loop`, a report through the turn of a message: a form is another way to say the same.
"""

from aiohttp import web

from redprop_bot.web.phone import (
    acting,
    activities,
    comfort,
    commendations,
    mediations,
    meetings,
    mine,
    nearby,
    projects,
    report,
    shop,
    thanks,
    wishes,
)


def add_routes(app: web.Application) -> None:
    """Everything below `/m` that takes a form."""
    comfort.add_routes(app)
    acting.add_routes(app)
    report.add_routes(app)
    mine.add_routes(app)
    meetings.add_routes(app)
    nearby.add_routes(app)
    projects.add_routes(app)
    mediations.add_routes(app)
    activities.add_routes(app)
    shop.add_routes(app)
    wishes.add_routes(app)
    thanks.add_routes(app)
    commendations.add_routes(app)
