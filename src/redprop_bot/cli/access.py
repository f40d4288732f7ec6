"""`token` and `account`: who may use the API and the console."""

import argparse
import sys
from typing import Any

from redprop_bot.cli.common import open_office
from redprop_bot.errors import ConfigError, Fault, Refused
from redprop_bot.web import access


def add(commands: Any) -> None:
    """Declare the commands."""
    token = commands.add_parser("token", help="接口令牌").add_subparsers(
        dest="what", required=True, metavar="做什么"
    )
    create = token.add_parser("create", help="发一个令牌，只显示这一次")
    create.add_argument("--role", required=True, choices=access.ROLES)
    create.add_argument("--community")
    create.add_argument("--organisation")
    create.set_defaults(run=_create)
    token.add_parser("list", help="列出令牌").set_defaults(run=_list)
    revoke = token.add_parser("revoke", help="收回令牌")
    revoke.add_argument("id", type=int)
    revoke.set_defaults(run=_revoke)


def _create(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        try:
            token = office.store.run(
                lambda tx: access.create(
                    tx, arguments.role, community=arguments.community, organisation=arguments.organisation
                )
            )
        except Refused as refusal:
            says = office.content.replies.say(f"error.{refusal.code}", **refusal.slots)
            raise ConfigError([Fault(f"--{refusal.field}", says)]) from None
    print(token)
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    with open_office() as office:
        zone = office.content.zone
        for token in office.store.look(access.listed):
            limit = token.organisation or token.community or "全部"
            state = f"已收回 {token.revoked_at.astimezone(zone):%Y-%m-%d}" if token.revoked_at else "有效"
            print(
                f"{token.id}\t{token.role}\t{limit}\t{token.created_at.astimezone(zone):%Y-%m-%d %H:%M}\t{state}"
            )
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        try:
            fresh = office.store.run(lambda tx: access.revoke(tx, arguments.id))
        except Refused:
            print(f"没有编号 {arguments.id} 的令牌", file=sys.stderr)
            return 1
    print("已收回。" if fresh else "早已收回。")
    return 0
