"""Menus and templates: what our data say against what the account has."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from redprop_bot.channels import menus
from redprop_bot.channels.menus import Entry
from redprop_bot.channels.oa_account import TemplateFound
from redprop_bot.cli.platforms.lines import Line, bad, good, hint
from redprop_bot.content.replies import Replies
from redprop_bot.content.templates import Template, TemplateKind

KINDS: Final[dict[TemplateKind, str]] = {"template": "模板消息", "subscription": "订阅通知"}


def menu_difference(wanted: Sequence[Any], present: Sequence[Any]) -> list[str]:
    """Lines with `+` for what is to come and `-` for what is to go; empty when both are the same."""
    ours, theirs = menus.flat(wanted), menus.flat(present)
    lines: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += [f"- {_entry(entry)}" for entry in theirs[a:b]]
            lines += [f"+ {_entry(entry)}" for entry in ours[c:d]]
    return lines


def _entry(entry: Entry) -> str:
    names = " › ".join(entry.path)
    does = {"": "", "click": "点击 ", "view": "打开 "}.get(entry.type, f"{entry.type} ")
    return names + (f"（{does}{entry.value}）" if does else "")


def menu(replies: Replies, wanted: Sequence[Any], present: Sequence[Any]) -> Line:
    """Whether the account shows our menu."""
    if not present:
        return bad("菜单", replies.say("doctor.menu.none"))
    lines = menu_difference(wanted, present)
    if not lines:
        return good("菜单", replies.say("doctor.menu.same", count=len(menus.flat(present))))
    return bad("菜单", "\n".join([replies.say("doctor.menu.differs"), *lines]))


def templates(
    replies: Replies, kind: TemplateKind, used: Sequence[Template], has: Sequence[TemplateFound]
) -> Iterator[Line]:
    """Each template that we use against the account's; where none is used, which there would be."""
    by_id, name = {one.id: one for one in has}, KINDS[kind]
    if not used:
        head = replies.say("doctor.template.offered" if has else "doctor.template.unused")
        yield hint(name, "\n".join([head, *(f"{one.title}：{one.id}（{'、'.join(one.keys)}）" for one in has)]))
    for template in used:
        found = by_id.get(template.id)
        if found is None:
            yield bad(name, replies.say("doctor.template.missing", id=template.id, title=template.title))
        else:
            yield _template(replies, name, template, found)


def _template(replies: Replies, name: str, template: Template, found: TemplateFound) -> Line:
    ours, theirs = set(template.fields), set(found.keys)
    faults = [
        replies.say(f"doctor.template.{what}", fields="、".join(sorted(fields)))
        for what, fields in (("lost", ours - theirs), ("more", theirs - ours))
        if fields
    ]
    if faults:
        return bad(name, replies.say("doctor.template.wrong", title=found.title, faults="；".join(faults)))
    if template.title != found.title:
        said = {"id": template.id, "title": found.title, "ours": template.title}
        return hint(name, replies.say("doctor.template.named", **said))
    return good(name, replies.say("doctor.template.good", title=found.title, count=len(ours)))
