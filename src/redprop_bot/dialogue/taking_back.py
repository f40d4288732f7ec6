"""What was offered is taken back: by its owner in words of their own or by number, by the secretary by number."""

import re
from typing import Final

from redprop_bot.dialogue import offers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.loop import offers as steps
from redprop_bot.store import lists
from redprop_bot.store.tables import Resource, Service

_NO = r"[RS]\d{8}-\d{4,}"
_BY_NUMBER: Final = re.compile(
    rf"(?:请|帮我|把|我的)*(?:撤下|撤掉|撤回|撤销|下架)\s*(?P<a>{_NO})(?:吧|了|来)*[。！!]?"
    rf"|(?:请|帮我|把|我的)*(?P<b>{_NO})[，,\s]*(?:撤下|撤掉|下架|不(?:再|外|能)*借了|送人了)(?:吧|了|来)*[。！!]?"
)
_OVER: Final = re.compile(
    r"不(?:再|外|能|想|往外)*借(?:出|给别人)?了|不再?出借|送人了|送掉了|卖掉了|借不了了|不再?提供了"
)
_ALONE: Final = re.compile(
    r"(?:我(?:的|家的?)?)?(?:那个|这个|东西)?(?:已经)?(?P<over>.+?)[，,]?(?:撤下来?|撤掉|撤了|下架)?吧?[。！!]?"
)
_SAYS_NOTHING: Final = re.compile(r"我的|我家的?|我们|已经|可以|那个|这个|撤下来?|撤掉|下架|东西")
_LONGEST: Final = 30  # whoever says more says something else besides


def lends_no_more(text: str) -> bool:
    """Whether words say that something is lent no more, to nobody."""
    return _OVER.search(text) is not None


def run(turn: Turn) -> bool:
    """Take an offer back when the sentence says so; returns whether it did, or said why not."""
    text = turn.inbound.text.strip()
    if match := _BY_NUMBER.fullmatch(text):
        _numbered(turn, match["a"] or match["b"])
        return True
    if len(text) > _LONGEST or not lends_no_more(text):
        return False
    ever = lists.offered_by(turn.tx, turn.person_id)
    own = [entry for entry in ever if entry.status != "withdrawn"]
    meant = [entry for entry in own if _names(text, entry)] or [entry for entry in ever if _names(text, entry)][:1]
    if not meant and (match := _ALONE.fullmatch(text)) and _OVER.fullmatch(match["over"]):
        meant = own
    if len(meant) > 1:
        lines = "\n".join(f"{entry.no} {entry.title}" for entry in meant[:5])
        turn.say("ask.which_offer", lines=lines, no=meant[0].no)
    elif meant:
        _take(turn, meant[0])
    return bool(meant)


def _names(text: str, entry: Resource | Service) -> bool:
    """Whether the words name what was offered: two signs of it in a row."""
    said = _SAYS_NOTHING.sub("，", _OVER.sub("，", text))
    pairs = (said[at : at + 2] for at in range(len(said) - 1))
    return any(re.fullmatch(r"[\u4e00-\u9fff]{2}", pair) and pair in entry.title for pair in pairs)


def _numbered(turn: Turn, no: str) -> None:
    entry = lists.by_no(turn.tx, steps.LISTS[no[0]], no)  # type: ignore[type-var]
    if entry is None or not (entry.owner_id == turn.person_id or offers.keeps(turn, entry)):
        turn.say("error.no_offer", no=no)
        return
    _take(turn, entry)


def _take(turn: Turn, entry: Resource | Service) -> None:
    try:
        done = steps.take_back(turn.tx, entry)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    offers.tell_taken_back(turn, done)
    turn.say("done.taken_back", no=done.no, title=done.title)
