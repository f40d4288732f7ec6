"""The figures of a community, counted by the database, on both engines."""

from datetime import date, timedelta

import pytest
from tests.support import rows

from redprop_bot.rules.flow import Stage
from redprop_bot.store import boards
from redprop_bot.store.boards import Figures, Place
from redprop_bot.store.tables import Supporter
from redprop_bot.store.worker import Store

MONTH = date(2026, 10, 26), date(2026, 11, 26)


def test_a_community_with_nothing_has_zeros(store: Store):
    """No row is no fault."""
    here = store.run(rows.community).id
    assert store.look(lambda tx: boards.figures(tx, Place(here), *MONTH)) == Figures(0, 0, 0, 0, 0, 0)


def test_what_is_counted_and_what_is_not(store: Store):
    """Neighbours' ratings count; older ones, other communities', and late ones that nobody works on do not."""

    def seed(tx):
        here, there = rows.community(tx).id, rows.community(tx, "别处社区").id
        late, old = tx.now - timedelta(hours=1), tx.now - timedelta(days=40)
        rows.demand(tx, community_id=here, stage="accepted", due_at=late)
        rows.demand(tx, community_id=here, stage="suspended", due_at=late)
        rows.demand(tx, community_id=here, stage="dispatched", due_at=tx.now + timedelta(hours=1), reported_at=old)
        rows.demand(tx, community_id=there, stage="accepted", due_at=late)
        closed = rows.demand(tx, community_id=here, stage="closed", closed_at=late, stars=4)
        rows.demand(tx, community_id=here, stage="closed", closed_at=old, reported_at=old, stars=1)
        for stars in (2, 5, None):
            tx.insert(Supporter, demand_id=closed.id, person_id=rows.person(tx).id, at=tx.now, stars=stars)
        return here

    here = store.run(seed)
    found = store.look(lambda tx: boards.figures(tx, Place(here), *MONTH))
    assert found == Figures(reported=3, closed=1, open=3, late=1, rated=3, content=2)


@pytest.mark.parametrize("stage", list(Stage))
def test_lists_are_of_their_own_kind(sqlite_store: Store, stage):
    """Every stage is open, a result, or neither; nothing is both."""

    def seed(tx):
        made = rows.demand(tx, community_id=rows.community(tx).id, stage=stage.value, closed_at=tx.now)
        return made.community_id

    here = sqlite_store.run(seed)
    intents = {"demand.report"}
    running = sqlite_store.look(lambda tx: boards.open_matters(tx, Place(here), intents, limit=9))
    results = sqlite_store.look(lambda tx: boards.results(tx, Place(here), intents, limit=9))
    ended = {Stage.CLOSED, Stage.WITHDRAWN, Stage.MERGED}
    assert (len(running), len(results)) == (int(stage not in ended), int(stage == Stage.CLOSED))
    assert sqlite_store.look(lambda tx: boards.open_matters(tx, Place(here), {"complaint"}, limit=9)) == []
