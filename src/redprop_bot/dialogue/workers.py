"""社区工作者考核 in chat: 我这个月的工作 to a worker, 看孙网格员十月的工作 to the assessor; nothing to others.

Assessments are written on the page, where the words of residents can be read before.
"""

from collections.abc import Sequence
from typing import Final

from redprop_bot.appraise import worker_sheets, worker_telling
from redprop_bot.appraise import workers as steps
from redprop_bot.appraise.reviewers import of_speaker
from redprop_bot.appraise.worker_paper import level_name
from redprop_bot.appraise.worker_sheets import Sheet
from redprop_bot.appraise.workers import Worker
from redprop_bot.dialogue import worker_words
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Forbidden, Refused
from redprop_bot.registry.accused import against
from redprop_bot.rules.workers import Span, month_of

_TITLES: Final = ("网格员", "网格长", "书记", "社工")


def run(turn: Turn) -> bool:
    """Show the sheet that a sentence asks for; returns whether it asked for one."""
    today = turn.tx.now.astimezone(turn.tx.content.zone).date()
    heard = worker_words.asked(turn.inbound.text, today)
    if heard is None:
        return False
    try:
        span = heard.span or month_of(today)
        return _other(turn, heard.who, span) if heard.who else _own(turn, span)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _own(turn: Turn, span: Span) -> bool:
    if not any(post.organisation_id is None for post in turn.speaker.posts):
        return False  # somebody's own work is no matter of the community
    mine = [one for one in steps.roll(turn.tx) if one.key == turn.person_id]
    if not mine:
        raise Forbidden("worker_nobody")
    _show(turn, "own", mine, span)
    return True


def _other(turn: Turn, who: str, span: Span) -> bool:
    everybody = steps.roll(turn.tx)
    called = {
        key: steps.called(w for w in everybody if w.community_id == key)
        for key in {w.community_id for w in everybody}
    }
    fitting = [one for one in everybody if who in called[one.community_id][one.key]]
    if not fitting and not who.endswith(_TITLES):
        return False
    reviewer = of_speaker(turn.speaker)
    meant = fitting or [one for one in everybody if who in steps.TITLES.get(one.post.duty, ())]
    theirs = [one for one in meant if steps.may_assess(turn.tx, one, reviewer)]
    if not theirs:
        if [one.key for one in fitting] == [turn.person_id]:
            return _own(turn, span)
        raise Forbidden("worker_others")
    names = list(dict.fromkeys(one.name for one in theirs))
    if len(names) > 1:
        turn.say("worker.which", names="、".join(names))
    else:
        _show(turn, "shown", theirs, span)
    return True


def _show(turn: Turn, key: str, workers: Sequence[Worker], span: Span) -> None:
    """The sheet in each community, which is named where there are several."""
    for worker in workers:
        _one(turn, key, worker, span, where=len(workers) > 1)


def _one(turn: Turn, key: str, worker: Worker, span: Span, *, where: bool) -> None:
    tx, say = turn.tx, turn.tx.content.replies.say
    community = turn.register.community_name(worker.community_id)
    about = steps.the_span(tx, span.key)
    unseen = against(tx, turn.person_id, None)
    (sheet,) = worker_sheets.sheets(tx, [worker], about, unseen=unseen)
    lines = [say("worker.line", title=one.row.title, value=worker_sheets.told(tx, one)) for one in sheet.lines]
    running = not about.over(tx.now.astimezone(tx.content.zone).date())
    turn.say(
        f"worker.{key}",
        name=f"{worker.name}（{community}）" if where else worker.name,
        duty=tx.content.labels.duty[worker.post.duty],
        period=about.title,
        lines="\n".join(lines),
        words=say("worker.words", number=str(len(sheet.words))) if sheet.words else "",
        assessed=_assessed(turn, sheet),
        open=say("worker.open") if running else "",
        link=worker_telling.link(tx, worker, about),
    )


def _assessed(turn: Turn, sheet: Sheet) -> str:
    last = sheet.assessment
    if last is None:
        return ""
    level = level_name(turn.tx, last.level)
    return turn.tx.content.replies.say("worker.assessed", level=level, reason=last.text)
