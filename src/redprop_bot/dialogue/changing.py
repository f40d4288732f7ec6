"""取消, 改期, 改名额 of an activity in plain words of who keeps it: 义诊改到12月5日上午9点, 义诊取消了，下雨.

Only what names an activity of theirs, by number, title or the word 活动, is about one; what else is said of a
meeting or of one's own place there is not touched. What is not understood changes nothing, and how is told.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from redprop_bot.dialogue import activity_words, gatherings, hearing, kept, reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.store.tables import Activity
from redprop_bot.understand.numerals import CHINESE, to_int
from redprop_bot.volunteers import activities as steps
from redprop_bot.volunteers import activity_telling, signing_up
from redprop_bot.volunteers.hands import speaking

_LONGEST: Final = 200
_ASKS: Final = re.compile(
    r"[吗么嘛？?]|几点|哪天|什么时候|是不是|能不能|可不可以|可以.{0,4}[不没]|要不要|怎么|听说|如果|要是|万一|有没有"
)
_PIECE: Final = re.compile(r"[，,。；;：:\s]+")
_CLAUSE: Final = re.compile(r"[，,。；;\n]+")
_NUMBER: Final = re.compile(r"(?:活动\s*)?(A\d{8}-\d{4,12})|活动\s*A?(\d{1,6})号?$", re.IGNORECASE)
_GAP: Final = re.compile(r"(?<=活动)\s+(?=A?\d)|(?<=A\d{8}-\d{4})\s+", re.IGNORECASE)
_OFF: Final = re.compile(
    r"(?:把|将)?(?:(?:取消|停办)(?:掉|一下)?(?P<a>\S{2,40}?)|(?P<b>\S{2,40}?)的?(?:取消|停办|不办|不搞|办不成|不举行)掉?)[了啦吧]?"
)
_CHANGE: Final = re.compile(
    r"(?:请?(?:把|将))?(?P<what>.{0,40}?)的?(?P<label>(?:开始)?时间|日期|名额|人数|地点|地方)?(?:[是要得]|统一)?"
    r"(?P<verb>改[到在为成至]|改期到?|推迟到?|延期到?|延到|提前到?|挪到|换到|换成|顺延到?|延后到?|往后[推挪延]|调整?[到为成]|[增加减]+到|限|不限)"
    r"(?P<rest>.*)"
)
_FRONT: Final = re.compile(
    r"(?:修改|改|调整)(?:一下)?(?P<what>活动\s*A?\d{1,6}号?(?![\d月年:：-])|(?:活动\s*)?A\d{8}-\d{4,12}|活动)的?"
    r"(?P<label>(?:开始)?时间|日期|名额|人数|地点|地方)?(?P<verb>)[，,：:到为成\s]*(?P<rest>.*)",
    re.IGNORECASE,
)
_LATER: Final = re.compile(
    rf"(?P<n>\d{{1,3}}|半|[{CHINESE}十]{{1,3}})个?(?P<unit>天|日|周|星期|礼拜|小时|钟头)(?P<half>半)?(?:举行|再办|举办|再搞|开始)?[吧了啦。！!]*"
)
_MINUTES: Final = {"天": 1440, "日": 1440, "周": 10080, "星期": 10080, "礼拜": 10080, "小时": 60, "钟头": 60}
_MORE: Final = re.compile(
    rf"(?:请?(?:把|将|给))?(?P<what>.{{2,40}}?)(?:的?名额)?(?:再|多|又)?(?P<verb>增?加|增|添|减少?|少)"
    rf"(?P<n>\d{{1,4}}|[{CHINESE}十百]+)个?(?:名额|人|位置|位子)?[吧了。！!]?"
)
_OTHER: Final = re.compile(r"报名|预约|预订|兑换|心愿|认领|订单|派单")
_BARE: Final = re.compile(r"名额|(?:这[次场个]|那[次场个]|今[天晚]|明[天晚]|后天)?的?活动")
_WHEN: Final = re.compile(
    r"\d{1,2}月\d{1,2}[日号]|今[天晚]|明[天晚]|后天|下?(?:周|星期|礼拜)[一二三四五六日天]|[上下]午"
)
_PLACE: Final = re.compile(r"[室厅馆场楼下院门口站心园亭校区]$")


def run(turn: Turn, text: str) -> bool:
    """Change or call off the activity that a sentence names; returns whether it was about one."""
    if len(text) > _LONGEST or _ASKS.search(text):
        return False
    text = _GAP.sub("", text)
    clauses = [clause for clause in _PIECE.split(text) if clause]
    change = _FRONT.fullmatch(text) or next(
        (fits for start in _starts(text) if (fits := _CHANGE.fullmatch(text, start))), None
    )
    more = _MORE.fullmatch(text) if "名额" in text else None
    if change is None and more is None and not any(map(_OFF.fullmatch, clauses)):
        return False
    heard = hearing.read(turn)
    if hearing.alarming(heard):
        return False  # 1栋着火了，活动取消: the alarm first
    told = any(act.intent in reporting.INTENTS for act in heard)  # 楼下活动推迟到半夜，吵得睡不着
    change = change or more
    return _called_off(turn, text, clauses) or (change is not None and _changed(turn, text, change, told=told))


def _called_off(turn: Turn, text: str, clauses: list[str]) -> bool:
    for clause in clauses:
        match = _OFF.fullmatch(clause)
        what = (match["a"] or match["b"]) if match else None
        if what is None or (found := _meant(turn, what)) is None or not found:
            continue
        if len(found) > 1:
            kept.ask(turn, found, text.replace(what, "{no}", 1))
            return True
        reason = "，".join(one for one in clauses if one is not clause)
        reason = re.sub(r"^(?:因为|由于|原因是?)", "", reason)
        done = steps.cancel(turn.tx, found[0], reason, speaking(turn.speaker))
        turn.say("activity.cancelled", **activity_telling.slots(turn.tx, done))
        return True
    return False


def _changed(turn: Turn, text: str, match: re.Match[str], *, told: bool) -> bool:
    label = match.groupdict().get("label") or ""
    found = _meant(turn, match["what"] or label)
    if found is None and label and not match["what"]:
        found = _only_own(turn)
    if found is None or (told and not found):
        return False
    if not found:
        turn.say("activity.change_none")
        return True
    if len(found) > 1:
        kept.ask(turn, found, text.replace(match["what"], "{no}", 1))
        return True
    activity = signing_up.held(turn.tx, found[0])
    changes = _wanted(turn, activity, match)
    if not changes:
        turn.say("activity.change_how", **activity_telling.slots(turn.tx, activity))
        return True
    done = steps.edit(turn.tx, activity, changes, speaking(turn.speaker))
    turn.say("activity.changed", **gatherings.about(turn, done))
    return True


def _starts(text: str) -> list[int]:
    """Where clauses begin: 下雨，义诊改到周日."""
    return [0, *(match.end() for match in _CLAUSE.finditer(text))]


def _meant(turn: Turn, what: str) -> Sequence[Activity] | None:
    """The activities that may be meant, as far as they are the speaker's; None where it is about no activity."""
    if _OTHER.search(what):
        return None
    if number := _NUMBER.search(what):
        return kept.fitting(turn, number[1] or number[2])
    ahead = kept.ahead(turn)
    if _BARE.fullmatch(what):
        return ahead
    name = _WHEN.sub("", what).removesuffix("活动").strip(" 的（）()《》“”")
    named = [a for a in ahead if a.title in what] or [a for a in ahead if len(name) >= 2 and name in a.title]
    if not named:
        return [] if what.endswith("活动") and ahead else None
    if turn.tx.content.meetings.named(what) and not any(a.title in what for a in named):
        return None  # 议事会改到周五, where there is a 议事会开放日, too
    return named


