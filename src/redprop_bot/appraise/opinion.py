"""年底综合评价意见: what a community says of a property company for a year, to the housing authority.

    opened ─▶ draft ─ written, counted anew ─▶ confirmed ─▶ sent
                ▲           changed again │
                └─────────────────────────┘        sent ─▶ renewed: another version, a draft

Figures fill themselves in, the community's words are the secretary's, and they confirm both. What was sent is
fixed: who wants to change it writes the next version. Every step holds its row first.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from redprop_bot.appraise import company_figures
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.store import events, opinions
from redprop_bot.store.tables import Opinion, Organisation
from redprop_bot.store.tx import Tx

WORDS: Final = 2000
FEE_FROM: Final = 60
DRAFT: Final = "draft"
CONFIRMED: Final = "confirmed"
SENT: Final = "sent"
STATES: Final = (DRAFT, CONFIRMED, SENT)


def open_opinion(tx: Tx, unit: Organisation, community_id: int, year: int, who: Reviewer) -> Opinion:
    """Begin the first version. Raises Forbidden, Invalid (no company there, year), Conflict (there is one)."""
    if not who.secretary_of(register(tx), community_id):
        raise Forbidden("opinion_role")
    must_be_company(tx, unit, community_id)
    must_be_year(tx, year)
    if opinions.versions(tx, unit.id or 0, community_id, year):
        raise Conflict("opinion_twice", unit=unit.name, year=str(year))
    return _begun(tx, unit, community_id, year, who)


def must_be_company(tx: Tx, unit: Organisation, community_id: int) -> None:
    """Refuse a unit that looks after no estate of the community."""
    if unit.id not in {one.id for one in companies(register(tx), community_id)}:
        name = register(tx).community_name(community_id)
        raise Invalid("opinion_company", field="company", unit=unit.name, community=name)


def must_be_year(tx: Tx, year: int) -> None:
    """Refuse a year that has not begun, or long before anybody kept anything."""
    now = company_figures.this_year(tx)
    if not company_figures.FIRST_YEAR <= year <= now:
        raise Invalid("opinion_year", field="year", year=str(now))


def _begun(
    tx: Tx, unit: Organisation, community_id: int, year: int, who: Reviewer, *, before: Opinion | None = None
) -> Opinion:
    kept: Mapping[str, Any] = {}
    if before is not None:
        kept = {"words": before.words, "fee_rate": before.fee_rate, "fee_from": before.fee_from}
    made = tx.insert_new(
        Opinion,
        organisation_id=unit.id,
        community_id=community_id,
        year=year,
        number=before.number + 1 if before is not None else 1,
        open_key=f"{unit.id}:{community_id}:{year}",
        figures=_rows(tx, unit, community_id, year),
        taken_at=tx.now,
        opened_by=who.name,
        opened_at=tx.now,
        updated_at=tx.now,
        **kept,
    )
    if made is None:
        raise Conflict("opinion_twice", unit=unit.name, year=str(year))
    noted(tx, made, "opinion_opened", who)
    return made


def _rows(tx: Tx, unit: Organisation, community_id: int, year: int) -> list[dict[str, Any]]:
    about = company_figures.year_of(tx, unit, community_id, year)
    found = []
    for row in tx.content.opinion.rows:
        known = company_figures.known(tx, about, row.figure)
        found.append(
            {"key": row.figure.value, "title": row.title, "value": known.value, "of": known.of, "said": known.said}
        )
    return found


def written(
    tx: Tx,
    opinion: Opinion,
    who: Reviewer,
    *,
    words: str,
    fee_rate: int | None,
    fee_from: str,
    version: int | None = None,
) -> Opinion:
    """Enter the community's words and what the company collected, in hundredths of a per cent.

    What was confirmed has to be confirmed anew. Raises Forbidden, Conflict (sent, changed meanwhile), Invalid.
    """
    opinion = _to_change(tx, opinion, who, version)
    said, where = words.strip(), fee_from.strip()
    for text, field, limit in ((said, "words", WORDS), (where, "fee_from", FEE_FROM)):
        if len(text) > limit:
            raise Invalid("too_long", field=field, limit=limit)
    if fee_rate is not None and not 0 <= fee_rate <= 10_000:
        raise Invalid("opinion_fee_rate", field="fee_rate")
    if fee_rate is not None and not where:
        raise Invalid("opinion_fee_from", field="fee_from")
    kept = {"words": said, "fee_rate": fee_rate, "fee_from": where if fee_rate is not None else ""}
    return _counted(tx, tx.update(Opinion, opinion.id, **kept))


def recounted(tx: Tx, opinion: Opinion, who: Reviewer, *, version: int | None = None) -> Opinion:
    """Take the figures as of now. Raises Forbidden, Conflict (sent, changed meanwhile)."""
    return _counted(tx, _to_change(tx, opinion, who, version))


def _counted(tx: Tx, opinion: Opinion) -> Opinion:
    unit = register(tx).organisations[opinion.organisation_id]
    return tx.update(
        Opinion,
        opinion.id,
        figures=_rows(tx, unit, opinion.community_id, opinion.year),
        taken_at=tx.now,
        state=DRAFT,
        confirmed_by="",
        confirmed_at=None,
        updated_at=tx.now,
        version=opinion.version + 1,
    )


def confirmed(tx: Tx, opinion: Opinion, who: Reviewer, *, version: int | None = None) -> Opinion:
    """The secretary stands for words and figures as they are. Raises Forbidden, Conflict, Invalid (no words)."""
    opinion = _to_change(tx, opinion, who, version)
    if not opinion.words:
        raise Invalid("missing", field="words")
    if opinion.state == CONFIRMED:
        raise Conflict("opinion_confirmed")
    made = tx.update(
        Opinion,
        opinion.id,
        state=CONFIRMED,
        confirmed_by=who.name,
        confirmed_at=tx.now,
        updated_at=tx.now,
        version=opinion.version + 1,
    )
    noted(tx, made, "opinion_confirmed", who)
    return made


def sent(tx: Tx, opinion: Opinion, who: Reviewer, *, on: date, version: int | None = None) -> Opinion:
    """It was handed over on that day, and is fixed. Raises Forbidden, Conflict (not confirmed), Invalid."""
    opinion = _to_change(tx, opinion, who, version)
    if opinion.state != CONFIRMED or opinion.confirmed_at is None:
        raise Conflict("opinion_unconfirmed")
    zone = tx.content.zone
    if not opinion.confirmed_at.astimezone(zone).date() <= on <= tx.now.astimezone(zone).date():
        raise Invalid("opinion_day", field="on")
    made = tx.update(
        Opinion,
        opinion.id,
        state=SENT,
        open_key=None,
        sent_by=who.name,
        sent_on=on.isoformat(),
        sent_at=tx.now,
        updated_at=tx.now,
        version=opinion.version + 1,
    )
    noted(tx, made, "opinion_sent", who)
    return made


def renewed(tx: Tx, opinion: Opinion, who: Reviewer) -> Opinion:
    """Begin the next version of what was sent, with its words. Raises Forbidden, Conflict (not sent, not last)."""
    assert opinion.id is not None
    opinion = tx.get(Opinion, opinion.id, lock=True)
    reg = register(tx)
    if not who.secretary_of(reg, opinion.community_id):
        raise Forbidden("opinion_role")
    last = opinions.versions(tx, opinion.organisation_id, opinion.community_id, opinion.year)[0]
    if last.id != opinion.id or opinion.state != SENT:
        raise Conflict("opinion_newer", number=str(last.number))
    unit = reg.organisations[opinion.organisation_id]
    return _begun(tx, unit, opinion.community_id, opinion.year, who, before=opinion)


def _to_change(tx: Tx, opinion: Opinion, who: Reviewer, version: int | None) -> Opinion:
    """The version as it is now, held; refuse what was sent, and who looked at another state of it."""
    assert opinion.id is not None
    found = tx.get(Opinion, opinion.id, lock=True)
    if not who.secretary_of(register(tx), found.community_id):
        raise Forbidden("opinion_role")
    if found.state == SENT:
        raise Conflict("opinion_sent", number=str(found.number))
    if version not in (None, found.version):
        raise Conflict("moved_on", field="version")
    return found


def noted(tx: Tx, opinion: Opinion, name: str, who: Reviewer) -> None:
    """Write it into the history, which nothing changes."""
    data = {"year": opinion.year, "number": opinion.number}
    events.note(
        tx, opinions.SUBJECT, opinion.id or 0, name, by=who.name, data=data, community_id=opinion.community_id
    )
