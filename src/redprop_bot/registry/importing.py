"""Taking a roster into the register: what is new is added, what differs is changed, what is gone is taken away.

A file speaks only of what it names. A section that does not stand in it is left alone, and so is a community that
does not stand in it, with its staff and estates. Of what it names it is the whole truth:

- a sheet of a workbook without content says nothing: what hangs on its entries finds those of the register, which
  stay as they are (see `nesting`);
- staff of a named street, community or unit who are not in the file lose their posts, members their membership;
- rows of the responsibility list that are not in the file are retired where a demand was dispatched by them,
  else deleted;
- an estate that is gone, and whose name is an alias of a new one, is that one under another name;
- buildings are deleted; an estate only when nothing refers to it, else it stays and is told;
- a unit that is not in the file is put out of use with its staff, unless an estate names it as its property
  company, a row left alone names it, or it still has open orders: then it stays as it is and is told.

People are never deleted, and a phone or account that the file does not give is kept: how somebody is reached is
taken away by privacy, not by an empty cell. Everything is one transaction; a fault changes nothing.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redprop_bot.errors import ContentError, Fault
from redprop_bot.registry import exporting, roster_file
from redprop_bot.registry.agreement import disagreements, settled
from redprop_bot.registry.import_duties import take_responsibilities
from redprop_bot.registry.import_people import take_people
from redprop_bot.registry.import_places import drop_estates, retire_units, take_places, take_units
from redprop_bot.registry.ledger import Ledger, Summary
from redprop_bot.registry.register import REVISION, changed
from redprop_bot.registry.roster import Known, Roster, Words
from redprop_bot.store import registers
from redprop_bot.store.tx import Tx

__all__ = ["Summary", "import_data", "import_file", "import_roster"]


def import_file(tx: Tx, path: Path) -> Summary:
    """Read a roster file and take it in; raises ContentError with every fault, and nothing is changed then."""
    return import_data(tx, roster_file.data_of(path), str(path))


def import_data(tx: Tx, data: bytes, name: str) -> Summary:
    """The same for the content of a file."""
    registers.hold(tx, REVISION)

    def standing() -> Mapping[str, Any]:
        return exporting.sections(exporting.roster_of(tx))

    draft = roster_file.draft_of(
        data, name, words=Words.of(tx.content.labels, tx.content.workers.posts), standing=standing
    )
    rows = registers.read_all(tx)
    return _take(tx, draft.settle(_known_beside(draft.roster, rows)), rows)


def import_roster(tx: Tx, roster: Roster) -> Summary:
    """Take a roster in; raises ContentError when its entries do not agree, nothing is changed then."""
    registers.hold(tx, REVISION)
    rows = registers.read_all(tx)
    known = _known_beside(roster, rows)
    if wrong := disagreements(roster, known, Words.of(tx.content.labels, tx.content.workers.posts)):
        raise ContentError([Fault(roster.where(path), what) for path, what in wrong])
    return _take(tx, settled(roster, known), rows)


def _take(tx: Tx, roster: Roster, rows: registers.RegisterRows) -> Summary:
    ledger = Ledger(tx)
    places = take_places(ledger, roster, rows)
    units = take_units(ledger, roster, rows, places)
    take_people(ledger, roster, rows, places, units)
    take_responsibilities(ledger, roster, rows, places, units)
    retire_units(ledger, roster, rows, places)
    drop_estates(ledger, roster, rows, places)
    summary = ledger.summary()
    if summary.touched:
        changed(tx)
    return summary


def _known_beside(roster: Roster, rows: registers.RegisterRows) -> Known:
    """What the file may refer to without naming it: whatever it leaves alone."""
    named = {c.name for c in roster.communities or ()}
    left = {c.id for c in rows.communities if c.name not in named}
    estates: dict[str, str] = {}
    for estate in rows.estates:
        if estate.community_id in left:
            estates |= dict.fromkeys([*estate.aliases, estate.name], estate.name)
    units = {u.name for u in rows.organisations if u.active} if not roster.whole("organisations") else set()
    return Known(estates, frozenset(units), frozenset(s.name for s in rows.streets))
