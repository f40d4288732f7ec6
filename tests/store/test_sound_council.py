"""What `db check` finds of projects and mediations: each kind of disagreement once, nothing where all is well."""

import pytest

from redprop_bot.store import events, numbers, soundness
from redprop_bot.store.tables import BudgetLine, Measure, Mediation, MediationSide, Project
from redprop_bot.store.worker import Store


def sound(tx):
    """A project with a measure that is done and one that is not, and a mediation that both have signed."""
    at, zone = tx.now, tx.content.zone
    common = {"by_name": "书记", "created_at": at, "updated_at": at}
    project = tx.insert(
        Project,
        no=numbers.take(tx, "P", at, zone),
        kind="tackle",
        title="攻坚",
        starts_at=at,
        ends_at=at,
        **common,
    )
    events.note(tx, "project", project.id, "project_opened", by="书记", data={})
    when = {"starts_at": at, "due_at": at}
    done = tx.insert(
        Measure, project_id=project.id, position=1, title="一", stage="done", percent=100, done_at=at, **when
    )
    tx.insert(Measure, project_id=project.id, position=2, title="二", percent=30, **when)
    money = tx.insert(BudgetLine, project_id=project.id, title="钱", planned=100)
    case = tx.insert(
        Mediation,
        no=numbers.take(tx, "J", at, zone),
        matter="吵",
        stage="agreed",
        offer_number=1,
        agreed_at=at,
        **common,
    )
    sides = [
        tx.insert(MediationSide, mediation_id=case.id, side=side, name=side, accepted=1, accepted_at=at)
        for side in "ab"
    ]
    return project, done, money, case, sides


def test_what_is_sound_gives_no_line(store: Store) -> None:
    """The ordinary course, on both engines."""
    store.run(sound)
    assert store.look(soundness.problems) == []


FAULTS = {
    "进度 40% 对不上": lambda tx, p, done, money, case, sides: tx.update(Measure, done.id, percent=40),
    "进度 100% 对不上": lambda tx, p, done, money, case, sides: tx.update(Measure, done.id, stage="open"),
    "第 2 条措施却还在办": lambda tx, p, done, money, case, sides: tx.update(Project, p.id, stage="done"),
    "金额是负数": lambda tx, p, done, money, case, sides: tx.update(BudgetLine, money.id, spent=-1),
    "却没有双方的同意": lambda tx, p, done, money, case, sides: tx.update(MediationSide, sides[0].id, accepted=0),
    "还没签，却记着签了的时间": lambda tx, p, done, money, case, sides: tx.update(
        Mediation, case.id, stage="running"
    ),
    "计数器却落在后面": lambda tx, p, done, money, case, sides: tx.update(Project, p.id, no=p.no[:-4] + "0099"),
}


@pytest.mark.parametrize("says", FAULTS)
def test_each_disagreement_is_told(store: Store, says: str) -> None:
    """One line that names the row, and no other."""

    def break_(tx):
        FAULTS[says](tx, *sound(tx))

    store.run(break_)
    (line,) = store.look(soundness.problems)
    assert says in line


def test_a_project_without_its_beginning_and_a_case_with_one_side(store: Store) -> None:
    """Rows that came some other way than by a step are told, too."""

    def job(tx):
        at = tx.now
        common = {"by_name": "书记", "created_at": at, "updated_at": at}
        zone = tx.content.zone
        tx.insert(
            Project,
            no=numbers.take(tx, "P", at, zone),
            kind="tackle",
            title="x",
            starts_at=at,
            ends_at=at,
            **common,
        )
        tx.insert(Mediation, no=numbers.take(tx, "J", at, zone), matter="吵", **common)

    store.run(job)
    assert [line.partition("：")[2] for line in store.look(soundness.problems)] == [
        "没有立项记录",
        "应有两方，记着 0 方",
    ]
