"""Reading the rules of `data/reminders/` and `data/ladder/`: every fault at once, with its line.

Pure: the mappings are handed in. What a rule means lives in `reminders`. The form of a file stands in its head.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, get_args

from redprop_bot.errors import Fault
from redprop_bot.rules.deadline_table import parse_duration
from redprop_bot.rules.deadlines import LEVELS, ClockKind, Duration, Level
from redprop_bot.rules.reminders import Anchor, Deed, Recipient, Rule, When
from redprop_bot.rules.spans import ClockName
from redprop_bot.rules.telling import Audience, Weight
from redprop_bot.rules.workdays import LineOf, fault

MOST_TIMES: Final = 100
NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
_WHEN = re.compile(r"(start|due)\s*(?:([+-])\s*(.+))?")
_PERCENT = re.compile(r"(\d{1,2}(?:\.\d)?)\s*%")
_KEYS = ("name", "clock", "levels", "when", "counted", "every", "times", "if", "tell")
_STEP_KEYS = ("name", "clock", "levels", "when", "counted", "do", "reason", "tell")
_COUNT_KEYS = ("name", "levels", "reworks", "transfers", "do", "reason", "tell")
AUDIENCES: Final = tuple(
    a.value for a in Audience if a not in (Audience.FORMER, Audience.CALLED, Audience.WHISTLER)
)
"""Whom a rule may tell: whoever had it before and who is in a whistle are nobody that an order's clock knows."""
_OF_STEPS: Final = (ClockName.SOLVE, ClockName.CONTROL)
OF_A_CLIMB: Final = (Audience.STREET, Audience.SECRETARY, Audience.REPORTERS)
"""Who is told of a tabling, whatever the file says: the contract."""

_Path = tuple[str, ...]


