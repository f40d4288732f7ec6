"""The register (名册): places, organisations, people, posts, the responsibility list.

A person stands here once, whatever number of posts they hold. Columns with personal data are listed in `PERSONAL`;
masking, export, deletion and retention read that list and nothing else.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from redprop_bot.store.tables.base import Table, json_list, key, moment, ref

PERSONAL = {
    "person": ("name", "phone", "userid", "openid", "building", "unit", "room"),
    "attachment": ("name", "latitude", "longitude"),
    "booking": ("name", "purpose", "reason"),
    "pairing_ask": ("reason",),
    "worker_event": ("level", "text", "by_name"),
}


class Street(Table, table=True):
    """A subdistrict (街道)."""

    __tablename__: ClassVar[Any] = "street"
    id: int | None = key()
    name: str


class Community(Table, table=True):
    """A community (社区) of a street."""

    __tablename__: ClassVar[Any] = "community"
    __table_args__ = (UniqueConstraint("name"),)
    id: int | None = key()
    street_id: int | None = ref("street.id")
    name: str
    caretaker: str | None = None  # the unit that takes what has no property company, by name


class Organisation(Table, table=True):
    """A unit: property | committee | department | partner | volunteer_team | party."""

    __tablename__: ClassVar[Any] = "organisation"
    __table_args__ = (UniqueConstraint("name"),)
    id: int | None = key()
    name: str
    kind: str
    party: str = "none"
    estate_id: int | None = ref("estate.id")
    seats: int | None = None
    party_seats: int | None = None
    party_members: int | None = None  # how many Party members work there; None: not said
    reviewed: str | None = None  # 联审 of a committee's candidates: its day, yes or no; None: not said
    active: bool = True
    version: int = 1


class Estate(Table, table=True):
    """An estate (小区) with the ways people call it."""

    __tablename__: ClassVar[Any] = "estate"
    __table_args__ = (UniqueConstraint("name"),)
    id: int | None = key()
    community_id: int = ref("community.id", index=True, nullable=False)
    name: str
    aliases: list[str] = json_list()
    kind: str = "commercial"
    households: int = 0
    lat: float | None = None
    lng: float | None = None
    property_name: str | None = None
    lacks: list[str] = json_list()  # what there is not yet: committee, party; not said is not known
    care: str | None = None  # market | self | fallback; None: nobody has said
    caretaker: str | None = None
    trial_until: str | None = None  # the last day of a trial, in ISO form


class Building(Table, table=True):
    """A building (楼栋) of an estate."""

    __tablename__: ClassVar[Any] = "building"
    __table_args__ = (UniqueConstraint("estate_id", "no"),)
    id: int | None = key()
    estate_id: int = ref("estate.id", nullable=False)
    no: str
    units: int | None = None
    floors: int | None = None


class Person(Table, table=True):
    """Whoever talks to the bot or works with it: a resident has an openid, staff and members a userid."""

    __tablename__: ClassVar[Any] = "person"
    __table_args__ = (UniqueConstraint("userid"), UniqueConstraint("openid"))
    id: int | None = key()
    name: str | None = None
    phone: str | None = None
    userid: str | None = None
    openid: str | None = None
    estate_id: int | None = ref("estate.id")
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    following: bool = True
    left_at: datetime | None = moment()  # the account in WeCom is closed: nothing is sent there any more
    monthly: bool = False  # wants to hear once a month what came of it
    photo_place: bool | None = (
        None  # whether the place a picture was taken at may be read from it; None: never said
    )
    ask_first_until: datetime | None = moment()
    created_at: datetime = moment(nullable=False)
    merged_into_id: int | None = ref("person.id", index=True)  # proven to be this person, who has all of it now


class Post(Table, table=True):
    """What a person does, and where: duty secretary | grid | clerk | manager | worker | other.

    post, grade: 三岗十八级 of a community worker, a key of `data/workers/posts.yaml` and a number.
    """

    __tablename__: ClassVar[Any] = "post"
    id: int | None = key()
    person_id: int = ref("person.id", index=True, nullable=False)
    duty: str
    street_id: int | None = ref("street.id")
    community_id: int | None = ref("community.id")
    organisation_id: int | None = ref("organisation.id", index=True)
    estates: list[str] = json_list()
    trades: list[str] = json_list()
    on_duty: bool = True
    post: str | None = None
    grade: int | None = None


class Member(Table, table=True):
    """A Party member or volunteer registered with the community (报到)."""

    __tablename__: ClassVar[Any] = "member"
    __table_args__ = (UniqueConstraint("person_id"),)
    id: int | None = key()
    person_id: int = ref("person.id", nullable=False)
    party: bool = False
    branch: str | None = None
    skills: list[str] = json_list()
    on_call: bool = False  # said themselves that they stand by in an emergency
    source: str = "roster"  # or self: registered in chat, and the roster's import leaves them alone
    unit: str | None = None
    hours: str | None = None  # when they have time, in their words
    chosen: list[str] = json_list()  # posts that they chose themselves (设岗定责)
    unit_card: bool = False  # said that a card about what they gave may go to their unit
    agreed_at: datetime | None = moment()  # when they agreed to what is kept of them
    verified_at: datetime | None = moment()  # when it was proven that they are who they say
    code_digest: str | None = None
    code_for_id: int | None = ref("person.id")  # who of the roster is meant to be proven by the code
    code_until: datetime | None = moment()
    code_misses: int = 0


class Responsibility(Table, table=True):
    """A row of the responsibility list (责任清单): who answers for what, where, in what time."""

    __tablename__: ClassVar[Any] = "responsibility"
    id: int | None = key()
    category: str
    estate_id: int | None = ref("estate.id")
    unit_id: int = ref("organisation.id", nullable=False)
    match: list[str] = json_list()
    respond_hours: float | None = None
    resolve_hours: float | None = None
    active: bool = True
    version: int = 1


class Revision(Table, table=True):
    """One row per thing whose changes other processes must notice; `value` only grows."""

    __tablename__: ClassVar[Any] = "revision"
    name: str = Field(primary_key=True)
    value: int = 0
