"""Rates of coverage in words, the same in chat, on pages, in the API and in tables."""

from collections.abc import Iterable

from redprop_bot.content import Content
from redprop_bot.rules.coverage import Gap, Rate
from redprop_bot.rules.figures import percent


def name(content: Content, rate: Rate) -> str:
    """What a rate is called."""
    return content.replies.say(f"coverage.rate.{rate.code}", percent=rate.percent)


def line(content: Content, rate: Rate) -> str:
    """A rate with its numbers, and of how many the register says nothing."""
    slots = {"name": name(content, rate), "rate": percent(rate.count, rate.of), "unknown": len(rate.unknown)}
    if rate.of:
        key = "line_unknown" if rate.unknown else "line"
    else:
        key = "line_none" if rate.unknown else "line_nothing"
    return content.replies.say(f"coverage.{key}", **slots)


def missing(content: Content, rate: Rate, gap: Gap) -> str:
    """What is to be done, with the name."""
    slots = {"least": content.coverage.members, "percent": rate.percent, "count": gap.count, "of": gap.of}
    return content.replies.say(f"coverage.missing.{gap.why}", name=gap.name, **slots)


def unsaid(content: Content, gap: Gap) -> str:
    """What the register does not say, with the name."""
    return content.replies.say(f"coverage.unsaid.{gap.why}", name=gap.name)


def all_missing(content: Content, rates: Iterable[Rate]) -> list[str]:
    """What is to be done, each thing once: a committee by the first mark it misses, a due company as such."""
    chosen = list(rates)
    due = {gap.name for rate in chosen if rate.code == "due" for gap in rate.missing}
    told: dict[tuple[str, str], str] = {}
    for rate in chosen:
        for gap in rate.missing:
            if gap.why == "instructor" and gap.name in due:
                continue
            told.setdefault((gap.name, gap.why), missing(content, rate, gap))
    return list(told.values())


def all_unsaid(content: Content, rates: Iterable[Rate]) -> list[str]:
    """What the register does not say, each thing once."""
    return list(dict.fromkeys(unsaid(content, gap) for rate in rates for gap in rate.unknown))
