"""转应急, 恢复平时, 收到, 报平安 in chat. Strict sentences and buttons; everything else is read as language."""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.dialogue import checking_in, hearing, mode_words, rsvp_words, written_days
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Invalid, Refused
from redprop_bot.loop import emergency, emergency_clock, scope
from redprop_bot.loop.duty_list import agree
from redprop_bot.loop.scope import Keeper, Scope
from redprop_bot.registry.register import Register
from redprop_bot.store import modes
from redprop_bot.store.tables import Card, Member, Mode

_BEGIN: Final = re.compile(
    r"(?:平转急|转应急|转入应急|(?:启动|进入|开启)应急(?!电|灯|照明|广播|喇叭|通道|出口|泵|水泵|水源|供)(?:模式|状态|响应)?)"
    r"[：:，,\s]*(?P<rest>.*)",
    re.DOTALL,
)
_END: Final = re.compile(
    r"(?:急转平|恢复平时|转平时|(?:解除|结束|退出)应急(?:模式|状态|响应)?)[：:，,\s]*(?P<rest>.*)"
)
_UNTIL: Final = re.compile(
    r"[，,\s]*到\s*(?:(?P<date>(?:20\d\d[-年/])?\d{1,2}[-月/]\d{1,2}[日号]?)|(?P<day>昨天|今天|今晚|明天|明晚|后天))"
    r"\s*(?P<part>凌晨|清早|早上|上午|中午|下午|傍晚|晚上|夜里)?"
    r"\s*(?:(?P<h>\d{1,2})(?:[:：点时](?:(?P<m>\d{2})分?|(?P<half>半))?)?)?\s*$"
)
_UNCLEAR: Final = re.compile(r"到\S{1,10}\s*$")  # a moment that nobody can read is asked, not ignored
_HOURS: Final = re.compile(r"[，,\s]*(?P<n>\d{1,3})个?(?P<unit>小时|天)\s*$")
_DUTY: Final = re.compile(r"(?:看|查)?(?:值守名单|应急回执|值守回执|应急情况)")
_AGREE: Final = {"我愿意值守": True, "我来值守": True, "愿意值守": True, "不值守了": False, "我不值守了": False}


def run(turn: Turn) -> bool:
    """Do what a strict sentence about an emergency says; returns whether it was one."""
    text = turn.inbound.text.strip().rstrip("。")
    try:
        if turn.speaker.role == "secretary" and _kept(turn, text):
            return True
        if turn.speaker.role in ("provider", "member") and (_BEGIN.fullmatch(text) or _END.fullmatch(text)):
            turn.say("error.mode_role")
            return True
        if turn.speaker.role != "secretary" and _not_theirs(turn, text):
            turn.say("error.mode_role")
            return True
        if rsvp_words.received(text) and _received_by_word(turn, again=rsvp_words.at_post(text)):
            return True
        if text in _AGREE and turn.speaker.member is not None:
            _agreed(turn, turn.speaker.member, yes=_AGREE[text])
            return True
        return checking_in.resident(turn, text)
    except Refused as refusal:
        turn.refuse(refusal)
        return True


def _keeper(turn: Turn) -> Keeper:
    return scope.keeper_of(turn.register, turn.person_id, turn.speaker.name)


def _kept(turn: Turn, text: str) -> bool:
    if match := _BEGIN.fullmatch(text):
        begin(turn, match["rest"])
    elif match := _END.fullmatch(text):
        _finish(turn, match["rest"].strip())
    elif _DUTY.fullmatch(text):
        _shown(turn)
    elif match := checking_in.ELDERS.fullmatch(text):
        checking_in.elders(turn, match["names"])
    elif (match := checking_in.ELDER.fullmatch(text)) and checking_in.within(turn):
        checking_in.elder(turn, match)
    else:
        return _switched(turn, text)
    return True


