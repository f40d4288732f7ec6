"""What units say of their orders: accept, return, progress, fulfil, help."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from redprop_bot.dialogue import coming, finding, on_the_spot, tabled
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import returning
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.notify import outbox, quoting
from redprop_bot.rules import flow
from redprop_bot.rules.control import under_control
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.rules.telling import Weight
from redprop_bot.store import demands, messages
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_FINISHED = ("修好", "办好", "办完", "处理完", "弄好", "换好", "恢复", "完工")
"""Words of which one says that nothing is left to do."""
_ALL = re.compile(r"都接|全接|全都?收|都收|全部接|一起接|[两三四五六几]个?[单件]?都?接")
_FIRST = re.compile(r"[，,。 ]?(?:我们?)?(?:先|再|然后|马上|这就)")
_ALL_DONE = re.compile(
    r"(?:我|今天|手上|手头|剩下|这|那|所有|接)*的?(?:单子?|活儿?|事)?(?:[两二三四五六七八九几]个?[单件]?子?)?"
    r"(?:全部?|都|统统|一起)+(?:已经?|给)*(?:修|弄|办|换|装|做|干|整|清|搞|处理|解决|完)?[好完成定妥]?(?:成|毕|结)?[了啦。.!！]*"
)
"""都修好了 and no thing besides: 灯泡都换好了 tells of one order."""
_EXPLAINS = 600
"""Seconds in which words or a picture without a number may belong to the order that was just dealt with."""
_ANOTHER = re.compile(r"也|另|还有|这个|这单|这张|那个|那单|都|下一|第[一二三]")
_AT_ONCE = 10
"""So many orders are taken with one word at most."""
_UNASKED = 2
"""So many are done with one word without asking."""
BUTTONS = 6
"""So many buttons has a card at most."""


def own(turn: Turn, *stages: Stage) -> Callable[[Demand], bool]:
    """What the speaker's units have, in these stages."""
    units = {p.organisation_id for p in turn.speaker.posts if p.organisation_id}
    return lambda demand: demand.handler_id in units and (not stages or demand.stage in stages)


def held(turn: Turn, *stages: Stage) -> list[Demand]:
    """What the speaker's units have in these stages, newest first."""
    mine = own(turn, *stages)
    return [demand for demand in finding.reach(turn) if mine(demand)]


def took(turn: Turn, demand: Demand) -> bool:
    """Whether the speaker accepted it."""
    history = demands.history(turn.tx, demand.id or 0)
    return any(event.act == Act.ACCEPT and event.by_id == turn.person_id for event in history)


NOD = re.compile(r"(?:\[?(?:好的|OK|ok|Ok)\]?|👌|好嘞|收到了?|(?:知道|晓得|了解|明白)了?)[啊呀哈。.!！~]{0,2}")
"""Words that say no more than that something was read."""


def sent(turn: Turn) -> list[Demand]:
    """What waits to be taken and came to the speaker as a card; a colleague's is not answered by a nod."""
    waits = own(turn, Stage.DISPATCHED)
    waiting = {demand.id: demand for demand in finding.reach(turn) if demand.id is not None and waits(demand)}
    ever = datetime.fromtimestamp(0, tz=turn.tx.now.tzinfo)
    reached = messages.carded_since(turn.tx, turn.person_id, waiting, ever) if waiting else {}
    return [demand for key, demand in waiting.items() if key in reached]


def _each(turn: Turn, heard: Heard, act: Act, key: str, fits: Callable[[Demand], bool], **fields: object) -> bool:
    """Do it on each order that is meant; returns whether it was done on any."""
    done = _on(turn, finding.meant(turn, heard, act, fits=fits), act, key, **fields)
    if not turn.said:
        turn.say("ask.no_order_here")
    return done


