"""What the people of a project are told: who owns a measure, who leads, the secretary."""

from datetime import datetime

from redprop_bot.council.letters import Letter, settle, slots, tell, unit_staff
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.store import projects
from redprop_bot.store.tables import Measure, Milestone, Person, Project
from redprop_bot.store.tx import Tx

CARD = "measure"
_STEPS = ("measure_half", "measure_most", "measure_done")


def owners(tx: Tx, measure: Measure) -> list[Person]:
    """Who does it: the person, or those who stand for the unit."""
    if measure.owner_id is not None:
        return [person] if (person := register(tx).people.get(measure.owner_id)) else []
    return unit_staff(tx, measure.unit_id) if measure.unit_id is not None else []


def owner_name(tx: Tx, measure: Measure) -> str:
    """As people say it."""
    reg = register(tx)
    if measure.owner_id is not None:
        person = reg.people.get(measure.owner_id)
        return (person.name or person.userid or "") if person else ""
    return reg.organisations[measure.unit_id].name if measure.unit_id is not None else ""


def leaders(tx: Tx, project: Project) -> list[Person]:
    """Who leads it and who is in charge of the community, each once."""
    reg = register(tx)
    own = [person] if (person := reg.people.get(project.owner_id or 0)) else []
    return [*own, *reg.secretaries(project.community_id)]


def day(tx: Tx, moment: datetime) -> str:
    """A day as people write it; with its year where that is another."""
    local = moment.astimezone(tx.content.zone)
    year = f"{local.year}年" if local.year != tx.now.astimezone(tx.content.zone).year else ""
    return year + words.date(moment, tx.content.zone)


def about(tx: Tx, project: Project, measure: Measure | None = None) -> dict[str, str]:
    """What messages about a project, or a measure of it, may say."""
    found = slots(no=project.no, project=project.title, ends=day(tx, project.ends_at), result=project.result)
    if measure is None:
        return found
    return found | slots(
        number=measure.position,
        measure=measure.title,
        owner=owner_name(tx, measure),
        due=day(tx, measure.due_at),
        percent=measure.percent,
        progress=measure.progress,
    )


def opened(tx: Tx, project: Project, *, but: int | None) -> None:
    """Who leads it hears of it, and the unit that leads."""
    lead = unit_staff(tx, project.lead_id) if project.lead_id is not None else []
    _say(tx, "project_opened", f"{project.no}:opened", [*leaders(tx, project), *lead], about(tx, project), but=but)


def given(tx: Tx, project: Project, measure: Measure, *, but: int | None) -> None:
    """Its owner gets a card, by which they say how far it is."""
    _card(tx, project, measure, "measure_given", f"given:{measure.owner_id}:{measure.unit_id}", but=but)


def soon(tx: Tx, project: Project, measure: Measure) -> None:
    """Its day is near."""
    _card(tx, project, measure, "measure_soon", f"soon:{measure.due_at:%Y%m%d}")


def late(tx: Tx, project: Project, measure: Measure, mark: str) -> None:
    """Its day is over: the owner gets the card again, who leads and the secretary a word."""
    _card(tx, project, measure, "measure_late", mark)
    known = {person.id for person in owners(tx, measure)}
    others = [person for person in leaders(tx, project) if person.id not in known]
    key = f"{project.no}:{measure.id}:{mark}:copy"
    _say(tx, "measure_late_copy", key, others, about(tx, project, measure), but=None)


def finished(tx: Tx, project: Project, measure: Measure, *, who: str, left: int, but: int | None) -> None:
    """Done: who leads hears of it; when nothing is left open, that the project may be ended."""
    said = about(tx, project, measure) | slots(who=who, left=left or None)
    message = "measure_finished" if left else "measures_all_done"
    key = f"{project.no}:{measure.id}:done:{measure.version}"
    _say(tx, message, key, leaders(tx, project), said, but=but)


def reopened(tx: Tx, project: Project, measure: Measure, why: str, *, but: int | None) -> None:
    """Its owner hears that it is not done, and why."""
    _card(tx, project, measure, "measure_reopened", f"reopened:{measure.version}", but=but, why=why)


def completed(tx: Tx, project: Project, *, but: int | None) -> None:
    """It is ended: all who worked at it hear what came of it."""
    _say(tx, "project_done", f"{project.no}:done", _everybody(tx, project), about(tx, project), but=but)


def cancelled(tx: Tx, project: Project, *, but: int | None) -> None:
    """It is called off: all who worked at it hear why."""
    _say(tx, "project_cancelled", f"{project.no}:cancelled", _everybody(tx, project), about(tx, project), but=but)


def overdue(tx: Tx, project: Project, left: int) -> None:
    """Its last day is over and it is not ended."""
    said = about(tx, project) | slots(left=left)
    _say(tx, "project_late", f"{project.no}:end:{project.ends_at:%Y%m%d}", leaders(tx, project), said, but=None)


def missed(tx: Tx, project: Project, measure: Measure | None, stone: Milestone, percent: int) -> None:
    """A milestone was not reached in time."""
    what = measure.title if measure is not None else project.title
    said = about(tx, project) | slots(
        milestone=stone.title,
        what=what,
        wanted=stone.percent,
        percent=percent,
        due=day(tx, stone.due_at),
    )
    mine = owners(tx, measure) if measure is not None else []
    key = f"{project.no}:milestone:{stone.id}:{stone.due_at:%Y%m%d}"
    _say(tx, "milestone_missed", key, [*mine, *leaders(tx, project)], said, but=None)


def settled(tx: Tx, measure: Measure, key: str) -> None:
    """Cards of a measure say what has become of it."""
    settle(tx, CARD, measure.id or 0, tx.content.replies.say(key))


def _everybody(tx: Tx, project: Project) -> list[Person]:
    from_measures = [person for m in _measures(tx, project) for person in owners(tx, m)]
    lead = unit_staff(tx, project.lead_id) if project.lead_id is not None else []
    return [*leaders(tx, project), *lead, *from_measures]


def _measures(tx: Tx, project: Project) -> list[Measure]:
    assert project.id is not None
    return projects.measures(tx, [project.id])[project.id]


def _say(tx: Tx, message: str, key: str, to: list[Person], said: dict[str, str], *, but: int | None) -> None:
    text = tx.content.replies.say(f"tell.{message}", **said)
    tell(tx, Letter(key, message, text), to, but=but)


def _card(
    tx: Tx, project: Project, measure: Measure, message: str, mark: str, *, but: int | None = None, why: str = ""
) -> None:
    """A card for who does it, by which they say how far it is."""
    said = about(tx, project, measure) | slots(reason=why)
    letter = Letter(
        f"{project.no}:{measure.id}:{mark}",
        message,
        tx.content.replies.say(f"tell.{message}", **said),
        buttons=_STEPS,
        argument=f"{project.no}:{measure.position}",
        about=CARD,
        about_id=measure.id,
        rows=(("项目", f"{project.no} {project.title}"), ("到", said["due"]), ("现在", f"{measure.percent}%")),
        link=f"{tx.content.address}/m/projects/{project.no}",
    )
    tell(tx, letter, owners(tx, measure), but=but)
