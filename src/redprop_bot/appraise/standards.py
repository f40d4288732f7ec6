"""示范创建: an estate is held against a standard; each level passes it or sends it back with a reason.

    open_application   what is known by itself is filled in   marked   an item is met or not, with evidence
    decide             the level whose turn it is             stopped  called off by who may mark

A level decides once a round. Sent back, it is the first level's again and a new round; what was decided before
stands in the history, which nothing changes. Every step holds the application first.
"""

from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.appraise import standard_telling
from redprop_bot.appraise.reviewers import Reviewer, may_decide, may_mark
from redprop_bot.appraise.standard_figures import known
from redprop_bot.content.standards import Standard
from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.publicity import Paper
from redprop_bot.loop.record import needed, optional
from redprop_bot.registry.register import register
from redprop_bot.rules import standards as rules
from redprop_bot.rules.standards import Figure, Mark, Outcome, State
from redprop_bot.store import events, standards
from redprop_bot.store.tables import Estate, StandardApplication, StandardItem, StandardPhoto
from redprop_bot.store.tx import Tx

LINKS: Final = 5
PHOTOS: Final = 5
LINK: Final = 300


def open_application(tx: Tx, standard: Standard, estate: Estate, who: Reviewer) -> StandardApplication:
    """Open one. Raises Forbidden (role), Conflict where one is open already."""
    if not who.secretary_of(register(tx), estate.community_id):
        raise Forbidden("standard_open")
    levels = [level.model_dump() for level in standard.levels]
    made = tx.insert_new(
        StandardApplication,
        standard=standard.key,
        title=standard.title,
        estate_id=estate.id,
        community_id=estate.community_id,
        levels=levels,
        least=standard.least or len(standard.items),
        level=levels[0]["key"],
        open_key=f"{estate.id}:{standard.key}",
        opened_by=who.name,
        opened_at=tx.now,
        updated_at=tx.now,
    )
    if made is None:
        raise Conflict("standard_twice", estate=estate.name, standard=standard.title)
    for position, item in enumerate(standard.items, 1):
        row = {"key": item.key, "title": item.title, "evidence": item.evidence, "least": item.least}
        seen = _seen(tx, estate, item.figure, item.least)
        tx.insert(StandardItem, application_id=made.id, position=position, **row, **seen, at=tx.now)
    noted(tx, made, "standard_opened", who)
    return made


def _seen(tx: Tx, estate: Estate, figure: str | None, least: int) -> dict[str, Any]:
    """What an item holds that the system can judge by itself."""
    if not figure:
        return {}
    found = known(tx, estate, Figure(figure))
    return {"figure": figure, "value": found.value, "said": found.said, "mark": rules.judged(found.value, least)}


def recounted(tx: Tx, application: StandardApplication, who: Reviewer) -> StandardApplication:
    """Take the figures as of now; what a person marked stays as they marked it."""
    application = _to_mark(tx, application, who)
    estate = register(tx).estates[application.estate_id]
    for item in standards.items(tx, [application.id or 0])[application.id or 0]:
        seen = _seen(tx, estate, item.figure, item.least)
        if item.by_name:
            seen.pop("mark", None)
        if seen:
            tx.update(StandardItem, item.id, **seen, at=tx.now)
    return tx.update(StandardApplication, application.id, updated_at=tx.now)


def marked(
    tx: Tx,
    application: StandardApplication,
    who: Reviewer,
    *,
    position: int,
    mark: str,
    note: str | None = None,
    links: Sequence[str] = (),
) -> StandardItem:
    """Say that an item is met or not. Raises Forbidden, Conflict (over, handed in), Invalid (no evidence)."""
    application = _to_mark(tx, application, who)
    item = _item(tx, application, position)
    if mark not in list(Mark):
        raise Invalid("standard_mark", field="mark")
    said, where = optional(note, "note"), _links(links)
    if mark == Mark.MET and not (said or where or _proven(tx, application, item)):
        raise Invalid("standard_evidence", field="note", item=item.title, evidence=item.evidence)
    values = {"mark": mark, "note": said, "links": where, "by_name": who.name, "at": tx.now}
    tx.update(StandardApplication, application.id, updated_at=tx.now)
    return tx.update(StandardItem, item.id, **values)


