"""A project as a Word file: what it is about, its measures as a table, and the plan as a drawn one.

The picture in the file is a table with filled cells: it prints everywhere, and can be edited.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from redprop_bot.council import measure_telling as telling
from redprop_bot.loop.paper import new_paper
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules import projects as rules
from redprop_bot.rules.projects import ProjectStage, Scale
from redprop_bot.store import projects
from redprop_bot.store.tables import Measure, Project
from redprop_bot.store.tx import Tx

if TYPE_CHECKING:
    from redprop_bot.loop.word_file import Paper

COLUMNS: Final = 20
_DONE, _OPEN, _LATE = "5F9B7B", "D9D2C8", "D58A80"


def project_file(tx: Tx, project: Project) -> bytes:
    """The file, in landscape."""
    say, key = tx.content.replies.say, project.id or 0
    steps = [m for m in projects.measures(tx, [key])[key] if m.stage != ProjectStage.CANCELLED]
    known = tx.content.projects.kinds.get(project.kind)
    reg = register(tx)
    owner = reg.people.get(project.owner_id or 0)
    paper = new_paper(project.title, tx.now, wide=True)
    paper.subtitle(f"{project.no}　{known.name if known else ''}")
    paper.text(
        say(
            "project.paper.about",
            owner=(owner.name if owner else "") or "",
            lead=reg.organisations[project.lead_id].name if project.lead_id else "",
            begin=words.full_date(project.starts_at, tx.content.zone),
            end=words.full_date(project.ends_at, tx.content.zone),
            percent=str(rules.percent(steps)),
        )
    )
    if project.note:
        paper.text(project.note)
    if steps:
        paper.head(say("project.paper.plan"))
        _plan(tx, paper, steps)
        paper.head(say("project.paper.measures"))
        heads = [say(f"project.paper.{name}") for name in ("measure", "owner", "days", "percent", "progress")]
        paper.table(heads, [_row(tx, one) for one in steps], widths=(7, 4, 4.5, 2, 7))
    lines = projects.lines(tx, [key])[key]
    if lines:
        paper.head(say("project.paper.money"))
        heads = [say(f"project.paper.{name}") for name in ("line", "source", "planned", "spent")]
        paper.table(
            heads, [[b.title, b.source, f"{b.planned / 100:,.2f}", f"{b.spent / 100:,.2f}"] for b in lines]
        )
    if project.result:
        paper.head(say("project.paper.result"))
        paper.text(project.result)
    paper.signed(reg.community_name(project.community_id) or "", words.full_date(tx.now, tx.content.zone))
    return paper.file()


def _row(tx: Tx, one: Measure) -> list[str]:
    days = f"{telling.day(tx, one.starts_at)}至{telling.day(tx, one.due_at)}"
    return [f"{one.position}. {one.title}", telling.owner_name(tx, one), days, f"{one.percent}%", one.progress]


def _plan(tx: Tx, paper: "Paper", steps: list[Measure]) -> None:
    """Each measure a row of small cells from its first day to its last; what is done of it is darker."""
    scale = rules.scale(steps, tx.content.zone)
    columns = min(COLUMNS, scale.days)
    heads = [tx.content.replies.say("project.paper.months"), *_heads(scale, columns)]
    table = paper.table(heads, [[f"{one.position}. {one.title}", *[""] * columns] for one in steps], widths=(6,))
    for n, one in enumerate(steps, 1):
        span, late = scale.span(one), rules.is_late(one, tx.now)
        cells = table.rows[n].cells
        for column in range(columns):
            middle = (column + 0.5) / columns
            if span.left <= middle <= span.left + span.width or _only(span.left, column, columns):
                done = span.done > 0 and max(middle, span.left) <= span.left + span.done
                paper.shade(cells[column + 1], _DONE if done else _LATE if late else _OPEN)


def _only(left: float, column: int, columns: int) -> bool:
    """Whether a bar begins in this column: one that is shorter than a column is seen there."""
    return int(min(left, 0.999) * columns) == column


def _heads(scale: Scale, columns: int) -> list[str]:
    """The number of the month of each column where it is new, else nothing; more has no room there."""
    found, month = [], 0
    for column in range(columns):
        day = scale.first + timedelta(days=column * scale.days // columns)
        found.append(str(day.month) if day.month != month else "")
        month = day.month
    return found
