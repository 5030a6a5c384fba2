"""A working tree of hundreds of files moves from one commit to the next, and so do the readers."""

import subprocess
from pathlib import Path

from tests.faults.load import load_on, write_bulk, write_lone, write_stamped_folder
from tests.harness.figures import FIGURES
from tests.harness.service import Service

FILES = 200
COMMITS = 3
GIT = ("git", "-c", "user.name=Officer", "-c", "user.email=officer@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True)


def test_a_checkout_of_hundreds_of_files_is_one_publish_and_never_a_mixture(tmp_path: Path) -> None:
    author = tmp_path / "author"
    content = write_stamped_folder(author / "content", FILES)
    git(author, "init", "--quiet", "--initial-branch=main")
    for number in range(1, COMMITS + 1):
        write_bulk(content, number, FILES)
        write_lone(content, number)
        git(author, "add", "--all")
        git(author, "commit", "--quiet", "--message", f"Revision {number}")
        git(author, "tag", f"r{number}")
    git(tmp_path, "clone", "--quiet", "author", "deployed")
    git(tmp_path / "deployed", "checkout", "--quiet", "r1")
    with Service(tmp_path / "deployed" / "content") as service, load_on(service.address) as load:
        service.wait_until_served("Now bulk 1 holds.")
        for number in range(2, COMMITS + 1):
            git(tmp_path / "deployed", "checkout", "--quiet", f"r{number}")
            service.wait_until_served(f"Now bulk {number} holds.")
        service.wait_until_fresh()
        assert load.figures.wrong == []
        assert set(load.figures.statuses) <= {200, 304}
        assert load.figures.dropped == 0
        service.wait_for_log("published generation", COMMITS)  # said after it is served
        assert service.log.count("published generation") == COMMITS
        FIGURES.append(
            f"{COMMITS - 1} checkouts of {FILES} files: {load.figures.requests} requests, {COMMITS} publishes, 0 mixed"
        )
