"""Projects and mediations at the same moment: on PostgreSQL two processes, on SQLite one writer after the other."""

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once

from redprop_bot.clock.kinds import ABOVE
from redprop_bot.council import agreement, conducting, mediation, project
from redprop_bot.council import measure as steps
from redprop_bot.council.hands import Hand
from redprop_bot.council.mediation import Party
from redprop_bot.council.project import MeasureDraft, ProjectDraft
from redprop_bot.loop import due, order
from redprop_bot.loop.actor import holding
from redprop_bot.loop.report import Report
from redprop_bot.notify import telling
from redprop_bot.ports import Channel, FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.store import events, mediations, people, projects, soundness
from redprop_bot.store.tables import Demand, Mediation, Outbox, Project, Timer
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Hand("管理员", keeps=None, all_of_it=True)


@pytest.fixture
def stores(database_url: str, open_store: OpenStore, clock: FrozenClock) -> tuple[Store, Store, FrozenClock]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    for store in (one, other):
        store.listeners = [telling.tell]
    enrol(one, ROSTER.parent / "roster_mediators.yaml")
    return one, other, clock


def named(tx: Tx, name: str) -> Hand:
    """A person of the register."""
    person = register(tx).person_named(name)
    assert person is not None
    return Hand(name, person.id)


# -- projects


def opened(store: Store, *owners: str) -> str:
    """A project with a measure for each of them."""
    measures = [MeasureDraft(f"第{n}步", owner) for n, owner in enumerate(owners, 1)]
    return store.run(lambda tx: project.open_project(tx, ALL, ProjectDraft("攻坚", measures=measures)).no)


def the(tx: Tx, no: str) -> Project:
    found = projects.by_no(tx, no)
    assert found is not None
    return found


def finished(tx: Tx, no: str, position: int) -> None:
    found = projects.measure(tx, the(tx, no).id or 0, position)
    assert found is not None
    steps.finish(tx, found, ALL)


def test_the_last_two_measures_at_once_make_the_project_whole_once(stores):
    """Both are done, one of the two tells that nothing is left, and the project counts both."""
    one, other, _clock = stores
    no = opened(one, "方经理", "蒋所")
    assert at_once(
        lambda: one.run(lambda tx: finished(tx, no, 1)), lambda: other.run(lambda tx: finished(tx, no, 2))
    ) == [None, None]

    def look(tx: Tx) -> tuple[list[str], int]:
        told = [m.message for m in tx.list(Outbox) if m.message in ("measure_finished", "measures_all_done")]
        return sorted(told), the(tx, no).version

    assert one.look(look) == (["measure_finished", "measures_all_done"], 5)
    assert one.look(soundness.problems) == []


def test_the_same_measure_is_finished_once(stores):
    """The second is told that it is over; it is told once."""
    one, other, _clock = stores
    no = opened(one, "方经理", "蒋所")
    failed = at_once(*(lambda s=s: s.run(lambda tx: finished(tx, no, 1)) for s in (one, other)))
    assert sorted(type(f).__name__ for f in failed) == ["Conflict", "NoneType"]
    names = one.look(lambda tx: [e.name for e in events.of(tx, "project", the(tx, no).id or 0, limit=50)])
    assert names.count("measure_done") == 1


def test_two_measures_added_at_once_have_two_numbers(stores):
    """Neither is lost."""
    one, other, _clock = stores
    no = opened(one, "方经理")

    def add(tx: Tx) -> None:
        project.add_measure(tx, the(tx, no), ALL, MeasureDraft("再一步", "宋老师"))

    assert at_once(lambda: one.run(add), lambda: other.run(add)) == [None, None]
    numbers = one.look(
        lambda tx: [m.position for m in projects.measures(tx, [the(tx, no).id or 0])[the(tx, no).id or 0]]
    )
    assert numbers == [1, 2, 3]


def test_two_sweeps_at_once_warn_once(stores):
    """A measure past its day leaves one message a person, however many sweeps there are."""
    one, other, clock = stores
    opened(one, "宋老师")
    end = one.look(lambda tx: tx.list(Project)[0].ends_at)
    clock.at = end.replace(minute=59)
    at_once(*(lambda s=s: s.run(lambda tx: due.sweep(tx, ABOVE)) for s in (one, other)))
    while one.run(lambda tx: due.sweep(tx, ABOVE)):
        pass
    told = one.look(lambda tx: [m.message for m in tx.list(Outbox) if m.receiver == "songls"])
    assert told.count("measure_late") == 1
    assert told.count("measure_soon") == 0  # on the day itself nobody is told that it is near


# -- mediations


