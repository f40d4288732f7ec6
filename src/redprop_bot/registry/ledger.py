"""What an import did: the only way in which it writes, so that nothing is changed without being counted.

`put` compares before it writes; a row that is as it should be is not touched, neither its version.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from redprop_bot.registry import differences
from redprop_bot.registry.differences import Difference
from redprop_bot.registry.naming import name_of
from redprop_bot.store import registers
from redprop_bot.store.tables.base import Table
from redprop_bot.store.tx import Tx

T = TypeVar("T", bound=Table)

NAMED: Final = 6
"""How many of each are called by name: enough to see what a file is about to do."""
_WORDS: Final = {"added": "新增", "changed": "改动", "removed": "撤下"}

KINDS: Final = {
    "street": "街道",
    "community": "社区",
    "estate": "小区",
    "building": "楼栋",
    "organisation": "单位",
    "person": "人",
    "post": "岗位",
    "member": "党员志愿者",
    "responsibility": "责任清单",
}


@dataclass
class Counts:
    """How many rows of one kind were added, changed, removed (or put out of use), left the same."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0
    names: dict[str, list[str]] = field(default_factory=dict)
    """What they are called, by what happened to them; of those that are new only the first."""
    differences: list[tuple[str, list[Difference]]] = field(default_factory=list)
    """What becomes of each that is changed, with its name."""

    def said(self, what: str) -> str:
        """A number with its first names; nothing where there is none."""
        number, names = getattr(self, what), self.names.get(what, [])[:NAMED]
        more = "等" if number > len(names) else ""
        return f"{_WORDS[what]} {number}（{'、'.join(names)}{more}）" if number else ""


@dataclass(frozen=True)
class Summary:
    """What an import did, in sum and by kind; `notes` are sentences about what was left and why."""

    added: int
    changed: int
    removed: int
    same: int
    kinds: dict[str, Counts] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def touched(self) -> bool:
        """Whether anything in the register is different now."""
        return bool(self.added or self.changed or self.removed)

    def removals(self) -> list[tuple[str, list[str]]]:
        """What goes, every one by name, by kind."""
        found = ((kind, counts.names.get("removed", [])) for kind, counts in self.kinds.items())
        return [(KINDS[kind], names) for kind, names in found if names]

    def lines(self, *, done: bool = True) -> list[str]:
        """For the operator, in Chinese: what was done, or what would be."""
        if not self.touched:
            return [f"名册没有变化（{self.same} 项都一样）。", *self.notes]
        head = "名册已更新" if done else "名册会变"
        counted = f"新增 {self.added}，改动 {self.changed}，撤下 {self.removed}，不变 {self.same}"
        said = [f"{head}：{counted}。"]
        for kind, counts in self.kinds.items():
            parts = [part for part in map(counts.said, _WORDS) if part]
            if parts:
                said.append(f"  {KINDS[kind]}：{'，'.join(parts)}")
        return [*said, *self.notes]


class Ledger:
    """Writes of one import over an open transaction."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.kinds = {kind: Counts() for kind in KINDS}
        self.notes: list[str] = []

    def put(self, model: type[T], old: T | None, **values: Any) -> T:
        """Make the row so; gives it as it is now. A row with a version gets the next one when it differs."""
        counts = self._of(model)
        values = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
        if old is None:
            made = self.tx.insert(model, **values)
            self._count("added", model, made)
            return made
        different = {name: value for name, value in values.items() if getattr(old, name) != value}
        if not different:
            counts.same += 1
            return old
        name = self._count("changed", model, old)
        told = differences.told(self.tx, str(cast("Any", model).__tablename__), old, different)
        counts.differences.append((name, told))
        return self._update(model, old, different)

    def retire(self, model: type[T], old: T, **values: Any) -> None:
        """Put a row out of use."""
        self._count("removed", model, old)
        self._update(model, old, {"active": False, **values})

    def remove(self, model: type[Table], ids: Collection[int | None]) -> None:
        """Delete rows."""
        counts = self._of(model)
        counts.removed += len(ids)
        named = counts.names.setdefault("removed", [])
        named += [name_of(self.tx, model, row) for row in registers.some(self.tx, model, cast("list[int]", ids))]
        registers.remove(self.tx, model, cast("Collection[int]", ids))

    def note(self, sentence: str) -> None:
        """Something the operator should know."""
        self.notes.append(sentence)

    def summary(self) -> Summary:
        """What was done."""

        def total(name: str) -> int:
            return sum(getattr(counts, name) for counts in self.kinds.values())

        return Summary(
            total("added"),
            total("changed"),
            total("removed"),
            total("same"),
            kinds=self.kinds,
            notes=tuple(self.notes),
        )

    def _update(self, model: type[T], old: Any, values: dict[str, Any]) -> T:
        if "version" in model.model_fields:
            values["version"] = old.version + 1
        return self.tx.update(model, old.id, **values)

    def _count(self, what: str, model: type[Table], row: Any) -> str:
        """Count a row; gives its name, empty where it is one of many that are new."""
        counts = self._of(model)
        setattr(counts, what, getattr(counts, what) + 1)
        names = counts.names.setdefault(what, [])
        if what == "added" and len(names) >= NAMED:
            return ""
        names.append(name_of(self.tx, model, row))
        return names[-1]

    def _of(self, model: type[Table]) -> Counts:
        return self.kinds[str(cast("Any", model).__tablename__)]
