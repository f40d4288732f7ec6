"""党员报到、志愿者注册: what somebody says of themselves, kept with their consent; leaving is one sentence.

Who speaks in WeCom is who the directory says. Who speaks in the Official Account is proven by a code that goes to
the person of the roster with that name, else to the secretary, who gives it to them in person.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from redprop_bot.errors import Conflict, Invalid
from redprop_bot.registry.register import changed, register
from redprop_bot.rules.activities import DIGITS
from redprop_bot.store import events, people
from redprop_bot.store.tables import Member, Person
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import one_person

NAME_LIMIT: Final = 20
TEXT_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Card:
    """What somebody says of themselves when they register."""

    name: str
    party: bool = False
    unit: str | None = None
    branch: str | None = None
    skills: tuple[str, ...] = ()
    hours: str | None = None
    chosen: tuple[str, ...] = ()


def of(tx: Tx, person_id: int) -> Member | None:
    """Their registration."""
    return people.member(tx, person_id)


def register_them(tx: Tx, person: Person, card: Card) -> Member:
    """Keep it, with their consent; what the roster says of them stays. Raises Invalid."""
    assert person.id is not None
    name = card.name.strip()
    if not name or len(name) > NAME_LIMIT:
        raise Invalid("missing" if not name else "too_long", field="name", limit=NAME_LIMIT)
    if unknown := [post for post in card.chosen if post not in tx.content.activities.posts]:
        raise Invalid("choice", field="posts", name=unknown[0])
    known = of(tx, person.id)
    if person.name is None:
        people.meet(tx, tx.update(Person, person.id, name=name))
    values: dict[str, Any] = {
        "unit": card.unit,
        "hours": card.hours,
        "chosen": list(card.chosen),
        "agreed_at": tx.now,
    }
    by_roster = known is not None and known.source == "roster"
    if by_roster and known is not None:
        values["skills"] = list(dict.fromkeys([*known.skills, *card.skills]))
        values["branch"] = known.branch or card.branch
    else:
        values |= {"skills": list(card.skills), "branch": card.branch, "party": card.party}
    if person.userid is not None:
        values["verified_at"] = tx.now
    elif known is None or known.verified_at is None:
        values["party"] = False  # until it is proven who they are
    if known is None:
        made = tx.insert(Member, person_id=person.id, source="self", **values)
    else:
        made = tx.update(Member, known.id, **values)
    changed(tx)
    events.note(tx, "person", person.id, "enrolled", by="本人", data={"party": made.party})
    return made


def leave(tx: Tx, person: Person) -> Member:
    """They are no member any more; points and what was done stay. Raises Conflict where they are none."""
    assert person.id is not None
    known = of(tx, person.id)
    if known is None:
        raise Conflict("not_enrolled")
    people.drop_member(tx, known)
    changed(tx)
    events.note(tx, "person", person.id, "resigned", by="本人", data={})
    return known


# -- who somebody in the Official Account is


def voucher(tx: Tx, name: str) -> Person | None:
    """The member of the roster with this name who can be asked in WeCom, if there is just one."""
    reg = register(tx)
    found = [
        p
        for key, p in reg.people.items()
        if p.name == name and p.userid and p.left_at is None and (key in reg.members or key in reg.posts)
    ]
    return found[0] if len(found) == 1 else None


def listed(tx: Tx, name: str) -> Person | None:
    """The member of the roster with this name who has no account anywhere, if there is just one."""
    reg = register(tx)
    found = [
        p
        for key, p in reg.people.items()
        if p.name == name and not p.userid and not p.openid and key in reg.members and key not in reg.posts
    ]
    return found[0] if len(found) == 1 else None


def new_code(tx: Tx, member: Member, *, of: Person | None = None) -> str:
    """A fresh code, of which only a digest is kept. `of`: who of the roster it proves them to be."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    until = tx.now + timedelta(minutes=tx.content.activities.verify.minutes)
    digest = _digest(tx, member, digits)
    meant = of.id if of is not None else None
    tx.update(Member, member.id, code_digest=digest, code_until=until, code_misses=0, code_for_id=meant)
    return digits


def not_me(tx: Tx, person: Person) -> int:
    """Codes that would prove somebody to be this person are void; how many there were."""
    found = people.claiming(tx, person.id or 0)
    for member in found:
        tx.update(Member, member.id, code_digest=None, code_for_id=None)
        events.note(tx, "person", member.person_id, "not_them", by="本人", data={})
    return len(found)


def awaits(tx: Tx, member: Member | None) -> bool:
    """Whether a code of theirs can still be said."""
    if member is None or member.code_digest is None or member.code_until is None:
        return False
    return tx.now <= member.code_until and member.code_misses < tx.content.activities.verify.tries


def verify(tx: Tx, member: Member, digits: str, *, name: str | None) -> bool:
    """Whether it is the code; then they are who they say, one person with who of the roster was meant.

    Where that row is not free, what the roster says of the name holds for them. A wrong code is counted; after too
    many none is taken.
    """
    if not awaits(tx, member):
        return False
    if not hmac.compare_digest(member.code_digest or "", _digest(tx, member, digits)):
        tx.update(Member, member.id, code_misses=member.code_misses + 1)
        return False
    twin = voucher(tx, name) if name else None
    known = register(tx).members.get(twin.id or 0) if twin is not None else None
    values: dict[str, Any] = {"party": known.party, "branch": known.branch or member.branch} if known else {}
    done = {"code_digest": None, "code_until": None, "code_for_id": None}
    tx.update(Member, member.id, verified_at=tx.now, **done, **values)
    changed(tx)
    events.note(tx, "person", member.person_id, "verified", by="验证码", data={})
    _join(tx, member)
    return True


def _join(tx: Tx, member: Member) -> None:
    if member.code_for_id is None:
        return
    meant, came = tx.get(Person, member.code_for_id), tx.get(Person, member.person_id)
    if one_person.fits(tx, meant, came):
        one_person.join(tx, meant, came)


def _digest(tx: Tx, member: Member, digits: str) -> str:
    words = f"enrol:{member.person_id}:{digits}".encode()
    return hmac.new(tx.content.secret, words, hashlib.sha256).hexdigest()


def posts(tx: Tx, said: str) -> Sequence[str]:
    """The posts that are meant by their names or by their numbers on the list."""
    offered = tx.content.activities.posts
    named = [post for post in offered if post in said]
    if named:
        return named
    numbers = [int(n) for n in "".join(c if c.isdecimal() else " " for c in said).split() if len(n) < 3]
    return [offered[n - 1] for n in dict.fromkeys(numbers) if 0 < n <= len(offered)]
