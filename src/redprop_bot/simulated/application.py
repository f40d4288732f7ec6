"""A WeCom application as its administrator sees it: name, menu, the domain of its pages, on or off."""

from collections.abc import Mapping
from typing import Any

from redprop_bot.simulated.server import ApiError, Handler, Payload


class Application:
    """Switches: `domain`, the one that pages may be of (None for any); `closed`, switched off."""

    def __init__(self, agent_id: int) -> None:
        self.menu: list[Any] = []
        self.domain: str | None = None
        self.closed = False
        self._agent_id = agent_id

    def readers(self) -> Mapping[str, Handler]:
        """The GET APIs."""
        return {"menu/get": self._get_menu, "agent/get": self._get}

    def _get(self, query: Payload) -> dict[str, Any]:
        if query.get("agentid") != str(self._agent_id):
            raise ApiError(301002, "not allow to operate another agent with this access_token")
        told = {"name": "红色物业", "close": int(self.closed), "redirect_domain": self.domain or ""}
        return {"agentid": self._agent_id, **told}

    def _get_menu(self, query: Payload) -> dict[str, Any]:
        self._get(query)
        if not self.menu:
            raise ApiError(46003, "menu not exist")
        return {"button": self.menu}

    def create_menu(self, agentid: str | None, payload: Payload) -> dict[str, Any]:
        """`menu/create`."""
        if agentid != str(self._agent_id):
            raise ApiError(40056, "invalid agentid")
        buttons = payload.get("button", [])
        if not 1 <= len(buttons) <= 3:
            raise ApiError(40016, "invalid button count")
        if any(len(button.get("sub_button", [])) > 5 for button in buttons):
            raise ApiError(40023, "invalid sub button count")
        self.menu = buttons
        return {}
