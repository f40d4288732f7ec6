"""A mediation of two orders: both stand still while it runs, are settled with it, or go on when it came to nothing."""

import pytest
from tests.council.conftest import home, person
from tests.support import rows

from redprop_bot.council import agreement, conducting, mediation, parties
from redprop_bot.council.hands import Hand
from redprop_bot.council.mediation import Party
from redprop_bot.errors import Conflict
from redprop_bot.loop import arrange
from redprop_bot.loop.actor import RULE
from redprop_bot.store import mediations, numbers, soundness
from redprop_bot.store.tables import Demand, Mediation


@pytest.fixture
def secretary(small_town):
    return small_town.look(lambda tx: Hand("秦书记", person(tx, "qinsj").id, frozenset({home(small_town.store)})))


def _order(town, name):
    def job(tx):
        who = rows.person(tx, name=name)
        no = numbers.take(tx, "D", tx.now, tx.content.zone)
        fields = {"intent": "mediation", "community_id": home(town.store), "due_at": tx.now, "category": "noise"}
        return rows.demand(tx, no=no, reporter_id=who.id, **fields)

    return town.run(job)


def _open(town, secretary, first, other):
    def job(tx):
        both = (parties.reporter(tx, first), parties.called(tx, secretary, other))
        return mediation.open_case(tx, secretary, both, demand=first)

    return town.run(job)


def _stages(town, *orders):
    return [town.look(lambda tx, d=d: tx.get(Demand, d.id)).stage for d in orders]


def _dues(town, *orders):
    return [town.look(lambda tx, d=d: tx.get(Demand, d.id)).due_at is None for d in orders]


def _offered(town, secretary, case):
    town.run(lambda tx: mediation.ask(tx, case, secretary, person(tx, "songls")))
    mediator = town.look(lambda tx: Hand("宋老师", person(tx, "songls").id, frozenset()))
    town.run(lambda tx: conducting.take(tx, case, mediator))
    town.run(lambda tx: conducting.offer(tx, case, mediator, "各让一步"))


def test_both_orders_wait_and_are_settled_together(small_town, secretary):
    """No clock of either runs; the second yes closes both; each reporter is a side and signs for themselves."""
    one, two = _order(small_town, "苏大姐"), _order(small_town, "华老师")
    case = _open(small_town, secretary, one, two.no)
    assert _dues(small_town, one, two) == [True, True]
    _offered(small_town, secretary, case)
    sides = small_town.look(lambda tx: mediations.sides(tx, case.id))
    assert [side.demand_id for side in sides] == [one.id, two.id]
    for side in sides:
        assert _stages(small_town, one, two) == ["new", "new"]
        small_town.run(lambda tx, s=side: agreement.accept(tx, case, Hand("", s.person_id)))
    assert _stages(small_town, one, two) == ["closed", "closed"]
    assert small_town.look(soundness.problems) == []


@pytest.mark.parametrize("ended", ["failed", "withdrawn"])
def test_both_go_on_when_it_comes_to_nothing(small_town, secretary, ended):
    """Each is the secretary's again with a whole term."""
    one, two = _order(small_town, "苏大姐"), _order(small_town, "华老师")
    case = _open(small_town, secretary, one, two.no)
    if ended == "failed":
        _offered(small_town, secretary, case)
        small_town.run(lambda tx: conducting.fail(tx, case, secretary, reason="谈不拢"))
    else:
        small_town.run(lambda tx: mediation.withdraw(tx, case, secretary, reason="不谈了"))
    assert _stages(small_town, one, two) == ["new", "new"]
    assert _dues(small_town, one, two) == [False, False]


def test_an_order_is_in_one_case_at_a_time(small_town, secretary):
    """As a side's as well as as the first; when that case is over it is free again."""
    one, two, third = (_order(small_town, name) for name in ("苏大姐", "华老师", "戚师傅"))
    case = _open(small_town, secretary, one, two.no)
    for first, other in ((two, third.no), (third, two.no), (third, one.no)):
        with pytest.raises(Conflict) as refused:
            _open(small_town, secretary, first, other)
        assert refused.value.code == "mediation_there"
    assert len(small_town.look(lambda tx: tx.list(Mediation))) == 1
    small_town.run(lambda tx: mediation.withdraw(tx, case, secretary, reason="不谈了"))
    again = _open(small_town, secretary, third, two.no)
    assert small_town.look(lambda tx: mediations.of_demand(tx, two.id)).no == again.no


def test_what_is_closed_already_stays_as_it_is(small_town, secretary):
    """Its reporter may be a side all the same."""
    one, two = _order(small_town, "苏大姐"), _order(small_town, "华老师")
    small_town.run(lambda tx: arrange.close(tx, two, mediation.PEACE, reason="other"))
    before = small_town.look(lambda tx: tx.get(Demand, two.id))
    case = _open(small_town, secretary, one, two.no)
    _offered(small_town, secretary, case)
    for side in small_town.look(lambda tx: mediations.sides(tx, case.id)):
        small_town.run(lambda tx, s=side: agreement.accept(tx, case, Hand("", s.person_id)))
    assert small_town.look(lambda tx: tx.get(Demand, two.id)) == before
    assert _stages(small_town, one) == ["closed"]


def test_a_side_that_is_no_order_brings_none(small_town, secretary):
    """A unit or a name is a side and nothing else; orders of others are untouched."""
    one, two = _order(small_town, "苏大姐"), _order(small_town, "华老师")
    small_town.run(lambda tx: arrange.escalate(tx, two, RULE, reason="谈不拢"))
    case = _open(small_town, secretary, one, "万和物业")
    assert [s.demand_id for s in small_town.look(lambda tx: mediations.sides(tx, case.id))] == [one.id, None]
    assert _stages(small_town, two) == ["tabled"]
    assert small_town.look(lambda tx: mediation.orders(tx, case))[0].no == one.no
    assert Party(name="老凌").demand_id is None
