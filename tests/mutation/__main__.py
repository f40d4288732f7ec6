"""`python -m tests.mutation [--only flow|roles|telling] [--sample N] [--seed S]`: every wrong row must be noticed."""

# ruff: noqa: T201 - it speaks by printing

import argparse
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutation.killing import Court
from tests.mutation.mutants import Mutant, every_mutant
from tests.support import postgres


def chosen(only: str | None, sample: int | None, seed: int) -> list[Mutant]:
    """The mutants to try."""
    mutants = [mutant for mutant in every_mutant() if only in (None, mutant.table)]
    return mutants if sample is None else random.Random(seed).sample(mutants, sample)


def run(mutants: list[Mutant]) -> list[Mutant]:
    """Try them; returns the survivors."""
    logging.disable(logging.CRITICAL)  # broken handlers are what this is about
    with tempfile.TemporaryDirectory() as folder, _test_run():
        court = Court(Path(folder))
        if (wrong := court.sound()) is not None:
            sys.exit(f"not sound before any change: {wrong}")
        survivors = []
        for number, mutant in enumerate(mutants, 1):
            if court.noticed(mutant) is None:
                survivors.append(mutant)
                print(f"survives: {mutant}", flush=True)
            if number % 100 == 0:
                print(f"{number} of {len(mutants)}", flush=True)
        return survivors


@contextmanager
def _test_run() -> Iterator[None]:
    """The folder in which the databases of a test run are made once."""
    folder = postgres.begin_run()
    try:
        yield
    finally:
        postgres.end_run(folder)


def main() -> None:
    """Read the command line; exit 1 when a mutant survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--only", choices=["flow", "roles", "telling"])
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    mutants = chosen(wanted.only, wanted.sample, wanted.seed)
    began = time.monotonic()
    survivors = run(mutants)
    per_table = Counter(mutant.table for mutant in mutants)
    tables = "、".join(f"{name} {count}" for name, count in per_table.items())
    print(f"{len(mutants)} mutants（{tables}），{len(survivors)} survive，{time.monotonic() - began:.0f} s")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()
