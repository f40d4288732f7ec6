"""评选表彰: a title of a year in a community: who stands for it, by rule or by consent, and the vote that decides.

    opened        companies are held against the conditions    named     a person is put forward, and asked
    answered      they agree or not, themselves                admitted, dropped   a company, somebody
    vote_opened   who agreed gets a number                     stopped   called off with a reason

Residents are never computed: nobody is a candidate but by their own word. Every step holds its row first.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise import company_figures
from redprop_bot.appraise.opinion import must_be_year
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.content.commendation import Award, Condition
from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.record import needed, optional
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import commendation as rules
from redprop_bot.rules.commendation import LIVE, Kind, Stand, State, Verdict
from redprop_bot.store import commendations, events, messages
from redprop_bot.store.tables import Commendation, CommendationCandidate, Organisation, Person
from redprop_bot.store.tx import Tx
from redprop_bot.understand.scrub import unreachable

NAME: Final = 30
ABOUT: Final = 200
LONGEST: Final = timedelta(days=60)
CLOCK: Final = "commendation"


def open_commendation(tx: Tx, award: Award, community_id: int, year: int, who: Reviewer) -> Commendation:
    """Open one; companies are held against its conditions. Raises Forbidden, Invalid, Conflict (there is one)."""
    reg = register(tx)
    if not who.secretary_of(reg, community_id):
        raise Forbidden("commendation_role")
    must_be_year(tx, year)
    made = tx.insert_new(
        Commendation,
        award=award.key,
        title=award.title,
        kind=award.what.value,
        about=award.about,
        community_id=community_id,
        year=year,
        open_key=f"{community_id}:{award.key}:{year}",
        votes=award.votes,
        winners=award.winners,
        counts=award.counts,
        days=award.days,
        opened_by=who.name,
        opened_at=tx.now,
        updated_at=tx.now,
    )
    if made is None:
        raise Conflict("commendation_twice", title=award.title, year=str(year))
    if award.what == Kind.COMPANY:
        for unit in companies(reg, community_id):
            _stand(tx, made, unit, verdicts(tx, award, unit, community_id, year), who)
    noted(tx, made, "commendation_opened", who)
    return made


def _stand(tx: Tx, made: Commendation, unit: Organisation, found: Sequence[dict[str, Any]], who: Reviewer) -> None:
    """A company that meets every condition stands; what is not known is decided by a person, with a reason."""
    every = rules.together(row["mark"] for row in found)
    state = {Verdict.MET: Stand.AGREED, Verdict.UNKNOWN: Stand.ASKED}.get(every, Stand.DROPPED)
    tx.insert(
        CommendationCandidate,
        commendation_id=made.id,
        organisation_id=unit.id,
        name=unit.name,
        state=state.value,
        verdicts=list(found),
        by_name=who.name,
        at=tx.now,
    )


def verdicts(tx: Tx, award: Award, unit: Organisation, community_id: int, year: int) -> list[dict[str, Any]]:
    """What each condition makes of a company in each year it must hold in, the last year first."""
    found = []
    for one in range(year, year - award.years, -1):
        about = company_figures.year_of(tx, unit, community_id, one)
        for condition in award.conditions:
            known = company_figures.known(tx, about, condition.figure)
            found.append(
                {"title": condition.title, "year": one, "said": known.said, "mark": _mark(condition, known)}
            )
    return found


def _mark(condition: Condition, known: rules.Known) -> str:
    return rules.judged(known, least=condition.least, most=condition.most, from_=condition.from_).value


# -- who stands


def named(
    tx: Tx,
    row: Commendation,
    who: Reviewer,
    person: Person,
    *,
    name: str,
    about: str | None,
    by_self: bool = False,
) -> CommendationCandidate:
    """Put a person forward; they are asked, unless it is they: their own name says yes to having been asked.

    Raises Forbidden, Conflict (named already, taken off), Invalid.
    """
    row = held(tx, row)
    reg = register(tx)
    if not by_self and not who.secretary_of(reg, row.community_id):
        raise Forbidden("commendation_role")
    must_gather(row)
    if row.kind == Kind.COMPANY:
        raise Invalid("commendation_companies", field="person")
    # Every voter reads it, and nobody needs to be reached by it.
    called, deed = needed(unreachable(name), "name"), unreachable(optional(about, "about"))
    for text, field, limit in ((called, "name", NAME), (deed, "about", ABOUT)):
        if len(text) > limit:
            raise Invalid("too_long", field=field, limit=limit)
    unit = _unit_of(tx, row, person)
    before = _stands(tx, row, person)
    if by_self and before is not None and before.state in (Stand.ASKED, Stand.DECLINED):
        values = {"name": called, "about": deed or before.about, "unit": unit, "state": Stand.AGREED.value}
        return tx.update(CommendationCandidate, before.id, **values, shown=False, at=tx.now)
    made = tx.insert_new(
        CommendationCandidate,
        commendation_id=row.id,
        person_id=person.id,
        name=called,
        unit=unit,
        about=deed,
        state=(Stand.AGREED if by_self else Stand.ASKED).value,
        by_name=who.name,
        at=tx.now,
    )
    if made is None:
        raise Conflict("commendation_named", name=called)
    if not by_self:
        telling.asked(tx, row, made, person)
    return made


def _stands(tx: Tx, row: Commendation, person: Person) -> CommendationCandidate | None:
    """Where this person is among those who were named, whatever they said to it."""
    found = commendations.candidates(tx, row.id or 0)
    return next((one for one in found if one.person_id == person.id), None)


def _unit_of(tx: Tx, row: Commendation, person: Person) -> str:
    """The company of a person on a staff; of a resident nothing. Raises Invalid where they do not belong here."""
    reg = register(tx)
    if row.kind == Kind.RESIDENT:
        if person.estate_id is None or reg.community_of(person.estate_id) != row.community_id:
            raise Invalid("commendation_not_resident", field="person")
        return ""
    unit = company_of(reg, row.community_id, person.id or 0)
    if unit is None:
        raise Invalid("commendation_not_staff", field="person")
    return unit


def company_of(reg: Register, community_id: int, person_id: int) -> str | None:
    """The company of a community on whose staff somebody is; None: on none there."""
    units = {one.id: one.name for one in companies(reg, community_id)}
    posts = reg.posts.get(person_id, ())
    return next((units[post.organisation_id] for post in posts if post.organisation_id in units), None)


def answered(
    tx: Tx, row: Commendation, person_id: int, *, agree: bool, shown: bool = False
) -> CommendationCandidate:
    """What a person says to standing; yes may be taken back until the result. shown: on the board, covered."""
    row = held(tx, row)
    found = next((one for one in commendations.candidates(tx, row.id or 0) if one.person_id == person_id), None)
    if found is None or found.state == Stand.DROPPED:
        raise NotFound("commendation_not_asked")
    if agree or row.state != State.VOTING:
        must_gather(row)  # no is heard until the result stands
    state = Stand.AGREED if agree else Stand.DECLINED
    return tx.update(CommendationCandidate, found.id, state=state.value, shown=agree and shown, at=tx.now)


def admitted(tx: Tx, row: Commendation, who: Reviewer, key: int, *, note: str | None) -> CommendationCandidate:
    """Let a company stand of which something is not known, with a reason. Raises Conflict where one is not met."""
    row, found = _to_change(tx, row, who, key)
    if found.person_id is not None:
        raise Conflict("commendation_own_word")
    every = rules.together(one["mark"] for one in found.verdicts)
    if every == Verdict.NOT_MET:
        raise Conflict("commendation_not_met", name=found.name)
    why = needed(note, "note") if every == Verdict.UNKNOWN else optional(note, "note")
    return tx.update(CommendationCandidate, found.id, state=Stand.AGREED.value, note=why, at=tx.now)


def dropped(tx: Tx, row: Commendation, who: Reviewer, key: int, *, note: str | None) -> CommendationCandidate:
    """Take one off before the vote, with a reason. Raises Forbidden, Conflict, NotFound, Invalid."""
    row, found = _to_change(tx, row, who, key)
    why = needed(note, "note")
    return tx.update(CommendationCandidate, found.id, state=Stand.DROPPED.value, note=why, at=tx.now)


def _to_change(tx: Tx, row: Commendation, who: Reviewer, key: int) -> tuple[Commendation, CommendationCandidate]:
    row = held(tx, row)
    must_lead(tx, row, who)
    must_gather(row)
    found = commendations.candidate(tx, row.id or 0, key)
    if found is None:
        raise NotFound("commendation_candidate")
    return row, found


# -- the vote


def vote_opened(
    tx: Tx, row: Commendation, who: Reviewer, *, starts_at: datetime | None = None, ends_at: datetime | None = None
) -> Commendation:
    """Put who agreed to the vote; from now, for the days of its rule, where nothing is said.

    Raises Forbidden, Conflict (nobody to choose among, open already), Invalid (times).
    """
    row = held(tx, row)
    must_lead(tx, row, who)
    must_gather(row)
    stand = [one for one in commendations.candidates(tx, row.id or 0) if one.state == Stand.AGREED]
    if len(stand) < 2:
        raise Conflict("commendation_few", number=str(len(stand)))
    begin = starts_at or tx.now
    end = ends_at or begin + timedelta(days=row.days)
    if begin < tx.now - timedelta(minutes=5) or not max(begin, tx.now) < end <= begin + LONGEST:
        raise Invalid("commendation_times", field="ends_at", most=str(LONGEST.days))
    for number, one in enumerate(stand, 1):
        tx.update(CommendationCandidate, one.id, number=number, votes=None)
    values = {"state": State.VOTING.value, "starts_at": begin, "ends_at": end, "updated_at": tx.now}
    opened = tx.update(Commendation, row.id, **values)
    messages.plan(tx, f"{CLOCK}:{row.id}", CLOCK, end, row.id)
    noted(tx, opened, "commendation_vote", who)
    telling.standing(tx, opened, stand)
    return opened


def stopped(tx: Tx, row: Commendation, who: Reviewer, *, reason: str | None) -> Commendation:
    """Call it off; another may be opened. Raises Forbidden, Conflict (over), Invalid."""
    row = held(tx, row)
    must_lead(tx, row, who)
    why = needed(reason, "reason")
    if row.state not in LIVE:
        raise Conflict("commendation_over", title=row.title)
    over = tx.update(Commendation, row.id, state=State.STOPPED.value, open_key=None, updated_at=tx.now)
    commendations.empty_ballots(tx, row.id or 0)
    messages.cancel(tx, f"{CLOCK}:{row.id}")
    noted(tx, over, "commendation_stopped", who, reason=why)
    telling.called_off(tx, over, why)
    return over


# -- what several steps need


def held(tx: Tx, row: Commendation) -> Commendation:
    """The row as it is now; nobody else changes it or votes before this job ends."""
    assert row.id is not None
    return tx.get(Commendation, row.id, lock=True)


def must_lead(tx: Tx, row: Commendation, who: Reviewer) -> None:
    """Refuse who is not the secretary there."""
    if not who.secretary_of(register(tx), row.community_id):
        raise Forbidden("commendation_role")


def must_gather(row: Commendation) -> None:
    """Refuse what is said of candidates once the vote is open, or over."""
    if row.state == State.VOTING:
        raise Conflict("commendation_voting", title=row.title)
    if row.state != State.GATHERING:
        raise Conflict("commendation_over", title=row.title)


def noted(tx: Tx, row: Commendation, name: str, who: Reviewer, **data: Any) -> None:
    """Write it into the history, which nothing changes; nobody who stands or votes is in it."""
    key, community = row.id or 0, row.community_id
    events.note(tx, commendations.SUBJECT, key, name, by=who.name, data=data, community_id=community)
