# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Places outdoors, in the speaker's words: 东门岗亭旁边, 地下车库B2, 中心花园, 东边那块空地."""

import re
from collections.abc import Iterable, Mapping

from redprop_bot.understand.features import ADDRESS, ESTATE

_SIDE = r"(?:[东西南北]{1,2}[边侧面角头区]?|[前后左右][边面侧]|旁边|中心|中央|中间|儿童|[一二三四]期|[a-z]区|[一二三四负地][一二三]?层?|地下|老|大|小|新|正|侧|社区|沿[河湖街路]|临[河街]|靠[河路街]|(?<![0-9])[一二三1-9]号)"
_TAIL = r"(?:门口|入口|进口|出口|旁边|旁|对面|拐角处?|拐弯处?|附近|那边|这边|那块|那里|那儿|这儿|[东西南北]{1,2}[侧边面角头]|里头|里面|角落|边上|后面|前面|后头|前头|中间|底下|下面|外面|外头|里边|外边|最里[头面边]|进来(?:[右左]手边?|[左右]边)?|进门(?:[右左]手边?|[左右]边)?|后墙|[右左]手边|出去(?:[左右]拐|[左右]手边?|[左右]边)|[右左]拐)"
_LEVEL = r"(?:[a-z]\d?[-区]\d{2,4}(?:号?车?位)?|[a-z]\d?(?:区|(?![a-z0-9区]))|负?[一二三123]层|[一二三四五1-5]楼|靠[\u4e00-\u9fff]{1,4}[口边门处]|[a-z]?\d{1,4}号?车位|口(?!味))"
_POINT = r"(?:的?[那这]?[块片个条处排]?)"
_THAT = r"的?[那这][块片条处排][\u4e00-\u9fff]{0,2}?"  # 后面那条臭水沟
# 解放路菜市场, 人民路那边: the road belongs to the name; 走路那边, 这条路 is none.
_ROAD = r"(?:(?<![一-龥])|(?<=[在到从去]))(?![一这那整走修上下半马拦堵过])[一-龥]{2,3}(?<![条的段大小])(?:路|大街|大道)"
_SLOT = re.compile(
    r"(?:车位|产权位|位)(?:是|号|在)?(?P<n>(?:[a-z]\d?-?|负[一二三]-?)\d{2,4})|(?<![0-9a-z\-])(?P<m>(?:[a-z]\d?[-区]?)?\d{1,4}号车位|[a-z]\d?[-区]?\d{2,4}车位|[a-z]\d-0\d{2,3}(?![0-9])|(?:b[1-3]|负[一二三1-3])层?的?[a-z]区?[-]?\d{2,4}(?:号?车?位)?)"
)
_CORNER = r"小区[里的]?[东西南北]{1,2}[边侧面角头]|[东西][南北]角"
_DOORSTEP = re.compile(
    r"(?:[一二三四五1-5]楼|单元|楼|家)?门(?:口|外头|外面|外|里头|前|后|旁边|旁)"
)  # of a house: no place of its own
_DOOR_OF = re.compile(r"[阀箱柜元房车窗户闸家防屋梯]$")  # 阀门那儿, 冰箱门那边
_RUN_TO = re.compile(r"[跑上蹲找]$")  # 天天跑公厕: what comes of it, not where it is
_LOOSE_END = re.compile(r"(?:的?[那这][边里儿]|的?[那这]一?排(?:路|灯|树)?|的?[那这]条|边上)$")
_SOMEWHERE = re.compile(r"[的那里前门旁边对口]|(?<=[口边旁])")  # 中心花园的灯: something that is there
_AT = re.compile(r"[在到给从往去靠离]$")
_MOVED = re.compile(r"(?:搬到|移到|挪到|迁到|改到|改在|移至|搬至|设在|装在|建在|放在|定在|地点[:：在是]?)")


_BEGUN = {
    "路": "灯障牌况人过费车",
    "门": "禁铃锁窗把框",
    "学校": "长服",
    "小学": "生校",
    "银行": "卡",
    "出口": "成",
    "一路": "车",
}
"""A noun of one character that often begins another thing: 旁边路灯 is a lamp, not a road."""


# 黑了一路, 站一院子人: a measure; 唯一的出口: the only one.
_MEASURE = re.compile(
    r"(?:(?<=唯)一的?|一(?:条|个|整个?|家)?的?)(?:老|小|大)?(?:路|院子|院坝|街|门|沟|河|巷子?|走廊|通道|出口|楼道|广场|工地|台阶|坡道)$"
)


def _whole(noun: str) -> str:
    return re.escape(noun) + (f"(?![{_BEGUN[noun]}])" if noun in _BEGUN else "")


