"""年底评价意见 at the same moment, by two processes: begun once, renewed once; meetings count for who was invited."""

from datetime import timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once

from redprop_bot.appraise import company_figures
from redprop_bot.appraise import opinion as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.errors import Conflict
from redprop_bot.registry.register import register
from redprop_bot.rules.commendation import CompanyFigure
from redprop_bot.store import opinions
from redprop_bot.store.tables import Meeting, Opinion, Seat
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Reviewer("管理员", communities=None, street=True)


@pytest.fixture
def stores(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one, ROSTER)
    return one, other


def _open(tx: Tx) -> Opinion:
    reg = register(tx)
    home = reg.estate_names["槐荫里"].community_id
    return steps.open_opinion(tx, reg.organisation_names["万和物业"], home, 2026, ALL)


def test_it_is_begun_once_and_renewed_once(stores: tuple[Store, Store]) -> None:
    """Of two the second is refused; whoever opens the database next finds one of each version."""
    refused = at_once(*(lambda store=store: store.run(_open) for store in stores))
    assert sorted(type(error).__name__ for error in refused) == ["Conflict", "NoneType"]

    def send(tx: Tx) -> int:
        (one,) = opinions.page(tx, communities=None, limit=5)
        one = steps.written(tx, one, ALL, words="修得快", fee_rate=None, fee_from="")
        one = steps.confirmed(tx, one, ALL)
        return steps.sent(tx, one, ALL, on=tx.now.astimezone(tx.content.zone).date()).id or 0

    key = stores[0].run(send)

    def renew(tx: Tx) -> None:
        steps.renewed(tx, tx.get(Opinion, key), ALL)

    refused = at_once(*(lambda store=store: store.run(renew) for store in stores))
    assert [type(error) for error in refused if error is not None] == [Conflict]
    found = stores[1].look(lambda tx: opinions.page(tx, communities=None, limit=5))
    assert [(one.number, one.state, one.words) for one in found] == [(2, "draft", "修得快"), (1, "sent", "修得快")]


def test_a_deputy_counts_as_being_there_and_another_unit_does_not(stores: tuple[Store, Store]) -> None:
    """Two meetings, one attended by a deputy; one of another company; one that was cancelled."""

    def met(tx: Tx) -> tuple[int | None, int | None]:
        reg = register(tx)
        unit, other = (reg.organisation_names[name] for name in ("万和物业", "康居物业"))
        home = reg.estate_names["槐荫里"].community_id
        people = iter(sorted(reg.people))

        def meeting(no: str, unit_id: int | None, state: str = "held") -> tuple[int, int]:
            begin = tx.now - timedelta(days=3)
            row = tx.insert(
                Meeting, no=no, kind="joint", title="联席会", community_id=home, starts_at=begin, ends_at=begin,
                quarter=20264, state=state, code=no, by_name="秦书记", created_at=begin, updated_at=begin,
            )  # fmt: skip
            seat = tx.insert(Seat, meeting_id=row.id, person_id=next(people), part="property", units=[unit_id])
            return row.id or 0, seat.id or 0

        first, seat = meeting("M1", unit.id)
        tx.insert(Seat, meeting_id=first, person_id=next(people), part="property", for_id=seat, present_at=tx.now)
        meeting("M2", unit.id)
        meeting("M3", other.id)
        meeting("M4", unit.id, "cancelled")
        about = company_figures.year_of(tx, unit, home, 2026)
        known = company_figures.known(tx, about, CompanyFigure.MEETINGS)
        return known.value, known.of

    assert stores[0].run(met) == (1, 2)
