"""Residents with a phone in their hand, signed in, and forms as their browser sends them."""

import re

import aiohttp
import pytest
from tests.web.test_login import WECHAT, Phone

from redprop_bot.ports import Channel
from redprop_bot.store import demands, people

TEXT = "电梯坏了，老人下不了楼"


class Hand(Phone):
    """A phone with somebody who fills in forms; `mark` is the one of the last page."""

    mark = ""

    async def look(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status == 200, (path, answer.status)
        return await self.seen(answer)

    async def seen(self, answer) -> str:
        text = await answer.text()
        if found := re.search(r'name="_mark" value="([^"]+)"', text):
            self.mark = found[1]
        return text

    async def send(self, path, fields=(), files=None, *, mark=None, **headers):
        """A form with the mark of the last page; `files` by field: name and bytes."""
        given = list(fields.items()) if isinstance(fields, dict) else list(fields)
        given.append(("_mark", self.mark if mark is None else mark))
        data = given
        if files is not None:
            data = aiohttp.FormData()
            for name, value in given:
                data.add_field(name, value)
            for name, (filename, content) in files.items():
                data.add_field(name, content, filename=filename, content_type="application/octet-stream")
        options = self._options()
        options["headers"] = {**options["headers"], **{n.replace("_", "-"): v for n, v in headers.items()}}
        return await self._take(await self.house.client.post(path, data=data, **options))

    def orders(self):
        """Their orders, newest first."""

        def job(tx):
            found = people.who(tx, Channel.OA, self.person)
            return demands.of_reporter(tx, found[0].id) if found else []

        return self.house.office.store.look(job)

    def me(self):
        """Their row, None when nobody has this account."""
        found = self.house.office.store.look(lambda tx: people.who(tx, Channel.OA, self.person))
        return found[0] if found else None


@pytest.fixture
async def hand(small_house) -> Hand:
    """A resident who has signed in."""
    phone = Hand(small_house, "o-xu", WECHAT)
    assert (await phone.enter()).status == 302
    return phone


@pytest.fixture
async def other(small_house) -> Hand:
    """Another one."""
    phone = Hand(small_house, "o-lan", WECHAT)
    assert (await phone.enter()).status == 302
    return phone


async def report(hand: Hand, text: str = TEXT, *, files=None, **fields: str):
    """A report by the form; the answer."""
    page = await hand.look("/m/report")
    number = re.search(r'name="number" value="([0-9a-f]+)"', page)[1]
    given = {"text": text, "estate": "海棠苑", "building": "3", "unit": "2", "number": number, **fields}
    return await hand.send("/m/report", given, files or {})


async def finished(hand: Hand) -> str:
    """An order of theirs that its unit says is done."""
    await report(hand)
    no = hand.orders()[0].no
    token = hand.house.token("provider", organisation="春晖物业")
    assert (await hand.house.act(token, no, "fulfil", note="修好了"))[0] == 200
    return no


def version(hand: Hand, no: str) -> str:
    return str(hand.house.office.store.look(lambda tx: demands.by_no(tx, no)).version)
