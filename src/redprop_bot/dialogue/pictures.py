"""A picture, a video or a voice without words goes with what was just reported or done, or waits for its words."""

from redprop_bot.dialogue import providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import accept
from redprop_bot.loop.acts import perform
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand


def picture(turn: Turn) -> None:
    """A picture or video: it belongs to what was just said, or waits for its words."""
    kind = turn.inbound.kind.value
    known = _just_said(turn)
    if known is not None:
        label = turn.tx.content.replies.say("event.picture")
        done = turn.attempt(lambda: perform(turn.tx, known, Act.SUPPLEMENT, turn.actor, {"text": label}))
        if done is not None:
            _attach(turn, done)
            turn.say("done.picture" if kind == "image" else "done.video", no=done.no)
        return
    done = providers.just_done(turn)
    if done is not None:
        _attach(turn, done)
        turn.say("done.picture_of_work", no=done.no)
        return
    turn.session.hold(turn.inbound.media_id, kind)
    turn.say("ask.words_for_picture" if turn.speaker.role != "provider" else "ask.words_for_work")


def unheard(turn: Turn) -> None:
    """A voice that the platform made no words of: kept with what it belongs to, and asked for in words."""
    known = _just_said(turn)
    if known is not None:
        _attach(turn, known)
        turn.say("ask.voice_kept", no=known.no)
        return
    turn.session.hold(turn.inbound.media_id, turn.inbound.kind.value)
    turn.say("ask.voice_in_words")


def _just_said(turn: Turn) -> Demand | None:
    """The report that what is sent now belongs to."""
    no = turn.session.just_reported(600) if turn.speaker.role != "provider" else None
    known = demands.by_no(turn.tx, no) if no else None
    return known if known is not None and flow.can(Act.SUPPLEMENT, known.stage) else None


def _attach(turn: Turn, demand: Demand) -> None:
    inbound = turn.inbound
    accept.attach(
        turn.tx, demand, turn.actor, [inbound.media_id], kind=inbound.kind.value, channel=inbound.channel
    )
