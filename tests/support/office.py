"""Word files and tables as LibreOffice reads them: to PDF and plain text, so that pages, words and sums can be judged."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

_PAGE = re.compile(rb"/Type\s*/Page(?![s\w])")


def soffice() -> str:
    """The program; where there is none the test is skipped, but never in CI, which installs it."""
    found = shutil.which("soffice")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is missing: .ci/run installs it")
        pytest.skip("LibreOffice is not on this machine; .ci/run installs it")
    return found


def converted(folder: Path, files: dict[str, bytes], to: str, kind: str = "docx") -> dict[str, bytes]:
    """Each file in another form, by its name; one start of the program for all of them. `to`: pdf, txt or csv."""
    program = soffice()
    for name, data in files.items():
        (folder / f"{name}.{kind}").write_bytes(data)
    form = "txt:Text (encoded):UTF8" if to == "txt" else to
    profile = (folder / "profile").as_uri()
    done = subprocess.run(
        [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(folder),
            *(str(folder / f"{name}.{kind}") for name in files),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    made = {name: folder / f"{name}.{to}" for name in files}
    assert all(path.exists() for path in made.values()), done.stdout + done.stderr
    return {name: path.read_bytes() for name, path in made.items()}


def pages(pdf: bytes) -> int:
    """How many pages."""
    return len(_PAGE.findall(pdf))
