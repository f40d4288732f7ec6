"""`/console/settings`: terms, reminders and replies, edited above the packaged files, checked before they hold.

Every change is a version; going back is a change, too. All processes take it up within seconds.
"""

import difflib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from redprop_bot.content import Above, fitting, roots
from redprop_bot.content.reading import files
from redprop_bot.content.replies import slots_of
from redprop_bot.errors import Conflict, ContentError, Invalid, NotFound
from redprop_bot.store import editions
from redprop_bot.store.editions import CONTENT, REPLY
from redprop_bot.store.tables import Edition
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import Answer, Desk, Goto, Page, Room, Way

PATH: Final = "/console/settings"
SHOWN: Final = 60
MOST_FAULTS: Final = 20
_ADMINS: Final = frozenset({"admin", "street"})
_FOLDERS: Final = {
    "data/deadlines": "期限：多快接单、多快办结",
    "data/hours": "上班时间：工作时间从几点到几点",
    "data/reminders": "提醒：什么时候提醒谁",
    "data/ladder": "自动提级：过期、重办、转派太多怎么往上走",
    "data/limits": "限度：安静时段、一小时能报几件",
    "data/standards": "示范创建：每一套的条目、谁来审",
    "data/commendation": "评选表彰：评什么、条件、一人几票、评上几个",
    "data/opinion": "年底评价意见：交给谁、表里有哪几行",
    "data/workers": "工作考核：岗位岗级、谁考核谁、表里有哪些数",
    "data/appraisal": "考评：每张打分表谁来打、占多少、几分几颗星、几天能申诉",
    "data/discipline": "整改、红黑榜、黑名单和退出：给几天、什么时候约谈、几分什么颜色、有哪几步",
    "data/survey": "电话回访：抽百分之几、哪些都打、几点给名单",
    "data/wishes": "微心愿：几天没送到提醒、放回",
    "data/visits": "走访：有哪几种",
    "data/shop": "公益超市：留几天、一次最多几份",
    "data/coverage": "覆盖：几名党员该建组织、业委会党员比例几条线",
    "data/partners": "共建单位：哪几类算，感谢卡几点发",
}
_TITLES: Final = {
    "data/limits/joining.yaml": "同一件事：邻居报的怎样算一件",
    "data/limits/places.yaml": "地点：哪些事知道小区就能派",
    "data/limits/roads.yaml": "发消息：哪条路一次能发几条",
    "data/limits/limits.yaml": _FOLDERS["data/limits"],
}


def overview(desk: Desk) -> Answer:
    """What can be edited; replies by the words in them."""
    above, q = editions.above(desk.tx), desk.query.get("q", "").strip()
    texts = desk.content.replies.templates
    keys = [key for key, text in texts.items() if q and (q in text or q in key)]
    edited = sorted(key for key in above.replies if key in texts)
    return Page(
        "settings/overview.html",
        {
            "files": [
                {"path": path, "title": title, "edited": path in above.files}
                for path, title in _editable(desk).items()
            ],
            "unfit": _unfit(desk, above),
            "q": q,
            "replies": [{"key": key, "text": texts[key], "edited": key in above.replies} for key in keys[:SHOWN]],
            "more": max(0, len(keys) - SHOWN),
            "edited": [{"key": key, "text": texts[key], "edited": True} for key in edited],
        },
    )


def _unfit(desk: Desk, above: Above) -> list[dict[str, Any]]:
    """What was edited and does not hold, because it does not fit any more; `link` where its page still is."""
    titles, found = _editable(desk), []
    for subject, faults in desk.office.unfit.items():
        kind = CONTENT if subject in above.files else REPLY
        there = subject in (titles if kind == CONTENT else desk.content.replies.templates)
        one = {"kind": kind, "subject": subject, "title": titles.get(subject, subject), "faults": faults}
        link = _page(kind, subject) if there else ""
        found.append(one | {"link": link, "version": editions.newest(desk.tx, kind, subject)})
    return found


def _page(kind: str, subject: str) -> str:
    return f"{PATH}/file?path={subject}" if kind == CONTENT else f"{PATH}/reply?key={subject}"


def _editable(desk: Desk) -> dict[str, str]:
    """The files that can be edited, by path, with what each is for."""
    folders = roots(desk.office.settings.content_dir)
    return {
        path: _TITLES.get(path) or (title if len(found) == 1 else f"{title}（{Path(path).stem}）")
        for under, title in _FOLDERS.items()
        for found in [files(folders, under)]
        for path in found
    }


def file(desk: Desk) -> Answer:
    """One file, to be edited."""
    path, title = _named(desk)
    holds = _text(desk, path)
    return Page(
        "settings/file.html",
        {
            "path": path,
            "title": title,
            "text": holds,
            "packaged": path not in editions.above(desk.tx).files,
            "version": editions.newest(desk.tx, CONTENT, path),
            "versions": _versions(desk, CONTENT, path),
            "faults": _faults(desk, path),
        },
    )


def _faults(desk: Desk, subject: str) -> list[str]:
    """What is wrong with what was just sent, else with what was edited long ago and fits no more."""
    if desk.wrong is not None:
        return list(desk.wrong.slots.get("faults", ()))
    return [str(fault) for fault in desk.office.unfit.get(subject, ())[:MOST_FAULTS]]


def _named(desk: Desk) -> tuple[str, str]:
    path = desk.query.get("path", "") or desk.field("path")
    title = _editable(desk).get(path)
    if title is None:
        raise NotFound
    return path, title


def _text(desk: Desk, path: str) -> str:
    """The text that holds."""
    above = editions.above(desk.tx).files.get(path)
    return above if above is not None else _packaged(desk, path)


def _packaged(desk: Desk, path: str) -> str:
    under = str(Path(path).parent)
    return files(roots(desk.office.settings.content_dir), under)[path].read_text("utf-8")


