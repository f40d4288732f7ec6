"""What units have posted, each thing with its versions and its file; and the numbers to call.

Files are given to be kept, never shown inside a page of ours; pictures are shown as pictures and nothing else.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from redprop_bot.errors import StorageFault
from redprop_bot.loop.phone_lines import is_mobile
from redprop_bot.registry.care import looks_after
from redprop_bot.store import publicity
from redprop_bot.store.tables import PhoneLine, Posting
from redprop_bot.store.tx import Tx
from redprop_bot.web.board.place import Here, address, here
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import missing, shown_to

log = logging.getLogger(__name__)

KINDS: Final = {"fees": "收费标准", "accounts": "收支账目", "commitment": "服务承诺", "notice": "通知公告"}
COMMUNITY: Final = "社区"
_MISSING: Final = "没有找到这份公示"
_POLICY: Final = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Posted:
    """A version as everybody may see it; `file` is empty where there is none."""

    address: str
    kind: str
    title: str
    note: str
    unit: str
    estate: str
    at: str
    version: int
    file: str = ""
    label: str = ""
    size: str = ""
    is_picture: bool = False


def add_routes(app: web.Application) -> None:
    """One thing that was posted, and its file."""
    app.router.add_get(r"/board/{community}/posted/{key:\d{1,15}}", _page)
    app.router.add_get(r"/board/{community}/posted/{key:\d{1,15}}/file", _file)


def on_board(at: Here) -> Mapping[str, Any]:
    """What holds now, by kind."""
    found = publicity.posted(at.tx, at.community.id or 0, estate_id=at.estate.id if at.estate else None)
    grouped = [(name, [_posted(at, p) for p in found if p.kind == kind]) for kind, name in KINDS.items()]
    return {"groups": [(name, rows) for name, rows in grouped if rows]}


def phones(at: Here) -> Mapping[str, Any]:
    """The numbers to call: those of the community and of the units that have to do with the place."""
    found = publicity.lines(at.tx, at.community.id or 0)
    shown = [line for line in found if _here(at, line) and not is_mobile(line.number)]
    return {"lines": [(at.said(line.label), line.number, at.said(line.hours)) for line in shown]}


def _here(at: Here, line: PhoneLine) -> bool:
    """Of another estate's property company nobody here needs the number."""
    if at.estate is None or line.organisation_id is None:
        return True
    unit = at.reg.organisations[line.organisation_id]
    if unit.kind != "property":
        return True
    answers = any(r.unit_id == unit.id and r.estate_id in (None, at.estate.id) for r in at.reg.responsibilities)
    return looks_after(at.reg, unit.name, at.estate) or answers


def _posted(at: Here, posting: Posting) -> Posted:
    base = f"{address(at.community)}/posted/{posting.id}"
    unit = at.reg.organisations.get(posting.organisation_id or 0)
    estate = at.reg.estates.get(posting.estate_id or 0)
    return Posted(
        address=base,
        kind=KINDS[posting.kind],
        title=at.said(posting.title),
        note=at.said(posting.note),
        unit=unit.name if unit else COMMUNITY,
        estate=estate.name if estate else "全社区",
        at=at.day(posting.at),
        version=posting.version,
        file=f"{base}/file" if posting.name else "",
        label=at.said(posting.label or ""),
        size=_size(posting.size or 0),
        is_picture=(posting.content_type or "").startswith("image/"),
    )


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))} KB"


async def _page(request: web.Request) -> web.Response:
    found = await request.app[OFFICE].store.read(lambda tx: _whole(tx, request.match_info))
    if found is None:
        return missing(_MISSING)
    return shown_to(request, "board/posted_one.html", **found)


def _whole(tx: Tx, names: Mapping[str, str]) -> dict[str, Any] | None:
    found = _found(tx, names)
    if found is None:
        return None
    at, posting, versions = found
    back = at.reg.estates.get(posting.estate_id or 0)
    return {
        "p": _posted(at, posting),
        "holds": posting.state == "published",
        "others": [_posted(at, one) for one in versions if one.id != posting.id],
        "back": address(at.community, back),
        "back_name": back.name if back else at.community.name,
    }


def _found(tx: Tx, names: Mapping[str, str]) -> tuple[Here, Posting, list[Posting]] | None:
    """A version that is public, one that stands or gave way to one that does; and all, the newest first."""
    at, posting = here(tx, names["community"]), publicity.posting(tx, int(names["key"]))
    if at is None or posting is None or posting.community_id != at.community.id:
        return None
    versions = publicity.versions(tx, posting.series or 0)
    return (at, posting, versions) if versions[0].state == "published" else None


async def _file(request: web.Request) -> web.Response:
    office = request.app[OFFICE]
    found = await office.store.read(lambda tx: _found(tx, request.match_info))
    posting = found[1] if found is not None else None
    if posting is None or posting.name is None or office.media is None:
        return missing(_MISSING)
    try:
        data = await asyncio.to_thread(office.media.get, posting.name)
    except StorageFault as fault:
        log.error("the file of posting %s cannot be read: %s", posting.id, fault)  # noqa: TRY400 - the name of the fault says it all
        data = None
    if data is None:
        return missing(_MISSING)
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "private, max-age=300"}
    if not (posting.content_type or "").startswith("image/"):
        ending = posting.name.rpartition(".")[2]
        headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{quote(f'{posting.title}.{ending}', safe='')}"
        )
    return web.Response(
        body=data, content_type=posting.content_type or "application/octet-stream", headers=headers
    )