def _item(tx: Tx, application: StandardApplication, position: int) -> StandardItem:
    found = standards.items(tx, [application.id or 0])[application.id or 0]
    item = next((one for one in found if one.position == position), None)
    if item is None:
        raise Invalid("standard_item", field="item")
    return item


def _proven(tx: Tx, application: StandardApplication, item: StandardItem) -> bool:
    """Whether it needs no words: its figure says it, or a picture does."""
    shown = standards.photos(tx, [application.id or 0])[application.id or 0]
    return (bool(item.figure) and rules.judged(item.value, item.least) == Mark.MET) or any(
        photo.position == item.position for photo in shown
    )


def add_photo(
    tx: Tx, application: StandardApplication, who: Reviewer, *, position: int, paper: Paper
) -> StandardPhoto:
    """A cleaned picture that proves an item. Raises Forbidden, Conflict (over, handed in, many), Invalid."""
    application = _to_mark(tx, application, who)
    item = _item(tx, application, position)
    if not paper.content_type.startswith("image/"):
        raise Invalid("photo", field="file")
    shown = standards.photos(tx, [application.id or 0])[application.id or 0]
    if sum(photo.position == position for photo in shown) >= PHOTOS:
        raise Conflict("standard_photos", item=item.title, most=PHOTOS)
    kept = {"name": paper.name, "content_type": paper.content_type, "size": paper.size}
    tx.update(StandardApplication, application.id, updated_at=tx.now)
    key = application.id
    return tx.insert(StandardPhoto, application_id=key, position=position, at=tx.now, by_name=who.name, **kept)


def drop_photo(tx: Tx, application: StandardApplication, who: Reviewer, photo_id: int) -> None:
    """Take a picture down; what it alone proved is to be looked at again. Raises Forbidden, Conflict, NotFound."""
    application = _to_mark(tx, application, who)
    photo = standards.photo(tx, application.id or 0, photo_id)
    if photo is None:
        raise NotFound
    standards.drop_photo(tx, photo)
    item = _item(tx, application, photo.position)
    if item.mark == Mark.MET and not (item.note or item.links or _proven(tx, application, item)):
        tx.update(StandardItem, item.id, mark=Mark.OPEN.value, by_name=who.name, at=tx.now)
    tx.update(StandardApplication, application.id, updated_at=tx.now)


def _links(links: Sequence[str]) -> list[str]:
    found = [link.strip() for link in links if link.strip()]
    if len(found) > LINKS:
        raise Invalid("standard_links", field="links", most=LINKS)
    if any(not link.startswith(("https://", "http://")) or len(link) > LINK or " " in link for link in found):
        raise Invalid("standard_link", field="links", most=LINK)
    return found


def decide(
    tx: Tx,
    application: StandardApplication,
    who: Reviewer,
    *,
    level: str,
    outcome: str,
    reason: str | None = None,
    decided_by: str | None = None,
    round_: int | None = None,
) -> StandardApplication:
    """What a level decides; the first one hands it in. `round_` is the round that was looked at, if known.

    Raises Forbidden (role), Conflict (over, another level's turn, another round, items open or not met), Invalid.
    """
    application = _open(tx, application)
    row = _its_turn(application, level, round_)
    if not may_decide(register(tx), application, row, who):
        raise Forbidden("standard_role", level=row["name"], post=_post(tx, row))
    if outcome not in list(Outcome):
        raise Invalid("standard_outcome", field="outcome")
    first = row["key"] == application.levels[0]["key"]
    if outcome == Outcome.RETURN and first:
        raise Conflict("standard_first", level=row["name"])
    why = optional(reason, "reason") if first else needed(reason, "reason")
    by = needed(decided_by, "by") if row["named"] else ""
    if outcome == Outcome.PASS:
        _must_stand(tx, application)
    values = _after(tx, application, outcome, first=first, who=who)
    changed = tx.update(StandardApplication, application.id, **values, updated_at=tx.now)
    about = {"level": row["key"], "level_name": row["name"], "round": application.round, "reason": why, "for": by}
    noted(tx, changed, "standard_passed" if outcome == Outcome.PASS else "standard_returned", who, **about)
    standard_telling.decided(tx, application, changed, row, why, but=who.person_id)
    return changed


