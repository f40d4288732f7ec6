"""What people are told of 整改: the company what to do and what came of it, who runs it what waits for them."""

from collections.abc import Iterable

from redprop_bot.appraise import rectification_rights as rights
from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.discipline import Extension, State
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store.tables import Person, Rectification, Talk
from redprop_bot.store.tx import Tx

ROOM = "/console/rectifications"
_SHOWN = 5
"""Items that stand in a message; all of them stand behind the link."""


def names(tx: Tx, row: Rectification) -> dict[str, str]:
    """What every message about one may say."""
    reg, zone = register(tx), tx.content.zone
    return {
        "no": str(row.id),
        "unit": reg.organisations[row.organisation_id].name,
        "community": reg.community_name(row.community_id) or "",
        "items": listed(tx, row),
        "due": words.day(row.due_at, tx.now, zone),
        "failures": str(row.failures),
        "link": f"{tx.content.address}{ROOM}/{row.id}",
    }


def listed(tx: Tx, row: Rectification) -> str:
    """What is to be put right, one a line."""
    lines = [f"{n}. {one}" for n, one in enumerate(row.items[:_SHOWN], 1)]
    if len(row.items) > _SHOWN:
        lines.append(tx.content.replies.say("rectification.more_items", count=str(len(row.items))))
    return "\n".join(lines)


def opened(tx: Tx, row: Rectification) -> None:
    """The company hears what it has to put right, and by when."""
    _company(tx, row, "rectification_opened", reason=row.reason or _say(tx, "from_appraisal"))


def reported(tx: Tx, row: Rectification) -> None:
    """Who runs it hears that it is to be re-checked."""
    _checkers(tx, row, "rectification_reported", report=row.report)


def more_asked(tx: Tx, row: Rectification) -> None:
    """Who runs it hears that the company wants more days."""
    _checkers(tx, row, "rectification_more", until=_until(tx, row), reason=row.extension_why)


def more_answered(tx: Tx, row: Rectification, why: str) -> None:
    """The company hears yes or no."""
    yes = row.extension == Extension.GRANTED
    _company(tx, row, "rectification_granted" if yes else "rectification_refused", reason=why)


def checked(tx: Tx, row: Rectification, why: str) -> None:
    """The company hears what the re-check said."""
    passed = row.state == State.PASSED
    _company(tx, row, "rectification_passed" if passed else "rectification_failed", reason=why)


def withdrawn(tx: Tx, row: Rectification, why: str) -> None:
    """The company hears that nothing is left to do."""
    _company(tx, row, "rectification_withdrawn", reason=why)


def remind(tx: Tx, row: Rectification) -> None:
    """The company is reminded before the day."""
    _company(tx, row, "rectification_reminded")


def overdue(tx: Tx, row: Rectification) -> None:
    """The day is over: both sides hear it, once."""
    _company(tx, row, "rectification_overdue")
    _checkers(tx, row, "rectification_missed")


def undecided(tx: Tx, row: Rectification) -> None:
    """The day is over and the company still waits for an answer."""
    _checkers(tx, row, "rectification_undecided", until=_until(tx, row), reason=row.extension_why)


def check_waits(tx: Tx, row: Rectification) -> None:
    """A report waits for its re-check."""
    assert row.reported_at is not None
    _checkers(tx, row, "rectification_check", since=words.full_date(row.reported_at, tx.content.zone))


def talk_proposed(tx: Tx, row: Rectification, talk: Talk) -> None:
    """Who runs it is asked to talk with the company."""
    cause = _say(tx, f"cause.{talk.cause}", failures=str(row.failures))
    _checkers(tx, row, "talk_proposed", cause=cause, key=str(talk.id))


def talk_held(tx: Tx, row: Rectification, talk: Talk) -> None:
    """The company reads what was agreed."""
    day = words.full_date(talk.held_on, tx.content.zone) if talk.held_on is not None else ""
    _company(tx, row, "talk_held", day=day, by=talk.by_post, agreed=talk.agreed, key=str(talk.id))


def _until(tx: Tx, row: Rectification) -> str:
    return words.full_date(row.extension_until, tx.content.zone) if row.extension_until is not None else ""


def _say(tx: Tx, key: str, **slots: str) -> str:
    return tx.content.replies.say(f"rectification.{key}", **slots)


def _company(tx: Tx, row: Rectification, message: str, **more: str) -> None:
    _tell(tx, row, message, register(tx).managers(row.organisation_id), **more)


def _checkers(tx: Tx, row: Rectification, message: str, **more: str) -> None:
    _tell(tx, row, message, rights.checkers(register(tx), row), **more)


def _tell(tx: Tx, row: Rectification, message: str, to: Iterable[Person], *, key: str = "", **more: str) -> None:
    said = {**names(tx, row), **{name: words.quoted(text) for name, text in more.items()}}
    draft = outbox.Draft(
        key=f"rectification:{row.id}:{row.turn}:{message}:{key}",
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **said),
        weight=Weight.PLAIN,
        link=said["link"],
        subject="rectification",
        subject_id=row.id,
        rank=Rank.MATTERS,
    )
    outbox.queue(tx, [(person, draft) for person in to])
