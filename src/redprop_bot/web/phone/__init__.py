"""`/m/…` as far as something is done there: rating and the like, reporting by a form, one's own data, type size.

    slips   what a form carries: who sends it, its mark, what was typed when the login was over
    acting  acts on one's own orders     report   a report with photo and place
    nearby  what is near, booking it
    meetings  coming, being there, voting, what was decided
    mine    one's own data               comfort  large type, remembered

Acts go through the steps of `loop`, a report through the turn of a message: a form is another way to say the same.
"""

from aiohttp import web

from redprop_bot.web.phone import acting, comfort, meetings, mine, nearby, report


def add_routes(app: web.Application) -> None:
    """Everything below `/m` that takes a form."""
    comfort.add_routes(app)
    acting.add_routes(app)
    report.add_routes(app)
    mine.add_routes(app)
    meetings.add_routes(app)
    nearby.add_routes(app)
