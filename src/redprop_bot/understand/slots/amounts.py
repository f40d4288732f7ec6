"""Days asked for and stars given."""

import re

from redprop_bot.understand.numerals import CHINESE, NUMBER, to_int

_DAYS = re.compile(
    rf"(?P<n>(?:{NUMBER}|俩|仨){{1,3}})\s?(?:个)?(?P<u>工作日|自然日|天|日(?!前|晚|上|下)|周|星期|礼拜|月)(?!前|后开|报|度)"
)
_HALF_MONTH = re.compile(r"半个?月")
_NO_AMOUNT = re.compile(r"[第周月号]$")
_VAGUE = re.compile(rf"[{CHINESE}]{{2}}")  # 两三天, 三五天
_ASKED = re.compile(r"(?:延期?|宽限|缓|推迟|推后|顺延|往后|再|多|加|给|限|晚|挪|要|内)[^,，。;；!！]{0,6}$")
_STARS = re.compile(r"(?P<n>[1-5一二两三四五])\s?(?:颗)?(?:个)?(?:星|顆星|⭐|🌟|分(?![不钱没之儿到钟]))")
_POINTS = re.compile(r"(?<![0-9第])(?P<n>[0-9]{1,3}|[零一二三四五六七八九十百]{1,4})分(?![不钱没之儿到钟])")
_STAR_SIGNS = re.compile(r"[⭐🌟★]")
_FULL = re.compile(r"满分|满星|全五星|全5星")
_HIGHEST, _TEN, _MOST = 5, 10, 100
_BARE = re.compile(r"\s*([1-5一二三四五])\s*[分星颗]?\s*[。.!！]*\s*")
LATER = re.compile(
    r"延期|延后|延[到至长]|宽限|顺延|推迟|推后|[缓晚][几一两三二俩0-9]{1,2}个?[天周礼星]|往后[推挪拖]|再给[^,，。]{0,4}天"
)
_LIMIT = re.compile(r"之?以?内|[完办答修回整]|$|[,，。]")


def limit(text: str) -> int | None:
    """The number of days given to somebody: 限三天, 五日内, 半个月内; how long it has been leaking is none."""
    for match in _DAYS.finditer(text):
        value = _in_days(match)
        cued = _ASKED.search(text[max(0, match.start() - 8) : match.start()])
        if value is not None and (cued or match["u"] == "工作日" or _LIMIT.match(text, match.end())):
            return value
    half = _HALF_MONTH.search(text)
    return 15 if half is not None and _LIMIT.match(text, half.end()) else None


def days(text: str) -> int | None:
    """The number of days asked for: 三天, 5个工作日, 一周 (7), 半个月 (15); 再五天 goes before 下了三天雨."""
    first: int | None = None
    for match in _DAYS.finditer(text):
        if _NO_AMOUNT.search(text[: match.start()][-1:]) or _VAGUE.fullmatch(match["n"]):
            continue
        value = _in_days(match)
        if value is None:
            continue
        if _ASKED.search(text[max(0, match.start() - 10) : match.start()]):
            return value
        first = value if first is None else first
    if first is None and _HALF_MONTH.search(text):
        return 15
    return first


def _in_days(match: re.Match[str]) -> int | None:
    value, unit = to_int(match["n"].replace("俩", "两").replace("仨", "三")), match["u"]
    if value is None:
        return None
    if unit in ("周", "星期", "礼拜"):
        return value * 7 if value <= 8 else None
    if unit == "月":
        return value * 30 if value <= 6 and "个月" in match[0] else None
    return value


def stars(text: str) -> int | None:
    """Stars in a rating, 1 to 5; points of ten or of a hundred as stars: 打八分 is four, 60分 three."""
    points = _POINTS.search(text)
    if points and (given := to_int(points["n"])) is not None and given <= _MOST and not 1 <= given <= _HIGHEST:
        return max(1, round(given * _HIGHEST / (_TEN if given <= _TEN else _MOST)))
    match = _STARS.search(text)
    if match:
        return to_int(match["n"])
    if _FULL.search(text):
        return 5
    signs = len(_STAR_SIGNS.findall(text))
    return signs if 1 <= signs <= 5 else None


def bare_stars(text: str) -> int | None:
    """A lone number where a rating was asked for."""
    match = _BARE.fullmatch(text)
    return to_int(match[1]) if match else stars(text)
