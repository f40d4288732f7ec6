"""What `doctor --platform` looks at, in the order in which somebody sets an account up.

Where the account lets nobody in, what lies behind is not asked for: one cause, one line.
"""

import re
from collections.abc import AsyncIterator, Awaitable
from typing import Final
from urllib.parse import urlsplit

from redprop_bot.bootstrap.sending import senders
from redprop_bot.channels import OfficialAccountSender, WorkSender, menus, probe
from redprop_bot.channels.oa_account import TemplateFound
from redprop_bot.channels.oa_api import OfficialAccountApi
from redprop_bot.channels.work_api import NO_MENU, WorkApi
from redprop_bot.cli.platforms import callbacks, comparing
from redprop_bot.cli.platforms.explaining import plain
from redprop_bot.cli.platforms.lines import Line, bad, good, hint
from redprop_bot.content.replies import Replies
from redprop_bot.content.templates import TemplateKind
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import NotEntitled, PlatformError, PlatformRefused
from redprop_bot.ports import Channel
from redprop_bot.store import messages
from redprop_bot.web.serving import Session, calling

NAMES: Final = {Channel.OA: "公众号", Channel.WORK: "企业微信"}
_PATHS: Final = {Channel.OA: "/wechat/oa", Channel.WORK: "/wechat/work"}
_FORMS: Final = {Channel.OA: r"wx[0-9a-z]{16}", Channel.WORK: r"w[wx][0-9a-zA-Z]{16}"}


async def inspect(office: Office) -> AsyncIterator[Line]:
    """Everything, a line at a time; lines of a platform follow one with its name."""
    settings = office.settings
    if settings.oa is None and settings.work is None:
        yield hint("平台", office.content.replies.say("doctor.nothing"))
        return
    yield callbacks.address(office.content.replies, settings.address, configured=bool(settings.public_url))
    async with calling() as session:
        made = office.senders or senders(office, session)
        for channel, account in ((Channel.OA, settings.oa), (Channel.WORK, settings.work)):
            if account is None:
                yield hint(NAMES[channel], "没有配置，不用")
                continue
            async for line in _platform(office, session, channel, made.get(channel)):
                yield Line(line.mark, f"{NAMES[channel]} {line.name}", line.says)


async def _platform(office: Office, session: Session, channel: Channel, sender: object) -> AsyncIterator[Line]:
    account = office.settings.oa if channel is Channel.OA else office.settings.work
    assert account is not None
    theirs = await probe.time_there(session, account.api_base)
    replies = office.content.replies
    yield callbacks.clock(replies, office.clock.now(), theirs)
    url = office.settings.address + _PATHS[channel]
    yield callbacks.callback(replies, url, await probe.verify(session, url, account, office.clock.now()))
    at = await office.store.read(lambda tx: messages.last_received(tx, channel.value))
    yield callbacks.received(replies, at, office.clock.now())
    if isinstance(sender, OfficialAccountSender):
        async for line in _official(office, sender.api):
            yield line
    elif isinstance(sender, WorkSender):
        async for line in _work(office, sender.api):
            yield line


async def _let_in(replies: Replies, channel: Channel, identity: str, asked: Awaitable[list[str]]) -> Line:
    """Whether id, secret and our address are accepted, by a call that changes nothing."""
    try:
        places = await asked
    except PlatformError as error:
        says = [plain(replies, error, channel)]
        if not re.fullmatch(_FORMS[channel], identity):
            says.append(replies.say(f"doctor.{channel.value}.form"))
        return bad("凭证", "\n".join(says))
    return good("凭证", replies.say("doctor.let_in", count=len(places)))


async def _official(office: Office, api: OfficialAccountApi) -> AsyncIterator[Line]:
    entry = await _let_in(office.content.replies, Channel.OA, api.app_id, api.callback_addresses())
    yield entry
    if entry.mark != "✓":
        return
    yield await _menu(office, Channel.OA, api)
    asked: tuple[tuple[TemplateKind, Awaitable[list[TemplateFound]]], ...] = (
        ("template", api.templates()),
        ("subscription", api.notices()),
    )
    for kind, question in asked:
        used = office.content.templates.used(kind)
        try:
            has = await question
        except PlatformError as error:
            told = hint if isinstance(error, NotEntitled) and not used else bad
            yield told(comparing.KINDS[kind], plain(office.content.replies, error, Channel.OA))
            continue
        for line in comparing.templates(office.content.replies, kind, used, has):
            yield line


async def _work(office: Office, api: WorkApi) -> AsyncIterator[Line]:
    settings = office.settings.work
    assert settings is not None
    entry = await _let_in(office.content.replies, Channel.WORK, settings.corp_id, api.callback_addresses())
    yield entry
    if entry.mark != "✓":
        return
    replies = office.content.replies
    try:
        agent = await api.agent()
    except PlatformError as error:
        yield bad("应用", plain(replies, error, Channel.WORK))
        return
    if agent.closed:
        yield bad("应用", replies.say("doctor.agent.closed", name=agent.name))
    else:
        yield good("应用", f"“{agent.name}”")
    host = urlsplit(office.settings.address).hostname or ""
    if agent.domain.partition(":")[0] == host:
        yield good("可信域名", agent.domain)
    else:
        key = "doctor.agent.other_domain" if agent.domain else "doctor.agent.no_domain"
        yield bad("可信域名", replies.say(key, domain=agent.domain, host=host))
    yield await _menu(office, Channel.WORK, api)


async def _menu(office: Office, channel: Channel, api: OfficialAccountApi | WorkApi) -> Line:
    try:
        present = await present_menu(api)
    except PlatformError as error:
        return bad("菜单", plain(office.content.replies, error, channel))
    return comparing.menu(office.content.replies, wanted_menu(office, channel), present)


async def present_menu(api: OfficialAccountApi | WorkApi) -> list[object]:
    """The account's buttons; none where there is no menu. Raises PlatformError."""
    try:
        return list(await api.menu())
    except PlatformRefused as error:
        if error.errcode == NO_MENU:
            return []
        raise


def wanted_menu(office: Office, channel: Channel) -> list[dict[str, object]]:
    """Our menu in the platform's words."""
    menu = office.content.menus.of("oa" if channel is Channel.OA else "work")
    return menus.wire(menu, office.settings.address)
