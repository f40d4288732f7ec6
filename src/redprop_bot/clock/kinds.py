"""What the rooms above the loop do when their time has come: one line a room, put together for the sweep."""

from typing import Final

from redprop_bot.appraise import (
    appraisal_clock,
    commendation_clock,
    ranking_clock,
    rectification_clock,
    sanction_clock,
    survey_clock,
    worker_clock,
)
from redprop_bot.council import mediation_clock, meeting_clock, project_clock
from redprop_bot.loop.due import Deeds, Plan
from redprop_bot.volunteers import activity_clock, clocks, oddities, partners, shop_clock, wish_clock

ABOVE: Final[Deeds] = {
    **mediation_clock.DO,
    **meeting_clock.DO,
    **project_clock.DO,
    **activity_clock.DO,
    **oddities.DO,
    **shop_clock.DO,
    **wish_clock.DO,
    **partners.DO,
    **clocks.DEEDS,
    **survey_clock.DO,
    **appraisal_clock.DO,
    **rectification_clock.DO,
    **sanction_clock.DO,
    **ranking_clock.DO,
    **commendation_clock.DO,
    **worker_clock.DO,
}
"""By kind of timer. A room that plans timers of its own adds its deeds here."""
PLANS: Final[tuple[Plan, ...]] = (
    meeting_clock.plan,
    partners.plan,
    survey_clock.plan,
    appraisal_clock.plan,
    worker_clock.plan,
)
"""What is planned before a sweep."""
