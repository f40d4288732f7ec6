"""公示: what a unit or the community posts for everybody, version after version.

Before anything is public it is looked at: no phone, no room, no name of somebody who is known here. A version that
gave way stays to be read, one that was withdrawn does not.
"""

import re
from dataclasses import dataclass
from typing import Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.notify.covering import covered
from redprop_bot.registry.care import looks_after
from redprop_bot.registry.register import Register, register
from redprop_bot.store import events, publicity
from redprop_bot.store.tables import Estate, Organisation, Posting
from redprop_bot.store.tx import Tx

KINDS: Final = ("fees", "accounts", "commitment", "notice")
TITLE: Final = 60
NOTE: Final = 2000

_KEEPERS: Final = frozenset({"admin", "street", "secretary"})
_CITIZEN: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_SPOKEN: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@dataclass(frozen=True, slots=True)
class Hand:
    """Who posts: a role of the console with its limits; `name` is what the history shows."""

    name: str
    role: str
    community_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was cleaned and kept: its name among our files, what it was called, its type, its bytes' count.

    `words` is what it says, as far as that can be read.
    """

    name: str
    label: str
    content_type: str
    size: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be posted. `estate`: its name, empty for the whole community."""

    community_id: int
    estate: str
    kind: str
    title: str
    note: str = ""
    unit: str = ""


# -- who may


def may_keep(hand: Hand, community_id: int) -> bool:
    """Whether somebody keeps the board of a community."""
    return hand.role in _KEEPERS and hand.community_id in (None, community_id)


def own_estates(reg: Register, organisation_id: int) -> list[Estate]:
    """Where a unit may post: the estates that it looks after, and those it answers for by name."""
    name = reg.organisations[organisation_id].name
    answers = {r.estate_id for r in reg.responsibilities if r.unit_id == organisation_id and r.estate_id}
    return [e for e in reg.estates.values() if looks_after(reg, name, e) or e.id in answers]


def _must(tx: Tx, hand: Hand, community_id: int, estate: Estate | None, unit: Organisation | None) -> None:
    if may_keep(hand, community_id):
        return
    if hand.role != "provider" or hand.organisation_id is None:
        raise Forbidden
    mine = own_estates(register(tx), hand.organisation_id)
    if unit is None or unit.id != hand.organisation_id or estate not in mine:
        raise Forbidden("not_your_estate", field="estate")


# -- posting


def post(tx: Tx, hand: Hand, draft: Draft, paper: Paper | None) -> Posting:
    """Put something on the board. Raises Forbidden, or Invalid with the field that is wrong."""
    reg = register(tx)
    estate, unit = _estate(reg, draft), unit_of(reg, hand, draft.unit)
    _must(tx, hand, draft.community_id, estate, unit)
    _fits(tx, draft, paper)
    made = tx.insert(
        Posting,
        community_id=draft.community_id,
        estate_id=estate.id if estate else None,
        organisation_id=unit.id if unit else None,
        **_said(hand, draft, paper, tx),
    )
    made = tx.update(Posting, made.id, series=made.id)
    _noted(tx, made, "posted", hand)
    return made


def replace(tx: Tx, hand: Hand, was: tuple[int, int], draft: Draft, paper: Paper | None) -> Posting:
    """A new version in place of one that stands, given by key and version; without a file the old one's goes on.

    Conflict when stale.
    """
    key, version = was
    old = _standing(tx, hand, key, version)
    _fits(tx, draft, paper)
    kept = paper or (
        Paper(old.name, old.label or "", old.content_type or "", old.size or 0) if old.name is not None else None
    )
    tx.update(Posting, key, state="replaced", ended_at=tx.now)
    made = tx.insert(
        Posting,
        series=old.series,
        version=old.version + 1,
        community_id=old.community_id,
        estate_id=old.estate_id,
        organisation_id=old.organisation_id,
        **_said(hand, draft, kept, tx),
    )
    _noted(tx, made, "replaced", hand)
    return made


def withdraw(tx: Tx, hand: Hand, key: int, version: int) -> Posting:
    """Take it off the board, with all its versions. Conflict when stale."""
    old = _standing(tx, hand, key, version)
    gone = tx.update(Posting, key, state="withdrawn", ended_at=tx.now)
    _noted(tx, old, "withdrawn", hand)
    return gone


def seen(tx: Tx, hand: Hand, key: int) -> Posting:
    """A posting that somebody may change; NotFound for what is not there for them."""
    found = publicity.posting(tx, key)
    if found is None:
        raise NotFound("no_posting")
    reg = register(tx)
    unit = reg.organisations.get(found.organisation_id or 0)
    try:
        _must(tx, hand, found.community_id, reg.estates.get(found.estate_id or 0), unit)
    except Forbidden:
        raise NotFound("no_posting") from None
    return found


def _standing(tx: Tx, hand: Hand, key: int, version: int) -> Posting:
    seen(tx, hand, key)
    old = publicity.posting(tx, key, lock=True)
    if old is None or old.state != "published" or old.version != version:
        raise Conflict("posting_stale", field="version")
    return old


def _said(hand: Hand, draft: Draft, paper: Paper | None, tx: Tx) -> dict[str, object]:
    return {
        "kind": draft.kind,
        "title": draft.title,
        "note": draft.note,
        "by_name": hand.name,
        "at": tx.now,
        "name": paper.name if paper else None,
        "label": paper.label[:120] if paper else None,
        "content_type": paper.content_type if paper else None,
        "size": paper.size if paper else None,
    }


def _noted(tx: Tx, posting: Posting, name: str, hand: Hand) -> None:
    data = {"title": posting.title, "version": posting.version}
    events.note(tx, "posting", posting.id or 0, name, by=hand.name, data=data, community_id=posting.community_id)


def _estate(reg: Register, draft: Draft) -> Estate | None:
    if not draft.estate:
        return None
    found = reg.estate(draft.estate)
    if found is None or found.community_id != draft.community_id:
        raise Invalid("unknown_estate", field="estate", name=draft.estate[:40])
    return found


def unit_of(reg: Register, hand: Hand, name: str) -> Organisation | None:
    """The unit in whose name somebody posts: their own, else the one called so; None for the community."""
    if hand.organisation_id is not None:
        return reg.organisations[hand.organisation_id]
    if not name:
        return None
    found = reg.organisation_names.get(name)
    if found is None:
        raise Invalid("unknown_unit", field="unit", name=name[:40])
    return found


def _fits(tx: Tx, draft: Draft, paper: Paper | None) -> None:
    if draft.kind not in KINDS:
        raise Invalid("posting_kind", field="kind")
    for field, text, most in (("title", draft.title, TITLE), ("note", draft.note, NOTE)):
        if len(text) > most:
            raise Invalid("too_long", field=field, limit=most)
        impersonal(tx, text, field)
    if not draft.title:
        raise Invalid("missing", field="title")
    if paper is not None:
        impersonal(tx, paper.label.rpartition(".")[0], "file")
        sheet(tx, paper.words)


def impersonal(tx: Tx, text: str, field: str) -> None:
    """Refuse words that tell of somebody: a phone, a room, a name or an account that is known here."""
    if text and (covered(text, staff=True) != text or publicity.tells_somebody(tx, text)):
        raise Invalid("personal", field=field)


def sheet(tx: Tx, words: str) -> None:
    """Refuse a table with mobile phones, identity numbers or people in it."""
    if not words:
        return
    if _SPOKEN.search(words) or _CITIZEN.search(words) or publicity.tells_somebody(tx, words):
        raise Invalid("personal_file", field="file")
