"""Words about wishes: what a sentence asks of one; which only ask (我的心愿, 心愿进度) and wish for nothing."""

import re
from typing import Final

from redprop_bot.rules.bigrams import tokens
from redprop_bot.store.tables import Wish

_VERBS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("decline", re.compile(r"不(?:同意|予)?公布|不同意|不上墙")),
    ("publish", re.compile(r"公布|同意|上墙|可以贴|改[成为]")),
    ("release", re.compile(r"放弃|退回|(?:认领|圆|帮|来|办|做|送)不[了到]|(?:不|取消|撤销|退掉?)认领|没办法")),
    ("missed", re.compile(r"没有?(?:收到|送到|送来|拿到|见到|看到)|还没(?:来|到|送)|没人(?:来|送)")),
    ("delivered", re.compile(r"送(?:到|去|达|过去|来|上门)|已送|交给|办[好完]了|完成|实现了|圆了|做[好完]了")),
    ("got", re.compile(r"收到|拿到|收下|满意|用上|谢|感激|圆满")),
    ("withdraw", re.compile(r"撤|取消|不要|不用|不需要|算了")),
    ("claim", re.compile(r"认领|我来|我们来|帮|实现|承接|包了|圆|助力|接了|领了")),
)
BROWSE: Final = re.compile(
    r"心愿(?:墙|清单|列表|单)|(?:有|看看?|查看?|还有)(?:一下)?(?:哪些|什么|没有|多少|谁)?(?:的|人)?(?:可以)?(?:认领)?的?微?心愿"
    r"|微?心愿(?:有|还有|都有)(?:哪些|什么|没有|多少)|^微?心愿[？?。!！]?$|心愿都?是(?:啥|什么|哪些)[呢啊呀]?[？?]?$"
)
MINE: Final = re.compile(r"(?:我|俺|家)[^，。]{0,6}心愿[^，。]{0,8}(?:怎么样|到哪|进展|了吗|了没|呢|没有|认领了)")
TAKEN_BY: Final = re.compile(
    r"(?:请问|那|[，, ]){0,2}(?:是)?(?:谁|哪[个位家])认领(?:了|的)?(?:我的?)?(?:微?心愿)?[啊呀呢]?[？?。]?"
    r"|(?:有没有人|有人)认领(?:了)?(?:我的?)?(?:微?心愿)?(?:了)?[吗么没]?(?:有)?[？?。]?"
)
ASIDE: Final = re.compile(
    r"心愿[^，。]{0,6}(?:不要|撤|收回|取消|不用|算了)|(?:撤|收回|取消|不要)[^，。]{0,6}心愿|[不别].{0,3}许愿"
)
DROPPED: Final = re.compile(
    r"(?:我|的|那个|这个|刚才|刚刚|上次|说|提)*(?:微?心愿|愿望)(?:就|先|我|也){0,2}(?:不要|不用|取消|撤销|撤回|收回|撤|算)了?[吧啊。！!]{0,2}"
    r"|(?:取消|撤销|撤回|收回|撤|不要)(?:掉|了)?(?:我|的|那个|这个){0,3}(?:微?心愿|愿望)了?[吧啊。！!]{0,2}"
)
"""Whole sentences that take a wish back, by whichever word it is called."""
GIVEN: Final = re.compile(r"送(?:到|去|达|过去|上门)了|已送|交给.{1,12}了|心愿[^，。]{0,6}(?:办好|完成|实现|圆)了")
DID: Final = re.compile(
    r"^[^没不？?吗]{0,8}(?:陪|拿|取|买|剪|理|装|教|修|换|送|带)[^没不，,。？?吗]{0,6}(?:完|好|回来|过去|到家?)了(?![吗么没?？])[^没不？?吗]{0,10}$"
)
"""陪完了, 药拿回来了: said by who makes a wish come true."""
REWORD: Final = re.compile(
    r"(?:把)?我的?(?:那个|这个)?微?心愿(?:的?内容)?(?:想|要)?(?:改成|改为|换成|换为)[：:，, ]*(?P<words>.{2,200})"
)
_ABOUT: Final = re.compile(
    r"(?:(?:我们?|俺|咱)(?:家|们)?的?|那个|这个|的|微?心愿|看看?|查[看询]?|一下|编号|几?号|进度|进展|怎么样|怎么|如何|谁|哪个|哪些|哪|什么|啥"
    r"|认领|领|人|有没有|有|没|是|多少|几|个|状态|情况|到|本[月周年]|这个?[月周]|今[天年]|上个?月|待定|待审核?|待公布|审核|等着?|未|已|圆满"
    r"|完成|台账|统计|清单|列表|名单|所有|全部|都|记录|数量|请问|请|想|要|收回|撤回|撤销|知道|问|帮我?|了|吗|么|呢|吧|啊|呀|[，,。？?！!\s])+"
)
_CLAIMS: Final = re.compile(
    r"我们?(?:来|去|想|要|可以|能|愿意|单位|家|店|就|也|给|这边)*(?:认领|圆|帮|实现|承接|包|接|领|助力|完成|出|送|买)"
    r"|我们?来|认领(?!的|情况|进度|清单|了[吗没么])|包了|接了|领了|承接|助力|圆.{0,4}心愿"
)
_LOOKS: Final = re.compile(
    r"哪些|什么|有没有|还有|多少|[?？]|[吗么]$|看看|谁家|谁的|可(?:以)?认领的|查看|清单|列表"
)
_CLAIMING: Final = re.compile(
    r"认领|助力|承接|实现|心愿墙上?|微?心愿|我们?|单位|愿意|可以|[这那]一?[个条件]|一[个条件下]|[来帮圆包接领想要]"
    r"|了|的|吧|[您你]好|[请由给把就也去能]|[，,。！!、\s]"
)
_BACK: Final = re.compile(r"收回|撤回|撤销")


def asks(text: str) -> str:
    """`withdraw`, `given` or `list` for words about wishes that wish for nothing; empty for all others."""
    if "心愿" not in text or not _ABOUT.fullmatch(text):
        return ""
    if _BACK.search(text):
        return "withdraw"
    return "given" if "认领" in text and "谁" not in text and "没" not in text else "list"


def verb_in(text: str) -> str:
    """What a sentence asks of a wish; empty where it only names it."""
    return next((verb for verb, pattern in _VERBS if pattern.search(text)), "")


def claims(text: str) -> bool:
    """Whether a sentence takes a wish on: who looks at the wall, or asks who has one, takes nothing."""
    return _CLAIMS.search(text) is not None and _LOOKS.search(text) is None


def alike(text: str, found: list[Wish]) -> list[Wish]:
    """Those that share most words with a sentence; the only one, where it says nothing of which."""
    said = _pairs(_CLAIMING.sub(" ", text))
    if len(found) == 1 and not said:
        return found
    shared = [(len(said & _pairs(f"{w.shown} {w.text}")), w) for w in found]
    most = max((count for count, _wish in shared), default=0)
    return [w for count, w in shared if count == most and most > 0]


def shares(text: str, wish: Wish) -> bool:
    """Whether a sentence has any word of a wish."""
    return bool(_pairs(_CLAIMING.sub(" ", text)) & _pairs(f"{wish.shown} {wish.text}"))


def _pairs(text: str) -> set[str]:
    return set(tokens(text.replace("心愿", " ")).pairs)
