"""Whether the verb of an order is meant (办结), or asked about, denied, put off — or not said at all.

Pure. The reader hears what a sentence is about; 1号单办结了吗 and 先别办结 are about closing and close nothing.
"""

import re
from enum import StrEnum
from typing import Final


class Said(StrEnum):
    """How a verb was said."""

    MEANT = "meant"
    ASKED = "asked"
    DENIED = "denied"
    LATER = "later"
    NOT = "not"


_WORK: Final = "修|弄|办|换|装|做|干|整|清|搞|通|处理|解决"
VERBS: Final = {  # the first of the two decides; the second where the first was not said
    "order.close": (
        r"办结|归档|结案|了结|闭环|终止|销(?!售)|结(?!果|构|束|账|合|婚)|关(?!于|系|心|注|键|[总]?阀)",
        r"满意|解决|(?:修|弄|办|搞)[好完]|[好完行]了|撤|和解|没问题",
    ),
    "order.escalate": (
        r"哨|提级|升级|上报|上会",
        r"[报上交到请喊拿提](?:给|到|请|交)?(?:街道|区|联席|[^，]{0,2}主任|会)|往上|牵头|到场|报到|协调",
    ),
    "order.merge": (r"并|合(?!适|同|格)|归", r"一[件回码]事|重复|同一|一样"),
    "order.accept": (r"接(?!着|触|口|头)|签收|受理", r"收到"),
    "order.return": (r"退(?!休|款)|打回", r"不归|不属"),
    "order.fulfil": (
        rf"(?:{_WORK})[好完妥定成]|完成|完工|完事|恢复|修复|(?:{_WORK})[不没](?:好|完|了|成|动|上)|解决|(?<!还)能用",
        r"好(?=了|$)|(?<!^)(?<!完了)完了(?!完了)|妥了|(?i:ok)了|处理了|已(?:处理|清理|维修|更换)|不[漏堵滴]了|没问题了|正常了",
    ),
    "order.dispatch": (r"派|转给|交给", r"给"),
}
_NO: Final = r"(?:[别不没未勿莫]|暂|无法|没法|取消|撤销?)"
_BEFORE: Final = re.compile(rf"{_NO}(?:有|要|用|必|能|可|得|是|会|再|着急|急着|给|把)?[给把再先吹]?$")
_AFTER: Final = re.compile(r"^(?:单|级|号|结|档|案|了)?(?:错|不了|不掉|不成|不上|.{0,2}(?:取消|作废|不吹|撤))")
_WITHIN: Final = re.compile(r".+[不没]")
_ASKED: Final = re.compile(
    r"谁|为什么|为啥|怎么|多少|(?<![那这好])几[单件个张天](?!.{0,8}[都全])|哪[些个家]?|是否|([能要会])不\1|可不可以|可以不|是不是|有没有|行不行"
    r"|(?:吗|么|(?<!了)呢|没有?|了不)[啊呀了]?$|[?？]"
)
_LOOKS: Final = re.compile(r"^(?:帮?我?(?:再|先)?(?:查|看|问|瞧)|上[个周月季次]|去年|本[周月季])")
_LOOKS_AT: Final = re.compile(  # 看看1号单的哨; 看了现场，吹哨请水务 is none
    r"^(?:帮?我?(?:再|先)?(?:查|看|问|瞧))[^，。]{0,12}哨(?:的事|的?(?:情况|进展|进度|台账|记录))?[了吗呢吧]?[。？?]?$"
)
_DAY: Final = re.compile(r"明[天早晚儿]|后[天儿]|下[个]?(?:周|月|礼拜|星期)|改天|过[两几]天|月底(?![之以]?前)")
_SOON: Final = re.compile(r"[天周月底][之以]?[内前后]|待会|等会|一会|晚点|预计|估计|打算|计划|准备")
_AT_WORK: Final = re.compile(
    rf"{_SOON.pattern}|争取|尽量|尽快|保证|马上|正在"
)  # 马上办结 is an order, 马上修好 none
_NEARLY: Final = re.compile(
    r"(?:(?<![很挺尽赶真加手])快要?|就要|马上|差不多|即将|[差欠]一?点)(?:就|都|全|要|给|能){0,2}$"
)  # 快修好了 is not done, whatever stands behind it
_TODAY: Final = re.compile(
    r"(?<!昨天)(?<!前天)(?<!昨)(?:今[天儿日晚]|[中下]午|晚上|傍晚|夜里|[后]半夜|[0-9一二三四五六七八九十]点)"
)
_BEEN: Final = re.compile(r"昨|前[天晚]|刚|已|都|才(?!能)")
_REPORTED: Final = ("完成", "完工", "完事")
_WORKED: Final = re.compile(r"(?:维修|处理|更换|清理|修理|安装|检修|疏通|修复|清洗|施工)$")
_SEEN_TO: Final = re.compile(
    r"签了字|签字了|已签字|验收了|试[了过用水压运]|正常|不[漏堵滴响闪]了|通了|亮了|拍了照|拍照了"
)
"""What is said of work that is done: 下午修好，业主签字了."""
_ONCE: Final = re.compile(r"上[次回]|[以之]前|去年|那[次回时]")
_AND_THEN: Final = re.compile(  # 搞定之后发照片, 弄好了会说的, 换好阀门就行, 好了可能还会停
    r"^了?(?:[之以]?后(?![面门边车]|[^，,。]{0,6}(?:正常|恢复|不[漏堵滴响]|没问题|通|亮|好了))|的时候|的话|再(?:[说给告通联拍发结算来跟和]|去(?![了过])|把)|会[说告给通跟和联]"
    r"|我?(?:马上|立刻|就)?(?:告诉|通知|发你|发给你|给你[发说打])|(?<!了)[^，,。了]{0,5}就(?:行|可以|能|好|ok)|(?<=了)[^，,。了]{0,5}就(?:行|可以|能|好|ok)(?![^，,。]*了)|.{0,4}(?:(?:可能|估计)还?[会得要]|还得[^，,。]{0,6}[修看来换弄刷装]|还要(?:再|等|观察|刷|修|来|换)))"
)
_PATTERNS: Final = {intent: [re.compile(verbs) for verbs in listed] for intent, listed in VERBS.items()}
_FALSE: Final = re.compile(r"误报$")  # 误报完成 is not done; 误报办结 says why
_CLAUSE: Final = re.compile(r"[，。；、,;！!\s]+|(?<=[?？])")
_DECIDED: Final = frozenset({"order.close", "order.escalate"})
_FORBIDS: Final = re.compile(
    r"(?:不要|(?<!分)别|不许|不准|不能|不得|禁止|不可以?|勿)(?:随便|随意|轻易|动不动就?|老是?|总|急着|先|一律|擅自|自己|给我|再|就|把[^，,。]{1,4})*$"
)
_FORBIDS_AFTER: Final = re.compile(r"^的?(?:事|问题)?[^，,。]{0,3}(?:再(?:想想|说|议|看看)|考虑|商量|先放)")
_ON_CONDITION: Final = re.compile(
    r"(?:要是|如果|假如|万一|除非|等(?!级|[0-9已都全])|只有|以后|今后)[^，,。]{0,14}$|(?:[好完了意后再]|回访)(?:再|才)(?:能|可以|给|准|行)?$|[才再](?:能|可以|给|准)$"
)
_RULE: Final = re.compile(r"^(?:单|案)?(?:之?前|要先|得先|必须|都要|一律)")
_NOT_MINE: Final = re.compile(
    r"不是(?:我|我们)$|(?:别|不要)(?:让|叫|派)[^，,。]{0,4}$|(?:天天|老是|总|整天)$|上一?[单次个]$"
)
_ABOUT_TAKING: Final = re.compile(r"^单?(?:的时候|后多|以后|之后|扣|要扣|晚|烦|多久|的师傅|的人|率|数|钱)")
"""接单后多久要到: words about taking orders."""
_SENDS_NOBODY: Final = re.compile(r"(?:不要|别)(?:再)?[让叫派]")
_SAID_NOT: Final = re.compile(r"(?:没|没有|谁|可没|哪)(?:人)?说(?:过)?[^，,。]{0,3}$")
_UNTIL_THEN: Final = re.compile(r"^等[^，,。了已都全]{0,6}$")
_WONDERS: Final = re.compile(r"(?:看看?|看一?下|[查问]|研究|讨论|商量|不知道|不清楚|不晓得).*")
"""What somebody is sent to find out, or does not know, behind the verb: 派给康居看看怎么办 is no question."""

