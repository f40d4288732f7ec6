# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Why: behind 理由 or 因为, or what remains of a message when the order itself is taken away."""

import re

from redprop_bot.understand.features import ADDRESS, ESTATE, ORDER, TIME

_NAMED = re.compile(
    r"(?:(?:理由|原因)(?:是|为|就是)?[:：,， ]?|(?:情况|说明)(?:是|为|[:：]))(?P<r>[^。！!；;]{2,60})"
)
_BECAUSE = re.compile(
    r"(?:因为|由于|主要是|鉴于|考虑到|因(?!此|素|果|而))(?P<r>[^。！!；;]{2,60}?)(?=所以|因此|故|申请|要求|改期|改到|取消|推迟|暂停|先|需要|想|请|得|,?，?延|退|$|[。！!；;])"
)
_CLAUSE = re.compile(r"[,，。！!；;：:\n~]+|\s{1,}|——|…+")
_COMMAND = {
    "order.return": re.compile(
        r"退单|退回|退了|退给|打回|退掉|接不了|接不住|另派|改派|重派|另找|收回|撤回|请转|转给|转派|派给|你们再派|退一下|申请退|干不了|做不了|弄不了|搞不了|整不了|^退|退$|退[吧哈啊咯掉]|交给|找别人|转出去|转走|你们转|换人|让别人|请.{0,6}自己|拿回|还给|派别|另外找|不予|另行转|请(?:你们|社区|书记)?(?:重新|另行|核实|调整)|给你们?退|^不接|不接[啊呢了吧]?$|都退"
    ),
    "order.extend": re.compile(
        rf"延期|延时|延[到至后长]|申请延|宽限|顺延|推迟|推后|晚(?:几|个|[一二两三四五六七八九十俩\d])|缓|往后|挪|多给|再给|再要|再加|再等|给[我咱俺]|请批|批准|申请|deadline|push|才能(?=完|好|到|弄|修|来|装|交)|拖到|[拖缓][几一两三]|再有|[一二两三四五六七八九十俩0-9](?:天|周|个?工作日)(?:就|才|可以|能|左右)|得等到|得到|要到|能不能|可否|能否|预计|最快|最迟|最晚|保证|一定|要等到?(?:下|周|月|初|明)|给个机会|谅解|理解|{TIME}|改[到成为在]|交不了[活工差]|(?:要|得|想)延$|天之?内|需要?(?=[0-9一二三四五六七八九十]{{1,3}}(?:天|个?工作日|周))|至少|(?:需要?|要)$|(?:天|周|个?工作日|礼拜|星期|个月|半个月)$"
    ),
    "order.merge": re.compile(
        rf"并|归[到入在并]|归拢|合[一成到进在]|为主|为准|保留|留[第着前后早新老下]|只留|留{ORDER}|捆成|另一个|其他的|别的|其余|算[一到成作]|当[成作]|挂[到在]|塞|放[到进]|主单|作废|撤掉|删掉|销掉|关掉|不要了|{ORDER}里|到{ORDER}"
    ),
    "order.close": re.compile(
        r"办结|作废|存档|归档|关掉|关单|结案|关了|结了|结吧|了结|销单|销掉|销了|终止|结掉|闭环|销号|可以结|可以关|可以销|可结|关闭|结单|(?:给它|把它)关|^结|按无法|除了|其余|其他|别的|回访满意|除外|^除|^把|先留|留着|不动|别动|都结|能结"
    ),
    "meeting.schedule": re.compile(
        rf"取消|改[期到在成]|推[迟后]|延[期后到]|暂停|挪[到后]|提前|[会议开室楼点厅]|活动中心|服务中心|定在|通知|参加|准时|请各|大家|互相|转告|另行|{TIME}"
    ),
    "order.escalate": re.compile(
        r"吹哨|呼叫|提[到给](?:街道|联席|上级|区)|推给|转给|交给|派给|来一?[下趟]|来人|派人|提级|上报|报街道|报到街道|报联席|往.{1,4}报|报上去|报一下|升[一1]?级|请.{0,10}(?:马上|立刻|赶紧)[到来去]|请.{0,12}(?:到场|报到|来|支援|牵头|派人|参加|介入|协调|处置|出面|联合|核实|到现场)|上会|联席会|升级|提请|往上报|提交.{0,6}会|拿到.{0,6}会|报给|报请|哨|(?:提交|转交?|移交)(?:给|到)?(?:街道|联席|上级)|(?:让|叫|喊|由).{1,10}(?:来|到|去|看|出面|牵头)"
    ),
}
_PUT_OFF = re.compile(
    r"取消|撤掉|撤了|不定了|改期|改[到在]|推迟|推后|延期|暂停|不开了?"
)  # a meeting that is held needs no reason
# Orders are merged because they say the same; anything else beside the command is only more of the command.
_SAME = re.compile(
    r"都是|同一|一[回码]事|一件事|重复|重[了叠]|一样|相同|类似|雷同|撞|一家|同个|是一个|说的|报的|报了|讲的|反映的|反应的|内容|[两三几][遍次回]|多次|反复|一个(?:地方|毛病|问题|事|位置|点)|一处|同样|一个[\u4e00-\u9fff]{0,2}点|同[^,，。]{0,4}[楼处点口]"
)
_FILLER = re.compile(
    r"^(?:经核实?|经查|done|先?挂[起着上]来?|先放[着一]|先停[着一]?|喂|领导|那个|这个|麻烦|请|书记|主任|您好|你好|师傅|好的|收到|辛苦|谢谢|不好意思|抱歉|对不住|行不行|行不|好不好|可以不|可以吗|行吗|(?:都|已经?|全部?)?(?:办|处理|弄|做|修|整改|回访)(?:完|好|结|妥|过|满意)?[了毕]?|哎|唉|小[\u4e00-\u9fff]|老[\u4e00-\u9fff])[啊呀哦了吧]?$"
)
# What is asked for because of it is no reason any more: 别让我跑两趟, 你们另派吧.
_WHAT_THEN = re.compile(r"别(?!人|[的处])|省得|免得|甭|不要(?!紧)|你们|您|[让叫][他她你您]")
_ORDERS = ("的", "的单", "的单子", "那单", "那件")  # 做完的都归档 names the orders, not why
_SIGNS = f"{ORDER}{ADDRESS}{ESTATE}"
_POINTER = rf"喂|领导|书记|主任|那个|这个|这单|那单|这件|那件|单子|一单|两单|三单|[两三四几]个(?!单位|部门|家|人|小区|月|星期|礼拜)|单(?!位|元)|的|子|号|啊|呀|呢|哦|嘛|是这样|你们这个?|我看了|把|[这那][张条]|跟(?={ORDER})|{ORDER}{{1,40}}|[和与及、 ]"
_HEAD = re.compile(rf"^(?:{_POINTER}){{1,12}}")
_WORD = re.compile(
    r"^(?:因为|由于|主要是|是因为|这个|那个|那(?=[我你他她个])|就是|理由|原因|[^\u4e00-\u9fffa-z0-9]{1,3})"
)
_TAIL = re.compile(
    r"(?:你们?|您|给|我们?|咱们?|俺|请|先|让|把|它|就|都|全部?|能不能|可以|想|要|得|申请|所以|那个|这个|再|帮忙?|麻烦|[,，、 №])$"
)


