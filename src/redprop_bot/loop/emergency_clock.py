"""What time does to an emergency: silent staff are reminded once, then listed; at its hour it ends."""

from collections.abc import Callable, Mapping
from typing import Final

from redprop_bot.loop import emergency
from redprop_bot.loop.actor import CLOCK
from redprop_bot.notify import mode_telling
from redprop_bot.registry.register import register
from redprop_bot.store import events, messages, modes
from redprop_bot.store.tables import Duty, Mode, Timer
from redprop_bot.store.tx import Tx

SHOWN: Final = 20


def _silent(tx: Tx, timer: Timer) -> tuple[Mode, list[Duty]] | None:
    """The emergency, held, and who has not answered; None when it is over or nobody is missing."""
    mode = _mode(tx, timer)
    late = emergency.silent(modes.duties(tx, mode.id)) if mode is not None and mode.id is not None else []
    return (mode, late) if mode is not None and late else None


def _mode(tx: Tx, timer: Timer) -> Mode | None:
    """The emergency, held, while it lasts."""
    mode = tx.get(Mode, timer.subject_id or 0, lock=True)
    return mode if mode.ended_at is None else None


def _remind(tx: Tx, timer: Timer) -> None:
    found = _silent(tx, timer)
    if found is None:
        return
    mode, late = found
    for duty in late:
        tx.update(Duty, duty.id, reminded_at=tx.now)
    _note(tx, mode, "mode_reminded", len(late))
    mode_telling.tell(tx, mode, "mode_reminded", emergency.crowds(tx, mode), emergency.slots(tx, mode), by_id=None)
    again = tx.content.emergency_mode.receipt.after(tx.now, tx.content.calendar)
    messages.plan(tx, f"mode:{mode.no}:silent", "mode_silent", again, mode.id)


def _list(tx: Tx, timer: Timer) -> None:
    found = _silent(tx, timer)
    if found is None:
        return
    mode, late = found
    _note(tx, mode, "mode_silence", len(late))
    told = emergency.slots(tx, mode) | {"number": str(len(late)), "names": names(tx, late)}
    mode_telling.tell(tx, mode, "mode_silence", emergency.crowds(tx, mode), told, by_id=None)


def names(tx: Tx, duties: list[Duty]) -> str:
    """Who they are, with their unit; the first SHOWN."""
    people = register(tx).people
    shown = [
        f"{people[d.person_id].name or people[d.person_id].userid}{f'（{d.unit}）' if d.unit else ''}"
        for d in duties[:SHOWN]
        if d.person_id in people
    ]
    return "、".join(shown) + ("等" if len(duties) > SHOWN else "")


def _note(tx: Tx, mode: Mode, name: str, number: int) -> None:
    events.note(
        tx, "mode", mode.id or 0, name, by=CLOCK.name, data={"number": number}, community_id=mode.community_id
    )


def _until(tx: Tx, timer: Timer) -> None:
    """Its hour has come and nobody went back to normal: short clocks do not stay by being forgotten."""
    if (mode := _mode(tx, timer)) is not None:
        emergency.over(tx, mode, by=CLOCK.name)


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {
    "mode_receipt": _remind,
    "mode_silent": _list,
    "mode_until": _until,
}
