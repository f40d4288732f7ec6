"""说的是来办事的人，不是那件事: 师傅多要了钱, 修灯的手脚不干净. It goes past them, as a complaint.

What a resident says of whoever was sent would else be more of the order, and read by the very person. Only of
somebody who has an order that a unit works at, or has just finished.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue import hearing, reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Person
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.surnames import SURNAME

_SOMEBODY: Final = (
    r"师傅|工人|[修通换装来][^，,。]{0,4}的(?:那个)?人?|维修工|电工|水工|保洁|保安|经理|管家|^[他她](?!家)"
)
_MISCONDUCT: Final = re.compile(
    r"摸(?:我|了我)|动手动脚|偷|顺走|顺手拿|骂(?!名)|[吼凶]我|(?:嘴里?|手脚)不干不?净|喝(?:多|高|醉|了酒)|酒气|一身酒|威胁|推[了搡]我|打[了人我]"
    r"|流氓|耍横|吃拿卡要|红包|好处费|烟钱|小费|不给开?票|没给开?票|辱|调戏|骚扰|信不过"
)
_SIDES: Final = re.compile(
    r"举报|投诉|包庇|袒护|护着|一伙|勾结|串通|收了?[^，,。]{0,6}(?:烟|酒|钱|礼|好处|红包)|拿了?[^，,。]{0,4}(?:好处|回扣|钱)|吃请|贪|回扣|亲戚"
)
_SPOKEN_TO: Final = re.compile(
    r"^[^，,。：:！! ]{0,4}(?:书记|主任)(?:您好|你好)?(?:[，,、：:！! ]|(?=我要?|麻烦|请|您))"
)
_MONEY: Final = re.compile(
    r"(?:找|跟|管|问|向)?我们?(?:家)?(?:多|另外|私下)?(?:要|收|讨)(?:了|走|我)?[^，,。]{0,4}(?:\d{1,5}|[一二两三四五六七八九十百]{1,4})(?:块|元|百)"
    r"|(?:收|要)了?(?:我|我们|我家)[^，,。]{0,4}(?:\d{1,5}|[一二两三四五六七八九十百]{1,4})(?:块|元|百)?"
)
_TAKES: Final = re.compile(
    r"红包|好处费|小费|(?:要|让|叫)我(?:们)?给(?:他|钱)|(?:收|要)了?(?:我|我们|我家)[^，,。]{0,3}[0-9一二两三四五六七八九十百]{1,4}(?:块|元)|不给钱(?:就)?不"
)
_REFUSED: Final = re.compile(r"不收|没收|没要|不要(?!脸)|拒|退[还回]|推辞")
_SLACK: Final = re.compile(
    r"不上心|不用心|没用心|(?<![不没])(?<!从不)(?:糊弄|敷衍|偷懒|骗人|吹牛)|不负责|磨洋工|态度(?:太|很|真|又|极)?(?:差|恶劣|不好|坏)|(?:技术|水平|手艺)(?:太|很|真)?(?:差|不行|臭)"
    r"|爱理不理|爱答不理|摆架子|混日子|不像话|没责任心|瞎(?:修|弄|搞)|乱(?:修|弄|搞)"
)
_CALLED: Final = re.compile(rf"{SURNAME}(?:师傅|经理)")
_CLAUSE: Final = re.compile(r"[，,。；;！!\s]+")
_WHERE: Final = ("estate", "building", "unit", "room", "place", "phone")
_MISSING: Final = re.compile(r"(?:钱|块|元|手机|充电器|扳手|首饰|戒指|烟|酒)(?:也|就|都)?(?:不见|没)了")
_AGREED: Final = re.compile(r"(?:我|都)?(?:同意|可以|没问题|应该的|不贵|挺值)[了的吧]?$|[,，。 ]行吧?$")
_CLEAR: Final = 0.8
_WORKED: Final = frozenset({Stage.DISPATCHED, Stage.ACCEPTED, Stage.DONE})
_ELSE: Final = frozenset({"complaint", "mediation", "human", "privacy"})
_PRAISE: Final = frozenset({"praise", "feedback.satisfied"})
_SURE: Final = 0.6
_HOURS: Final = 14 * 24


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Take such words as a complaint of their own; returns whether they were."""
    if turn.speaker.role not in ("resident", "member") or any(_is_settled(act) for act in heard):
        return False
    demand, text = _at_work(turn), turn.inbound.text.strip()
    if demand is None or _AGREED.search(text) or not _of_who_came(turn, demand, text):
        return False
    if any(act.intent == "demand.report" and act.confidence >= _CLEAR for act in heard):
        return False  # another matter, of other people
    slots = {
        name: value for act in heard for name, value in act.slots.items() if name in ("party", "phone", "time")
    }
    where = {name: value for name in ("building", "unit", "room") if (value := getattr(demand, name))}
    reporting.report(turn, [Heard("complaint", "other", None, {**where, **slots}, 1.0, text=text)])
    return True


