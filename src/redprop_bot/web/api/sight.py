"""What a token sees and does not see: which demands are there for it, and what of a person is masked.

    admin, street, secretary, clerk, viewer   everything, or everything of their community
    provider                                  its own orders, and by their number those that it helps with;
                                              complaints about whatever only when released

Whoever sits at the console as a person of the register (by WeCom) does not see what complains of them, or of the
community whose staff they are: it is as if it were not there, in lists, in counts of lists and by number. Sums of
a period count it. Tokens and local accounts belong to nobody of the register: from them nothing is kept so.

Persons are shown to admins, to the secretary in charge (the street where there is no community), and for plain
reports to the unit that handles them. To everybody else names and phones are masked, rooms are hidden.
"""

from typing import Final

from redprop_bot.errors import Forbidden, NotFound
from redprop_bot.notify import words
from redprop_bot.notify.covering import covered, phoneless
from redprop_bot.rules import bigrams
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands
from redprop_bot.store.changes import Change
from redprop_bot.store.sifting import Holds, Scope
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer

EDITORS: Final = frozenset({"admin", "street", "secretary"})
"""Who keeps the lists."""


def scope(viewer: Viewer) -> Scope:
    """The demands that are there for this token."""
    communities = None if viewer.community_id is None else [viewer.community_id]
    if viewer.role == "provider":
        return Scope(communities, viewer.organisation_id, released=True, unseen=viewer.unseen)
    return Scope(communities, unseen=viewer.unseen)


def sees(viewer: Viewer, demand: Demand | Change) -> bool:
    """Whether this demand is there for this token; the same as `scope` for one row."""
    if viewer.community_id is not None and demand.community_id != viewer.community_id:
        return False
    if demand.id in viewer.unseen:
        return False
    if viewer.role != "provider":
        return True
    return demand.handler_id == viewer.organisation_id and (demand.intent not in CONFIDENTIAL or demand.released)


def seen(tx: Tx, viewer: Viewer, demand: Demand | None, no: str, *, field: str | None = None) -> Demand:
    """The demand, if it is there for this token; raises NotFound, the same for none and for somebody else's."""
    if demand is None or not (sees(viewer, demand) or _helps(tx, viewer, demand)):
        raise NotFound("no_demand", field=field, no=no)
    return demand


def _helps(tx: Tx, viewer: Viewer, demand: Demand) -> bool:
    """Whether the token's unit helps with it; lists show what a unit leads, for helpers have no index by unit."""
    if viewer.role != "provider" or viewer.organisation_id is None or demand.id is None:
        return False
    if demand.intent in CONFIDENTIAL or viewer.community_id not in (None, demand.community_id):
        return False
    return any(helper.organisation_id == viewer.organisation_id for helper in demands.helpers(tx, demand.id))


def knows_reporter(viewer: Viewer, demand: Demand) -> bool:
    """Whether this token may know who reported it."""
    if viewer.role in ("admin", "secretary"):
        return True
    if viewer.role == "street":
        return demand.community_id is None
    return (
        viewer.role == "provider"
        and demand.handler_id == viewer.organisation_id
        and demand.intent not in CONFIDENTIAL
    )


def hides_reporter(viewer: Viewer, demand: Demand) -> bool:
    """From the unit that is complained of even the masked name and number are kept: it knows its residents."""
    return viewer.role == "provider" and demand.intent in CONFIDENTIAL


def hides_room(viewer: Viewer, demand: Demand) -> bool:
    """A room is a person: not for those who only look, nor for the unit that is complained of."""
    return viewer.role == "viewer" or hides_reporter(viewer, demand)


def readable(tx: Tx, viewer: Viewer, demand: Demand, text: str) -> str:
    """Words of people about a demand, without the phones, rooms and names in them that are not for this token."""
    if hides_room(viewer, demand):
        return words.unnamed(tx, text, demand)
    return text if knows_reporter(viewer, demand) else phoneless(text)


def covers(viewer: Viewer, text: str | None, *, staff: bool) -> str | None:
    """Words of a list that everybody may see, without flats and phones for those who only look."""
    return covered(text, staff=staff) if viewer.role == "viewer" and text else text


def finds(tx: Tx, viewer: Viewer, q: str | None) -> Holds | None:
    """What a search must be held against: words that this token does not read must not be found by it either."""
    if not q or viewer.role in ("admin", "secretary"):
        return None
    return lambda demand: bigrams.holds(f"{demand.no} {readable(tx, viewer, demand, demand.text)}", q)


def must_act(viewer: Viewer) -> None:
    """Refuse tokens that only look."""
    if viewer.role == "viewer":
        raise Forbidden


def must_edit(viewer: Viewer, community_id: int | None) -> None:
    """Refuse tokens that do not keep the lists, or not those of this community; None is what all share."""
    if viewer.role not in EDITORS:
        raise Forbidden
    if viewer.community_id is not None and viewer.community_id != community_id:
        raise Forbidden("not_your_community")
