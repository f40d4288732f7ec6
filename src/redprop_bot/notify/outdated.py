"""Which messages that had to wait (the night, a pause, a road) say what is not so any more."""

from collections.abc import Mapping, Sequence

from redprop_bot.rules import overtaken
from redprop_bot.rules.flow import Stage
from redprop_bot.store import demands, outgoing
from redprop_bot.store.tables import Demand, Outbox
from redprop_bot.store.tx import Tx


def still_so(tx: Tx, messages: Sequence[Outbox]) -> list[Outbox]:
    """Those of messages that are due that may leave; what was held back and is not so any more is overtaken."""
    held = [m for m in messages if m.not_before > m.created_at]
    over = over_by_now(tx, held) if held else set()
    if over:
        outgoing.overtake(tx, over)
    return [m for m in messages if m.id not in over]


def over_by_now(tx: Tx, messages: Sequence[Outbox]) -> set[int]:
    """The keys of those that are not so any more."""
    about = {m.demand_id for m in messages if m.demand_id is not None and m.message in overtaken.STAGES}
    if not about:
        return set()
    known = demands.by_keys(tx, about)
    later = outgoing.about(tx, about, {m.receiver for m in messages})
    return {m.id for m in messages if m.id is not None and m.demand_id in known and _is_over(m, known, later)}


def _is_over(message: Outbox, known: Mapping[int, Demand], later: Sequence[Outbox]) -> bool:
    assert message.id is not None and message.demand_id is not None  # noqa: PT018 - both or neither
    demand = known[message.demand_id]
    if not overtaken.holds(message.message, demand.stage):
        return True
    if _is_rated(message, demand):
        return True
    return any(
        newer.id is not None
        and newer.id > message.id
        and (newer.demand_id, newer.person_id) == (message.demand_id, message.person_id)
        and overtaken.replaces(newer.message, message.message)
        for newer in later
    )


def _is_rated(message: Outbox, demand: Demand) -> bool:
    """Whether it asks the reporter for what they have said; stars of a matter that is done are those before."""
    rated = demand.stage == Stage.CLOSED and demand.stars is not None
    return rated and message.message == "fulfilled" and message.person_id == demand.reporter_id