def _on(turn: Turn, found: Iterable[Demand], act: Act, key: str, **fields: object) -> bool:
    any_done, first = False, None
    for demand in found:
        if tabled.noted(turn, demand, act):
            continue
        done = turn.attempt(lambda d=demand: perform(turn.tx, d, act, turn.actor, fields))  # type: ignore[misc]
        if done is not None:
            any_done = True
            first = first or done.no
            turn.session.demand = done.no if first == done.no else None  # of several none is talked about
            turn.session.asked = None
            told = "" if done.reporter_id is None else str(fields.get("note") or "")
            turn.say(worded(done, key), **turn.about(done, contact=True), told=told)
    return any_done


def worded(demand: Demand, key: str) -> str:
    """Of what the community ordered itself no resident hears, and none is said to."""
    return f"{key}_own" if demand.reporter_id is None and key in _OWN else key


_OWN = frozenset({"done.progress", "done.fulfil", "done.close"})


_EACH_ITS_OWN = re.compile(r"[0-9]+(?:号|单|[栋幢])")
"""Words that are of one order or house among several."""


def accept(turn: Turn, heard: Heard) -> None:
    """接单; 都接了 without numbers is all that waits for the unit. When they come is told with it."""
    note = coming.beside(finding.unnumbered(heard.text or turn.inbound.text))[:NOTE_LIMIT] or None
    if note and _EACH_ITS_OWN.search(note):
        note = None  # 1号上午到，2号下午到: nobody is told the hour of somebody else
    waiting, but = own(turn, Stage.DISPATCHED), finding.left_out(turn, heard)
    if NOD.fullmatch(turn.inbound.text.strip()):
        theirs = {demand.id for demand in sent(turn)}
        _each(turn, heard, Act.ACCEPT, "done.accept", lambda demand: demand.id in theirs)
        return
    if not heard.slots.get("order") and (but or _ALL.search(heard.text or turn.inbound.text)):
        likely = [d for d in finding.reach(turn) if waiting(d) and d not in but]
        likely = finding.described(turn, _without_plan(heard), likely) or likely
        _all_but(turn, likely, but, Act.ACCEPT, "done.accept", note=note)
        if turn.said:
            return
    _each(turn, heard, Act.ACCEPT, "done.accept", waiting, note=note)


def _without_plan(heard: Heard) -> Heard:
    """全部接了，先弄电梯: what is done first takes nothing from what is taken."""
    head = _FIRST.split(heard.text, maxsplit=1)[0]
    return heard if head == heard.text else replace(heard, text=head, category=None, slots={})


def _all_but(turn: Turn, likely: list[Demand], but: list[Demand], act: Act, key: str, **fields: object) -> None:
    """Do it on all but some, the most pressing first; says which were left out and how many are left."""
    nos = {demand.no for demand in but}
    found = sorted((d for d in likely if d.no not in nos), key=lambda d: (d.respond_by or d.created_at, d.id or 0))
    done = _on(turn, found[:_AT_ONCE], act, key, **fields)
    if nos and done:
        turn.say("done.left_out", nos="、".join(sorted(nos)))
    if len(found) > _AT_ONCE:
        turn.say("done.more_left", number=str(len(found) - _AT_ONCE), most=str(_AT_ONCE))


def just_done(turn: Turn) -> Demand | None:
    """The order just reported done without a picture: one that follows at once is of it, and not of the next."""
    one = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if one is None or not own(turn, Stage.DONE)(one) or one.done_at is None:
        return None
    if (turn.tx.now - one.done_at).total_seconds() > _EXPLAINS:
        return None
    sent = [a for a in demands.attachments(turn.tx, one.id or 0) if a.by_id == turn.person_id]
    return None if any(a.at <= one.done_at for a in sent) else one


def give_back(turn: Turn, heard: Heard) -> None:
    """退单, which needs a reason."""
    if no := _explained(turn, heard):
        turn.say("ask.returned_just_now", no=no)
        return
    reason = said(heard, "reason")
    found = finding.meant(turn, heard, Act.RETURN, fits=own(turn))
    asked = turn.session.asked_kind() == "reason"  # once: what is said then is taken as it is
    if found and (not reason or (not asked and returning.reason_of(turn.tx, reason) is None)):
        ask_reason(turn, found, reason)
        return
    for demand in found:
        done = turn.attempt(
            lambda d=demand: perform(turn.tx, d, Act.RETURN, turn.actor, {"reason": reason})  # type: ignore[misc]
        )
        if done is not None:
            turn.session.asked = None
            turn.session.gave_back(done.no)
            turn.say("done.return", reason=reason, **turn.about(done))
    if not turn.said:
        turn.say("ask.no_order_here")


