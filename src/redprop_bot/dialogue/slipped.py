"""说错了，还没修好 / 撤销退单, straight after a unit reported it done or gave it back.

By the stage table only the reporter and the secretary bring it back: that is said, and the secretary is asked.
"""

import re
from collections.abc import Sequence
from typing import Final

from redprop_bot.dialogue import finding, hearing
from redprop_bot.dialogue.turn import Turn
from redprop_bot.notify import outbox
from redprop_bot.registry.accused import overseers
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_SECONDS: Final = 600
_SLIP: Final = re.compile(
    r"^(?:不对|不好意思|不行|坏了|哎呀?|等等|等一下|[,，。 ]){0,3}(?:它|这个|电梯|水管|灯)?"
    r"(?:又(?:坏|停(?![水电气网])|漏|堵|滴|不亮|不行|不走)"
    r"|还是(?:坏|漏|堵|滴|不亮|不行|没好|没修好|不能用|不走)|(?:说早|报早)了)[^,，。]{0,6}$"
    r"|^(?:看错|记错|弄错|是我们的|归我们).{0,12}(?:是|归)我们"
    r"|[说点发报搞弄按选退写]错|手滑|误[点报]|(?:撤销|撤回|撤消|取消)[^，,。]{0,6}(?:完成|办好|退单?|退回)"
)
_OF_OTHERS: Final = re.compile(r"照片|图|电话|地址|楼|居民|业主|住户|人家|[线阀按]")
_WRONG: Final = {
    (Act.FULFIL, Stage.DONE): ("slipped.fulfil", "tell.slipped_fulfil"),
    (Act.RETURN, Stage.RETURNED): ("slipped.return", "tell.slipped_return"),
}
"""What who speaks hears, and what the secretary hears."""


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Answer a slip of the tongue about the end of an order; returns whether it was one."""
    if turn.speaker.role != "provider" or not _SLIP.search(turn.inbound.text):
        return False
    if hearing.alarming(list(heard)) or _OF_OTHERS.search(turn.inbound.text):
        return False
    for demand in _recent(turn, heard):
        last = demands.history(turn.tx, demand.id or 0)[-1]
        wrong = _WRONG.get((Act(last.act), Stage(demand.stage))) if last.act in set(Act) else None
        fresh = (turn.tx.now - last.at).total_seconds() <= _SECONDS
        if wrong and fresh and last.by_id == turn.person_id:
            turn.say(wrong[0], no=demand.no)
            _tell(turn, demand, wrong[1])
            return True
    return False


def _recent(turn: Turn, heard: Sequence[Heard]) -> list[Demand]:
    """The order that is named, else what was talked about or given back last."""
    numbers = [n for act in heard for n in str(act.slots.get("order") or "").split(",") if n]
    if numbers:
        return [one for number in numbers for one in finding.by_number(turn, number)]
    session = turn.session
    nos = dict.fromkeys(no for no in (session.demand, (session.returned or {}).get("no")) if no)
    return [one for no in nos if (one := demands.by_no(turn.tx, str(no))) is not None]


def _tell(turn: Turn, demand: Demand, wording: str) -> None:
    key = demand.handler_id or demand.former_id
    unit = turn.register.organisations[key].name if key else ""
    about = turn.about(demand)
    slots = {
        "no": demand.no,
        "where": about["where"],
        "what": about["what"],
        "who": turn.speaker.name,
        "unit": unit,
    }
    draft = outbox.Draft(
        key=f"{demand.no}:{demand.version}:slipped",
        message=wording.removeprefix("tell."),
        text=turn.tx.content.replies.say(wording, note=turn.inbound.text.strip()[:200], **slots),
        subject_id=demand.id,
    )
    outbox.queue(turn.tx, [(one, draft) for one in overseers(turn.register, demand)], demand)
