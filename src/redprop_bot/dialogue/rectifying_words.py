"""How people speak of 整改: an order with its day, 整改好了, a re-check, more days, what is still open.

The whole sentence must be of one of these forms: 要求物业整改 in a report stays a report.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Organisation

What = Literal["order", "done", "list", "pass", "fail", "extend", "grant", "refuse"]
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
_WHICH: Final = r"(?:(?:整改单?第?|第)?(?P<no>\d{1,9})号(?:的?整改单?)?|整改单?)的?"
_REST: Final = r"(?:[，,：:；;。\s]+(?P<text>\S.*))?[。！!]?"
_SEEN: Final = r"(?:复查|检查)?(?:还是|仍然|还|已经|都)?"
_DAY: Final = r"(?P<day>(?:20\d\d年)?\d{1,2}月\d{1,2}[日号]?)(?:之前|以前|前)?"
_FORMS: Final[tuple[tuple[What, str], ...]] = (
    ("pass", rf"{_WHICH}{_SEEN}(?:合格|通过)了?"),
    ("fail", rf"{_WHICH}{_SEEN}(?:不合格|没有?通过|不通过)"),
    ("extend", rf"{_WHICH}(?:我们)?(?:想|要|请求)?(?:申请)?延期?到{_DAY}"),
    ("grant", rf"同意{_WHICH}延期"),
    ("grant", rf"{_WHICH}(?:可以|同意)延期"),
    ("refuse", rf"不(?:同意|批准|能给){_WHICH}延期"),
    ("refuse", rf"{_WHICH}不(?:同意|批准|能)延期"),
)
_LATER: Final = tuple((what, re.compile(form + _REST, re.DOTALL)) for what, form in _FORMS)
_NUMBERED: Final = re.compile(r"[；;\n]+|(?:(?<=[，,。\s])|^)\d{1,2}[.、．)）]\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. unit, items, reason: of an order; until, days: by when; no, text: of what comes later."""

    what: What
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
    later = _later(plain) if "整改" in plain else None
    if later is not None:
        return later
    order = _ORDER.fullmatch(plain)
    return _ordered(order, reg) if order is not None else None


def _later(plain: str) -> Said | None:
    """A re-check, or more days: which order, the words beside it and the day they end with."""
    for what, form in _LATER:
        found = form.fullmatch(plain)
        if found is None:
            continue
        text, until, days = found["text"] or "", "", None
        if what == "extend":
            until = _as_date(found["day"])
        elif what == "fail" and (said := _last(f"，{text}")) is not None:
            text = f"，{text}"[: said.start()].lstrip("，")
            days = timedelta(days=int(said["days"])) if said["days"] else None
            until = "" if days else _as_date(said["day"])
        no = int(found["no"]) if found["no"] else None
        return Said(what, no=no, text=text.strip(" ，,。；;"), until=until, days=days)
    return None


def _as_date(day: str) -> str:
    return day.replace("年", "-").replace("月", "-").rstrip("日号")


def _ordered(found: "re.Match[str]", reg: Register) -> Said | None:
    name = found["name"]
    unit = reg.organisation_names.get(name)
    if unit is None or unit.kind != "property":
        return None
    what, until, days = found["what"].strip(), "", None
    said = _last(what)
    if said is not None:
        what, until = what[: said.start()], _as_date(said["day"])
        days = timedelta(days=int(said["days"])) if said["days"] else None
    items = tuple(one.strip(" ，,。") for one in _NUMBERED.split(what) if one and one.strip(" ，,。"))
    return Said("order", unit, items, "" if days else until, days, (found["reason"] or "").strip())


def _last(what: str) -> "re.Match[str] | None":
    """The day with which a text ends."""
    return next((found for found in _UNTIL.finditer(what) if found.end() == len(what)), None)
