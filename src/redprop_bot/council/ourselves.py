"""Who does what was decided where no unit does: the community itself, the street, or one of their people.

Such an order stays on the community's desk with its day; whoever was named hears of it (`loop.helping.charged`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redprop_bot.registry.register import Register, register
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx

_DOES: Final = re.compile(
    r"(?:自己|自行|这边|牵头|负责|协调|解决|处理|落实|跟进|(?:来|去)?[办做管干]|一下|就行|吧)+$"
)
_WE: Final = frozenset({"社区", "本社区", "我们社区", "咱们社区", "居委会", "社区居委会", "我们", "咱们"})
_STREET: Final = frozenset({"街道", "街道办", "街道办事处"})


@dataclass(frozen=True, slots=True)
class Own:
    """Who it is: a name, who hears of it, and the person if it is one."""

    name: str
    people: Sequence[Person]
    person: Person | None = None
    street: bool = False

    @property
    def keeper(self) -> Person | None:
        """Whom the order names: the person, or of the street its first."""
        return self.person or (self.people[0] if self.street and self.people else None)


def own_meant(reg: Register, community_id: int | None, said: str) -> Own | None:
    """The community, the street or the person that a name means; a person with a post in a unit is that unit's."""
    name = said.strip()
    bare = _DOES.sub("", name) or name
    home = reg.community_name(community_id)
    streets = [street.name for street in reg.streets.values()]
    if bare in _STREET or bare in streets:
        return Own(streets[0] if streets else bare, reg.street_staff, street=True)
    if bare in _WE or (home is not None and bare in (home, home.removesuffix("社区"))):
        own = reg.secretaries(community_id) if community_id is not None else reg.street_staff
        return Own(home or (streets[0] if streets else bare), own)
    person = reg.person_named(name) or reg.person_named(bare) or _titled(reg, bare)
    if person is None or any(post.organisation_id is not None for post in reg.posts.get(person.id or 0, [])):
        return None
    return Own(person.name or name, [person], person)


def _titled(reg: Register, said: str) -> Person | None:
    """网格员小姚: a post before the name."""
    name = re.sub(r"^(?:网格[员长]|社工|党员|志愿者|副?书记|副?主任|楼[栋长]长?)", "", said)
    return reg.person_named(name) if name != said and len(name) >= 2 else None


def name_of(tx: Tx, community_id: int | None, assignee_id: int | None, *, public: bool) -> str:
    """Whose such an order is by now; in public no person."""
    reg = register(tx)
    person = reg.people.get(assignee_id or 0)
    posts = reg.posts.get(person.id or 0, []) if person is not None else []
    street = next((reg.streets[post.street_id].name for post in posts if post.street_id in reg.streets), None)
    if street is not None:
        return street
    if person is not None and person.name and not public:
        return person.name
    return reg.community_name(community_id) or next((street.name for street in reg.streets.values()), "")
