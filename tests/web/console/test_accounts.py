"""`redprop-bot account`: the command that makes accounts, to the letter of the contract."""

import io

import pytest
from tests.web.console.conftest import DIGEST, Browser

from redprop_bot.cli import main
from redprop_bot.store import access
from redprop_bot.web import accounts
from redprop_bot.web.accounts import Limits

PASSWORD = "从标准输入来的密码1"


@pytest.fixture
def command(small_house, monkeypatch, capsys, tmp_path):
    """Runs a command against the database of the house, with a line on standard input."""
    monkeypatch.setenv("REDPROP_DATABASE_URL", small_house.office.settings.database_url)
    monkeypatch.setenv("REDPROP_SECRET_KEY", "0" * 32)
    monkeypatch.chdir(tmp_path)

    def run(*arguments, said=f"{PASSWORD}\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(said))
        code = main([str(argument) for argument in arguments])
        return code, capsys.readouterr()

    return run


async def test_an_account_is_made_and_opens_the_console(small_house, command):
    """Role and community as told; the password is never said again, nor kept."""
    code, said = command("account", "create", "林书记", "--role", "secretary", "--community", "海棠社区")
    assert code == 0, said.err
    assert PASSWORD not in said.out + said.err
    [made] = small_house.office.store.look(access.accounts)
    assert (made.name, made.role) == ("林书记", "secretary")
    assert PASSWORD not in made.password
    assert (await Browser(small_house).enter("林书记", PASSWORD)).status == 303


@pytest.mark.parametrize(
    ("arguments", "said", "tells"),
    [
        (["x", "--role", "king"], PASSWORD, "king"),
        (["x"], PASSWORD, "--role"),
        (["x", "--role", "secretary", "--community", "没有"], PASSWORD, "没有"),
        (["x", "--role", "provider"], PASSWORD, "--organisation"),
        (["taken", "--role", "admin"], PASSWORD, "taken"),
        (["x", "--role", "admin"], "short", "8"),
        (["x", "--role", "admin"], "", "8"),
    ],
)
def test_what_cannot_be_made_is_wrong_use(small_house, command, arguments, said, tells):
    """Exit 2, the fault named, nothing made."""
    small_house.office.store.run(lambda tx: accounts.create(tx, "taken", Limits("admin"), DIGEST))
    code, heard = command("account", "create", *arguments, said=f"{said}\n")
    assert (code, heard.out) == (2, "")
    assert tells in heard.err
    assert len(small_house.office.store.look(access.accounts)) == 1


async def test_passwords_are_changed_accounts_closed_and_factors_switched(small_house, command):
    """Each says what it did; a name that is none is wrong use."""
    command("account", "create", "lin", "--role", "viewer")
    for _ in range(6):
        await Browser(small_house).enter("lin", "falsch falsch")
    assert (await Browser(small_house).enter("lin", PASSWORD)).status == 429
    assert command("account", "password", "lin", said="另一个新的密码22\n")[0] == 0
    assert (await Browser(small_house).enter("lin", "另一个新的密码22")).status == 303
    code, said = command("account", "totp", "lin")
    assert (code, said.out.startswith("otpauth://totp/")) == (0, True)
    assert (await Browser(small_house).enter("lin", "另一个新的密码22")).status == 401
    assert "关掉" in command("account", "totp", "lin", "--off")[1].out
    assert "lin\tviewer\t全部\t密码\t有效" in command("account", "list")[1].out
    assert "停用了" in command("account", "close", "lin")[1].out
    assert "早已" in command("account", "close", "lin")[1].out
    assert (await Browser(small_house).enter("lin", "另一个新的密码22")).status == 401
    for what in ("password", "close", "totp"):
        assert command("account", what, "nobody")[0] == 2
