"""What people agree to in so many words; nothing is read into anything else they say.

Whether the place a picture was taken at may be read from it before it is wiped: whoever says no, or takes a yes
back, is not asked again, and what was noted is forgotten. Whether they want to hear once a month what came of it.
That what is kept of them be deleted: 确认删除.
"""

import re
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.store import media
from redprop_bot.store.tables import Person

_PHOTO_PLACE: Final = re.compile(
    r"(?P<no>不可以|不能|不要|不让|不准|不许|不想|不|别|取消|停止|关掉)?(再|你们)*(?P<yes>可以|允许|同意|能|让)?"
    r"(再|你们)*(?P<do>用|读|看|使用|读取)(我的?)?(照片|图片|相片)(里|上|里面|上面)?的?(拍摄)?(位置|地点|定位)(了|吧)?"
)

_SURE: Final = frozenset({"确认删除", "确定删除", "确认删除我的信息", "确定删除我的信息"})
_DELETE: Final = re.compile("(都|全|全部)?删(除|掉)?了?(吧)?|确认|确定")
"""Said where it was just told what is kept; anywhere else they mean something else."""

_MONTHLY = {
    "每月告诉我": True,
    "每个月告诉我": True,
    "不用每月告诉我": False,
    "不用每个月告诉我": False,
    "不要每月告诉我": False,
    "别每月告诉我": False,
    "取消每月告诉我": False,
}


def said(turn: Turn) -> bool:
    """Whether the message was one of these sentences; then it is done and answered."""
    words = turn.inbound.text.strip().rstrip("。.！!~～ ")
    return _delete(turn, words) or _monthly(turn, words) or _photo_place(turn, words)


def _delete(turn: Turn, words: str) -> bool:
    """确认删除: what was just asked for once more; only they themselves can do it, on their page."""
    told = turn.session.asked_kind() == "privacy"
    if told:
        turn.session.asked = None  # an answer is not waited for longer than this
    sure = words in _SURE or (told and _DELETE.fullmatch(words) is not None)
    if not sure or turn.speaker.person.openid is None:
        return False
    turn.say("privacy.how", link=f"{turn.tx.content.address}/m/me")
    return True


def _monthly(turn: Turn, words: str) -> bool:
    wanted = _MONTHLY.get(words)
    if wanted is None or turn.speaker.person.openid is None:
        return False  # who works in WeCom has the reports of their post
    turn.tx.update(Person, turn.person_id, monthly=wanted)
    if not wanted:
        turn.say("digest.stopped")
    else:
        turn.say("digest.asked_no_estate" if turn.speaker.person.estate_id is None else "digest.asked")
    return True


def _photo_place(turn: Turn, words: str) -> bool:
    found = _PHOTO_PLACE.fullmatch(words)
    if found is None or (found["do"] == "看" and not (found["yes"] or found["no"])):
        return False  # 看照片里的位置 says where to look
    agreed = not found["no"]
    turn.tx.update(Person, turn.person_id, photo_place=agreed)
    if not agreed:
        media.forget_places(turn.tx, turn.person_id)
    turn.say("photo.agreed" if agreed else "photo.declined")
    return True
