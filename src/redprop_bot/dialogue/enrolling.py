"""党员报到、志愿者注册 in chat: one short question after the other, any may be skipped, consent at the end."""

import re
from typing import Any, Final

from redprop_bot.dialogue import hearing, reporting, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.notify import outbox
from redprop_bot.ports import Channel
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.rules.telling import Weight
from redprop_bot.store import one_person, people
from redprop_bot.store.tables import Member, Person
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import enrolment, ledger
from redprop_bot.volunteers import one_person as joining
from redprop_bot.volunteers.enrolment import Card

ASKED: Final = "enrol"
_STEPS: Final = ("name", "unit", "branch", "skills", "hours", "posts", "consent")
_SKIP: Final = frozenset({"没有", "无", "跳过", "不选", "都不选", "不填", "没", "暂时没有", "不方便说"})
_YES: Final = frozenset({"同意", "我同意", "是", "是的", "好", "好的", "可以", "行", "嗯", "确认"})
_NO: Final = frozenset({"不同意", "我不同意", "不", "否", "不行", "不可以"})
_BEGIN: Final = re.compile(
    r"(?:我?(?:想|要|来)?(?:志愿者注册|注册志愿者|注册成?为?志愿者|当志愿者|做志愿者|加入志愿(?:者|服务)队?|(?:志愿者|志愿服务队)报名|(?:报名|申请)(?:当|做|成为|加入)?志愿者))[!！。]*"
)
_LEAVE: Final = re.compile(
    r"(?:我?(?:要|想)?(?:退出|注销|取消)(?:志愿者?|志愿服务队?|志愿者注册|报到|党员报到|注册)|我?不(?:想)?(?:当|做)志愿者了)[。!！]*"
)
_SELF: Final = re.compile(r"(?:我叫|我是|姓名[是：:]?|名字[是：:]?)\s*([\u4e00-\u9fff·]{2,8})(?=$|[，,。；;\s])")
_NOT_NAMES: Final = ("党员", "志愿", "居民", "社区", "业主", "在职")
_NOT_ME: Final = re.compile(
    r"(?:这|那)?(?:个|人)?(?:可)?不是我(?:本人|自己)?(?:操作|报到|报|绑定|弄|办)?的?[。!！]*"
)
_DIGITS: Final = re.compile(r"\d{6}")
_SPLIT: Final = re.compile(r"[、，,；;\s]+")
_WAITS: Final = 30 * 60
"""Seconds that a question waits: what is said hours later is no answer to who somebody is."""
_SURE: Final = 0.6
_NO_ANSWER: Final = ("human", "progress.", "points.", "demand.urge")
_ELSEWHERE: Final = (*reporting.INTENTS, "activity.", "consult")
_HAPPENS: Final = re.compile(
    r"(?:了|吗|呢|么|嘛|没有)$|[?？坏堵漏爆断裂冒臭吵丢塌不太]|没(?!.{0,4}时)|停[水电气]|有(?:人|个)|我家|家里|怎|什么|哪|多少|我[要想]|投诉|报[名修]|取消"
)
"""What a sentence about something has, and a name, a unit or what somebody can do (换灯泡, 调解纠纷) has not."""
_LONG_NAME: Final = 4
_NO_NAME: Final = re.compile(r"[了呢]$|怎|什么|坏|堵|漏|积水|停[水电气]|^(?:[你您]好|谢|在吗)")
_LATER: Final = re.compile(r"(?:请?[稍等]{1,2}[一会下儿我]{0,3})")
_ASKS: Final = re.compile(r"[吗?？]$|怎么[样办]|什么时候(?!都|.{0,2}空)|我?要?(?:报修|投诉|举报)")


def run(turn: Turn) -> bool:
    """Registering, leaving, and the code, in strict words; returns whether it was one of these."""
    text = turn.inbound.text.strip()
    if _BEGIN.fullmatch(text):
        begin(turn, Heard("member.register", text=text))
        return True
    if _LEAVE.fullmatch(text):
        _leave(turn)
        return True
    if _NOT_ME.fullmatch(text) and turn.inbound.channel == Channel.WORK:
        return _not_me(turn)
    if _DIGITS.fullmatch(text):
        member = enrolment.of(turn.tx, turn.person_id)
        if member is not None and enrolment.awaits(turn.tx, member):
            _verify(turn, member, text)
            return True
        if member is not None and member.verified_at is None and member.code_until is not None:
            turn.say("enrol.code_over")
            return True
    return False


