# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Order numbers: D20261122-0007, 12号单, 单子1024, 五十五号单, 14、16两单, 7跟12; the kept one and the excepted ones."""

import re

from redprop_bot.understand.features import ORDER, TIME
from redprop_bot.understand.numerals import CHINESE, to_int
from redprop_bot.understand.slots.span import Span
from redprop_bot.understand.surnames import GIVEN, SURNAME

_CN = rf"[{CHINESE.replace('两', '')}十拾百佰千仟廿卅]"  # 四十四两单: the 两 counts
_N = f"(?:[0-9]{{1,6}}|{_CN}{{1,7}})"  # 一千二百三十四
_JOIN = r"\s?(?:[、,，和跟与及还有同/]|以及|还有|\s){1,2}\s?"
_FULL = r"[a-z]\d{8}-\d{3,6}"
_LIST = (  # 第五遍 and 11号三单 count
    rf"{_N}[号#]?(?:{_JOIN}(?:第(?!{_N}[遍便变次回趟轮]))?{_N}[号#]?|(?<=号){_N}号){{0,8}}"
)
_STRONG = (
    re.compile(rf"(?P<n>{_FULL}(?:{_JOIN}{_FULL}){{0,8}})"),
    re.compile(
        rf"(?P<n>{_LIST})(?:的)?(?:那|这)?(?:[两三四五六]?[个张条件]?)?(?:工单|派单|单子|单(?!元|位|价|独|身|据|号))"
    ),
    re.compile(
        rf"(?:工单|单子|单号|订单|派单|编号)(?:号)?[:： #是]{{0,2}}(?P<n>{_LIST})(?![0-9]|天|个|小时|点|月|人|年)"
    ),
    re.compile(r"(?<!元)单[:： ]?(?P<n>[0-9]{2,6}(?:[、,，和跟及][0-9]{2,6}){0,8})(?![0-9]|天|个|小时)"),
    re.compile(r"(?<![a-z])no\.? ?(?P<n>[0-9]{1,6})(?![0-9])"),
    re.compile(  # 38#已完工; 38#漏水 is a building
        r"(?<![0-9a-z])(?P<n>[0-9]{1,6}#(?:[、,，和跟][0-9]{1,6}#){0,8})(?=[ :：,，]?(?:单(?!元)|已|都|我们|接|退|收到|完工|完成|办[好完结]|修好|派[给单]|转[给派]|搞定))"
    ),
)
_UNIT_AFTER = (
    r"(?!\s?(?:天|个|点|人|户|元|块|月|日|年|楼|栋|幢|座|单元|室|米|小时|分|票|次|位|多|来|度|门(?![禁锁])|期|年|周|条|家|名|把|处|盏|热线|平台|电话|分钟|秒|颗|种|升(?!级)|吨|瓦|伏|兆|万|千|百|块钱|毛|级|码|届|季|代|班|样|口|张(?!单)|号(?:车库|车棚|门|岗|院|出口|入口|线|厅)"
    r"|部|台|根|套|路(?![面灯口沿牙])|斤|平|岁|层|[-:：/.%]|[0-9]))"
)
_NOT_PLANNED = "(?<!改到|推到|延到|拖到|挪到|缓到|等到|放到|大概|预计|争取|最晚|最迟|估计|计划|打算|可能)"
_WEAK = (
    re.compile(rf"(?:以|保留|留下?|跟着|跟|归|走|合|并)(?P<n>{_N})号?(?=为主|为准|走|名下|里|[,，。]|$)"),
    re.compile(
        rf"(?<![0-9月第周\-:：.a-z初]){_NOT_PLANNED}(?P<n>{_LIST})号(?=那|这|的|已|修|接|退|可|办|弄|搞|,|，|。| |$|派|转|归|并|完|好|申|延|不|也|先|打|就|干|做|重|我|给|是|再|还|结|[^楼栋幢院线商车门岗出入])"
    ),
    re.compile(rf"(?<![0-9a-z\-:：./])(?P<n>[0-9]{{1,6}}(?:{_JOIN}[0-9]{{1,6}}){{1,8}}){_UNIT_AFTER}"),
    re.compile(rf"(?<![0-9a-z\-./])(?<![0-9][:：])(?P<n>[0-9]{{3,6}}){_UNIT_AFTER}"),
    re.compile(r"(?:^|[,，。;；])(?P<n>[0-9]{4})(?=楼[板道梯顶面]|单元门)"),
    re.compile(rf"^(?P<n>[0-9]{{2,6}}|{_CN}{{2,5}})[:：]"),
    re.compile(rf"(?:^|[,，。;；、 ])(?P<n>[0-9]{{1,3}}){_UNIT_AFTER}(?=[\u4e00-\u9fff{TIME}])"),
    re.compile(r"[\u4e00-\u9fff][,，。;； ](?P<n>[0-9]{2,3})(?=[。.!！]?$)"),  # 先算进度吧，61
)
_NOT_A_DAY = r"(?![0-9楼栋幢院线商门梯馆上下早晚中前]|之前|以前|开会|的会|去|来)"
_HANDED = r"接单|接了|接下|收到|认领|接|退单|退回|退|办结|完成|关单|关掉|归档|派单|改派|转派|派|催办|催一下|催|提级|查一下|查下|查|合并|升级|帮|把"
_DEALT = (
    r"催|已?销|结[了掉吧]?|收到|接单|接了|接下|已?接|认领|办结|完成|完工|收工|办好|办完|弄好|弄完|弄利索|弄妥|整好|整完|修好|修完|做好|做完|干完|换完|装完|搞定|退单|退回|退|做不了|干不了|不归|派给|派(?!人)|转给|改派|转派|交给"
    r"|升级|上报|并|归[到入]|合并|延期|申请|关单|关掉|关闭|归档|结单|销号|结案|在修|在处理|处理|进度|办得|到哪|缺|没配件"
)
_MERGED = r"合并成|合成|并成|并到|并进|并入|并给|并在|归到|归入|归并到|合到|合进|合并到|合并进|合入|塞进|塞到|挂到|挂在|挪到|放到|放进|算到"
_ARROW = (
    r"并(?:入|到|进|给|在|至)?|并成|合(?:入|到|进|成|并到|并成)|挂[到在]|塞[到进]|放[到进]|归[到入进]?|->|→|=>|➡"
)
_NUMBERED = rf"{_N}号(?:{_JOIN}{_N}号?|{_N}号){{0,8}}|{_N}(?:{_JOIN}{_N}){{0,8}}号"
_VERBAL = (
    re.compile(
        rf"(?P<n>{_LIST})(?:号|单){{0,2}}(?:都|也|一起|全部?)?(?:{_ARROW}) ?第?(?P<into>(?!一[^二三四五六七八九十零百])(?!一$){_N})(?!栋|号楼|幢|楼|天|个|点)"
    ),
    re.compile(
        rf"(?:{_MERGED})[ :：]?(?:第)?(?P<n>{_N})(?:号(?![上下中]午|早上|晚上|之?以?前)|去|(?=里|名下|上|那)|(?!号){_NOT_A_DAY})"
    ),
    re.compile(rf"(?:除了?|除开|除去|不含|不算|不包括|抛开|撇开) ?(?P<n>{_LIST}){_UNIT_AFTER}"),
    re.compile(rf"(?:主单|主)(?:用|是|为|就用|选|[:：]) ?(?P<n>{_N}){_UNIT_AFTER}"),
    re.compile(
        rf"(?:^|[,，。;；、 ]|单子[啊呀呢]?|那个)(?P<n>{_CN}{{2,5}}(?:{_JOIN}{_CN}{{2,5}}){{0,8}})(?=[ ,，]?(?:两[单件条])?(?:全?都|也|一起|全部?|已经?|统统)?(?:{_DEALT}))"
    ),
    re.compile(rf"(?<![0-9月第周\-:：/.])(?P<n>{_LIST})号?[ ,，]?(?=(?:都|也|一起|全部?|给)?(?:{_MERGED}))"),
    re.compile(rf"(?:{_HANDED})[ :：,，]{{0,2}}(?P<n>{_NUMBERED}){_NOT_A_DAY}"),
    re.compile(
        rf"(?<![0-9月第周初\-:：/.№]){_NOT_PLANNED}(?<!{_CN})(?P<n>{_NUMBERED})[ ,，:：]?(?=(?:已经?|都|我们?|全部?|也|先|给|可以|就)?(?:{_DEALT}))"
    ),
    re.compile(  # 29号能结吗, 29号上周一修好了
        rf"^(?:喂|那个)?(?P<n>{_N}号)(?=(?:能不能|能|可不可以|要不要|该不该|是不是|怎么|什么时候|啥时候|上周|上个?星期|昨天|前天|刚刚|刚才|没人管|居民(?!代表|大会|议事|会))(?!.{{0,5}}(?:开会|召开|开个|休息|放假|上班)))"
    ),
    re.compile(  # 转给供水公司，29号
        rf"^[^{ORDER}]{{0,20}}(?:派给|派单给|转给|转派给?|改派给?|交给)[^,，。0-9{ORDER}]{{2,10}}[,，] ?(?P<n>{_N}号)(?=[。.!！]?$)"
    ),
    re.compile(rf"把[ :：]?(?P<n>[0-9]{{1,4}}|{_CN}{{2,5}})(?=号?(?:再?派|转|改派|交|退|关|归|结|销|催|提))"),
    re.compile(rf"(?:延期|申请延期|宽限)[ :：]{{0,2}}(?P<n>{_N}号)(?=[ ,，]?.{{0,3}}天)"),
    re.compile(rf"(?:{_HANDED})[ :：]{{0,2}}(?P<n>[0-9]{{1,4}}(?:{_JOIN}[0-9]{{1,4}}){{0,8}})(?=[,，。;；]|$)"),
)
_NO_ORDER = re.compile(  # a flat of which people speak: 1803赵建国签了字, 601漏下来的, 跟1803约了
    rf"[1-3]?[0-9](?:0[1-9]|1[0-2])(?:业主|住户|租户|房东|的人|漏[下到出]|没人(?:应|开门|在)|不在家|不给?开门|签[了字]|{SURNAME}{GIVEN})"
)
_WITH = re.compile(r"(?:^|[^一])(?:[跟约]|联系[了好]?)[ :：]?$")
_FLAT = re.compile(r"[1-3]?[0-9](?:0[1-9]|1[0-2])(?![0-9号单])(?!\s?(?:延|退|接|派|办|结|催))")
_CALLED = re.compile(r"[打拨报叫喊](?:了|过|完)?[ ]?$")
_EMERGENCY = re.compile(r"(?:11[09]|12[02])(?![0-9号单#])")
_CAME = re.compile(r"(?:11[09]|12[02])(?:已经?|都|也)?(?:到|来|说|把|的人)")
_PART = re.compile(rf"{_FULL}|{_N}")
_INTO = re.compile(
    r"(?:[并归合挂塞放算靠][到进入给在]|统一到|挂|[往向](?=[ :：第]{0,2}$)|(?<![使采])用|按|主单|[并合]成|合并到|[到进以归走合并]|跟着|为主|主单?(?:用|是|为|选)|主办|[到进][^,，。0-9]{1,6}的)[ :：第]{0,2}$"
)
_INTO_AFTER = re.compile(
    r"^号?(?:单|那单|那个|这单)?(?:为主|为准|里|上(?![午次周])|下面|底下|名下|去|当主|做主|作主|的号|走(?!了))"
)
_KEEP = re.compile(r"留(?:下|着)?[ :：第]{0,2}$")
_KEEP_AFTER = re.compile(r"^号?(?:单|那单|这单)?(?:就|先|要|得)?(?:留着|保留|留下|不动|别动|先?别|不用动)")
_EXCEPT = re.compile(r"(?:除了?|除开|除去|不含|不算|不包括|抛开|撇开)[ :：]{0,2}$")
_EXCEPT_AFTER = re.compile(r"^号?单?(?:除外|以外|之外|例外|不算)")
_FIRST = re.compile(
    r"(?:留|[并归合][给到入进]|以|用|主单是?)[^,，。]{0,3}(?:前|头|第一|上|先|早|老)[面边头一]?[那这]?[个条单张件者]"
)
_LAST = re.compile(
    r"(?:留|[并归合][给到入进]|以|用|主单是?)[^,，。]{0,3}(?:后|第二|下|新|晚)[面边头一]?[那这]?[个条单张件者]"
)
_TAKE_BACK = re.compile(r"(?:撤掉?|撤销|撤回|取消|作废|销掉|把)(?:单号)?[ :：]?$")
_TAKEN_BACK = re.compile(r"(?:那?个?单?子?)?(?:我)?(?:就|给我|帮我|请)?(?:撤|取消|作废|不要了|不用了|销掉)")
_SENT_BACK = re.compile(r"(?:退单?|退回|退掉|打回|不接)[ :：]?$")
_SENT_BACK_AFTER = re.compile(r"号?(?:单|那单)?(?:就|我们?)?(?:退|打回)")
# 接单2号，3号退了: the verb before a list is of what stands before its last comma, the other verb of what stands behind.
_TAKES = re.compile(r"(?:接单|接下|接了?|收到)[ :：]?$")
_REFUSES = re.compile(r"号?单?(?:就|我们?|都)?(?:退|不[归接是]|打回)")
_LEFT = re.compile(
    rf"号?单?的?(?:我们?|你们?|就)?(?:(?:先|暂时?)?(?:放(?:着|一放)|[别不](?:动|管|急|办)|再(?:等|看|放|说)|缓|继续[催盯等]|留着|等[等一着])"
    rf"|{TIME}{{1,12}}(?:再|才)?(?:[来去]|上门)?(?:修|弄|换|处理|办|[来去])(?![好完了过]))"
)
_DONE_WITH = frozenset(
    {
        "order.accept",
        "order.close",
        "order.escalate",
        "order.fulfil",
        "order.merge",
        "order.progress",
        "order.return",
    }
)
_ALIKE = re.compile(r"重复|同一|一回事|一[码件]事|一样|一家|重了|报了两")
_SEVERAL = re.compile(r"[、,，和跟与及 ]")
_COMMA = re.compile(r"[,，]")


