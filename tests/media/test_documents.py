"""Documents for the board: known by their bytes, refused when they do something, freed of who made them."""

import io
import zipfile

import pytest
from openpyxl import load_workbook
from tests.support import papers, pictures

from redprop_bot.errors import BadMedia
from redprop_bot.media.cleaning import MIB
from redprop_bot.media.documents import PDF, XLSX, document, words_in


def test_a_pdf_is_kept_without_its_author_and_with_its_length():
    """What is said about the maker is blank; everything else lies where it lay."""
    data = papers.pdf()
    found = document(data)
    assert found.content_type == PDF
    assert papers.MAKER.encode() not in found.data
    assert len(found.data) == len(data)
    assert b"/Title (a)" in found.data


def test_what_a_pdf_says_about_itself_in_xml_is_blank():
    """The packet keeps its place, not its words."""
    packet = b"<?xpacket begin='' id='x'?><dc:creator>somebody</dc:creator><?xpacket end='w'?>"
    found = document(papers.pdf(inside=packet))
    assert b"somebody" not in found.data
    assert b"<?xpacket end='w'?>" in found.data


def test_packets_that_never_end_are_looked_through_once():
    """However many begin: none is blank, and nobody waits for it. What one of them holds before an end is blank."""
    begun = b"<?xpacket begin=''?>" * 50_000 + b"<?xpacket begin" * 50_000
    data = papers.pdf(inside=begun)
    assert document(data).data == data.replace(papers.MAKER.encode(), b" " * len(papers.MAKER.encode()))
    told = document(papers.pdf(inside=b"<?xpacket begin=''?>first<?xpacket end='w'?>" * 2 + begun)).data
    assert (told.count(b"first"), told.count(b"<?xpacket end='w'?>")) == (0, 2)


def test_a_workbook_is_kept_readable_without_its_maker():
    """Cells are what they were; author and programme are gone."""
    found = document(papers.xlsx("物业费收入", 1234.5))
    assert found.content_type == XLSX
    book = load_workbook(io.BytesIO(found.data))
    assert [cell.value for cell in book.active["A"]] == ["物业费收入", 1234.5]
    with zipfile.ZipFile(io.BytesIO(found.data)) as archive:
        assert papers.MAKER not in "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())


def test_a_picture_goes_the_way_of_pictures():
    """Its maker is gone too."""
    found = document(pictures.jpeg(exif=pictures.tiff()))
    assert found.content_type == "image/jpeg"
    assert pictures.MAKER not in found.data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "kind"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"MZ" + bytes(300), "kind"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "kind"),  # an old .xls
        (papers.pdf(tail=b""), "broken"),
        (papers.pdf(inside=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "active"),
        (papers.pdf(inside=b"/A << /S /Launch /F (cmd.exe) >>"), "active"),
        (papers.pdf(inside=b"/Names << /EmbeddedFiles 3 0 R >>"), "active"),
        (papers.pdf(inside=bytes(10 * MIB)), "too_big"),
        (b"PK\x03\x04" + bytes(100), "broken"),
        (papers.xlsx(extra={"xl/vbaProject.bin": b"macro"}), "active"),
        (papers.xlsx(extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "active"),
        (papers.xlsx(extra={"xl/embeddings/oleObject1.bin": b"x"}), "active"),
        (papers.xlsx(extra={"../../evil.xml": b"x"}), "active"),
        (papers.xlsx(extra={f"xl/media/{n}.xml": b"x" for n in range(400)}), "bomb"),
    ],
)
def test_what_is_refused_and_why(data, why):
    """By what it is, whatever it is called."""
    with pytest.raises(BadMedia) as refused:
        document(data)
    assert refused.value.why == why


def test_a_zip_without_a_workbook_is_none():
    """A Word file, an archive of pictures."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(BadMedia) as refused:
        document(made.getvalue())
    assert refused.value.why == "kind"


def test_a_small_archive_that_unpacks_to_much_is_refused():
    """Before it fills the memory."""
    made = io.BytesIO(papers.xlsx())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", bytes(41 * MIB))
    with pytest.raises(BadMedia) as refused:
        document(made.getvalue())
    assert refused.value.why == "bomb"


def test_the_words_of_a_workbook():
    """Cells, numbers and comments; of a PDF nothing."""
    words = words_in(document(papers.xlsx("张三 & 李四", 13911112222, comment="问王五")))
    for told in ("张三 & 李四", "13911112222", "问王五"):
        assert told in words
    assert words_in(document(papers.pdf())) == ""


def test_what_a_broken_sheet_says_is_not_hidden():
    """A name behind a bracket that never closes is read like any other, and many brackets are looked through once."""
    found = document(papers.xlsx(extra={"xl/worksheets/sheet7.xml": b"<" * 1_000_000 + "张三 <c/>".encode()}))
    assert "张三" in words_in(found)


def test_a_character_with_an_endless_number_is_refused():
    """As a file that is broken, not as a fault of ours."""
    found = document(papers.xlsx(extra={"xl/worksheets/sheet7.xml": b"<c>&#" + b"9" * 5000 + b";</c>"}))
    with pytest.raises(BadMedia) as refused:
        words_in(found)
    assert refused.value.why == "broken"
