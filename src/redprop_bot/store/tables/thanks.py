"""Thank-you cards (感谢卡) of a quarter: the figures as they were when the card was made, which do not change."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint

from redprop_bot.store.tables.base import Table, json_map, key, moment, ref


class ThanksCard(Table, table=True):
    """One card: for a partner unit, or about a member for their own unit. `quarter` is 2026Q4."""

    __tablename__: ClassVar[Any] = "thanks_card"
    __table_args__ = (UniqueConstraint("organisation_id", "quarter"), UniqueConstraint("person_id", "quarter"))
    id: int | None = key()
    quarter: str
    organisation_id: int | None = ref("organisation.id")
    person_id: int | None = ref("person.id")
    figures: dict[str, Any] = json_map()
    at: datetime = moment(nullable=False)
