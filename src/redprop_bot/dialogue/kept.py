"""Which activity somebody means who organises or keeps activities: by its number, or asked where several fit."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from redprop_bot.dialogue import gatherings
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.store import activities
from redprop_bot.store.tables import Activity
from redprop_bot.volunteers.hands import speaking

WHICH: Final = "activity_kept"
WHY: Final = "activity_reason"
OPEN: Final = frozenset({"planned", "published"})
HELD: Final = frozenset({*OPEN, "over"})
_AHEAD: Final = timedelta(days=400)


def one(turn: Turn, said: str, states: Collection[str] = OPEN, *, now: bool = False) -> Activity | None:
    """The activity of a number, with `now` the one that is going on; None where it had to be asked which is meant.

    Raises as `fitting` does.
    """
    found = fitting(turn, said, states)
    if now and (on := [a for a in found if _on(turn, a)]):
        found = on
    if len(found) == 1:
        return found[0]
    ask(turn, found, turn.inbound.text.replace(said, "{no}", 1))
    return None


def fitting(turn: Turn, said: str, states: Collection[str] = OPEN) -> list[Activity]:
    """The activities of a number among those in these states, else the last one with it.

    Numbers begin anew every day, so that a short one may fit several. Raises NotFound, Forbidden (not theirs).
    """
    full = said.upper() if "-" in said else ""
    found = (
        [a for a in [activities.by_no(turn.tx, full)] if a]
        if full
        else activities.by_tail(turn.tx, said.upper().removeprefix("A"))
    )
    hand = speaking(turn.speaker)
    mine = [a for a in found if hand.keeps(a)]
    if not mine and found:
        hand.must_keep(found[0])
    if not mine:
        raise NotFound("no_activity", no=said)
    return [a for a in mine if a.state in states] or mine[:1]


def ask(turn: Turn, found: Sequence[Activity], command: str) -> None:
    """Ask which; `command` is what is done then, with `{no}` where the number stands."""
    shown = sorted(found, key=lambda a: a.starts_at)[: gatherings.SHOWN]
    turn.session.ask(WHICH, options=[a.no for a in shown], command=command[:500])
    turn.say("activity.which", lines=gatherings.lines(turn, shown))


def refused(turn: Turn, refusal: Refused) -> None:
    """Tell it; where only the reason was missing, what is said next is one."""
    turn.refuse(refusal)
    if refusal.code == WHY:
        turn.session.ask(WHY, no=refusal.slots["no"])


def ahead(turn: Turn) -> list[Activity]:
    """What the speaker keeps that is not over, the soonest first."""
    since = turn.tx.now - timedelta(days=3)
    found = activities.between(turn.tx, None, since, turn.tx.now + _AHEAD, states=sorted(OPEN), limit=200)
    hand = speaking(turn.speaker)
    return [a for a in found if a.ends_at > turn.tx.now and hand.keeps(a)]


def _on(turn: Turn, activity: Activity) -> bool:
    terms, at = turn.tx.content.activities.attendance, turn.tx.now
    opens = activity.starts_at - timedelta(minutes=terms.opens_minutes)
    return opens <= at <= activity.ends_at + timedelta(minutes=terms.leaves_minutes)
