"""What people are told of 考评: that it is their turn to score, what came of it, that somebody appeals.

Whoever scores several companies hears of them in one message, and is reminded once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from redprop_bot.appraise import grade, scorers
from redprop_bot.appraise.scorers import ONE_VOICE, Party
from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import appraisals
from redprop_bot.store.tables import Appraisal, Person
from redprop_bot.store.tx import Tx

ROOM = "/console/appraisals"


def names(tx: Tx, row: Appraisal) -> dict[str, str]:
    """What every message about one may say."""
    reg = register(tx)
    return {
        "unit": reg.organisations[row.organisation_id].name,
        "community": reg.community_name(row.community_id) or "",
        "sheet": row.title,
        "period": grade.period_of(row).title,
        "due": words.day(row.due_at, tx.now, tx.content.zone),
        "link": f"{tx.content.address}{ROOM}/{row.id}",
    }


def points(hundredths: int) -> str:
    """Points as people write them: 87.5, 90."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0") if part else str(whole)


def graded(tx: Tx, row: Appraisal) -> dict[str, str]:
    """The same of a result."""
    until = words.full_date(row.appeal_until, tx.content.zone) if row.appeal_until is not None else ""
    return {**names(tx, row), "score": points(row.score or 0), "stars": str(row.stars), "until": until}


def example(tx: Tx, row: Appraisal) -> str:
    """A sentence that scores it in chat."""
    called = [((item["words"] or [item["title"]])[0], item["full"] * 9 // 10) for item in row.plan["items"]]
    given = " ".join(f"{name}{points_}" for name, points_ in called)
    return tx.content.replies.say("appraisal.example", given=given, **names(tx, row))


def ask(tx: Tx, rows: Sequence[Appraisal]) -> None:
    """The rounds of a community have been opened together: every party is asked."""
    _ask(tx, rows, "appraisal_asked", only_missing=False)


def remind(tx: Tx, rows: Sequence[Appraisal]) -> None:
    """Who has not scored all of them is reminded."""
    _ask(tx, rows, "appraisal_reminded", only_missing=True)


def _ask(tx: Tx, rows: Sequence[Appraisal], message: str, *, only_missing: bool) -> None:
    reg, ballots = register(tx), appraisals.ballots(tx, [row.id or 0 for row in rows])
    theirs: dict[int, tuple[Person, list[Party], list[Appraisal]]] = {}
    for row in rows:
        scored = {(one.party, one.scorer) for one in ballots[row.id or 0]}
        for party in scorers.parties(row):
            for person in scorers.asked(reg, row, party):
                voice = "" if party["by"] in ONE_VOICE else str(person.id)
                if only_missing and (party["key"], voice) in scored:
                    continue
                _, parties, mine = theirs.setdefault(person.id or 0, (person, [], []))
                if all(party["key"] != one["key"] for one in parties):
                    parties.append(party)
                if row not in mine:
                    mine.append(row)
    drafts = [(person, _asked(tx, rows[0], message, parties, own)) for person, parties, own in theirs.values()]
    outbox.queue(tx, drafts)


def _asked(
    tx: Tx, first: Appraisal, message: str, parties: Sequence[Party], own: Sequence[Appraisal]
) -> outbox.Draft:
    slots = names(tx, own[0])
    units = "、".join(names(tx, row)["unit"] for row in own)
    full = "、".join(f"{item['title']} {item['full']}" for item in own[0].plan["items"])
    link = slots["link"] if len(own) == 1 else f"{tx.content.address}{ROOM}"
    said = {**slots, "units": units, "party": _called(tx, parties), "full": full, "link": link}
    key = f"appraisal:{first.id}:{message}"
    return _draft(tx, own[0], message, key, {**said, "example": example(tx, own[0])})


def _called(tx: Tx, parties: Sequence[Party]) -> str:
    """All that somebody scores for, the one first that a sentence in chat counts for."""
    say, chat_first = tx.content.replies.say, sorted(parties, key=lambda party: bool(party["named"]))
    several = len(parties) > 1
    return "、".join(
        say("appraisal.by_page", name=str(one["name"])) if several and one["named"] else str(one["name"])
        for one in chat_first
    )


def published(tx: Tx, row: Appraisal) -> None:
    """There is a result: the company hears it."""
    _tell(tx, row, "appraisal_published", register(tx).managers(row.organisation_id), graded(tx, row))


def held(tx: Tx, row: Appraisal, missing: str, there: int, all_: int) -> None:
    """Time is up and too few have scored: whoever runs it hears who is missing."""
    said = {**names(tx, row), "which": missing, "there": str(there), "all": str(all_)}
    said["least"] = str(row.plan["least"])
    _tell(tx, row, "appraisal_held", scorers.deciders(register(tx), row), said)


def appealed(tx: Tx, row: Appraisal) -> None:
    """The company appeals: who decides hears why."""
    said = {**graded(tx, row), "reason": row.appeal}
    _tell(tx, row, "appraisal_appealed", scorers.deciders(register(tx), row), said)


def undecided(tx: Tx, row: Appraisal) -> None:
    """Nobody has decided it for some days: who does is told once more."""
    said = {**graded(tx, row), "reason": row.appeal}
    _tell(tx, row, "appraisal_undecided", scorers.deciders(register(tx), row), said)


def settled(tx: Tx, before: Appraisal, row: Appraisal) -> None:
    """It is decided: the company hears what and why."""
    said = {**graded(tx, row), "reason": row.decision, "before": points(before.score or 0)}
    message = "appraisal_stands" if before.working == row.working else "appraisal_corrected"
    _tell(tx, row, message, register(tx).managers(row.organisation_id), said)


def _tell(tx: Tx, row: Appraisal, message: str, to: Iterable[Person], said: dict[str, str]) -> None:
    draft = _draft(tx, row, message, f"appraisal:{row.id}:{message}", said)
    outbox.queue(tx, [(person, draft) for person in to])


def _draft(tx: Tx, row: Appraisal, message: str, key: str, said: dict[str, Any]) -> outbox.Draft:
    return outbox.Draft(
        key=key,
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **said),
        weight=Weight.PLAIN,
        link=said["link"],
        subject="appraisal",
        subject_id=row.id,
        rank=Rank.MATTERS,
    )
