"""Whether a mutant is noticed: by the cells of the contract, else by a conversation."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import event as sqlalchemy_event
from tests.golden.play import Theatre, enrol, hurry
from tests.golden.script import Script, load, scripts
from tests.loop import cells
from tests.mutation.mutants import Mutant, loose


class Court:
    """Everything that may notice; made once, asked about each mutant."""

    def __init__(self, folder: Path) -> None:
        self._theatre = Theatre(folder)
        self._scripts = [load(path) for path in scripts()]
        self._by_event: dict[str, list[Script]] = defaultdict(list)
        for script in self._scripts:
            for name in sorted(_events(script)):
                self._by_event[name].append(script)
        self._store = self._theatre.office.store
        sqlalchemy_event.listen(self._store.engine, "connect", hurry)
        enrol(self._store)
        self._there = self._store.run(cells.scene)

    def sound(self) -> str | None:
        """What is wrong before anything is changed: then nothing that follows proves anything."""
        return next(cells.wrong_rows(), None) or self._cells(cells.ACTS) or self._plays(self._scripts)

    def noticed(self, mutant: Mutant) -> str | None:
        """Who noticed, or None: the mutant survives."""
        with loose(mutant):
            return self._asked(mutant)

    def _asked(self, mutant: Mutant) -> str | None:
        if mutant.table == "telling":
            first = self._by_event[mutant.about]
            rest = [script for script in self._scripts if script not in first]
            return self._plays(first) or self._plays(rest) or self._cells(cells.ACTS)
        others = [act for act in cells.ACTS if act != mutant.about]
        return (
            self._cells([mutant.about])
            or next(cells.wrong_rows(), None)
            or self._cells(others)
            or self._plays(self._scripts)
        )

    def _cells(self, acts: list[str]) -> str | None:
        return self._store.run(lambda tx: next(cells.wrong_cells(tx, self._there, acts), None))

    def _plays(self, chosen: list[Script]) -> str | None:
        for script in chosen:
            try:
                self._theatre.play(script)
            except Exception as difference:  # noqa: BLE001 - a broken step is noticed as well
                return str(difference).split("\n")[0] or type(difference).__name__
        return None


def _events(script: Script) -> Iterator[str]:
    for step in script.steps:
        for names in (step.expected.get("经过") or {}).values():
            yield from [names] if isinstance(names, str) else names
