"""The shape of `data/templates/*.yaml`: which template of the account says which message, keyword by keyword.

Checked at the start as far as it can be without the account: kinds of keywords, fixed words, slots. Whether the
account has the template and these keywords is what `doctor --platform` looks at. Filling is `notify.filling`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import model_validator

from redprop_bot.content import yaml
from redprop_bot.content.shapes import Labels, Shape, check
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import ContentError, Fault
from redprop_bot.rules import fields, keywords

TemplateKind = Literal["template", "subscription"]

SLOTS: Final = frozenset({"no", "what", "where", "stage", "handler", "due", "note", "community", "urgency"})
"""What a keyword may show of a matter, in words."""
MOMENTS: Final = frozenset({"due_at", "reported_at", "sent_at"})
"""Moments, for keywords of kind time and date (others show them too)."""

_NUMBERS: Final = frozenset({"no"})  # slots without Chinese
_ID: Final = re.compile(r"[A-Za-z0-9_-]{20,64}")
_KEYS_OF_OLD: Final = re.compile(r"first|remark|keyword\d{1,2}")
MOST: Final = 25
"""So many template messages an account may have."""
ANY: Final = "*"


class Field(Shape):
    """What stands under one keyword: a slot or fixed words; `empty` where the slot has nothing to show.

    one_of: the approved values of a `const` keyword; others cannot be sent.
    """

    slot: str | None = None
    text: str | None = None
    empty: str | None = None
    one_of: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, raw: Any) -> Any:
        raw = {"slot": raw} if isinstance(raw, str | bool) else raw
        if isinstance(raw, Mapping) and raw.get("slot") is False:  # YAML reads an unquoted `no` as false
            return {**raw, "slot": "no"}
        return raw

    @model_validator(mode="after")
    def _one(self) -> "Field":
        if (self.slot is None) == (self.text is None):
            raise ValueError("slot 和 text 写一样")
        return self


class Template(Shape):
    """A template of the account. Without an `id` it is not used.

    title: its name in the account's back office, compared by `doctor --platform`. messages: names of `tell.*`
    wordings, or `*` for all that no other template of this kind takes.
    """

    kind: TemplateKind
    title: str
    id: str = ""
    messages: tuple[str, ...]
    fields: Mapping[str, Field]


class _File(Shape):
    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates that are described, in use or not."""

    items: tuple[Template, ...] = ()

    def of(self, kind: TemplateKind, message: str) -> Template | None:
        """The template that says this message; None when there is none with an id."""
        fitting = [
            t for t in self.items if t.kind == kind and t.id and (message in t.messages or ANY in t.messages)
        ]
        return min(fitting, key=lambda t: ANY in t.messages, default=None)

    @property
    def in_use(self) -> bool:
        """Whether any has an id."""
        return any(template.id for template in self.items)

    def used(self, kind: TemplateKind) -> list[Template]:
        """Those with an id."""
        return [template for template in self.items if template.kind == kind and template.id]


def read_templates(
    paths: Sequence[Path], messages: Mapping[str, Any], labels: Labels | None, faults: list[Fault]
) -> Templates:
    """All files; faults are added with file and line. messages: all wordings by key."""
    found: list[Template] = []
    taken: dict[tuple[str, str], str] = {}
    for path in paths:
        try:
            value, line_of = yaml.read(path)
        except ContentError as error:
            faults += error.faults
            continue
        file = check(_File, value, line_of, str(path), faults)
        if file is None:
            continue
        for n, template in enumerate(file.templates):
            at = ("templates", str(n))
            faults += [Fault(f"{path}:{line_of((*at, *p))}", w) for p, w in _wrong(template, messages, labels)]
            faults += _twice(template, taken, at, line_of, path)
        found += file.templates
    if sum(template.kind == "template" and bool(template.id) for template in found) > MOST:
        faults.append(Fault("data/templates", f"模板消息最多 {MOST} 个"))
    return Templates(tuple(found))


def _twice(
    template: Template, taken: dict[tuple[str, str], str], at: tuple[str, ...], line_of: Lines, path: Path
) -> Iterator[Fault]:
    where = f"{path}:{line_of((*at, 'messages'))}"
    for message in template.messages:
        first = taken.setdefault((template.kind, message), where)
        if first != where:
            yield Fault(where, f"“{message}” 在 {first} 已经有模板了")


Wrong = Iterator[tuple[tuple[str, ...], str]]


def _wrong(template: Template, messages: Mapping[str, Any], labels: Labels | None) -> Wrong:
    if template.id and not _ID.fullmatch(template.id):
        yield ("id",), "模板编号应为后台复制来的 20 到 64 位字母、数字"
    if not template.title.strip():
        yield ("title",), "title 写后台里的模板标题"
    for n, message in enumerate(template.messages):
        if message != ANY and f"tell.{message}" not in messages:
            yield ("messages", str(n)), f"data/replies 里没有 tell.{message}"
    if not template.fields:
        yield ("fields",), "至少要有一个关键词"
    for key, field in template.fields.items():
        yield from (((("fields", key), what)) for what in _wrong_field(template, key, field, labels))


def _wrong_field(template: Template, key: str, field: Field, labels: Labels | None) -> Iterator[str]:
    kind = keywords.kind_of(key)
    if kind is None and (template.kind == "subscription" or not _KEYS_OF_OLD.fullmatch(key)):
        yield f"“{key}” 不是关键词，应为 thing1 这样，照后台的模板详情抄"
        return
    for name, words in (("text", field.text), ("empty", field.empty), *(("one_of", w) for w in field.one_of)):
        if words is not None and (what := keywords.wrong(key, words)):
            yield f"{key} 的 {name}“{words}”：{what}"
    if kind == "const":
        yield from _wrong_const(key, field)
    if field.slot is None:
        return
    if field.slot not in SLOTS | MOMENTS:
        yield f"{key} 填不了 {field.slot}，可填 {'、'.join(sorted(SLOTS | MOMENTS))}"
    elif kind in fields.MOMENTS and field.slot not in MOMENTS:
        yield f"{key} 是时间，只能填 {'、'.join(sorted(MOMENTS))}"
    elif kind in fields.NO_CHINESE and field.slot not in _NUMBERS:
        yield f"{key} 不能有汉字，只能填 no"
    else:
        yield from _wrong_labels(key, field.slot, labels)


def _wrong_const(key: str, field: Field) -> Iterator[str]:
    if not field.one_of:
        yield f"{key} 要用 one_of 列出后台批下来的选项"
    for words in (field.text, field.empty):
        if words is not None and field.one_of and words not in field.one_of:
            yield f"{key} 的“{words}”不在 one_of 里"


def _wrong_labels(key: str, slot: str, labels: Labels | None) -> Iterator[str]:
    """Labels are known now: one that would be cut when it is needed is told today."""
    if labels is None or slot not in ("stage", "urgency") or keywords.kind_of(key) == "const":
        return
    for words in getattr(labels, slot).values():
        if what := keywords.wrong(key, words):
            yield f"{key} 填 {slot}，但“{words}”填不进：{what}"
