"""The two platforms, Official Account and WeCom: what they deliver, are answered and are sent.

Everything the platforms say in their own words (XML, signatures, error codes, cards) stops in this room;
other rooms see `Inbound`, `Outbound` and the errors of `redprop_bot.errors`. Only this room knows wechatpy.
What may not live here: what a message means, who must be told, storage, HTTP routes.

    request → Query + body → OfficialAccount/WeCom.receive → Delivery → … → reply → response body
    Outbound → OfficialAccountSender/WorkSender.send → Receipt | PlatformError
"""

from redprop_bot.channels.client import File, Media
from redprop_bot.channels.delivery import BODY_LIMIT, Delivery
from redprop_bot.channels.oa_api import OfficialAccountApi
from redprop_bot.channels.official_account import OfficialAccount
from redprop_bot.channels.query import Query
from redprop_bot.channels.robots import Robot, Robots
from redprop_bot.channels.senders import OfficialAccountSender, WorkSender
from redprop_bot.channels.tokens import TokenStore
from redprop_bot.channels.wecom import WeCom
from redprop_bot.channels.work_api import WorkApi

__all__ = [
    "BODY_LIMIT",
    "Delivery",
    "File",
    "Media",
    "OfficialAccount",
    "OfficialAccountApi",
    "OfficialAccountSender",
    "Query",
    "Robot",
    "Robots",
    "TokenStore",
    "WeCom",
    "WorkApi",
    "WorkSender",
]
