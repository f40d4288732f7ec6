"""Projects of the demo (`data/demo/projects.yaml`), some of their way gone, by the steps of the council.

Only where there is none yet: what a visitor has opened or ended since is theirs.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from redprop_bot.council import measure as steps
from redprop_bot.council import plan, project
from redprop_bot.council.hands import Hand
from redprop_bot.council.plan import Money, Stone
from redprop_bot.council.project import MeasureDraft, ProjectDraft
from redprop_bot.registry import demo
from redprop_bot.registry.register import register
from redprop_bot.store import projects as rows
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx

FILE: Final = "data/demo/projects.yaml"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Measure(_Shape):
    title: str
    owner: str
    days: tuple[int, int]
    percent: int = 0
    said: str = ""


class _Line(_Shape):
    title: str
    planned: float
    spent: float = 0
    source: str = ""


class _Stone(_Shape):
    title: str
    days: int
    percent: int


class _Project(_Shape):
    community: str
    by: str
    title: str
    lead: str
    note: str = ""
    days: tuple[int, int]
    measures: tuple[_Measure, ...]
    budget: tuple[_Line, ...] = ()
    milestones: tuple[_Stone, ...] = ()


def load_projects(tx: Tx, root: Path) -> None:
    """Open them; `root` holds `data/`. Raises ContentError, and Refused for what cannot be."""
    if rows.page(tx, communities=None, limit=1):
        return
    communities = {community.name: key for key, community in register(tx).communities.items()}
    for one in demo.read(root / FILE, TypeAdapter(tuple[_Project, ...])):
        _open(tx, one, communities[one.community])


def _open(tx: Tx, one: _Project, community_id: int) -> None:
    secretary = register(tx).person_named(one.by)
    hand = Hand((secretary.name if secretary else "") or "", secretary.id if secretary else None, None)
    today = tx.now.astimezone(tx.content.zone).replace(hour=18, minute=0, second=0, microsecond=0)
    begin, end = (today + timedelta(days=days) for days in one.days)
    drafts = [
        MeasureDraft(m.title, m.owner, "", *(today + timedelta(days=days) for days in m.days))
        for m in one.measures
    ]
    draft = ProjectDraft(
        one.title,
        community_id=community_id,
        note=one.note,
        owner=one.by,
        lead=one.lead,
        starts_at=begin,
        ends_at=end,
        measures=drafts,
    )
    made = project.open_project(tx, hand, draft)
    for number, m in enumerate(one.measures, 1):
        found = rows.measure(tx, made.id or 0, number)
        if found is not None and m.percent:
            steps.report(tx, found, hand, percent=m.percent, note=m.said)
    plan.budget(tx, made, hand, [Money(line.title, line.planned, line.spent, line.source) for line in one.budget])
    stones = [Stone(s.title, today + timedelta(days=s.days), s.percent) for s in one.milestones]
    plan.milestones(tx, made, hand, stones)
    for message in tx.list(Outbox):
        if message.key.startswith(made.no):  # told long before a visitor came: their phones are quiet
            tx.update(Outbox, message.id, state="sent", sent_at=tx.now)
