"""Words of people as everybody may read them: no names, phones, rooms, houses.

A guess in favour of who speaks: better a word too many is gone. A person looks at them before they are published.
"""

import re
from typing import Final

from redprop_bot.registry.register import register
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx
from redprop_bot.understand.scrub import scrub

_SOMEBODY: Final = re.compile(r"(?:〔(?:小区|地址)〕的?)*〔人名〕(?:〔人名〕)*")
_GONE: Final = re.compile(r"(?:我?家?(?:住在?|在))?〔(?:小区|地址|电话|车牌)〕(?:的|里)?")
_CALL: Final = re.compile(r"(?:我的)?(?:联系)?(?:电话|手机号?|微信)(?:号码?)?[是:： ]*(?=〔电话〕)")
_SELF: Final = re.compile(
    r"(?:^|(?<=[，,、；;。 ]))(?:我(?:的名字)?(?:叫|是|姓)|本人|姓名[是：:]?)"
    r"(?:一位邻居|〔[^〕]*〕)+(?=$|[，,、；;。 ])"
)
_STOPS: Final = re.compile(r"[，,、；; ]{2,}")
_EDGES: Final = " ，,、；;。.：:"


def public(tx: Tx, text: str, *, persons: tuple[Person | None, ...] = ()) -> str:
    """The text without what tells a person; `persons` are those whose names and rooms are known."""
    known = [person for person in persons if person is not None]
    names = [person.name for person in known if person.name]
    rooms = [person.room for person in known if person.room]
    out = scrub(text, names=names, rooms=rooms, gazetteer=register(tx).gazetteer)
    out = _SELF.sub("", _SOMEBODY.sub("一位邻居", out))
    out = _GONE.sub("", _CALL.sub("", out))
    return _STOPS.sub("，", out).strip(_EDGES)