def _only_own(turn: Turn) -> Sequence[Activity] | None:
    """时间改成周日 of who holds one activity, and has no order or meeting at hand that it may be of."""
    if turn.speaker.role == "secretary" or turn.session.demand or turn.session.just_met():
        return None
    own = [a for a in kept.ahead(turn) if a.organiser_id == turn.person_id]
    return own if len(own) == 1 else None


def _wanted(turn: Turn, activity: Activity, match: re.Match[str]) -> dict[str, Any]:
    """What is to be changed; empty where that is not understood."""
    if match.re is _MORE:
        number = int(match["n"]) if match["n"].isdecimal() else to_int(match["n"]) or 0
        left = (activity.capacity or 0) + (-number if match["verb"][0] in "减少" else number)
        return {"capacity": left} if activity.capacity and number and left > 0 else {}
    label, verb, rest = match["label"] or "", match["verb"], match["rest"].strip(" ，,。")
    if label in ("名额", "人数") or verb in ("限", "不限"):
        if "不限" in verb + rest:
            return {"capacity": None}
        given = re.search(r"\d{1,5}", rest)
        return {"capacity": int(given[0])} if given else {}
    if label in ("地点", "地方"):
        return {"place": _CLAUSE.split(rest)[0].strip()[:200]} if rest else {}
    if (later := _LATER.fullmatch(rest)) and verb.startswith(("推", "延", "顺", "提", "往")) and "到" not in verb:
        return _shifted(activity, later, -1 if verb.startswith("提") else 1)
    zone = turn.tx.content.zone
    said = activity_words.read(rest, turn.inbound.created_at.astimezone(zone).date())
    changes: dict[str, Any] = {}
    if said.day is not None or said.begin is not None:
        stretch = said.stretch(zone, before=(activity.starts_at, activity.ends_at))
        if stretch is not None:
            changes |= {"starts_at": stretch[0], "ends_at": stretch[1]}
    if said.capacity is not None:
        changes["capacity"] = said.capacity
    where = said.place or next((word for word in said.words if _PLACE.search(word)), "")
    return changes | ({"place": where[:200]} if where else {})


def _shifted(activity: Activity, said: re.Match[str], way: int) -> dict[str, Any]:
    """推迟一周, 提前半小时: both ends by so much."""
    number = 0.5 if said["n"] == "半" else float(to_int(said["n"]) or 0)
    minutes = way * _MINUTES[said["unit"]] * (number + (0.5 if said["half"] else 0))
    if not minutes or (minutes % 1440 and _MINUTES[said["unit"]] > 60):
        return {}  # 半天: nobody guesses the hour
    by = timedelta(minutes=minutes)
    return {"starts_at": activity.starts_at + by, "ends_at": activity.ends_at + by}


def tried(turn: Turn, text: str) -> bool:
    """The same, with what is refused told."""
    try:
        with turn.tx.savepoint():
            return run(turn, text)
    except Refused as refusal:
        kept.refused(turn, refusal)
        return True