def begin(turn: Turn, heard: Heard) -> None:
    """Ask what is not known yet; what the roster or the first sentence says is not asked."""
    text = heard.text or turn.inbound.text
    known = enrolment.of(turn.tx, turn.person_id)
    if known is not None and known.agreed_at is not None:
        turn.say("enrol.already", **_about(turn, known))
        return
    draft: dict[str, Any] = {"party": "党员" in text or bool(known and known.party)}
    name = turn.speaker.person.name or _name(text)
    if name:
        draft["name"] = name
    if known is not None:
        draft |= {"branch": known.branch, "skills": list(known.skills)} if known.branch else {}
    elif not draft["party"]:
        draft["branch"] = None  # volunteers are not asked for a branch
    _next(turn, draft, first=True)


def _name(text: str) -> str | None:
    match = _SELF.search(text)
    return match[1] if match and not any(word in match[1] for word in _NOT_NAMES) else None


def _about(turn: Turn, member: Member) -> dict[str, str]:
    skills, posts = "、".join(member.skills), "、".join(member.chosen)
    return {"name": turn.speaker.name, "skills": skills or "没写", "posts": posts or "没选"}


def _next(turn: Turn, draft: dict[str, Any], *, first: bool = False) -> None:
    step = next(step for step in _STEPS if step not in draft)
    turn.session.ask(ASKED, step=step, draft=draft)
    offered = turn.tx.content.activities.posts
    posts = "\n".join(f"{n}. {post}" for n, post in enumerate(offered, 1))
    hello = turn.tx.content.replies.say("enrol.hello" if first else "enrol.noted")
    slots = {"hello": hello, "posts": posts, **_shown(draft)}
    turn.say(f"enrol.ask_{step}", **slots)


def _shown(draft: dict[str, Any]) -> dict[str, str]:
    def words(name: str) -> str:
        value = draft.get(name)
        return "、".join(value) if isinstance(value, list) else str(value or "")

    lines = {
        "name": "姓名",
        "unit": "单位",
        "branch": "支部",
        "skills": "会什么",
        "hours": "什么时候有空",
        "chosen": "岗位",
    }
    said = [f"{head}：{words(name)}" for name, head in lines.items() if words(name)]
    return {"card": "\n".join(said)}


def answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """The answer to one of the questions; what cannot be one is read as language."""
    step, draft = str(asked["step"]), dict(asked["draft"])
    if step == "consent":
        return _consent(turn, draft, text)
    if turn.tx.now.timestamp() - asked["at"] > _WAITS:
        turn.session.asked = None
        return False
    if len(text) > enrolment.TEXT_LIMIT or _another_matter(turn, step, text):
        return False
    if step == "name" and _LATER.fullmatch(text):
        turn.say("ask.no_hurry")
        return True
    if step == "name":
        name = _name(text) or text.removeprefix("我叫").removeprefix("我是").strip()
        if not re.fullmatch(r"[\u4e00-\u9fffA-Za-z· ]{2,20}", name):
            turn.say("enrol.ask_name_again")
            return True
        draft["name"] = name
    elif step == "skills":
        draft["skills"] = [] if text in _SKIP else [s for s in _SPLIT.split(text) if s][:10]
    elif step == "posts":
        chosen = [] if text in _SKIP else list(enrolment.posts(turn.tx, text))
        if not chosen and text not in _SKIP:
            turn.say("enrol.ask_posts_again", number=str(len(turn.tx.content.activities.posts)))
            return True
        draft |= {"posts": True, "chosen": chosen}
    else:
        draft[step] = None if text in _SKIP else text
    _next(turn, draft)
    return True


def _another_matter(turn: Turn, step: str, text: str) -> bool:
    """Whether somebody has something else to say than who they are: 楼道灯坏了, 转人工."""
    if text in _SKIP:
        return False
    heard = hearing.read(turn)
    placed = any(act.slots.get(name) for act in heard for name in ("building", "room"))
    if placed and any(act.intent == "demand.report" for act in heard):
        return True
    if _ASKS.search(text) or (step == "name" and _NO_NAME.search(text)):
        return True
    sure = [act.intent for act in heard if act.confidence >= _SURE]
    if any(intent.startswith(_NO_ANSWER) for intent in sure):
        return True
    happens = _HAPPENS.search(text) or (step == "name" and len(text) > _LONG_NAME)
    return bool(happens) and any(intent.startswith(_ELSEWHERE) for intent in sure)


