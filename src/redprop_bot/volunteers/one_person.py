"""One person who came twice, from the Official Account and in roster or WeCom: after the proof they are one.

    join   the account, what they reported, their sign-ups, skills and points go to the row of the roster
    part   the reverse, on the word of whoever it is not: rows, account and points go back

Both are written down with every key that was moved. What both had already (the same activity twice) stays where it
was and counts once. Nothing of the ledger is changed: points move by a pair of entries.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.errors import Conflict
from redprop_bot.registry.register import REVISION, changed, look_again, register
from redprop_bot.store import activities, events, one_person, people, points, registers
from redprop_bot.store.tables import Activity, Event, Member, Person
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger, signing_up

_HOME: Final = ("estate_id", "building", "unit", "room")
_FILLED: Final = ("unit", "hours")
"""What the one may have said where the other had said nothing."""
_PROVEN: Final = ("agreed_at", "verified_at")


def fits(tx: Tx, kept: Person, came: Person) -> bool:
    """Whether the row of the roster is free for who came by the Official Account: no other account, no post.

    Whoever holds a post acts in WeCom only: a code of six digits is not enough for that.
    """
    posts = register(tx).posts
    return (
        kept.openid is None
        and kept.merged_into_id is None
        and came.userid is None
        and came.merged_into_id is None
        and kept.id != came.id
        and not posts.get(came.id or 0)
        and not posts.get(kept.id or 0)
    )


def join(tx: Tx, kept: Person, came: Person) -> Person:
    """Make them one; the row of the roster as it is now. Raises Conflict `somebody_else`: nothing has changed."""
    registers.hold(tx, REVISION)
    look_again(tx)
    kept, came = _held(tx, kept), _held(tx, came)
    assert kept.id is not None
    assert came.id is not None
    if came.merged_into_id == kept.id:
        return kept
    if not fits(tx, kept, came):
        raise Conflict("somebody_else")
    for key in sorted((kept.id, came.id)):
        points.in_turn(tx, key)
    data: dict[str, Any] = {"from": came.id}
    data |= _member(tx, kept.id, came.id)
    _twice(tx, kept.id, came.id)
    data["moved"] = one_person.repoint(tx, came.id, kept.id)
    data["points"] = ledger.balance(tx, came.id)
    ledger.carry(tx, came.id, kept.id, data["points"])
    one, data["columns"] = _identity(tx, kept, came)
    changed(tx)
    events.note(tx, "person", kept.id, "joined", by="验证码", data=data)
    return one


def _held(tx: Tx, person: Person) -> Person:
    assert person.id is not None
    return tx.get(Person, person.id, lock=True)


def _identity(tx: Tx, kept: Person, came: Person) -> tuple[Person, list[str]]:
    """The account goes over, and what the roster does not know: phone, home; said once which."""
    columns = ["openid"]
    columns += [name for name in ("phone", "photo_place") if getattr(kept, name) is None]
    if kept.estate_id is None:
        columns += _HOME
    columns = [name for name in columns if getattr(came, name) is not None]
    values = {name: getattr(came, name) for name in columns}
    nobody = dict.fromkeys(("name", "phone", "openid", "photo_place", *_HOME))
    tx.update(Person, came.id, **nobody, following=False, monthly=False, merged_into_id=kept.id)
    more = {"following": came.following, "monthly": kept.monthly or came.monthly}
    until = [at for at in (kept.ask_first_until, came.ask_first_until) if at is not None]
    made = tx.update(Person, kept.id, **values, **more, ask_first_until=max(until, default=None))
    people.meet(tx, made)
    tx.cache.get("people", {}).pop(came.id, None)
    return made, columns


def _member(tx: Tx, kept_id: int, came_id: int) -> dict[str, Any]:
    """Skills, hours and posts of both; what the roster says of Party and branch stays."""
    theirs, other = people.member(tx, kept_id), people.member(tx, came_id)
    if other is None:
        return {}
    if theirs is None:
        tx.update(Member, other.id, person_id=kept_id)
        return {"member": other.id}
    added = [one for one in other.skills if one not in theirs.skills]
    chosen = [one for one in other.chosen if one not in theirs.chosen]
    filled = [name for name in _FILLED if not getattr(theirs, name) and getattr(other, name)]
    before = {name: _written(getattr(theirs, name)) for name in _PROVEN}
    tx.update(
        Member,
        theirs.id,
        skills=[*theirs.skills, *added],
        chosen=[*theirs.chosen, *chosen],
        hours=theirs.hours or other.hours,
        unit=theirs.unit or other.unit,
        unit_card=theirs.unit_card or other.unit_card,
        agreed_at=other.agreed_at or theirs.agreed_at,
        verified_at=tx.now,
    )
    people.drop_member(tx, other)
    return {"skills": added, "chosen": chosen, "filled": filled, "agreed": theirs.unit_card, **before}


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _twice(tx: Tx, kept_id: int, came_id: int) -> None:
    """Who had two places at one activity has the better one; who was counted twice there is counted once."""
    for activity_id in activities.of_both(tx, kept_id, came_id):
        activity = signing_up.held(tx, tx.get(Activity, activity_id))
        mine, other = (activities.sign_up(tx, activity_id, key, lock=True) for key in (kept_id, came_id))
        assert mine is not None
        assert other is not None
        came = activities.attendance(tx, activity_id, came_id)
        if came is not None and activities.attendance(tx, activity_id, kept_id) is not None:
            _once(tx, came.entry_id)
            continue  # that they came stays on record, under the row they came with
        if _rank(other.state) < _rank(mine.state):
            activities.swap(tx, mine, other)
        activities.give_up(tx, other)
        signing_up.fill(tx, activity)


def _rank(state: str) -> int:
    return ("going", "waiting", "left").index(state)


def _once(tx: Tx, entry_id: int | None) -> None:
    entry = points.entry(tx, entry_id) if entry_id is not None else None
    if entry is not None:
        try:
            ledger.counter(tx, entry, tx.content.replies.say("points.because_twice"))
        except Conflict:
            return  # spent; what is left goes over as it is


def last(tx: Tx, kept: Person) -> Event | None:
    """How this person came to be one, if that was lately and still holds."""
    found = events.last(tx, "person", kept.id or 0, "joined")
    if found is None or tx.now > found.at + timedelta(days=tx.content.activities.verify.apart_days):
        return None
    return found if one_person.holder(tx, int(found.data["from"])) == kept.id else None


def part(tx: Tx, kept: Person, *, by: str) -> Person:
    """It is somebody else after all: account, rows and points go back. Raises Conflict `not_joined`."""
    registers.hold(tx, REVISION)
    look_again(tx)
    kept = _held(tx, kept)
    joined = last(tx, kept)
    assert kept.id is not None
    if joined is None:
        raise Conflict("not_joined")
    data: Mapping[str, Any] = joined.data
    came_id = int(data["from"])
    for key in sorted((kept.id, came_id)):
        points.in_turn(tx, key)
    one_person.put_back(tx, data["moved"], kept.id, came_id)
    ledger.carry(tx, kept.id, came_id, min(data["points"], ledger.balance(tx, kept.id)))
    _take_away(tx, kept.id, data)
    values = {name: getattr(kept, name) for name in data["columns"]}
    tx.update(Person, kept.id, **dict.fromkeys(values))
    came = tx.update(Person, came_id, **values, name=kept.name, following=kept.following, merged_into_id=None)
    tx.cache.get("people", {}).pop(kept.id, None)
    people.meet(tx, came)
    changed(tx)
    events.note(tx, "person", kept.id, "parted", by=by, data={"from": came_id})
    return came


def _take_away(tx: Tx, kept_id: int, data: Mapping[str, Any]) -> None:
    """What the other had said of themselves."""
    member = people.member(tx, kept_id)
    if member is None:
        return
    if member.id == data.get("member"):
        people.drop_member(tx, member)
        return
    left = {
        name: [one for one in getattr(member, name) if one not in data.get(name, ())]
        for name in ("skills", "chosen")
    }
    values: dict[str, Any] = {**left, **dict.fromkeys(data.get("filled", ()))}
    for name in _PROVEN:
        if name in data:
            values[name] = datetime.fromisoformat(data[name]) if data[name] else None
    # Whoever it was may have agreed for them later, too; a no of their own holds.
    values["unit_card"] = member.unit_card and bool(data.get("agreed"))
    tx.update(Member, member.id, **values)