def _switched(turn: Turn, text: str) -> bool:
    """The switch in the words of whoever keeps the place; what tells of lives at stake goes its own way."""
    said = mode_words.read(text, _known(turn.register))
    if said is None or hearing.alarming(hearing.read(turn)):
        return False
    if said.on:
        places = ("街道",) if said.whole and not said.places else said.places
        begin(turn, f"{'、'.join(places)}，{said.rest}" if places else said.rest)
        return True
    where = checking_in.within(turn)
    if not where and "应急" not in text:
        return False  # 小区恢复正常 in peacetime: something is mended
    named = "、".join(said.places)
    _finish(turn, named)
    return True


def _not_theirs(turn: Turn, text: str) -> bool:
    """Whether somebody who keeps no place says nothing but that an emergency begins or ends."""
    said = mode_words.read(text, _known(turn.register))
    return (
        said is not None
        and "应急" in text
        and not (said.on and said.rest)
        and not hearing.alarming(hearing.read(turn))
    )


# -- the switch


def begin(turn: Turn, rest: str) -> None:
    """Where, what, until when; the whole of the speaker's community when no place is said."""
    keeper = _keeper(turn)
    until, rest = _until(turn, rest)
    if until is None and _UNCLEAR.search(rest):
        raise _bad_until(turn)
    where, title = _where(turn, rest, keeper)
    if not title:
        turn.session.ask("mode_title", rest=rest, until=until.isoformat() if until else None)
        turn.say("mode.ask_title")
        return
    turn.session.asked = None
    with turn.tx.savepoint():
        mode = emergency.begin(turn.tx, keeper, where, title=title, until=until)
    found = emergency.figures(turn.tx, mode)
    turn.say("mode.began", **emergency.slots(turn.tx, mode), duty=str(found["duty"]))


def title_answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """What the emergency is about, after it was asked."""
    if len(text) < 2 or len(text) > emergency.TITLE_LIMIT:
        return False
    until = asked.get("until")
    try:
        keeper = _keeper(turn)
        where, _none = _where(turn, str(asked["rest"]), keeper)
        turn.session.asked = None
        with turn.tx.savepoint():
            mode = emergency.begin(
                turn.tx, keeper, where, title=text, until=datetime.fromisoformat(until) if until else None
            )
    except Refused as refusal:
        turn.refuse(refusal)
        return True
    found = emergency.figures(turn.tx, mode)
    turn.say("mode.began", **emergency.slots(turn.tx, mode), duty=str(found["duty"]))
    return True


def _bad_until(turn: Turn) -> Invalid:
    longest = str(turn.tx.content.emergency_mode.longest).replace("d", "天")
    return Invalid("mode_until", field="until", longest=longest)


def _where(turn: Turn, rest: str, keeper: Keeper) -> tuple[Scope, str]:
    """The area that the words begin with, and what follows them."""
    reg = turn.register
    known = sorted(_known(reg), key=len, reverse=True)
    names: list[str] = []
    text = rest.strip()
    if (whole := mode_words.WHOLE.match(text)) and not any(text.startswith(name) for name in known):
        return Scope(None), text[whole.end() :].lstrip("、，,：: ")
    while hit := next((name for name in known if text.startswith(name)), None):
        names.append(hit)
        text = re.sub(r"^[、，,：:和\s]+", "", text[len(hit) :])
    if names:
        return scope.scope_called(reg, names), text
    if len(parts := text.split()) > 1:  # 月亮湾 停水: the place stands first, and nobody knows it
        raise Invalid("unknown_scope", field="scope", name=parts[0])
    if keeper.communities is not None and len(keeper.communities) == 1:
        return Scope(next(iter(keeper.communities))), text
    if keeper.communities is None and len(reg.communities) == 1:
        return Scope(next(iter(reg.communities))), text
    if keeper.communities is None or not keeper.may:  # the whole street, refused by the step to who may not
        return Scope(None), text
    raise Conflict("mode_where", names="、".join(c.name for c in reg.communities.values()))


def _known(reg: Register) -> list[str]:
    """What places are called: estates, communities, the street."""
    return [
        *reg.estate_names,
        *(community.name for community in reg.communities.values()),
        *(street.name for street in reg.streets.values()),
    ]


