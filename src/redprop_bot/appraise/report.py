"""The report of a period on one page: what stands in it, whatever paper it is written on.

Words come from `data/replies/report.yaml`; numbers from an overview. Nothing of persons is in either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from redprop_bot.appraise.overview import Line, Overview
from redprop_bot.appraise.periods import Period
from redprop_bot.content import Content
from redprop_bot.rules.figures import NOTHING, RATES, Counts, percent, rate, score

ROWS: Final = 6
"""So many rows of a table: one page holds no more."""
NAMED: Final = 3
_NUMERALS: Final = "一二三四五"
_COLUMNS: Final = ("came", "before", "last_year", *RATES, "on_time")


@dataclass(frozen=True, slots=True)
class Table:
    """Heads, rows, and a line about what was left out."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A head, sentences, and a table or none."""

    head: str
    sentences: Sequence[str]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One page. `signed` and `day` stand at its end."""

    title: str
    period: str
    sections: Sequence[Section]
    note: str
    signed: str
    day: str


def report(content: Content, found: Overview, name: str, today: date) -> Report:
    """Write it."""
    return _Writer(content, found).written(name, today)


def without(content: Content, name: str, *, running: bool) -> str:
    """What stands instead of a rate of nothing: a dash looks forgotten, “none” like nothing done in time."""
    said = content.replies.say(f"report.nothing.{name}")
    return content.replies.say("report.yet", nothing=said) if running else said


@dataclass(frozen=True, slots=True)
class _Writer:
    content: Content
    found: Overview

    def written(self, name: str, today: date) -> Report:
        period = self.found.period
        return Report(
            self._say("title", name=name, kind=self._say(f"kind.{period.kind}")),
            self._say("period", period=self._until(period)),
            self._numbered([section for section in self._sections() if section.sentences or section.table]),
            self._say("note", least=str(self.content.digests.rank_from)),
            self._say("signed", name=name),
            f"{today.year}年{today.month}月{today.day}日",
        )

    def _numbered(self, sections: Sequence[Section]) -> list[Section]:
        """A unit's report has fewer sections: they are counted as they stand, not as they could."""
        return [
            replace(one, head=self._say("head.numbered", numeral=numeral, head=one.head))
            for numeral, one in zip(_NUMERALS, sections, strict=False)
        ]

    def _say(self, name: str, /, **slots: str) -> str:
        return self.content.replies.say(f"report.{name}", **slots)

    def _percent(self, name: str, count: int, of: int, *, running: bool | None = None) -> str:
        """A rate as it stands in a sentence."""
        runs = self.found.period.running if running is None else running
        said = percent(count, of)
        return without(self.content, name, running=runs) if said == NOTHING else said

    def _until(self, period: Period) -> str:
        if not period.running:
            return period.title
        return self._say("running", period=period.title, until=f"{period.last.month}月{period.last.day}日")

    def _sections(self) -> list[Section]:
        found = self.found
        if found.total.now.nothing and found.total.before.nothing:
            return [Section(self._say("head.overall"), [self._say("none", period=found.period.title)])]
        return [
            Section(self._say("head.overall"), [self._flow(), self._rates()]),
            Section(self._say("head.units"), [], self._table("unit", found.units)),
            Section(self._say("head.categories"), self._matters(), self._table("category", found.categories)),
            Section(self._say("head.where"), self._places()),
            Section(self._say("head.calls"), self._calls()),
        ]

    def _flow(self) -> str:
        line, period = self.found.total, self.found.period
        slots = {
            f"{what}{mark}": str(getattr(counts, what))
            for mark, counts in (("", line.now), ("_before", line.before), ("_last_year", line.last_year))
            for what in ("came", "closed")
        }
        on_time = self._percent("on_time", line.now.on_time, line.now.due)
        return self._say("flow", period=period.title, before=period.before.title, on_time=on_time, **slots)

    def _rates(self) -> str:
        now, table = self.found.total.now, self.content.digests
        said = self._say("rates", **{name: self._percent(name, *rate(now, name)) for name in RATES})
        one = score(now, table.weights) if now.came >= table.rank_from else None
        if one is None:
            return said + self._say("no_score", least=str(table.rank_from))
        weights = {f"w_{name}": str(weight) for name, weight in table.weights.items()}
        return said + self._say("score", score=f"{one:.1f}", **weights)

    def _matters(self) -> list[str]:
        most = [
            self._say("matter", matter=line.name, number=str(line.now.came))
            for line in self.found.categories[:NAMED]
            if line.now.came
        ]
        risen = [
            self._say("risen_one", matter=line.name, number=str(line.risen)) for line in self.found.topics[:NAMED]
        ]
        found = [self._say("most", matters="、".join(most))] if most else []
        before = self.found.period.before.title
        return [*found, *([self._say("risen", before=before, matters="、".join(risen))] if risen else [])]

    def _places(self) -> list[str]:
        named = [
            self._say("matter", matter=spot.name, number=str(spot.came)) for spot in self.found.buildings[:NAMED]
        ]
        return [self._say("places", places="、".join(named))] if named else []

    def _calls(self) -> list[str]:
        now, before = self.found.calls
        if not now.picked and not before.picked:
            return []
        slots = {
            name: str(getattr(now, name)) for name in ("closed", "picked", "reached", "unhappy", "not_reached")
        }
        slots |= {"open": str(now.open), "satisfied": self._percent("calls", now.satisfied, now.reached)}
        slots |= {
            "before": self.found.period.before.title,
            "satisfied_before": self._percent("calls", before.satisfied, before.reached, running=False),
        }
        return [self._say("calls", **slots)]

    def _table(self, of: str, lines: Sequence[Line]) -> Table | None:
        if not lines:
            return None
        ranks = of == "unit"
        heads = [self._say(f"column.{name}") for name in (of, *_COLUMNS, *(("rank",) if ranks else ()))]
        rows = [self._row(line, ranks=ranks) for line in lines[:ROWS]]
        left = len(lines) - ROWS
        return Table(heads, rows, self._say("more", number=str(left)) if left > 0 else "")

    def _row(self, line: Line, *, ranks: bool) -> list[str]:
        now: Counts = line.now
        numbers = [str(counts.came) for counts in (now, line.before, line.last_year)]
        rates = [percent(*rate(now, name)) for name in RATES]
        found = [line.name, *numbers, *rates, percent(now.on_time, now.due)]
        if ranks:
            rank = self._say("unit_rank", rank=str(line.rank)) if line.rank else self._say("unit_no_rank")
            found.append(rank)
        return found
