"""The shape of one route; the table of all is in `table`, from which both the router and the document are made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from redprop_bot.web.api.fields import Shape

if TYPE_CHECKING:
    from redprop_bot.web.api.calls import Call, Reply

Handler = Callable[["Call"], "Reply"]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path below `/api/v1`.

    query: names with what they mean. body: the shape of what is sent. item: the name of the answer's schema, which
    stands in `document`; listed says that the answer is a page of these. apart: the aiohttp handler of a call that
    must ask a platform, in place of a handler over a transaction.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    item: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Shape | None = None
    status: int = 200
    listed: bool = False
    apart: Callable[[web.Request], Awaitable[web.Response]] | None = None

    @property
    def reads(self) -> bool:
        """Whether nothing is changed."""
        return self.method == "GET"

    @property
    def name(self) -> str:
        """A name for the document: `get_demands_no_acts`."""
        words = self.path.replace("{", "").replace("}", "").strip("/").replace("/", "_")
        return f"{self.method.lower()}_{words}"


Item = dict[str, Any]
