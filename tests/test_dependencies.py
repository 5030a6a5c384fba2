"""What is not ours: whatever is imported is declared, and what is private of a library is still there."""

import ast
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import reduce
from importlib import metadata

import pytest

from tests import outdated
from tests.harness.program import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = ("bucket", "metrics")  # which are not pinned
UNIMPORTED = {"tzdata"}  # zoneinfo reads it where the system has no time zones
# Names that their library does not promise to keep, by module. A release without one of them must not be taken.
PRIVATE = {
    "watchfiles._rust_notify": ["RustNotify.watch", "RustNotify.close", "WatchfilesRustInternalError"],
    "gunicorn.workers.gthread": [
        *("STOP_KEEPALIVE_LINGER", "TConn", "ThreadWorker.handle", "ThreadWorker.handle_error"),
        *("ThreadWorker.is_parent_alive", "ThreadWorker.notify", "ThreadWorker.run"),
        *("PollableMethodQueue.defer", "PollableMethodQueue.run_callbacks", "PollableMethodQueue.fileno"),
    ],
    "gunicorn.http": ["get_parser"],
    "gunicorn.http.errors": ["NoMoreData"],
    "gunicorn.http.message": ["Request.should_close", "Request.force_close"],
    "gunicorn.http.unreader": ["IterUnreader", "Unreader.unread", "Unreader.take_buffered"],
    "gunicorn.http.wsgi": ["create"],
    "gunicorn.glogging": ["Logger.setup", "Logger.access"],
    "gunicorn.util": ["http_date"],
    "gunicorn": ["SERVER"],
    "yaml": ["CSafeLoader.get_event"],
}


def imported() -> Iterator[str]:
    """Every module that the package imports, but for its own and Python's."""
    for path in (ROOT / "feedsvc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            yield from (name for name in names if name.partition(".")[0] not in {*sys.stdlib_module_names, "feedsvc"})


def declared() -> dict[str, str]:
    """Every package that the service is installed with, by name, as it is written."""
    extras = PROJECT["optional-dependencies"]
    requirements = [*PROJECT["dependencies"], *(each for name in EXTRAS for each in extras[name])]
    return {re.split(r"[<>=\[]", requirement)[0]: requirement for requirement in requirements}


def test_every_package_that_is_imported_is_declared_and_no_other() -> None:
    packages = metadata.packages_distributions()
    modules = {name.partition(".")[0] for name in imported()} - {"_typeshed"}
    used = {re.sub(r"[-_.]+", "-", packages[module][0]).lower() for module in modules}
    assert {"gunicorn", "pydantic-core", "jinja2", "markupsafe"} <= used
    assert used | UNIMPORTED == set(declared())


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in PRIVATE.items() for name in names])
def test_a_name_that_is_not_promised_is_there(module: str, name: str) -> None:
    assert reduce(getattr, name.split("."), importlib.import_module(module)) is not None


def test_a_private_module_is_in_that_table_and_its_package_has_an_upper_bound() -> None:
    private = {name for name in imported() if any(part.startswith("_") for part in name.split("."))} - {
        "_typeshed.wsgi"
    }
    assert private == {"watchfiles._rust_notify"} <= set(PRIVATE)
    for package in ("watchfiles", "comrak"):
        assert ",<" in declared()[package]


def test_every_pin_is_a_release_that_the_declaration_allows() -> None:
    pinned = outdated.pins()
    for package, requirement in declared().items():
        if package in pinned or package not in ("obstore", "prometheus-client"):
            least = re.search(r">=([0-9.]+)", requirement)
            most = re.search(r"<([0-9.]+)", requirement)
            assert least
            assert _numbers(least[1]) <= _numbers(pinned[package])
            assert most is None or _numbers(pinned[package]) < _numbers(most[1])


def test_a_newer_release_is_told() -> None:
    pinned = outdated.pins()
    assert {"flask", "mypy", "ruff", "typing-extensions"} <= set(pinned)
    assert outdated.behind(pinned, pinned) == []
    newer = pinned | {"ruff": "99.1", "flask": "98", "unknown": "1"}
    assert outdated.behind(pinned, newer) == [f"flask {pinned['flask']} -> 98", f"ruff {pinned['ruff']} -> 99.1"]


def _numbers(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]
