"""示范创建 at the same moment, by two processes: opened once, decided once, and everything is there afterwards."""

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once

from redprop_bot.appraise import standard_progress
from redprop_bot.appraise import standards as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.errors import Conflict
from redprop_bot.registry.register import register
from redprop_bot.store import standards
from redprop_bot.store.tables import Outbox, StandardApplication
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Reviewer("管理员", communities=None, street=True)


@pytest.fixture
def stores(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one, ROSTER)
    return one, other


def _open(tx: Tx) -> StandardApplication:
    standard = tx.content.standards.of("trial")
    assert standard is not None
    return steps.open_application(tx, standard, register(tx).estate_names["槐荫里"], ALL)


def test_it_is_opened_once_and_decided_once(stores: tuple[Store, Store]) -> None:
    """Of two the second is refused, and nothing of it is there; whoever opens the database next finds it all."""
    refused = at_once(*(lambda store=store: store.run(_open) for store in stores))
    assert sorted(type(error).__name__ for error in refused) == ["Conflict", "NoneType"]

    def met(tx: Tx) -> int:
        (one,) = standards.page(tx, communities=None, limit=5)
        for item in standards.items(tx, [one.id or 0])[one.id or 0]:
            steps.marked(tx, one, ALL, position=item.position, mark="met", note="看过")
        return one.id or 0

    key = stores[0].run(met)

    def decide(tx: Tx) -> None:
        steps.decide(tx, tx.get(StandardApplication, key), ALL, level="self", outcome="pass")

    refused = at_once(*(lambda store=store: store.run(decide) for store in stores))
    assert [type(error) for error in refused if error is not None] == [Conflict]

    def seen(tx: Tx) -> tuple[str, int, int, int]:
        (whole,) = standard_progress.wholes(tx, [tx.get(StandardApplication, key)])
        told = [row for row in tx.list(Outbox) if row.message == "standard_next"]
        return whole.application.level, len(whole.items), len(whole.decisions), len(told)

    assert stores[1].look(seen) == ("community", 5, 1, 1)
