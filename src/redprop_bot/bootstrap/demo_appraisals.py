"""考评 and 整改 of the demo (`data/demo/appraisals.yaml`): results of the last quarter, and an order that runs.

By the steps of the rooms; only where there is no round yet: what a visitor has opened or scored since is theirs.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from redprop_bot.appraise import periods, rectification, scorecard, scorers
from redprop_bot.appraise.scorers import Hand
from redprop_bot.registry import demo
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.store import appraisals
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx

FILE: Final = "data/demo/appraisals.yaml"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Ballot(_Shape):
    party: str
    by: str
    said_by: str = ""
    points: dict[str, int]


class _Order(_Shape):
    by: str
    days: int
    items: tuple[str, ...]


class _Round(_Shape):
    sheet: str
    community: str
    unit: str
    by: str
    ballots: tuple[_Ballot, ...]
    publish: bool = False
    rectify: _Order | None = None


def load_appraisals(tx: Tx, root: Path) -> None:
    """Open and score them; `root` holds `data/`. Raises ContentError, and Refused for what cannot be."""
    if appraisals.page(tx, communities=None, limit=1):
        return
    told_before = {message.id for message in tx.list(Outbox)}
    for one in demo.read(root / FILE, TypeAdapter(tuple[_Round, ...])):
        _run(tx, one)
    for message in tx.list(Outbox):
        if message.id not in told_before:  # told long before a visitor came: their phones are quiet
            tx.update(Outbox, message.id, state="sent", sent_at=tx.now)


def _run(tx: Tx, one: _Round) -> None:
    reg, sheet = register(tx), tx.content.appraisal.of(one.sheet)
    assert sheet is not None
    community = next(key for key, found in reg.communities.items() if found.name == one.community)
    period = periods.ended(rectification.today(tx), sheet.months)
    unit, opener = reg.organisation_names[one.unit].id or 0, _hand(tx, one.by)
    (row,) = scorecard.by_hand(tx, sheet, period, community, unit, who=opener)
    for ballot in one.ballots:
        by = _hand(tx, ballot.by)
        scorecard.score(tx, row, by, ballot.points, party=ballot.party, said_by=ballot.said_by)
    if one.publish:
        row = scorecard.publish(tx, row, opener, opener.name)
    if one.rectify is not None:
        due = rectification.today(tx) + timedelta(days=one.rectify.days)
        rectification.open_order(
            tx,
            _hand(tx, one.rectify.by),
            community_id=community,
            unit=unit,
            items=one.rectify.items,
            due=due,
            appraisal=row,
        )


def _hand(tx: Tx, userid: str) -> Hand:
    reg = register(tx)
    person = reg.person_named(userid)
    assert person is not None
    return scorers.hand(speaker(reg, person, {}))
