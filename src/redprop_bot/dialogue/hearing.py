"""A message as language, for whoever needs to know what was said."""

from collections.abc import Sequence
from dataclasses import replace

from redprop_bot.dialogue import appointments, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.understand.acts import Act as Heard

_READ_AS_ANSWER = {"place", "which_order", "reason", "days", "rating"}


def read(turn: Turn, *, asked: str | None = None, text: str | None = None) -> list[Heard]:
    """The acts of the message, or of a part of it; `asked` is what they may be the bare answer to."""
    said = turn.inbound.text if text is None else text
    heard = _plain(turn, asked, said)
    if turn.speaker.role != "provider":
        return heard
    heard = _calmed(turn, heard, said)
    return appointments.promised(turn, heard) if text is None else heard


def as_resident(turn: Turn, text: str) -> list[Heard]:
    """Words of anybody, read as if a resident had reported them: what they are about, and how urgent it is."""
    return turn.reader.read(
        text,
        role="resident",
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
    )


def alarming(heard: Sequence[Heard]) -> bool:
    """Whether lives may be at stake."""
    return any(act.urgency == "emergency" for act in heard)


def _plain(turn: Turn, asked: str | None, text: str) -> list[Heard]:
    estate = turn.register.estates.get(turn.speaker.person.estate_id or 0)
    limits = turn.tx.content.limits
    return turn.reader.read(
        text[: limits.text_length],
        role=turn.speaker.role,
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
        estate=estate.name if estate else None,
        asked=asked if asked in _READ_AS_ANSWER else None,
    )


def _calmed(turn: Turn, heard: list[Heard], said: str) -> list[Heard]:
    """火灭了, 电断了 of a unit whose danger is not controlled: news of that danger, and not another one."""
    calm = [not act.intent.startswith("order.") and providers.calms(turn, act) for act in heard]
    if not any(calm):
        return heard
    rest = providers.without_control(turn, said)
    if rest and alarming(_plain(turn, None, rest)):
        return heard  # 火灭了，还有人困在里面
    return [
        replace(act, intent="order.progress", category=None, urgency=None) if is_calm else act
        for act, is_calm in zip(heard, calm, strict=True)
    ]
