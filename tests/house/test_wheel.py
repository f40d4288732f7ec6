"""The package as others get it: a wheel that carries its content and works without the source tree."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", out, ROOT],
        check=True,
        cwd=out,
    )
    return next(out.glob("redprop_bot-*.whl"))


def test_the_wheel_carries_all_content_files(wheel):
    """Every file of intents/ and data/ is in the wheel, under one folder of the package."""
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"redprop_bot/_packaged/{path.relative_to(ROOT)}"
        for folder in ("intents", "data")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert wanted
    assert wanted <= packed


def test_an_installed_wheel_works_without_the_source_tree(wheel, tmp_path):
    """Installed into an empty environment it migrates a database, takes a report in, and doctor finds all well."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    site = next((home / "lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)  # what an installer does with a pure wheel
    # The dependencies come from this environment by plain path: its own link to the source tree is not followed.
    (site / "dependencies.pth").write_text(next(p for p in sys.path if p.endswith("site-packages")) + "\n")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("REDPROP_", "PYTHON", "COV_"))}

    def run(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, "-m", "redprop_bot", *arguments],
            cwd=tmp_path,
            env=clean,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )

    where = subprocess.run(
        [python, "-c", "import redprop_bot; print(redprop_bot.__file__)"],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(site) in where
    assert run("db", "upgrade").returncode == 0
    roster = tmp_path / "roster.yaml"
    roster.write_text(
        yaml.safe_dump({"communities": [{"name": "试社区", "estates": [{"name": "试苑"}]}]}, allow_unicode=True),
        "utf-8",
    )
    assert run("roster", "import", str(roster)).returncode == 0
    chat = run("chat", "--as", "resident:o1", said="试苑3栋2单元电梯坏了\n")
    assert "D20" in chat.stdout, chat.stderr
    doctor = run("doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
