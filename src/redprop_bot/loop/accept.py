"""物业接单: the unit accepts, returns with a reason, reports progress, reports it fulfilled."""

from collections.abc import Sequence
from typing import Any

from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop import returning, whistle
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import allow, change, happened, needed, optional
from redprop_bot.ports import Channel
from redprop_bot.rules.control import under_control
from redprop_bot.rules.flow import IMPOSED_AT, Act, Stage
from redprop_bot.rules.roles import may
from redprop_bot.store import demands, messages, people
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Attachment, Demand
from redprop_bot.store.tx import Tx

KINDS = ("image", "voice", "video")
_ADDRESS = ("http://", "https://")


def accept(tx: Tx, demand: Demand, actor: Actor, *, note: str | None = None) -> Demand:
    """The unit takes the order; with a word for the reporter it is the first contact as well."""
    stage = allow(tx, demand, Act.ACCEPT, actor)
    said = optional(note, "note")
    whistle.at_work(tx, demand, actor)
    return change(
        tx,
        demand,
        happened("accepted", Act.ACCEPT, actor, said),
        stage=stage.value,
        **(heard(tx, demand) if said else {}),
    )


def give_back(tx: Tx, demand: Demand, actor: Actor, *, reason: str) -> Demand:
    """The unit says that it is not theirs: inside the window, and not from the third dispatch on."""
    stage = allow(tx, demand, Act.RETURN, actor)
    why = needed(reason, "reason")
    if demand.dispatches >= IMPOSED_AT:
        raise Conflict("imposed", no=demand.no)
    if demand.return_until is not None and tx.now > demand.return_until:
        raise Conflict("return_window", no=demand.no, until=demand.return_until)
    listed = returning.reason_of(tx, why) or returning.other(tx)
    data: dict[str, Any] = {"former_id": demand.handler_id, "return_reason": listed.code}
    if not why.startswith(listed.name):
        data["reason"] = listed.name
    return change(
        tx,
        demand,
        happened("returned", Act.RETURN, actor, listed.name if why == listed.code else why, data),
        stage=stage.value,
        handler_id=None,
        former_id=demand.handler_id,
        assignee_id=None,
        extension_days=None,
    )


def progress(tx: Tx, demand: Demand, actor: Actor, *, note: str) -> Demand:
    """How far it is; on an order not yet accepted this accepts it. Words of control end the clock of a danger."""
    stage = allow(tx, demand, Act.PROGRESS, actor)
    theirs = may(Act.ACCEPT, actor.capacities(tx, demand))
    if demand.stage == Stage.DISPATCHED and not theirs:
        raise Conflict("stage", act=Act.PROGRESS.value, stage=demand.stage, no=demand.no)  # a helper cannot accept
    what = needed(note, "note")
    said = [*_accepting(demand, actor), happened("progressed", Act.PROGRESS, actor, what)]
    whistle.at_work(tx, demand, actor)
    kept = heard(tx, demand) if theirs else {}  # a helper's word is welcome, and not the unit's
    waits = demand.control_by is not None and demand.controlled_at is None
    if waits and under_control(what, tx.content.deadlines.control_words):
        said.append(happened("controlled", Act.PROGRESS, actor, what))
        kept["controlled_at"] = tx.now
    return change(tx, demand, *said, stage=stage.value, **kept)


def fulfil(
    tx: Tx,
    demand: Demand,
    actor: Actor,
    *,
    note: str | None = None,
    media: Sequence[str | tuple[str, str]] = (),
    kept: Sequence[tuple[str, str, int]] = (),
) -> Demand:
    """The unit says that it is done; the reporter is asked. `kept` are pictures that are in our files already."""
    stage = allow(tx, demand, Act.FULFIL, actor)
    what = optional(note, "note")
    whistle.at_work(tx, demand, actor, done=True)
    attach(tx, demand, actor, media)
    demands.add_kept(tx, demand.id or 0, actor.person_id, kept)
    done = change(
        tx,
        demand,
        *_accepting(demand, actor),
        happened("fulfilled", Act.FULFIL, actor, what, {"media": len(media) + len(kept)}),
        stage=stage.value,
        done_at=tx.now,
        **heard(tx, demand),
    )
    due = tx.content.deadlines.auto_close.after(tx.now, tx.content.calendar)
    messages.plan(tx, f"expire:{demand.no}:{done.version}", "expire", due, demand.id, done_at=tx.now.isoformat())
    return done


def heard(tx: Tx, demand: Demand) -> dict[str, Any]:
    """The first contact stands from the first words of the unit that reach the reporter; a tap is no word."""
    return {"contacted_at": demand.contacted_at or tx.now}


def attach(
    tx: Tx,
    demand: Demand,
    actor: Actor,
    media: Sequence[str | tuple[str, str]],
    *,
    kind: str = "image",
    channel: Channel | None = None,
) -> None:
    """Keep pictures with the demand; an item is a platform media id or an address, or one of them and its kind.

    What lies with a platform is fetched in the background; somebody else's address is never called. `channel` is
    where it was sent; without it, where the sender is reached.
    """
    if not isinstance(media, Sequence) or isinstance(media, str) or len(media) > 9:
        raise Invalid("media", field="media")
    items = [item if isinstance(item, tuple) else (item, kind) for item in media]
    for item, of_kind in items:
        if not isinstance(item, str) or not 0 < len(item) <= 512 or of_kind not in KINDS:
            raise Invalid("media", field="media")
    if not media:
        return
    side = channel or _side(tx, actor)
    rows: list[dict[str, Any]] = [
        {
            "demand_id": demand.id,
            "kind": of_kind,
            "channel": side.value,
            "media_id": None if item.startswith(_ADDRESS) else item,
            "url": item if item.startswith(_ADDRESS) else None,
            "by_id": actor.person_id,
            "at": tx.now,
            "state": "linked" if item.startswith(_ADDRESS) else "wanted",
            "not_before": tx.now,
        }
        for item, of_kind in items
    ]
    tx.insert_many(Attachment, rows)
    tx.wakes = True


def _side(tx: Tx, actor: Actor) -> Channel:
    """The platforms do not know each other's media ids."""
    sender = people.named(tx, {actor.person_id}).get(actor.person_id) if actor.person_id is not None else None
    return Channel.WORK if sender is not None and sender.userid else Channel.OA


def _accepting(demand: Demand, actor: Actor) -> list[Happening]:
    if demand.stage != Stage.DISPATCHED:
        return []
    return [happened("accepted_by_doing", Act.ACCEPT, actor)]
