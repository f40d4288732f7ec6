"""Writing down what a conversation does now: `python -m tests.golden.draft FILE…` prints its steps filled in.

For writing a new one: the actions first, then this, then every line is read and judged by a person. A line that
only repeats what the program does proves nothing.
"""

# ruff: noqa: T201 - it speaks by printing

import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.golden.actual import Actual
from tests.golden.play import MismatchError, Stage, Theatre
from tests.golden.script import Step, load

from redprop_bot.simulated.talking import NoSuchButtonError

_SHOWN = {"no", "handler", "where", "due", "reason", "lines", "into", "days", "estate", "names", "number", "stage"}


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return _flow(value[0]) if len(value) == 1 else "[" + ", ".join(map(_flow, value)) + "]"
    text = str(value)
    return f'"{text}"'.replace("\n", "\\n") if set(text) & set(",:{}[]\n#") else text


def show(step: Step, found: Actual, _stage: Stage) -> None:
    """One step as YAML."""
    print(f"  - {step.who + ' ' if step.who else ''}{step.verb}: {step.what if step.what is not None else ''}")
    if not step.is_time:
        said = [{k: {n: v for n, v in s.items() if n in _SHOWN}} for k, s in found.said]
        print("    回复: " + ("无" if not said else _flow(said)))
    for name, value in (
        ("状态", found.stages), ("经过", found.events), ("通知", found.told), ("明早通知", found.held),
        ("送达", found.arrived), ("等下一句", found.waiting), ("带上", found.brought), ("过时", found.overtaken), ("另有", found.others),
    ):  # fmt: skip
        if value:
            print(f"    {name}: {_flow(value)}")
    for line in found.strange:
        print(f"    # !! {line}")
    if found.text:
        print("".join(f"    # | {line}\n" for line in found.text.split("\n")), end="")
    for who, text in found.contents.items():
        print(f"    # > {who}: {text[:400]}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        theatre = Theatre(Path(folder))
        for name in sys.argv[1:]:
            script = load(Path(name))
            print(f"# {name} {script.title}")
            try:
                theatre.play(script, watch=show)
            except (MismatchError, NoSuchButtonError) as error:
                print(f"# !! {error}")


if __name__ == "__main__":
    main()
