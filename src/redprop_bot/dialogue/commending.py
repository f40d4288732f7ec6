"""评选表彰 in chat: a secretary opens, puts to the vote and confirms; residents vote, stand, and ask."""

import re
from collections.abc import Sequence
from typing import Final

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.appraise import company_figures
from redprop_bot.appraise.reviewers import of_speaker
from redprop_bot.dialogue import commendation_words
from redprop_bot.dialogue.commendation_words import Said
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from redprop_bot.registry.people import mask_name
from redprop_bot.rules import commendation as rules
from redprop_bot.rules.commendation import Kind, Stand, State
from redprop_bot.store import commendations
from redprop_bot.store.tables import Commendation, CommendationCandidate

ASKED: Final = "ballot"
_JUST: Final = 600
"""Seconds in which 改成2号 is about what somebody has just reported."""
_NAMED: Final = re.compile(
    r"(?:我叫|我是|姓名[：:]?)(?P<name>[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})?)(?:[，,。；;]\s*(?P<deed>.*)|$)"
)


def run(turn: Turn) -> bool:
    """Do what a sentence about a selection says; returns whether it was one."""
    said = commendation_words.read(turn.inbound.text, turn.tx.content.awards)
    if said is None or (said.award is None and said.what == "open" and not _leads(turn)):
        return False
    if said.what == "how" and said.award is None and not _asked_after(turn, said):
        return False  # 投票结果公布没有 may be about a meeting
    if not _meant(turn, said):
        return False
    try:
        with turn.tx.savepoint():
            _DO[said.what](turn, said)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def answered(turn: Turn, text: str) -> bool:
    """1号, after who can be voted for was shown; returns whether it was an answer."""
    numbers = commendation_words.picked(text)
    found = [row for row in _home(turn, Said("vote", None), state=State.VOTING) if votes.runs(turn.tx, row)]
    if not numbers or not found:
        return False
    turn.session.asked = None
    try:
        with turn.tx.savepoint():
            _voted(turn, Said("vote", None, numbers))
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _meant(turn: Turn, said: Said) -> bool:
    """Whether 不投了, 改成2号 or a name are about a vote: of who has given one, for who can be voted for."""
    if said.what in ("change", "retract"):
        return bool(_given(turn, said)) and (said.award is not None or not turn.session.just_reported(_JUST))
    return not said.name or bool(_called(turn, said))


def _given(turn: Turn, said: Said) -> list[Commendation]:
    return [row for row in _found(turn, said, None, State.VOTING) if votes.voted(turn.tx, row, turn.speaker)]


def _called(turn: Turn, said: Said) -> list[tuple[Commendation, int]]:
    """Who can be voted for by this name, and where."""
    live = [row for row in _home(turn, said, state=State.VOTING) if votes.runs(turn.tx, row)]
    both = ((row, one) for row in live for one in votes.on_ballot(turn.tx, row))
    return [(row, one.number or 0) for row, one in both if one.name == said.name]


def _leads(turn: Turn) -> list[int]:
    """The communities for which the speaker speaks as secretary."""
    who = of_speaker(turn.speaker)
    return [key for key in turn.register.communities if who.secretary_of(turn.register, key)]


def _found(turn: Turn, said: Said, communities: Sequence[int] | None, *states: str) -> list[Commendation]:
    award = said.award.key if said.award is not None else None
    return commendations.page(turn.tx, communities=communities, award=award, states=states, limit=20)


# -- the secretary


def _opened(turn: Turn, said: Said) -> None:
    own = _leads(turn)
    if not own:
        raise Forbidden("commendation_role")
    if said.award is None:
        titles = [one.title for one in turn.tx.content.awards.all]
        turn.say("commendation.ask_title", titles="、".join(titles), title=titles[0] if titles else "")
        return
    if len(own) > 1:
        raise Invalid("commendation_which_community")
    year = said.year or company_figures.this_year(turn.tx)
    made = steps.open_commendation(turn.tx, said.award, own[0], year, of_speaker(turn.speaker))
    slots = {**telling.names(turn.tx, made), "link": telling.room(turn.tx, made)}
    if made.kind != Kind.COMPANY:
        turn.say("commendation.opened_people", **slots)
        return
    stand = commendations.candidates(turn.tx, made.id or 0)

    def names(state: Stand) -> str:
        return "、".join(one.name for one in stand if one.state == state)

    turn.say(
        "commendation.opened",
        met=names(Stand.AGREED),
        unknown=names(Stand.ASKED),
        not_met=names(Stand.DROPPED),
        **slots,
    )


