"""电话回访 in the report of a period: what came of the calls about what was closed then, the last beside."""

from redprop_bot.notify.digest_readers import Reader
from redprop_bot.rules import months, survey
from redprop_bot.rules.digests import Period, day_before
from redprop_bot.rules.figures import percent
from redprop_bot.store import surveys
from redprop_bot.store.tx import Tx


def line(tx: Tx, reader: Reader, period: Period, before: str) -> str:
    """The line, with the last period called `before`; empty where nobody is called."""
    slots, nothing = {"before": before}, True
    zone = tx.content.zone
    own = None if reader.all else [key for key, _estates in reader.communities]
    for mark, begin, end in (("", period.begin, period.end), ("_before", period.before, period.begin)):
        days = begin.astimezone(zone).date(), day_before(end.astimezone(zone))
        counted = surveys.counted(tx, months.keys(*days))
        found = survey.total(one for key, one in counted.items() if own is None or key in own)
        nothing = nothing and not found.picked
        slots |= {f"{name}{mark}": str(getattr(found, name)) for name in ("picked", "not_reached", "open")}
        slots[f"satisfied{mark}"] = percent(found.satisfied, found.reached)
    return "" if nothing else tx.content.replies.say("digest_line.calls", **slots)
