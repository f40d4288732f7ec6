# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""A visit told by the community: where the log ends and what the people visited said begins.

Only the cutting is done here; what they said is judged as if they had said it themselves.
"""

import re

from redprop_bot.understand.features import ADDRESS, ESTATE, ORDER, PHONE, TIME

_SIGNS = f"{ADDRESS}{PHONE}{ORDER}{TIME}{ESTATE}"
_AT = f"[{ADDRESS}{ESTATE}]"
_NO_STOP = r"[^,，。;；!！?？\n]"
_VISITED = re.compile(
    r"走访|入户|上门(?:访|看|探|慰问|了解)|家访|探望|看望|慰问|三访三问|(?:跑|走|敲|串|问|访)了.{1,4}[户家]|从[^,，。门窗缝管塞冒渗流漏救抬]{1,8}家?(?:屋头|家里?)?出来|去看了|家里?坐了|扫楼|下户|民情"
)
_WENT = re.compile(
    rf"串了?[^,，。;；]{{0,4}}门|敲(?:了|开)?{_NO_STOP}{{0,24}}门|(?:跑|走|去|到)了?一?[趟圈遍转]|(?:转|走|跑|逛|串|去|到|访|看|进)(?:了|过|完)(?:[一几两][圈趟转下])?{_NO_STOP}{{0,4}}{_AT}"
    rf"|陪[^,，。;；{ADDRESS}{ESTATE}]{{1,12}}(?:看|访|探|去|到|走|转)(?:了|过|望)?{_NO_STOP}{{0,4}}{_AT}|(?:^|(?<=[,，。 ]))访{_NO_STOP}{{0,4}}{_AT}|[到去在]{_AT}{{1,30}}{_NO_STOP}{{0,10}}(?:家|屋|坐|聊|唠|走)"
)
_CALLED_ON = re.compile(  # 上午去了李大爷家，他说…: without an address, and the writer went, nobody sent
    rf"^(?:[{TIME}\W]|[今昨前][天早晚日儿]|[早上下中]午|早上|晚上|刚[刚才]?|我们?|咱们?|俺们?|和.{{1,6}}[,，]?|又|顺路){{0,5}}(?:去|到|从|看了?)了?(?:[一两]?[趟下])?"
    rf"[^,，。;；:：!！?？\n派让请叫]{{0,6}}(?:[奶爷婆伯叔婶嬢姨嫂妈]|大[哥姐]|师傅|老师|老[^\W\d_]|户)(?:的?家|那儿|那里|屋头|出来|(?=[,，])){_NO_STOP}{{0,10}}[,，。:： ]"
)
_PEOPLE = re.compile(r"[户家门]|[老独]|[奶爷婆伯叔婶嬢姨嫂]|大[哥姐妈]|师傅|居民|业主|有人|说|反映|念叨|建议")
_BUSINESS = re.compile(f"{ORDER}|单子|派给|转给|并到|归档|办结")
_BY_PHONE = re.compile(r"来电|接到?[^,，。]{0,6}电话|热线|12345|工单|值班记录|市民|投诉人|诉求人|致电|来信|网上")
_STOP = re.compile(r"[,，。;；:：!！?？\n ]+")
_TELLS = re.compile(
    r"[,，。;；:：! ]?(?:反映|反应|诉求[:：是]?|提出|嫌|说起|都说|她说|他说|说是|说|讲|提到|念叨|想要|想|要求|希望|盼着|缺|问)"
)
_OPENS = 4  # characters before the verb of a visit
_NOTHING_ASKED = re.compile(
    r"^.{0,6}(?:都?挺?好|没有?(?:啥|什么|别的|新的)?(?:事|要求|诉求|问题)|一切(?:正常|都?好)|无诉求|平安|身体(?:还好|硬朗|不错)).{0,12}$"
)
_ALL_WELL = re.compile(  # at the end of what was told, perhaps with a number to call
    rf"(?<!其他)(?<!别的)(?<!另外)(?<!其它)(?:(?:没有?提?(?:啥|什么|任何)?|无新?)(?:要办|要反映|要求|诉求|困难|需要|需求)|(?:啥|什么)[也都]不缺)[的了]?(?:[,，。 ]{{1,3}}[^,，。]{{0,8}}{PHONE}{{1,40}})?\W{{0,4}}$"
)
_UNANSWERED = re.compile(r"(?:敲|擂|拍|砸|喊|叫)[^,，。]{0,8}(?:没人?应|不应|没人?答应|没反应|没动静|没声|没人开)")
_NOBODY = re.compile(
    rf"(?:[{_SIGNS}\W]{{1,40}}|没(?:啥|什么)大?事|[一两二三四五六七八九十几0-9]{{1,3}}[户家](?:没人|不在家?|没开门|敲不开|没在|锁着门|都?[挺还]?好|没(?:啥|什么)?(?:事|要求|问题))|(?:坐|聊|唠|待)了{_NO_STOP}{{0,8}}|(?:先|又)?(?:看|问)了?(?:看|问){_NO_STOP}{{0,6}})[,，。;；、:： ]+"
)
_WHO = r"(?:还|又|另外?|其中|剩下)?(?:[一两二三四五六七八九十几0-9有另]{1,3}[户家个位](?:人家?|住户|居民|老人)?|有人|有的|大家|他们?|她们?|住户们?|老住户|邻居们?|居民们?|业主们?|户主|楼[上下]|隔壁|对门|[老小]?[^\W\d_]{1,3}(?:奶奶|爷爷|大爷|大妈|婆婆|嬢嬢|大[哥姐叔]|师傅|阿姨|[伯叔婶姨嫂姐哥]))"
_TELLER = re.compile(
    rf"^[ ,，]?(?:{_WHO}[^,，。;；]{{0,3}}?(?:说|讲|反映|建议|想|求|托|要|提|念叨|嫌|希望|盼|问|抱怨|缺)|还有个?[^,，。;；]{{0,6}}(?:盼|想|说|求|讲)|老[^\W\d_](?:说|讲|反映|想|求|嫌|盼)|[还也又](?:说|讲|反映|建议|想|求|托|要|提|念叨|嫌|希望|盼|问)|另外|建议|想要|{ADDRESS}{{1,20}}[^,，。;； ])"
)
_SAYS = re.compile(
    rf"(?:^|(?<=[,，。;；:： ])){_WHO}?(?:还|又|也|都)?(?:说|讲|反映|反应|提到|说起|抱怨)(?:是|道|着|了|一下)?(?!不|清|明|法)"
)


def went(text: str) -> re.Match[str] | None:
    """Where a message of the staff tells of a visit; `text` is masked."""
    found = _VISITED.search(text)
    if found is not None:
        return found
    found = _CALLED_ON.search(text)
    if found is not None and not _BUSINESS.search(text) and _TELLS.search(text, found.end() - 1):
        return found
    found = _WENT.search(text)
    if found is None or _BUSINESS.search(text) or not _PEOPLE.search(text):
        return None
    return found if ADDRESS in text or ESTATE in text else None


def by_name(visit: re.Match[str] | None) -> bool:
    """Whether it is called a visit (走访, 看望), and not only told that somebody went there."""
    return visit is not None and visit.re is _VISITED


def by_phone(text: str) -> bool:
    """Whether what is told was taken down from a call or passed on by a hotline: 来电人称…, 市民反映…."""
    return _BY_PHONE.search(text) is not None


def clause_end(text: str, start: int = 1) -> int:
    """Where the clause at `start`, or what is said before somebody speaks, ends."""
    ends = [found.end() for found in (_STOP.search(text, start), _TELLS.search(text, start)) if found is not None]
    return min(ends, default=len(text))


def log_end(text: str, visit: re.Match[str]) -> int:
    """Where what the people said begins: behind the clause of the visit, or where somebody is said to speak."""
    end = clause_end(text, visit.end())
    again = _VISITED.search(text, end)
    if again and again.start() - end <= _OPENS:  # 走访记录：今天看望了…，
        stop = _STOP.search(text, again.end())
        end = stop.end() if stop else len(text)
    while skipped := _NOBODY.match(text, end):
        end = skipped.end()
    return end


def certain(visit: re.Match[str], said: str) -> bool:
    """Whether a visit is told for its own sake, though nobody asked for anything."""
    return visit.re is _WENT and nothing_asked(said)


def nothing_asked(said: str) -> bool:
    """一切正常, 没啥要求: the log is all there is."""
    return len(said) < 4 or any(told.search(said) is not None for told in (_NOTHING_ASKED, _ALL_WELL))


def unanswered(text: str) -> bool:
    """Whether nobody opened: what is seen then is the writer's own, and no visit was made."""
    return _UNANSWERED.search(text) is not None


def another_speaks(said: str) -> bool:
    """Whether a piece begins with somebody speaking: 一户求…, 她还念叨着…, 有人建议…; or with the next door: 6栋老李…."""
    return _TELLER.search(said) is not None


def as_told(text: str) -> str:
    """Without 三户说 and 户主反映, in the same room: what is left reads as the people themselves would say it."""
    return _SAYS.sub(lambda found: " " * len(found[0]), text)
