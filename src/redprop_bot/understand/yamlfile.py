"""YAML with line numbers: what a community editor wrote, and where, so that every fault can be pointed at."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from redprop_bot.errors import Fault

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the file: `value` is a str, a list of Node or a dict of str to Node."""

    value: Any
    where: str

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Key and node of a mapping; nothing for anything else."""
        if isinstance(self.value, dict):
            yield from self.value.items()

    def list(self) -> "list[Node]":
        """The nodes of a list; nothing for anything else."""
        return self.value if isinstance(self.value, list) else []

    def text(self) -> str:
        """The scalar as written, or ""."""
        return self.value if isinstance(self.value, str) else ""

    def get(self, key: str) -> "Node | None":
        """One entry of a mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None


def _convert(node: yaml.Node, name: str, faults: list[Fault]) -> Node:
    where = f"{name}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Node] = {}
        for key, value in node.value:
            if key.value in out:
                faults.append(Fault(f"{name}:{key.start_mark.line + 1}", f"重复的键 {key.value}"))
            out[str(key.value)] = _convert(value, name, faults)
        return Node(out, where)
    if isinstance(node, yaml.SequenceNode):
        return Node([_convert(item, name, faults) for item in node.value], where)
    return Node(str(node.value), where)


def read(path: Path, name: str, faults: list[Fault]) -> Node | None:
    """The file as nodes; faults are added to the list, and None comes back when it cannot be read at all."""
    try:
        with path.open(encoding="utf-8") as file:
            root = yaml.compose(file, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(Fault(f"{name}:{line}", f"不是合法的 YAML：{error.problem}"))
        return None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        faults.append(Fault(name, f"读不了：{error}"))
        return None
    return None if root is None else _convert(root, name, faults)
