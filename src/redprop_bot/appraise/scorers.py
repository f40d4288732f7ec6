"""Who scores a company in 考评, who runs a round, who decides an appeal: by role and post in the register.

Whoever has a post in the company does none of it, whatever other posts they have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redprop_bot.appraise.reviewers import Reviewer, of_speaker
from redprop_bot.registry.care import looked_after
from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import Register
from redprop_bot.rules.discipline import Side
from redprop_bot.store.tables import Appraisal, Member, Person, Post

Party = Mapping[str, Any]
"""A party of the sheet as a round keeps it."""
ONE_VOICE = ("secretary", "street")
"""Parties that give one ballot, whoever of them writes it down."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Whoever acts: as a reviewer, and the units for which they may appeal."""

    reviewer: Reviewer
    units: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """As histories show it."""
        return self.reviewer.name

    @property
    def person_id(self) -> int | None:
        """Key of the person, if it is one of the register."""
        return self.reviewer.person_id

    @property
    def side(self) -> Side:
        """On which side they act where they run an order or a case."""
        return Side.STREET if self.reviewer.street else Side.COMMUNITY


def managed(posts: Iterable[Post]) -> frozenset[int]:
    """The units that somebody with these posts speaks for."""
    return frozenset(p.organisation_id for p in posts if p.organisation_id is not None and p.duty == "manager")


def hand(speaker: Speaker) -> Hand:
    """Whoever speaks or sits at the console as a person of the register."""
    return Hand(of_speaker(speaker), managed(speaker.posts))


def posted(reg: Register, person_id: int | None) -> frozenset[int]:
    """The units in which somebody has a post: about those they score, run and decide nothing."""
    posts = reg.posts.get(person_id or 0, ())
    return frozenset(post.organisation_id for post in posts if post.organisation_id is not None)


def parties(row: Appraisal) -> Sequence[Party]:
    """The parties of its sheet."""
    return list(row.plan["parties"])


def apart(reg: Register, row: Appraisal, person_id: int | None) -> bool:
    """Whether somebody has nothing to do with the company that is scored."""
    return row.organisation_id not in posted(reg, person_id)


def theirs(reg: Register, row: Appraisal, who: Hand) -> list[Party]:
    """The parties for which somebody scores; those with a name of their own before those that are written down."""
    if not apart(reg, row, who.person_id):
        return []
    found = [party for party in parties(row) if _is_of(reg, row, party, who)]
    return sorted(found, key=lambda party: bool(party["named"]))


def _is_of(reg: Register, row: Appraisal, party: Party, who: Hand) -> bool:
    if party["by"] == "street":
        return who.reviewer.street
    if party["by"] == "secretary":
        return who.reviewer.secretary_of(reg, row.community_id)
    return who.person_id is not None and who.person_id in _keys(reg, row, party)


def asked(reg: Register, row: Appraisal, party: Party) -> list[Person]:
    """The people of a party as the register has them today."""
    if party["by"] == "street":
        people = reg.street_staff
    elif party["by"] == "secretary":
        people = reg.secretaries(row.community_id)
    else:
        people = [reg.people[key] for key in _keys(reg, row, party) if key in reg.people]
    return [person for person in people if apart(reg, row, person.id)]


def _keys(reg: Register, row: Appraisal, party: Party) -> list[int]:
    unit = reg.organisations.get(row.organisation_id)
    estates = looked_after(reg, unit, row.community_id) if unit is not None else []
    names, keys = {e.name for e in estates}, {e.id for e in estates}
    if party["by"] == "grid":
        grid = (p for p in reg.all_posts if p.duty == "grid" and p.community_id == row.community_id)
        found = [p.person_id for p in grid if not p.estates or names & set(p.estates)]
    elif party["by"] == "committee":
        units = reg.organisation_names.values()
        at = {unit.id for unit in units if unit.kind == "committee" and unit.estate_id in keys}
        found = [p.person_id for p in reg.all_posts if p.organisation_id in at]
    else:
        party_members = [one for one in reg.members.values() if one.party]
        found = [one.person_id for one in party_members if _lives(reg, one, names, keys)]
    return list(dict.fromkeys(found))


def _lives(reg: Register, member: Member, names: set[str], keys: set[int | None]) -> bool:
    """Whether a Party member lives in one of these estates, or their branch is called after one."""
    person = reg.people.get(member.person_id)
    if person is not None and person.estate_id is not None:
        return person.estate_id in keys
    return any(name in (member.branch or "") for name in names)


def may_run(reg: Register, row: Appraisal, who: Hand) -> bool:
    """Whether a round is theirs to bring to a result, or to call off: the secretary's, or the street's."""
    return apart(reg, row, who.person_id) and (
        who.reviewer.street or who.reviewer.secretary_of(reg, row.community_id)
    )


def may_decide(reg: Register, row: Appraisal, who: Hand) -> bool:
    """Whether they decide what becomes of an appeal; the street may decide every one."""
    return may_run(reg, row, who) and (row.plan["appeal"]["by"] == "secretary" or who.reviewer.street)


def may_appeal(row: Appraisal, who: Hand) -> bool:
    """Whether they speak for the company."""
    return row.organisation_id in who.units


def deciders(reg: Register, row: Appraisal) -> list[Person]:
    """Who is told of an appeal; where the street has nobody, the secretaries."""
    own = reg.secretaries(row.community_id)
    found = (reg.street_staff or own) if row.plan["appeal"]["by"] == "street" else own
    return [person for person in found if apart(reg, row, person.id)] or reg.street_staff
