"""What residents think of the result: stars, praise, and that it is not done after all."""

import re
from collections.abc import Sequence
from dataclasses import replace

from redprop_bot.dialogue import finding, progress_asked, rating_words, residents
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import confirm
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.intended import Said
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.numerals import to_int

_GOOD, _BAD = 5, 1
_CLEAR = 0.65  # a report that is surer than this is a matter of its own beside the stars
_AGAIN = re.compile(
    r"(?:上[次回]|前[几两]?[天回次]|刚刚?|才)(?:才|刚)?(?:报|修|弄|换|说|办|装)?(?:好|过|完)?(?:了|的)?(?:那个|那件|那单|的)[^,，。]{0,8}又[^,，。]{0,3}(?:坏|漏|堵|不|停|黑|灭|响|断|掉)"
)
_STARRED = re.compile(
    r"(?:^|[,，。！!；; ]|[给打评就]|最多|只能)\s?(?P<n>[1-5一二两三四五])\s?[颗个]?星"
    r"(?:好评|差评)?(?=$|[,，。！!；;~ 吧了啊])"
)
_OF_PEOPLE = re.compile(r"态度|骂|服务|收费|要钱|收钱|投诉")
_NO_STARS = re.compile(r"[1-5一二两三四五]\s?个?(?:星期|分钟)")
_STARS = {f"{n}{sign}" for n in "12345一二三四五" for sign in ("", "星", "分", "颗星")}


def may_rate(turn: Turn) -> bool:
    """Whether something of theirs is done and waits for their word."""
    return any(d.stage == Stage.DONE for d in demands.of_reporter(turn.tx, turn.person_id))


def rates_again(turn: Turn) -> bool:
    """5, after 谢谢师傅: stars for what they have just called done."""
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is None or talked.stage != Stage.CLOSED or talked.stars is None:
        return False
    return turn.inbound.text.strip() in _STARS and residents.mine(turn)(talked)


def satisfied(turn: Turn, heard: Heard) -> None:
    """It is done and good."""
    given = _stars(heard)
    text = heard.text or turn.inbound.text
    said = Said.MEANT if given else rating_words.meant(text)
    stars = given or (flow.CONTENT_STARS if rating_words.is_mild(text) else _GOOD)
    if said is Said.DENIED or stars < flow.CONTENT_STARS:
        unsatisfied(turn, heard)
        return
    if said is Said.ASKED:
        progress_asked.answer(turn, replace(heard, intent="progress.query"))
        return
    if said is Said.NOT:
        turn.say("greeting.noted")
        return
    found = finding.meant(turn, heard, Act.RATE, fits=residents.mine(turn), newest=True)
    if not found or _is_early(found[0]):
        _settled_early(turn, heard, found)
        return
    if not given and heard.confidence < _CLEAR and rating_words.is_doubtful(heard.text or turn.inbound.text):
        turn.session.demand = found[0].no
        turn.say("ask.done_or_not", **turn.about(found[0]))
        return
    turn.session.asked = None
    residents.do(turn, found[0], Act.RATE, "done.rate_good", stars=stars, reason=heard.text[:200] or None)


def _is_early(demand: Demand) -> bool:
    """Whether nobody has said yet that it is done."""
    return flow.can(Act.SUPPLEMENT, demand.stage) and not flow.can(Act.RATE, demand.stage)


def _settled_early(turn: Turn, heard: Heard, named: Sequence[Demand]) -> None:
    """A thank-you for something whose unit has not reported it done: noted where it is."""
    if turn.said:
        return
    own = residents.mine(turn)
    running = named or [d for d in finding.reach(turn) if own(d) and flow.can(Act.SUPPLEMENT, d.stage)]
    meant = finding.described(turn, heard, [*running]) or running
    if meant:
        text = (heard.text or turn.inbound.text)[:NOTE_LIMIT]
        residents.do(turn, meant[0], Act.SUPPLEMENT, "done.thanks_early", text=text)
        return
    turn.say("greeting.thanks")


