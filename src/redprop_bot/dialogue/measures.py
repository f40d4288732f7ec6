"""措施 in chat: whoever owns a measure says how far it is, by number, in their own words, or by a button.

Words about a measure are taken for its progress only from somebody who has one.
"""

import re
from typing import Any, Final

from redprop_bot.council import measure as steps
from redprop_bot.council import measure_telling
from redprop_bot.dialogue.measure_words import is_done, names_percent, percent_in, speaks_of
from redprop_bot.dialogue.projects import NO, SHOWN, called, hand, line, owned
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid, Refused
from redprop_bot.rules import projects as rules
from redprop_bot.store import projects
from redprop_bot.store.tables import Card, Measure, Project

_STEP: Final = re.compile(
    rf"(?:措施|项目)\s*(?:{NO}\s*(?:-|第))?\s*(?P<m>\d{{1,3}})\s*(?:条|项)?(?:措施)?[，,：:\s]+(?P<rest>.+)",
    re.DOTALL,
)
_ABOUT: Final = re.compile(r"措施|项目|攻坚")
_GOES: Final = re.compile(r"进展|进度|正在|已经|开工|进场|开始|启动|施工")
_HALF_WAY, _NEARLY = 50, 80
_TAPS: Final = {"measure_half": _HALF_WAY, "measure_most": _NEARLY, "measure_done": 100}


def run(turn: Turn) -> bool:
    """Take a sentence about a measure; returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role == "resident" or len(text) > turn.tx.content.limits.text_length:
        return False
    try:
        match = _STEP.fullmatch(text)
        return (match is not None and _step(turn, match)) or _natural(turn, text)
    except Refused as refusal:
        turn.refuse(refusal)
        return True


def _step(turn: Turn, match: re.Match[str]) -> bool:
    """措施 P…-3 60%，…: by number."""
    number, rest = int(match["m"]), match["rest"]
    if match["no"]:
        found = projects.measure(turn.tx, called(turn, match["no"]).id or 0, number)
        if found is None:
            raise Invalid("no_measure", field="measure", number=number)
        return _reported(turn, found, rest)
    fitting = [one for one in owned(turn) if one.position == number]
    if not fitting:
        return False
    return _reported(turn, fitting[0], rest) if len(fitting) == 1 else _ask_which(turn, fitting, rest)


def _natural(turn: Turn, text: str) -> bool:
    """Words about a measure from somebody who has one: which one is meant is found by its title."""
    if _ABOUT.search(text) is None or not (speaks_of(text) or _GOES.search(text)):
        return False
    mine = owned(turn)
    if not mine:
        return False
    titles = {one.id: turn.tx.get(Project, one.project_id).title + one.title for one in mine}
    scores = {one.id: _alike(text, titles[one.id]) for one in mine}
    best = max(scores.values())
    fitting = [one for one in mine if scores[one.id] == best]
    if best == 0 and len(mine) > 1 and not names_percent(text):
        return False  # perhaps about something else
    return _reported(turn, fitting[0], text) if len(fitting) == 1 else _ask_which(turn, fitting, text)


def _alike(text: str, title: str) -> int:
    return sum(title[n : n + 2] in text for n in range(len(title) - 1))


def _ask_which(turn: Turn, fitting: list[Measure], text: str) -> bool:
    shown = fitting[:SHOWN]
    turn.session.ask("which_measure", options=[str(one.id) for one in shown], text=text[:500])
    found = {one.id: turn.tx.get(Project, one.project_id) for one in shown}
    lines = [f"{n}. {found[one.id].no}-{line(turn, found[one.id], one)}" for n, one in enumerate(shown, 1)]
    turn.say("project.which", lines="\n".join(lines))
    return True


def answered(turn: Turn, asked: dict[str, Any], chosen: str | None) -> bool:
    """The number after the question which measure is meant; returns whether it was an answer."""
    if chosen is None:
        return False
    turn.session.asked = None
    try:
        return _reported(turn, turn.tx.get(Measure, int(chosen)), str(asked["text"]))
    except Refused as refusal:
        turn.refuse(refusal)
        return True


def _reported(turn: Turn, found: Measure, said: str) -> bool:
    percent = percent_in(said)
    today = turn.tx.now.astimezone(turn.tx.content.zone).date()
    done = percent == 100 or (percent is None and is_done(said, today))
    with turn.tx.savepoint():
        if done:
            after = steps.finish(turn.tx, found, hand(turn), note=said)
        else:
            after = steps.report(turn.tx, found, hand(turn), percent=percent, note=said)
    _told(turn, after)
    return True


def _told(turn: Turn, after: Measure) -> None:
    found = turn.tx.get(Project, after.project_id)
    mine = projects.measures(turn.tx, [after.project_id])[after.project_id]
    left = sum(one.stage == "open" for one in mine)
    key = "project.finished" if after.stage == "done" else "project.reported"
    slots = measure_telling.about(turn.tx, found, after)
    turn.say(key, whole=str(rules.percent(mine)), left=str(left) if left else "", **slots)


def tapped(turn: Turn, card: Card, verb: str) -> None:
    """A button of a measure's card; what is finished settles its cards."""
    found = turn.tx.get(Measure, card.subject_id or 0)
    percent = _TAPS.get(verb)
    if percent is None:
        turn.say("error.card_unknown")
        return
    try:
        with turn.tx.savepoint():
            if percent == 100:
                after = steps.finish(turn.tx, found, hand(turn))
            else:
                after = steps.report(turn.tx, found, hand(turn), percent=max(percent, found.percent))
    except Refused as refusal:
        turn.refuse(refusal)
        return
    _told(turn, after)
