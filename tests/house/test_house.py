"""House rules that matter, as tests."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

from redprop_bot import errors
from redprop_bot.content import load_content, roots
from redprop_bot.rules.flow import Act, Stage

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "redprop_bot"

_IMPORT_ALL = """
import json, pkgutil, sys, threading, asyncio, os
opened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and isinstance(arguments[1], str) and set("wax+") & set(arguments[1]):
        opened.append(arguments[0])
    if event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen"):
        opened.append(event)
sys.dont_write_bytecode = True
sys.addaudithook(watch)
import redprop_bot
for module in pkgutil.walk_packages(redprop_bot.__path__, "redprop_bot."):
    if module.name not in ("redprop_bot.__main__",) and ".migrations." not in module.name and "_packaged" not in module.name:
        __import__(module.name)
print(json.dumps({"opened": opened, "threads": threading.active_count(), "jieba": [m for m in ("jieba", "rjieba", "sklearn", "numpy") if m in sys.modules]}))
"""


def test_importing_does_nothing():
    """Importing every module opens no file for writing, no socket, no database, starts no thread."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["opened"] == []
    assert found["threads"] == 1
    assert "sklearn" not in found["jieba"]


def test_every_module_says_what_it_is_for():
    """Each module begins with a docstring."""
    silent = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "versions" not in path.parts and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_every_error_has_a_code_and_stands_in_the_tree():
    """Each error class is drawn at the top of its file and has a code of its own."""
    drawn = errors.__doc__ or ""
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.RedpropError)]
    assert all(c.__name__ in drawn for c in classes)
    assert len({c.code for c in classes}) == len(classes)


def test_every_stage_and_act_is_in_the_glossary_and_has_a_chinese_name():
    """One glossary, and a label for each code that people may see."""
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    words = set(re.findall(r"`([a-z_]+)`", glossary))
    content = load_content(roots(None), zone=__import__("zoneinfo").ZoneInfo("Asia/Shanghai"), address="")
    assert {s.value for s in Stage} | {a.value for a in Act} <= words
    assert set(content.labels.stage) == {s.value for s in Stage}
    assert set(content.labels.act) == {a.value for a in Act}


def test_every_dependency_is_named_with_its_reason():
    """`docs/decisions/` names each direct dependency."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    reasons = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text("utf-8").lower()
    direct = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=~!]", d)[0] for d in direct}
    assert [n for n in sorted(names) if n not in reasons and not n.startswith("types-") and n != "editables"] == []


def test_the_locks_hold_hashes_and_no_addresses():
    """No committed lock names where packages come from."""
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text), lock.name


def test_statements_are_built_in_the_store_only():
    """Tables and their columns are put into conditions nowhere else, also where no SQL library is imported."""
    strange = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "store" not in path.relative_to(SOURCE).parts and "table_of" in path.read_text("utf-8")
    ]
    assert strange == []
