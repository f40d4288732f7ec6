"""People at the console: each with a browser of their own, accounts of every role."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from bs4 import BeautifulSoup
from tests.web.conftest import House

from redprop_bot.store import demands
from redprop_bot.web import accounts, passwords
from redprop_bot.web.accounts import Limits

PASSWORD = "一个够长的密码1"
DIGEST = passwords.digest(PASSWORD)  # made once: it is slow on purpose
TEXT = "海棠苑3栋2单元电梯坏了，老人下不了楼"


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Any

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    @property
    def said(self) -> str:
        """The notes on top of the page."""
        return " ".join(note.text for note in self.soup.select(".note"))


@dataclass
class Browser:
    """A browser: its own cookies, and the mark of the last page."""

    house: House
    jar: dict[str, str] = field(default_factory=dict)
    mark: str = ""

    async def get(self, path: str, **headers: str) -> Answer:
        return await self._take("GET", path, None, headers)

    async def post(self, path: str, fields: Any = None, *, mark: str | None = None, **headers: str) -> Answer:
        """Send a form, with the mark of the last page unless another is given."""
        given = list(fields.items()) if isinstance(fields, dict) else list(fields or [])
        if mark := self.mark if mark is None else mark:
            given.append(("_mark", mark))
        return await self._take("POST", path, given, headers)

    async def enter(self, name: str, password: str = PASSWORD, **more: str) -> Answer:
        answer = await self.post("/console/login", {"username": name, "password": password, **more}, mark="")
        if answer.status == 303:
            await self.get("/console")
        return answer

    async def act(self, no: str, act: str, *, version: int | None = None, **fields: Any) -> Answer:
        """An act on a demand as its page would send it."""
        now = self.house.office.store.look(lambda tx: demands.by_no(tx, no))
        given = {"act": act, "version": str(now.version if version is None else version), **fields}
        return await self.post(f"/console/demands/{no}/act", given)

    async def _take(self, method: str, path: str, fields: Any, headers: dict[str, str]) -> Answer:
        self.house.client.session.cookie_jar.clear()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.house.client.request(
            method, path, data=fields, headers=named, cookies=self.jar, allow_redirects=False
        ) as response:
            for name, cookie in response.cookies.items():
                if cookie.value:
                    self.jar[name] = cookie.value
                else:
                    self.jar.pop(name, None)
            text = (await response.read()).decode("utf-8", "replace")
        if found := re.search(r'name="_mark" value="([^"]+)"', text):
            self.mark = found[1]
        return Answer(response.status, text, response.headers)


SEATS = {
    "admin": Limits("admin"),
    "street": Limits("street"),
    "secretary": Limits("secretary", "海棠社区"),
    "other": Limits("secretary", "银杏社区"),
    "clerk": Limits("clerk", "海棠社区"),
    "provider": Limits("provider", None, "春晖物业"),
    "viewer": Limits("viewer", "海棠社区"),
}


OTHER_UNITS = {
    "autumn": Limits("provider", None, "金秋物业"),
    "water": Limits("provider", None, "望月供水所"),
}


async def sit(house: House, who: str) -> Browser:
    """Somebody with an account of a role, signed in."""
    house.office.store.run(
        lambda tx: (
            None
            if who in {a.name for a in _all(tx)}
            else accounts.create(tx, who, (SEATS | OTHER_UNITS)[who], DIGEST)
        )
    )
    browser = Browser(house)
    answer = await browser.enter(who)
    assert answer.status == 303, answer.text
    await browser.get("/console/demands")
    return browser


def _all(tx):
    from redprop_bot.store import access

    return access.accounts(tx)


async def reported(house: House, text: str = TEXT, **fields: Any) -> str:
    """Somebody reports; the number."""
    item = await house.report(house.token("admin"), text, **fields)
    return item["no"]


@pytest.fixture
async def secretary(small_house: House) -> Browser:
    return await sit(small_house, "secretary")
