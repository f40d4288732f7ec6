"""共建单位 in chat: their figures of the quarter, and a member's word on cards to their own unit."""

import re
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.volunteers import partners

_FIGURES: Final = re.compile(
    r"(?:看一?下?|查一?下?)?(?:我们|本|我)?(?:单位)?(?P<last>上季度|上个季度)?(?:本季度)?的?"
    r"(?:共建单位|合伙人|红领合伙人|共建)(?:的?(?:贡献|情况|数据?|台账|名单|出力))?[？?。]?"
)
_CARD: Final = r"(?:我的?)?(?:每季度的?)?(?:(?:季度|贡献|服务)卡片?|感谢卡|卡片)"
_UNIT: Final = r"(?:发|寄|送|转)(?:给|到|去)?(?:我们?的?|咱们?的?)?单位[吧了啊。！]*"
_AGREE: Final = re.compile(rf"我?(?:可以|同意|请|愿意)?(?:每季度)?[把将]?{_CARD}(?:可以|都)?{_UNIT}")
_DISAGREE: Final = re.compile(rf"我?(?:请)?(?:不要|不用|别|不可以|不同意)(?:再)?(?:每季度)?[把将]?{_CARD}{_UNIT}")
_TO_UNIT: Final = re.compile(
    r"(?:发|寄|送|转)(?:给|到|去)?(?:我们?|咱们?)?的?单位|给(?:我们?|咱们?)?的?单位(?:再|也)?(?:发|寄|送|转)"
    r"|(?:告诉|通知|知会|让|叫)(?:我们?|咱们?)?的?单位"
)
_NO: Final = re.compile(
    r"不(?!要紧|介意|反对|是|知|错)|别(?!的|人|家|处)|取消|停(?!车|水|电)|撤回|收回|算了|没有?同意"
)
_ASKS: Final = re.compile(r"怎么|为什么|为啥|能不能|可不可以|是不是|有没有|要不要|会不会|[吗呢?？]|D?\d{3,}")
_SHOWN: Final = 12


def run(turn: Turn) -> bool:
    """Sentences about partners and cards; returns whether it was one."""
    text = turn.inbound.text.strip()
    if len(text) > 40:
        return False
    for pattern, agreed in ((_AGREE, True), (_DISAGREE, False)):
        if pattern.fullmatch(text):
            _word(turn, agreed=agreed)
            return True
    if _taken_back(turn, text):
        _word(turn, agreed=False)
        return True
    if turn.speaker.posts and (match := _FIGURES.fullmatch(text)):
        _figures(turn, last=bool(match["last"]))
        return True
    return False


def _taken_back(turn: Turn, text: str) -> bool:
    """Any plain no to something going to the unit, from who has said yes: a yes is taken back as easily."""
    member = turn.register.members.get(turn.person_id)
    if member is None or not (member.unit_card or "卡" in text):
        return False
    return bool(_TO_UNIT.search(text) and _NO.search(text)) and _ASKS.search(text) is None


def _word(turn: Turn, *, agreed: bool) -> None:
    if not partners.agree(turn.tx, turn.person_id, agreed=agreed):
        turn.say("thanks.no_member")
        return
    member = turn.register.members[turn.person_id]
    turn.say("thanks.agreed" if agreed else "thanks.not_agreed", unit=member.unit or "您的单位")


def _figures(turn: Turn, *, last: bool) -> None:
    """Staff of the community see all partners, a unit itself."""
    quarter = partners.before(partners.now(turn.tx)) if last else partners.now(turn.tx)
    found = partners.figures(turn.tx, quarter)
    own = {p.organisation_id for p in turn.speaker.posts if p.organisation_id}
    mine = turn.speaker.role != "secretary"
    names = {key: turn.register.organisations[key].name for key in found}
    rows = sorted((key for key in found if not mine or key in own), key=lambda key: -sum(found[key].values()))
    lines = [f"{names[key]}：{_given(turn, found[key])}" for key in rows[:_SHOWN]]
    turn.say("thanks.figures" if lines else "thanks.none", quarter=quarter.name, lines="\n".join(lines))


def _given(turn: Turn, given: dict[str, int] | object) -> str:
    told = partners.lines(turn.tx, given if isinstance(given, dict) else {})
    return "，".join(f"{name} {number}" for name, number in told) or "还没有"
