"""What the code says about itself: constants and calls of the product's source, read without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src" / "redprop_bot"


def trees(*rooms: str) -> Iterator[ast.Module]:
    """The modules of some rooms, or of all."""
    for room in rooms or ("",):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(path.read_text("utf-8"))


def constants(*rooms: str) -> set[str]:
    """Every text constant."""
    return {
        node.value
        for tree in trees(*rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def first_arguments(names: set[str], *rooms: str) -> set[str]:
    """The constant first arguments of calls to functions or classes of these names."""
    return {
        node.args[0].value
        for tree in trees(*rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _called(node) in names
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def prefixes(*rooms: str) -> set[str]:
    """The constant beginnings of f-strings that hold something besides: `done.{verb}` gives `done.`."""
    return {
        node.values[0].value
        for tree in trees(*rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and len(node.values) > 1
        and isinstance(node.values[0], ast.Constant)
        and isinstance(node.values[0].value, str)
    }


def returned_by(function: str, *rooms: str) -> set[str]:
    """The constants that a function returns or assigns, conditional expressions included."""
    found: set[str] = set()
    for tree in trees(*rooms):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return | ast.Assign) and inner.value is not None:
                        found |= _texts(inner.value)
    return found


def _texts(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return set()


def _called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
