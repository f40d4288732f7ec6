"""A round of 考评 as it is shown to whoever asks: own points, who has scored, the result with its working."""

from redprop_bot.appraise import grade, scorers
from redprop_bot.appraise.scorers import ONE_VOICE, Hand
from redprop_bot.content.appraisal import FIGURES
from redprop_bot.registry.people import mask_name
from redprop_bot.rules import grades
from redprop_bot.rules.grades import RESULTS, Part, State
from redprop_bot.store.tables import Appraisal, AppraisalBallot
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item
from redprop_bot.web.api.standards import reviewer


def hand(call: Call) -> Hand:
    """Who acts, as 考评 sees them: by their posts, else by the role of the token or account."""
    viewer = call.viewer
    if viewer.speaker is not None and viewer.speaker.person.id is not None:
        return Hand(reviewer(call), scorers.managed(viewer.speaker.posts))
    own = {viewer.organisation_id} if viewer.role == "provider" and viewer.organisation_id is not None else set()
    return Hand(reviewer(call), frozenset(own))


def _reads_all(call: Call, row: Appraisal) -> bool:
    """Whether more than their own ballot is for them, once there is a result."""
    return call.viewer.role != "provider" or row.organisation_id == call.viewer.organisation_id


def item(call: Call, row: Appraisal, ballots: list[AppraisalBallot]) -> Item:
    """A round as it is shown to whoever asks."""
    all_ = _reads_all(call, row)
    has = row.state in RESULTS and all_
    return {
        "id": row.id,
        "sheet": row.sheet,
        "title": row.title,
        "period": row.period,
        "period_title": grade.period_of(row).title,
        "unit": call.register.organisations[row.organisation_id].name,
        "community": call.register.community_name(row.community_id),
        "state": row.state,
        "items": [{"key": i["key"], "title": i["title"], "full": i["full"]} for i in row.plan["items"]],
        "parties": _parties(call, row, ballots, counts=all_),
        "least": row.plan["least"],
        "steps": list(row.plan["stars"]),
        "score": row.score / grades.HUNDRED if has and row.score is not None else None,
        "stars": row.stars if has else None,
        "working": [_part(part) for part in grades.read(row.working)] if has else [],
        "appeal": row.appeal if has else "",
        "decision": row.decision if all_ else "",
        "opened_at": iso(call, row.opened_at),
        "due_at": iso(call, row.due_at),
        "published_at": iso(call, row.published_at),
        "appeal_until": iso(call, row.appeal_until),
        "updated_at": iso(call, row.updated_at),
    }


def _parties(call: Call, row: Appraisal, ballots: list[AppraisalBallot], *, counts: bool) -> list[Item]:
    """Who scores: how many are asked and have scored, and what whoever asks has given themselves."""
    who, reg = hand(call), call.register
    own = {party["key"] for party in scorers.theirs(reg, row, who)} if row.state == State.OPEN else set()
    found = []
    for party in scorers.parties(row):
        key = party["key"]
        theirs = [one for one in ballots if one.party == key]
        voice = "" if party["by"] in ONE_VOICE else str(who.person_id)
        mine = next((one for one in theirs if one.scorer == voice), None) if key in own else None
        told = mine or _told(call, row, theirs)
        asked = 1 if party["by"] in ONE_VOICE else len(scorers.asked(reg, row, party))
        found.append(
            {
                "key": key,
                "name": party["name"],
                "weight": party["weight"],
                "named": party["named"],
                "needed": party["least"],
                "asked": asked if counts else None,
                "scored": len(theirs) if counts else None,
                "yours": key in own,
                "given": dict(mine.points) if mine is not None else None,
                "said_by": told.said_by if told is not None else "",
                "by": _name(call, told.by_name) if told is not None else None,
            }
        )
    return found


def _told(call: Call, row: Appraisal, ballots: list[AppraisalBallot]) -> AppraisalBallot | None:
    """Who wrote down what a party of one voice gave: for the community and the street, once there is a result."""
    if row.state not in RESULTS or call.viewer.role == "provider":
        return None
    return next((one for one in ballots if not one.scorer), None)


def _name(call: Call, name: str) -> str | None:
    return (mask_name(name) if call.viewer.role == "viewer" else name) or None


def _part(part: Part) -> Item:
    return {
        "key": part.key,
        "name": part.name,
        "weight": part.weight,
        "scorers": part.scorers,
        "needed": part.least,
        "missing": part.missing or None,
        "points": part.points / grades.HUNDRED,
        "full": part.full,
        "percent": part.percent / grades.HUNDRED if not part.missing else None,
        "damping": {"size": part.size, "percent": part.prior} if part.key == FIGURES else None,
        "lines": [
            {
                "key": line.key,
                "title": line.title,
                "full": line.full,
                "points": line.points / grades.HUNDRED if line.points is not None else None,
                "how": line.how,
                "good": line.good,
                "of": line.of,
                "was": line.was / grades.HUNDRED if line.was is not None else None,
            }
            for line in part.lines
        ],
    }
