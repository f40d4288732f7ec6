"""共建单位、红领合伙人 by API: what each gave in a quarter, and the address of its card where there is one."""

import re
from typing import Final

from redprop_bot.errors import Invalid
from redprop_bot.store import partners as rows
from redprop_bot.volunteers import partners
from redprop_bot.volunteers.partners import Quarter
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.routes import Route
from redprop_bot.web.api.schemas import MAY, TEXT, WHOLE, shaped

_CODE: Final = re.compile(r"(20\d\d)Q([1-4])")
_FILTERS: Final = {"quarter": "2026Q4; the one that runs when left out"}

ITEMS: Final = {
    "Partner": shaped(
        name=TEXT,
        kind=TEXT,
        quarter=TEXT,
        card=MAY,
        **dict.fromkeys(rows.OF_UNITS, WHOLE),
    )
}


def quarter_in(call: Call) -> Quarter:
    """The quarter that was asked for."""
    text = call.query.get("quarter")
    if text is None:
        return partners.now(call.tx)
    if not _CODE.fullmatch(text):
        raise Invalid("quarter", field="quarter")
    return partners.read(text)


def found(call: Call) -> Reply:
    """All partner units, those first who gave most; a unit sees itself."""
    quarter, reg, own = quarter_in(call), call.register, call.viewer.organisation_id
    given = partners.figures(call.tx, quarter)
    cards = {card.organisation_id: card for card in rows.cards(call.tx, quarter.code)}
    keys = [key for key in given if own in (None, key)]
    return Reply(
        {
            "items": [
                {
                    "name": reg.organisations[key].name,
                    "kind": reg.organisations[key].kind,
                    "quarter": quarter.code,
                    "card": partners.address(call.tx, cards[key]) if key in cards else None,
                    **{name: given[key].get(name, 0) for name in rows.OF_UNITS},
                }
                for key in sorted(keys, key=lambda key: (-sum(given[key].values()), reg.organisations[key].name))
            ],
            "next": None,
        }
    )


ROUTES: Final = (Route("GET", "/partners", found, "共建单位", "Partner", query=_FILTERS, listed=True),)