def _led(turn: Turn, said: Said, state: State) -> Commendation:
    """The selection that is meant, of the communities that the speaker leads."""
    own = _leads(turn)
    if not own:
        raise Forbidden("commendation_role")
    here = _found(turn, said, own, state)
    if len(here) > 1:  # another community or year: none is opened or ended by guess
        raise Conflict("commendation_several", title=here[0].title)
    found = here or _found(turn, said, own)
    if not found:
        raise NotFound("no_commendation")
    return found[0]


def _begun(turn: Turn, said: Said) -> None:
    row = _led(turn, said, State.GATHERING)
    until = None
    if said.until is not None:
        until = commendation_words.ends(said.until, turn.tx.now, turn.tx.content.zone)
        if until is None:
            raise Invalid("commendation_times", field="ends_at", most=str(steps.LONGEST.days))
    opened = steps.vote_opened(turn.tx, row, of_speaker(turn.speaker), ends_at=until)
    number = str(len(votes.on_ballot(turn.tx, opened)))
    turn.say("commendation.vote_open", number=number, **telling.names(turn.tx, opened))


def _confirmed(turn: Turn, said: Said) -> None:
    row = votes.confirmed(turn.tx, _led(turn, said, State.VOTING), of_speaker(turn.speaker))
    turn.say("commendation.confirmed", **_result(turn, row))


# -- residents


def _home(turn: Turn, said: Said, *, state: str) -> list[Commendation]:
    """What is meant: of the speaker's community, else of any, so that they hear why it is not for them."""
    home = votes.votes_in(turn.register, turn.speaker)
    own = _found(turn, said, [home], state) if home is not None else []
    return own or _found(turn, said, None, state)


def _wanted(turn: Turn, said: Said) -> None:
    found = [row for row in _home(turn, said, state=State.VOTING) if votes.runs(turn.tx, row)]
    if not found:
        turn.say("commendation.none")
        return
    for row in found:
        votes.must_be_of(turn.tx, row, turn.speaker)
        lines = [_ballot_line(turn, one) for one in votes.on_ballot(turn.tx, row)]
        turn.say(
            "commendation.ballot", lines="\n".join(lines), votes=str(row.votes), **telling.names(turn.tx, row)
        )
    if turn.session.asked is None:
        turn.session.ask(ASKED)


def _ballot_line(turn: Turn, one: CommendationCandidate) -> str:
    slots = {"number": str(one.number), "name": one.name, "unit": one.unit, "about": one.about}
    return turn.tx.content.replies.say("commendation.ballot_line", **slots)


def _voted(turn: Turn, said: Said) -> None:
    if said.name:
        called = _called(turn, said)
        if len(called) == 1:
            _give(turn, called[0][0], (called[0][1],))
        else:
            _wanted(turn, said)
        return
    found = _home(turn, said, state=State.VOTING)
    live = [row for row in found if votes.runs(turn.tx, row)] or found[:1]
    if not live:
        turn.say("commendation.none")
        return
    votes.must_be_of(turn.tx, live[0], turn.speaker)  # before which one: another's title is none of theirs
    if len(live) > 1:
        titles = "、".join(row.title for row in live)
        turn.say("commendation.which", titles=titles, title=live[0].title, number=str(said.numbers[0]))
        return
    _give(turn, live[0], said.numbers)


def _give(turn: Turn, row: Commendation, numbers: Sequence[int]) -> None:
    changed = votes.vote(turn.tx, row, turn.speaker, numbers)
    turn.goes_with = commendations.letters(row.id or 0)
    chosen = [one for one in votes.on_ballot(turn.tx, row) if one.number in numbers]
    names = "、".join(f"{one.number}号{one.name}" for one in chosen)
    turn.say(f"commendation.{'changed' if changed else 'voted'}", names=names, **telling.names(turn.tx, row))


def _changed(turn: Turn, said: Said) -> None:
    """投错了，改成2号; without a number who can be voted for is shown."""
    given = _given(turn, said)
    if said.numbers and len(given) == 1:
        _give(turn, given[0], said.numbers)
    elif said.numbers:
        titles = "、".join(row.title for row in given)
        turn.say("commendation.which", titles=titles, title=given[0].title, number=str(said.numbers[0]))
    else:
        _wanted(turn, said)


def _retracted(turn: Turn, said: Said) -> None:
    for row in _given(turn, said):
        votes.retracted(turn.tx, row, turn.speaker)
        turn.say("commendation.retracted", **telling.names(turn.tx, row))


