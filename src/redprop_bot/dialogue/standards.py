"""示范创建 in chat: a secretary opens it and hands it in, each level decides, everybody may ask how far it is.

Items are marked on the page of the console, where evidence has room.
"""

from collections.abc import Sequence
from typing import Final

from redprop_bot.appraise import standard_progress, standard_telling
from redprop_bot.appraise import standards as steps
from redprop_bot.appraise.reviewers import of_speaker
from redprop_bot.appraise.standard_progress import Whole
from redprop_bot.dialogue import standard_words
from redprop_bot.dialogue.standard_words import Said
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Forbidden, NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.registry.people import home_community
from redprop_bot.rules.standards import Outcome, State
from redprop_bot.store import standards
from redprop_bot.store.tables import Estate, StandardApplication

SHOWN: Final = 5


def run(turn: Turn) -> bool:
    """Do what a sentence about a standard says; returns whether it was one."""
    said = standard_words.read(turn.inbound.text, turn.tx.content.standards, turn.register)
    if said is None:
        return False
    try:
        _DO[said.what](turn, said)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _inside(turn: Turn) -> bool:
    """Whether the speaker works for the community or the street: they read what is not public."""
    return any(post.organisation_id is None for post in turn.speaker.posts)


def _communities(turn: Turn) -> list[int] | None:
    """Of which communities the speaker hears; None: of all."""
    if any(post.street_id is not None for post in turn.speaker.posts):
        return None
    own = [post.community_id for post in turn.speaker.posts if post.community_id is not None]
    home = home_community(turn.register, turn.speaker)
    return own or ([home] if home is not None else None)


# -- opening


def _opened(turn: Turn, said: Said) -> None:
    assert said.standard is not None
    who = of_speaker(turn.speaker)
    theirs = [e for e in turn.register.estates.values() if who.secretary_of(turn.register, e.community_id)]
    if not theirs:
        raise Forbidden("standard_open")
    estate = said.estate or (theirs[0] if len(theirs) == 1 else None)
    if estate is None:
        turn.say("standard.ask_estate", standard=said.standard.title, estate=theirs[0].name)
        return
    if not who.secretary_of(turn.register, estate.community_id):
        raise Forbidden("not_your_community")
    with turn.tx.savepoint():
        made = steps.open_application(turn.tx, said.standard, estate, who)
    whole, say = standard_progress.wholes(turn.tx, [made])[0], turn.tx.content.replies.say
    lines = [
        say("standard.filled_line", title=item.title, mark=say(f"standard.mark.{item.mark}"), said=item.said)
        for item in whole.items
        if item.said
    ]
    filled = "\n".join([say("standard.filled"), *lines]) if lines else ""
    open_ = whole.standing.open
    turn.say(
        "standard.opened",
        all=str(len(whole.items)),
        filled=filled,
        open=str(len(open_)),
        which="、".join(open_),
        **standard_telling.names(turn.tx, made),
    )


# -- deciding


def _handed_in(turn: Turn, said: Said) -> None:
    found = _one(turn, said)
    if found is not None:
        _decide(turn, found, found.levels[0]["key"], said)


def _decided(turn: Turn, said: Said) -> None:
    found = _one(turn, said)
    if found is None:
        return
    fitting = [one for one in found.levels if said.level and str(one["name"]).startswith(said.level)]
    names = standard_telling.names(turn.tx, found)
    if len(fitting) != 1:
        first = found.state == State.OPEN and found.level == found.levels[0]["key"]
        key = "ask_hand_in" if first else "ask_level"
        turn.say(f"standard.{key}", now=standard_telling.level_name(found), **names)
        return
    if fitting[0]["named"] and fitting[0]["key"] == found.level:
        turn.say("standard.ask_page", level=str(fitting[0]["name"]), **names)
        return
    _decide(turn, found, fitting[0]["key"], said)