TROUBLE: Final = re.compile(
    r"[坏漏堵停断吵臭脏满烧裂塌丢偷挤占坑烂黑烫滑味狗猫鼠虫火烟倒打骂抢]|不[亮通走动热冷转响]|没[水电气网信]"
)
"""Something is broken or bad: a report, and no news of work."""

_COMES: Final = re.compile(
    r"(?:我们?|马上|这就|现在|今[天早晚]|明[天早晚]|后天|早上|上午|中午|下午|晚上|晚点|等下|一会儿?|\d{1,2}点|半(?:小时|点)|可以|[能会就再先])*"
    r"(?:赶?过去|过?来|去|到|上门|报到|应哨)(?:修|看看?|弄|办|一下|处理)*[了吧啊的]?"
    r"|(?:我们?|人|已经?|正|都|就)*(?:在(?:过?[来去]的?)?路上|出发|动身)[了啦]?"
)
_NOTED: Final = re.compile(r"收到|好的?|知道了|行|没问题")


def comes(text: str) -> bool:
    """我们来，下午到: every clause says that somebody goes there."""
    parts = [part for part in clauses(text) if not _NOTED.fullmatch(part)]
    return bool(parts) and all(_COMES.fullmatch(part) for part in parts)


def how(intent: str, text: str) -> Said:
    """How the verb of an intent stands in a text; meant where one clause means it."""
    parts = clauses(text)
    if intent == "order.escalate" and _LOOKS_AT.search(text):
        return Said.ASKED
    for verbs in _PATTERNS.get(intent, ()):
        found = [said for clause in parts if (said := _clause(clause, verbs, intent)) is not Said.NOT]
        if intent == "order.fulfil" and found and set(found) == {Said.LATER} and _seen_to(text):
            return Said.MEANT
        if found:
            return Said.MEANT if Said.MEANT in found else found[0]
    if intent == "order.accept" and _SENDS_NOBODY.search(text):
        return Said.DENIED
    return Said.ASKED if _LOOKS.match(text) or _ASKED.search(text) else Said.NOT