class PlaceWords:
    """The nouns of places.

    `firm` ones are places wherever they stand; `loose` ones with 在, 到, a direction or an estate; `vague` ones only
    with a direction or what lies beside them; `more` ones follow another place (滑梯底下 of 儿童乐园).
    """

    def __init__(self, words: Mapping[str, Iterable[str]] | None = None) -> None:
        groups = words or {}
        firm, loose, vague, more = (
            "|".join(map(_whole, sorted(groups.get(name, ()), key=len, reverse=True))) or "(?!)"
            for name in ("firm", "loose", "vague", "more")
        )
        behind = rf"(?:的?(?:{_TAIL}|{_LEVEL}|{firm}|{loose}|{more})|{_THAT}(?:{firm}|{loose}|{vague})){{0,3}}"
        gates = r"[东西南北]{1,2}大?门|小区大?门口?|[正后侧]门"
        at = rf"(?:(?<=[在到从去])|(?<={ESTATE})|(?<={ADDRESS})(?!门|出口|入口))"
        self._indoors = re.compile("|".join(map(re.escape, groups.get("indoors", ()))) or "(?!)")
        self._bare = re.compile(rf"(?!{gates})(?:{firm}|{loose})")
        self._strict = re.compile(
            rf"(?:{_SIDE})?(?:{gates}){behind}|(?<=[在到从去])(?:{_SIDE})?(?:{firm}|{loose}){behind}|(?:{firm}|{loose}){_TAIL}{behind}"
            rf"|[东西南北]{{1,2}}[边侧面角头区]?(?:{_POINT}|{_THAT})(?:{firm}|{loose}|{vague}){behind}"
        )
        self._pattern = re.compile(
            rf"{_ROAD}(?:{firm}|{loose}|{_TAIL}|(?:{vague}){_TAIL}){behind}|(?:{_CORNER})(?:{_POINT}(?:{firm}|{loose}|{vague}))?{behind}"
            rf"|(?:{_SIDE}{{0,2}}|[一二三四五1-5]楼)(?:{firm}){behind}"
            rf"|{_SIDE}(?:{_POINT}|{_THAT})(?:{loose}|{vague}){behind}"
            rf"|{at}(?:{loose}){behind}"
            rf"|(?:{loose}|{vague}){_TAIL}{behind}"
        )

    def indoors(self, text: str) -> bool:
        """Whether the place found is a facility that is spoken of, with nobody said to be there (食堂太咸)."""
        found = self.find(text)
        if found is None or not self._indoors.search(text[found[0] : found[1]]):
            return False
        return self._strict.search(text) is None

    def spoken_of(self, text: str) -> bool:
        """Whether the place found is itself what is to be different: 篮球场能不能早点关灯, 停车场太小."""
        found = self.find(text)
        if found is None or self._bare.fullmatch(text, *found) is None:
            return False
        return not (_SOMEWHERE.match(text, found[1]) or _AT.search(text[: found[0]]))

    def find(self, text: str, *, topic: bool = False) -> tuple[int, int] | None:
        """The span of the place named: where something goes to, else the first one.

        With `topic` only what is told as a place counts: in 社区食堂几点开门 nobody is there.
        """
        if topic:
            said = self._strict.search(text)
            return _span(said) if said else None
        slot = _SLOT.search(text)
        first = next((m for m in self._pattern.finditer(text) if not _nowhere(text, m)), None)
        if slot and not (first and first.start() <= slot.start() < first.end()):
            group = "n" if slot["n"] else "m"
            return slot.start(group), slot.end(group)
        for moved in _MOVED.finditer(text):
            target = self._pattern.match(text, moved.end())
            if target:
                return _span(target)
        return _span(first) if first else None


def _nowhere(text: str, found: re.Match[str]) -> bool:
    """Whether what looks like a place is none: somebody's own door, a measure, or where one has to run."""
    if found[0][0] == "门" and _DOOR_OF.search(text[: found.start()]):
        return True
    if found[0] in ("大门", "小门", "老门", "新门"):  # of a box, of a job
        return True
    if _DOORSTEP.fullmatch(found[0]) or (_RUN_TO.search(text[: found.start()]) and "厕" in found[0]):
        return True
    measure = _MEASURE.search(text, max(0, found.start() - 2), found.end())
    return measure is not None and measure.start() <= found.start()


def _span(found: re.Match[str]) -> tuple[int, int]:
    """Without the pointing that trails a name: 东门那边, 篮球场边上, 南门那排路灯."""
    loose = _LOOSE_END.search(found[0])
    return found.start(), found.end() - (len(loose[0]) if loose and loose.start() > 1 else 0)
