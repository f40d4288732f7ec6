"""`/console/board`: what stands on the public board: postings with their files and versions, numbers to call.

Files are proven and kept before the transaction; what may be public is decided in `loop.publicity`.
"""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import BadMedia, Invalid, NotFound, StorageFault
from redprop_bot.loop import phone_lines
from redprop_bot.loop import publicity as steps
from redprop_bot.loop.publicity import Draft, Hand, Paper
from redprop_bot.media import documents
from redprop_bot.media.cleaning import ENDINGS, name_for
from redprop_bot.media.parts import Clean
from redprop_bot.store import publicity
from redprop_bot.store.tables import Posting
from redprop_bot.web import loose
from redprop_bot.web.board.place import address
from redprop_bot.web.board.posted import COMMUNITY, KINDS
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import Answer, Desk, File, Goto, Page, Room, Way

PATH: Final = "/console/board"
_ROLES: Final = frozenset({"admin", "street", "secretary", "provider"})
_WHY: Final = {
    "too_big": "document_big",
    "bomb": "document_big",
    "broken": "document_broken",
    "active": "document_active",
}
_STATES: Final = {"published": "公示中", "replaced": "有了新版", "withdrawn": "已撤下"}


# -- the file


async def kept(office: Office, files: Mapping[str, File]) -> Paper | None:
    """A file of the form, proven by its bytes and among our files; None where none was chosen. Raises Invalid."""
    file = files.get("file")
    if file is None or not file.data:
        return None
    try:
        found = await asyncio.to_thread(documents.document, file.data)
        words = await asyncio.to_thread(documents.words_in, found)
    except BadMedia as bad:
        raise Invalid(_WHY.get(bad.why, "document"), field="file") from None
    name = _name(found)
    try:
        if office.media is None:
            raise Invalid("document_later", field="file")
        await asyncio.to_thread(office.media.put, name, found.data)
    except StorageFault:
        raise Invalid("document_later", field="file") from None
    return Paper(name, file.name, found.content_type, len(found.data), words)


def _name(found: Clean) -> str:
    """Its own, so that a form which is refused takes nothing from another one with the same file."""
    ending = documents.ENDINGS.get(found.content_type) or ENDINGS[found.content_type]
    return name_for("b", secrets.token_hex(16), ending)


# -- pages


def _hand(desk: Desk) -> Hand:
    viewer = desk.viewer
    return Hand(viewer.name, viewer.role, viewer.community_id, viewer.organisation_id)


def _communities(desk: Desk) -> list[tuple[int, str]]:
    """Those whose board somebody may post on."""
    reg, viewer = desk.register, desk.viewer
    if viewer.role == "provider" and viewer.organisation_id is not None:
        here = {e.community_id for e in steps.own_estates(reg, viewer.organisation_id)}
    else:
        here = {key for key in reg.communities if viewer.community_id in (None, key)}
    return [(key, community.name) for key, community in reg.communities.items() if key in here]


def _chosen(desk: Desk) -> int:
    """The community of the page: asked for, else the first."""
    there = _communities(desk)
    asked = desk.field("community") or desk.query.get("community", "")
    found = next((key for key, name in there if asked in (name, str(key))), there[0][0] if there else None)
    if found is None:
        raise NotFound("no_board")
    return found


def listed(desk: Desk) -> Answer:
    """What stands on the board, the form for more, the numbers."""
    community_id = _chosen(desk)
    community = desk.register.communities[community_id]
    rows = publicity.posted(desk.tx, community_id)
    mine = desk.viewer.organisation_id
    return Page(
        "board/list.html",
        {
            "rows": [_row(desk, p) for p in rows if mine is None or p.organisation_id == mine],
            "lines": [
                line for line in publicity.lines(desk.tx, community_id) if mine in (None, line.organisation_id)
            ],
            "units": {key: unit.name for key, unit in desk.register.organisations.items()},
            "community": community.name,
            "communities": [name for _, name in _communities(desk)],
            "public": address(community),
            **_form(desk, community_id, None),
        },
    )


