"""平急转换: one switch calls the duty list and shortens the clocks, another goes back to normal with a report.

Voluntary throughout: nobody is followed, no list holds who did not answer except the duty staff. Who lives there
and follows the account hears once and may say how they are; see `check_in`.
"""

from datetime import datetime
from typing import Any

from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.duty_list import on_duty
from redprop_bot.loop.record import needed
from redprop_bot.loop.scope import Keeper, Scope, of_mode
from redprop_bot.notify import mode_telling, words
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.mode_telling import Crowd
from redprop_bot.store import events, messages, modes, numbers, registers
from redprop_bot.store.tables import Duty, Mode, Person
from redprop_bot.store.tx import Tx

TITLE_LIMIT = 40
_LOCK = "emergency_mode"
_ANSWERED = {Stage.ACCEPTED, Stage.DONE, Stage.CLOSED}
_DONE = {Stage.DONE, Stage.CLOSED}


def begin(tx: Tx, keeper: Keeper, scope: Scope, *, title: str, until: datetime | None = None) -> Mode:
    """转应急. Raises Forbidden (role, foreign area), Conflict (on already), Invalid (title, until)."""
    reg = register(tx)
    keeper.must(scope, reg)
    name = needed(title, "title")
    if len(name) > TITLE_LIMIT:
        raise Invalid("too_long", field="title", limit=TITLE_LIMIT)
    terms, calendar = tx.content.emergency_mode, tx.content.calendar
    end = until or terms.usual.after(tx.now, calendar)
    if not tx.now < end <= terms.longest.after(tx.now, calendar):
        raise Invalid("mode_until", field="until", longest=str(terms.longest).replace("d", "天"))
    registers.hold(tx, _LOCK)  # of two who switch at once the second sees what the first did
    modes.changed(tx)
    for other in modes.active(tx):
        if of_mode(other).meets(scope, reg):
            raise Conflict("mode_on", no=other.no, where=of_mode(other).words(reg))
    mode = tx.insert(
        Mode,
        no=numbers.take(tx, "E", tx.now, tx.content.zone),
        community_id=scope.community_id,
        estates=list(scope.estates),
        title=name,
        began_at=tx.now,
        until_at=end,
        by_id=keeper.person_id,
        by_name=keeper.name,
    )
    modes.changed(tx)
    assert mode.id is not None
    for person, part, unit in on_duty(tx, scope):
        own = person.id == keeper.person_id
        tx.insert(
            Duty,
            mode_id=mode.id,
            person_id=person.id,
            part=part,
            unit=unit,
            called_at=tx.now,
            received_at=tx.now if own else None,
        )
    events.note(
        tx, "mode", mode.id, "mode_began", by=keeper.name, data={"title": name}, community_id=scope.community_id
    )
    mode_telling.tell(tx, mode, "mode_began", crowds(tx, mode), slots(tx, mode), by_id=keeper.person_id)
    remind = terms.receipt.after(tx.now, calendar)
    messages.plan(tx, f"mode:{mode.no}:receipt", "mode_receipt", remind, mode.id)
    messages.plan(tx, f"mode:{mode.no}:until", "mode_until", end, mode.id)
    return mode


def finish(tx: Tx, keeper: Keeper, mode: Mode) -> Mode:
    """恢复平时: a report, and everybody who was called hears it is over. Raises Forbidden, Conflict."""
    keeper.must(of_mode(mode), register(tx))
    return over(tx, mode, by=keeper.name, by_id=keeper.person_id)


def over(tx: Tx, mode: Mode, *, by: str, by_id: int | None = None) -> Mode:
    """The same by whoever may, or by the clock."""
    assert mode.id is not None
    mode = tx.get(Mode, mode.id, lock=True)
    if mode.ended_at is not None:
        raise Conflict("mode_ended", no=mode.no)
    found = figures(tx, mode)
    everybody = crowds(tx, mode)
    mode = tx.update(Mode, mode.id, ended_at=tx.now, ended_by=by, report=found)
    modes.changed(tx)
    modes.forget_names(tx, mode.id or 0)
    events.note(tx, "mode", mode.id or 0, "mode_ended", by=by, data=found, community_id=mode.community_id)
    mode_telling.settle(tx, mode, tx.content.replies.say("mode.card_over"))
    told = slots(tx, mode) | {"who": by} | report_slots(found)
    mode_telling.tell(tx, mode, "mode_ended", everybody, told, by_id=by_id)
    return mode


