"""How people speak of 整改: an order to a company with its day, 整改好了, what is still open.

The whole sentence must be of one of these forms: 要求物业整改 in a report stays a report.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Organisation

LONGEST: Final = 1500
_ORDER: Final = re.compile(
    r"(?:(?:因为?|由于)(?P<reason>[^：:]{2,200}?)[，,]\s*)?(?:请|现在)?(?P<to>给|对|向)(?P<name>[^：:，,。\s]{2,40}?)"
    r"(?:下发|下达|下|发|开)(?:一?[张个份])?整改(?:通知书|通知单|通知|要求|单|令)?[：:，,\s]\s*(?P<what>.+)",
    re.DOTALL,
)
_UNTIL: Final = re.compile(
    r"[，,；;。\s]+(?:请|限期?|务必|必须|要)?(?:于|在)?"
    r"(?P<day>(?:20\d\d年)?\d{1,2}月\d{1,2}[日号]|(?P<days>\d{1,3})[天日](?:之内|以内|内))"
    r"(?:以前|之前|前)?(?:整改|改|完成|办|弄)?(?:到位|完毕|完成|完|好)?[。！!\s]*"
)
_DONE: Final = re.compile(
    r"(?:(?:整改单?|第)?(?P<no>\d{1,9})号?(?:整改单?)?的?)?(?:都|已经|全部)*(?P<word>整改|改)(?:都|已经|全部)*"
    r"(?:好了?|完了|完成了?|到位了?|完毕)(?:[，,：:。\s]+(?P<text>\S.*))?[。！!]?",
    re.DOTALL,
)
_LIST: Final = re.compile(
    r"(?:看看|看一下|查看|查一下|查|看)?(?:我们)?(?:公司|物业)?的?整改(?:单|通知|清单|情况)?"
    r"(?:有哪些|还有哪些|有几张|还有几张)?[。？?]?"
)
_NUMBERED: Final = re.compile(r"[；;\n]+|(?:(?<=[，,。\s])|^)\d{1,2}[.、．)）]\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. unit, items, until, days, reason: of an order; no, text: of what is done."""

    what: Literal["order", "done", "list"]
    unit: Organisation | None = None
    items: tuple[str, ...] = ()
    until: str = ""
    days: timedelta | None = None
    reason: str = ""
    no: int | None = None
    text: str = ""


def read(text: str, reg: Register) -> Said | None:
    """What a sentence says of 整改; None where it is about something else."""
    plain = text.strip()
    if len(plain) > LONGEST or "改" not in plain:
        return None
    if _LIST.fullmatch(plain):
        return Said("list")
    done = _DONE.fullmatch(plain)
    if done is not None and (done["word"] == "整改" or (done["no"] and "整改" in plain)):
        return Said("done", no=int(done["no"]) if done["no"] else None, text=plain)
    order = _ORDER.fullmatch(plain)
    return _ordered(order, reg) if order is not None else None


def _ordered(found: "re.Match[str]", reg: Register) -> Said | None:
    name = found["name"]
    unit = reg.organisation_names.get(name)
    if unit is None or unit.kind != "property":
        return None
    what, until, days = found["what"].strip(), "", None
    said = _last(what)
    if said is not None:
        what, until = what[: said.start()], said["day"].replace("年", "-").replace("月", "-").rstrip("日号")
        days = timedelta(days=int(said["days"])) if said["days"] else None
    items = tuple(one.strip(" ，,。") for one in _NUMBERED.split(what) if one and one.strip(" ，,。"))
    return Said("order", unit, items, "" if days else until, days, (found["reason"] or "").strip())


def _last(what: str) -> "re.Match[str] | None":
    """The day with which a text ends."""
    return next((found for found in _UNTIL.finditer(what) if found.end() == len(what)), None)
