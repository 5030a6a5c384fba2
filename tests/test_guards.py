"""The guards of ``poe check`` guard: what must not be written anywhere is named, in whatever room it is written."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.harness.program import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS = sorted(path.name for path in (ROOT / "feedsvc").iterdir() if (path / "__init__.py").is_file())
# whose home is a whole room; all others have one module, or a few
AT_HOME = {
    ("cli", "click"),
    ("content", "pydantic"),
    ("formats", "lxml"),
    ("pages", "markupsafe"),
    ("publication", "sqlite3"),
    ("publishing", "pydantic"),
    ("web", "flask"),
    ("web", "gunicorn"),
    ("web", "werkzeug"),
}
AMBIENT = """\
import http.client
import os
import time
import urllib.request
from datetime import date, datetime

datetime.now()
datetime.utcnow()
date.today()
time.time()
time.strftime()
os.environ["HOME"]
os.getenv("HOME")
"""
OUTSIDERS = [
    module
    for contract in PROJECT["tool"]["importlinter"]["contracts"]
    if contract.get("source_modules") == ["feedsvc"]
    for module in contract["forbidden_modules"]
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the package in which every room and the root do everything that they must not."""
    package = shutil.copytree(ROOT / "feedsvc", tmp_path / "feedsvc", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("", *ROOMS):
        (package / room / "wrong.py").write_text(AMBIENT + "".join(f"import {module}\n" for module in OUTSIDERS))
    return tmp_path


def run(copy: Path, tool: str, *arguments: str) -> str:
    command = [str(Path(sys.executable).parent / tool), *arguments]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_the_clock_and_the_surroundings_are_named_in_every_room(copy: Path) -> None:
    said = run(copy, "ruff", "check", "--select", "TID251", "--output-format", "concise", "--no-cache", ".")
    harmless = ("import os", "import time", "from datetime")
    wrong = {number for number, line in enumerate(AMBIENT.splitlines(), 1) if line and not line.startswith(harmless)}
    for room in ("", *(f"{room}/" for room in ROOMS)):
        named = re.findall(rf"^feedsvc/{room}wrong\.py:(\d+):\d+: TID251", said, re.MULTILINE)
        assert set(map(int, named)) == wrong


def test_every_package_is_named_outside_of_its_home(copy: Path) -> None:
    said = run(copy, "lint-imports", "--no-cache")
    found = set(re.findall(r"feedsvc\.(?:(\w+)\.)?wrong -> (\w+) \(l\.", said))
    assert {(room, module) for room in ("", *ROOMS) for module in OUTSIDERS} - found == AT_HOME
    assert {(room, "time") for room in ("documents", "formats", "pages", "wording")} < found


def test_every_package_that_the_project_needs_has_a_home() -> None:
    needed = {re.split(r"[<>=\[]", line)[0].lower() for line in PROJECT["project"]["dependencies"]}
    guarded = {
        name.lower().replace("_", "-") for module in OUTSIDERS for name in packages_distributions().get(module, ())
    }
    assert needed - guarded == {"tzdata"}  # nobody imports data
