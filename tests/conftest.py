"""What every test may ask for."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.harness.figures import FIGURES
from tests.harness.judges import find_program

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


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
