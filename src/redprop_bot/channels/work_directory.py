"""WeCom's directory as an application may read it, and who is behind an OAuth code.

An application sees only its visible range, and no phone or e-mail of members; `userids` needs the secret of the
contacts assistant. What the register makes of all this is decided elsewhere. All calls raise PlatformError.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.channels.client import Answer, TokenClient
from redprop_bot.errors import ContentRefused, PlatformBusy, PlatformRefused

PAGE: Final = 10_000
AUTHORIZE_PATH: Final = "/connect/oauth2/authorize"
_PAGES = 1000  # ten million accounts: a cursor that never ends is a fault, not a corp
_CODE_BYTES = 512


@dataclass(frozen=True, slots=True)
class Department:
    """A department; `parent_id` 0 for the root."""

    id: int
    name: str
    parent_id: int
    order: int = 0
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A member. status: 1 active, 2 disabled, 4 not yet activated, 5 left; None where the call does not tell."""

    userid: str
    name: str
    departments: tuple[int, ...] = ()
    position: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opened a page: a member by `userid`, or somebody else by `openid`; `ticket` opens consented details."""

    userid: str = ""
    openid: str = ""
    external_userid: str = ""
    ticket: str = ""

    @property
    def is_member(self) -> bool:
        """Whether a member of this corp."""
        return bool(self.userid)


@dataclass(frozen=True, slots=True)
class Agent:
    """The application: its name, the domain of pages that may ask who somebody is, whether it is switched off."""

    name: str
    domain: str
    closed: bool


def authorize_url(origin: str, corp_id: str, agent_id: int, redirect: str, state: str) -> str:
    """Where a browser goes to come back with a code, without a question to the member."""
    query = {
        "appid": corp_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
        "agentid": str(agent_id),
    }
    return f"{origin}{AUTHORIZE_PATH}?{urlencode(query)}#wechat_redirect"


class Directory:
    """Reading calls; each may be repeated."""

    def __init__(self, client: TokenClient) -> None:
        self._client = client

    async def agent(self, agent_id: int) -> Agent:
        """The application itself; PlatformRefused when it is another's, or none."""
        api = "agent/get"
        answer = await self._client.get(api, agentid=str(agent_id))
        if isinstance(answer.get("agentid"), int) and answer["agentid"] != agent_id:
            raise PlatformRefused(api, None, f"the secret belongs to agentid {answer['agentid']}")
        domain = str(answer.get("redirect_domain") or "")
        return Agent(str(answer.get("name") or ""), domain, answer.get("close") in {1, "1"})

    async def departments(self, below: int | None = None) -> list[Department]:
        """All departments of the visible range, or one and those below it."""
        api = "department/list"
        answer = self._client.get(api) if below is None else self._client.get(api, id=str(below))
        return [_department(api, row) for row in _rows(api, await answer, "department")]

    async def members(self, department: int) -> list[Member]:
        """Members of one department: names and userids."""
        api = "user/simplelist"
        answer = await self._client.get(api, department_id=str(department))
        return [_member(api, row) for row in _rows(api, answer, "userlist")]

    async def members_in_full(self, department: int) -> list[Member]:
        """The same with position and status."""
        api = "user/list"
        answer = await self._client.get(api, department_id=str(department))
        return [_member(api, row) for row in _rows(api, answer, "userlist")]

    async def member(self, userid: str) -> Member:
        """One member; 60111 (PlatformRefused) when there is no such."""
        api = "user/get"
        return _member(api, await self._client.get(api, userid=userid))

    async def userids(self) -> AsyncIterator[tuple[str, int]]:
        """All userids with a department each, page by page."""
        api, cursor = "user/list_id", ""
        for _ in range(_PAGES):
            answer = await self._client.post(api, {"cursor": cursor, "limit": PAGE}, again=True)
            for row in _rows(api, answer, "dept_user"):
                yield _text(api, row, "userid"), _number(api, row, "department")
            following = answer.get("next_cursor") or ""
            if not following or not isinstance(following, str) or following == cursor:
                return
            cursor = following
        raise PlatformBusy(api, None, "a cursor without end")

    async def visitor(self, code: str) -> Visitor:
        """Who is behind an OAuth code: good once, for five minutes; 40029 (PlatformRefused) otherwise."""
        api = "auth/getuserinfo"
        if not code or len(code.encode("utf-8", "replace")) > _CODE_BYTES:
            raise ContentRefused(api, None, "code")
        # Not repeated: where the answer was lost the code is used up.
        return visitor_in(await self._client.get(api, again=False, code=code))


def visitor_in(answer: Answer) -> Visitor:
    """The visitor in an answer of today's call or of the old one, which writes `UserId` and `OpenId`."""
    folded = {str(name).lower(): value for name, value in answer.items() if isinstance(value, str)}
    found = Visitor(
        userid=folded.get("userid", ""),
        openid=folded.get("openid", ""),
        external_userid=folded.get("external_userid", ""),
        ticket=folded.get("user_ticket", ""),
    )
    if not (found.userid or found.openid or found.external_userid):
        raise PlatformBusy("auth/getuserinfo", None, "answer without a person")
    return found


def _rows(api: str, answer: Answer, name: str) -> list[Mapping[str, Any]]:
    rows = answer.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PlatformBusy(api, None, f"answer without {name}")
    return rows


def _department(api: str, row: Mapping[str, Any]) -> Department:
    leaders = row.get("department_leader") or ()
    return Department(
        id=_number(api, row, "id"),
        name=str(row.get("name") or ""),  # left out where the application may not see names
        parent_id=_number(api, row, "parentid"),
        order=row["order"] if isinstance(row.get("order"), int) else 0,
        leaders=tuple(str(one) for one in leaders) if isinstance(leaders, list) else (),
    )


def _member(api: str, row: Mapping[str, Any]) -> Member:
    departments = row.get("department") or ()
    status = row.get("status")
    return Member(
        userid=_text(api, row, "userid"),
        name=str(row.get("name") or ""),
        departments=tuple(one for one in departments if isinstance(one, int))
        if isinstance(departments, list)
        else (),
        position=str(row.get("position") or ""),
        status=status if isinstance(status, int) else None,
    )


def _text(api: str, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise PlatformBusy(api, None, f"a row without {name}")
    return value


def _number(api: str, row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PlatformBusy(api, None, f"a row without {name}")
    return value
