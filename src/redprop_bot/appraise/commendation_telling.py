"""What people are told of 评选表彰: who is put forward, that a vote runs, what came of it; nothing of votes."""

from collections.abc import Iterable, Sequence

from redprop_bot.notify import outbox, words
from redprop_bot.registry.people import mask_name
from redprop_bot.registry.register import register
from redprop_bot.rules.commendation import Stand
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import commendations, people
from redprop_bot.store.tables import Commendation, CommendationCandidate, Person
from redprop_bot.store.tx import Tx


def names(tx: Tx, row: Commendation) -> dict[str, str]:
    """What every message about one may say."""
    zone = tx.content.zone
    return {
        "title": row.title,
        "year": str(row.year),
        "community": register(tx).community_name(row.community_id) or "",
        "begin": words.day(row.starts_at, tx.now, zone) if row.starts_at is not None else "",
        "end": words.day(row.ends_at, tx.now, zone) if row.ends_at is not None else "",
        "link": page(tx, row),
    }


def page(tx: Tx, row: Commendation) -> str:
    """The address where residents vote."""
    return f"{tx.content.address}/m/commendations/{row.id}"


def room(tx: Tx, row: Commendation) -> str:
    """The address at which the community works with it."""
    return f"{tx.content.address}/console/commendations/{row.id}"


def public_name(tx: Tx, row: Commendation, one: CommendationCandidate) -> str:
    """As everybody may read it: a company by name, a person covered, and only where they agreed to it."""
    if one.organisation_id is not None:
        return one.name
    if not one.shown or not one.name:
        return tx.content.replies.say(f"commendation.unnamed.{row.kind}")
    return f"{one.unit}{mask_name(one.name)}"


def asked(tx: Tx, row: Commendation, candidate: CommendationCandidate, person: Person) -> None:
    """Somebody was put forward and says themselves whether they stand."""
    said = {**names(tx, row), "about": candidate.about, "name": candidate.name}
    _tell(tx, row, "commendation_asked", [person], said)


def standing(tx: Tx, row: Commendation, stand: Iterable[CommendationCandidate]) -> None:
    """The vote is open: whoever stands hears it."""
    for one in stand:
        said = {**names(tx, row), "name": one.name}
        if one.organisation_id is not None:
            said["link"] = ""  # who works for a company has no vote there and would be sent to a closed page
        _tell(tx, row, "commendation_vote", _behind(tx, one), said)


def called_off(tx: Tx, row: Commendation, why: str) -> None:
    """It is called off: whoever stood or was asked need not wait."""
    for one in commendations.candidates(tx, row.id or 0):
        if one.state in (Stand.AGREED, Stand.ASKED):
            said = {**names(tx, row), "reason": why, "name": one.name}
            _tell(tx, row, "commendation_stopped", _behind(tx, one), said)


def ended(tx: Tx, row: Commendation, voted: int) -> None:
    """The vote is over: the secretaries confirm what came of it."""
    said = {**names(tx, row), "people": str(voted), "link": room(tx, row)}
    _tell(tx, row, "commendation_ended", register(tx).secretaries(row.community_id), said)


def decided(tx: Tx, row: Commendation, stand: Sequence[CommendationCandidate], *, but: int | None) -> None:
    """The result stands: each candidate hears their own, the secretaries what the board says of it."""
    for one in stand:
        if one.state == Stand.AGREED:
            key = "commendation_won" if one.wins else "commendation_not_won"
            _tell(tx, row, key, _behind(tx, one), {**names(tx, row), "name": one.name})
    won = "、".join(public_name(tx, row, one) for one in stand if one.wins)
    said = {**names(tx, row), "names": won, "link": room(tx, row)}
    others = [p for p in register(tx).secretaries(row.community_id) if p.id != but]
    _tell(tx, row, "commendation_result", others, said)


def _behind(tx: Tx, one: CommendationCandidate) -> list[Person]:
    """The person, or the managers of the company."""
    if one.organisation_id is not None:
        return register(tx).managers(one.organisation_id)
    return list(people.now(tx, {one.person_id}).values()) if one.person_id is not None else []


def _tell(tx: Tx, row: Commendation, message: str, to: Iterable[Person], said: dict[str, str]) -> None:
    draft = outbox.Draft(
        key=f"{message}:{row.id}",
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **said),
        weight=Weight.PLAIN,
        link=said["link"],
        subject="commendation",
        subject_id=row.id,
        rank=Rank.MATTERS if message == "commendation_asked" else Rank.SMALL,
    )
    outbox.queue(tx, [(person, draft) for person in {p.id: p for p in to}.values()])
