"""`/console/shop`: the counter of the 公益超市: what waits to be picked up, the shelf, prices and stock."""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Invalid
from redprop_bot.loop.publicity import Paper
from redprop_bot.media.cleaning import LIMITS
from redprop_bot.store import shop as rows
from redprop_bot.web import loose
from redprop_bot.web.api import goods
from redprop_bot.web.api.goods import KEEPERS
from redprop_bot.web.console import asking, pictures, slips
from redprop_bot.web.console.room import COMMUNITY, Answer, Desk, File, Goto, Page, Room, Way

PATH: Final = "/console/shop"
_WAITING: Final = "100"


def counter(desk: Desk) -> Answer:
    """What waits, and the shelf."""
    held = asking.handler("GET", "/redemptions")(desk.asking(state="held", limit=_WAITING)).body["items"]
    shelf = asking.handler("GET", "/goods")(desk.asking(limit="200")).body["items"]
    return Page(
        "shop/counter.html",
        {
            "held": [dict(one) | {"when": _day(desk, one["id"])} for one in held],
            "goods": [_slip(one) for one in sorted(shelf, key=lambda one: (not one["active"], one["points"]))],
            "may": desk.viewer.role in KEEPERS,
            "communities": _communities(desk),
        },
    )


def _slip(item: Mapping[str, Any]) -> dict[str, Any]:
    """Its picture for who keeps it, which is there when it is off the shelf, too."""
    mark = (item["picture"] or "").rpartition("=")[2]
    return dict(item) | {"picture": f"{PATH}/{item['id']}/picture?v={mark}" if mark else ""}


def _day(desk: Desk, key: int) -> str:
    found = rows.redemption(desk.tx, key)
    return slips.day(desk, found.at) if found else ""


def _communities(desk: Desk) -> list[str]:
    own = desk.viewer.community_id
    return [one.name for key, one in desk.register.communities.items() if own in (None, key)]


def entered(desk: Desk) -> Answer:
    """Something new on the shelf."""
    route = asking.route("POST", "/goods")
    item = route.handler(desk.sending(_given(desk, route.body or {}))).body
    return Goto(f"{PATH}/{item['id']}", "entered")


def _given(desk: Desk, shape: Any) -> dict[str, Any]:
    return asking.sent(desk, shape, needed="title")


def one(desk: Desk) -> Answer:
    """One kind of goods with what moved its stock."""
    item = asking.handler("GET", "/goods/{id}")(desk).body
    moves = [
        {"at": slips.day(desk, move.at), "delta": f"{move.delta:+d}", "by": move.by_name, "why": _WHY[move.reason]}
        for move in rows.moves(desk.tx, item["id"])
    ]
    return Page(
        "shop/one.html",
        {
            "item": _slip(item),
            "moves": moves,
            "versions": asking.history(desk, "goods", item["id"]),
            "may": desk.viewer.role in KEEPERS,
        },
    )


_WHY: Final = {"entered": "上架", "counted": "盘点", "redeemed": "兑换", "cancelled": "退回"}


def edited(desk: Desk) -> Answer:
    """Another name, price or stock."""
    route = asking.route("PATCH", "/goods/{id}")
    item = route.handler(desk.sending(_given(desk, route.body or {}))).body
    return Goto(f"{PATH}/{item['id']}", "edited")


def pictured(desk: Desk) -> Answer:
    """Another picture, proven and kept before."""
    if desk.ready is None:
        raise Invalid("no_file", field="file")
    item = goods.pictured(desk, desk.ready)
    return Goto(f"{PATH}/{item['id']}", "edited")


def unpictured(desk: Desk) -> Answer:
    """Without a picture."""
    item = goods.pictured(desk, None)
    return Goto(f"{PATH}/{item['id']}", "edited")


async def kept(office: Office, files: Mapping[str, File]) -> Paper | None:
    """The picture of the form under a name of its own, so that it can be given up. Raises Invalid."""
    file = files.get("file")
    if file is None or not file.data:
        return None
    name, kind, size = await pictures.one(office, "file", file.data, whose="g")
    return Paper(name, file.name, kind, size)


def picked(desk: Desk) -> Answer:
    """Handed over, against the code that is shown."""
    code = desk.field("code").replace(" ", "")
    held = rows.by_code(desk.tx, code)
    if held is None:
        raise Invalid("shop_code", field="code", given=code[:16])
    body = {"act": "pick", "code": code}
    asking.handler("POST", "/redemptions/{id}/acts")(desk.sending(body, id=str(held.id)))
    return Goto(PATH, "shop_picked")


def cancelled(desk: Desk) -> Answer:
    """Both given back."""
    body = {"act": "cancel"} | ({"reason": desk.field("reason")} if desk.field("reason") else {})
    asking.handler("POST", "/redemptions/{id}/acts")(desk.sending(body))
    return Goto(PATH, "shop_cancelled")


ROOM: Final = Room(
    "shop",
    "公益超市",
    PATH,
    (
        Way("GET", PATH, counter),
        Way("POST", PATH, entered, back=counter, roles=KEEPERS),
        Way("POST", f"{PATH}/pick", picked, back=counter, roles=KEEPERS),
        Way("POST", f"{PATH}/held/{{id}}/cancel", cancelled, back=counter, roles=KEEPERS),
        Way("GET", f"{PATH}/{{id}}", one),
        Way("POST", f"{PATH}/{{id}}", edited, back=one, roles=KEEPERS),
        Way(
            "POST",
            f"{PATH}/{{id}}/picture",
            pictured,
            back=one,
            roles=KEEPERS,
            upload=LIMITS["image"],
            before=kept,
            undo=loose.paper,
        ),
        Way("POST", f"{PATH}/{{id}}/picture/drop", unpictured, back=one, roles=KEEPERS),
    ),
    roles=COMMUNITY,
    group="2助力",
)
