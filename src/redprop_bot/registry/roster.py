"""The roster (名册) as plain values: what stands in a file, before it meets the database.

No file format and no table is known here. `path` says where an entry stands in its file and takes no part in
comparing; `Roster.where` tells that place to people. A section that is None did not stand in the file at all:
nothing is said about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from redprop_bot.content import packaged_root, yaml
from redprop_bot.content.codes import CATEGORIES
from redprop_bot.content.shapes import Labels
from redprop_bot.content.workers import PostRow, PostTable
from redprop_bot.rules.care import NONE, Care

ESTATE_KINDS: Final = {
    "commercial": "商品房",
    "resettlement": "安置房",
    "old": "老旧",
    "affordable": "保障房",
    NONE: "无物业",
}
CARES: Final = {Care.MARKET.value: "市场物业", Care.SELF.value: "居民自治", Care.FALLBACK.value: "兜底托管"}
"""How an estate is looked after; what no roster says is not known."""
UNIT_KINDS: Final = {
    "property": "物业公司",
    "committee": "业委会",
    "department": "部门单位",
    "partner": "共建单位",
    "volunteer_team": "志愿服务队",
    "party": "党组织",
}
PARTY: Final = {"branch": "党支部", "joint": "联合支部", "instructor": "党建指导员", "none": "无"}
LACKS: Final = {"committee": "业委会", "party": "党支部"}
"""What an estate may be known not to have yet; what there is stands among the units."""
COMMUNITY_DUTIES: Final = ("secretary", "grid", "clerk", "other")
UNIT_DUTIES: Final = ("manager", "worker", "secretary", "clerk", "other")

_LABELS = "data/labels/labels.yaml"
_POSTS = "data/workers/posts.yaml"


@dataclass(frozen=True, slots=True)
class Words:
    """What the codes of categories and duties are called, a file may use either; the posts of workers."""

    category: Mapping[str, str]
    duty: Mapping[str, str]
    posts: tuple[PostRow, ...]

    @staticmethod
    def of(labels: Labels, posts: tuple[PostRow, ...]) -> "Words":
        """As the labels and the posts of the community say."""
        return Words({c: labels.category.get(c, c) for c in CATEGORIES}, labels.duty, posts)


@cache
def packaged_words() -> Words:
    """As the labels and posts that ship with the product say."""
    raw, _ = yaml.read(packaged_root() / _LABELS)
    posts, _ = yaml.read(packaged_root() / _POSTS)
    return Words.of(Labels.model_validate(raw), PostTable.model_validate(posts).posts)


Path = tuple[str, ...]
"""Keys and positions from the top of the file: `("communities", "0", "name")`."""


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A person in one post; the same user id in several places is one person with several posts.

    post, grade: 三岗十八级, of community workers only.
    """

    name: str
    duty: str
    userid: str | None = None
    phone: str | None = None
    estates: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    on_duty: bool = True
    post: str | None = None
    grade: int | None = None
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class StreetEntry:
    """A street and its staff; `staff_left`, here and below: of the staff nothing is said, it stays."""

    name: str
    staff: tuple[StaffEntry, ...] = ()
    staff_left: bool = field(default=False, compare=False)
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class BuildingEntry:
    """A building: its number without 栋, how many units and floors."""

    no: str
    units: int | None = None
    floors: int | None = None
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class EstateEntry:
    """An estate; `property_name` is kept as written, whether or not that unit stands in the file."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "commercial"
    households: int = 0
    lat: float | None = None
    lng: float | None = None
    property_name: str | None = None
    buildings: tuple[BuildingEntry, ...] = ()
    lacks: tuple[str, ...] = ()
    care: str | None = None
    caretaker: str | None = None
    trial_until: str | None = None  # a day in ISO form
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class CommunityEntry:
    """A community, whole: staff and estates that are not here are gone. `street` only where there are several.

    caretaker: the unit that takes what has no property company, where the estate names none of its own.
    """

    name: str
    street: str | None = None
    staff: tuple[StaffEntry, ...] = ()
    estates: tuple[EstateEntry, ...] = ()
    caretaker: str | None = None
    staff_left: bool = field(default=False, compare=False)
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """An organisation and its staff."""

    name: str
    kind: str
    party: str = "none"
    estate: str | None = None
    seats: int | None = None
    party_seats: int | None = None
    staff: tuple[StaffEntry, ...] = ()
    staff_left: bool = field(default=False, compare=False)
    party_members: int | None = None
    reviewed: str | None = None
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A Party member or volunteer."""

    name: str
    userid: str | None = None
    party: bool = False
    branch: str | None = None
    skills: tuple[str, ...] = ()
    phone: str | None = None
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ResponsibilityEntry:
    """A row of the responsibility list; hours as in the contract, None where the default clocks hold."""

    category: str
    unit: str
    estate: str | None = None
    match: tuple[str, ...] = ()
    respond_hours: float | None = None
    resolve_hours: float | None = None
    path: Path = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Roster:
    """One file. `listed_streets`: the streets stood as a list, so that a community must name its own.

    partial: the sections that stand in no sheet of their own and hold only those that another sheet speaks of.
    """

    streets: tuple[StreetEntry, ...] | None = None
    communities: tuple[CommunityEntry, ...] | None = None
    organisations: tuple[UnitEntry, ...] | None = None
    members: tuple[MemberEntry, ...] | None = None
    responsibilities: tuple[ResponsibilityEntry, ...] | None = None
    listed_streets: bool = False
    partial: frozenset[str] = field(default=frozenset(), compare=False)
    where: Callable[[Path], str] = field(default=".".join, compare=False, repr=False)

    def whole(self, section: str) -> bool:
        """Whether a section stands in the file as such: what it does not name is gone, not left alone."""
        return getattr(self, section) is not None and section not in self.partial

    def owners(self) -> list[tuple[str, StreetEntry | CommunityEntry | UnitEntry]]:
        """Whoever has staff, with the kind of owner: street | community | organisation."""
        return [
            *(("street", entry) for entry in self.streets or ()),
            *(("community", entry) for entry in self.communities or ()),
            *(("organisation", entry) for entry in self.organisations or ()),
        ]

    def estates(self) -> list[tuple[CommunityEntry, EstateEntry]]:
        """All estates with their communities."""
        return [(c, estate) for c in self.communities or () for estate in c.estates]


@dataclass(frozen=True, slots=True)
class Known:
    """Names that a file may refer to although they do not stand in it.

    estates: by every spelling, to the name. units, streets: names.
    """

    estates: Mapping[str, str] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