def _explained(turn: Turn, heard: Heard) -> str | None:
    """The order just returned that these words explain once more; another one is not given back by a guess."""
    no = turn.session.just_returned(_EXPLAINS)
    if no is None or heard.slots.get("order") or _ANOTHER.search(turn.inbound.text):
        return None
    mine = own(turn)
    held = [d for d in finding.reach(turn) if mine(d) and flow.is_open(d.stage)]
    again = any(d.no == no for d in held)  # it was given back to the same unit since
    return None if again or finding.described(turn, heard, held) is not None else no


def ask_reason(turn: Turn, found: list[Demand], said: str = "") -> None:
    """Why is it returned? The reasons of the list are offered by number, and as buttons where it is one order."""
    reasons = turn.tx.content.return_reasons
    turn.session.ask("reason", nos=[d.no for d in found], options=[r.name for r in reasons], words=said)
    lines = "\n".join(f"{n}. {reason.name}" for n, reason in enumerate(reasons, 1))
    quoted = "\n".join(quoting.said(turn.tx, ruling) for ruling in quoting.like(turn.tx, found[0]))
    turn.say("ask.reason", no="、".join(d.no for d in found), lines=lines, precedents=quoted)
    if len(found) == 1 and turn.speaker.person.userid:
        _reason_card(turn, found[0], said)


def _reason_card(turn: Turn, demand: Demand, said: str) -> None:
    about = turn.about(demand)
    slots = {"no": demand.no, "where": about["where"], "what": about["what"], "note": said, "precedents": ""}
    draft = outbox.Draft(
        key=f"{demand.no}:why:{turn.inbound.key}"[:150],
        message="return_reason",
        text=turn.tx.content.replies.say("tell.return_reason", **slots),
        weight=Weight.ANSWER,
        buttons=tuple((f"why:{demand.no}:{r.code}", r.name) for r in turn.tx.content.return_reasons[:BUTTONS]),
        subject_id=demand.id,
    )
    outbox.queue(turn.tx, [(turn.speaker.person, draft)], demand)


def chosen_reason(turn: Turn, name: str) -> str:
    """A reason that was chosen, with the words that were said before it."""
    said = str((turn.session.asked or {}).get("words") or "")
    return f"{name}：{said}" if said else name


def contacted(turn: Turn, demand: Demand, note: str) -> None:
    """The resident was called: that is the first contact, and progress that the others hear of."""
    if on_the_spot.goes(turn, demand):
        on_the_spot.noted(turn, demand, note)
        return
    done = turn.attempt(lambda: perform(turn.tx, demand, Act.PROGRESS, turn.actor, {"note": note}))
    if done is not None:
        turn.session.demand = done.no
        turn.say(worded(done, "done.progress"), **turn.about(done))


def progress(turn: Turn, heard: Heard) -> None:
    """How far the work is: said by the unit, or by those who help it."""
    mine, helped = own(turn), {d.id for d in demands.of_helper(turn.tx, turn.person_id)}
    if turn.speaker.role != "provider" and not helped:
        if on_the_spot.progress(turn, heard):
            return
        turn.say("error.not_your_post", what=turn.tx.content.labels.intent[heard.intent])
        return
    if _calmed(turn, heard):
        return
    _each(
        turn,
        heard,
        Act.PROGRESS,
        "done.progress",
        lambda d: mine(d) or d.id in helped,
        note=heard.text or turn.inbound.text,
    )


