"""What a sentence about a decision says beside its matter: which project takes it, which numbers are orders.

Pure: text in, text out. Who does it and by when is read in `meeting_decisions`.
"""

import re
from typing import Final

_QUOTES: Final = "“”「」『』《》\"'"
_INTO: Final = re.compile(
    r"[，,；;。]?\s*(?:一并|一起|统一|都|也)?(?:纳入|列入|并入|归入|编入|算入|放进|放到|加进|加到|作为)(?:到|了)?"
    r"(?:社区|街道)?(?:项目)?\s*(?P<name>[“「『《\"]?(?:P\d{8}-\d{4,}|[^，,；;。]{2,40}))"
)
_HELP: Final = re.compile(
    r"[，,；;、]\s*(?:请|由)?(?P<who>[^，,；;。]{2,60}?)(?:配合|协助|协办|帮忙)(?=[，,；;。]|$)"
)
_TAIL: Final = re.compile(
    r"(?:的)?(?:一|第\d+)?(?:条|项|个)?(?:措施|之中|里面|里头|当中|里|中|来办|去办|办理|推进|统筹)+$"
)
_PLACE: Final = r"\s*(?:号楼|号门|栋|幢|座|单元|楼|层|室|号院|期)"


def into_project(text: str) -> tuple[str, str] | None:
    """The project that a decision goes into, as it was said, and the sentence without those words.

    纳入老旧管网攻坚项目, 列入“老旧管网攻坚”项目, 放进P20261126-0001; None where nothing is said of a project.
    """
    match = _INTO.search(text)
    if match is None:
        return None
    name = match["name"]
    if not name.startswith("P") and "项目" not in name and not name.startswith(tuple(_QUOTES)):
        return None  # 纳入日常管理, 列入明年计划: no project is named
    cut = re.match(r"P\d{8}-\d{4,}", name)
    end = match.start("name") + len(cut[0]) if cut else match.end()
    name = cut[0] if cut else _TAIL.sub("", name.strip()).translate({ord(quote): None for quote in _QUOTES})
    rest = text[: match.start()] + re.sub(r"^(?:里面|里|中|项目)+", "", text[end:])
    return name.strip(), re.sub(r"[，,；;]{2,}", "，", rest).strip(" ，,；;。")


def helping(text: str) -> tuple[str, str]:
    """The words that name who helps, and the sentence without them: 清源水务和康居物业配合."""
    match = _HELP.search(text)
    if match is None:
        return "", text
    rest = re.sub(r"[，,；;]{2,}", "，", text[: match.start()] + text[match.end() :])
    return match["who"], rest.strip(" ，,；;。")


def order_numbers(text: str, said: str) -> list[str]:
    """The numbers of orders among those that were understood: no project, no meeting, no building."""
    found = []
    for number in (one.strip() for one in said.split(",")):
        if not number or number[0] in "PM":
            continue
        short = number.isdigit() and len(number) <= 3
        at = [m.end() for m in re.finditer(rf"(?<!\d){number}(?!\d)", text)] if short else []
        if at and all(re.match(_PLACE, text[end:]) for end in at):
            continue
        found.append(number)
    return found


_CHOICE: Final = re.compile(
    r"(?:都|全部|全体|全票|一致|大家|我)*(?:赞成|同意|不同意|反对|弃权|通过|没意见)(?:了|的)?|(?:撤回|重新|再)?(?:表决|计票|投票).*"
)
_ASKS: Final = re.compile(
    r"(?:什么事?|哪些事?|啥|怎么样|怎么安排|多少|几[次场条]|开过没有|了没有?|在哪里?|吗|呢|么)[？?]*$|[？?]$"
)
_HAN: Final = re.compile("[\u4e00-\u9fff]")


def is_matter(text: str) -> bool:
    """Whether words can be something that was decided: no bare vote, no question, not a word or two.

    修门禁 is the shortest that says what is to be done.
    """
    bare = text.strip(" ，,：:。！!")
    return len(_HAN.findall(bare)) >= 3 and _CHOICE.fullmatch(bare) is None and _ASKS.search(bare) is None


_NOBODYS: Final = re.compile(
    r"暂缓|暂不|缓议|缓办|搁置|先不(?!急)|再议|不予|不采纳|不再(?:讨论|研究)|不(?:涨|收费|调整|变)|维持(?:现状|原|不变)|按原(?:来|方案|价|标准)"
)
_NEED: Final = re.compile(
    r"(?:这[个条件项]?|都|谁都|哪家都)*(?:不用|不需要|不必|没有?|无需|无须)(?:再|谁|人|单位|哪家|具体|任何)*(?:来|去)?[办做管派]?(?:负责|牵头|单位)?[了的吧]?"
)


def nobodys(text: str) -> bool:
    """Whether it was decided that nothing is done: 暂不收费, 下次再议."""
    return _NOBODYS.search(text) is not None


def nobody_need(text: str) -> bool:
    """The answer that nobody need do anything: 都不用办, 不用哪家办."""
    return len(text) >= 3 and _NEED.fullmatch(text.strip(" ，,。.！!")) is not None
