"""公示 in chat: which community's board somebody means, and where it stands.

The estate that is named comes first, then the company, then home; who has none of these is asked, and answered.
"""

from typing import Final

from redprop_bot.dialogue import hearing, reporting, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.registry.care import companies
from redprop_bot.store.tables import Estate
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import ONLY_PLACE

ASKED: Final = "board"


def show(turn: Turn, heard: Heard) -> None:
    """The boards that are meant; where nothing tells, the question which."""
    found = _meant(turn, heard)
    if not found:
        if turn.session.asked is None:
            turn.session.ask(ASKED)
        turn.say("notice.no_community")
        return
    links = [f"{turn.tx.content.address}/board/{turn.register.community_name(one)}" for one in found]
    turn.say("notice.board", link="\n".join(links))


def answered(turn: Turn) -> bool:
    """The place after the question where somebody lives; returns whether it was one."""
    heard = hearing.read(turn, asked="place")[0]
    estate = _estate(turn, heard)
    if estate is None or heard.why != ONLY_PLACE:
        return False
    turn.session.asked = None
    reporting.learn(turn, estate)
    show(turn, heard)
    return True


def _meant(turn: Turn, heard: Heard) -> list[int]:
    estate = _estate(turn, heard) or _just_said(turn)
    if estate is not None:
        return [estate.community_id]
    named = {unit.id for name, unit in turn.register.organisation_names.items() if name in turn.inbound.text}
    home = tasks.community_of(turn)
    if not named and home is not None:
        return [home]
    units = named or {post.organisation_id for post in turn.speaker.posts if post.organisation_id is not None}
    reg = turn.register
    there = [key for key in sorted(reg.communities) if units & {unit.id for unit in companies(reg, key)}]
    return there or ([home] if home is not None else [])


def _estate(turn: Turn, heard: Heard) -> Estate | None:
    return turn.register.estate(str(heard.slots.get("estate") or ""))


def _just_said(turn: Turn) -> Estate | None:
    """我住荷香苑3栋, a moment ago and about nothing yet."""
    asked = turn.session.asked or {}
    said = asked.get("slots") if asked.get("kind") == "matter" else None
    return turn.register.estate(str((said or {}).get("estate") or ""))
