"""Small documents as units post them, whole and with things in them that nobody should get."""

import io
import zipfile

from openpyxl import Workbook
from openpyxl.comments import Comment

MAKER = "制表人卜算子"


def pdf(*, inside: bytes = b"", author: str = MAKER, tail: bytes = b"%%EOF\n") -> bytes:
    """A PDF of one empty page."""
    info = f"<< /Author ({author}) /Title (a) >>".encode()
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\n2 0 obj\n" + info + b"\nendobj\n" + tail
    )


def xlsx(*cells: object, comment: str = "", extra: dict[str, bytes] | None = None, maker: str = MAKER) -> bytes:
    """A workbook with cells below each other; `extra` are further parts of its archive."""
    book = Workbook()
    book.properties.creator = maker
    for value in cells or ("项目", 120.5):
        book.active.append([value])
    if comment:
        book.active["A1"].comment = Comment(comment, maker)
    made = io.BytesIO()
    book.save(made)
    if extra:
        with zipfile.ZipFile(made, "a") as archive:
            for name, data in extra.items():
                archive.writestr(name, data)
    return made.getvalue()
