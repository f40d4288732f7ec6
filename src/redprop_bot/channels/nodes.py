"""XML or JSON as the platforms send it, and nothing else of XML: no document type, no entities, no depth.

The envelope is parsed before anything about it is proven, so this parser is the outermost wall. Expat calls
the handlers one by one; nothing recurses. What the nodes mean is not known here.
"""

import json
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from redprop_bot.errors import Malformed

_DEPTH = 12  # the deepest published event, an approval, has 7
_NODES = 4000


class Node:
    """One element. Attributes carry nothing in these protocols and are dropped (a repeated one is not XML)."""

    __slots__ = ("_pieces", "children", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.children: list[Node] = []
        self._pieces: list[str] = []

    def add_text(self, piece: str) -> None:
        """Another piece of character data."""
        self._pieces.append(piece)

    @property
    def text(self) -> str:
        """The character data, white space and all."""
        return "".join(self._pieces)

    def all(self, name: str) -> Iterator["Node"]:
        """The children of that name, in order: one or several, the platforms repeat the node."""
        return (child for child in self.children if child.name == name)

    def one(self, name: str) -> "Node | None":
        """The only child of that name, or None; two of them are Malformed, whichever was meant."""
        found = list(self.all(name))
        if len(found) > 1:
            raise Malformed
        return found[0] if found else None

    def raw(self, name: str) -> str:
        """The text of the child exactly as sent; empty when the node is absent or empty."""
        child = self.one(name)
        if child is None:
            return ""
        if child.children:
            raise Malformed
        return child.text

    def value(self, name: str) -> str:
        """The text of the child without white space around it."""
        return self.raw(name).strip()

    def scalars(self) -> Iterator[tuple[str, str]]:
        """Name and stripped text of each child that has no children of its own."""
        return ((child.name, child.text.strip()) for child in self.children if not child.children)


class _Builder:
    """Grows the tree as expat reports it."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= _DEPTH or self._count > _NODES:
            raise Malformed
        node = Node(name)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        self._open[-1].add_text(data)

    def forbidden(self, *_: object) -> None:
        raise Malformed


def parse_xml(body: bytes) -> Node:
    """The root node; Malformed for everything that is not a plain `<xml>` tree in UTF-8."""
    builder = _Builder()
    parser = expat.ParserCreate("UTF-8")  # fixed, so that no declaration chooses another
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.forbidden
    parser.ProcessingInstructionHandler = builder.forbidden
    try:
        body.decode()  # expat would follow a UTF-16 mark all the same
        parser.Parse(body, True)  # noqa: FBT003 - positional only: this is the last piece
    except (expat.ExpatError, UnicodeDecodeError):
        raise Malformed from None
    root = builder.root
    if root is None or root.name != "xml":
        raise Malformed
    names = [child.name for child in root.children]
    if len(names) != len(set(names)):
        raise Malformed
    return root


def is_json(body: bytes) -> bool:
    """Whether a body is of the JSON kind, which an account may choose instead of XML."""
    return body.lstrip()[:1] == b"{"


def parse_body(body: bytes) -> Node:
    """The root node of a body in either format; Malformed for everything else."""
    return parse_json(body) if is_json(body) else parse_xml(body)


def parse_json(body: bytes) -> Node:
    """The same tree out of JSON: an array is a repeated node, a number its digits as sent, null an empty node."""
    try:
        text = body.decode()
        if text.count("{") + text.count("[") > _NODES:  # those in strings too: no text needs so many
            raise Malformed
        # Digits stay text: ids go beyond 2**53.
        pairs = json.loads(text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(pairs, _Pairs):
        raise Malformed
    root, count = Node("xml"), [0]
    _fill(root, pairs, count)
    return root


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, in order, repeated ones included."""


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _fill(node: Node, pairs: _Pairs, count: list[int], depth: int = 1) -> None:
    names = [name for name, _ in pairs]
    if depth >= _DEPTH or len(names) != len(set(names)):
        raise Malformed
    for name, value in pairs:
        for item in value if type(value) is list else [value]:
            count[0] += 1
            if count[0] > _NODES:
                raise Malformed
            child = Node(name)
            if isinstance(item, _Pairs):
                _fill(child, item, count, depth + 1)
            elif isinstance(item, list):
                raise Malformed
            elif item is not None:
                child.add_text(item if isinstance(item, str) else str(item).lower())
            node.children.append(child)