def _its_turn(application: StandardApplication, level: str, round_: int | None) -> dict[str, Any]:
    """The row of the level that was named, if it decides now."""
    row = next((one for one in application.levels if one["key"] == level), None)
    if row is None:
        raise Invalid("standard_level", field="level")
    if row["key"] != application.level or round_ not in (None, application.round):
        raise Conflict("standard_turn", level=row["name"], now_at=standard_telling.level_name(application))
    return row


def _must_stand(tx: Tx, application: StandardApplication) -> None:
    """Nothing passes with items that nobody has looked at, or with fewer met than it takes."""
    found = rules.standing(standards.items(tx, [application.id or 0])[application.id or 0])
    if found.open:
        raise Conflict("standard_items_open", number=len(found.open), which="、".join(found.open))
    if len(found.met) < application.least:
        which = "、".join(found.not_met)
        raise Conflict("standard_unmet", least=application.least, met=len(found.met), which=which)


def _after(
    tx: Tx, application: StandardApplication, outcome: str, *, first: bool, who: Reviewer
) -> dict[str, Any]:
    keys = [one["key"] for one in application.levels]
    if outcome == Outcome.RETURN:
        return {"level": keys[0], "round": application.round + 1}
    onward = rules.following(keys, application.level)
    submitted = {"submitted_by_id": who.person_id} if first else {}
    if onward is None:
        return {"state": State.PASSED.value, "open_key": None, "finished_at": tx.now, **submitted}
    return {"level": onward, **submitted}


def stopped(tx: Tx, application: StandardApplication, who: Reviewer, *, reason: str | None) -> StandardApplication:
    """Call it off; another may be opened. Raises Forbidden, Conflict (over), Invalid."""
    application = _open(tx, application)
    if not may_mark(register(tx), application, who):
        raise Forbidden("standard_open")
    why = needed(reason, "reason")
    over = tx.update(
        StandardApplication,
        application.id,
        state=State.STOPPED.value,
        open_key=None,
        finished_at=tx.now,
        updated_at=tx.now,
    )
    noted(tx, over, "standard_stopped", who, reason=why, round=application.round)
    standard_telling.called_off(tx, over, why, but=who.person_id)
    return over


# -- what several steps need


def _open(tx: Tx, application: StandardApplication) -> StandardApplication:
    """The application as it is now, held; refuse what is over."""
    assert application.id is not None
    found = tx.get(StandardApplication, application.id, lock=True)
    if found.state != State.OPEN:
        raise Conflict("standard_over", **standard_telling.names(tx, found))
    return found


def _to_mark(tx: Tx, application: StandardApplication, who: Reviewer) -> StandardApplication:
    """The same for who marks items, which is done before it is handed in."""
    application = _open(tx, application)
    if not may_mark(register(tx), application, who):
        raise Forbidden("standard_open")
    if application.level != application.levels[0]["key"]:
        raise Conflict("standard_handed_in", now_at=standard_telling.level_name(application))
    return application


def _post(tx: Tx, row: dict[str, Any]) -> str:
    return tx.content.replies.say(f"standard.by.{row['by']}")


def noted(tx: Tx, application: StandardApplication, name: str, who: Reviewer, **data: Any) -> None:
    """Write it into the history of an application, which nothing changes."""
    key, community = application.id or 0, application.community_id
    events.note(tx, standards.SUBJECT, key, name, by=who.name, data=data, community_id=community)
