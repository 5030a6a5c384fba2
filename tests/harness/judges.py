"""Programs that judge the service: found on this machine, or the test is skipped and says what to install."""

import os
import shutil

import pytest


def find_program(*names: str, package: str) -> str:
    """The path of the first of these programs that is installed, for example by a Debian ``package``."""
    where = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
    found = next(filter(None, (shutil.which(name, path=where) for name in names)), None)
    if found:
        return found
    reason = f"no {names[0]} on the PATH; install it, for example with: apt-get install {package}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
