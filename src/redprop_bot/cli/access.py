"""`token` and `account`: who may use the API and the console."""

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from redprop_bot.cli.common import open_office
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, Fault, Refused
from redprop_bot.registry.register import register
from redprop_bot.store import access as kept
from redprop_bot.store.tx import Tx
from redprop_bot.web import access, accounts, passwords
from redprop_bot.web.accounts import Limits

R = TypeVar("R")
MOST_NAMES = 20


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
    _add_account(commands)


def _add_account(commands: Any) -> None:
    account = commands.add_parser("account", help="控制台账号").add_subparsers(
        dest="what", required=True, metavar="做什么"
    )
    create = account.add_parser("create", help="开一个账号，密码从标准输入读")
    create.add_argument("name")
    create.add_argument("--role", required=True, choices=access.ROLES)
    create.add_argument("--community")
    create.add_argument("--organisation")
    create.set_defaults(run=_create_account)
    account.add_parser("list", help="列出账号").set_defaults(run=_list_accounts)
    for name, run, says in (
        ("password", _password, "换密码，从标准输入读；已登录的都退出，锁也解开"),
        ("close", _close, "停用账号"),
        ("open", _open, "停用的账号再用起来，密码还是原来的"),
        ("totp", _totp, "开通动态码（再运行一次换一个），打印给验证器用的地址"),
    ):
        one = account.add_parser(name, help=says)
        one.add_argument("name")
        if name == "totp":
            one.add_argument("--off", action="store_true", help="关掉动态码")
        one.set_defaults(run=run)


def _create(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        token = _run(
            office,
            lambda tx: access.create(
                tx, arguments.role, community=arguments.community, organisation=arguments.organisation
            ),
        )
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


def _run(office: Office, job: Callable[[Tx], R]) -> R:
    """Run a job; what it refuses is wrong use, told with the name of what is wrong."""
    try:
        return office.store.run(job)
    except Refused as refusal:
        raise _wrong(office, refusal) from None


def _wrong(office: Office, refusal: Refused) -> ConfigError:
    says = office.content.replies.say(f"error.{refusal.code}", **refusal.slots)
    if refusal.code == "unknown_community":
        there = [community.name for community in office.store.look(register).communities.values()]
        says += (
            f"名册里有：{'、'.join(there[:MOST_NAMES])}"
            if there
            else "名册还是空的，先运行 redprop-bot roster import"
        )
    return ConfigError([Fault(f"--{refusal.field}" if refusal.field in _OPTIONS else str(refusal.field), says)])


_OPTIONS = ("role", "community", "organisation")


def _digest(office: Office) -> str:
    """The digest of the password on standard input; asked for twice where a person sits there."""
    if sys.stdin.isatty():
        password = getpass.getpass("密码：")
        if getpass.getpass("再写一遍：") != password:
            raise ConfigError([Fault("password", "两次写的不一样")])
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        return passwords.digest(password)
    except Refused as refusal:
        raise _wrong(office, refusal) from None


def _create_account(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        limits = Limits(arguments.role, arguments.community, arguments.organisation)
        digest = _digest(office)
        made = _run(office, lambda tx: accounts.create(tx, arguments.name, limits, digest))
        print(f"开好了：{made.name}（{arguments.role}）。登录 {office.settings.address}/console")
    return 0


def _list_accounts(_arguments: argparse.Namespace) -> int:
    with open_office() as office:
        reg = office.store.look(register)
        for account in office.store.look(kept.accounts):
            unit = reg.organisations.get(account.organisation_id or 0)
            limit = (unit and unit.name) or reg.community_name(account.community_id) or "全部"
            way, state = "动态码" if account.totp_seed else "密码", "停用" if account.closed_at else "有效"
            print(f"{account.name}\t{account.role}\t{limit}\t{way}\t{state}")
    return 0


def _password(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        digest = _digest(office)
        _run(office, lambda tx: accounts.renew(tx, arguments.name, digest))
    print("密码换好了。")
    return 0


def _close(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        fresh = _run(office, lambda tx: accounts.close(tx, arguments.name))
    print("停用了。" if fresh else "早已停用。")
    return 0


def _open(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        fresh = _run(office, lambda tx: accounts.reopen(tx, arguments.name))
    print("又能用了。" if fresh else "本来就能用。")
    return 0


def _totp(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        address = _run(
            office,
            lambda tx: accounts.second_factor(tx, arguments.name, office.secret_key, on=not arguments.off),
        )
    print(address or "动态码关掉了。")
    return 0
