"""`menu show | push`: the menus of both accounts, from data/menus to where people tap them."""

import argparse
import asyncio
import sys
from typing import Any

from redprop_bot.bootstrap.sending import senders
from redprop_bot.channels import OfficialAccountSender, WorkSender
from redprop_bot.cli.common import open_office
from redprop_bot.cli.platforms import comparing
from redprop_bot.cli.platforms.explaining import plain
from redprop_bot.cli.platforms.inspecting import NAMES, present_menu, wanted_menu
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, Fault, PlatformError
from redprop_bot.ports import Channel
from redprop_bot.web.serving import calling


def add(commands: Any) -> None:
    """Declare the commands."""
    menu = commands.add_parser("menu", help="公众号和企业微信的菜单").add_subparsers(
        dest="what", required=True, metavar="做什么"
    )
    for name, says, push in (("show", "看和账号里的差别", False), ("push", "看过差别，推到账号里", True)):
        command = menu.add_parser(name, help=says)
        command.add_argument("--only", choices=[channel.value for channel in Channel], help="只管一个平台")
        if push:
            command.add_argument("--yes", action="store_true", help="不再问一遍")
        command.set_defaults(run=_run, push=push)


def _run(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        return asyncio.run(settle(office, arguments))


async def settle(office: Office, arguments: argparse.Namespace) -> int:
    """Show the differences and, when told to, remove them; 1 where some are left."""
    left = 0
    async with calling() as session:
        made = office.senders or senders(office, session)
        chosen = [channel for channel in Channel if arguments.only in (None, channel.value)]
        for channel in chosen:
            sender = made.get(channel)
            if isinstance(sender, OfficialAccountSender | WorkSender):
                left += await _one(office, channel, sender, arguments)
        if not made or not set(chosen) & set(made):
            raise ConfigError([Fault("menu", "这个平台没有配置，见 docs/setup.md")])
    return 1 if left else 0


async def _one(
    office: Office, channel: Channel, sender: OfficialAccountSender | WorkSender, arguments: argparse.Namespace
) -> bool:
    """Whether a difference is left."""
    name, wanted = NAMES[channel], wanted_menu(office, channel)
    try:
        lines = comparing.menu_difference(wanted, await present_menu(sender.api))
        if not lines:
            print(f"{name}：菜单已经一样。")
            return False
        print(f"{name}：- 账号里的，+ 要改成的")
        for line in lines:
            print(f"  {line}")
        if not arguments.push:
            return True
        if not (arguments.yes or _agreed(name)):
            print(f"{name}：没有改。")
            return True
        await sender.api.create_menu(wanted)
    except PlatformError as error:
        print(f"{name}：{plain(office.content.replies, error, channel)}", file=sys.stderr)
        return True
    print(f"{name}：推上去了。手机上退出再进，或等几分钟就看到。")
    return False


def _agreed(name: str) -> bool:
    """Ask; where nobody sits, nobody has agreed."""
    if not sys.stdin.isatty():
        print("没有人可以问，要推请加 --yes。")
        return False
    return input(f"把{name}的菜单改成这样？(y/n) ").strip().lower() in {"y", "yes", "是"}
