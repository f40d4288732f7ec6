"""Filling a template of the account with what may be shown of a matter, or saying why that cannot be done.

Which template says which message is data (`data/templates`); when a template is used, and what happens instead, is
decided elsewhere. Nothing is sent here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from redprop_bot.content import Content
from redprop_bot.content.templates import Field, Template, TemplateKind
from redprop_bot.rules import fields
from redprop_bot.rules.fields import Value


@dataclass(frozen=True, slots=True)
class Filled:
    """A template message or subscription notice as the platform takes it."""

    kind: TemplateKind
    template_id: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unfilled:
    """No template message: another road. `why` is `no_template`, or `field` with the keyword at fault."""

    why: str
    field: str = ""


def filled(
    content: Content, kind: TemplateKind, message: str, known: Mapping[str, Value], *, now: datetime
) -> Filled | Unfilled:
    """A message by its name (of `tell.*`) with the slots that are known; moments may be in ISO form.

    Every keyword of the template gets a value of its kind: a message with an empty one is refused whole.
    """
    template = content.templates.of(kind, message)
    if template is None:
        return Unfilled("no_template")
    return fill(content, template, known, now=now)


def fill(content: Content, template: Template, known: Mapping[str, Value], *, now: datetime) -> Filled | Unfilled:
    """A given template with the slots that are known."""
    data = {}
    for key, field in template.fields.items():
        value = _value(content, key, field, {"sent_at": now, **known})
        if value is None:
            return Unfilled("field", key)
        data[key] = value
    return Filled(template.kind, template.id, data)


def _value(content: Content, key: str, field: Field, known: Mapping[str, Value]) -> str | None:
    if field.text is not None:
        return field.text
    value = known.get(field.slot or "")
    made = None if value in (None, "") else fields.fitted(key, value, content.zone, field.one_of)
    return made if made is not None else field.empty
