"""What people agree to in so many words; nothing is read into anything else they say.

Whether the place a picture was taken at may be read from it before it is wiped; whether they want to hear once a
month what came of it.
"""

from redprop_bot.dialogue.turn import Turn
from redprop_bot.store.tables import Person

_PHOTO_PLACE = {
    "读照片位置": True,
    "可以读照片位置": True,
    "允许读照片位置": True,
    "不读照片位置": False,
    "别读照片位置": False,
    "不要读照片位置": False,
    "取消读照片位置": False,
}


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
    return _monthly(turn, words) or _photo_place(turn, words)


def _monthly(turn: Turn, words: str) -> bool:
    wanted = _MONTHLY.get(words)
    if wanted is None:
        return False
    turn.tx.update(Person, turn.person_id, monthly=wanted)
    if not wanted:
        turn.say("digest.stopped")
    else:
        turn.say("digest.asked_no_estate" if turn.speaker.person.estate_id is None else "digest.asked")
    return True


def _photo_place(turn: Turn, words: str) -> bool:
    agreed = _PHOTO_PLACE.get(words)
    if agreed is None:
        return False
    turn.tx.update(Person, turn.person_id, photo_place=agreed)
    turn.say("photo.agreed" if agreed else "photo.declined")
    return True
