"""物业费收缴率、满意度、投诉 of a company, this year with the last one beside it (两升一降), and who enters them.

The same figures as in the yearly opinion. What nobody has entered is said to be unknown, and what is said in chat
about money collected is entered nowhere: who says it is told where, for it is no complaint of anybody.
"""

import re
from collections.abc import Iterator
from typing import Final

from redprop_bot.appraise import company_figures, opinion_paper
from redprop_bot.dialogue.turn import Turn
from redprop_bot.registry import care
from redprop_bot.rules.commendation import CompanyFigure, Known
from redprop_bot.store.tables import Organisation

_ASKED: Final = re.compile(r"收缴率|收费率|投诉率|两升一降")
_NUMBER: Final = r"(?:了|是|为|有|约|大概|共|[:：]){0,2}(?:百分之)?[\d一二三四五六七八九十百点.]{1,10}"
_ENTERED: Final = (
    re.compile(rf"应收[^，,。]{{0,8}}?{_NUMBER}.{{0,12}}?(?:实收|收了|收到|已收|收上来){_NUMBER}"),
    re.compile(rf"(?:实收|已收)[^，,。]{{0,8}}?{_NUMBER}.{{0,12}}?应收{_NUMBER}"),
    re.compile(rf"(?:收缴|收费)率[^，,。]{{0,6}}?{_NUMBER}"),
)
_OTHERWISE: Final = re.compile(
    r"多少|[吗么?？几]|怎么|为什么|凭什么|多收|乱收|投诉|举报|会议|会上|决[议定]|议题|目标|提[高升到]|达到|力争|确保|走访|派给|通知"
)
"""Asked, complained of, decided or aimed at."""
_SHOWN: Final = (CompanyFigure.FEE_RATE, CompanyFigure.SATISFIED, CompanyFigure.COMPLAINTS)
_MOST: Final = 4  # companies in one reply


def entered(turn: Turn) -> bool:
    """应收50万，实收46万 of who works here: where such a figure is entered. Returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("secretary", "provider") or _OTHERWISE.search(text):
        return False
    if not any(pattern.search(text) for pattern in _ENTERED):
        return False
    link = f"{turn.tx.content.address}/console/opinions"
    turn.say("company_years.enter" if _keeps(turn) else "company_years.enter_by_secretary", link=link)
    return True


def _keeps(turn: Turn) -> bool:
    return any(p.duty == "secretary" or p.street_id is not None for p in turn.speaker.posts)


def said(turn: Turn, text: str, unit: Organisation | None, communities: list[int]) -> bool:
    """Tell the figures of these companies where they are asked for; complaints are for who keeps a community."""
    if not _ASKED.search(text) or not _keeps(turn):
        return False
    found = list(_years(turn, unit, communities))
    if not found:
        return False
    lines = "\n".join(found[:_MOST])
    turn.say("company_years.told", lines=lines, link=f"{turn.tx.content.address}/console/opinions")
    return True


def _years(turn: Turn, unit: Organisation | None, communities: list[int]) -> Iterator[str]:
    tx, year, say = turn.tx, company_figures.this_year(turn.tx), turn.tx.content.replies.say
    for key in communities:
        for company in care.companies(turn.register, key):
            if unit is not None and company.id != unit.id:
                continue
            name = turn.register.communities[key].name
            lines = [say("company_years.of", unit=company.name, community=name)]
            about = [company_figures.year_of(tx, company, key, one) for one in (year, year - 1)]
            for figure in _SHOWN:
                now, before = (company_figures.known(tx, one, figure) for one in about)
                slots = {"now": _number(turn, figure, now), "now_from": now.said}
                slots |= {"before": _number(turn, figure, before), "before_from": before.said}
                lines.append(say(f"company_years.{figure.value}", **slots))
            yield "\n".join(lines)


def _number(turn: Turn, figure: CompanyFigure, known: Known) -> str:
    return opinion_paper.number_of(turn.tx, {"key": figure.value, "value": known.value, "of": known.of})
