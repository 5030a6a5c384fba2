"""The steps of the container's recipe, followed in a clean environment: ``python -m tests.container``.

It takes minutes and fetches packages, so it is no part of the suite.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from tests.harness.program import ROOT, Program, free_port
from tests.test_deployment import instructions


def follow(folder: Path) -> dict[str, str]:
    """Do what the recipe says in a folder, as the user that runs this; the environment of its command."""
    venv.create(folder / "venv", with_pip=True)
    given = {"PATH": f"{folder / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    work = folder / "srv"
    work.mkdir()
    for name, value in instructions():
        if name == "COPY":
            *sources, target = value.split()
            for source in sources:
                place = work / target
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / source, place)
        elif name == "RUN":
            steps = [step for step in value.split("&&") if not step.strip().startswith("chown")]  # of another user's
            subprocess.run(["sh", "-c", "&&".join(steps)], cwd=work, env=os.environ | given, check=True)
    return given | {
        "FEEDSVC_CONTENT": str(work / "content"),
        "FEEDSVC_PUBLICATION": str(work / "instance" / "publication.db"),
    }


def main() -> None:
    """Follow the recipe, start what it starts, and ask for the feed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = follow(folder)
        port = free_port()
        command = [str(folder / "venv" / "bin" / "python"), "-m", "feedsvc.server"]
        with Program(command, folder / "log", ("127.0.0.1", port), given | {"PORT": str(port)}) as service:
            status, _, body = service.get("/rss.xml")
        installed = subprocess.run([command[0], "-m", "pip", "list"], capture_output=True, text=True, check=True).stdout
    packages, took = installed.count("\n") - 2, time.monotonic() - began
    print(f"{status} {len(body)} octets of feed, {packages} packages, {took:.0f} s")
    sys.exit(0 if status == 200 else 1)


if __name__ == "__main__":
    main()
