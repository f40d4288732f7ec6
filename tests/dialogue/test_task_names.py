"""Every kind of task has a name: 待办 showed `phone` to a secretary."""

import ast
import importlib
from pathlib import Path

import redprop_bot
from redprop_bot.content import Content
from redprop_bot.rules.flow import Act

ROOT = Path(redprop_bot.__file__).parent


def _kinds() -> set[str]:
    """What `open_task` is called with, wherever it is called."""
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        if "open_task(" not in (text := path.read_text(encoding="utf-8")):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "open_task":
                kind = node.args[1]
                if isinstance(kind, ast.Constant):
                    found.add(str(kind.value))
                elif isinstance(kind, ast.Name) and kind.id.isupper():
                    module = ".".join(["redprop_bot", *path.relative_to(ROOT).with_suffix("").parts])
                    found.add(getattr(importlib.import_module(module), kind.id))
    return found


def test_every_kind_has_a_name(content: Content) -> None:
    """Those that we open ourselves, those of a conversation, and those of an order that waits for the meeting."""
    labels = content.labels
    kinds = _kinds()
    assert {"phone", "survey", "ask_first"} <= kinds
    tabled = {f"order.{act.value}" for act in (Act.FULFIL, Act.PROGRESS)}
    for kind in kinds | tabled | {"human", "consult", *labels.intent}:
        assert not labels.task_name(kind).isascii(), kind
        assert labels.task_name(kind) != labels.task["other"], kind
    assert labels.task_name("of_a_later_release") == labels.task["other"]
