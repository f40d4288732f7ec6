"""The directory of a WeCom corp: departments, members, tags; what changes in it is pushed as `change_contact`.

    await twin.work.corp.hire("zhousf", "周师傅", position="维修")        create_user
    await twin.work.corp.change("zhousf", new_userid="zhousf2")        update_user with what has changed, no more
    await twin.work.corp.leave("zhousf2")                               delete_user

Fields, their order and case are those of the official samples; there is no AgentID, and the sender is `sys`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from redprop_bot.simulated.phone import Outcome, Phones
from redprop_bot.simulated.server import ApiError, Payload, need

SYSTEM = "sys"


@dataclass(frozen=True, slots=True)
class Account:
    """A member; `status` 1 active, 2 disabled, 4 not activated, 5 left."""

    userid: str
    name: str
    departments: tuple[int, ...] = (1,)
    position: str = ""
    mobile: str = ""
    status: int = 1


@dataclass
class Corp:
    """Who and what is there. `open_door`: every userid counts as a member, known or not."""

    phones: Phones
    open_door: bool
    accounts: dict[str, Account] = field(default_factory=dict)
    parties: dict[int, tuple[str, int]] = field(default_factory=lambda: {1: ("社区", 0)})  # id: name, parent
    tags: dict[int, set[str]] = field(default_factory=dict)

    def enrol(self, members: Iterable[str]) -> None:
        """Members from before the first moment: nothing is pushed."""
        self.accounts |= {userid: Account(userid, userid) for userid in members}

    def has(self, userid: str) -> bool:
        """Whether messages reach this userid."""
        known = self.accounts.get(userid)
        return known.status == 1 if known else bool(userid) and self.open_door

    def of_party(self, party: int) -> list[str]:
        """Members of a department and those below it."""
        below = {party}
        while grown := {one for one, (_, parent) in self.parties.items() if parent in below} - below:
            below |= grown
        return [account.userid for account in self.accounts.values() if below & set(account.departments)]

    # -- what changes

    async def hire(self, userid: str, name: str, **fields: Any) -> Outcome:
        """A new account; fields of Account."""
        account = Account(userid, name, **fields)
        self.accounts[userid] = account
        return await self._push("create_user", {"UserID": userid, **_wire(account)})

    async def change(self, userid: str, *, new_userid: str = "", **fields: Any) -> Outcome:
        """Another name, place, status or userid."""
        before = self.accounts.pop(userid, Account(userid, userid))
        account = replace(before, userid=new_userid or userid, **fields)
        self.accounts[account.userid] = account
        old, new = _wire(before), _wire(account)
        changed = {name: new[name] for name in new if new[name] != old.get(name)}
        renamed = {"NewUserID": new_userid} if new_userid else {}
        return await self._push("update_user", {"UserID": userid, **renamed, **changed})

    async def leave(self, userid: str) -> Outcome:
        """The account is deleted."""
        self.accounts.pop(userid, None)
        return await self._push("delete_user", {"UserID": userid})

    async def add_party(self, party: int, name: str, parent: int = 1) -> Outcome:
        """A new department."""
        self.parties[party] = name, parent
        return await self._push("create_party", {"Id": party, "Name": name, "ParentId": parent, "Order": 1})

    async def change_party(self, party: int, name: str) -> Outcome:
        """Another name."""
        self.parties[party] = name, self.parties[party][1]
        return await self._push("update_party", {"Id": party, "Name": name})

    async def drop_party(self, party: int) -> Outcome:
        """A department less."""
        del self.parties[party]
        return await self._push("delete_party", {"Id": party})

    async def tag(
        self,
        tag: int,
        *,
        add: Iterable[str] = (),
        drop: Iterable[str] = (),
        add_parties: Iterable[int] = (),
        drop_parties: Iterable[int] = (),
    ) -> Outcome:
        """Other members or departments under a tag."""
        added, dropped = list(add), list(drop)
        self.tags[tag] = (self.tags.get(tag, set()) | set(added)) - set(dropped)
        fields = {
            "TagId": tag,
            "AddUserItems": ",".join(added),
            "DelUserItems": ",".join(dropped),
            "AddPartyItems": ",".join(map(str, add_parties)),
            "DelPartyItems": ",".join(map(str, drop_parties)),
        }
        return await self._push("update_tag", fields)

    async def job_done(
        self, job_id: str, kind: str = "sync_user", errcode: int = 0, errmsg: str = "ok"
    ) -> Outcome:
        """`batch_job_result`: a long job of the directory has ended."""
        job = {"JobId": job_id, "JobType": kind, "ErrCode": errcode, "ErrMsg": errmsg}
        return await self.phones.event(SYSTEM, "batch_job_result", {"BatchJob": job})

    async def _push(self, change: str, fields: Mapping[str, Any]) -> Outcome:
        return await self.phones.event(SYSTEM, "change_contact", {"ChangeType": change, **fields})

    # -- what an application may read

    def departments(self, query: Payload) -> dict[str, Any]:
        """`department/list`."""
        top = _number(query, "id") if query.get("id") else 1
        below = {top}
        while grown := {one for one, (_, parent) in self.parties.items() if parent in below} - below:
            below |= grown
        rows = [
            {
                "id": one,
                "name": name,
                "name_en": "",
                "department_leader": [],
                "parentid": parent,
                "order": 100000000,
            }
            for one, (name, parent) in self.parties.items()
            if one in below
        ]
        return {"department": rows}

    def members_in_short(self, query: Payload) -> dict[str, Any]:
        """`user/simplelist`."""
        rows = [
            {"userid": a.userid, "name": a.name, "department": list(a.departments), "open_userid": ""}
            for a in self._of(query)
        ]
        return {"userlist": rows}

    def members(self, query: Payload) -> dict[str, Any]:
        """`user/list`."""
        return {"userlist": [_read(account) for account in self._of(query)]}

    def member(self, query: Payload) -> dict[str, Any]:
        """`user/get`."""
        account = self.accounts.get(query.get("userid", ""))
        if account is None:
            raise ApiError("unknown_member", "userid not found")
        return _read(account)

    def page(self, payload: Payload) -> dict[str, Any]:
        """`user/list_id`: by cursor."""
        rows = [{"userid": a.userid, "department": one} for a in self.accounts.values() for one in a.departments]
        start, most = int(payload.get("cursor") or 0), min(int(payload.get("limit", 10_000)), 10_000)
        following = str(start + most) if start + most < len(rows) else ""
        return {"next_cursor": following, "dept_user": rows[start : start + most]}

    def _of(self, query: Payload) -> list[Account]:
        party = _number(query, "department_id")
        if party not in self.parties:
            raise ApiError("unknown_department", "department not found")
        return [account for account in self.accounts.values() if party in account.departments]


def _number(query: Payload, name: str) -> int:
    value = str(need(query, name, str, "bad_parameter"))
    if not value.isdecimal():
        raise ApiError("bad_parameter", f"invalid {name}")
    return int(value)


def _wire(account: Account) -> dict[str, Any]:
    fields = {
        "Name": account.name,
        "Department": ",".join(map(str, account.departments)),
        "MainDepartment": account.departments[0],
        "IsLeaderInDept": ",".join("0" for _ in account.departments),
        "Position": account.position,
        "Mobile": account.mobile,
        "Status": account.status,
    }
    return {name: value for name, value in fields.items() if value != ""}


def _read(account: Account) -> dict[str, Any]:
    return {
        "userid": account.userid,
        "name": account.name,
        "department": list(account.departments),
        "position": account.position,
        "status": account.status,
        "isleader": 0,
        "main_department": account.departments[0],
    }
