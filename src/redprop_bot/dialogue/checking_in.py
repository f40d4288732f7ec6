"""报平安 in chat: residents of themselves, grid workers of the elders on their list; a cry for help is a report.

Nobody has to say anything, and nobody is listed for having said nothing.
"""

import re
from typing import Final

from redprop_bot.dialogue import reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import check_in, scope
from redprop_bot.store import demands, modes
from redprop_bot.store.tables import Mode
from redprop_bot.understand.acts import Act as Heard

ELDERS: Final = re.compile(r"(?:独居)?老人名单[：:，,\s]*(?P<names>.*)", re.DOTALL)
ELDER: Final = re.compile(r"(?P<word>平安|求助)[：:，,\s]+(?P<name>\S{2,30})(?:[，,\s]+(?P<what>.{2,200}))?")
_SAFE: Final = frozenset(
    {"报平安", "平安", "我平安", "我没事", "都平安", "家里平安", "我们都平安", "我们平安", "安全"}
)
_HELP: Final = frozenset({"需要帮助", "我需要帮助", "求助", "我要求助"})
_SPLIT: Final = re.compile(r"[、，,；;\s]+")


def within(turn: Turn, named: str = "") -> list[Mode]:
    """The emergencies that are on where the speaker works; by number or area if one was named."""
    posts, reg = turn.speaker.posts, turn.register
    street = any(post.street_id for post in posts)
    own = {post.community_id for post in posts if post.community_id}
    found = [m for m in modes.active(turn.tx) if street or set(scope.of_mode(m).communities(reg)) & own]
    if named:
        found = [m for m in found if named in (m.no, m.title, scope.of_mode(m).words(reg))]
    return found


def menu(turn: Turn, verb: str, no: str) -> bool:
    """A tapped line of the message to residents: `safe:E…`, `help:E…`."""
    mode = modes.by_no(turn.tx, no) if verb in ("safe", "help") else None
    if mode is None:
        return False
    _checked(turn, mode, verb)
    return True


def resident(turn: Turn, text: str) -> bool:
    """A resident's word of how they are, while an emergency is on where they live; returns whether it was one."""
    if turn.speaker.posts or text not in _SAFE | _HELP:
        return False
    mode = check_in.mode_at(turn.tx, turn.speaker.person.estate_id)
    if mode is None:
        return False  # peacetime: the words mean what they always mean
    _checked(turn, mode, check_in.SAFE if text in _SAFE else check_in.HELP)
    return True


def _checked(turn: Turn, mode: Mode, verb: str) -> None:
    person = turn.speaker.person
    if verb == check_in.HELP:  # also after the end: a cry for help is never lost
        _cry(turn)
        made = turn.session.demand
        if mode.ended_at is None and made is not None:
            check_in.said(turn.tx, mode, person, check_in.HELP, demand_id=_key(turn, made))
        return
    if mode.ended_at is not None:
        turn.say("mode.safe_late")
        return
    check_in.said(turn.tx, mode, person, check_in.SAFE)
    turn.say("mode.safe")


def _key(turn: Turn, no: str) -> int | None:
    found = demands.by_no(turn.tx, no)
    return found.id if found else None


def _cry(turn: Turn, what: str = "", **slots: str) -> None:
    """A cry for help becomes a demand like any report of danger; the number to call stands first in the reply."""
    terms = turn.tx.content.emergency_mode.help
    text = what or turn.tx.content.replies.say("mode.help_text")
    heard = Heard("demand.report", terms.category, terms.urgency, dict(slots), text=text)
    reporting.report(turn, [heard])


# -- elders who live alone


def elders(turn: Turn, said: str) -> None:
    """老人名单: names are added; without names, who has not been reached yet is shown."""
    mode = scope.the_one(within(turn), turn.register)
    names = [name.strip() for name in _SPLIT.split(said) if name.strip()]
    if names:
        with turn.tx.savepoint():
            added = check_in.listed(turn.tx, mode, names, turn.speaker.person)
        turn.say("mode.elders_listed", added=str(added), no=mode.no)
        return
    rows = [c for c in modes.checks(turn.tx, mode.id or 0) if c.elder and c.name]
    if not rows:
        turn.say("mode.elders_none")
        return
    state = turn.tx.content.labels.check_state
    lines = "\n".join(f"{c.name} {state[c.state]}" for c in rows if c.state != check_in.SAFE)
    safe = sum(c.state == check_in.SAFE for c in rows)
    turn.say("mode.elders", total=str(len(rows)), safe=str(safe), lines=lines)


def elder(turn: Turn, match: re.Match[str]) -> None:
    """平安 or 求助 with a name: what the grid worker found."""
    mode = scope.the_one(within(turn), turn.register)
    name, person = match["name"], turn.speaker.person
    if match["word"] == "平安":
        with turn.tx.savepoint():
            check_in.visited(turn.tx, mode, name, person, check_in.SAFE)
        turn.say("mode.elder_safe", name=name)
        return
    what = f"{name}{'，' + match['what'] if match['what'] else ''}"
    estates = scope.of_mode(mode).all_estates(turn.register)
    place = {"estate": turn.register.estates[estates[0]].name} if len(estates) == 1 else {}
    _cry(turn, turn.tx.content.replies.say("mode.help_elder", what=what), **_place(turn, what, place))
    check_in.visited(turn.tx, mode, name, person, check_in.HELP, demand_id=_key(turn, turn.session.demand or ""))


def _place(turn: Turn, what: str, known: dict[str, str]) -> dict[str, str]:
    """Where the elder lives, as far as the grid worker's words say it."""
    heard = turn.reader.read(
        what,
        role="resident",
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
        estate=known.get("estate"),
        asked=None,
    )
    names = ("estate", "building", "unit", "room")
    said = {name: str(value) for act in heard for name in names if (value := act.slots.get(name))}
    return {**known, **said}