def _form(desk: Desk, community_id: int, posting: Posting | None) -> dict[str, Any]:
    reg, viewer = desk.register, desk.viewer
    if viewer.role == "provider" and viewer.organisation_id is not None:
        estates = [e for e in steps.own_estates(reg, viewer.organisation_id) if e.community_id == community_id]
    else:
        estates = [e for e in reg.estates.values() if e.community_id == community_id]
    kind = desk.field("kind") or (posting.kind if posting else "")
    return {
        "kinds": slips.options(list(KINDS.items()), kind),
        "estates": slips.options([(e.name, e.name) for e in estates], desk.field("estate")),
        "unit_names": slips.options([(n, n) for n in slips.all_units(desk)], desk.field("unit")),
        "is_unit": viewer.role == "provider",
        "community_id": community_id,
    }


def _row(desk: Desk, posting: Posting) -> dict[str, Any]:
    reg = desk.register
    unit, estate = reg.organisations.get(posting.organisation_id or 0), reg.estates.get(posting.estate_id or 0)
    return {
        "path": f"{PATH}/{posting.id}",
        "kind": KINDS[posting.kind],
        "title": posting.title,
        "note": posting.note,
        "unit": unit.name if unit else COMMUNITY,
        "estate": estate.name if estate else "全社区",
        "at": slips.day(desk, posting.at),
        "by": posting.by_name,
        "version": posting.version,
        "label": posting.label or "",
        "state": posting.state,
        "state_name": _STATES[posting.state],
    }


def one(desk: Desk) -> Answer:
    """One posting: its versions, the form for the next."""
    posting = steps.seen(desk.tx, _hand(desk), int(desk.path["key"]))
    versions = publicity.versions(desk.tx, posting.series or 0)
    newest = versions[0]
    values = {
        "p": _row(desk, newest),
        "newest": newest,
        "versions": [_row(desk, version) for version in versions],
        "public": f"{address(desk.register.communities[posting.community_id])}/posted/{newest.id}",
    }
    return Page("board/one.html", values | _form(desk, posting.community_id, newest))


# -- acts


def _draft(desk: Desk, community_id: int) -> Draft:
    return Draft(
        community_id,
        desk.field("estate"),
        desk.field("kind"),
        desk.field("title"),
        desk.field("note"),
        desk.field("unit"),
    )


def posted(desk: Desk) -> Answer:
    """Something new."""
    made = steps.post(desk.tx, _hand(desk), _draft(desk, _chosen(desk)), desk.ready)
    return Goto(f"{PATH}/{made.id}", "posted")


def replaced(desk: Desk) -> Answer:
    """A new version."""
    hand, key = _hand(desk), int(desk.path["key"])
    old = steps.seen(desk.tx, hand, key)
    made = steps.replace(desk.tx, hand, (key, desk.version), _draft(desk, old.community_id), desk.ready)
    return Goto(f"{PATH}/{made.id}", "posting_replaced")


def withdrawn(desk: Desk) -> Answer:
    """Off the board."""
    steps.withdraw(desk.tx, _hand(desk), int(desk.path["key"]), desk.version)
    return Goto(PATH, "posting_withdrawn")


def line_added(desk: Desk) -> Answer:
    """A number to call."""
    community_id = _chosen(desk)
    phone_lines.add_line(
        desk.tx,
        _hand(desk),
        community_id,
        label=desk.field("label"),
        number=desk.field("number"),
        hours=desk.field("hours"),
        unit=desk.field("unit"),
    )
    return Goto(f"{PATH}?community={community_id}", "line_added")


def line_dropped(desk: Desk) -> Answer:
    """Off the board."""
    phone_lines.drop_line(desk.tx, _hand(desk), int(desk.path["key"]))
    return Goto(f"{PATH}?community={_chosen(desk)}", "line_dropped")


ROOM: Final = Room(
    "board",
    "公示栏",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, posted, back=listed, upload=documents.LIMIT, before=kept, undo=loose.paper),
        Way("POST", f"{PATH}/lines", line_added, back=listed),
        Way("POST", rf"{PATH}/lines/{{key:\d{{1,15}}}}/drop", line_dropped, back=listed),
        Way("GET", rf"{PATH}/{{key:\d{{1,15}}}}", one),
        Way(
            "POST",
            rf"{PATH}/{{key:\d{{1,15}}}}",
            replaced,
            back=one,
            upload=documents.LIMIT,
            before=kept,
            undo=loose.paper,
        ),
        Way("POST", rf"{PATH}/{{key:\d{{1,15}}}}/withdraw", withdrawn, back=one),
    ),
    roles=_ROLES,
    group="1清单",
    key="b",
)