def _decide(turn: Turn, found: StandardApplication, level: str, said: Said) -> None:
    with turn.tx.savepoint():
        now = steps.decide(
            turn.tx, found, of_speaker(turn.speaker), level=level, outcome=said.outcome, reason=said.reason or None
        )
    slots = {"level": standard_telling.level_name(now, level), **standard_telling.names(turn.tx, now)}
    if said.outcome == Outcome.RETURN:
        turn.say("standard.returned", **slots)
    elif now.state == State.PASSED:
        turn.say("standard.passed", **slots)
    else:
        key = "handed_in" if level == now.levels[0]["key"] else "passed_on"
        turn.say(f"standard.{key}", next=standard_telling.level_name(now), **slots)


def _one(turn: Turn, said: Said) -> StandardApplication | None:
    """The application that is meant: the one that is open, else the last; None where it was asked which."""
    assert said.standard is not None
    if not _inside(turn):
        raise Forbidden("forbidden")
    found = _found(turn, said.standard.key, said.estate)
    live = [one for one in found if one.state == State.OPEN]
    chosen = live or found[:1]
    if not chosen:
        raise NotFound("no_application")
    if len(chosen) > 1:
        estates = "、".join(turn.register.estates[one.estate_id].name for one in chosen[:SHOWN])
        turn.say("standard.which", estates=estates, standard=said.standard.title)
        return None
    return chosen[0]


def _found(turn: Turn, standard: str | None, estate: Estate | None) -> list[StandardApplication]:
    return standards.page(
        turn.tx,
        communities=_communities(turn),
        estate_id=estate.id if estate is not None else None,
        standard=standard,
        limit=50,
    )


# -- how far


def _asked(turn: Turn, said: Said) -> None:
    found = _newest(_found(turn, said.standard.key if said.standard else None, said.estate))
    if not found:
        _none(turn, said)
    for whole in standard_progress.wholes(turn.tx, found[:SHOWN]):
        _progress(turn, whole)


def _newest(found: Sequence[StandardApplication]) -> list[StandardApplication]:
    """The last of each estate and standard: what is asked after is how it stands now."""
    first: dict[tuple[int, str], StandardApplication] = {}
    for one in found:
        first.setdefault((one.estate_id, one.standard), one)
    return list(first.values())


def _none(turn: Turn, said: Said) -> None:
    title = said.standard.title if said.standard is not None else ""
    who, reg = of_speaker(turn.speaker), turn.register
    theirs = [e.name for e in reg.estates.values() if who.secretary_of(reg, e.community_id)]
    if theirs and title:
        estate = said.estate.name if said.estate is not None else theirs[0]
        turn.say("standard.none_start", standard=title, estate=estate)
    else:
        turn.say("standard.none", standard=title or "示范")


def _progress(turn: Turn, whole: Whole) -> None:
    one, standing, say = whole.application, whole.standing, turn.tx.content.replies.say
    names = standard_telling.names(turn.tx, one)
    zone = turn.tx.content.zone
    over = words.full_date(one.finished_at, zone) if one.finished_at is not None else ""
    passed = [say("standard.level_done", level=d.name, date=words.date(d.at, zone)) for d in whole.passed]
    now, done = standard_telling.level_name(one), "、".join(passed)
    if one.state == State.PASSED:
        turn.say("standard.progress_over", date=over, level=now, **names)
    elif one.state == State.STOPPED:
        turn.say("standard.progress_stopped", date=over, **names)
    elif not _inside(turn):
        turn.say("standard.public" if passed else "standard.public_new", done=done, now=now, **names)
    else:
        back = whole.back
        turn.say(
            "standard.progress",
            now=now,
            round=str(one.round),
            met=str(len(standing.met)),
            all=str(standing.all),
            not_met="、".join(standing.not_met),
            open="、".join(standing.open),
            done=done,
            back=f"{back.name}：{back.reason}" if back is not None else "",
            **names,
        )


_DO: Final = {"open": _opened, "how": _asked, "hand_in": _handed_in, "decide": _decided}
