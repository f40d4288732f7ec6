"""How a word about the result is meant: content, denied (没有修好), asked (修好没有), or only read (收到)."""

import re
from typing import Final

from redprop_bot.rules.intended import Said, clauses

_WORK: Final = r"(?:[修弄办搞装换做通]|处理|解决)"
_DENIED: Final = re.compile(
    rf"(?:没有?|未|尚未)(?:完全|真正|彻底|[全都给再]|怎么|我|帮我|来){{0,2}}(?:{_WORK}(?:好|完|成|妥|通|干净|彻底|到位)|解决|处理(?!过)|满意|好(?![说几多久大]))"
    r"|(?<!没有)(?<!没什么)(?<!没啥)(?<!得)(?<!不是)不(?:[太大是很怎么咋甚]|算|能算|那么|够|特别){0,3}满意"
    r"|[谈说称算]不上(?:满意|好)|[哪那][里儿]?(?:就|能|会)?(?:满意|算?[修弄办搞]好)|谁说.{0,4}[满好]|[好完]了?才怪|满意(?:啥|什么|个[屁鬼]|才怪)|了一半|[这那]也?(?:叫|算)(?:.{0,3}[好满])?"
    rf"|(?:{_WORK}|服务|态度)[得的](?:不(?:[太大是很怎么咋]|够|算){{0,3}}好|不怎么样|不咋|一塌糊涂)|不(?:太|怎么|大)好"
    r"|(?<![心口信])服了(?:你|他|她|物业)|不(?:想|能|会)?给[星分好]|给不了.{0,2}[星分好]"
)
_SAID: Final = re.compile(rf"满意(?!吗)|{_WORK}?好[了啦]|解决了|不漏了|没问题了|正常了|好评|[给打]五")
_ASKED: Final = re.compile(
    rf"(?:满意|{_WORK}[好完]|[好完行]|解决|恢复|亮|通)[了]?(?:没有?|没得|吗|么|[没不]啊|了吗)[啊呀呢哦]?[?？。!！]*$|(?:吗|么)?[?？]$"
)
_READ: Final = re.compile(
    r"(?:好(?:的|嘞|滴)?|行|嗯+|哦+|ok)?[,，。! ！]*(?:[收接]到|知道|明白|了解|晓得)[了啦]?"
    r"(?:[,，。!！~ ]*(?:好的?|收到|谢谢?.{0,3}|多谢.{0,3}|辛苦.{0,3}))*[。!！~]*",
    re.IGNORECASE,
)
_ODD: Final = re.compile(
    r"(?<!不)(?<!没)(?<!不会)(?:抖|晃|蹦迪|哐|咣|异响)(?!音)|一(?:上|开|用|坐|碰|按|下雨)[^，,。]{0,4}就(?!好|亮|通|来|能|行|到|走)"
    r"|[又还](?:停|漏|坏|堵|响|黑|不(?:亮|动|通|转|热))"
)
_CONTENT: Final = re.compile(
    r"没(?:什么|啥)不满意|不是不满意|又(?:亮|好|通|热|有水|有电|来水|来电|能用)了(?![^。]{0,10}(?:又|就[灭坏停]|[没不](?!什么|啥|是不)))"
)
_MILD: Final = re.compile(
    r"(?:还|就|也|算是?|只能说)?(?:凑合|将就|马马虎虎|中评|一般般?|过得去|勉强|中规中矩)(?:吧|了|啊|能用|着用){0,3}[。.!！~]*"
)
_ONCE: Final = re.compile(r"以前|之前|原来|从前|本来|现在(?:不|没)|再也不|不再|没再|担心|怕")


def is_doubtful(text: str) -> bool:
    """Whether good words have a trouble beside them: 修得真好，一上去就抖."""
    return any(_ODD.search(clause) and not _ONCE.search(clause) for clause in clauses(text))


def is_mild(text: str) -> bool:
    """凑合, 马马虎虎: done, and no more than that."""
    return _MILD.fullmatch(text.strip()) is not None


def is_content(text: str) -> bool:
    """Whether words that sound like trouble tell of none: 灯又亮了, 没什么不满意的."""
    return _CONTENT.search(text) is not None and meant(text) is not Said.DENIED


def meant(text: str) -> Said:
    """Whether a word of content is one; NOT where it only says that the message was read."""
    if _READ.fullmatch(text.strip()):
        return Said.NOT
    said = [found for clause in clauses(text) if (found := _clause(clause)) is not None]
    firm = [found for found in said if found is not Said.ASKED]
    return (firm or said or [Said.MEANT])[-1]


def _clause(clause: str) -> Said | None:
    denied = [*_DENIED.finditer(clause)]
    if denied:  # 昨天没修好今天修好了
        return Said.MEANT if _SAID.search(clause, denied[-1].end()) else Said.DENIED
    if _ASKED.search(clause):
        return Said.ASKED
    return Said.MEANT if _SAID.search(clause) else None
