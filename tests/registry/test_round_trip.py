"""Nothing is lost on the way: file to register to file, in both formats, for rosters nobody thought of."""

import contextlib

from hypothesis import HealthCheck, assume, given, settings
from tests.registry.rosters import rosters

from redprop_bot.errors import ContentError
from redprop_bot.registry import roster_file
from redprop_bot.registry.exporting import dump_yaml, export_xlsx, export_yaml, roster_of
from redprop_bot.registry.importing import import_roster
from redprop_bot.registry.roster import Known, Roster, packaged_words
from redprop_bot.registry.workbook_out import write_workbook
from redprop_bot.store import numbers
from redprop_bot.store.tables import metadata
from redprop_bot.store.worker import Store

FILES = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STORES = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
EMPTY = Roster()


def read(data: bytes, name: str) -> Roster:
    return roster_file.draft_of(data, name).settle(Known())


@FILES
@given(rosters())
def test_yaml_is_read_back_as_it_was_written(roster):
    """Writing a roster as YAML and reading it gives the same entries."""
    assume(roster != EMPTY)
    assert read(dump_yaml(roster).encode(), "r.yaml") == roster


@FILES
@given(rosters())
def test_a_workbook_is_read_back_as_it_was_written(roster):
    """Writing a roster as a workbook and reading it gives the same entries."""
    assume(roster != EMPTY)
    assert read(write_workbook(roster, packaged_words()), "r.xlsx") == roster


def everything(tx) -> dict[str, list[tuple[object, ...]]]:
    return {t.name: [tuple(r) for r in tx.rows(t.select().order_by(t.c[0]))] for t in metadata.sorted_tables}


@STORES
@given(roster=rosters())
def test_import_export_import_changes_nothing(store: Store, roster):
    """What was imported comes out again, and importing that, or the same once more, touches no row."""
    assume(roster != EMPTY)

    def job(tx):
        first = import_roster(tx, roster)
        assert first.removed == 0
        before = everything(tx)
        text, book = export_yaml(tx), export_xlsx(tx)
        again = [import_roster(tx, roster)]
        again += [
            import_roster(tx, read(data, name)) for data, name in ((text.encode(), "r.yaml"), (book, "r.xlsx"))
        ]
        assert not any(summary.touched for summary in again), again
        assert everything(tx) == before
        assert _sections(read(text.encode(), "r.yaml")) == _sections(roster)

    _undone(store, job)


@STORES
@given(old=rosters(), new=rosters())
def test_what_a_changed_file_says_is_what_stands_then(store: Store, old, new):
    """After another file every section it has stands as if it were the first; a second time changes nothing."""
    assume(new != EMPTY)

    def job(tx):
        import_roster(tx, old)
        try:
            import_roster(tx, new)
        except ContentError:  # an alias of the new file may be a name that the old one left behind
            return
        assert not import_roster(tx, new).touched
        after = roster_of(tx)
        for section in ("streets", "communities", "organisations", "members", "responsibilities"):
            for entry in getattr(new, section) or ():
                assert _bare(entry) in [_bare(found) for found in getattr(after, section)]

    _undone(store, job)


def _sections(roster: Roster) -> list[object]:
    return [
        getattr(roster, s) or None
        for s in ("streets", "communities", "organisations", "members", "responsibilities")
    ]


def _bare(entry) -> object:
    """Without what the register keeps when a file does not give it."""
    from dataclasses import replace

    if hasattr(entry, "staff"):
        staff = sorted((replace(one, phone=None) for one in entry.staff), key=str)
        return replace(
            entry, staff=tuple(staff), **({"street": None, "estates": ()} if hasattr(entry, "estates") else {})
        )
    return replace(entry, phone=None) if hasattr(entry, "phone") else entry


class _UndoError(Exception):
    pass


def _undone(store: Store, job) -> None:
    """Run a job and take everything back, so that each example meets an empty register."""

    def run(tx):
        assert numbers.revision(tx, "register") == 0
        job(tx)
        raise _UndoError

    with contextlib.suppress(_UndoError):
        store.run(run)