def edit_file(desk: Desk) -> Answer:
    """Check the text and let it hold; the same as before is no change."""
    path, _ = _named(desk)
    text = str(desk.body.get("text", "")).rstrip() + "\n"
    _edit(desk, CONTENT, path, text, unlike=_text(desk, path))
    return Goto(_page(CONTENT, path), "settings_saved")


def reply(desk: Desk) -> Answer:
    """One reply, to be edited."""
    key = _key(desk)
    text = desk.content.replies.templates[key]
    return Page(
        "settings/reply.html",
        {
            "key": key,
            "text": text,
            "slots": sorted(slots_of(text)),
            "packaged": key not in editions.above(desk.tx).replies,
            "version": editions.newest(desk.tx, REPLY, key),
            "versions": _versions(desk, REPLY, key),
            "faults": _faults(desk, key),
        },
    )


def _key(desk: Desk) -> str:
    key = desk.query.get("key", "") or desk.field("key")
    if key not in desk.content.replies.templates:
        raise NotFound
    return key


def edit_reply(desk: Desk) -> Answer:
    """Check the words and let them hold."""
    key = _key(desk)
    text = str(desk.body.get("text", "")).rstrip()
    _edit(desk, REPLY, key, text, unlike=desk.content.replies.templates[key])
    return Goto(_page(REPLY, key), "settings_saved")


def undo(desk: Desk) -> Answer:
    """An earlier version holds again, as a new one; version 0 is what was packaged."""
    kind, subject = desk.field("kind"), desk.field("subject")
    number, there = desk.field("to"), _is_there(desk, kind, subject)
    above = editions.above(desk.tx)
    known = there or subject in {CONTENT: above.files, REPLY: above.replies}.get(kind, {})
    if not known or not number.isdecimal() or len(number) > 9:
        raise NotFound
    data: Mapping[str, Any] = {}
    if int(number):
        found = editions.version(desk.tx, kind, subject, int(number))
        if found is None:
            raise NotFound
        data = found.data
    _hold(desk, kind, subject, data, note="恢复到原来的" if not data else f"恢复到第 {int(number)} 版")
    return Goto(_page(kind, subject) if there else PATH, "settings_undone")


def _is_there(desk: Desk, kind: str, subject: str) -> bool:
    return subject in {CONTENT: _editable(desk), REPLY: desk.content.replies.templates}.get(kind, {})


def _undoing(desk: Desk) -> Answer:
    """The page on which the form of `undo` stands."""
    kind, subject = desk.field("kind"), desk.field("subject")
    if not _is_there(desk, kind, subject):
        return overview(desk)
    return file(desk.asking(path=subject)) if kind == CONTENT else reply(desk.asking(key=subject))


def _edit(desk: Desk, kind: str, subject: str, text: str, *, unlike: str) -> None:
    if not text.strip():
        raise Invalid("missing", field="text")
    if text == unlike:
        raise Conflict("unchanged", field="text")
    _hold(desk, kind, subject, {"text": text})


def _hold(desk: Desk, kind: str, subject: str, data: Mapping[str, Any], note: str = "") -> None:
    """Let a text hold after everything has been read with it; of two who edit at once the second is told."""
    editions.content_changed(desk.tx)  # held first: nobody else edits before this job ends
    newest = editions.newest(desk.tx, kind, subject)
    if desk.field("version") != str(newest):
        raise Conflict("stale", field="version")
    _check(desk, kind, subject, data)
    editions.keep(desk.tx, kind, subject, data, by=desk.viewer.name, note=note)


def _check(desk: Desk, kind: str, subject: str, data: Mapping[str, Any]) -> None:
    above = editions.above(desk.tx)
    texts = dict(above.files if kind == CONTENT else above.replies)
    texts.pop(subject, None)
    if "text" in data:
        texts[subject] = str(data["text"])
    tried: Above = replace(above, files=texts) if kind == CONTENT else replace(above, replies=texts)
    if desk.office.load is None:
        return
    try:
        faults = fitting(desk.office.load, tried, last=subject).unfit.get(subject, ())
    except ContentError as error:
        faults = tuple(error.faults)
    if faults:  # what else does not fit was so before, and must not keep anybody from mending it
        raise Invalid("content", field="text", faults=[str(fault) for fault in faults[:MOST_FAULTS]])


def _versions(desk: Desk, kind: str, subject: str) -> list[dict[str, Any]]:
    found = editions.versions(desk.tx, kind, subject)
    packaged = _packaged(desk, subject) if kind == CONTENT else ""
    return [
        {
            "version": one.version,
            "at": slips.day(desk, one.at),
            "by": one.by_name,
            "note": one.note,
            "diff": _diff(_of(found[n + 1], packaged) if n + 1 < len(found) else packaged, _of(one, packaged)),
        }
        for n, one in enumerate(found)
    ]


def _of(one: Edition, packaged: str) -> str:
    return str(one.data.get("text", packaged))


def _diff(old: str, new: str) -> list[tuple[str, str]]:
    """Lines that are different: (old or new, line)."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [
        ("new" if line[0] == "+" else "old", line[1:]) for line in list(lines)[2:] if line and line[0] in "+-"
    ][:60]


ROOM: Final = Room(
    "settings",
    "设置",
    PATH,
    (
        Way("GET", PATH, overview),
        Way("GET", f"{PATH}/file", file),
        Way("POST", f"{PATH}/file", edit_file, back=file),
        Way("GET", f"{PATH}/reply", reply),
        Way("POST", f"{PATH}/reply", edit_reply, back=reply),
        Way("POST", f"{PATH}/undo", undo, back=_undoing),
    ),
    roles=_ADMINS,
    group="3管理",
)