def numbers(text: str) -> str:
    """The numbers of a list, in order, each once; one said with leading zeros keeps them."""
    parts = []
    for match in _PART.finditer(text):
        if "-" in match[0]:
            parts.append(match[0].upper())
        elif match[0].isdigit() and match[0].startswith("0"):
            parts.append(match[0])  # 尾号0024: the zeros were said
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
            if counted and "into" not in match.re.groupindex:
                continue  # 挂一单 counts, 一号单 names
            found += _spans(text, match)
    return found


def _spans(text: str, match: re.Match[str]) -> list[Span]:
    """The spans of one match: usually one, two where the kept order or an excepted one is named in the same breath."""
    if "into" in match.re.groupindex:
        ends = (_with_sign(text, match.end("n")), _with_sign(text, match.end("into")))
        first = Span(match.start("n"), ends[0], {"order": numbers(match["n"])})
        return [first, Span(match.start("into"), ends[1], {"target": numbers(match["into"])})]
    start, end = match.start("n"), match.end()
    kind = _kind(text, match)
    if kind == "into" and _SEVERAL.search(match["n"]):
        kind = "order"  # 合并 12 13
    last = [cut.end() for cut in _COMMA.finditer(match["n"])]
    if last and kind == "order" and _TAKES.search(text[max(0, start - 4) : start]) and _REFUSES.match(text, end):
        cut = start + last[-1]
        parts = [(start, cut - 1, kind), (cut, end, kind)]
    elif last and kind in ("kept", "except", "into") and not _before(text, start):
        middle = start + last[-1]  # 1811、1812，1813不动
        parts = [(start, middle, "order"), (middle, end, kind)]
    else:
        parts = [(start, end, kind)]
    named = [(a, b, name, numbers(text[a : min(b, match.end("n"))])) for a, b, name in parts]
    return [Span(a, b, {name: numbers}) for a, b, name, numbers in named if numbers]