def _consent(turn: Turn, draft: dict[str, Any], text: str) -> bool:
    if text in _NO:
        turn.session.asked = None
        turn.say("enrol.dropped")
        return True
    if text not in _YES:
        return False
    turn.session.asked = None
    card = Card(
        name=str(draft["name"]),
        party=bool(draft.get("party")),
        unit=draft.get("unit"),
        branch=draft.get("branch"),
        skills=tuple(draft.get("skills") or ()),
        hours=draft.get("hours"),
        chosen=tuple(draft.get("chosen") or ()),
    )
    try:
        with turn.tx.savepoint():
            made = enrolment.register_them(turn.tx, turn.speaker.person, card)
    except Refused as refusal:
        turn.refuse(refusal)
        return True
    _tell_secretary(turn, made, card)
    if turn.inbound.channel == Channel.WORK:
        turn.say("enrol.done", name=card.name)
    else:
        _ask_for_proof(turn, made, card)
    return True


def _tell_secretary(turn: Turn, member: Member, card: Card) -> None:
    slots = {
        "name": card.name,
        "skills": "、".join(member.skills) or "没写",
        "posts": "、".join(card.chosen) or "没选",
    }
    slots |= {"unit": card.unit or "没写", "branch": member.branch or card.branch or "没写"}
    draft = outbox.Draft(
        key=f"enrol:{member.id}:{int(turn.tx.now.timestamp())}",
        message="enrolled",
        text=turn.tx.content.replies.say("tell.enrolled", **slots),
    )
    told = turn.register.secretaries(tasks.community_of(turn))
    outbox.queue(turn.tx, [(person, draft) for person in told if person.id != turn.person_id])


# -- who it is


def _ask_for_proof(turn: Turn, member: Member, card: Card) -> None:
    """A code for the person of that name in the roster, else for the secretary, never for who asks."""
    twin = enrolment.voucher(turn.tx, card.name)
    digits = enrolment.new_code(turn.tx, member, of=twin or enrolment.listed(turn.tx, card.name))
    told: list[Person] = [twin] if twin else turn.register.secretaries(tasks.community_of(turn))
    message = "enrol_code_self" if twin else "enrol_code"
    draft = outbox.Draft(
        key=f"enrol:{member.id}:code:{int(turn.tx.now.timestamp())}",
        message=message,
        text=turn.tx.content.replies.say(f"tell.{message}", name=card.name, code=digits),
        weight=Weight.ANSWER if twin else Weight.PLAIN,
    )
    outbox.queue(turn.tx, [(person, draft) for person in told])
    if twin:
        turn.say("enrol.verify_self", name=card.name)
    else:
        turn.say("enrol.verify", name=card.name, secretary=tasks.secretary_name(turn))


def _verify(turn: Turn, member: Member, digits: str) -> None:
    if not enrolment.verify(turn.tx, member, digits, name=turn.speaker.person.name):
        turn.say("enrol.wrong_code")
        return
    one = one_person.holder(turn.tx, turn.person_id)
    if one == turn.person_id:
        turn.say("enrol.verified", name=turn.speaker.name)
        return
    points = str(ledger.balance(turn.tx, one))
    turn.say("enrol.joined", name=turn.speaker.name, points=points)
    kept, days = people.named(turn.tx, {one})[one], str(turn.tx.content.activities.verify.apart_days)
    text = turn.tx.content.replies.say("tell.enrol_joined", points=points, days=days)
    key = f"enrol:{one}:joined:{turn.person_id}"
    draft = outbox.Draft(key=key, message="enrol_joined", text=text, weight=Weight.ANSWER)
    outbox.queue(turn.tx, [(kept, draft)] if kept.userid else [])


def _not_me(turn: Turn) -> bool:
    """Somebody else registers under the name of who speaks in WeCom, or has done so."""
    person = turn.speaker.person
    if joining.last(turn.tx, person) is not None:
        joining.part(turn.tx, person, by="本人")
        turn.say("enrol.parted")
    elif enrolment.not_me(turn.tx, person):
        turn.say("enrol.not_me")
    else:
        return False
    told = turn.register.secretaries(tasks.community_of(turn))
    text = turn.tx.content.replies.say("tell.enrol_not_me", name=turn.speaker.name)
    draft = outbox.Draft(key=f"enrol:{person.id}:not_me:{turn.inbound.key}", message="enrol_not_me", text=text)
    outbox.queue(turn.tx, [(one, draft) for one in told if one.id != turn.person_id])
    return True


def _leave(turn: Turn) -> None:
    try:
        with turn.tx.savepoint():
            left = enrolment.leave(turn.tx, turn.speaker.person)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    turn.session.asked = None
    if left.source == "roster":
        text = turn.tx.content.replies.say("tell.resigned", name=turn.speaker.person.name or RESIDENT_NAME)
        key = f"resigned:{left.id}:{int(turn.tx.now.timestamp())}"
        draft = outbox.Draft(key=key, message="resigned", text=text)
        told = turn.register.secretaries(tasks.community_of(turn))
        outbox.queue(turn.tx, [(person, draft) for person in told if person.id != turn.person_id])
    turn.say("enrol.left")
