"""Whose board is looked at, found by the words of an address; and words as they may stand there."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from redprop_bot.notify import words
from redprop_bot.notify.covering import covered
from redprop_bot.registry.register import Register, register
from redprop_bot.store.boards import Place
from redprop_bot.store.tables import Community, Estate
from redprop_bot.store.tx import Tx

T = TypeVar("T", Community, Estate)


@dataclass(frozen=True, slots=True)
class Here:
    """A board as one transaction sees it. `estate` is None on the board of the whole community."""

    tx: Tx
    reg: Register
    community: Community
    estate: Estate | None

    @property
    def place(self) -> Place:
        """The same for the store."""
        return Place(self.community.id or 0, self.estate.id if self.estate else None)

    @property
    def name(self) -> str:
        """What stands at the top."""
        return self.estate.name if self.estate else self.community.name

    @property
    def address(self) -> str:
        """The address of this board."""
        return address(self.community, self.estate)

    def day(self, moment: datetime | None) -> str:
        """A moment as people say it; empty where there is none."""
        return words.day(moment, self.tx.now, self.tx.content.zone) if moment else ""

    def said(self, text: str) -> str:
        """Words that somebody of the staff wrote, without phones, rooms and people of the register."""
        text = covered(text, staff=True)
        for person in self.reg.people.values():
            for told in (person.name, person.userid):
                if told and len(told) > 1 and told in text:
                    text = text.replace(told, "〔姓名〕")
        return text


def address(community: Community, estate: Estate | None = None) -> str:
    """The address of a board."""
    found = f"/board/{quote(community.name, safe='')}"
    return found if estate is None else f"{found}/{quote(estate.name, safe='')}"


def here(tx: Tx, community: str, estate: str | None = None) -> Here | None:
    """The board with these names or ids, or None."""
    reg = register(tx)
    found = _called(reg.communities, community)
    if found is None:
        return None
    if estate is None:
        return Here(tx, reg, found, None)
    at = _called({k: e for k, e in reg.estates.items() if e.community_id == found.id}, estate)
    return Here(tx, reg, found, at) if at is not None else None


def _called(rows: dict[int, T], name: str) -> T | None:
    """The row with this name, else with this id."""
    named = next((row for row in rows.values() if row.name == name), None)
    if named is None and name.isascii() and name.isdecimal() and len(name) < 10:
        return rows.get(int(name))
    return named