def _until(turn: Turn, text: str) -> tuple[datetime | None, str]:
    """Until when, and the words without it. A day without an hour ends at its midnight."""
    now = turn.tx.now.astimezone(turn.tx.content.zone)
    if span := _HOURS.search(text):
        length = timedelta(hours=int(span["n"])) if span["unit"] == "小时" else timedelta(days=int(span["n"]))
        return now + length, text[: span.start()]
    match = _UNTIL.search(text)
    if match is None:
        return None, text
    if match["date"]:
        found = written_days.day_of(turn, match["date"])
        if found is None:
            return now, text[: match.start()]  # refused as a moment that cannot be
        day = found
    else:
        day = now + timedelta(
            days={"昨天": -1, "今天": 0, "今晚": 0, "明天": 1, "明晚": 1, "后天": 2}[match["day"]]
        )
    if match["h"] is None:
        return day.replace(hour=23, minute=59, second=0, microsecond=0), text[: match.start()]
    hour, minute = _hour(match), 30 if match["half"] else int(match["m"] or 0)
    if int(match["h"]) > 24 or minute > 59:
        return now, text[: match.start()]
    start = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return start + timedelta(hours=hour, minutes=minute), text[: match.start()]


def _hour(match: re.Match[str]) -> int:
    """The hour of the day that is meant: 今晚8点 is 20, 晚上12点 the end of that day, 中午1点 13."""
    hour, part = int(match["h"]), match["part"] or ""
    evening = part in ("晚上", "夜里") or (not part and match["day"] in ("今晚", "明晚"))
    if evening:
        return hour + 12 if 5 <= hour <= 12 else 24 + hour if hour < 5 else hour
    late = part in ("下午", "傍晚") or (part == "中午" and hour < 11)
    return hour + 12 if late and hour < 12 else hour


def _finish(turn: Turn, named: str) -> None:
    mode = scope.the_one(checking_in.within(turn, named), turn.register)
    with turn.tx.savepoint():
        done = emergency.finish(turn.tx, _keeper(turn), mode)
    turn.say("mode.ended", **emergency.slots(turn.tx, done), **emergency.report_slots(dict(done.report)))


def _shown(turn: Turn) -> None:
    mode = scope.the_one(checking_in.within(turn), turn.register)
    found = emergency.figures(turn.tx, mode)
    late = emergency.silent(modes.duties(turn.tx, mode.id or 0))
    turn.say(
        "mode.figures",
        **emergency.slots(turn.tx, mode),
        **emergency.report_slots(found),
        names=emergency_clock.names(turn.tx, late),
    )


# -- duty staff and members


def tapped(turn: Turn, card: Card, no: str) -> bool:
    """收到 on a card; returns whether it is settled."""
    mode = modes.by_no(turn.tx, no)
    if mode is None or mode.id != card.subject_id:
        turn.say("error.card_unknown")
        return False
    return _received(turn, mode)


def _received(turn: Turn, mode: Mode) -> bool:
    try:
        with turn.tx.savepoint():
            emergency.receive(turn.tx, mode, turn.speaker.person)
    except Refused as refusal:
        turn.refuse(refusal)
        return refusal.code in ("received", "mode_ended")
    turn.say("mode.received", **emergency.slots(turn.tx, mode))
    return True


def _received_by_word(turn: Turn, *, again: bool) -> bool:
    """收到 as a word means an emergency only while one waits for it; 已到岗 is said of one that has it, too."""
    for mode in modes.active(turn.tx):
        duty = modes.duty_of(turn.tx, mode.id or 0, turn.person_id)
        if duty is not None and (duty.received_at is None or again):
            return _received(turn, mode) or again
    return False


def _agreed(turn: Turn, member: Member, *, yes: bool) -> None:
    mode = agree(turn.tx, member, yes=yes)
    if mode is not None:
        turn.say("mode.joined", **emergency.slots(turn.tx, mode))
    else:
        turn.say("mode.agreed" if yes else "mode.disagreed")
