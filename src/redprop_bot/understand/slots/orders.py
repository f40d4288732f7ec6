# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Order numbers: D20261122-0007, 12号单, 单子1024, 五十五号单, 14、16两单, 7跟12; the kept one and the excepted ones."""

import re

from redprop_bot.understand.numerals import NUMBER, to_int
from redprop_bot.understand.slots.span import Span

_N = f"(?:[0-9]{{1,6}}|{NUMBER}{{1,5}})"
_JOIN = r"\s?(?:[、,，和跟与及还有同/]|以及|还有|\s){1,2}\s?"
_FULL = r"[a-z]\d{8}-\d{3,6}"
_LIST = rf"{_N}(?:号)?(?:{_JOIN}{_N}(?:号)?){{0,8}}"
_STRONG = (
    re.compile(rf"(?P<n>{_FULL}(?:{_JOIN}{_FULL}){{0,8}})"),
    re.compile(
        rf"(?P<n>{_LIST})(?:的)?(?:那|这)?(?:[两三四五六]?[个张条件]?)?(?:工单|派单|单子|单(?!元|位|价|独|身|据|号))"
    ),
    re.compile(
        rf"(?:工单|单子|单号|订单|派单|编号)(?:号)?[:： #是]{{0,2}}(?P<n>{_LIST})(?![0-9]|天|个|小时|点|月|人|年)"
    ),
    re.compile(r"(?<!元)单[:： ]?(?P<n>[0-9]{2,6})(?![0-9]|天|个|小时)"),
)
_UNIT_AFTER = (
    r"(?!\s?(?:天|个|点|人|户|元|块|月|日|年|楼|栋|幢|座|单元|室|米|小时|分|票|次|位|多|来|度|门|期|年|周|条|家|名|把|处|盏"
    r"|部|台|根|套|路|斤|平|岁|层|[-:：/.%]|[0-9]))"
)
_NOT_PLANNED = "(?<!大概|预计|争取|最晚|最迟|估计|计划|打算|可能)"
_WEAK = (
    re.compile(rf"(?:以|保留|留下?|跟着|跟|归)(?P<n>{_N})号?(?=为主|为准|走|名下|里|[,，。]|$)"),
    re.compile(
        rf"(?<![0-9月第周\-:：.a-z初]){_NOT_PLANNED}(?P<n>{_LIST})号(?=那|这|的|已|修|接|退|可|办|弄|搞|,|，|。| |$|派|转|归|并|完|好|申|延|不|也|先|打|就|干|做|重|我|给|是|再|还|结|[^楼栋幢院线商])"
    ),
    re.compile(rf"(?<![0-9a-z\-:：./])(?P<n>[0-9]{{1,6}}(?:{_JOIN}[0-9]{{1,6}}){{1,8}}){_UNIT_AFTER}"),
    re.compile(rf"(?<![0-9a-z\-:：./])(?P<n>[0-9]{{3,6}}){_UNIT_AFTER}"),
    re.compile(rf"(?:^|[,，。;；、 ])(?P<n>[0-9]{{1,3}}){_UNIT_AFTER}(?=[\u4e00-\u9fff])"),
)
_NOT_A_DAY = r"(?![0-9楼栋幢院线商门梯馆上下早晚中前]|之前|以前|开会|的会|去|来)"
_HANDED = r"接单|接了|接下|收到|认领|接|退单|退回|退|办结|完成|关单|关掉|归档|派单|改派|转派|派|催办|催一下|催|查一下|查下|查|合并|升级|帮|把"
_DEALT = (
    r"接单|接了|接下|已?接|认领|办结|完成|办好|办完|弄好|修好|修完|做好|做完|搞定|退单|退回|退|做不了|干不了|不归|派给|派(?!人)|转给|改派|转派|交给"
    r"|升级|上报|并|归[到入]|合并|延期|申请|关单|关掉|关闭|归档|结单|销号|结案|在修|在处理|处理|进度|办得|到哪|缺|没配件"
)
_MERGED = r"并到|并进|并入|归到|归入|合到|合进|合并到|合入"
_NUMBERED = rf"{_N}号(?:{_JOIN}{_N}号?){{0,8}}|{_N}(?:{_JOIN}{_N}){{0,8}}号"
_VERBAL = (
    re.compile(rf"(?:{_MERGED})[ :：]?(?P<n>{_N})号?{_NOT_A_DAY}"),
    re.compile(rf"(?<![0-9月第周\-:：/.])(?P<n>{_LIST})号?[ ,，]?(?=(?:都|也|一起|全部?|给)?(?:{_MERGED}))"),
    re.compile(rf"(?:{_HANDED})[ :：,，]{{0,2}}(?P<n>{_NUMBERED}){_NOT_A_DAY}"),
    re.compile(
        rf"(?<![0-9月第周初\-:：/.№]){_NOT_PLANNED}(?P<n>{_NUMBERED})[ ,，:：]?(?=(?:已经?|都|我们?|全部?|也|先|给|可以|就)?(?:{_DEALT}))"
    ),
    re.compile(rf"(?:延期|申请延期|宽限)[ :：]{{0,2}}(?P<n>{_N}号)(?=[ ,，]?.{{0,3}}天)"),
    re.compile(rf"(?:{_HANDED})[ :：]{{0,2}}(?P<n>[0-9]{{1,4}}(?:{_JOIN}[0-9]{{1,4}}){{0,8}})(?=[,，。;；]|$)"),
)
_PART = re.compile(rf"{_FULL}|{_N}")
_INTO = re.compile(
    r"(?:并到|并进|并入|归到|归入|合到|合进|合并到|合入|挂到|挂在|算到|到|进|以|留|留下|保留|跟着|归|为主)[ :：]{0,2}$"
)
_INTO_AFTER = re.compile(r"^(?:号)?(?:单|那单|那个|这单)?(?:为主|为准|里头|里面|里|上|名下|留着|保留|去)")
_EXCEPT = re.compile(r"(?:除了?|除开|除去|不含|不算|不包括|抛开|撇开)[ :：]{0,2}$")