def find(intent: str, text: str, raw: str) -> str | None:
    """The reason given with an act of the staff; `text` is masked, `raw` has the same length."""
    command = _COMMAND.get(intent)
    if command is None and not intent.startswith(("order.", "meeting.")):
        return None
    for pattern in (_NAMED, _BECAUSE):
        match = pattern.search(text)
        if match:
            return _named(text, raw, match, command)
    if command is None:
        return None
    if intent == "meeting.schedule" and not _PUT_OFF.search(text):
        return None
    clauses = _clauses(text)
    fits = [_fits(intent, text[a:b], command) for a, b in clauses]
    if True in fits:
        first = fits.index(True)
        last = first
        while last + 1 < len(fits) and fits[last + 1] and not _WHAT_THEN.match(text, clauses[last + 1][0]):
            last += 1
        start = _skip_head(text, clauses[first][0], clauses[last][1])
        return _clean(raw[start : clauses[last][1]])
    return None if intent in ("order.merge", "meeting.schedule") else _beside(text, raw, clauses, command)


def _clauses(text: str) -> list[tuple[int, int]]:
    out, at = [], 0
    for cut in _CLAUSE.finditer(text):
        out.append((at, cut.start()))
        at = cut.end()
    out.append((at, len(text)))
    return [(a, b) for a, b in out if b - a >= 2]


def _fits(intent: str, clause: str, command: re.Pattern[str]) -> bool:
    said = clause[_skip_head(clause, 0, len(clause)) :]
    if command.search(clause) or _FILLER.match(said) or not _says(clause):
        return False
    return intent != "order.merge" or _SAME.search(clause) is not None


def _named(text: str, raw: str, match: re.Match[str], command: re.Pattern[str] | None) -> str | None:
    """What follows 理由 or 因为, up to the clause that gives the order."""
    start, end = match.span("r")
    for cut in _CLAUSE.finditer(text, start + 2, end):
        following = _CLAUSE.search(text, cut.end())
        if command and command.search(text[cut.end() : following.start() if following else len(text)]):
            end = cut.start()
            break
    return _clean(raw[start:end])


def _beside(text: str, raw: str, clauses: list[tuple[int, int]], command: re.Pattern[str]) -> str | None:
    """Spoken without a pause: what stands before or behind the command in one breath."""
    best: tuple[int, int] | None = None
    for start, end in clauses:
        cuts = [match.span() for match in command.finditer(text, start, end)]
        if not cuts:
            continue
        for left, right in zip([start, *(b for _, b in cuts)], [*(a for a, _ in cuts), end], strict=True):
            a = _skip_head(text, left, right)
            b = _skip_tail(text, a, right)
            piece = text[a:b]
            what = piece.endswith(_ORDERS)
            if (
                _says(piece, 4)
                and not what
                and not command.search(piece)
                and (best is None or b - a > best[1] - best[0])
            ):
                best = a, b
    return _clean(raw[best[0] : best[1]]) if best else None


def _skip_head(text: str, start: int, end: int) -> int:
    head = _HEAD.match(text[start:end])
    return start + head.end() if head and head.end() < end - start else start


def _skip_tail(text: str, start: int, end: int) -> int:
    for _ in range(12):
        tail = _TAIL.search(text, max(start, end - 4), end)
        if tail is None or tail.end() != end:
            break
        end = tail.start()
    return end


def _clean(found: str) -> str | None:
    return _WORD.sub("", found.strip(" ,，。:：")).strip(" ,，。:：\u2116") or None


def _says(clause: str, least: int = 2) -> bool:
    """More than numbers, signs and pointing words."""
    plain = re.sub(
        rf"[^\u4e00-\u9fffa-z{_SIGNS}]|[{_SIGNS}]|单子?|号|那个|这个|那件|这件|的|都|一起|全部", "", clause
    )
    return len(plain) >= least
