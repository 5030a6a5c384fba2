"""A recipe of feedsvc/README.md: its steps as they are written there, and a copy of the tree that they are followed on.

A step is a numbered item that begins with the name of a file. What it says after ``above`` or ``below`` a line goes
there, ``NAME = (..., it)`` makes it the last of a tuple, and a block that stands by itself is a new file. Steps that
say none of these are left to people, or to a command.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from tests.harness.program import ROOT

HOUSE = (ROOT / "feedsvc" / "README.md").read_text()
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", ".*_cache", ".hypothesis", ".coverage*", "instance")
_BLOCK = r"```\w+\n(?P<block>.*?)```"
_EDIT = re.compile(rf"(?P<where>above|below) `(?P<anchor>[^`]+)`(?:(?!```).)*{_BLOCK}", re.DOTALL)
_LAST = re.compile(r"`(?P<name>[A-Z]+) = \(\.\.\., (?P<it>[^`]+)\)`")


class Step(NamedTuple):
    """What is done to a file, as the recipe says it."""

    file: str
    text: str

    def follow(self, folder: Path) -> None:
        """Do it."""
        path = folder / self.file
        edits = [*_EDIT.finditer(self.text)]
        for edit in edits:
            _insert(path, edit["anchor"], edit["block"], is_below=edit["where"] == "below")
        for last in _LAST.finditer(self.text):
            _add_last(path, last["name"], last["it"])
        block = re.search(_BLOCK, self.text, re.DOTALL)
        if block and not edits:
            assert not path.exists(), f"{self.file} is there already"
            path.write_text(block["block"])


def steps(title: str) -> list[Step]:
    """The steps of a recipe, with what is indented below them."""
    section = HOUSE.partition(f"## How to add {title}\n")[2].partition("\n## ")[0]
    items = re.split(r"^\d+\. +", section, flags=re.MULTILINE)[1:]
    found = [re.split(r"\n\n(?=\S)", item)[0] for item in items]
    return [Step(re.search(r"`([^`]+)`", text)[1], dedent(f"   {text}")) for text in found]  # type: ignore[index]


def copy_tree(folder: Path) -> Path:
    """The tree without what is made from it, but with what mypy knows of it, so that it looks at changes alone."""
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    copy_knowledge(folder)
    return folder


def copy_knowledge(folder: Path) -> None:
    """What mypy knows of the tree, if it was ever asked."""
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", folder / ".mypy_cache", dirs_exist_ok=True)


def follow(folder: Path, title: str, *, but: Collection[str] = ()) -> None:
    """Follow every step of a recipe on a copy where it may have been followed before, ``but`` those of some files."""
    for step in steps(title):
        if (ROOT / step.file).exists():
            shutil.copy2(ROOT / step.file, folder / step.file)
        else:
            (folder / step.file).unlink(missing_ok=True)
        if step.file not in but:
            step.follow(folder)


def run(folder: Path, *arguments: str, within: str = "") -> "subprocess.CompletedProcess[str]":
    """A module of Python in the copy, or in a folder ``within`` it, with its package before the installed one."""
    given = os.environ | {"PYTHONPATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder / within, env=given, capture_output=True, text=True, check=False)


def run_tests(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Tests of the copy; without plugins, which take longer to load than these tests to run."""
    temporary = folder.with_name(f"{folder.name}-tests")  # a run closes the usual folder, which others use, to them
    given = ("-q", "-o", "addopts=", "-W", "ignore", "-p", "no:cacheprovider", f"--basetemp={temporary}")
    return run(folder, "pytest", *given, *arguments)


def check(folder: Path, *tests: str) -> None:
    """Types, contracts and these tests have nothing to say against the copy."""
    for done in (run(folder, "mypy", "feedsvc"), contracts(folder), run_tests(folder, *tests)):
        assert done.returncode == 0, done.stdout + done.stderr


def contracts(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Who imports whom in the copy."""
    given = os.environ | {"PYTHONPATH": str(folder)}
    command = [Path(sys.executable).with_name("lint-imports")]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False)


def _insert(path: Path, anchor: str, block: str, *, is_below: bool) -> None:
    """Put lines above or below the first one that begins with the anchor, which is written without backticks."""
    lines = path.read_text().splitlines(keepends=True)
    number = next(
        (number for number, line in enumerate(lines) if line.replace("`", "").strip().startswith(anchor)), None
    )
    assert number is not None, f"no line of {path.name} begins with {anchor}"
    lines.insert(number + is_below, block)
    path.write_text("".join(lines))


def _add_last(path: Path, name: str, it: str) -> None:
    text = path.read_text()
    whole, count = re.subn(rf"(?ms)^({name}\b[^\n=]*= \()(.*?),?(\s*\))$", rf"\g<1>\g<2>, {it}\g<3>", text, count=1)
    assert count, f"{path.name} has no tuple {name}"
    path.write_text(whole)
