"""What people agree to in so many words; nothing is read into anything else they say.

So far there is one thing: whether the place a picture was taken at may be read from it before it is wiped.
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


def said(turn: Turn) -> bool:
    """Whether the message was one of these sentences; then it is done and answered."""
    agreed = _PHOTO_PLACE.get(turn.inbound.text.strip().rstrip("。.！!"))
    if agreed is None:
        return False
    turn.tx.update(Person, turn.person_id, photo_place=agreed)
    turn.say("photo.agreed" if agreed else "photo.declined")
    return True
