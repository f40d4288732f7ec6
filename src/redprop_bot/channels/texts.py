"""Text for people's phones made harmless and short enough: control characters, markup, lengths in bytes.

Wording does not live here; the only words are those that own up to a cut.
"""

import re

PASSIVE_BYTES = 2048  # passive text, and text messages of both platforms
CUT = "……（内容较长，以下略）"

# XML 1.0 forbids these, and no phone shows them; lone surrogates are not text at all.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# What the clients render: links, mentions, colours. Resident text must not bring its own.
_MARKUP = re.compile(r"<(?=\s*/?\s*(?:@|(?:a|font|div|br|img)\b))", re.IGNORECASE)


def clean(text: str) -> str:
    """Without control characters; line ends as one newline."""
    return _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def harmless(text: str) -> str:
    """Clean, and with `<a`, `<@all>`, `<font` … turned into plain signs: a full-width ＜ opens no tag."""
    return _MARKUP.sub("＜", clean(text))


def cut_bytes(text: str, limit: int, ending: str = CUT) -> str:
    """At most `limit` UTF-8 bytes, cut between characters, the ending included."""
    data = text.encode()
    if len(data) <= limit:
        return text
    return data[: limit - len(ending.encode())].decode(errors="ignore") + ending


def cut_chars(text: str, limit: int) -> str:
    """At most `limit` characters on one line, the ellipsis included: for the fields of a card."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def size(text: str) -> int:
    """The UTF-8 bytes of a text as the client sends it: lone surrogates leave as question marks."""
    return len(text.encode("utf-8", "replace"))
