"""`/console/roster`: the roster as a file: taken in after a look at what it would change, given out, a template.

A file is never believed: what it is shows when it is read, and a file with one fault changes nothing. The look is
the import itself, undone.
"""

import secrets
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from redprop_bot.errors import ContentError, Invalid, NotFound
from redprop_bot.registry import exporting
from redprop_bot.registry.importing import import_data
from redprop_bot.registry.ledger import KINDS, Summary
from redprop_bot.registry.register import REVISION
from redprop_bot.registry.roster_file import LIMIT
from redprop_bot.store import editions, numbers, views
from redprop_bot.web.console.room import Answer, Desk, Give, Goto, Page, Room, Way
from redprop_bot.web.spreadsheets import XLSX

PATH: Final = "/console/roster"
FAULTS: Final = 200
CHANGES: Final = 200
_ADMINS: Final = frozenset({"admin", "street"})


class _Look(Exception):
    """What an import would do."""

    def __init__(self, summary: Summary) -> None:
        super().__init__()
        self.summary = summary


def page(desk: Desk) -> Answer:
    """The page."""
    reg = desk.register
    counts = (
        ("社区", len(reg.communities)),
        ("小区", len(reg.estates)),
        ("单位", len(reg.organisation_names)),
        ("工作人员", len({post.person_id for post in reg.all_posts})),
        ("党员志愿者", len(reg.members)),
        ("责任清单", len(reg.responsibilities)),
    )
    return Page("roster/page.html", {"counts": counts, "lines": [], "faults": [], "token": "", "name": ""})


def look(desk: Desk) -> Answer:
    """Read a file that was sent, and say what taking it in would change."""
    file = desk.files.get("file")
    if file is None:
        raise Invalid("no_file", field="file")
    if not file.data:
        raise Invalid("empty_file", field="file", name=file.name)
    shown = page(desk)
    assert isinstance(shown, Page)
    summary, faults = _tried(desk, file.data, file.name)
    values: dict[str, Any] = {
        **shown.values,
        "name": file.name,
        "faults": faults[:FAULTS],
        "more": len(faults) - FAULTS,
    }
    if summary is None:
        return Page(shown.template, values, 422)
    token = secrets.token_hex(16)
    revision = numbers.revision(desk.tx, REVISION)
    views.put_upload(desk.tx, token, owner=desk.seat.owner, name=f"{revision}:{file.name}", content=file.data)
    changes = [(KINDS[kind], *one) for kind, counts in summary.kinds.items() for one in counts.differences]
    values |= {
        "lines": [one for one in summary.lines(done=False) if one not in summary.notes],
        "notes": [one.removeprefix(file.name).lstrip(":") for one in summary.notes],
        "token": token if summary.touched else "",
        "removed": summary.removed,
        "removals": summary.removals(),
        "changes": changes[:CHANGES],
        "more_changes": len(changes) - CHANGES,
    }
    return Page(shown.template, values)


def _tried(desk: Desk, data: bytes, name: str) -> tuple[Summary | None, Sequence[str]]:
    """What an import would do, undone again; or every fault."""
    try:
        with desk.tx.savepoint():
            _look(desk, data, name)
    except _Look as seen:
        return seen.summary, ()
    except ContentError as error:
        return None, [f"{fault.where.removeprefix(name).lstrip(':')}　{fault.what}" for fault in error.faults]
    raise AssertionError


def _look(desk: Desk, data: bytes, name: str) -> NoReturn:
    raise _Look(import_data(desk.tx, data, name))


def take(desk: Desk) -> Answer:
    """Take in the file that was looked at; not when the register has changed since."""
    kept = views.upload(desk.tx, desk.field("token"), desk.seat.owner)
    if kept is None:
        raise NotFound("file_gone", field="file")
    revision, _, name = kept.name.partition(":")
    if int(revision) != numbers.revision(desk.tx, REVISION):
        raise Invalid("register_moved", field="file")
    try:
        summary = import_data(desk.tx, kept.content, name)
    except ContentError:
        raise Invalid("register_moved", field="file") from None
    if summary.removed and desk.field("agreed") != str(summary.removed):
        raise Invalid("removals_unseen", field="file", number=summary.removed)
    editions.keep(
        desk.tx, "roster", "roster", {"text": "\n".join(summary.lines())}, by=desk.viewer.name, note=name
    )
    views.drop_upload(desk.tx, kept.token)
    return Goto(PATH, "imported")


def export(desk: Desk) -> Answer:
    """The register as it is, as a file."""
    if desk.path["form"] == "yaml":
        return Give(exporting.export_yaml(desk.tx).encode(), "名册.yaml", "application/yaml")
    return Give(exporting.export_xlsx(desk.tx), "名册.xlsx", XLSX)


def template(desk: Desk) -> Answer:
    """A form to fill."""
    if desk.path["form"] == "yaml":
        return Give(exporting.template_yaml().encode(), "名册样表.yaml", "application/yaml")
    return Give(exporting.template_xlsx(), "名册样表.xlsx", XLSX)


ROOM: Final = Room(
    "roster",
    "名册导入",
    PATH,
    (
        Way("GET", PATH, page),
        Way("POST", f"{PATH}/look", look, back=page, upload=LIMIT),
        Way("POST", f"{PATH}/take", take, back=page),
        Way("GET", f"{PATH}/export.{{form:yaml|xlsx}}", export),
        Way("GET", f"{PATH}/template.{{form:yaml|xlsx}}", template),
    ),
    roles=_ADMINS,
    group="2名册",
)
