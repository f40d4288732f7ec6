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
_GONE: Final = re.compile(r"(?:请?送[到至]?|我?家?(?:住在?|在))?〔(?:小区|地址|电话|车牌)〕(?:的|里)?")
_CALL: Final = re.compile(r"(?:请?打|(?:我的)?(?:联系)?(?:电话|手机号?|微信)(?:号码?)?[是:： ]*)(?=〔电话〕)")
_KIN: Final = re.compile(
    r"(?<=[孙儿][子女儿])〔人名〕|(?<=老伴|爱人|母亲|父亲|妈妈|爸爸)〔人名〕"
)  # 孙子〔人名〕上学
_SELF: Final = re.compile(
    r"(?:^|(?<=[，,、；;。：: ]))(?:我(?:的名字)?(?:叫|是|姓)|本人|姓名[是：:]?)"
    r"(?:一位邻居|〔[^〕]*〕)+(?=$|[，,、；;。 ])"
)
_STOPS: Final = re.compile(r"[，,、；; ]{2,}")
_AFTER: Final = re.compile(r"(?<=[：:])[，,、；; ]+")
_TOLD: Final = re.compile(r"(?:我|本人)(?:名?叫|姓)(?![了过他她你人物师得])|我的?名字")
_EDGES: Final = " ，,、；;。.：:"


def public(tx: Tx, text: str, *, persons: tuple[Person | None, ...] = ()) -> str:
    """The text without what tells a person; `persons` are those whose names and rooms are known."""
    known = [person for person in persons if person is not None]
    names = [person.name for person in known if person.name]
    rooms = [person.room for person in known if person.room]
    out = scrub(text, names=names, rooms=rooms, gazetteer=register(tx).gazetteer)
    out = _SELF.sub("", _SOMEBODY.sub("一位邻居", _KIN.sub("", out)))
    out = _GONE.sub("", _CALL.sub("", out))
    # Where a place stood before it, a name stands at the beginning now, and is seen.
    out = _SOMEBODY.sub("一位邻居", scrub(_tidy(out)))
    return _tidy(out)


def _tidy(text: str) -> str:
    return _AFTER.sub("", _STOPS.sub("，", text)).strip(_EDGES)


def introduces(shown: str) -> bool:
    """Whether words for everybody still tell who somebody is: a name that nobody here would take for one."""
    return _TOLD.search(shown) is not None