def receive(tx: Tx, mode: Mode, person: Person) -> Duty:
    """收到, once. Raises Forbidden (not on the list), Conflict (over, said before)."""
    assert mode.id is not None
    assert person.id is not None
    if mode.ended_at is not None:
        raise Conflict("mode_ended", no=mode.no)
    duty = modes.duty_of(tx, mode.id, person.id)
    if duty is None:
        raise Forbidden("not_on_duty", no=mode.no)
    if duty.received_at is not None:
        raise Conflict("received", no=mode.no)
    duty = tx.update(Duty, duty.id, received_at=tx.now)
    events.note(
        tx, "mode", mode.id, "mode_received", by=person.name or "", data={}, community_id=mode.community_id
    )
    mode_telling.settle(tx, mode, tx.content.replies.say("mode.card_received"), person.id)
    return duty


# -- who and what


def crowds(tx: Tx, mode: Mode) -> dict[Crowd, list[Person]]:
    """The people around an emergency."""
    reg, scope = register(tx), of_mode(mode)
    assert mode.id is not None
    duties = modes.duties(tx, mode.id)
    keepers = [p for community in scope.communities(reg) for p in reg.secretaries(community)] + reg.street_staff
    return {
        Crowd.DUTY: [reg.people[d.person_id] for d in duties if d.person_id in reg.people],
        Crowd.SILENT: [reg.people[d.person_id] for d in silent(duties) if d.person_id in reg.people],
        Crowd.KEEPERS: keepers,
        Crowd.RESIDENTS: modes.residents(tx, scope.all_estates(reg)),
    }


def silent(duties: list[Duty]) -> list[Duty]:
    """Those of the duty list who have not said 收到."""
    return [duty for duty in duties if duty.received_at is None]


def slots(tx: Tx, mode: Mode) -> dict[str, Any]:
    """What messages about an emergency may say."""
    zone = tx.content.zone
    return {
        "no": mode.no,
        "title": mode.title,
        "where": of_mode(mode).words(register(tx)),
        "until": words.day(mode.until_at, tx.now, zone),
        "who": mode.by_name,
        "began": words.day(mode.began_at, tx.now, zone),
    }


def report_slots(found: dict[str, int]) -> dict[str, str]:
    """The figures as texts."""
    return {name: str(number) for name, number in found.items()}


def figures(tx: Tx, mode: Mode) -> dict[str, int]:
    """The figures of an emergency so far; counts only.

    duty, received, silent · reports, answered, done · safe, help, elders, elders_open
    """
    assert mode.id is not None
    if mode.ended_at is not None:
        return dict(mode.report)
    reg, scope = register(tx), of_mode(mode)
    duties, checks = modes.duties(tx, mode.id), modes.checks(tx, mode.id)
    inside = modes.stages(
        tx,
        communities=scope.communities(reg),
        estates=scope.all_estates(reg) if scope.estates else None,
        since=mode.began_at,
    )
    return {
        "duty": len(duties),
        "received": len(duties) - len(silent(duties)),
        "silent": len(silent(duties)),
        "reports": sum(inside.values()),
        "answered": sum(n for stage, n in inside.items() if stage in _ANSWERED),
        "done": sum(n for stage, n in inside.items() if stage in _DONE),
        "safe": sum(c.state == "safe" for c in checks),
        "help": sum(c.demand_id is not None for c in checks),
        "elders": sum(c.elder for c in checks),
        "elders_open": sum(c.elder and c.state == "open" for c in checks),
    }
