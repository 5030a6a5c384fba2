"""Programs that judge the service: found on this machine, or the test is skipped and says what to install."""

import os
import shutil

import pytest


def find_program(*names: str, package: str) -> str:
    """The path of the first of these programs that is installed, for example by a Debian ``package``."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    reason = f"no {names[0]} on the PATH; install it, for example with: apt-get install {package}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
