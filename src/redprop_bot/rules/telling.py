"""Who must be told what: one table from event to audiences, and nothing about how a message travels.

Audiences are resolved to people by `notify.audience`; wording is `data/replies/` under `tell.<message>`.
The actor of an event is never told of it by this table: the reply is their answer.
Source: the contract, section 6, "Who is told".
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Audience(StrEnum):
    """A group of people around one demand."""

    REPORTERS = "reporters"  # reporter and supporters
    HANDLER = "handler"  # managers and matching workers of the unit
    HOLDER = "holder"  # who has it now: the handler's staff, else the secretary
    OVERSEER = "overseer"  # the secretary, of what must never run through a unit alone; nobody otherwise
    SECRETARY = "secretary"  # of the community; without a community, the street's staff
    ORDERER = (
        "orderer"  # the secretary, of what no resident reported, for then nobody else waits; nobody otherwise
    )
    GRID = "grid"
    ALARMED = "alarmed"  # who was called to a danger beside the unit: secretary and grid worker; nobody otherwise
    STREET = "street"
    FORMER = "former"  # the staff of the unit that had it before this event
    ASSIGNEE = "assignee"
    CALLED = "called"  # the staff of the units that this event of a whistle is about
    WHISTLER = "whistler"  # who blew it; a token's whistle is the secretary's


class Weight(StrEnum):
    """How a message behaves in quiet hours."""

    PLAIN = "plain"  # waits until morning
    PRESSING = "pressing"  # emergency and urgent orders to people on duty: at once
    ANSWER = "answer"  # answers to one's own act: at once


class Rank(StrEnum):
    """What a message to a resident is worth when there are few left to send."""

    SMALL = "small"  # nice to know; may wait for their next word
    MATTERS = "matters"  # if no road is open for hours, somebody calls
    CLOSING = "closing"  # besides, the messages that are kept for the end may be used


@dataclass(frozen=True, slots=True)
class Tell:
    """One row: this audience gets this message, as a card with these buttons or as text."""

    to: Audience
    message: str
    buttons: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()


_A = Audience
_WORK = ("accept", "return")
_COMES = ("claim", "cannot")
_STARS = ("star5", "star4", "star3", "star2", "star1")

TELLING: Final[dict[str, tuple[Tell, ...]]] = {
    # -- orders
    "dispatched": (Tell(_A.HANDLER, "order", buttons=_WORK),),
    "care_dispatched": (  # no row answers: the caretaker of an estate without a property company has it
        Tell(_A.HANDLER, "order", buttons=_WORK),
        Tell(_A.SECRETARY, "care_copy"),
    ),
    "care_redispatched": (
        Tell(_A.HANDLER, "order", buttons=_WORK),
        Tell(_A.SECRETARY, "care_copy"),
        Tell(_A.FORMER, "taken_away"),
        Tell(_A.REPORTERS, "dispatched"),
    ),
    "unplaced": (
        Tell(_A.SECRETARY, "no_row", buttons=("candidates",)),
        Tell(_A.GRID, "no_row_copy"),
    ),
    "off_list": (  # its place was set right, and no row answers there
        Tell(_A.SECRETARY, "off_list", buttons=("candidates",)),
        Tell(_A.GRID, "off_list_copy"),
    ),
    "alarmed_unplaced": (
        Tell(_A.SECRETARY, "emergency_no_row", buttons=("candidates",)),
        Tell(_A.GRID, "emergency_copy"),
    ),
    "still_unplaced": (Tell(_A.SECRETARY, "still_unplaced", buttons=("candidates",)),),
    "asked_first": (Tell(_A.SECRETARY, "asked_first", buttons=("candidates",)),),
    "complained": (
        Tell(_A.SECRETARY, "complaint", buttons=("candidates",)),
        Tell(_A.FORMER, "taken_back"),  # of what was no complaint at first: that, and nothing else
    ),
    "alarmed": (  # emergency: all at once
        Tell(_A.HANDLER, "emergency", buttons=("accept",)),
        Tell(_A.GRID, "emergency_copy"),
        Tell(_A.SECRETARY, "emergency_copy"),
    ),
    "alarm_spread": (  # that it is one, or where, became known after a unit had been sent
        Tell(_A.GRID, "emergency_copy"),
        Tell(_A.SECRETARY, "emergency_copy"),
    ),
    "redispatched": (
        Tell(_A.HANDLER, "order", buttons=_WORK),
        Tell(_A.FORMER, "taken_away"),
        Tell(_A.REPORTERS, "dispatched"),
    ),
    "released": (Tell(_A.HANDLER, "released", buttons=_WORK),),
    "assigned": (Tell(_A.ASSIGNEE, "assigned", buttons=_WORK),),
    # -- the handler acts
    "accepted": (Tell(_A.REPORTERS, "accepted"), Tell(_A.ORDERER, "accepted_own")),
    "returned": (
        Tell(_A.SECRETARY, "returned", buttons=("candidates",)),
        Tell(_A.GRID, "returned_copy"),
    ),
    "progressed": (Tell(_A.REPORTERS, "progress"), Tell(_A.ORDERER, "progress_own")),
    "controlled": (Tell(_A.SECRETARY, "controlled"), Tell(_A.GRID, "controlled")),
    "fulfilled": (
        Tell(_A.REPORTERS, "fulfilled", menu=("satisfied", "unsatisfied")),
        Tell(_A.OVERSEER, "complaint_answered"),
        Tell(_A.ORDERER, "fulfilled_own"),
    ),
    "extension_asked": (
        Tell(_A.SECRETARY, "extension_asked", buttons=("grant", "refuse")),
        Tell(_A.REPORTERS, "extension_asked_resident"),
    ),
    # -- the secretary or the street acts
    "extension_refused": (Tell(_A.HANDLER, "extension_refused"),),
    "granted": (
        Tell(_A.HANDLER, "granted"),
        Tell(_A.REPORTERS, "granted_resident"),
    ),
    "paused": (
        Tell(_A.REPORTERS, "paused"),
        Tell(_A.HANDLER, "paused_handler"),
    ),
    "resumed": (
        Tell(_A.REPORTERS, "resumed"),
        Tell(_A.HANDLER, "resumed_handler"),
    ),
    "merged": (Tell(_A.REPORTERS, "merged"), Tell(_A.FORMER, "merged_handler")),
    "closed": (Tell(_A.REPORTERS, "closed"), Tell(_A.HANDLER, "closed_handler")),
    "escalated": (
        Tell(_A.STREET, "escalated"),
        Tell(_A.SECRETARY, "escalated_secretary"),
        Tell(_A.REPORTERS, "escalated_resident"),
    ),
    "corrected": (Tell(_A.HOLDER, "corrected"), Tell(_A.FORMER, "corrected_away")),
    "rescheduled": (Tell(_A.REPORTERS, "rescheduled"),),  # what was corrected has another term
    # -- the resident acts
    "rated": (Tell(_A.HANDLER, "rated"),),
    "reopened": (
        Tell(_A.HANDLER, "reopened", buttons=("accept",)),
        Tell(_A.SECRETARY, "reopened_secretary"),
        Tell(_A.GRID, "reopened_copy"),
        Tell(_A.REPORTERS, "reopened_resident"),
    ),
    "reopened_unplaced": (
        Tell(_A.SECRETARY, "reopened_unplaced", buttons=("candidates",)),
        Tell(_A.GRID, "reopened_copy"),
    ),
    "withdrawn": (Tell(_A.HANDLER, "withdrawn"), Tell(_A.ALARMED, "withdrawn")),
    "reporter_left": (Tell(_A.HANDLER, "reporter_left"),),
    "urged": (Tell(_A.HOLDER, "urged"),),
    "supplemented": (Tell(_A.HOLDER, "supplemented"), Tell(_A.ALARMED, "supplemented")),
    "placed": (Tell(_A.HOLDER, "placed"),),
    "tended": (  # by the community's own people
        Tell(_A.REPORTERS, "tended_resident"),
        Tell(_A.HANDLER, "tended"),
        Tell(_A.SECRETARY, "tended"),
        Tell(_A.GRID, "tended"),
    ),
    "supported": (Tell(_A.HOLDER, "supported"),),
    # -- many hands
    "assisted": (
        Tell(_A.HANDLER, "assisted"),
        Tell(_A.SECRETARY, "assisted"),
        Tell(_A.REPORTERS, "assisted_resident"),
    ),
    # -- whistles
    "whistled": (
        Tell(_A.CALLED, "whistle", buttons=_COMES),
        Tell(_A.SECRETARY, "whistle_copy"),  # when the street blew
        Tell(_A.REPORTERS, "whistle_resident"),
    ),
    "whistle_climbed": (
        Tell(_A.CALLED, "whistle_again", buttons=_COMES),
        Tell(_A.STREET, "whistle_climbed"),
        Tell(_A.WHISTLER, "whistle_climbed"),
    ),
    "whistle_claimed": (Tell(_A.WHISTLER, "whistle_claimed"), Tell(_A.HANDLER, "whistle_claimed")),
    "whistle_progressed": (Tell(_A.WHISTLER, "whistle_progress"), Tell(_A.HANDLER, "whistle_progress")),
    "whistle_declined": (Tell(_A.WHISTLER, "whistle_declined"),),
    "whistle_late": (Tell(_A.CALLED, "whistle_late"), Tell(_A.WHISTLER, "whistle_late_copy")),
    "whistle_done": (Tell(_A.WHISTLER, "whistle_done", buttons=_STARS),),
    "whistle_rated": (Tell(_A.CALLED, "whistle_rated"),),
    # -- meetings
    "discussed": (Tell(_A.REPORTERS, "discussed"),),
}

SILENT: Final = frozenset(
    {
        "ordered",  # the dispatch that follows tells
        "questioned",  # the reporter is asked in the reply; after a while `still_unplaced` tells
        "answered",  # likewise, the dispatch that follows tells
        "corrected_anew",  # likewise: a unit is sent, or the secretary is asked
        "accepted_by_doing",  # what was done tells
        "rated_low",  # the reopening that follows tells
        "took_in",  # the merged demand's own event tells
        "noticed",  # the ladder tells, see data/ladder: many at once become one message a person
        "climbed",  # likewise
        "mediation_over",  # likewise: that it came to nothing is told to the sides alone
        "mediated",  # the mediation tells those whom it concerns, and nobody else
        "expired",  # nobody is woken because nobody answered
    }
)
"""Events that tell nobody, each with its reason. Every event is either here or in `TELLING`."""

_CLOSING: Final = frozenset({"fulfilled", "closed"})
_PROMISES: Final = frozenset(
    {
        *("dispatched", "extension_asked_resident", "granted_resident"),  # a promise changes
        *("paused", "resumed", "escalated_resident", "rescheduled", "reopened_resident"),
        *("answer", "late", "discussed"),  # what they asked, and have no answer to yet
    }
)
_NEWS: Final = frozenset({"accepted", "merged", "tended_resident"})


def rank(message: str, urgency: str | None) -> Rank:
    """What a message is worth: done and to be rated, a changed promise, and what is new of a danger or a hurry."""
    if message in _CLOSING:
        return Rank.CLOSING
    pressing = urgency in ("emergency", "urgent")
    return Rank.MATTERS if message in _PROMISES or (pressing and message in _NEWS) else Rank.SMALL
