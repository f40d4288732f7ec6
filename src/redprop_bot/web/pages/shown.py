"""What everybody may see of a demand: the matter, the building at most, the unit. Never words, rooms or names.

Complaints and mediation are between the person and the secretary: of them only the stage is shown. Help for old
people, children, families in need and neighbours at odds is shown without the building: few live behind one door.
"""

import re
from collections.abc import Collection
from typing import Final

from redprop_bot.content.shapes import Labels
from redprop_bot.loop.actor import CARE, CLOCK, COUNTED, RULE
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Demand, Event, Post

PUBLIC_INTENTS: Final = frozenset({"demand.report", "suggestion", "consult"})
NEAR_PERSONS: Final = frozenset({"aid", "elder_child", "neighbor"})

COMMUNITY: Final = "社区"
RULES: Final = frozenset({RULE.name, CARE.name, CLOCK.name, COUNTED.name})
"""Names under which the house itself acts."""

_BUILDING = re.compile(r"[A-Za-z]?[0-9]{1,2}|[A-Za-z甲乙丙丁东南西北中]")


def confidential(demand: Demand) -> bool:
    """Whether not even the kind of matter is anybody else's affair."""
    return demand.intent not in PUBLIC_INTENTS


def place(reg: Register, demand: Demand) -> str:
    """荷香苑3栋, or only the estate; empty when it is not known. Free words about the place are not shown."""
    if demand.estate_id is None:
        return ""
    name = reg.estates[demand.estate_id].name
    if demand.category in NEAR_PERSONS or not _is_building(reg, demand):
        return name
    return f"{name}{demand.building}栋"


def _is_building(reg: Register, demand: Demand) -> bool:
    """Whether it is one: the column takes any words, and a room would be no better there than elsewhere."""
    known = {building.no for building in reg.buildings.get(demand.estate_id or 0, ())}
    if known:
        return demand.building in known
    return bool(_BUILDING.fullmatch(demand.building or ""))


def matter(labels: Labels, demand: Demand) -> str:
    """The category; for a suggestion that it is one."""
    name = labels.category.get(demand.category or "", "") or labels.intent.get(demand.intent, "")
    return name if demand.intent == "demand.report" else f"{name}（{labels.intent[demand.intent]}）"


def unit(reg: Register, demand: Demand) -> str:
    """The organisation that answers for it; the community as long as there is none."""
    return reg.organisations[demand.handler_id].name if demand.handler_id else COMMUNITY


def doer(reg: Register, event: Event, demand: Demand, supporters: Collection[int]) -> str:
    """Who did it, as what they are: never by name."""
    if event.by_id is None:
        return event.by_name if event.by_name in RULES else COMMUNITY
    if event.by_id == demand.reporter_id:
        return f"报事{RESIDENT_NAME}"
    if event.by_id in supporters:
        return f"附议{RESIDENT_NAME}"
    for post in reg.posts.get(event.by_id, ()):
        return _place_of(reg, post)
    return "志愿者" if event.by_id in reg.members else RESIDENT_NAME


def _place_of(reg: Register, post: Post) -> str:
    if post.organisation_id is not None:
        return reg.organisations[post.organisation_id].name
    if post.community_id is not None:
        return reg.communities[post.community_id].name
    return reg.streets[post.street_id].name if post.street_id is not None else COMMUNITY
