"""The platforms' side of a callback, for tests: settings, and deliveries signed and sealed for a given moment."""

from datetime import UTC, datetime
from pathlib import Path

from redprop_bot.channels import OfficialAccount, Query, WeCom
from redprop_bot.channels.crypto import Cipher
from redprop_bot.ports import FrozenClock
from redprop_bot.settings import OfficialAccountSettings, WorkSettings
from redprop_bot.simulated.letters import Seal

WIRE = Path(__file__).parents[1] / "wire"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"  # of the official examples: not canonical Base64
TOKEN, APP_ID, CORP_ID = "Tok3n", "wx0000000000000001", "ww0000000000000001"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())


def oa_settings(mode="safe", **changes):
    values = {"app_id": APP_ID, "secret": "oa-secret", "token": TOKEN, "aes_key": KEY, "mode": mode}
    return OfficialAccountSettings(**(values | changes))


def work_settings(**changes):
    values = {"corp_id": CORP_ID, "agent_id": 1000002, "secret": "work-secret", "token": TOKEN, "aes_key": KEY}
    return WorkSettings(**(values | changes))


def official_account(mode="safe", now=NOW):
    return OfficialAccount(oa_settings(mode), FrozenClock(now))


def wecom(now=NOW):
    return WeCom(work_settings(), FrozenClock(now))


def oa_seal(mode="safe", receiver=APP_ID, token=TOKEN):
    return Seal(token, Cipher(KEY, receiver), mode)


def work_seal(receiver=CORP_ID, token=TOKEN):
    return Seal(token, Cipher(KEY, receiver), "work")


def packed(seal, xml, stamp=STAMP, **query):
    """Query and body of a delivery."""
    raw, body = seal.pack(xml, account="gh_test", now=stamp, **query)
    return Query.parse(raw), body


TEXT = (
    "<xml><ToUserName><![CDATA[gh_test]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>"
    f"<CreateTime>{STAMP}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[你好]]></Content><MsgId>6972028683187026694</MsgId></xml>"
)
