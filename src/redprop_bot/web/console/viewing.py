"""What the statistics show somebody: whose figures of which period, as far as they may see them; and the links."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from redprop_bot.appraise import periods
from redprop_bot.appraise.overview import Where
from redprop_bot.appraise.periods import Period
from redprop_bot.web.console.room import Desk

PATH: Final = "/console/figures"
ORDERS: Final = "/console/demands"


@dataclass(frozen=True)
class View:
    """What is looked at: whose figures, of which period; `chosen` is that as a query."""

    where: Where
    period: Period
    name: str
    chosen: Mapping[str, str]

    def link(self, figure: str, period: Period | None = None, sought: Mapping[str, str] | None = None) -> str:
        """The orders behind a figure."""
        period = period or self.period
        place = {name: self.chosen[name] for name in ("community", "unit", "estate") if name in self.chosen}
        days = {"figure": figure, "from": period.begin.isoformat(), "to": period.last.isoformat()}
        return f"{ORDERS}?{urlencode({**place, **days, **(sought or {})})}"

    def address(self, path: str = "", **other: str) -> str:
        """This room with some of the choice changed; empty values are left out."""
        query = {name: value for name, value in {**self.chosen, **other}.items() if value}
        return f"{PATH}{path}?{urlencode(query)}"


def view(desk: Desk) -> View:
    """Whose figures of which period are asked for, as far as they may be seen. Raises Invalid."""
    key, begin, end = (desk.query.get(name, "") for name in ("period", "from", "to"))
    period = periods.asked(key, begin, end, desk.today)
    days = {"from": period.begin.isoformat(), "to": period.last.isoformat()}
    chosen = {"period": period.key} if period.key else days
    reg, viewer = desk.register, desk.viewer
    if viewer.role == "provider":
        own = reg.organisations.get(viewer.organisation_id or 0)  # who sits there may be one of several people
        name = own.name if own is not None else viewer.name
        return View(Where(viewer.community_id, viewer.organisation_id), period, name, chosen)
    estate, unit = reg.estate(desk.query.get("estate")), reg.organisation_names.get(desk.query.get("unit", ""))
    community = viewer.community_id
    if community is None:
        named = desk.query.get("community", "")
        community = next((key for key, one in reg.communities.items() if one.name == named), None)
        chosen |= {"community": named} if community is not None else {}
    if estate is not None and community in (None, estate.community_id):
        where = Where(estate.community_id, None, estate.id)
        return View(where, period, estate.name, chosen | {"estate": estate.name})
    name = reg.community_name(community) or next((s.name for s in reg.streets.values()), "街道")
    if unit is not None:
        return View(Where(community, unit.id), period, f"{name}·{unit.name}", chosen | {"unit": unit.name})
    return View(Where(community), period, name, chosen)
