"""The tests of content, commands and export, where Python lacks what POSIX has, but for what pytest itself needs."""

import os
import subprocess
import sys

from tests.harness.program import ROOT
from tests.windows.test_without_posix import POOR

TESTS = ("tests/content", "tests/exporting", "tests/new_site", "tests/previewing", "tests/test_cli.py")
OF_POSIX = "tests/content/test_ledger.py::test_a_recording_that_fails_leaves_the_old_file"  # what O_NOFOLLOW is for
KEPT = "getuid geteuid SIGKILL mkfifo killpg"  # by pytest, and by tests that end what they began


def main() -> int:
    """Run them; what is added to the command line is for pytest."""
    given = {"PYTHONPATH": os.pathsep.join((POOR, str(ROOT))), "POOR_KEEPS": KEPT}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        "logical",
        "--dist",
        "loadfile",
        *TESTS,
        "--deselect",
        OF_POSIX,
        *sys.argv[1:],
    ]
    return subprocess.run(command, cwd=ROOT, env=os.environ | given, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
