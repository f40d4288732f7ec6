"""`token` and `account`: who may use the API and the console."""

import argparse
import sys
from typing import Any

from redprop_bot.cli.common import open_office
from redprop_bot.errors import ConfigError, Fault, Refused
from redprop_bot.store import access

ROLES = ("admin", "street", "secretary", "clerk", "provider", "viewer")


def add(commands: Any) -> None:
    """Declare the commands."""
    token = commands.add_parser("token", help="接口令牌").add_subparsers(
        dest="what", required=True, metavar="做什么"
    )
    create = token.add_parser("create", help="发一个令牌，只显示这一次")
    create.add_argument("--role", required=True, choices=ROLES)
    create.add_argument("--community")
    create.add_argument("--organisation")
    create.set_defaults(run=_create)
    token.add_parser("list", help="列出令牌").set_defaults(run=_list)
    revoke = token.add_parser("revoke", help="收回令牌")
    revoke.add_argument("id", type=int)
    revoke.set_defaults(run=_revoke)


def _create(arguments: argparse.Namespace) -> int:
    if (arguments.role == "provider") != bool(arguments.organisation):
        raise ConfigError([Fault("--organisation", "provider 必须写单位名，其他角色不写")])
    with open_office() as office:
        try:
            secret = office.store.run(
                lambda tx: access.create_token(
                    tx, role=arguments.role, community=arguments.community, organisation=arguments.organisation
                )
            )
        except Refused as refusal:
            raise ConfigError([Fault(f"--{refusal.field or 'role'}", "名册里没有这个名字")]) from None
    print(secret)
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    with open_office() as office:
        for line in office.store.look(access.token_lines):
            print(line)
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        if not office.store.run(lambda tx: access.revoke_token(tx, arguments.id)):
            print(f"没有编号 {arguments.id} 的有效令牌", file=sys.stderr)
            return 1
    print("已收回。")
    return 0