def _with_sign(text: str, end: int) -> int:
    """With the 号 that belongs to a number; the verb between two numbers stays to be weighed."""
    return end + text.startswith("号", end)


def _before(text: str, start: int) -> str | None:
    """What the words before a number make of it."""
    before = text[max(0, start - 6) : start]
    for name, pattern in (("except", _EXCEPT), ("kept", _KEEP), ("into", _INTO)):
        if pattern.search(before):
            return name
    return None


def _kind(text: str, match: re.Match[str]) -> str:
    said = _before(text, match.start("n"))
    if said:
        return said
    after = text[match.end("n") : match.end("n") + 8]
    for name, pattern in (("except", _EXCEPT_AFTER), ("kept", _KEEP_AFTER), ("into", _INTO_AFTER)):
        if pattern.search(after):
            return name
    return "order"


def strong(text: str) -> list[Span]:
    """Numbers that can be nothing else, whoever speaks."""
    return sorted(_collect(text, _STRONG, []), key=lambda span: span.start)


def verbal(text: str, taken: list[Span]) -> list[Span]:
    """N号 beside a verb of orders, said by those who work on orders: an order, not a day of the month."""
    return sorted(_collect(text, _VERBAL, taken), key=lambda span: span.start)


def weak(text: str, taken: list[Span]) -> list[Span]:
    """Bare numbers that are orders when staff speak about orders; `text` has everything else masked."""
    found = (span for span in _collect(text, _WEAK, taken) if not _names_a_flat(text, span.start))
    return sorted(found, key=lambda span: span.start)


