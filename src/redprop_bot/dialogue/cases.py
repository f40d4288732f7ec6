"""Mediations as those see them in chat who have to do with them: which one is meant, the list, one case."""

import re
from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.council import agreement
from redprop_bot.council import mediation as steps
from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.hands import Hand, of_posts, speaks_as_secretary
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, NotFound
from redprop_bot.notify import words
from redprop_bot.rules.mediation import LIVE, Case
from redprop_bot.store import mediations
from redprop_bot.store.tables import Mediation

NO: Final = r"(?P<no>J\d{8}-\d{4,}|J?\d{1,6})"
_LIST: Final = re.compile(r"(?:看|查)?(?:我的)?调解(?:清单|列表)?")
_ONE: Final = re.compile(rf"(?:看|查)?调解\s*{NO}")


def hand(turn: Turn) -> Hand:
    """The speaker as the council sees them."""
    return of_posts(turn.speaker.name, turn.person_id, turn.speaker.posts)


def called(turn: Turn, no: str | None, own: Sequence[Mediation] = ()) -> Mediation:
    """The case with this number, if it is there for the speaker; without a number the only one of `own`."""
    if not no:
        if len(own) > 1:
            raise Conflict("which_case", numbers="、".join(one.no for one in own))
        if not own:
            raise NotFound("no_mediation", no="")
        return own[0]
    exact = mediations.by_no(turn.tx, no)
    found = [exact] if exact else mediations.by_tail(turn.tx, no.removeprefix("J"))
    mine = [one for one in found if steps.sees(turn.tx, one, hand(turn))]
    if not mine:
        raise NotFound("no_mediation", no=no)
    live = [one for one in mine if one.stage in LIVE] or mine
    if len(live) > 1:
        raise Conflict("which_number", number=no, numbers="、".join(one.no for one in live))
    return live[0]


def mine(turn: Turn, *stages: Case) -> list[Mediation]:
    """Cases in which the speaker is a side."""
    return mediations.of_party(turn.tx, turn.person_id, sorted(hand(turn).units), stages)


def looked(turn: Turn, text: str) -> bool:
    """Show the case or the list that a sentence asks for; returns whether it asked for one."""
    if match := _ONE.fullmatch(text):
        if not match["no"].startswith("J") and turn.speaker.role == "resident" and not mine(turn, *Case):
            return False
        show(turn, called(turn, match["no"]))
        return True
    if _LIST.fullmatch(text) is None:
        return False
    who = hand(turn)
    own = [*mediations.of_mediator(turn.tx, turn.person_id, sorted(LIVE)), *mine(turn, *sorted(LIVE))]
    if turn.speaker.role == "secretary":
        found = mediations.page(turn.tx, communities=None, stages=sorted(LIVE), limit=100)
        own += [one for one in found if speaks_as_secretary(turn.register, who, one.community_id)]
    shown = list({one.id: one for one in own}.values())
    if not shown and turn.speaker.role == "resident":
        return False  # perhaps they want one
    if not shown:
        turn.say("mediate.none")
        return True
    lines = "\n".join(_line(turn, one) for one in shown[:12])
    turn.say("mediate.listed", number=str(len(shown)), lines=lines)
    return True


def _leads(turn: Turn, case: Mediation) -> bool:
    mine = case.mediator_id is not None and case.mediator_id == turn.person_id
    return mine or speaks_as_secretary(turn.register, hand(turn), case.community_id)


def _line(turn: Turn, case: Mediation) -> str:
    say, stage = turn.tx.content.replies.say, turn.tx.content.labels.mediation[case.stage]
    if _leads(turn, case):
        return say("mediate.line", stage=stage, **telling.named(turn.tx, case))
    return say("mediate.line_own", stage=stage, **telling.about(turn.tx, case))


def show(turn: Turn, case: Mediation) -> None:
    """A case as far as the speaker may know it; a side is not told the other's name before both have signed."""
    tx, say, zone = turn.tx, turn.tx.content.replies.say, turn.tx.content.zone
    leads, signed = _leads(turn, case), case.stage in agreement.SIGNED
    said: dict[str, Any] = telling.named(tx, case) if leads or signed else telling.about(tx, case)
    signs = [
        say("mediate.sign", who=telling.name_of(tx, side), when=words.day(side.accepted_at, tx.now, zone))
        for side in mediations.sides(tx, case.id or 0)
        if (leads or signed) and side.accepted_at is not None
    ]
    planned = [one for one in mediations.sessions(tx, case.id or 0) if one.state == "planned"]
    said |= {"first": said.get("first", "一方"), "second": said.get("second", "另一方")}
    turn.say(
        "mediate.one",
        stage=tx.content.labels.mediation[case.stage],
        when=words.day(planned[-1].starts_at, tx.now, zone) if planned else "",
        place=planned[-1].place if planned else "",
        signs="\n".join(signs),
        link=f"{tx.content.address}/m/mediations/{case.no}" if signed else "",
        **(said | ({} if leads else {"reason": ""})),
    )