class Reader:
    """Reads entries of one file; reads on after a fault and collects them all in `faults`."""

    def __init__(
        self, where: str, line_of: LineOf, faults: list[Fault], *, words: Collection[str], buttons: Collection[str]
    ) -> None:
        self._where, self._line_of, self._faults = where, line_of, faults
        self._words, self._buttons = words, buttons

    def wrong(self, path: _Path, what: str) -> None:
        """Note a fault at a key path."""
        self._faults.append(fault(self._where, path, what, self._line_of))

    def file(self, raw: Any, parts: Sequence[str]) -> dict[str, Rule]:
        """The rules of a file by name; `parts` are the lists it may have: reminders, steps, counts."""
        if not isinstance(raw, Mapping):
            self.wrong(("",), f"应为 {'、'.join(parts)} 的列表")
            return {}
        found: dict[str, Rule] = {}
        for key in raw:
            if key not in parts:
                self.wrong((str(key),), f"没有这一项，可用的有 {'、'.join(parts)}")
        for part in parts:
            items = raw.get(part)
            if items is not None and not isinstance(items, list):
                self.wrong((part,), "应为列表")
                continue
            for number, item in enumerate(items or []):
                rule = self._rule(part, item, (part, str(number)))
                if rule is not None and rule.name in found:
                    self.wrong((part, str(number), "name"), f"“{rule.name}” 写了两次")
                elif rule is not None:
                    found[rule.name] = rule
        return found

    def _rule(self, part: str, raw: Any, path: _Path) -> Rule | None:
        before = len(self._faults)
        keys = {"reminders": _KEYS, "steps": _STEP_KEYS, "counts": _COUNT_KEYS}[part]
        if not isinstance(raw, Mapping):
            self.wrong(path, "应为“名称: 值”的形式")
            return None
        for key in raw:
            if key not in keys:
                self.wrong((*path, str(key)), f"没有这一项，可用的有 {'、'.join(keys)}")
        name = raw.get("name")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            self.wrong((*path, "name"), "缺少 name，用小写字母、数字和下划线")
            name = ""
        deed = self._deed(raw, path)
        rule = Rule(
            name=name,
            tell=self._tells(raw, path, deed),
            clock=self._clock(part, raw, path),
            levels=self._levels(raw, path),
            when=self._when(raw, path) if part != "counts" else When(Anchor.DUE),
            every=self._every(raw, path),
            times=self._times(raw, path),
            idle=self._condition(raw, path),
            deed=deed,
            reason=self._reason(raw, path, deed),
            reworks=self._number(raw, path, "reworks"),
            transfers=self._number(raw, path, "transfers"),
        )
        if part == "counts" and bool(rule.reworks) == bool(rule.transfers):
            self.wrong(path, "写 reworks（重办几次）或 transfers（转派几次）其中一个")
        return rule if len(self._faults) == before else None

    def _clock(self, part: str, raw: Mapping[str, Any], path: _Path) -> ClockName:
        known = tuple(ClockName) if part == "reminders" else _OF_STEPS
        if part == "counts" or (part == "steps" and "clock" not in raw):
            return ClockName.SOLVE
        if raw.get("clock") not in known:
            self.wrong((*path, "clock"), f"应为 {'、'.join(known)} 之一")
            return ClockName.SOLVE
        return ClockName(raw["clock"])

    def _levels(self, raw: Mapping[str, Any], path: _Path) -> tuple[Level, ...]:
        given = raw.get("levels", list(LEVELS))
        if not isinstance(given, list) or not given or any(item not in LEVELS for item in given):
            self.wrong((*path, "levels"), f"应为列表，可用的有 {'、'.join(LEVELS)}")
            return LEVELS
        return tuple(name for name in LEVELS if name in given)

    def _when(self, raw: Mapping[str, Any], path: _Path) -> When:
        text = raw.get("when")
        here = (*path, "when")
        counted = self._counted(raw, path)
        if isinstance(text, str) and (part := _PERCENT.fullmatch(text.strip())):
            if float(part[1]) > 0:
                return When(Anchor.PERCENT, percent=float(part[1]), counted=counted)
        elif isinstance(text, str) and (found := _WHEN.fullmatch(text.strip())):
            base, sign, amount = found.groups()
            anchor = {("start", "+"): Anchor.START, ("due", "-"): Anchor.BEFORE, ("due", "+"): Anchor.DUE}.get(
                (base, sign)
            )
            if text.strip() == "due":
                return When(Anchor.DUE, counted=counted)
            if anchor is not None:
                duration = self._duration(amount, here)
                return When(anchor, duration, counted=counted)
        self.wrong(here, f"{text!r} 看不懂，写成 start+10min、50%、due-24h、due 或 due+1wd")
        return When(Anchor.DUE)

    def _counted(self, raw: Mapping[str, Any], path: _Path) -> ClockKind | None:
        for kind in get_args(ClockKind):
            if raw.get("counted") == kind:
                return kind  # type: ignore[no-any-return]
        if "counted" in raw:
            self.wrong((*path, "counted"), "应为 calendar（自然时）或 working（工作时）")
        return None

    def _duration(self, raw: Any, path: _Path) -> Duration | None:
        try:
            return parse_duration(raw)
        except ValueError as error:
            self.wrong(path, str(error))
            return None

    def _every(self, raw: Mapping[str, Any], path: _Path) -> Duration | None:
        if ("every" in raw) != ("times" in raw):
            self.wrong(
                (*path, "every" if "every" in raw else "times"), "every（隔多久）和 times（最多几次）要一起写"
            )
        return self._duration(raw["every"], (*path, "every")) if "every" in raw else None

    def _times(self, raw: Mapping[str, Any], path: _Path) -> int:
        times = raw.get("times", 1)
        if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_TIMES:
            self.wrong((*path, "times"), f"应为 1 到 {MOST_TIMES} 的整数")
            return 1
        return times

    def _condition(self, raw: Mapping[str, Any], path: _Path) -> bool:
        if "if" in raw and raw["if"] != "idle":
            self.wrong((*path, "if"), "只有 idle（没接单，或接了还没报过进展）")
        return raw.get("if") == "idle"

    def _deed(self, raw: Mapping[str, Any], path: _Path) -> Deed | None:
        if "do" not in raw:
            return None
        if raw["do"] not in (*Deed,):
            self.wrong((*path, "do"), f"应为 {'、'.join(Deed)} 之一")
            return None
        return Deed(raw["do"])

    def _reason(self, raw: Mapping[str, Any], path: _Path, deed: Deed | None) -> str:
        reason = raw.get("reason", "")
        if not isinstance(reason, str) or (deed is not None and not reason.strip()) or len(reason) > 100:
            self.wrong((*path, "reason"), "做了什么要写明理由，不超过 100 字")
            return ""
        return reason

    def _number(self, raw: Mapping[str, Any], path: _Path, key: str) -> int:
        number = raw.get(key, 0)
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 99:
            self.wrong((*path, key), "应为次数")
            return 0
        return number

    def _tells(self, raw: Mapping[str, Any], path: _Path, deed: Deed | None) -> tuple[Recipient, ...]:
        items = raw.get("tell")
        if not isinstance(items, list) or not items:
            self.wrong((*path, "tell"), "缺少要告诉谁，写成 [{to: handler, message: …}]")
            return ()
        found = [self._tell(item, (*path, "tell", str(n))) for n, item in enumerate(items)]
        told = tuple(one for one in found if one is not None)
        missing = [a.value for a in OF_A_CLIMB if a not in {one.to for one in told}]
        if deed == Deed.ESCALATE and missing:
            self.wrong((*path, "tell"), f"提级要告诉 {'、'.join(missing)}")
        return told

    def _tell(self, raw: Any, path: _Path) -> Recipient | None:
        before = len(self._faults)
        keys = ("to", "message", "buttons", "weight")
        if not isinstance(raw, Mapping):
            self.wrong(path, "应为 {to: handler, message: …}")
            return None
        for key in raw:
            if key not in keys:
                self.wrong((*path, str(key)), f"没有这一项，可用的有 {'、'.join(keys)}")
        to, message = raw.get("to"), raw.get("message")
        if to not in AUDIENCES:
            self.wrong((*path, "to"), f"应为 {'、'.join(AUDIENCES)} 之一")
        if not isinstance(message, str) or {f"remind.{message}", f"remind_line.{message}"} - set(self._words):
            self.wrong((*path, "message"), f"data/replies 里没有 remind.{message} 和 remind_line.{message}")
        buttons = raw.get("buttons", [])
        if not isinstance(buttons, list) or any(b not in (*self._buttons, "candidates") for b in buttons):
            self.wrong((*path, "buttons"), f"没有这个按钮，可用的有 {'、'.join(self._buttons)}")
        weight = raw.get("weight", Weight.PLAIN.value)
        if weight not in (Weight.PLAIN, Weight.PRESSING):
            self.wrong((*path, "weight"), "应为 plain（夜里等天亮）或 pressing（红、橙的夜里也送）")
        if len(self._faults) > before:
            return None
        return Recipient(Audience(str(to)), str(message), tuple(buttons), Weight(weight))
