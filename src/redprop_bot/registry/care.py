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


def caretaker(reg: Register, estate_id: int | None) -> Organisation | None:
    """The unit that takes what no row answers there; None where there is none, or it is out of use."""
    if estate_id is None:
        return None
    return reg.organisation_names.get(cared(reg, reg.estates[estate_id]).taker() or "")
