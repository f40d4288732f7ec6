"""Section 7 of the contract, written out by hand, and every cell of it tried on a real database.

The text below is copied from nothing in `src`: whoever changes a row of `rules.flow` or `rules.roles` must change it
here too, and say why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redprop_bot.errors import Conflict, Forbidden, Refused
from redprop_bot.loop import confirm, order
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.acts import perform
from redprop_bot.loop.report import Report
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act, Stage, next_stage
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import numbers
from redprop_bot.store.tables import Demand, Person
from redprop_bot.store.tx import Tx

OPEN = "new dispatched accepted returned tabled suspended done"

CONTRACT = f"""
dispatch   | secretary street rule           | new returned tabled suspended dispatched accepted | dispatched
assign     | manager                         | dispatched accepted                               | same
accept     | handler                         | dispatched                                        | accepted
return     | handler                         | dispatched accepted                               | returned
progress   | handler helper                  | accepted                                          | same
progress   | handler                         | dispatched                                        | accepted
fulfil     | handler                         | accepted dispatched                               | done
extend     | handler                         | dispatched accepted                               | same
grant      | secretary street                | dispatched accepted                               | same
pause      | secretary                       | accepted dispatched                               | suspended
resume     | secretary                       | suspended                                         | accepted
rate       | reporter supporter              | done closed                                       | closed
reopen     | reporter secretary              | done closed                                       | dispatched
withdraw   | reporter                        | new dispatched accepted returned                  | withdrawn
urge       | reporter supporter secretary    | {OPEN}                                            | same
supplement | reporter supporter secretary    | {OPEN}                                            | same
assist     | member unit                     | {OPEN}                                            | same
merge      | secretary                       | {OPEN}                                            | merged
escalate   | secretary street rule           | {OPEN}                                            | tabled
correct    | secretary grid                  | {OPEN}                                            | same
close      | secretary                       | {OPEN}                                            | closed
expire     | rule                            | done                                              | closed
order      | anyone                          | -                                                 | new
"""
"""act | who | from | to. An administrator may do whatever people may, so everything but `expire`."""

ACTS = [
    "order",
    "dispatch",
    "assign",
    "accept",
    "return",
    "progress",
    "fulfil",
    "extend",
    "grant",
    "pause",
    "resume",
    "rate",
    "reopen",
    "withdraw",
    "urge",
    "supplement",
    "assist",
    "merge",
    "escalate",
    "correct",
    "close",
    "expire",
]
STAGES = [
    "new",
    "dispatched",
    "accepted",
    "done",
    "closed",
    "returned",
    "tabled",
    "suspended",
    "withdrawn",
    "merged",
]
CAPACITIES = [
    "anyone",
    "reporter",
    "supporter",
    "handler",
    "manager",
    "helper",
    "member",
    "unit",
    "secretary",
    "grid",
    "clerk",
    "street",
    "rule",
    "admin",
]


def _rows() -> dict[str, list[tuple[set[str], set[str], str]]]:
    found: dict[str, list[tuple[set[str], set[str], str]]] = {}
    for line in CONTRACT.strip().split("\n"):
        act, who, stages, to = (part.strip() for part in line.split("|"))
        found.setdefault(act, []).append((set(who.split()), set(stages.split()), to))
    return found


ROWS = _rows()


def expected(act: str, stage: str, capacity: str) -> str:
    """The stage after the act, or 403, or 409."""
    rows = ROWS[act]
    people = set().union(*(who for who, _stages, _to in rows))
    if capacity not in people and not (capacity == "admin" and people != {"rule"}):
        return "403"
    for who, stages, to in rows:
        if stage in stages and (capacity in who or capacity == "admin"):
            return stage if to == "same" else to
    return "409"


@dataclass(frozen=True)
class Scene:
    """A demand in every stage, and another one to merge into."""

    demands: dict[str, Demand]
    other: Demand
    reporter_id: int


def scene(tx: Tx) -> Scene:
    """Demands as they would be: with a unit once dispatched, an extension asked for, inside all terms."""
    reporter = tx.insert(Person, openid="o-cells", created_at=tx.now)
    assert reporter.id is not None
    made = {stage: _demand(tx, stage, reporter.id) for stage in STAGES}
    return Scene(made, _demand(tx, "accepted", reporter.id), reporter.id)


def _demand(tx: Tx, stage: str, reporter_id: int) -> Demand:
    reg = register(tx)
    unit = reg.organisation("万和物业")
    estate = reg.estate("槐荫里")
    assert unit is not None
    assert estate is not None
    later = tx.now + timedelta(days=3)
    return tx.insert(
        Demand,
        no=numbers.take(tx, "D", tx.now, tx.content.zone),
        community_id=estate.community_id,
        estate_id=estate.id,
        intent="demand.report",
        category="building",
        urgency="normal",
        text="单元门关不严",
        stage=stage,
        stage_before="accepted" if stage == "suspended" else None,
        paused_at=tx.now if stage == "suspended" else None,
        reporter_id=reporter_id,
        handler_id=None if stage in ("new", "returned") else unit.id,
        reported_at=tx.now,
        created_at=tx.now,
        updated_at=tx.now,
        dispatches=1,
        dispatched_at=tx.now,
        respond_by=later,
        contact_by=later,
        due_at=later,
        return_until=later,
        extension_days=2,
        done_at=tx.now if stage in ("done", "closed") else None,
        closed_at=tx.now if stage == "closed" else None,
    )


def _fields(tx: Tx, act: str, there: Scene) -> dict[str, Any]:
    given: dict[str, dict[str, Any]] = {
        "dispatch": {"to": "康居物业"},
        "assign": {"person": "老丁"},
        "return": {"reason": "不归我们管"},
        "progress": {"note": "在路上"},
        "extend": {"days": 2, "reason": "等配件"},
        "grant": {"days": 2},
        "pause": {"reason": "等审批", "until": tx.now + timedelta(days=5)},
        "rate": {"stars": 5},
        "reopen": {"reason": "没修好"},
        "supplement": {"text": "还有一扇"},
        "merge": {"into": there.other.no},
        "escalate": {"reason": "要用维修资金"},
        "correct": {"urgency": "urgent"},
        "close": {"reason": "solved"},
    }
    return given.get(act, {})


class _UndoneError(Exception):
    """Carries the outcome out of a savepoint that is given up."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def actor(capacity: str) -> Actor:
    """Somebody who is this one thing to every demand."""
    held = {Capacity(capacity)}
    return Actor("某人", None, None, lambda _tx, _demand: held)


