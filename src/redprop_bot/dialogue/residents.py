"""What residents say of what they reported: urge, add, withdraw, ask. Stars and praise are in `rating`."""

import re
from collections.abc import Callable

from redprop_bot.dialogue import alarms, asking_where, finding, reporting, secretaries, withdrawal_words
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import arrange, placing
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_SLIPPED = re.compile(
    r"(?:[啊哦哎唉呀]|不好意思|对不起|抱歉|刚才|刚刚|我|[,，。! ！]){0,5}(?:手滑|[点按选评打搞弄]错)"
)
_SLIP_SECONDS = 600
_WORSE = re.compile(
    r"[漏渗滴淌冒堵臭响晃裂塌][得的](?:比[^,，。]{1,4})?(?:更|越来越)[凶大多快厉严狠猛]|(?:更|越来越|越[漏渗滴淌堵晃裂]越|比[^,，。]{1,4}还)(?:凶|厉害|严重)"
    r"|漏?水?(?:越来越|越漏越|更)大了|接都接不[住了]|淹到|漫到|淹了"
)
_MORE = re.compile(
    r"[0-9\- ]{7,}|补充|一下|我的?|联系|手机|电话|号码?|门牌|地址|是|在|的|说|[,，。:：! ！]"
    r"|[0-9一二三四五六七八九十]+(?:栋|幢|号楼|单元|室)?"
)
"""A number or a door, and the words around it: whatever is left is said besides."""
_OF_A_MEETING = re.compile(r"没(?:回|签|交|填|报|来|到)的")
_PLACE = frozenset({"estate", "building", "unit", "room", "place"})


def mine(turn: Turn) -> Callable[[Demand], bool]:
    """Demands that the speaker reported or supports."""
    own = {d.id for d in demands.of_reporter(turn.tx, turn.person_id, limit=20)}
    return lambda demand: demand.id in own