def _names_a_flat(text: str, start: int) -> bool:
    """Whether a bare number is a flat, of which somebody is met, or a number that was called."""
    if (
        _NO_ORDER.match(text, start)
        or _CAME.match(text, start)
        or (_EMERGENCY.match(text, start) and _CALLED.search(text[:start]))
    ):
        return True
    return _FLAT.match(text, start) is not None and _WITH.search(text[:start]) is not None


# What a place in the sentence means: 12并到15 says by itself where to, 到15 only when orders are merged.
_MEANS = {
    "order.merge": {"kept": "into", "target": "into"},
    "order.close": {"kept": "except", "into": "order", "target": "into"},
}
_PLAIN = {"kept": "order", "into": "order", "target": "into"}


def withdrawn(text: str, spans: list[Span]) -> list[Span]:
    """撤掉1067: of several orders that are spoken of, those that are taken back; `text` is masked."""
    return [
        span
        for span in spans
        if _TAKE_BACK.search(text[max(0, span.start - 5) : span.start]) or _TAKEN_BACK.match(text, span.end)
    ]


def sent_back(text: str, spans: list[Span]) -> list[Span]:
    """12号和13号是一回事，退13: where orders are compared, only the one that is sent back; `text` is masked."""
    if len(spans) < 2 or not _ALIKE.search(text):
        return []
    return [
        span
        for span in spans
        if _SENT_BACK.search(text[max(0, span.start - 4) : span.start]) or _SENT_BACK_AFTER.match(text, span.end)
    ]


def dealt_with(text: str, spans: list[Span], intent: str) -> list[Span]:
    """23号办结，24号先放着: those with which it is done, not those that are left for now; `text` is masked."""
    if intent not in _DONE_WITH or len(spans) < 2:
        return spans
    return [span for span in spans if "order" not in span.slots or not _LEFT.match(text, span.end)] or spans


def join(spans: list[Span], intent: str = "") -> dict[str, str | int]:
    """One value per slot, numbers in order of mention; `into` counts only when orders are merged.

    留 names the one that stays when orders are merged, and the one left out when they are closed.
    """
    out: dict[str, list[str]] = {}
    means = _MEANS.get(intent, _PLAIN)
    for span in spans:
        for name, value in span.slots.items():
            out.setdefault(means.get(name, name), []).extend(str(value).split(","))
    return {name: ",".join(dict.fromkeys(values)) for name, values in out.items()}


def kept_by_place(text: str, numbers: str) -> str | None:
    """留前面那个, 并到后一个: which of the numbers that were named stays."""
    named = numbers.split(",")
    if len(named) < 2:
        return None
    if _FIRST.search(text):
        return named[0]
    return named[-1] if _LAST.search(text) else None
