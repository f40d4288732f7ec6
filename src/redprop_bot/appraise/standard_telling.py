"""What people are told of 示范创建: whose turn it is, what came back and why, what has passed."""

from collections.abc import Iterable, Mapping
from typing import Any

from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.rules.standards import State
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store.tables import Person, Project, StandardApplication
from redprop_bot.store.tx import Tx


def names(tx: Tx, application: StandardApplication) -> dict[str, str]:
    """What every message about one may say."""
    return {
        "estate": register(tx).estates[application.estate_id].name,
        "standard": application.title,
        "link": f"{tx.content.address}/console/standards/{application.id}",
    }


def level_name(application: StandardApplication, key: str | None = None) -> str:
    """The name of a level, of the one whose turn it is where none is named."""
    wanted = key or application.level
    return next((str(one["name"]) for one in application.levels if one["key"] == wanted), wanted)


def turn_of(application: StandardApplication) -> Mapping[str, Any]:
    """The level whose turn it is, or was last."""
    return next(one for one in application.levels if one["key"] == application.level)


def deciders(tx: Tx, application: StandardApplication, level: Mapping[str, Any]) -> list[Person]:
    """Who is told that it is their turn; where the street has nobody, the secretaries."""
    reg = register(tx)
    own = reg.secretaries(application.community_id)
    return (reg.street_staff or own) if level["by"] == "street" else own


def decided(
    tx: Tx,
    before: StandardApplication,
    now: StandardApplication,
    level: Mapping[str, Any],
    why: str,
    *,
    but: int | None,
) -> None:
    """A level has decided: the next one, or whoever handed it in, or all of them hear of it."""
    key = f"standard:{now.id}:{before.round}:{level['key']}"
    said = {**names(tx, now), "level": str(level["name"]), "reason": why}
    if now.state == State.PASSED:
        everybody = [
            *_submitter(tx, before),
            *register(tx).secretaries(now.community_id),
            *register(tx).street_staff,
        ]
        _tell(tx, now, "standard_passed", key, to=everybody, said=said, but=but)
    elif now.round != before.round:
        _tell(tx, now, "standard_returned", key, to=_submitter(tx, before), said=said, but=but)
    else:
        turn = turn_of(now)
        said["next"] = str(turn["name"])
        _tell(tx, now, "standard_next", key, to=deciders(tx, now, turn), said=said, but=but)


def called_off(tx: Tx, application: StandardApplication, why: str, *, but: int | None) -> None:
    """It is called off: whose turn it was need not look at it any more."""
    turn = turn_of(application)
    said = {**names(tx, application), "reason": why}
    _tell(
        tx,
        application,
        "standard_stopped",
        f"standard:{application.id}:stopped",
        to=deciders(tx, application, turn),
        said=said,
        but=but,
    )


def granted(
    tx: Tx,
    application: StandardApplication,
    project: Project,
    *,
    number: int,
    source: str,
    fen: int,
    but: int | None,
) -> None:
    """It was given money: the secretaries and whoever leads the project hear where it is kept."""
    reg = register(tx)
    lead = [person] if (person := reg.people.get(project.owner_id or 0)) is not None else []
    said = {**names(tx, application), "source": source, "amount": f"{fen / 100:,.2f}"}
    said |= {"no": project.no, "project": project.title}
    to = [*reg.secretaries(application.community_id), *lead]
    _tell(
        tx, application, "standard_granted", f"standard:{application.id}:grant:{number}", to=to, said=said, but=but
    )


def _submitter(tx: Tx, application: StandardApplication) -> list[Person]:
    """Who handed it in, as long as they are in the register; else who is in charge."""
    reg = register(tx)
    person = reg.people.get(application.submitted_by_id or 0)
    return [person] if person is not None else reg.secretaries(application.community_id)


def _tell(
    tx: Tx,
    application: StandardApplication,
    message: str,
    key: str,
    *,
    to: Iterable[Person],
    said: Mapping[str, str],
    but: int | None,
) -> None:
    draft = outbox.Draft(
        key=key,
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **said),
        weight=Weight.PLAIN,
        link=said["link"],
        subject="standard",
        subject_id=application.id,
        rank=Rank.MATTERS,
    )
    once = {person.id: person for person in to if person.id != but}
    outbox.queue(tx, [(person, draft) for person in once.values()])
