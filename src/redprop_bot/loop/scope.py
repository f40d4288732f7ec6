"""Where an emergency is: communities and estates, who may switch it, who lives and works there."""

from collections.abc import Sequence
from dataclasses import dataclass

from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Mode


@dataclass(frozen=True, slots=True)
class Scope:
    """An area: a community or, with None, the whole street; `estates` narrows it, empty means all of it."""

    community_id: int | None
    estates: tuple[int, ...] = ()

    def covers(self, community_id: int | None, estate_id: int | None) -> bool:
        """Whether a place lies inside; what has no estate is inside only where no estate is named."""
        if self.community_id is not None and community_id != self.community_id:
            return False
        return not self.estates or estate_id in self.estates

    def all_estates(self, reg: Register) -> list[int]:
        """The estates inside."""
        return [key for key, estate in reg.estates.items() if self.covers(estate.community_id, key)]

    def communities(self, reg: Register) -> list[int]:
        """The communities inside, whole or in part."""
        if self.community_id is not None:
            return [self.community_id]
        if self.estates:
            return sorted({reg.estates[key].community_id for key in self.estates})
        return list(reg.communities)

    def words(self, reg: Register) -> str:
        """As people say it."""
        if self.estates:
            return "、".join(reg.estates[key].name for key in self.estates)
        if self.community_id is not None:
            return reg.communities[self.community_id].name
        return next((street.name for street in reg.streets.values()), "全街道")

    def meets(self, other: "Scope", reg: Register) -> bool:
        """Whether two areas have a place in common."""
        mine, others = set(self.all_estates(reg)), set(other.all_estates(reg))
        if mine & others:
            return True
        if self.estates or other.estates:
            return False
        return bool(set(self.communities(reg)) & set(other.communities(reg)))


def of_mode(mode: Mode) -> Scope:
    """The area of an emergency."""
    return Scope(mode.community_id, tuple(mode.estates))


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who may switch: secretaries in their communities, the street (`communities` None) everywhere."""

    name: str
    person_id: int | None
    communities: frozenset[int] | None

    @property
    def may(self) -> bool:
        """Whether they may switch anything at all."""
        return self.communities is None or bool(self.communities)

    def must(self, scope: Scope, reg: Register) -> None:
        """Refuse an area that is not all theirs."""
        if not self.may:
            raise Forbidden("mode_role")
        if self.communities is not None and (
            (scope.community_id is None and not scope.estates)
            or not set(scope.communities(reg)) <= self.communities
        ):
            raise Forbidden("foreign_scope", field="scope", where=scope.words(reg))


def keeper_of(reg: Register, person_id: int, name: str) -> Keeper:
    """A person of the register as a keeper."""
    posts = reg.posts.get(person_id, [])
    if any(post.street_id is not None for post in posts):
        return Keeper(name, person_id, None)
    own = {p.community_id for p in posts if p.duty == "secretary" and p.community_id is not None}
    return Keeper(name, person_id, frozenset(own))


def scope_called(reg: Register, names: Sequence[str]) -> Scope:
    """The area that names of communities, of estates, or of the street mean. Raises Invalid, Conflict (mixed)."""
    communities = {c.name: key for key, c in reg.communities.items()}
    streets = {street.name for street in reg.streets.values()}
    estates: list[int] = []
    whole: list[int | None] = []
    for name in names:
        if name in streets:
            whole.append(None)
        elif name in communities:
            whole.append(communities[name])
        elif (estate := reg.estate(name)) is not None and estate.id is not None:
            estates.append(estate.id)
        else:
            raise Invalid("unknown_scope", field="scope", name=name)
    if (whole and estates) or len(whole) > 1 or not (whole or estates):
        raise Invalid("scope", field="scope")
    if whole:
        return Scope(whole[0])
    homes = {reg.estates[key].community_id for key in estates}
    return Scope(homes.pop() if len(homes) == 1 else None, tuple(dict.fromkeys(estates)))


def the_one(modes: Sequence[Mode], reg: Register) -> Mode:
    """The only emergency there is to speak of. Raises Conflict where there is none, or more than one."""
    if not modes:
        raise Conflict("no_mode")
    if len(modes) > 1:
        names = "、".join(f"{mode.no}（{of_mode(mode).words(reg)}）" for mode in modes)
        raise Conflict("which_mode", names=names)
    return modes[0]
