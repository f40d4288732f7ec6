"""What a unit posts for everybody: a PDF, a workbook or a picture, known by its bytes, freed of who made it.

    application/pdf   at most 10 MiB; one that runs, starts or carries something is refused
    .xlsx             at most 5 MiB, 40 MiB unpacked; macros, links to other files and what is embedded are refused
    image             as in `cleaning`

`words_in` gives what a workbook says, so that whoever takes it in can look for what must not be public.
"""

import html
import io
import re
import zipfile
from collections.abc import Callable
from typing import Final

from redprop_bot.errors import BadMedia
from redprop_bot.media.cleaning import MIB, clean
from redprop_bot.media.parts import Clean

PDF: Final = "application/pdf"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: Final = {PDF: "pdf", XLSX: "xlsx"}
LIMIT: Final = 12 * MIB
"""The most that any of them may be."""

_MOST: Final = {PDF: 10 * MIB, XLSX: 5 * MIB}
_UNPACKED: Final = 40 * MIB
_PARTS: Final = 400
_ACTIVE: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_AUTHOR: Final = re.compile(
    rb"(/(?:Author|Creator|Company)\s*)(\((?:\\.|[^\\()]){0,400}\)|<[0-9A-Fa-f\s]{0,1600}>)"
)
_PACKET: Final = re.compile(rb"<\?xpacket begin[^<>]*\?>")
_PACKET_END: Final = b"<?xpacket end"
_FOREIGN: Final = re.compile(
    r"vbaproject|externallink|embeddings/|activex|\.bin$|\.\.|^/|\\", re.IGNORECASE
)  # printer settings end in .bin too; they say whose printer
_SAYS: Final = re.compile(
    r"xl/(?:sharedStrings|comments\d*|(?:comments|worksheets|threadedComments|persons)/[^/]+)\.xml"
)
_TAG: Final = re.compile(r"<[^<>]*>")
_OFFICE: Final = "http://schemas.openxmlformats.org"
_EMPTY: Final = {
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_OFFICE}/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'<Properties xmlns="{_OFFICE}/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_OFFICE}/officeDocument/2006/custom-properties"/>',
}
_PRINTERS: Final = "xl/printersettings/"


def document(data: bytes) -> Clean:
    """What of a file is kept, whatever it is called; BadMedia says why nothing is."""
    for head, kind, cleaner in _HEADS:
        if data.startswith(head):
            if len(data) > _MOST[kind]:
                raise BadMedia("too_big")
            return Clean(cleaner(data), kind)
    return clean("image", data)


def _pdf(data: bytes) -> bytes:
    if b"%%EOF" not in data[-2048:]:
        raise BadMedia("broken")
    if _ACTIVE.search(data):
        raise BadMedia("active")
    # In place and of the same length: the parts of a PDF are found by where they begin.
    return _wordless(_AUTHOR.sub(lambda found: found[1] + _blank(found[2]), data))


def _blank(value: bytes) -> bytes:
    return value[:1] + (b" " * (len(value) - 2)) + value[-1:]


def _wordless(data: bytes) -> bytes:
    """Packets of metadata keep their place, not their words; however many there are, one way through."""
    made, start = bytearray(data), 0
    while found := _PACKET.search(data, start):
        start = data.find(_PACKET_END, found.end())
        if start < 0:
            break
        made[found.end() : start] = b" " * (start - found.end())
    return bytes(made)


def _xlsx(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or len(names) != len(parts):
                raise BadMedia("kind")
            if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
                raise BadMedia("bomb")
            return _rebuilt(archive, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise BadMedia("broken") from None


def _rebuilt(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bytes:
    made = io.BytesIO()
    left = _UNPACKED
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in parts:
            printers = part.filename.lower().startswith(_PRINTERS)
            if _FOREIGN.search(part.filename) and not printers:
                raise BadMedia("active")
            with archive.open(part) as stream:
                content = stream.read(left + 1)
            left -= len(content)
            if left < 0:
                raise BadMedia("bomb")
            told = b"" if printers else _EMPTY.get(part.filename, "").encode() or content
            copy.writestr(zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), told, zipfile.ZIP_DEFLATED)
    return made.getvalue()


_HEADS: Final[tuple[tuple[bytes, str, Callable[[bytes], bytes]], ...]] = (
    (b"%PDF-", PDF, _pdf),
    (b"PK\x03\x04", XLSX, _xlsx),
)


def words_in(found: Clean) -> str:
    """What the cells and comments of a workbook say; nothing of what is not one. BadMedia for nonsense."""
    if found.content_type != XLSX:
        return ""
    with zipfile.ZipFile(io.BytesIO(found.data)) as archive:
        texts = [
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if _SAYS.fullmatch(name)
        ]
    try:
        return "\n".join(html.unescape(_TAG.sub(" ", text)) for text in texts)
    except ValueError:  # the number of a character with thousands of digits
        raise BadMedia("broken") from None
