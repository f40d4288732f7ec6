"""What becomes a task for the secretary: a human wanted, a question, matters whose room comes later.

Also the secretary's side: answering a task, handing a conversation back to the bot.
"""

import re

from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Forbidden, Refused
from redprop_bot.loop import phoning, tasks
from redprop_bot.notify import outbox, words
from redprop_bot.ports import Kind
from redprop_bot.registry.people import home_community
from redprop_bot.rules.telling import Weight, rank
from redprop_bot.store import lists
from redprop_bot.store.tables import Person, Task, Wish
from redprop_bot.store.tx import Tx
from redprop_bot.understand.acts import Act as Heard

_WORDS = 500  # characters of a resident's words in a message to the secretary, who answers them


def community_of(turn: Turn) -> int | None:
    """The community of the speaker."""
    return home_community(turn.register, turn.speaker)


def _said_of(turn: Turn, heard: Heard) -> int | None:
    """The community of the estate that was said, else the speaker's."""
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    return estate.community_id if estate is not None else community_of(turn)


def hand_in(turn: Turn, heard: Heard, *, kind: str | None = None, buttons: tuple[str, ...] = ("done",)) -> Task:
    """Enter what was said as a task and tell the secretaries."""
    text = (heard.text or turn.inbound.text)[: turn.tx.content.limits.text_length]
    task = tasks.open_task(
        turn.tx,
        kind or heard.intent,
        text,
        community_id=_said_of(turn, heard),
        person_id=turn.person_id,
        slots=dict(heard.slots),
    )
    tell_secretaries(turn, task, buttons)
    return task


def tell_secretaries(turn: Turn, task: Task, buttons: tuple[str, ...]) -> None:
    """A card for each secretary, with the words and what can be done."""
    labels = turn.tx.content.labels
    text = turn.tx.content.replies.say(
        "tell.task",
        no=task.no,
        kind=labels.task_name(task.kind),
        who=turn.speaker.name,
        text=words.quoted(task.text, _WORDS),
    )
    draft = outbox.Draft(
        key=f"{task.no}:task",
        message="task",
        text=text,
        rows=(("编号", task.no), ("事项", labels.task_name(task.kind)), ("来自", turn.speaker.name)),
        quote=task.text[:200],
        buttons=tuple((f"{key}:{task.no}", labels.button[key]) for key in buttons),
        link=f"{turn.tx.content.address}/console",
        subject="task",
        subject_id=task.id,
    )
    told = [p for p in turn.register.secretaries(task.community_id) if p.id != turn.person_id]
    outbox.queue(turn.tx, [(person, draft) for person in told])


def later(turn: Turn, heard: Heard) -> None:
    """A matter whose room comes later: kept, told to the secretary, and answered truthfully."""
    task = hand_in(turn, heard)
    turn.say(f"later.{heard.intent}", no=task.no, secretary=secretary_name(turn, task))


def secretary_name(turn: Turn, matter: Task | Wish | None = None) -> str:
    """Whom the resident may expect to hear from: whoever decides where the matter is, else where they live."""
    found = turn.register.secretaries(matter.community_id if matter is not None else community_of(turn))
    return (found[0].name if found else None) or "同志"


def human(turn: Turn, heard: Heard) -> None:
    """转人工: visibly handed over; the bot is quiet until it is handed back."""
    if turn.speaker.role in ("secretary", "provider"):
        turn.say("human.staff")
        return
    task = hand_in(turn, heard, kind="human", buttons=("handback",))
    turn.session.human = {"task": task.id, "no": task.no, "at": int(turn.tx.now.timestamp())}
    turn.session.asked = None
    turn.say("human.handed", no=task.no, secretary=secretary_name(turn, task))


def taken_over(turn: Turn) -> Task | None:
    """The task under which a person talks with the speaker; once it is done the bot answers again."""
    if not turn.session.human:
        return None
    task = turn.tx.get(Task, int(turn.session.human["task"]))
    if task.status != "open":
        turn.session.human = None
        return None
    return task


