import json
import logging
import subprocess
import sys

import pytest

PROGRAM = """
import logging
from feedsvc.logs import configure_logs
configure_logs({form!r})
logging.getLogger("feedsvc").info("published %s", "a title with \\x1b[31m and\\na second line")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("feedsvc").exception("a bug")
"""


def run(form: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(form=form)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_json_log_is_one_object_a_line() -> None:
    events = [json.loads(line) for line in run("json")]
    assert [event["level"] for event in events] == ["info", "error"]
    assert events[0]["message"] == "published a title with \x1b[31m and\na second line"
    assert "ZeroDivisionError" in events[1]["traceback"]


def test_a_plain_log_has_no_control_characters() -> None:
    lines = run("plain")
    assert lines[0].endswith("INFO published a title with \\x1b[31m and\\na second line")
    assert lines[-1] == "ZeroDivisionError: division by zero"


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger().handlers.clear()
