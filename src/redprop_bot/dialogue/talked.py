"""Which of several orders short words of staff are about: what was just talked about, or a card that came since.

明早去 answers the card that has just come, not the lift of last week; an alarm that nobody has taken goes first.
Where both may be meant it is asked: the wrong resident would read 修好了.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.intended import comes
from redprop_bot.store import messages
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_JUST_NOW: Final = timedelta(minutes=10)
"""So long words stay with what was talked about, and so soon nobody has finished what has only just come."""
_LATELY: Final = timedelta(hours=12)
_OTHERWISE: Final = re.compile(r"不对|错|改|换|还是")


def about(turn: Turn, heard: Heard, act: Act, likely: list[Demand]) -> list[Demand]:
    """Those of the likely ones that are meant; several of them when it has to be asked."""
    talked = [demand for demand in likely if demand.no == turn.session.demand]
    if turn.speaker.role not in ("secretary", "provider") or len(likely) < 2:
        return talked or likely
    text, now = heard.text or turn.inbound.text, turn.tx.now
    age = timedelta(seconds=now.timestamp() - turn.session.talked)
    came = _came_since(turn, [demand for demand in likely if demand not in talked])
    new = [demand for demand, _at in came]
    starts = act is Act.ACCEPT or (act is Act.PROGRESS and comes(text))
    if starts and (alarms := [demand for demand in new if demand.urgency == "emergency"]):
        return alarms
    if not talked:
        return likely
    if act is Act.FULFIL:
        new = [demand for demand, at in came if now - at > _JUST_NOW]
    if not new:
        return talked if age <= _LATELY else likely
    if act is Act.DISPATCH:
        settled = talked[0].handler_id is not None and not _OTHERWISE.search(text)
        return new if settled or age > _JUST_NOW else talked + new
    if starts or act is Act.RETURN:
        return new if age > _JUST_NOW else talked + new
    return talked if age <= _JUST_NOW else talked + new


def unrated(turn: Turn, heard: Heard, among: list[Demand], likely: list[Demand]) -> list[Demand]:
    """Of what may be rated, what waits for stars goes before what has some, whichever was talked about.

    Stars without anything done since the words before them are of the same: 谢谢师傅 / 五星.
    """
    waiting = [demand for demand in among if demand.stage == Stage.DONE]
    if not waiting or (held := [demand for demand in likely if demand in waiting]):
        return held if waiting else likely
    since = turn.session.talked
    just_now = turn.tx.now.timestamp() - since <= _JUST_NOW.total_seconds()
    same = just_now and turn.session.demand in {demand.no for demand in likely}
    anew = any(demand.done_at is not None and demand.done_at.timestamp() > since for demand in waiting)
    return likely if heard.slots.get("stars") and same and not anew else waiting


def _came_since(turn: Turn, others: list[Demand]) -> list[tuple[Demand, datetime]]:
    """What waits for the speaker to act and reached them after the last talk, with when it did."""
    office = turn.speaker.role == "secretary"
    waits = [d for d in others if (d.handler_id is None if office else d.stage == Stage.DISPATCHED)]
    since = datetime.fromtimestamp(turn.session.talked, tz=turn.tx.now.tzinfo)
    keys = [demand.id for demand in waits if demand.id is not None]
    reached = messages.carded_since(turn.tx, turn.person_id, keys, since) if keys else {}
    return [(demand, reached[demand.id]) for demand in waits if demand.id in reached]
