"""Keeping the register in step with WeCom's directory: accounts and names of people, and who has left.

The roster decides who holds which post; the directory only knows who is there and under which account. So nobody
gets a post from here but those who held one when they left and have come back. All in the caller's transaction,
each step with an event of the person. Cards and messages of those who left are not known here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from redprop_bot.registry import grades
from redprop_bot.registry.register import REVISION, Register, changed, look_again, register
from redprop_bot.store import events, leaving, registers
from redprop_bot.store.tables import Person, Post
from redprop_bot.store.tx import Tx

BY: Final = "企业微信通讯录"
PERSON, PARTY, TAG = "person", "party", "tag"

_GONE: Final = frozenset({"2", "5"})  # Status: disabled, left
_LONGEST = 64
_POST = ("duty", "street_id", "community_id", "organisation_id", "estates", "trades", "on_duty")

What = Literal["added", "matched", "changed", "left", "returned", "taken"]


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one change. `posts`: those that were given up or taken up again.

    added     known now by name; without a post until the roster gives one
    matched   somebody of the roster who had no account yet has it now
    changed   another account or name
    left      no posts any more, nothing is sent to the account
    returned  with the posts held before
    taken     the new account belongs to somebody else of the register: nothing was changed
    """

    what: What
    person: Person
    posts: tuple[Post, ...] = ()


def follow(tx: Tx, change: Mapping[str, str]) -> Step | None:
    """Take over what changed about one person; None when nothing of ours did. Keys: the event's, in snake case."""
    userid, kind = change.get("user_id", "")[:_LONGEST], change.get("change_type", "")
    if not userid:
        return None
    registers.hold(tx, REVISION)
    look_again(tx)
    person = registers.accounts(tx, [userid]).get(userid)
    status = change.get("status", "")
    if kind == "delete_user" or status in _GONE:
        step = _leave(tx, person) if person is not None and person.left_at is None else None
    elif kind == "create_user":
        step = _join(tx, person, userid, change)
    elif person is None:
        step = None
    else:
        step = _back(tx, person, change) if person.left_at is not None and status == "1" else None
        step = step or _update(tx, person, change)
    if step is not None:
        changed(tx)
        _note(tx, step, sorted(change.keys() & {"name", "new_user_id", "status"}))
    return step


def note_party(tx: Tx, change: Mapping[str, str]) -> None:
    """Departments and tags have no meaning of their own here; that they changed is written down."""
    tag = "tag_id" in change
    number = change.get("tag_id" if tag else "id", "")
    if not number.isdecimal():
        return
    counts = {
        name: len([one for one in change[name].split(",") if one])
        for name in ("add_user_items", "del_user_items", "add_party_items", "del_party_items")
        if name in change
    }
    told = {name: change[name][:_LONGEST] for name in ("name", "parent_id") if name in change}
    events.note(tx, TAG if tag else PARTY, int(number), change.get("change_type", ""), by=BY, data=told | counts)


def _join(tx: Tx, person: Person | None, userid: str, change: Mapping[str, str]) -> Step | None:
    name = change.get("name", "")[:_LONGEST] or None
    if person is not None and person.left_at is not None and name and person.name and name != person.name:
        tx.update(Person, _id(person), userid=None)  # the account was given to somebody else
        person = None
    if person is not None:
        return _back(tx, person, change) if person.left_at is not None else _update(tx, person, change)
    found = _without_account(register(tx), name, change.get("mobile", ""))
    if found is not None:
        return Step("matched", tx.update(Person, _id(found), userid=userid, left_at=None))
    added = tx.insert_new(Person, userid=userid, name=name, created_at=tx.now)
    return Step("added", added) if added is not None else None


def _without_account(reg: Register, name: str | None, mobile: str) -> Person | None:
    """The only one of the register without an account who has this phone, else this name and no other phone."""
    waiting, phone = [p for p in reg.people.values() if p.userid is None], _digits(mobile)
    by_phone = [p for p in waiting if phone and _digits(p.phone or "") == phone]
    by_name = [p for p in waiting if name and p.name == name and not (phone and p.phone)]
    fitting = by_phone or by_name
    return fitting[0] if len(fitting) == 1 else None


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-11:]


def _update(tx: Tx, person: Person, change: Mapping[str, str]) -> Step | None:
    values: dict[str, Any] = {}
    account = change.get("new_user_id", "")[:_LONGEST]
    if account and account != person.userid:
        other = registers.accounts(tx, [account]).get(account)
        if other is not None and _id(other) in register(tx).people:
            return Step("taken", person)
        if other is not None:  # spoke under the new name before we heard of it
            tx.update(Person, _id(other), userid=None)
        leaving.readdress(tx, str(person.userid), account)
        values["userid"] = account
    if (name := change.get("name", "")[:_LONGEST]) and name != person.name:
        values["name"] = name
    return Step("changed", tx.update(Person, _id(person), **values)) if values else None


def _leave(tx: Tx, person: Person) -> Step:
    posts = tuple(register(tx).posts.get(_id(person), ()))
    grades.keep(tx, grades.ranks(posts), {})
    registers.remove(tx, Post, [post.id for post in posts if post.id is not None])
    return Step("left", tx.update(Person, _id(person), left_at=tx.now), posts)


def _back(tx: Tx, person: Person, change: Mapping[str, str]) -> Step:
    step = _return(tx, person)
    updated = _update(tx, step.person, change)
    return Step("returned", updated.person, step.posts) if updated else step


def _return(tx: Tx, person: Person) -> Step:
    person = tx.update(Person, _id(person), left_at=None)
    before = events.last(tx, PERSON, _id(person), "left")
    held = register(tx).posts.get(_id(person))
    if before is None or held:  # the roster has given posts anew
        return Step("returned", person)
    reg = register(tx)
    posts = [tx.insert(Post, person_id=person.id, **post) for post in before.data["posts"] if _stands(reg, post)]
    _graded_again(tx, posts)
    return Step("returned", person, tuple(posts))


def _graded_again(tx: Tx, posts: list[Post]) -> None:
    """岗位 and 岗级 stand in no event, which is never forgotten, but where every change of them is kept."""
    first = {post.community_id: n for n, post in reversed(list(enumerate(posts))) if post.community_id is not None}
    for community_id, n in first.items():
        post, grade = grades.last(tx, posts[n].person_id, community_id)
        if post is not None:
            posts[n] = tx.update(Post, posts[n].id, post=post, grade=grade)
    grades.keep(tx, {}, grades.ranks(posts))


def _stands(reg: Register, post: Mapping[str, Any]) -> bool:
    """Whether the owner of a post is still there."""
    unit = reg.organisations.get(post["organisation_id"] or 0)
    return (
        (unit is not None and unit.active)
        or post["community_id"] in reg.communities
        or post["street_id"] in reg.streets
    )


def _note(tx: Tx, step: Step, fields: list[str]) -> None:
    posts = [{name: getattr(post, name) for name in _POST} for post in step.posts]
    community = next((post.community_id for post in step.posts if post.community_id is not None), None)
    data = {"fields": fields, "posts": posts}
    events.note(tx, PERSON, _id(step.person), step.what, by=BY, data=data, community_id=community)


def _id(person: Person) -> int:
    assert person.id is not None
    return person.id