def case_of(store: Store) -> str:
    """A case with an offer before two residents."""

    def job(tx: Tx) -> str:
        people_ = [people.add(tx, Channel.OA, f"o-{n}") for n in "ab"]
        reporter = people_[0].id
        report = Report(
            "槐荫里2栋1单元楼上漏水吵起来了",
            tx.now,
            intent="mediation",
            category="neighbor",
            estate_id=register(tx).estate_names["槐荫里"].id,
        )
        actor = holding("admin", name="管理员")
        demand = order.order(tx, actor, report, reporter_id=reporter).demand
        both = (Party(reporter), Party(people_[1].id))
        case = mediation.open_case(tx, ALL, both, demand=demand)
        song = register(tx).person_named("宋老师")
        assert song is not None
        mediation.ask(tx, case, ALL, song)
        conducting.take(tx, case, named(tx, "宋老师"))
        return conducting.offer(tx, case, named(tx, "宋老师"), "楼上修防水").no

    return store.run(job)


def the_case(tx: Tx, no: str) -> Mediation:
    found = mediations.by_no(tx, no)
    assert found is not None
    return found


def side(tx: Tx, no: str, letter: str) -> Hand:
    rows = mediations.sides(tx, the_case(tx, no).id or 0)
    return Hand("居民", next(row.person_id for row in rows if row.side == letter))


def test_both_sides_say_yes_at_once_and_it_is_signed_once(stores):
    """One agreement, one closing of the order, one follow-up; nobody is lost."""
    one, other, _clock = stores
    no = case_of(one)
    failed = at_once(
        lambda: one.run(lambda tx: agreement.accept(tx, the_case(tx, no), side(tx, no, "a"), number=1)),
        lambda: other.run(lambda tx: agreement.accept(tx, the_case(tx, no), side(tx, no, "b"), number=1)),
    )
    assert failed == [None, None]

    def look(tx: Tx) -> tuple[str, list[str], int, str]:
        case = the_case(tx, no)
        names = [e.name for e in events.of(tx, "mediation", case.id or 0, limit=50)]
        follow = [t for t in tx.list(Timer) if t.kind == "mediation_follow"]
        return case.stage, names[-3:], len(follow), tx.get(Demand, case.demand_id or 0).stage

    stage, names, follow, demand = one.look(look)
    assert (stage, follow, demand) == ("agreed", 1, "closed")
    assert names == ["mediation_signed", "mediation_signed", "mediation_agreed"]
    assert one.look(soundness.problems) == []


def test_a_yes_at_the_moment_of_another_wording_signs_nothing_else(stores):
    """Either the yes came first and is void with the new wording, or it is refused; the new one has no yes."""
    one, other, _clock = stores
    no = case_of(one)
    failed = at_once(
        lambda: one.run(lambda tx: agreement.accept(tx, the_case(tx, no), side(tx, no, "a"), number=1)),
        lambda: other.run(lambda tx: conducting.offer(tx, the_case(tx, no), named(tx, "宋老师"), "各出一半")),
    )
    assert failed[1] is None
    assert failed[0] is None or failed[0].code == "other_offer"  # type: ignore[attr-defined]
    rows = one.look(lambda tx: mediations.sides(tx, the_case(tx, no).id or 0))
    assert [row.accepted for row in rows] == [0, 0]


def test_yes_and_no_at_once_never_sign(stores):
    """Whoever comes second meets what the first has left; the agreement is not there."""
    one, other, _clock = stores
    no = case_of(one)
    at_once(
        lambda: one.run(lambda tx: agreement.accept(tx, the_case(tx, no), side(tx, no, "a"), number=1)),
        lambda: other.run(lambda tx: agreement.refuse(tx, the_case(tx, no), side(tx, no, "b"), number=1)),
    )
    assert one.look(lambda tx: the_case(tx, no).stage) == "running"


def test_one_case_an_order(stores):
    """Two secretaries who open at the same moment: the second is told of the first's."""
    one, other, _clock = stores

    def report(tx: Tx) -> str:
        person = people.add(tx, Channel.OA, "o-a")
        actor = holding("admin", name="管理员")
        made = order.order(tx, actor, Report("投诉保安骂人", tx.now, intent="complaint"), reporter_id=person.id)
        return made.demand.no

    no = one.run(report)

    def open_(tx: Tx) -> None:
        demand = next(d for d in tx.list(Demand) if d.no == no)
        both = (Party(demand.reporter_id), Party(name="保安队"))
        mediation.open_case(tx, ALL, both, demand=demand)

    failed = at_once(lambda: one.run(open_), lambda: other.run(open_))
    assert sorted(type(f).__name__ for f in failed) == ["Conflict", "NoneType"]
    assert len(one.look(lambda tx: tx.list(Mediation))) == 1