def apart(turn: Turn, heard: Sequence[Heard]) -> tuple[str, str] | None:
    """电梯又坏了，老丁从来不上心: what is to be done, and what blames a worker by name and is no more of it.

    None where nobody is blamed so, and where nothing else is said.
    """
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("resident", "member") or any(act.intent in _ELSE for act in heard):
        return None
    parts = [part for part in _CLAUSE.split(text) if part]
    blame = [part for part in parts if _SLACK.search(part) and _names_a_worker(turn, part)]
    rest = [part for part in parts if part not in blame]
    if not blame or not rest or not _is_a_matter(turn, "，".join(rest)):
        return None
    return "，".join(rest), "，".join(blame)


def _is_a_matter(turn: Turn, words: str) -> bool:
    """Whether what is left speaks of something to be done, or of how it was done: 你们管不管 does not."""
    return any(
        act.intent in reporting.INTENTS or act.intent.startswith("feedback.")
        for act in hearing.read(turn, text=words)
        if act.confidence >= _SURE or turn.reader.things(words)
    )


def blamed(turn: Turn, heard: Sequence[Heard], words: str) -> None:
    """Enter the part that blames somebody as a complaint of its own, at the place that was said with it."""
    slots = {name: value for act in heard for name, value in act.slots.items() if name in _WHERE}
    whole, turn.inbound = turn.inbound, replace(turn.inbound, text=words)
    party = _names_a_worker(turn, words)
    reporting.report(turn, [Heard("complaint", "other", None, {**slots, "party": party}, 1.0, text=words)])
    turn.inbound = whole


def _names_a_worker(turn: Turn, words: str) -> str:
    """The worker of a unit whom words name, or 丁师傅; empty where they name none."""
    reg = turn.register
    people = (reg.people[post.person_id].name for post in reg.all_posts if post.organisation_id is not None)
    named = next((name for name in people if name and len(name) > 1 and name in words), "")
    called = _CALLED.search(words)
    return named or (called[0] if called else "")


def of_who_reads(turn: Turn, people: Iterable[Person]) -> bool:
    """秦书记跟他是一伙的, where one of these would read it: a complaint of its own, which passes them by."""
    text = turn.inbound.text.strip()
    told = _SPOKEN_TO.sub("", text)
    names = [person.name or "" for person in people]
    blamed = next((name for name in names if name and name in told), None)
    blamed = blamed or ("书记" if names and "书记" in told else None)
    if blamed is None or _SIDES.search(told) is None:
        return False
    reporting.report(turn, [Heard("complaint", "other", None, {"party": blamed}, 1.0, text=text)])
    return True


def takes_money(text: str) -> bool:
    """老丁要我给他200块红包: somebody who works here took money, or asks for it."""
    return _TAKES.search(text) is not None and _REFUSED.search(text) is None


def _is_settled(act: Heard) -> bool:
    praises = act.intent in _PRAISE and act.confidence >= _SURE
    return act.intent in _ELSE or act.urgency == "emergency" or praises


def _at_work(turn: Turn) -> Demand | None:
    """The order of the speaker that was talked about last and that a unit has."""
    no = turn.session.demand or turn.session.just_reported(_HOURS * 3600)
    demand = demands.by_no(turn.tx, no) if no else None
    if demand is None or demand.reporter_id != turn.person_id or demand.handler_id is None:
        return None
    return demand if demand.stage in _WORKED and demand.intent not in CONFIDENTIAL else None


def _of_who_came(turn: Turn, demand: Demand, text: str) -> bool:
    """Whether the words blame the people of the unit that has it: by name, as 师傅, or as who took money."""
    if _MONEY.search(text):
        return True
    reg = turn.register
    posts = [post for post in reg.all_posts if post.organisation_id == demand.handler_id]
    names = [name for post in posts if (name := reg.people[post.person_id].name)]
    by_name = any(name in text or f"{name[:1]}师傅" in text for name in names)
    if by_name and _SLACK.search(text):
        return True
    return (
        bool(re.search(_SOMEBODY, text) or by_name)
        and (_MISCONDUCT.search(text) or _MISSING.search(text)) is not None
    )
