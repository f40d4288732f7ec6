"""师傅来过了, 材料费多少: what a resident tells or asks of the work on their order, for who does it.

It is no new report, hurries nobody, and gives no stars: nothing was said of how it is. What it costs is known by
who does it, and not by the secretary; fees of the house are asked of the secretary as before.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from redprop_bot.dialogue import finding, residents, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_LONGEST: Final = 20  # characters
_WHEN: Final = r"(?:刚才|刚刚|刚|今天|昨天|早上|上午|中午|下午|晚上|已经|才|都|就|又|也)"
_WHO: Final = (
    r"(?:(?:维修|修理|物业的?|电梯|水电|你们的?|那个?|两个|修[^,，。\s不没]{1,4}的)?(?:师傅|工人|工程师|电工|水工)们?"
    r"|维修工|修理工|维修的|物业的人|修[^,，。\s不没]{1,4}的(?:人)?|来?人|有人|他们)"
)
_BEEN: Final = re.compile(
    rf"{_WHEN}?{_WHO}{_WHEN}{{0,2}}(?:来过|来了|到了|来看过|来看了|看过|看了|上门看过|上门来过|上门了|来检查过|来修过)"
    r"了?(?:一[眼下次]|一趟)?(?:[，,]?(?:就|又|已经)?走了)?[。！!~]{0,2}"
    rf"|{_WHEN}?(?!他们|来?人|有人){_WHO}{_WHEN}{{0,2}}(?:走|离开|回去)了[。！!~]{{0,2}}"
)
_WORK: Final = r"(?:维修|修理|修|更换|换|弄|装|通|上门)"
_IT: Final = r"(?:这个|那个|这次|它|一下|一次|一趟|好)?"
_COSTS: Final = r"(?:是|要|得|需要|大概|大约|一共|总共|收){0,3}"
_PAYS: Final = r"(?:收费|收钱|给钱|付钱|付费|花钱|交钱|交费|出钱|钱)"
_PRICE: Final = re.compile(
    rf"(?:(?:请问|那|师傅)[，,]?){{0,2}}(?:"
    rf"(?:材料|配件|零件|人工|工时|工钱|{_WORK})(?:的)?(?:费用?|钱)?{_COSTS}(?:多少钱?|怎么算|怎么收|几块钱|贵吗|贵不贵)"
    rf"|{_WORK}{_IT}{_COSTS}多少钱"
    rf"|{_WORK}?{_IT}(?:我们?|还|自己|是|会|需要|要|得){{0,3}}{_PAYS}(?:吗|么|嘛|不)"
    rf"|{_WORK}?{_IT}(?:我们?)?(?:要不要|用不用|收不收|需不需要|是不是要){_PAYS}"
    r")[啊呢呀吧]?[?？。]{0,2}"
)
_OF_THE_WORK: Final = re.compile(rf"{_WORK}|材料|配件|零件|工|[这那]个|师傅")
_FRESH: Final = timedelta(hours=24)
"""So long a bare 要收费吗 is asked of the order; later it may be of an activity or a room."""


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Pass it on to who has the order; of several it is asked which. Returns whether it was that."""
    text = turn.inbound.text.strip()
    if len(heard) != 1 or len(text) > _LONGEST or turn.speaker.role not in ("resident", "member"):
        return False
    if turn.session.asked_kind() not in (None, "privacy") or heard[0].urgency == "emergency":
        return False
    asks = heard[0].intent == "consult"
    if not (_PRICE if asks else _BEEN).fullmatch(text) or (asks and tasks.known(turn, text)):
        return False
    if asks:
        of_any_age = _OF_THE_WORK.search(text) is not None
        found = [d for d in _theirs(turn, (Stage.ACCEPTED,)) if of_any_age or turn.tx.now - d.updated_at <= _FRESH]
    else:
        found = _theirs(turn, AT_WORK) or _theirs(turn, (Stage.DONE,))
    things = frozenset[str]() if asks else turn.reader.things(text)  # a fee is a thing of its own there
    if things and not any(demand.category in things for demand in found):
        return False  # of another thing than those that are under way
    found = finding.of_kind(turn, text, found)
    if len(found) > 1:
        finding.ask_which(turn, Heard("demand.supplement", text=text), Act.SUPPLEMENT, found)
    elif found:
        key = "done.asked_unit" if asks else "done.supplement"
        residents.do(turn, found[0], Act.SUPPLEMENT, key, text=text[:NOTE_LIMIT])
    return bool(found)


def _theirs(turn: Turn, stages: Sequence[Stage] | frozenset[Stage]) -> list[Demand]:
    """Their own plain reports in these stages that a unit has."""
    own = residents.mine(turn)
    return [
        demand
        for demand in finding.reach(turn)
        if own(demand)
        and demand.stage in stages
        and demand.handler_id is not None
        and demand.intent == "demand.report"
    ]
