"""What the register says of how an estate is looked after, and which unit is its caretaker."""

from datetime import date

from redprop_bot.registry.register import Register
from redprop_bot.rules.care import Cared
from redprop_bot.store.tables import Estate, Organisation


def cared(reg: Register, estate: Estate) -> Cared:
    """An estate as `rules.care` sees it."""
    return Cared(
        kind=estate.kind,
        care=estate.care,
        company=estate.property_name,
        caretaker=estate.caretaker,
        default=reg.communities[estate.community_id].caretaker,
        trial_until=date.fromisoformat(estate.trial_until) if estate.trial_until else None,
    )


def looks_after(reg: Register, unit_name: str, estate: Estate) -> bool:
    """Whether a unit is the property company of an estate, or takes the place of one."""
    if estate.property_name is not None:
        return estate.property_name == unit_name
    return cared(reg, estate).taker() == unit_name


def looked_after(reg: Register, unit: Organisation, community_id: int) -> list[Estate]:
    """The estates of a community that a unit looks after."""
    here = (one for one in reg.estates.values() if one.community_id == community_id)
    return [one for one in here if looks_after(reg, unit.name, one)]


def companies(reg: Register, community_id: int) -> list[Organisation]:
    """The property companies of a community, by name: who looks after one of its estates."""
    units = (unit for unit in reg.organisations.values() if unit.active and unit.kind == "property")
    return sorted((u for u in units if looked_after(reg, u, community_id)), key=lambda unit: unit.name)


def caretaker(reg: Register, estate_id: int | None) -> Organisation | None:
    """The unit that takes what no row answers there; None where there is none, or it is out of use."""
    if estate_id is None:
        return None
    return reg.organisation_names.get(cared(reg, reg.estates[estate_id]).taker() or "")
