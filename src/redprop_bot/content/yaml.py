"""YAML with line numbers: a plain mapping, and where each key stands."""

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml

from redprop_bot.errors import ContentError, Fault

Lines = Callable[[tuple[str, ...]], int]
"""Gives the line (from 1) of a key path, or of its nearest parent that stands in the file."""

LIMIT = 4 * 1024 * 1024


# the parser in C is ten times as fast; a large roster would take half a minute without it
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Safe YAML in which a key that stands twice is a fault, not a silent loss."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "键应为一个词", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"“{key}” 写了两次", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


def _moment(loader: _Loader, node: yaml.ScalarNode) -> Any:
    """A day that there is not (2026-02-30) stays a text, so that whoever reads it can name its place."""
    try:
        return yaml.SafeLoader.construct_yaml_timestamp(loader, node)
    except ValueError:
        return node.value


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _moment)


def read(path: Path) -> tuple[Any, Lines]:
    """Read a file; raise ContentError with file and line when it is not YAML."""
    try:
        if path.stat().st_size > LIMIT:
            raise ContentError([Fault(str(path), "文件太大")])
        return parse(path.read_text("utf-8"), str(path))
    except UnicodeDecodeError:
        raise ContentError([Fault(str(path), "不是 UTF-8 文本")]) from None
    except OSError as error:
        raise ContentError([Fault(str(path), f"读不了：{error.strerror}")]) from None


def parse(text: str, name: str) -> tuple[Any, Lines]:
    """Read YAML text; `name` stands in faults."""
    places: dict[tuple[str, ...], int] = {}
    try:
        node, value = _node_and_value(text)
        _places(node, (), places)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError([Fault(f"{name}:{line}", error.problem or "不是 YAML")]) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise ContentError([Fault(f"{name}:1", "不是 YAML")]) from None

    def line_of(path: tuple[str, ...]) -> int:
        while path and path not in places:
            path = path[:-1]
        return places.get(path, 1)

    return value, line_of


def _node_and_value(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _places(node: yaml.Node | None, path: tuple[str, ...], places: dict[tuple[str, ...], int]) -> None:
    if node is None:
        return
    places.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            places[here] = key.start_mark.line + 1
            _places(value, here, places)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _places(value, (*path, str(number)), places)