def _numbers(text: str) -> str:
    parts = []
    for match in _PART.finditer(text):
        if "-" in match[0]:
            parts.append(match[0].upper())
        else:
            value = to_int(match[0])
            if value is not None:
                parts.append(str(value))
    return ",".join(dict.fromkeys(parts))


def _collect(text: str, patterns: tuple[re.Pattern[str], ...], taken: list[Span]) -> list[Span]:
    found: list[Span] = []
    for pattern in patterns:
        for match in pattern.finditer(text):
            start, end = match.start("n"), match.end()
            if any(start < span.end and span.start < end for span in (*taken, *found)):
                continue
            counted = len(match["n"]) == 1 and not match["n"].isdigit() and "号" not in match[0]
            number = "" if counted else _numbers(match["n"])  # 挂一单 counts, 一号单 names
            if number:
                found.append(Span(start, end, {_kind(text, match): number}))
    return found


def _kind(text: str, match: re.Match[str]) -> str:
    before = text[max(0, match.start("n") - 6) : match.start("n")]
    after = text[match.end("n") : match.end("n") + 6]
    if _EXCEPT.search(before):
        return "except"
    if _INTO.search(before) or _INTO_AFTER.search(after):
        return "into"
    return "order"


def strong(text: str) -> list[Span]:
    """Numbers that can be nothing else, whoever speaks."""
    return sorted(_collect(text, _STRONG, []), key=lambda span: span.start)


def verbal(text: str, taken: list[Span]) -> list[Span]:
    """N号 beside a verb of orders, said by those who work on orders: an order, not a day of the month."""
    return sorted(_collect(text, _VERBAL, taken), key=lambda span: span.start)


def weak(text: str, taken: list[Span]) -> list[Span]:
    """Bare numbers that are orders when staff speak about orders; `text` has everything else masked."""
    return sorted(_collect(text, _WEAK, taken), key=lambda span: span.start)


def join(spans: list[Span], *, merging: bool = False) -> dict[str, str | int]:
    """One value per slot, numbers in order of mention; `into` counts only when orders are merged."""
    out: dict[str, list[str]] = {}
    for span in spans:
        for name, value in span.slots.items():
            slot = "order" if name == "into" and not merging else name
            out.setdefault(slot, []).extend(str(value).split(","))
    return {name: ",".join(dict.fromkeys(values)) for name, values in out.items()}