def overheard(turn: Turn, task: Task) -> None:
    """Words said while a person has taken over: passed on, not answered."""
    said, replies = turn.inbound.text, turn.tx.content.replies
    if not said.strip():
        said = replies.say("event.picture" if turn.inbound.kind == Kind.IMAGE else "event.wordless")
    text = replies.say("tell.overheard", no=task.no, who=turn.speaker.name, text=words.quoted(said, _WORDS))
    draft = outbox.Draft(
        key=f"{task.no}:heard:{turn.inbound.key}"[:200], message="overheard", text=text, weight=Weight.PLAIN
    )
    outbox.queue(turn.tx, [(p, draft) for p in turn.register.secretaries(task.community_id)])


_MOURNS = re.compile(
    r"(?:老人|老[伴头太]|[爷奶爸妈婆公伯叔姨]|父亲|母亲|家属|邻居|亲人)[^，,。]{0,6}(?:走了|过世|去世|没了|不在了|过去了)"
    r".{0,12}(?:后事|丧事|殡|火化|销户|注销|怎么办)|办后事|办丧事|火化|殡仪"
)


def consult(turn: Turn, heard: Heard) -> None:
    """A question: answered when the community has written an answer, else passed on — never guessed."""
    if written := known(turn, heard.text or turn.inbound.text):
        turn.say("consult.answer", answer=written)
        return
    if _MOURNS.search(heard.text or turn.inbound.text):
        turn.say("consult.condolence")
    task = hand_in(turn, heard)
    turn.say("consult.passed_on", no=task.no, secretary=secretary_name(turn, task))


def known(turn: Turn, text: str) -> str:
    """The answer that the community has written to a question; empty where there is none."""
    for question in turn.tx.content.questions:
        if all(any(word in text for word in group) for group in question.words):
            return question.answer
    return ""


def _task(turn: Turn, number: str) -> Task:
    digits = number.rsplit("-", 1)[-1]
    mine = {p.community_id for p in turn.speaker.posts}
    street = any(p.street_id for p in turn.speaker.posts)
    found = [
        t
        for t in lists.task_by_tail(turn.tx, digits)
        if (street or t.community_id in mine or t.community_id is None) and number in (t.no, digits, f"T{digits}")
    ]
    if turn.speaker.role != "secretary" or not found:
        raise Forbidden("no_task", number=number)
    return found[0]


def answer(turn: Turn, number: str, text: str) -> None:
    """The secretary's words, passed on to whoever asked; the conversation stays with the secretary."""
    try:
        task = _task(turn, number)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    reply(turn.tx, task, text, by=turn.speaker.name, mark=turn.inbound.key)
    turn.say("done.answer", no=task.no)


def finish(turn: Turn, number: str) -> Task | None:
    """The task is done; a conversation that was handed over goes back to the bot."""
    try:
        task = _task(turn, number)
        done = settle(turn.tx, task, by=turn.speaker.name, mark=turn.inbound.key)
    except Refused as refusal:
        turn.refuse(refusal)
        return None
    turn.say("done.task", no=task.no)
    return done


def reply(tx: Tx, task: Task, text: str, *, by: str, mark: str) -> None:
    """Words for whoever asked; but for a conversation, which goes on, the task is done. `mark`: said once."""
    _tell_asker(tx, task, "tell.answer", text, by=by, mark=mark)
    if task.kind != "human" and task.status == "open":
        tasks.finish(tx, task, text)


def settle(tx: Tx, task: Task, *, by: str, mark: str) -> Task:
    """The task is done; of two at once the second is refused."""
    done = tasks.finish(tx, task)
    phoning.called(tx, task)
    if task.kind == "human":  # their next words find the task done and are the bot's again
        _tell_asker(tx, task, "tell.handed_back", "", by=by, mark=mark)
    return done


def _tell_asker(tx: Tx, task: Task, key: str, text: str, *, by: str, mark: str) -> None:
    if task.person_id is None:
        return
    asker = tx.get(Person, task.person_id)
    said = tx.content.replies.say(key, no=task.no, who=by, text=text)
    draft = outbox.Draft(
        key=f"{task.no}:{key}:{mark}"[:200],
        message=key.removeprefix("tell."),
        text=said,
        weight=Weight.ANSWER,
        rank=rank(key.removeprefix("tell."), None),
    )
    outbox.queue(tx, [(asker, draft)])
