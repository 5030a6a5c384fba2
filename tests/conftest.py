"""What every test may ask for."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from playwright.sync_api import Browser, expect, sync_playwright

from feedsvc.settings import cores
from tests.harness.figures import FIGURES
from tests.harness.judges import find_program
from tests.harness.measuring import MEASURING, unmeasured
from tests.harness.program import PATIENCE

# What takes long begins first, so that no process is left alone with it in the end; a folder's tests share services.
LONGEST_FIRST = (
    "tests/faults/",
    "tests/wire/",
    "tests/recipes/",
    "tests/test_",
    "tests/publishing/",
    "tests/content/",
    "tests/pictures/",
)
# What these go through again and again, others go through as well.
UNMEASURED = (
    "tests/faults/",
    "tests/wire/",
    "tests/recipes/",
    "tests/content/test_any_input.py",
    "tests/content/test_nothing_is_lost.py",
    "tests/publishing/test_any_edit.py",
    "tests/publishing/test_histories.py",
    "tests/publishing/test_schedules.py",
    "tests/test_browser.py",
    "tests/test_every_date.py",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The same examples every time: what a new one shows is for who looks for it, with --hypothesis-profile=explore.
PHASES = [Phase.explicit, Phase.generate, *([] if os.environ.get("CI") else [Phase.shrink])]
SLOW = [HealthCheck.too_slow]  # a busy machine is no finding
settings.register_profile(
    "suite", deadline=None, suppress_health_check=SLOW, database=None, derandomize=True, phases=PHASES
)
settings.register_profile("explore", deadline=None, suppress_health_check=SLOW, max_examples=1000)
settings.load_profile("suite")
expect.set_options(timeout=1000 * PATIENCE)  # which is as little of one


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the golden trees anew; read the diff before a commit")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_program(*BROWSERS, package="chromium")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test starts is measured, as the test itself is."""
    for name, value in MEASURING.items():
        monkeypatch.setenv(name, value)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: about a fourth of the time a test waits for what it has started."""
    return cores() + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: [item.nodeid.startswith(start) for start in LONGEST_FIRST], reverse=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if item.nodeid.startswith(UNMEASURED):
        with unmeasured():
            return (yield)
    return (yield)


# Tests may run in several processes; what they have to tell is told by the one that started these.


def pytest_sessionfinish(session: pytest.Session) -> None:
    told: dict[str, object] = getattr(session.config, "workeroutput", {})
    told["figures"] = FIGURES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    FIGURES.extend(getattr(node, "workeroutput", {}).get("figures", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if FIGURES:
        terminalreporter.section("what readers met while everything went wrong")
        for line in FIGURES:
            terminalreporter.line(line)
