"""各小区怎么管, 哪些小区没有物业, 兜底小区: what people of the community may ask of the register's estates."""

import re
from collections.abc import Callable
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import caring
from redprop_bot.loop.caring import State

SHOWN: Final = 20

_ASK: Final = (
    r"(?:请问|麻烦|帮我|给我)?(?:再)?(?:看|查|列|说|报|统计)?(?:一下|一看|下|看)?"
    r"(?:我们?|咱们?)?(?:这个?|这边)?(?:社区|街道|辖区|片区)?(?:里|内|的)?(?:现在|目前)?(?:都|还|一共)?有?"
)
_END: Final = r"(?:的|了)?(?:有(?:哪些|哪几个|几个|多少))?(?:名单|清单|情况|台账)?[呢啊呀吗]?[？?。！!]*"
_WHICH: Final = r"(?:都?有)?(?:哪些|哪几个|哪个|几个|多少个?)小区(?:现在|目前)?(?:是|还|都)*"
_BARE: Final = r"(?:没有?|无)物业(?:公司|管理)?"
_TAKEN: Final = r"(?:由?社区|由?街道)?(?:兜底(?:托管|管理|服务)?|托管)"
_TRIAL: Final = r"(?:在?试行|在?试点|试运行)(?:中|期|快到期|到期)?"
_HOW: Final = r"(?:都|各自|分别|现在)*(?:是)?(?:怎么管|怎样管|谁在?管|归谁管|谁来管|什么管法)(?:理)?"
_LISTS: Final[tuple[tuple[str, re.Pattern[str], Callable[[State], bool]], ...]] = (
    ("bare", re.compile(f"{_ASK}(?:{_WHICH}{_BARE}|{_BARE}的?小区){_END}"), lambda one: one.bare),
    ("fallback", re.compile(f"{_ASK}(?:{_WHICH}{_TAKEN}|{_TAKEN}的?小区){_END}"), lambda one: one.fallback),
    ("trial", re.compile(f"{_ASK}(?:{_WHICH}{_TRIAL}|{_TRIAL}的?小区){_END}"), lambda one: one.until is not None),
    (
        "all",
        re.compile(
            f"{_ASK}(?:(?:各个?|每个|所有|全部)小区{_HOW}|各?小区的?(?:管法|分类治理|管理模式|管理方式)){_END}"
        ),
        lambda _one: True,
    ),
)


def run(turn: Turn) -> bool:
    """Answer with a list of estates, if that was asked for; returns whether it was."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "secretary" or len(text) > 40:
        return False
    asked = next(((name, fits) for name, form, fits in _LISTS if form.fullmatch(text)), None)
    if asked is None:
        return False
    posts = turn.speaker.posts
    street = any(post.street_id for post in posts)
    every = caring.states(turn.tx, None if street else {p.community_id for p in posts if p.community_id})
    _told(turn, asked[0], [one for one in every if asked[1](one)], len(every))
    return True


def _told(turn: Turn, name: str, found: list[State], number: int) -> None:
    say = turn.tx.content.replies.say
    title = say(f"care.title.{name}")
    if not found:
        turn.say("care.none", title=title, all=str(number))
        return
    unclear = sum(1 for one in found if one.unclear)
    more = len(found) - SHOWN
    turn.say(
        "care.list",
        title=title,
        number=str(len(found)),
        all=str(number),
        lines="\n".join(f"· {caring.line(turn.tx, one)}" for one in found[:SHOWN]),
        more=say("care.more", number=str(more)) if more > 0 else "",
        unclear=say("care.unclear_count", number=str(unclear)) if unclear else "",
        link=f"{turn.tx.content.address}{caring.PAGE}",
    )