def _asked(turn: Turn, said: Said) -> None:
    found = _asked_after(turn, said)
    if not found:
        turn.say("commendation.none_at_all")
        return
    row = found[0]
    slots = telling.names(turn.tx, row)
    if row.state == State.CONFIRMED:
        turn.say("commendation.result", **_result(turn, row))
    elif row.state == State.GATHERING:
        turn.say("commendation.gathering", **slots)
    else:
        count = votes.count(turn.tx, row)
        key = "over" if votes.is_over(turn.tx, row) else ("running" if votes.runs(turn.tx, row) else "early")
        turn.say(f"commendation.{key}", people=str(count.people), counts=_counts(turn, row), **slots)


def _asked_after(turn: Turn, said: Said) -> list[Commendation]:
    """What a question may be about: of where the speaker lives, else of where they lead, else of anywhere."""
    home = votes.votes_in(turn.register, turn.speaker)
    mine = [home] if home is not None else (_leads(turn) or None)
    return [row for row in _found(turn, said, mine) if row.state != State.STOPPED]


def _counts(turn: Turn, row: Commendation) -> str:
    """Votes by number, to people of the community, as far as they may be told now."""
    if row.community_id not in (votes.votes_in(turn.register, turn.speaker), *_leads(turn)):
        return ""
    placed = {one.number: one.votes for one in votes.count(turn.tx, row).placed}
    stand = votes.on_ballot(turn.tx, row)
    return "\n".join(f"{one.number}号{one.name} {placed[one.number]} 票" for one in stand if one.number in placed)


def _result(turn: Turn, row: Commendation) -> dict[str, str]:
    """Who won, as everybody may read it, and whether it was a tie."""
    stand = {one.number: one for one in votes.on_ballot(turn.tx, row)}
    placed = votes.count(turn.tx, row).placed
    won = [telling.public_name(turn.tx, row, stand[one.number]) for one in placed if one.wins]
    tied = [telling.public_name(turn.tx, row, stand[one.number]) for one in rules.crowded(placed, row.winners)]
    names = {**telling.names(turn.tx, row), "names": "、".join(won), "tied": "、".join(tied)}
    return {**names, "winners": str(row.winners)}


# -- standing


def _stands(turn: Turn, said: Said) -> list[Commendation]:
    both = commendations.of_person(turn.tx, turn.person_id)
    found = [row for one, row in both if one.state != Stand.DROPPED]
    return [row for row in found if said.award is None or row.award == said.award.key]


def _agreed(turn: Turn, said: Said) -> None:
    found = [row for row in _stands(turn, said) if row.state == State.GATHERING]
    if not found:
        raise NotFound("commendation_not_asked")
    for row in found:
        one = steps.answered(turn.tx, row, turn.person_id, agree=True, shown=said.shown)
        key = "agreed" if said.shown else "agreed_hidden"
        turn.say(f"commendation.{key}", masked=f"{one.unit}{mask_name(one.name)}", **telling.names(turn.tx, row))


def _declined(turn: Turn, said: Said) -> None:
    found = _stands(turn, said)
    if not found:
        raise NotFound("commendation_not_asked")
    for row in found:
        steps.answered(turn.tx, row, turn.person_id, agree=False)
        turn.say("commendation.declined", **telling.names(turn.tx, row))


def _may_join(turn: Turn, said: Said) -> list[Commendation]:
    """Where they live; of who is on a staff where they work, wherever that is."""
    reg = turn.register
    if said.award is not None and said.award.what == Kind.STAFF:
        works = [key for key in reg.communities if steps.company_of(reg, key, turn.person_id) is not None]
        return _found(turn, said, works or None, State.GATHERING)
    home = votes.votes_in(reg, turn.speaker)
    return [row for row in _home(turn, said, state=State.GATHERING) if home in (None, row.community_id)]


def _joined(turn: Turn, said: Said) -> None:
    found = [row for row in _may_join(turn, said) if row.kind != Kind.COMPANY]
    if not found:
        raise NotFound("commendation_no_gathering")
    match = _NAMED.search(said.rest)
    name, deed = (match["name"], match["deed"]) if match else (turn.speaker.person.name, said.rest)
    if not name:
        turn.say("commendation.ask_name", **telling.names(turn.tx, found[0]))
        return
    row = found[0]
    steps.named(turn.tx, row, of_speaker(turn.speaker), turn.speaker.person, name=name, about=deed, by_self=True)
    turn.say("commendation.joined", name=name, masked=mask_name(name), **telling.names(turn.tx, row))


_DO: Final = {
    "open": _opened,
    "begin": _begun,
    "confirm": _confirmed,
    "want": _wanted,
    "vote": _voted,
    "change": _changed,
    "retract": _retracted,
    "how": _asked,
    "agree": _agreed,
    "decline": _declined,
    "join": _joined,
}
