"""A resident's month (每月告诉我): what came of what they reported or support, and what their estate has solved.

Only who asked for it gets it, in one message; nothing of others but counts.
"""

from collections.abc import Collection, Sequence

from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.digests import Digest, Period, Section
from redprop_bot.rules.flow import Stage, is_open
from redprop_bot.rules.tallies import SOLVED_REASONS
from redprop_bot.rules.telling import Weight
from redprop_bot.store import digests
from redprop_bot.store.tables import Demand, Person
from redprop_bot.store.tx import Tx

SHOWN = 5
MATTERS = 3
MOST = 50


class Month:
    """One month's messages to several residents; what their estates solved is counted once."""

    def __init__(self, tx: Tx, digest: Digest, period: Period, people: Sequence[Person]) -> None:
        self._tx, self._digest, self._period = tx, digest, period
        estates = sorted({person.estate_id for person in people if person.estate_id is not None})
        self._solved = digests.solved_at(tx, estates, period.begin, period.end)
        self._before = digests.solved_at(tx, estates, period.before, period.begin)

    def send(self, person: Person) -> bool:
        """Queue it, once whatever happens; whether there was anything to say."""
        lines = [line for section in self._digest.sections for line in self._lines(section, person)]
        if lines:
            text = self._say(f"digest.{self._digest.message}", period=self._month(), lines="\n".join(lines))
            key = f"digest:{self._digest.name}:{self._period.key}"
            draft = outbox.Draft(key=key, message=f"digest_{self._digest.name}", text=text, weight=Weight.PLAIN)
            outbox.queue(self._tx, [(person, draft)])
        return bool(lines)

    def _say(self, name: str, **slots: str) -> str:
        return self._tx.content.replies.say(name, **slots)

    def _month(self) -> str:
        return f"{self._period.begin.astimezone(self._tx.content.zone).month}月"

    def _lines(self, section: Section, person: Person) -> list[str]:
        return self._own(person) if section == Section.OWN else self._estate(person)

    def _own(self, person: Person) -> list[str]:
        period = self._period
        found = digests.of_person(self._tx, person.id or 0, period.begin, period.end, limit=MOST)
        if not found:
            return []
        count = self._say("digest.resident_own", **_numbers(found))
        stage = self._tx.content.labels.stage
        return [count] + [
            self._say("digest_line.own", no=one.no, what=words.what(self._tx, one), stage=stage[one.stage])
            for one in found[:SHOWN]
        ]

    def _estate(self, person: Person) -> list[str]:
        reg = register(self._tx)
        solved = self._solved.get(person.estate_id or 0)
        if not solved or person.estate_id not in reg.estates:
            return []
        most = sorted(solved.items(), key=lambda item: (-item[1], item[0] or ""))[:MATTERS]
        names = self._tx.content.labels.category
        return [
            self._say(
                "digest_line.estate",
                estate=reg.estates[person.estate_id].name,
                number=str(sum(solved.values())),
                before=f"{self._period.before.astimezone(self._tx.content.zone).month}月",
                number_before=str(sum(self._before.get(person.estate_id, {}).values())),
                matters="、".join(f"{names.get(code or 'other', '其他')} {n} 件" for code, n in most),
            )
        ]


def _numbers(found: Collection[Demand]) -> dict[str, str]:
    """How many, how many of them done, open, ended otherwise."""
    done = [
        d for d in found if d.stage == Stage.DONE or (d.stage == Stage.CLOSED and d.close_reason in SOLVED_REASONS)
    ]
    going = [d for d in found if is_open(d.stage) and d.stage != Stage.DONE]
    numbers = {"number": len(found), "solved": len(done), "open": len(going)}
    numbers["other"] = len(found) - len(done) - len(going)
    return {name: str(number) for name, number in numbers.items()}