def _done(turn: Turn, demand: Demand, act: Act, **fields: object) -> Demand | None:
    done = turn.attempt(lambda: perform(turn.tx, demand, act, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
    return done


def do(turn: Turn, demand: Demand, act: Act, key: str, **fields: object) -> bool:
    """Do an act and say so; returns whether it could be done."""
    done = _done(turn, demand, act, **fields)
    if done is not None:
        turn.say(key, **turn.about(done))
    return done is not None


def urge(turn: Turn, heard: Heard) -> None:
    """Ask for speed; without anything open it is taken as a new report."""
    keeps = turn.speaker.role == "secretary"  # of a whole community the newest is hardly the one that is meant
    fits = secretaries.of_mine(turn) if keeps else mine(turn)
    others = keeps and _OF_A_MEETING.search(heard.text) is not None  # 催一下没回的: people, and no order
    found = [] if others else finding.meant(turn, heard, Act.URGE, fits=fits, newest=not keeps)
    if found:
        for demand in found:
            hurried(turn, demand, heard.text)
        unfound = found[0].estate_id is None and found[0].id in {d.id for d in asking_where.waiting(turn)}
        if unfound:  # what nobody can find nobody can hurry
            asking_where.ask_once_more(turn, found[0])
    elif not turn.said and turn.speaker.role in ("secretary", "provider") and not _PLACE & heard.slots.keys():
        turn.say("ask.no_order_here")  # 催一下没回的: not a report of whoever is at work here
    elif not turn.said:
        as_new(turn, heard)


def worse(text: str) -> bool:
    """漏得更凶了: it is more than was reported."""
    return _WORSE.search(text) is not None


def hurried(turn: Turn, demand: Demand, text: str) -> None:
    """Ask for speed; 漏得更凶了 makes it an urgent one."""
    if worse(text) and demand.intent == "demand.report" and flow.can(Act.SUPPLEMENT, demand.stage):
        demand = turn.attempt(lambda: arrange.worsened(turn.tx, demand, turn.actor)) or demand
    do(turn, demand, Act.URGE, "done.urge", note=text[:200])


def supplement(turn: Turn, heard: Heard) -> None:
    """Add to what was said."""
    found = finding.meant(turn, heard, Act.SUPPLEMENT, fits=mine(turn), newest=True)
    if not found:
        if not turn.said:
            as_new(turn, heard)
        return
    demand = found[0]
    where = reporting.report_of(turn, heard, about=demand)
    if placing.missing(turn.tx, demand, turn.actor, where):
        words = text if _MORE.sub("", text := turn.inbound.text.strip()) else ""
        done = turn.attempt(lambda: placing.place(turn.tx, demand, turn.actor, where, words=words))
        if done is not None:
            turn.say("done.supplement", **turn.about(done))
        return
    text = (heard.text or turn.inbound.text)[:NOTE_LIMIT]  # all of it stays in the inbox
    do(turn, demand, Act.SUPPLEMENT, "done.supplement", text=text)


def as_new(turn: Turn, heard: Heard) -> None:
    """Urged or added to, but nothing is known of it: nothing is lost, it becomes a report."""
    if heard.category is None and len(heard.text.strip()) < 4:
        turn.say("ask.nothing_open")
        return
    reporting.report(
        turn,
        [
            Heard(
                "demand.report",
                heard.category or "other",
                heard.urgency or "normal",
                heard.slots,
                heard.confidence,
                heard.why,
                heard.text,
            )
        ],
    )


def withdraw(turn: Turn, heard: Heard) -> None:
    """Take a report back."""
    if _slipped(turn):
        return
    if withdrawal_words.speaks_to_a_person(turn.inbound.text):
        turn.say("ask.what")
        return
    if any(map(withdrawal_words.puts_off, (heard.text, turn.inbound.text))) and _put_off(turn, heard):
        return
    keeps = turn.speaker.role == "secretary"
    fits = _theirs_to_drop(turn) if keeps else mine(turn)
    found = finding.meant(turn, heard, Act.WITHDRAW, fits=fits, fresh=not keeps)
    if found and alarms.stays(turn, found[0], heard.text or turn.inbound.text):
        return
    if found and keeps and _not_taken_back(turn, heard, found[0]):
        return
    if found:
        done = _done(turn, found[0], Act.WITHDRAW, reason=heard.text[:200] or None)
        if done is not None:
            over = "done.safe" if done.urgency == "emergency" else "done.withdraw"
            turn.say("done.left" if flow.is_open(done.stage) else over, **turn.about(done))
    elif not turn.said:
        turn.say("ask.nothing_open")


def _theirs_to_drop(turn: Turn) -> Callable[[Demand], bool]:
    """What a secretary reported, or had done without anybody's report."""
    own, ours = mine(turn), secretaries.of_mine(turn)
    return lambda demand: own(demand) or (demand.reporter_id is None and ours(demand))


def _not_taken_back(turn: Turn, heard: Heard, demand: Demand) -> bool:
    """Of a secretary: what the community ordered is closed, what others reported stays, a bare 不用了 is asked."""
    if not heard.slots.get("order") and turn.session.demand != demand.no:
        finding.ask_which(turn, heard, Act.WITHDRAW, [demand])
    elif demand.reporter_id is None:
        if _done(turn, demand, Act.CLOSE, reason="no_action", note=heard.text[:200]) is not None:
            turn.say("done.dropped", **turn.about(demand))
    elif demand.reporter_id != turn.person_id:
        turn.say("ask.drop_how", no=demand.no)
    else:
        return False
    return True


def _put_off(turn: Turn, heard: Heard) -> bool:
    """今天不用来，明天再来: whoever has it hears it. Returns whether there is something that it may be said of."""
    found = finding.meant(turn, heard, Act.SUPPLEMENT, fits=mine(turn), newest=True)
    if not found or found[0].urgency == "emergency":  # how it stands with a danger is said otherwise
        return bool(turn.said)
    do(turn, found[0], Act.SUPPLEMENT, "done.put_off", text=turn.inbound.text[:NOTE_LIMIT])
    return True


def wanted_after_all(turn: Turn) -> bool:
    """撤错了, 恢复, a moment after a report was taken back: how to have it again. Returns whether it was that."""
    if turn.speaker.role not in ("resident", "member") or not withdrawal_words.undoes(turn.inbound.text.strip()):
        return False
    last = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if last is None or last.stage != Stage.WITHDRAWN or last.closed_at is None or not mine(turn)(last):
        return False
    if (turn.tx.now - last.closed_at).total_seconds() > _SLIP_SECONDS:
        return False
    turn.say("done.withdrawn_already", **turn.about(last))
    return True


def _slipped(turn: Turn) -> bool:
    """点错了, straight after a rating: of that, not of the report. Returns whether it was that."""
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is None or not _SLIPPED.match(turn.inbound.text.strip()):
        return False
    last = demands.history(turn.tx, talked.id or 0)[-1]
    fresh = (turn.tx.now - last.at).total_seconds() <= _SLIP_SECONDS
    if last.by_id != turn.person_id or last.act not in (Act.RATE, Act.REOPEN) or not fresh:
        return False
    again = "done.rate_anew" if flow.can(Act.RATE, talked.stage) else "done.rate_undone"
    turn.say(again, **turn.about(talked))
    return True