def fulfil(turn: Turn, heard: Heard) -> None:
    """The work is done; pictures sent just before go with it. A danger under control is not done yet."""
    if _calmed(turn, heard):
        return
    media = [(str(media_id), str(kind)) for media_id, kind, _at in turn.session.media]
    said = heard.text or turn.inbound.text
    note = finding.unnumbered(said) or said  # residents read it: they know their own number
    if but := finding.left_out(turn, heard):
        likely = finding.able(turn, Act.FULFIL, own(turn, Stage.ACCEPTED))
        _all_but(turn, likely, but, Act.FULFIL, "done.fulfil")  # whose the words and pictures are nobody knows
        if not turn.said:
            turn.say("ask.no_order_here")
        return
    if not heard.slots.get("order") and _ALL_DONE.fullmatch(said.strip()) and len(all_ := _taken(turn)) > 1:
        if len(all_) > _UNASKED:
            turn.session.ask(
                "done_or_going", nos=[d.no for d in all_], options=["办好了"], intent=heard.intent, words=said
            )
            turn.say("ask.all_done", lines=finding.listing(turn, all_, numbered=False), number=str(len(all_)))
        else:
            _on(turn, all_, Act.FULFIL, "done.fulfil", note=note)  # whose the pictures are nobody knows
        return
    done = _each(turn, heard, Act.FULFIL, "done.fulfil", own(turn), note=note, media=media)
    if done:  # while it is asked which order is meant they wait
        turn.session.media = []


def _taken(turn: Turn) -> list[Demand]:
    """What the speaker took or was given to do; without any of it, all that their unit has taken."""
    taken = held(turn, Stage.ACCEPTED)
    theirs = [demand for demand in taken if demand.assignee_id == turn.person_id or took(turn, demand)]
    return (theirs or taken)[:_AT_ONCE]


def _uncontrolled(turn: Turn) -> Callable[[Demand], bool]:
    mine = own(turn, *AT_WORK)
    return lambda demand: mine(demand) and demand.control_by is not None and demand.controlled_at is None


def calms(turn: Turn, heard: Heard) -> bool:
    """Whether a danger is said to be under control which the speaker's unit has and has not controlled yet."""
    if not under_control(heard.text or turn.inbound.text, turn.tx.content.deadlines.control_words):
        return False
    waits = _uncontrolled(turn)
    waiting = [demand for demand in finding.reach(turn) if waits(demand)]
    where = Heard(heard.intent, slots=heard.slots, text=heard.text)
    return bool(waiting) and finding.described(turn, where, waiting) != []


def without_control(turn: Turn, text: str) -> str:
    """What is said besides the words of control."""
    clauses = re.split(r"[，。；、,;！!\s]", text)
    words = turn.tx.content.deadlines.control_words
    return "，".join(part for part in clauses if part and not any(word in part for word in words))


def _calmed(turn: Turn, heard: Heard) -> bool:
    """Whether all that was said is that a danger is under control; that is progress, and told at once."""
    said, waits = heard.text or turn.inbound.text, _uncontrolled(turn)
    if any(word in said for word in _FINISHED) or not under_control(said, turn.tx.content.deadlines.control_words):
        return False
    found = finding.meant(turn, heard, Act.PROGRESS, fits=waits)
    if not found:
        return bool(turn.said)
    if all(demand.control_by is None for demand in found):  # named by number, and no danger: it is done
        return False
    for demand in found:
        key = "done.controlled" if waits(demand) else "done.progress"
        _on(turn, [demand], Act.PROGRESS, key, note=said)
    return True


def said(heard: Heard, slot: str) -> str:
    """A slot as words."""
    return str(heard.slots.get(slot) or "").strip()


def assist(turn: Turn, heard: Heard) -> None:
    """Help beside the lead unit."""
    for demand in finding.meant(turn, heard, Act.ASSIST, fits=lambda d: d.intent == "demand.report"):
        done = turn.attempt(
            lambda d=demand: perform(turn.tx, d, Act.ASSIST, turn.actor, {"note": heard.text[:200] or None})  # type: ignore[misc]
        )
        if done is not None:
            turn.session.demand = done.no
            turn.say("done.assist", **turn.about(done))
    if not turn.said:
        turn.say("ask.which_to_help")
