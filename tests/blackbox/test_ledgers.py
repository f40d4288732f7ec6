"""Section 2 on one database: migration, ledgers, tokens, backup, doctor, `run-due`; SQLite and PostgreSQL."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from tests.blackbox.conftest import ROSTER
from tests.blackbox.service import House, settings


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """The same on either engine."""
    if request.param == "sqlite":
        found: House = request.getfixturevalue("house")
    else:
        found = House(tmp_path, settings(request.getfixturevalue("postgres_url")))
        found.ok("roster", "import", str(ROSTER))
    yield found
    found.close()


def test_database_check(house):
    """`db upgrade` twice is nothing; `db check` is 0 only when the schema is there."""
    assert house.run("db", "upgrade").code == 0
    assert house.run("db", "check").code == 0
    empty = House(house.folder, house.env | {"REDPROP_DATABASE_URL": "sqlite:///nothing-yet.db"})
    done = empty.run("db", "check")
    assert done.code == 1, done.all
    assert "Traceback" not in done.all


def test_tokens(house):
    """`token create` prints the token and nothing else; lists show ids and never the token; revoked ones are gone."""
    done = house.run("token", "create", "--role", "secretary", "--community", "梧桐社区")
    assert done.code == 0
    token = done.out.strip()
    assert re.fullmatch(r"\S{20,}", token), done.out
    listed = house.ok("token", "list")
    assert token not in listed
    assert "secretary" in listed
    assert house.run("token", "create", "--role", "provider").code == 2
    assert house.run("token", "create", "--role", "provider", "--organisation", "没有的单位").code == 2
    service = house.serve()
    bearer = {"Authorization": f"Bearer {token}"}
    assert service.call("GET", "/api/v1/me", headers=bearer).status == 200
    (number,) = re.findall(r"^\W*(\S+).*secretary", house.ok("token", "list"), re.MULTILINE)
    house.ok("token", "revoke", number)
    assert service.call("GET", "/api/v1/me", headers=bearer).status == 401
    assert house.run("token", "revoke", "999999").code in {1, 2}


FORMULA = '=HYPERLINK("http://x","点我") 梧桐里3栋门禁坏了'


def test_ledgers_backup_and_running_due(either):
    """Ledgers hold the API's items and no formulas; a copy made while serving restores; `run-due` twice does nothing."""
    service = either.serve({"REDPROP_SCHEDULER": "off"})
    bearer = {"Authorization": f"Bearer {either.token('admin')}"}
    numbers = []
    for text in (FORMULA, "+86梧桐里4栋路灯不亮", "@所有人 梧桐里5栋垃圾没人收", "-梧桐里6栋电梯异响"):
        made = service.call("POST", "/api/v1/demands", body={"text": text, "category": "building"}, headers=bearer)
        assert made.status in {200, 201}, made.text
        numbers.append(made.json["no"])
    items = service.call("GET", "/api/v1/demands", headers=bearer, query={"limit": 100}).json["items"]
    assert {one["no"] for one in items} == set(numbers)

    either.ok("export", "demands", "--out", "d.xlsx")
    sheet = openpyxl.load_workbook(either.folder / "d.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert {str(cell.value) for cell in cells} > set(numbers)
    either.ok("export", "demands", "--out", "d.csv")
    with Path(either.folder, "d.csv").open(encoding="utf-8-sig", newline="") as file:
        ledger = list(csv.reader(file))
    assert not [cell for row in ledger for cell in row if cell[:1] in {"=", "+", "-", "@"}]
    assert sum(number in row for row in ledger for number in numbers) == 4
    for kind in ("resources", "responsibilities"):
        either.ok("export", kind, "--out", f"{kind}.csv")
    with Path(either.folder, "responsibilities.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 11

    first = json.loads(either.ok("run-due", "--now", "2027-01-20T12:00:00+08:00"))
    second = json.loads(either.ok("run-due", "--now", "2027-01-20T12:00:00+08:00"))
    assert isinstance(first, dict)
    did = {name: value for name, value in second.items() if name not in {"now", "owed"} and value}
    assert not did, "what is owed to a channel that is off stays owed; nothing else is left to do"


def test_a_copy_is_made_while_serving_and_put_back(house):
    """A copy made while serving restores what was there; without `--force`, and from junk, nothing is touched."""
    service = house.serve()
    bearer = {"Authorization": f"Bearer {house.token('admin')}"}
    made = service.call("POST", "/api/v1/demands", body={"text": "梧桐里3栋电梯坏了"}, headers=bearer)
    assert made.status in {200, 201}
    house.ok("backup", "copy.bak")
    assert house.run("restore", "--force", "copy.bak").code != 0, "the service is running"
    assert service.call("GET", "/readyz").status == 200
    late = service.call("POST", "/api/v1/demands", body={"text": "梧桐里4栋电梯坏了"}, headers=bearer)
    service.stop()
    assert house.run("restore", "copy.bak").code != 0
    Path(house.folder, "junk.bak").write_bytes(b"not a database at all")
    assert house.run("restore", "--force", "junk.bak").code != 0
    house.ok("export", "demands", "--out", "both.csv")
    both = (house.folder / "both.csv").read_text("utf-8-sig")
    assert made.json["no"] in both
    assert late.json["no"] in both
    house.ok("restore", "--force", "copy.bak")
    house.ok("db", "check")
    house.ok("export", "demands", "--out", "one.csv")
    one = (house.folder / "one.csv").read_text("utf-8-sig")
    assert made.json["no"] in one
    assert late.json["no"] not in one


def test_doctor(house):
    """One line each; 0 only when all is well."""
    done = house.run("doctor")
    assert done.code == 0, done.all
    ill = house.run("doctor", env={"REDPROP_DATABASE_URL": "postgresql://x:secretpart@127.0.0.1:1/none"})
    assert ill.code == 1, ill.all
    assert "secretpart" not in ill.all
    assert "Traceback" not in ill.all
