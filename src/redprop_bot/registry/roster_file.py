"""Reading a roster file, YAML or .xlsx: both become the same entries, and every fault tells its row and column.

What the entries must be is asked in `checking` and `agreement`; here stand only the ways to the file. Nothing in a
file can make the reading large: sizes are bounded, YAML may not refer to itself, archives are measured first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, Final

import yaml as pyyaml

from redprop_bot.content import yaml
from redprop_bot.errors import ContentError, Fault
from redprop_bot.registry.agreement import disagreements, settled
from redprop_bot.registry.checking import check
from redprop_bot.registry.fields import Found
from redprop_bot.registry.roster import Known, Path, Roster, Words, packaged_words

LIMIT: Final = 8 * 1024 * 1024
_FORMATS: Final = "不是名册：只能读 .xlsx、.yaml 和 .yml 文件，表格请另存为 .xlsx"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_ARCHIVE: Final = b"PK\x03\x04"
_LOADER: Final[Any] = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)


@dataclass(frozen=True)
class Draft:
    """What a file says, and the faults of its single values; how entries fit together is not yet asked."""

    roster: Roster
    found: Found
    words: Words

    def faults(self, known: Known) -> list[Fault]:
        """Every fault: first those of single values, then those between entries."""
        all_found = dict.fromkeys([*self.found.faults, *disagreements(self.roster, known, self.words)])
        return [Fault(self.roster.where(path), what) for path, what in all_found]

    def settle(self, known: Known) -> Roster:
        """The roster; raises ContentError with every fault."""
        if faults := self.faults(known):
            raise ContentError(faults)
        return settled(self.roster, known)


def read(path: FilePath, *, known: Known | None = None, words: Words | None = None) -> Roster:
    """Read a roster that stands for itself (plus `known` names); raises ContentError with every fault."""
    return draft_of(data_of(path), str(path), words=words).settle(known or Known())


def draft_of(
    data: bytes, name: str, *, words: Words | None = None, standing: Callable[[], Mapping[str, Any]] = dict
) -> Draft:
    """Read the content of a file; raises ContentError only when it cannot be read as YAML or .xlsx at all.

    `name` stands in faults and tells, with the content, which format it is. `standing` gives what the register
    would export, and is asked only for a workbook: what its empty sheets leave as it is.
    """
    words = words or packaged_words()
    if data.startswith(_OLD_EXCEL):
        raise ContentError([Fault(name, "是老的 .xls 格式，请另存为 .xlsx 再导入")])
    if name.lower().endswith(".csv"):
        raise ContentError([Fault(name, _FORMATS)])
    found, partial = Found(), frozenset[str]()
    if data.startswith(_ARCHIVE) or name.lower().endswith(".xlsx"):
        from redprop_bot.registry.workbook import read_workbook  # noqa: PLC0415 - not needed to start

        raw, where, partial = read_workbook(data, name, found, standing())
    else:
        raw, where = _yaml(data, name)
    return Draft(replace(check(raw, words, found, where), partial=partial), found, words)


def data_of(path: FilePath) -> bytes:
    """The content of a file; raises ContentError when it cannot be had or is too much."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise ContentError([Fault(str(path), f"读不了：{error.strerror}")]) from None
    if len(data) > LIMIT:
        raise ContentError([Fault(str(path), f"文件太大，最多 {LIMIT // 1024 // 1024} MB")])
    return data


def _yaml(data: bytes, name: str) -> tuple[Any, Callable[[Path], str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContentError([Fault(name, "不是 UTF-8 文本，也不是 .xlsx")]) from None
    if len(text) > yaml.LIMIT:
        raise ContentError([Fault(name, "文件太大")])
    _refuse_aliases(text, name)
    raw, _ = yaml.parse(text, name)
    if not isinstance(raw, dict):
        if raw is not None and not name.lower().endswith((".yaml", ".yml")):
            raise ContentError([Fault(name, _FORMATS)])
        what = "名册是空的" if raw is None else "不是名册：最外层应为 street、communities、organisations 等"
        raise ContentError([Fault(f"{name}:1:1", what)])
    return raw, _Places(text, name).tell


def _refuse_aliases(text: str, name: str) -> None:
    """A few aliases can stand for millions of entries, or for themselves."""
    if "*" not in text:
        return
    try:
        for event in pyyaml.parse(text, Loader=_LOADER):
            if isinstance(event, pyyaml.AliasEvent) and event.start_mark:
                where = f"{name}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"
                raise ContentError([Fault(where, "名册里不能用 & 和 * 引用，请写全")])
    except (pyyaml.YAMLError, RecursionError):
        return  # told with its place by the reader proper


class _Places:
    """Row and column of each path; the text is gone through for them only when there is a fault to tell."""

    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name

    def tell(self, path: Path) -> str:
        """`file:row:column key.path` of a path, or of its nearest parent that stands in the file."""
        near = path
        while near and near not in self._marks:
            near = near[:-1]
        row, column = self._marks.get(near, (1, 1))
        return f"{self._name}:{row}:{column} {_dotted(path)}".rstrip()

    @cached_property
    def _marks(self) -> dict[Path, tuple[int, int]]:
        marks: dict[Path, tuple[int, int]] = {}
        _mark(pyyaml.compose(self._text, Loader=_LOADER), (), marks)
        return marks


def _mark(node: pyyaml.Node | None, path: Path, marks: dict[Path, tuple[int, int]]) -> None:
    if node is None:
        return
    marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, pyyaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            marks[here] = (key.start_mark.line + 1, key.start_mark.column + 1)
            _mark(value, here, marks)
    elif isinstance(node, pyyaml.SequenceNode):
        for n, item in enumerate(node.value):
            _mark(item, (*path, str(n)), marks)


def _dotted(path: Path) -> str:
    said = ""
    for part in path:
        said += f"[{int(part) + 1}]" if part.isdigit() else f".{part}" if said else part
    return said