def outcome(tx: Tx, there: Scene, act: str, stage: str, capacity: str) -> str:
    """What comes of an act; nothing of it stays."""
    try:
        with tx.savepoint():
            done = _try(tx, there, act, stage, actor(capacity))
            raise _UndoneError(done.stage)  # noqa: TRY301 - what was done must not stay
    except _UndoneError as undone:
        return undone.outcome
    except (Forbidden, Conflict) as refusal:
        return str(refusal.status)
    except Refused as refusal:
        return f"{refusal.status} {refusal.code}"
    except Exception as broken:  # noqa: BLE001  # a table that promises what a step cannot do
        return f"breaks with {type(broken).__name__}"


def _try(tx: Tx, there: Scene, act: str, stage: str, who: Actor) -> Demand:
    demand = there.demands[stage]
    if act == "expire":
        return confirm.expire(tx, demand, who)
    if act == "order":
        report = Report("门口灯不亮", tx.now, estate_id=demand.estate_id, category="parking")
        return order.order(tx, who, report, reporter_id=None).demand
    return perform(tx, demand, Act(act), who, _fields(tx, act, there))


def wrong_cells(tx: Tx, there: Scene, acts: Iterable[str] = ACTS) -> Iterator[str]:
    """Every cell of the given acts that is not as the contract has it, in a line each."""
    for act in acts:
        for stage in STAGES if act != "order" else ["new"]:
            for capacity in CAPACITIES:
                wanted = _wanted(act, stage, capacity)
                seen = outcome(tx, there, act, stage, capacity)
                if seen != wanted:
                    yield f"{act} at {stage} by {capacity}: should be {wanted}, is {seen}"


def _wanted(act: str, stage: str, capacity: str) -> str:
    if act == "order":
        return "new" if capacity in ("anyone", "admin") else "403"
    return expected(act, stage, capacity)


def wrong_rows() -> Iterator[str]:
    """Rows of the stage table that say something else than the contract, whatever the steps make of them."""
    for act in ACTS[1:]:
        for stage in STAGES:
            wanted = next((to for _who, stages, to in ROWS[act] if stage in stages), "409")
            for before in ("accepted", "dispatched"):
                to = stage if wanted == "same" else before if act == "resume" and wanted != "409" else wanted
                try:
                    seen = next_stage(Act(act), stage, before=before).value
                except Conflict:
                    seen = "409"
                if seen != to:
                    yield f"{act} at {stage}: should lead to {to}, leads to {seen}"


def names_agree() -> list[str]:
    """Acts, stages and capacities of the code that this table does not know, and the other way round."""
    pairs: tuple[tuple[Iterable[str], list[str]], ...] = ((Act, ACTS), (Stage, STAGES), (Capacity, CAPACITIES))
    return [str(name) for code, here in pairs for name in {str(c) for c in code} ^ set(here)]
