"""Digests to those who work: the card of the day, and the report of a week, month or quarter with the last beside.

Who gets one and what stands in it is data (`data/digests/`); what is counted, the store's. Numbers of orders stand
here and nothing of what was said: a digest is read over somebody's shoulder.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from redprop_bot.notify import awaiting, digest_calls, links, outbox
from redprop_bot.notify.digest_readers import Reader
from redprop_bot.registry.accused import accused
from redprop_bot.registry.register import register
from redprop_bot.rules import digests as rules
from redprop_bot.rules import figures, whistle
from redprop_bot.rules.digests import Digest, Every, Period, Section, To
from redprop_bot.rules.figures import RATES, Counts, percent, rate
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.rules.telling import Weight
from redprop_bot.store import digests, whistles
from redprop_bot.store import figures as kept
from redprop_bot.store.figures import Place
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

RANKED_UNITS = 12
"""So many units or communities a report lists; the others are in the export."""


@dataclass
class Issue:
    """One digest on one day: what all its readers share is counted once."""

    tx: Tx
    digest: Digest
    day: date
    _open: dict[Any, list[rules.Row]] = field(default_factory=dict)
    _complaints: dict[int, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def period(self) -> Period:
        """What it is about."""
        content = self.tx.content
        return rules.period(self.digest, self.day, content.calendar, content.zone)

    def send(self, reader: Reader) -> bool:
        """Queue it for one reader, once whatever happens; whether there was anything to say."""
        make = self._today if self.digest.every == Every.WORKDAY else self._report
        text = make(reader)
        if text:
            draft = outbox.Draft(
                key=self.key, message=f"digest_{self.digest.name}", text=text, weight=Weight.PLAIN
            )
            outbox.queue(self.tx, [(reader.person, draft)])
        return bool(text)

    @property
    def key(self) -> str:
        """What it is remembered by, for one person."""
        return f"digest:{self.digest.name}:{self.period.key}"

    def say(self, name: str, /, **slots: Any) -> str:
        """One of its wordings."""
        return self.tx.content.replies.say(name, **slots)

    def name(self, reader: Reader) -> str:
        """What it is about, as people say it: the communities or the units."""
        reg = register(self.tx)
        if reader.all:
            return next((street.name for street in reg.streets.values()), "街道")
        if reader.units:
            return "、".join(sorted(reg.organisations[key].name for key in reader.units))
        named = [reg.communities[key].name for key, _estates in reader.communities if key is not None]
        return "、".join(named) or "街道"

    # -- the card of the day

    def _today(self, reader: Reader) -> str:
        content = self.tx.content
        at = rules.today(self.tx.now, self.period.begin, content.calendar)
        came = _sent if reader.units else self._came
        # What came after its hour stands on the next one, also when this one is late.
        rows = [row for row in self._rows(reader) if came(row) < self.period.end]
        found = rules.sorted_out(rows, at, self.digest.sections, came)
        waiting = self._waiting(reader)
        if not found and not waiting:
            return ""
        shown = content.digests.shown
        lines = [
            self.say(
                f"digest_line.{section}",
                number=str(len(orders)),
                numbers="、".join(row.no for row in orders[:shown]) + ("等" if len(orders) > shown else ""),
            )
            for section, orders in found.items()
        ]
        if waiting:
            lines.append(self.say(f"digest_line.{Section.WAITING}", number=str(waiting)))
        first = next(iter(found.values()))[0].no if found else ""
        return self.say(
            f"digest.{self.digest.message}",
            name=self.name(reader),
            number=str(sum(map(len, found.values())) + waiting),
            lines="\n".join(lines),
            link=links.order_page(content.address, first, content.secret or None) if first else "",
        )

    def _waiting(self, reader: Reader) -> int:
        """How many plans, offers and wishes wait for a yes of theirs, as 待办 lists them."""
        own = [key for key, _estates in reader.communities if key is not None]
        if Section.WAITING not in self.digest.sections or not own:
            return 0
        return len(awaiting.lines(self.tx, own, but=reader.person.id))

    def _came(self, row: rules.Row) -> datetime:
        """Since when they have an order; as long as its reporter is asked where, it is nobody's."""
        if row.community_id is not None:
            return row.created_at
        return self.tx.content.deadlines.place_question.after(row.created_at, self.tx.content.calendar)

    def _rows(self, reader: Reader) -> list[rules.Row]:
        if reader.units:
            return self._kept(reader.units, lambda: digests.open_of(self.tx, reader.units))
        found: list[rules.Row] = []
        for community, estates in reader.communities:
            rows = self._kept(community, lambda c=community: digests.open_in(self.tx, c))  # type: ignore[misc]
            found += rows if To.GRID not in self.digest.to else self._of_grid(rows, estates)
        return [row for row in found if reader.person.id not in self._blamed(row)]

    def _blamed(self, row: rules.Row) -> frozenset[int]:
        """Whom it complains of: they are not told of it in the morning either."""
        if row.intent not in CONFIDENTIAL:
            return frozenset()
        if row.id not in self._complaints:
            self._complaints[row.id] = accused(register(self.tx), self.tx.get(Demand, row.id))
        return self._complaints[row.id]

    @staticmethod
    def _of_grid(rows: list[rules.Row], estates: frozenset[int] | None) -> list[rules.Row]:
        """What a grid worker sees: their estates, and no complaint before the secretary has decided."""
        return [
            row
            for row in rows
            if row.intent not in CONFIDENTIAL and (estates is None or row.estate_id in (None, *estates))
        ]

    def _kept(self, key: Any, look: Callable[[], list[rules.Row]]) -> list[rules.Row]:
        if key not in self._open:
            self._open[key] = look()
        return self._open[key]

    # -- the report of a period

    @cached_property
    def now_and_before(self) -> tuple[dict[Place, Counts], dict[Place, Counts]]:
        """The counts of the period and of the one before."""
        zone, period = self.tx.content.zone, self.period
        before, begin, end = (m.astimezone(zone).date() for m in (period.before, period.begin, period.end))
        return (
            kept.by_community_and_unit(self.tx, begin, end),
            kept.by_community_and_unit(self.tx, before, begin),
        )

    @cached_property
    def open_now(self) -> dict[Place, tuple[int, int]]:
        """What is open at this moment."""
        return digests.open_now(self.tx)

    def _report(self, reader: Reader) -> str:
        now, before = (
            figures.total(one for place, one in counted.items() if reader.has(place))
            for counted in self.now_and_before
        )
        left = [numbers for place, numbers in self.open_now.items() if reader.has(place)]
        if now.nothing and before.nothing and not left:
            return ""
        lines = [line for section in self.digest.sections for line in self._section(section, reader, now, before)]
        return self.say(
            f"digest.{self.digest.message}",
            name=self.name(reader),
            period=self._said(),
            lines="\n".join(line for line in lines if line),
            open=str(sum(n for n, _late in left)) if left else "",
            late=str(sum(late for _n, late in left)) if left else "",
        )

    def _said(self) -> str:
        """The period as people say it: 11月16日到11月22日, 11月, 三季度."""
        zone = self.tx.content.zone
        begin, end = (moment.astimezone(zone) for moment in (self.period.begin, self.period.end))
        if self.digest.every == Every.WEEK:
            last = rules.day_before(end)
            return f"{begin.month}月{begin.day}日到{last.month}月{last.day}日"
        return _month_or_quarter(self.digest.every, begin.month)

    def _section(self, section: Section, reader: Reader, now: Counts, before: Counts) -> Iterator[str]:
        name = f"digest_line.{section}"
        if section == Section.FLOW:
            yield self.say(name, before=self._before, **_flow(now, ""), **_flow(before, "_before"))
        elif section == Section.RATES:
            yield self.say(name, before=self._before, **_rates(now, ""), **_rates(before, "_before"))
        elif section == Section.WHISTLES:
            yield self._whistles(reader)
        elif section == Section.CALLS:
            yield digest_calls.line(self.tx, reader, self.period, self._before)
        else:
            yield from self._table(section, reader)

    @property
    def _before(self) -> str:
        """The period before as people say it: 前一周, 10月, 二季度."""
        begin = self.period.before.astimezone(self.tx.content.zone)
        return "前一周" if self.digest.every == Every.WEEK else _month_or_quarter(self.digest.every, begin.month)

    def _table(self, section: Section, reader: Reader) -> Iterator[str]:
        """A line for each unit or community, with a rank where there are orders enough for one."""
        which = 1 if section == Section.UNITS else 0
        now, before = (self._by(counted, reader, which) for counted in self.now_and_before)
        table, reg = self.tx.content.digests, register(self.tx)
        names = reg.organisations if section == Section.UNITS else reg.communities
        for key, one, rank in figures.ranked(now, table.weights, least=table.rank_from)[:RANKED_UNITS]:
            yield self.say(
                f"digest_line.{section}",
                unit=names[key].name if key in names else self.say("digest.nobody"),
                before=self._before,
                came_before=str(before.get(key, Counts()).came),
                rank=self._rank(one, rank),
                **_flow(one, ""),
                **_rates(one, ""),
            )

    @staticmethod
    def _by(counted: Mapping[Place, Counts], reader: Reader, which: int) -> dict[int, Counts]:
        found: dict[int, Counts] = {}
        for place, one in counted.items():
            if reader.has(place) and not one.nothing and (key := place[which]) is not None:
                found[key] = found.get(key, Counts()) + one
        return found

    def _rank(self, one: Counts, rank: int | None) -> str:
        if rank is not None:
            return self.say("digest.rank", rank=str(rank))
        least = self.tx.content.digests.rank_from
        if one.came < least:
            return self.say("digest.no_rank", least=str(least))
        alone = figures.score(one, self.tx.content.digests.weights) is not None
        return self.say("digest.no_rank_alone" if alone else "digest.no_rank_rates")

    def _whistles(self, reader: Reader) -> str:
        slots: dict[str, str] = {"before": self._before}
        period = self.period
        own = None if reader.all else [key for key, _estates in reader.communities if key is not None]
        for mark, begin, end in (("", period.begin, period.end), ("_before", period.before, period.begin)):
            found = whistle.figures(whistles.page(self.tx, communities=own, begin=begin, end=end))
            slots |= {
                f"called{mark}": str(found.called),
                f"in_time{mark}": percent(found.in_time, found.called),
                f"done{mark}": percent(found.done, found.called),
                f"tabled{mark}": str(found.tabled),
                f"stars{mark}": f"{found.stars}（{found.rated} 次）" if found.rated else "—",
            }
        return self.say("digest_line.whistles", **slots)


def _sent(row: rules.Row) -> datetime:
    """Since when a unit has an order."""
    return row.dispatched_at or row.created_at


def _month_or_quarter(every: Every, month: int) -> str:
    return f"{month}月" if every == Every.MONTH else f"{'一二三四'[month // 3]}季度"


def _flow(one: Counts, mark: str) -> dict[str, str]:
    on_time = percent(one.on_time, one.due)
    return {f"came{mark}": str(one.came), f"closed{mark}": str(one.closed), f"on_time{mark}": on_time}


def _rates(one: Counts, mark: str) -> dict[str, str]:
    return {f"{name}{mark}": percent(*rate(one, name)) for name in RATES}