def unsatisfied(turn: Turn, heard: Heard) -> None:
    """It is not done: back to the same unit, and the secretary knows; stars that were said count as they are."""
    if not _stars(heard) and rating_words.is_content(heard.text or turn.inbound.text):
        satisfied(turn, heard)
        return
    found = finding.meant(turn, heard, Act.RATE, fits=residents.mine(turn), newest=True)
    if not found or _is_early(found[0]):
        if not (turn.said or _said_of_it(turn, heard) or _not_yet(turn, heard, found)):
            residents.as_new(turn, heard)
        return
    turn.session.asked = None
    reason = heard.text[:200] or None
    if confirm.rating_is_over(turn.tx, found[0]) and reason:  # too late for stars, not for having it done again
        residents.do(turn, found[0], Act.REOPEN, "done.rate_bad", reason=reason)
        return
    stars = _stars(heard) or _BAD  # as was said, whatever the words beside it sound like
    good = stars >= flow.CONTENT_STARS
    residents.do(
        turn, found[0], Act.RATE, "done.rate_good" if good else "done.rate_bad", stars=stars, reason=reason
    )


def _not_yet(turn: Turn, heard: Heard, named: Sequence[Demand]) -> bool:
    """没修好, before anybody has said that it is: whoever has it is urged with these words. Returns whether."""
    text = heard.text or turn.inbound.text
    running = finding.able(turn, Act.URGE, residents.mine(turn))
    kinds = turn.reader.things(text)
    if _OF_PEOPLE.search(text) or (kinds and not any(d.category in kinds for d in running)):
        return False  # of how somebody behaved the unit is not told, and another thing is another matter
    found = named or finding.meant(turn, heard, Act.URGE, fits=residents.mine(turn), newest=True)
    if found:
        residents.hurried(turn, found[0], text)
    return bool(found)


def _stars(heard: Heard) -> int | None:
    """The stars that were given; 等了三星期 gives none."""
    given = heard.slots.get("stars")
    return (
        None if given is None or (_NO_STARS.search(heard.text) and not _STARRED.search(heard.text)) else int(given)
    )


def _starred(turn: Turn, heard: Sequence[Heard]) -> bool:
    """三星，拖了好几天: the stars rate what is done, the words are the reason. Returns whether that is all."""
    said = _STARRED.search(turn.inbound.text)
    if said is None or len(heard) != 1 or turn.speaker.role not in ("resident", "member"):
        return False
    own, text = residents.mine(turn), turn.inbound.text
    rated = Heard("feedback.satisfied", slots={"stars": to_int(said["n"]) or _GOOD}, text=text)
    found = finding.meant(
        turn, rated, Act.RATE, fits=lambda demand: own(demand) and demand.stage == Stage.DONE, newest=True
    )
    if not found:
        return False
    named = replace(rated, slots={**rated.slots, "order": found[0].no})
    unsatisfied(turn, named)
    return heard[0].intent != "demand.report" or heard[0].confidence < _CLEAR


def broken_again(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Stars with their reason, or 上次那个电梯又坏了: of what was done, when it is clear what. Returns whether."""
    if _starred(turn, heard):
        return True
    if len(heard) != 1 or heard[0].intent != "demand.report" or heard[0].urgency == "emergency":
        return False
    if not _AGAIN.search(turn.inbound.text) or turn.speaker.role not in ("resident", "member"):
        return False
    own = [d for d in demands.of_reporter(turn.tx, turn.person_id, limit=20) if _reopens(turn, d, heard[0])]
    if len(own) != 1:
        return False
    unsatisfied(turn, Heard("feedback.unsatisfied", slots={"order": own[0].no}, text=turn.inbound.text))
    return True


def _reopens(turn: Turn, demand: Demand, heard: Heard) -> bool:
    same = all(heard.slots.get(n) in (None, getattr(demand, n)) for n in ("building", "unit", "room"))
    mended = demand.category == heard.category and demand.stage in (Stage.DONE, Stage.CLOSED)
    return same and mended and confirm.may_reopen(turn.tx, demand)


def _said_of_it(turn: Turn, heard: Heard) -> bool:
    """两颗星 / 来得太慢了: more of what was just sent back, unless another thing or place is named."""
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is None or not talked.reworks or not flow.can(Act.SUPPLEMENT, talked.stage):
        return False
    kinds = turn.reader.things(heard.text)
    if not residents.mine(turn)(talked) or (kinds and talked.category not in kinds) or heard.slots.get("building"):
        return False
    text = (heard.text or turn.inbound.text)[:NOTE_LIMIT]
    residents.do(turn, talked, Act.SUPPLEMENT, "done.supplement", text=text)
    return True
