"""附近有什么: by a position that was sent, by an estate that was named, else by where the speaker lives."""

import re
from typing import Final

from redprop_bot.dialogue import reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.positions import Position
from redprop_bot.store.tables import Estate
from redprop_bot.volunteers import indexing, places

_NEAR: Final = re.compile(
    r"(?P<where>.{0,12}?)(?:的)?(?:附近|身边|周边|周围|旁边|就近|边上)(?:都|还)?"
    r"(?:有(?:什么|啥|哪些|没有|木有)?|哪里有|哪有|哪儿有)?(?P<what>.{0,12}?)(?:可以去|能去|可去)?(?:的)?(?:吗|么|呢|啊|呀)?[？?。！!]*"
)
_CIRCLE: Final = re.compile(r"(?:十五|15)分钟(?:便民)?(?:服务|生活)圈(?:都?有(?:什么|啥|哪些))?[？?。]*")
_ASKS: Final = re.compile(r"有|什么|啥|哪|可以去|能去|[吗么呢?？]")
_ANYTHING: Final = re.compile(r"(?:的)?(?:场地|地方|设施|场所|阵地|资源|服务|活动场所|公共设施|好去处|好玩的)?")
_ME: Final = re.compile(r"(?:请问|你好)?[，,]?(?:我|我们|我家|咱们?|这里|这儿|家|我们小区|小区|离我)?")


def run(turn: Turn) -> bool:
    """Say what is near; returns whether that was asked for."""
    text = turn.inbound.text.strip()
    if len(text) > 40:
        return False
    if _CIRCLE.fullmatch(text):
        return _said(turn, None, None)
    match = _NEAR.fullmatch(text)
    if match is None or (turn.session.asked_kind() == "place" and not _ASKS.search(text)):
        return False  # 垃圾站旁边 says where the trouble is
    sort = places.sort_in(turn.tx, match["what"])
    if sort is None and not _ANYTHING.fullmatch(match["what"]):
        return False
    where = match["where"].strip()
    estate = next((e for name, e in turn.register.estate_names.items() if name in where), None)
    if estate is None and not _ME.fullmatch(where):
        return False
    return _said(turn, estate, sort)


def _said(turn: Turn, estate: Estate | None, sort: str | None) -> bool:
    estate = estate or turn.register.estates.get(turn.speaker.person.estate_id or 0) or turn.register.only_estate
    if estate is None:
        turn.session.ask("near", sort=sort or "")
        turn.say("near.ask_where")
        return True
    listed(turn, None, estate, sort)
    return True


def answered(turn: Turn, text: str) -> bool:
    """An estate's name after the question where; returns whether it was one."""
    estate = next((e for name, e in turn.register.estate_names.items() if name in text), None)
    if estate is None or len(text) > 20:
        return False
    sort = str((turn.session.asked or {}).get("sort") or "") or None
    turn.session.asked = None
    reporting.learn(turn, estate)
    listed(turn, None, estate, sort)
    return True


def listed(
    turn: Turn, here: Position | None, estate: Estate | None, sort: str | None, *, quiet: bool = False
) -> None:
    """The places around; with `quiet` nothing is said where there are none. The position is used and not kept."""
    indexing.settle(turn.tx)
    most = turn.tx.content.booking.most_near
    found = places.around(turn.tx, here, estate, sort=sort, most=most)
    lost = sort is not None and not found
    if lost:
        found = places.around(turn.tx, here, estate, most=most)
    where = estate.name if estate and here is None else turn.tx.content.replies.say("near.here")
    if not found:
        if not quiet:
            turn.say("near.none", where=where)
        return
    lines = "\n".join(f"· {places.line(turn.tx, one)}" for one in found)
    link = f"{turn.tx.content.address}/m/near" + (f"?estate={estate.name}" if estate else "")
    if lost:
        turn.say("near.none_sort", where=where, sort=sort, lines=lines)
    else:
        turn.say("near.list", where=where, lines=lines, link=link)
