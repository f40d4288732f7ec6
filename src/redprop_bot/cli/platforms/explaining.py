"""From what a platform refused to its cause and what to do about it, for who sets the account up.

The texts of the platforms are not shown: they are English, and only their codes mean anything. An address in them
is ours as the platform sees it, and is what the administrator must enter. Words stand in data/replies/doctor.yaml.
"""

import re
from typing import Final

from redprop_bot.content.replies import Replies
from redprop_bot.errors import AddressRefused, NotEntitled, PlatformBusy, PlatformError, PlatformLimited
from redprop_bot.ports import Channel

_IP: Final = re.compile(r"(?:invalid ip|from ip:)\s*([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f:]{4,39})")


def plain(replies: Replies, error: PlatformError, channel: Channel) -> str:
    """Cause and remedy in one or two sentences; code and request id for whoever asks the platform's support."""
    key = f"doctor.{channel.value}.{error.errcode}"
    says = replies.say(key) if key in replies else _general(replies, error, channel)
    code = f"错误码 {error.errcode}" if error.errcode is not None else error.api
    return f"{says}（{code}" + (f"，rid {error.rid}" if error.rid else "") + "）"


def _general(replies: Replies, error: PlatformError, channel: Channel) -> str:
    if isinstance(error, AddressRefused):
        found = _IP.search(error.message)
        return replies.say(
            f"doctor.{channel.value}.address", ip=found.group(1) if found else "（平台没有说是哪个）"
        )
    if isinstance(error, PlatformLimited):
        until = f"{error.until.astimezone():%m月%d日 %H:%M} 以后" if error.until else "过一会儿"
        return replies.say("doctor.general.limited", until=until)
    if isinstance(error, PlatformBusy):
        return replies.say("doctor.general.busy")
    return replies.say(
        "doctor.general.not_entitled" if isinstance(error, NotEntitled) else "doctor.general.refused"
    )
