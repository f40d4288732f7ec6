"""What each of the intents leads to: one row an intent. An intent without a row is a fault that a test finds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue import (
    attending,
    enrolling,
    figures_asked,
    finding,
    gatherings,
    guarded,
    hearing,
    helped,
    meeting_changes,
    meeting_decisions,
    meeting_guests,
    more_days,
    new_orders,
    notices,
    offers,
    points,
    praised,
    progress_asked,
    providers,
    rating,
    reporting,
    residents,
    secretaries,
    shopping,
    tasks,
    visiting,
    whistled,
    whistling,
    wishing,
)
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.intended import VERBS
from redprop_bot.understand.acts import Act as Heard

_NODS = re.compile(
    r"(?:好的?|好嘞|好滴|行|嗯+|哦+|知道了|晓得了|明白了?|收到|了解|ok|OK|可以|没问题)[的了吧啊呀哦嘞]{0,2}[。.!！~]{0,2}"
)

_SURE: Final = 0.5
_SIGNED_UP: Final = re.compile(r"我[^，,。]{0,4}报(?:上)?了?名")
_OFFER: Final = re.compile(r"可以|[可能出外]借|免费|提供|我们?[有能]|[送捐][给些一了]|折|优惠|愿意|义务|上门")
_VISIT: Final = re.compile(
    r"访|入户|上门|看望|慰问|巡[查逻]|排查|探望|谈心|茶话|吃茶|板凳|[坐聊唠转谈](?:了|会儿|一)|[户家].*了|[去到]了"
)
_TOPIC: Final = re.compile(r"议题|提议|讨论|商量|议一议|提交|上会")

Outcome = Callable[[Turn, Heard], None]


def _help(turn: Turn, _heard: Heard) -> None:
    turn.say("help.staff" if turn.speaker.role in ("secretary", "provider") else "help.resident")


def _greeting(turn: Turn, heard: Heard) -> None:
    said = heard.text or turn.inbound.text
    if any(word in said for word in ("谢", "辛苦", "麻烦")):
        turn.say("greeting.thanks")
    else:
        turn.say("greeting.noted" if _NODS.fullmatch(said.strip()) else "greeting.hello")


_GUESS: Final = 0.4
_ANONYMOUS: Final = re.compile(
    r"(?:我要|我想)?匿名(?:的|投诉|举报|反映)?|(?:不要|别|莫)(?:说|告诉|让|跟)[^，,。]{0,8}(?:是我|我)(?:说|报|举报|投诉|反映)?的?|别说(?:是)?我"
)


def _unknown(turn: Turn, _heard: Heard) -> None:
    turn.say("unknown.staff" if turn.speaker.role in ("secretary", "provider") else "unknown.resident")


def _privacy(turn: Turn, heard: Heard) -> None:
    """What is kept of somebody; 匿名投诉… is a report, of which nobody hears who made it."""
    if _ANONYMOUS.search(turn.inbound.text):
        matter = _ANONYMOUS.sub("", turn.inbound.text).strip("，,。！! ")
        reports = [act for act in hearing.read(turn, text=matter) if act.intent in reporting.INTENTS]
        if matter and any(act.confidence >= _GUESS for act in reports):
            quiet = [replace(act, intent="complaint", urgency=None) for act in reports]
            reporting.report(turn, quiet)
            return
    task = tasks.hand_in(turn, heard)
    turn.say("privacy.told", no=task.no, link=f"{turn.tx.content.address}/m/me")
    if turn.session.asked is None:
        turn.session.ask("privacy")


def _progress(turn: Turn, heard: Heard) -> None:
    """到哪一步了; 万和物业办得怎么样 of who leads asks for figures, 我报名了没有 for activities."""
    if _SIGNED_UP.search(heard.text or turn.inbound.text):
        gatherings.query(turn, heard)
    elif not figures_asked.of_unit(turn, heard):
        progress_asked.answer(turn, heard)


def _unsatisfied(turn: Turn, heard: Heard) -> None:
    if turn.speaker.role != "secretary" or not secretaries.sent_back(turn, heard):
        rating.unsatisfied(turn, heard)


def _close(turn: Turn, heard: Heard) -> None:
    """修好了 of who keeps a community and works for a unit: what only their unit has is done, not closed."""
    own, ours = providers.own(turn), secretaries.of_mine(turn)
    numbers = [number for number in str(heard.slots.get("order") or "").split(",") if number]
    named = [demand for number in numbers for demand in finding.by_number(turn, number)]
    theirs = bool(named) and all(own(demand) and not ours(demand) for demand in named)
    (providers.fulfil if theirs else secretaries.close)(turn, heard)


def _surely(outcome: Outcome, words: re.Pattern[str]) -> Outcome:
    """What writes something down wants to be said clearly by who works here, or in its own words.

    A guess shows how things are said.
    """

    def checked(turn: Turn, heard: Heard) -> None:
        guess = heard.confidence < _SURE and words.search(heard.text or turn.inbound.text) is None
        if guess and turn.speaker.role in ("secretary", "provider"):
            _unknown(turn, heard)
        else:
            outcome(turn, heard)

    return checked


def _propose(turn: Turn, heard: Heard) -> None:
    """提议题; 把2号单上会 of who leads puts that order on the table."""
    if turn.speaker.role == "secretary" and heard.slots.get("order"):
        whistling.escalate(turn, heard)
    else:
        _surely(meeting_guests.propose, _TOPIC)(turn, heard)


_SECRETARY: Final[Mapping[str, Outcome]] = {
    "order.dispatch": new_orders.or_else(secretaries.dispatch),
    "order.escalate": whistling.escalate,
    "order.merge": secretaries.merge,
    "order.close": _close,
    "visit.log": _surely(visiting.visit, _VISIT),
    "meeting.schedule": meeting_changes.schedule,
    "meeting.resolve": meeting_decisions.resolve,
    "report.stats": figures_asked.stats,
}

_UNIT: Final[Mapping[str, Outcome]] = {
    "order.accept": whistled.or_else("claim", providers.accept),
    "order.return": whistled.or_else("decline", providers.give_back),
    "order.fulfil": whistled.or_else("done", providers.fulfil),
    "order.extend": more_days.extend,
}

_ANYONE: Final[Mapping[str, Outcome]] = {
    "progress.query": _progress,
    "demand.urge": residents.urge,
    "demand.withdraw": residents.withdraw,
    "demand.supplement": residents.supplement,
    "feedback.satisfied": rating.satisfied,
    "feedback.unsatisfied": _unsatisfied,
    "resource.offer": _surely(offers.offer, _OFFER),
    "service.offer": _surely(offers.offer, _OFFER),
    "order.assist": wishing.or_else(providers.assist),
    "wish": wishing.wish,
    "points.redeem": shopping.redeem,
    "order.progress": providers.progress,
    "consult": tasks.consult,
    "human": tasks.human,
    "help": _help,
    "privacy": _privacy,
    "greeting": _greeting,
    "unknown": _unknown,
    "notice.query": notices.show,
    "meeting.query": meeting_guests.query,
    "meeting.propose": _propose,
    "praise": praised.praise,
    "activity.query": gatherings.query,
    "activity.signup": gatherings.sign_up,
    "activity.cancel": gatherings.call_off,
    "checkin": attending.said,
    "points.query": points.query,
    "member.register": enrolling.begin,
}


def _also(turn: Turn, role: str) -> bool:
    """交叉任职: words are read by one role, but somebody with posts on both sides may do what either does."""
    posts = turn.speaker.posts
    if role == "provider":
        return any(post.organisation_id is not None for post in posts)
    return any(post.community_id is not None or post.street_id is not None for post in posts)


def _only(role: str, outcome: Outcome) -> Outcome:
    """What belongs to a post: everybody else gets a friendly refusal and nothing changes."""

    def checked(turn: Turn, heard: Heard) -> None:
        if turn.speaker.role == role or _also(turn, role):
            outcome(turn, heard)
        elif not (heard.intent == "order.fulfil" and helped.said(turn, heard)):
            turn.say("error.not_your_post", what=turn.tx.content.labels.intent[heard.intent])

    return checked


def _list(turn: Turn, heard: Heard) -> None:
    if turn.speaker.role in ("secretary", "provider"):
        secretaries.listing(turn, heard)
    else:
        progress_asked.answer(turn, heard)


def _guarded(intent: str, outcome: Outcome) -> Outcome:
    return guarded.guarded(outcome) if intent in VERBS else outcome


OUTCOMES: Final[Mapping[str, Outcome]] = {
    **_ANYONE,
    **{intent: _only("provider", _guarded(intent, outcome)) for intent, outcome in _UNIT.items()},
    **{intent: _only("secretary", _guarded(intent, outcome)) for intent, outcome in _SECRETARY.items()},
    "order.list": _list,
}
"""Reports (see `reporting.INTENTS`) are handled together and have no row here."""
