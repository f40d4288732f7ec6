"""A day as people write it into a file or a form."""

import re
import unicodedata
from datetime import date
from typing import Final

_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


def day(text: str) -> date | None:
    """2026-05-12, 2026/5/12, 2026年5月12日; None for another form, ValueError for a day that there is not."""
    parts = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return date(*map(int, parts.groups())) if parts is not None else None
