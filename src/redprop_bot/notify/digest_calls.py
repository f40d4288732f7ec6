"""电话回访 in the report of a period: what came of the calls about what was closed then, the last beside."""

from datetime import datetime
from zoneinfo import ZoneInfo

from redprop_bot.notify.digest_readers import Reader
from redprop_bot.rules import survey
from redprop_bot.rules.digests import Period, day_before
from redprop_bot.rules.figures import percent
from redprop_bot.store import surveys
from redprop_bot.store.tx import Tx


def line(tx: Tx, reader: Reader, period: Period, before: str) -> str:
    """The line, with the last period called `before`; empty where nobody is called."""
    slots, nothing = {"before": before}, True
    own = None if reader.all else [key for key, _estates in reader.communities]
    for mark, begin, end in (("", period.begin, period.end), ("_before", period.before, period.begin)):
        counted = surveys.counted(tx, _months(begin, end, tx.content.zone))
        found = survey.total(one for key, one in counted.items() if own is None or key in own)
        nothing = nothing and not found.picked
        slots |= {f"{name}{mark}": str(getattr(found, name)) for name in ("picked", "not_reached", "open")}
        slots[f"satisfied{mark}"] = percent(found.satisfied, found.reached)
    return "" if nothing else tx.content.replies.say("digest_line.calls", **slots)


def _months(begin: datetime, end: datetime, zone: ZoneInfo) -> list[str]:
    """The months of a period, such as 2026-11."""
    first, last = begin.astimezone(zone), day_before(end.astimezone(zone))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = [divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(count)]
    return [f"{year}-{month + 1:02d}" for year, month in months]