def _seen_to(text: str) -> bool:
    """下午修好，业主签字了: not of what is still to come."""
    still_to_come = _DAY.search(text) or _AT_WORK.search(text) or re.search(r"到时候?|[请让等]", text)
    return _SEEN_TO.search(text) is not None and not still_to_come


def clauses(text: str) -> list[str]:
    """The clauses of a text; a question mark stays with its own."""
    return [clause for clause in _CLAUSE.split(text) if clause]


def _clause(clause: str, verbs: re.Pattern[str], intent: str) -> Said:
    matches = [*verbs.finditer(clause)]
    if not matches:
        return Said.NOT
    found, last = [_verb(clause, match, intent) for match in matches], matches[-1]
    if _ASKED.search(clause[: last.end()] + _WONDERS.sub("", clause[last.end() :])):
        return Said.ASKED
    if found[-1] is Said.MEANT and clause.startswith("了", last.end()):
        return Said.MEANT  # 昨天没修好今天修好了
    return next((said for said in found if said is not Said.MEANT), Said.MEANT)


def _verb(clause: str, match: re.Match[str], intent: str) -> Said:
    work = intent == "order.fulfil"
    before, after = clause[: match.start()], clause[match.end() :]
    if intent in _DECIDED and (_FORBIDS.search(before) or _FORBIDS_AFTER.match(after)):
        return Said.DENIED
    if intent in _DECIDED and (_ON_CONDITION.search(before) or _RULE.match(after)):
        return Said.LATER
    if intent == "order.accept" and (_NOT_MINE.search(before) or _ABOUT_TAKING.match(after)):
        return Said.DENIED
    if work and _SAID_NOT.search(before):
        return Said.DENIED
    if work and _UNTIL_THEN.search(before):
        return Said.LATER
    if _BEFORE.search(before) or _AFTER.match(after) or (len(match[0]) > 2 and _WITHIN.match(match[0])):
        return Said.DENIED
    if work and _FALSE.search(before):
        return Said.DENIED
    if work and _ONCE.search(before) and after.startswith("的"):
        return Said.DENIED  # 上次也是我修好的
    if work and (_NEARLY.search(before) or _AND_THEN.match(after)):
        return Said.LATER
    reported = after.startswith(("毕", "成")) or (
        match[0] in _REPORTED and _WORKED.search(before) is not None
    )  # 今日维修完成
    if (
        work
        and not reported
        and not after.startswith(("了", "的"))
        and _TODAY.search(before)
        and not _BEEN.search(clause)
    ):
        return Said.LATER  # 下午给他修好
    if _DAY.search(before) or (
        (_AT_WORK if work else _SOON).search(before) and not after.startswith(("了", "的"))
    ):
        return Said.LATER
    return Said.MEANT
