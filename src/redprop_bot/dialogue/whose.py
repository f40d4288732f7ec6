"""我们的网格员是谁: who looks after a place, told to everybody who asks; posts and units, no mobile numbers."""

import re
from typing import Final

from redprop_bot.dialogue import reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.registry import care
from redprop_bot.rules.care import NONE
from redprop_bot.store import publicity
from redprop_bot.store.tables import Estate

_POST: Final = r"(?:社区)?(?:网格员|网格长|书记|社工)|物业(?:公司)?(?!费)"
_WHICH: Final = (
    r"(?:是谁|是哪[个位家]|叫什么(?:名字)?|怎么(?:联系|找)|的?联系方式|的?(?:联系)?(?:电话|号码)(?:是?多少|号码)?)"
)
_END: Final = r"[啊呀呢吗嘛]?(?:[，,\s]*(?:怎么联系|电话(?:是?多少)?))?[？?。！!]*"
_ASKED: Final = (
    re.compile(rf"(?P<where>.{{0,16}}?)的?(?:{_POST}){_WHICH}{_END}"),
    re.compile(rf"(?:谁|哪[个位])是(?P<where>.{{0,16}}?)的?(?:{_POST}){_END}"),
    re.compile(
        rf"(?P<where>.{{2,16}}?)(?:归|由|是|属于)(?:谁|哪个社区|哪个网格|哪家物业)(?:来?管|来?负责)?的?{_END}"
    ),
)
_NOBODYS: Final = re.compile(
    rf"(?P<where>.{{1,16}}?)(?:也|又|还|都)?(?:没有?|无)物业(?:公司|管理|管)?(?:的话)?[了的呢]?[，,\s]*"
    rf"(?:那|平时|以后|现在|有了?事情?|出了?事|东西坏了)?(?:我们?)?(?:该|应该|要|得|可以|能)?(?:去)?"
    rf"(?:找谁|找哪[个里家]|联系谁|谁来?管|归谁管|由谁管){_END}"
)
_KEPT: Final = re.compile(
    rf"(?P<where>.{{1,16}}?)(?:现在|到底|平时|究竟|都)?(?:是)?谁(?:来|在)?管(?:着|理)?的?{_END}"
)
_OURS: Final = re.compile(
    r"(?:请问|你好|您好)?[，,\s]*(?:我们?|咱们?|俺们?|本)?(?:这里|这儿|这边|家|小区|社区|院子?|[这那]?[栋幢楼]|单元|片)*"
)
_PLAIN: Final = re.compile(r"(?:这个?|那个?)?(?:小区|院子?|这边|那边|这儿|物业)$")
_PLACE_WORDS: Final = re.compile(r"[0-9一二三四五六七八九十]+(?:号楼|栋|幢|单元|楼)")


def run(turn: Turn) -> bool:
    """Say who looks after where somebody lives or names; returns whether that was asked for."""
    text = turn.inbound.text.strip()
    match = (
        next((found for one in (*_ASKED, _NOBODYS, _KEPT) if (found := one.fullmatch(text))), None)
        if len(text) <= 40
        else None
    )
    if match is None:
        return False
    where = _PLACE_WORDS.sub("", match["where"].strip())
    exactly = match.re in (_NOBODYS, _KEPT)  # 槐荫里电梯谁管 is a matter
    known = turn.register.estate
    estate = (known(where) or known(_PLAIN.sub("", where))) if exactly else _named(turn, where)
    if estate is None and not _OURS.fullmatch(where):
        return False
    estate = estate or turn.register.estates.get(turn.speaker.person.estate_id or 0) or turn.register.only_estate
    if estate is None:
        turn.session.ask("whose")
        turn.say("whose.ask_where")
    else:
        _tell(turn, estate)
    return True


def answered(turn: Turn, text: str) -> bool:
    """An estate's name after the question where; returns whether it was one."""
    estate = _named(turn, text)
    if estate is None or len(text) > 20:
        return False
    turn.session.asked = None
    reporting.learn(turn, estate)
    _tell(turn, estate)
    return True


def _named(turn: Turn, text: str) -> Estate | None:
    return turn.register.estate(turn.register.gazetteer.estate(text)) if text else None


def _tell(turn: Turn, estate: Estate) -> None:
    reg = turn.register
    units = [line.label + "：" + line.number for line in publicity.lines(turn.tx, estate.community_id)]
    keepers = [p for p in reg.secretaries(estate.community_id) if _has_post(turn, p.id, estate.community_id)]
    turn.say(
        "whose.here",
        estate=estate.name,
        community=reg.community_name(estate.community_id) or "",
        grid="、".join(p.name or "" for p in reg.grid(estate.community_id, estate.id)),
        secretary="、".join(p.name or "" for p in keepers),
        unit=estate.property_name or "",
        caretaking=_caretaking(turn, estate),
        phones="\n".join(units),
    )


def _caretaking(turn: Turn, estate: Estate) -> str:
    """Who takes what has no property company; where the register does not know, that is said."""
    unit = care.caretaker(turn.register, estate.id)
    if unit is not None:
        return turn.tx.content.replies.say("care.resident", taker=unit.name)
    bare = estate.property_name is None and estate.kind == NONE
    return turn.tx.content.replies.say("care.resident_none") if bare else ""


def _has_post(turn: Turn, person_id: int | None, community_id: int) -> bool:
    """Without a secretary the street stands in; then nobody is named who is not of the community."""
    return any(post.community_id == community_id for post in turn.register.posts.get(person_id or 0, []))
