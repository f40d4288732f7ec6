# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Building, unit and room in every written form; the estate is the gazetteer's.

三号楼贰单元五零一 · 3-2-501 · 3#2单元501 · 12#1904 · 2门401 · 八动一单元一一零二 (voice) · 桂花园/8/1/1203 · A座 · 住六零二的
"""

import re

from redprop_bot.understand.features import ESTATE
from redprop_bot.understand.numerals import CHINESE, NUMBER, digits_only, to_int
from redprop_bot.understand.slots.span import Span

_N = f"{NUMBER}{{1,4}}"
_ROOM = rf"(?:[0-9]{{3,4}}|[{CHINESE}]{{3,4}}|[{CHINESE}]{{1,2}}[百佰千仟][{CHINESE}百佰十拾]{{0,6}})"
_AFTER = r"(?![0-9]|[号]?(?:天|块|元|平|个|年|多|人|户|分|次|米|斤|度|瓦|万|辆|单(?!元)|号楼|栋|幢))"
_BUILDING = re.compile(
    rf"(?P<n>[a-z]?[0-9]{{1,3}}[a-z]?|[a-z]|[甲乙丙丁]|{_N})"
    rf" ?(?P<w>号院?楼|号(?=[0-9{CHINESE}一二三四五六]单元)|号(?=[0-9]{{3,4}}(?:[室房户,，。.!！?？、 的我家楼漏水渗厨卫阳门停没堵跳灯住老有修]|$)|[{CHINESE}]{{3}}(?:[室房户,，。的家]|$))|栋|幢|座(?!位|谈|椅|机|垫)|棟|#楼?|楼(?={NUMBER}单元)|[动洞冻懂](?={NUMBER}单元|[0-9]{{3,4}}|[{CHINESE}]{{3}}))"
)
_UNIT = re.compile(
    rf"(?P<n>(?<![0-9])[0-9]{{1,2}}|(?<![这那整])[{CHINESE}]{{1,4}}|[a-z甲乙丙丁]) ?(?:号?单元|单员|门洞|门栋|门(?=[0-9{CHINESE}]{{3}}))"
)
_DOOR = re.compile(rf"(?P<n>{NUMBER}{{1,2}})门(?![口禁卫岗铃锁面诊前外球])")
_ROOM_NAMED = re.compile(rf"(?<![0-9a-z.{CHINESE}])(?P<n>{_ROOM})(?:室|号房|房间|房(?!东|子|租))")
_ROOM_BARE = re.compile(rf"[ ,，、/的]{{0,2}}(?P<n>{_ROOM})(?:室|房|号)?{_AFTER}")
_ROOM_SAID = re.compile(
    rf"(?:住在|住|我是|我家是|这边是|这里是|我们|我家|房号|门牌|室号|我(?=[{CHINESE}]{{3,4}}的))[:：是]?(?P<n>{_ROOM})(?![0-9{CHINESE}])"
    rf"(?=的|[,，。.!！?？ ]|$|室|住户|业主|户|这|家|厨|卫|客|阳|楼|窗|门|漏|渗|没|停|停水)"
)
_ROOM_LOOSE = re.compile(
    r"(?<![0-9a-z./:：#￥-])(?P<n>[1-9]\d?0[1-9]|[1-9]\d?1[0-2])(?![0-9./:：-])"
    r"(?=的|厨|卫|客|阳台|家|门口|室|住户|业主|楼上|楼下|那户|这户|户|漏|渗|停[水电]|没[水电]|堵|跳闸|,|，|。|$| |[、和跟][1-9]\d{2,3}(?!\d))"
)
_ROOM_READ = re.compile(  # between two stops behind a house, read out digit by digit
    r"(?<=[,，、 ])(?P<n>[一二三四五六七八九][一二三四五六七八九零]?(?:[零〇][一二三四五六七八九]|[一幺][零〇一二幺]))(?=[,，。 的]|$)"
)
_LABELLED = re.compile(  # a form filled in: 楼号：6 单元：1 室：202
    rf"(?:楼栋号?|楼号|栋号|幢号)[:： 是]{{0,2}}(?P<b>[a-z]?\d{{1,3}}|{_N})(?:号楼|[栋幢座楼])?(?!\d)"
    rf"(?:[,，、;； /]{{0,2}}单元号?[:： 是]{{0,2}}(?P<u>{NUMBER}{{1,2}}))?"
    rf"(?:[,，、;； /]{{0,2}}(?:房间?号|室号|室|门牌号?|户号)[:： 是]{{0,2}}(?P<r>{_ROOM})(?!\d))?"
)
_ROOM_LIVED = re.compile(
    r"(?<![0-9a-z./:：#￥-])(?P<n>[1-9]\d?0[1-9]|[1-9]\d?1[0-2])(?=厨|卫|客|阳台|家|门口|室|住户|业主|楼上|楼下|那户|这户|户)"
)
_ROOM_SPEAKS = re.compile(  # 1504嫌楼上吵, 602想申请低保: of the house that was visited
    r"(?:^|(?<=[,，。;；:：、 \n]))(?P<n>[1-9]\d?0[1-9]|[1-9]\d?1[0-2])(?=[嫌说讲想求盼提托问缺要]|反映|抱怨|希望|建议|家|户|室|老)(?!要?单|[要提]前|家物业)"
)
_HYPHEN3 = re.compile(
    r"(?<![0-9a-z.])(?P<b>[a-z]?\d{1,3}|[a-z])\s?(?:(?:[#栋幢座]|号楼)\s?[-－—–/~.·、]?|[-－—–/~.·、])\s?(?P<u>\d{1,2})(?:单元)?\s?[-－—–/~.·、]\s?(?P<r>\d{3,4})(?![0-9]|[-/]\d)"
)
_HYPHEN2 = re.compile(r"(?<![0-9a-z.\-])(?P<b>[a-z]?\d{1,2})\s?[-－—–/杠]\s?(?P<r>\d{3,4})(?![0-9]|[-/:]\d)")
_SPOKEN3 = re.compile(
    rf"(?P<b>{NUMBER}{{1,2}})[杠之的幺](?P<u>{NUMBER}{{1,2}})[杠之的](?P<r>{_ROOM})(?![0-9{CHINESE}])"
)
_LETTERED = re.compile(
    rf"(?<={ESTATE})[的 ]?(?P<n>[a-z][0-9]{{1,2}})(?![0-9a-z#/\-栋幢座楼号区层]|地?下?车?库|车位|停车)"
)
_LETTERED_ALONE = re.compile(r"(?:在|是|我是|就)?(?P<n>[a-z][0-9]{1,2})(?=的|那|这|[,，。！! ]|$)")
_DASHED = re.compile(rf"[杠之]|(?<={NUMBER})的(?={NUMBER})")
_COUNTED = re.compile(r"(?<![整这那])个$|[每各]$")  # 三个单元; 整个2单元 is one
_THAT = re.compile(r"的?那个")
_PARKING = re.compile(r"(车位|产权位|位|库)[ :：]{0,2}$")
_BLOCK = re.compile(r"([a-z])(?:区|座|块)$")


def _number(text: str) -> str:
    """3 → 3, 十二 → 12, a3 → A3, 甲 stays."""
    text = text.strip()
    if re.fullmatch(r"[a-z]?\d*[a-z]?", text):
        return text.upper().lstrip("0") or text
    value = to_int(text)
    return text if value is None else str(value)


def _room(text: str) -> str:
    if re.fullmatch(r"\d+", text):
        return text
    if any(c in "百佰千仟" for c in text):
        value = to_int(text)
        return "" if value is None else str(value)
    return digits_only(text)


def _hyphenated(text: str) -> list[Span]:
    found = []
    for match in _LABELLED.finditer(text):
        labelled: dict[str, str | int] = {"building": _number(match["b"])}
        if match["u"]:
            labelled["unit"] = _number(match["u"])
        if match["r"]:
            labelled["room"] = _room(match["r"])
        found.append(Span(match.start(), match.end(), labelled))
    for match in _HYPHEN3.finditer(text):
        year = match["b"].isdigit() and len(match["b"]) == 4
        if not year:
            slots = {"building": _number(match["b"]), "unit": _number(match["u"]), "room": match["r"]}
            found.append(Span(match.start(), match.end(), slots))
    taken = [(span.start, span.end) for span in found]
    for match in _HYPHEN2.finditer(text):
        inside = any(start < match.end() and match.start() < end for start, end in taken)
        garage = match["r"][0] == "0" and match["b"][:1].isalpha()  # B1-033 is where a car stands
        if inside or garage or _PARKING.search(text[max(0, match.start() - 6) : match.start()]):
            continue
        found.append(Span(match.start(), match.end(), {"building": _number(match["b"]), "room": match["r"]}))
    for match in _SPOKEN3.finditer(text):
        if _DASHED.search(match[0]):
            slots = {
                "building": _number(match["b"]),
                "unit": _number(match["u"]),
                "room": _room(match["r"]),
            }
            found.append(Span(match.start(), match.end(), slots))
    return found


def _floor_like(text: str, match: re.Match[str]) -> bool:
    """一栋楼, 整栋, 那栋, 一座山: counted or pointed at, not numbered."""
    before = text[max(0, match.start() - 1) : match.start()]
    if match["n"] in ("一", "两") and match["w"] in ("栋", "幢", "座"):
        after = text[match.end() : match.end() + 2]
        if match["w"] == "座" and after[:1] not in ("▲", "") and not _UNIT.match(text, match.end()):
            return True
        if before == ESTATE or after[:2] in ("楼顶", "楼道", "楼梯", "楼下", "楼前", "楼后"):
            return False
        return before in tuple("同这那哪有整另每后前的几") or after[:1] in ("楼", "房")
    return before in ("几", "十几", "多", "第") and match["w"] in ("栋", "幢", "座")


def _chained(text: str) -> list[Span]:
    """Building, then unit and room where they follow."""
    found: list[Span] = []
    at = 0
    while match := _BUILDING.search(text, at):
        at = match.end()
        if _floor_like(text, match):
            continue
        slots: dict[str, str | int] = {"building": _number(match["n"])}
        end = match.end()
        unit = _UNIT.match(text, _skip(text, end)) or _DOOR.match(text, end)
        if unit:
            slots["unit"], end = _number(unit["n"]), unit.end()
        room = _ROOM_BARE.match(text, _past_that(text, end))
        if room and _room(room["n"]):
            slots["room"], end = _room(room["n"]), room.end()
        found.append(Span(match.start(), end, slots))
        at = end
    return found


def _past_that(text: str, at: int) -> int:
    """一单元的那个二零三."""
    that = _THAT.match(text, at)
    return that.end() if that else at


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " ,，、的/-":
        at += 1
    return at + 2 if text.startswith("那个", at) and _UNIT.match(text, at + 2) else at  # 五栋的那个一单元


def _units_alone(text: str, taken: list[Span]) -> list[Span]:
    found = []
    for match in _UNIT.finditer(text):
        if _free(match.start(), match.end(), taken) and not _COUNTED.search(
            text[max(0, match.start() - 2) : match.start()]
        ):
            slots: dict[str, str | int] = {"unit": _number(match["n"])}
            end = match.end()
            room = _ROOM_BARE.match(text, end)
            if room and _room(room["n"]):
                slots["room"], end = _room(room["n"]), room.end()
            found.append(Span(match.start(), end, slots))
    return found


def _free(start: int, end: int, taken: list[Span]) -> bool:
    return all(end <= span.start or span.end <= start for span in taken)


def doors(text: str) -> list[Span]:
    """The rooms whose people are told to speak, in what is written of a visit."""
    return [Span(m.start("n"), m.end("n"), {"room": m["n"]}) for m in _ROOM_SPEAKS.finditer(text)]


def lettered(text: str) -> dict[str, str | int]:
    """A1, B2的: the building in an answer to "where?"; elsewhere B2 may be a floor under the ground."""
    found = _LETTERED_ALONE.match(text)
    return {"building": _number(found["n"])} if found else {}


def find(text: str, *, staff: bool = False) -> list[Span]:
    """All addresses with their spans, in order; parts that belong together in one span.

    A bare number is a room when a resident says it; the staff mean an order, unless it is lived in (1202业主).
    """
    found = _hyphenated(text)
    found += [span for span in _chained(text) if _free(span.start, span.end, found)]
    behind = _LETTERED.finditer(text) if ESTATE in text else ()
    letters = [Span(m.start("n"), m.end(), {"building": _number(m["n"])}) for m in behind]
    found += [span for span in letters if _free(span.start, span.end, found)]
    found += _units_alone(text, found)
    said = [match for match in _ROOM_SAID.finditer(text) if _free(match.start("n"), match.end("n"), found)]
    if said:
        found += [Span(m.start("n"), m.end("n"), {"room": _room(m["n"])}) for m in said[:1] if _room(m["n"])]
    else:
        for pattern in (_ROOM_NAMED, _ROOM_LIVED if staff else _ROOM_LOOSE):
            for match in pattern.finditer(text):
                if _free(match.start("n"), match.end("n"), found) and _room(match["n"]):
                    found.append(Span(match.start("n"), match.end(), {"room": _room(match["n"])}))
    if found and not any("room" in span.slots for span in found):
        read = _ROOM_READ.search(text, found[0].end)
        if read and _free(read.start(), read.end(), found):
            found.append(Span(read.start(), read.end(), {"room": _room(read["n"])}))
    return sorted(found, key=lambda span: span.start)
