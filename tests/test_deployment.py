"""The recipes of the package, each started or parsed; those for servers in front have tests of their own."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from feedsvc import server
from tests.harness.folder import write_folder, write_update
from tests.harness.program import ROOT, Program, free_port
from tests.harness.service import procfile_command

RECIPES = ROOT / "feedsvc" / "recipes"
PROGRAM = Path(sys.executable).with_name("feedsvc")
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def unit(name: str) -> configparser.RawConfigParser:
    """A unit of systemd; of what is said more than once the last is kept."""
    found = configparser.RawConfigParser(strict=False, comment_prefixes=("#",), delimiters=("=",))
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(RECIPES / name)
    return found


def test_hosts_and_the_package_have_one_procfile() -> None:
    assert (RECIPES / "Procfile").read_bytes() == (ROOT / "Procfile").read_bytes()


def test_systemd_starts_the_server_on_its_socket_with_few_rights() -> None:
    service, socket = unit("feedsvc.service"), unit("feedsvc.socket")
    program, *arguments = shlex.split(service["Service"]["ExecStart"])
    assert [Path(program).name, *arguments] == procfile_command()
    assert service["Unit"]["Requires"] == "feedsvc.socket"
    assert socket["Socket"]["ListenStream"] == "127.0.0.1:8000"
    state = service["Service"]["StateDirectory"]
    assert service["Service"]["Environment"] == f"FEEDSVC_PUBLICATION=/var/lib/{state}/publication.db"
    rights = {"DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "RestrictSUIDSGID", "LockPersonality"}
    assert {name for name in rights if service["Service"][name] == "yes"} == rights
    assert service["Service"]["ProtectSystem"] == "strict"
    assert service["Service"]["KillMode"] == "mixed"  # the master alone is asked to stop


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze; install the package systemd")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name in ("feedsvc.service", "feedsvc.socket"):
        text = (RECIPES / name).read_text().replace("/srv/feedsvc/.venv/bin/python", sys.executable)
        (tmp_path / name).write_text(text.replace("/srv/feedsvc", str(tmp_path)))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "feedsvc" in line] == []


def test_a_host_with_passenger_imports_the_application_from_its_folder(tmp_path: Path) -> None:
    shutil.copy(RECIPES / "passenger_wsgi.py", tmp_path)
    write_folder(tmp_path / "content", 1)
    port = free_port()
    serve = "from wsgiref.simple_server import make_server; from passenger_wsgi import application; "
    command = [sys.executable, "-c", f"{serve} make_server('127.0.0.1', {port}, application).serve_forever()"]
    with Program(command, tmp_path / "log", ("127.0.0.1", port), {"PYTHONPATH": str(tmp_path)}) as host:
        host.wait_until_served("Update number 1")
    assert (tmp_path / "instance" / "publication.db").is_file()


def git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """What Git says in a folder, whoever runs it."""
    who = [
        part for name, value in (("name", "A"), ("email", "a@example.org")) for part in ("-c", f"user.{name}={value}")
    ]
    given = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")} | QUIET
    given |= {"SITE": str(folder.parent / "site"), "PROGRAM": str(PROGRAM)}
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False)


def push(home: Path) -> "subprocess.CompletedProcess[str]":
    """Commit everything, and push it to where it is published."""
    git(home, "add", "--all")
    git(home, "commit", "--message", "Edit")
    return git(home, "push", "../live.git", "main")


def test_a_push_publishes_what_is_right_and_nothing_else(tmp_path: Path) -> None:
    home, site = tmp_path / "home", tmp_path / "site"
    write_folder(home / "content", 2)
    site.mkdir()
    git(tmp_path, "init", "--bare", "--initial-branch=main", "live.git")
    shutil.copy(RECIPES / "post-receive", tmp_path / "live.git" / "hooks")
    git(home, "init", "--initial-branch=main")
    done = push(home)
    assert "Published generation 1: 2 updates" in done.stderr
    mistaken = write_update(home / "content", 3, published="soon")
    done = push(home)
    assert "published: 'soon'" in done.stderr
    assert "Nothing was published. Mend it, and push again." in done.stderr
    assert not (site / "content" / "updates" / mistaken.name).exists()
    write_update(home / "content", 3)
    (home / "content" / "updates" / "2026-02-01-update-1.yaml").unlink()
    done = push(home)
    assert "Published generation 2: 2 updates" in done.stderr
    assert sorted(path.name for path in (site / "content" / "updates").iterdir()) == [
        "2026-02-01-update-2.yaml",
        "2026-02-01-update-3.yaml",
    ]
    assert {path.name for path in site.iterdir()} == {"content", "instance"}
    assert git(home, "push", "../live.git", "main:other").returncode == 0


def instructions() -> list[tuple[str, str]]:
    """Those of the container, with what they say."""
    text = re.sub(r"\\\n\s*", "", (RECIPES / "Containerfile").read_text())
    return [
        (line.split()[0], line.partition(" ")[2]) for line in text.splitlines() if line and not line.startswith("#")
    ]


def test_the_container_is_made_of_what_is_here_and_runs_as_nobody_in_particular() -> None:
    said = instructions()
    known = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "VOLUME", "CMD"}
    assert {name for name, _ in said} == known
    assert said[0][0] == "FROM"
    assert re.fullmatch(r"python:3\.\d+-slim", said[0][1])
    for sources in (value.split()[:-1] for name, value in said if name == "COPY"):
        assert all((ROOT / source).exists() for source in sources)
    (user,) = (value for name, value in said if name == "USER")
    assert int(user.partition(":")[0]) > 1000
    assert [name for name, _ in said].index("USER") > max(n for n, (name, _) in enumerate(said) if name == "RUN")
    (command,) = (value for name, value in said if name == "CMD")
    assert json.loads(command) == procfile_command()
    (installed,) = (value for name, value in said if name == "RUN")
    assert (
        "pip install --no-cache-dir --require-hashes -r requirements.txt && pip install --no-cache-dir --no-deps ."
        in installed
    )
    assert subprocess.run(["sh", "-n"], input=installed, text=True, check=False).returncode == 0


def test_cron_exports_and_exports_again(tmp_path: Path) -> None:
    lines = [line for line in (RECIPES / "export.cron").read_text().splitlines() if not line.startswith("#")]
    *settings, job = lines
    write_folder(tmp_path / "content", 1)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "feedsvc").symlink_to(PROGRAM)
    when = re.match(r"(?:\S+ ){5}feedsvc ", job)
    assert when
    given = dict(line.replace("/srv/feedsvc", str(tmp_path)).split("=", 1) for line in settings)
    assert set(given) == {"FEEDSVC_CONTENT", "FEEDSVC_PUBLICATION"}
    command = job[when.end() :].replace("/srv/feedsvc", str(tmp_path))
    for _ in range(2):
        done = subprocess.run(["sh", "-c", command], env=os.environ | given, capture_output=True, text=True, check=True)
        assert done.stdout.endswith("documents to public.\n")
    assert "Update number 1" in (tmp_path / "public" / "rss.xml").read_text()


def test_every_start_is_that_of_the_server() -> None:
    assert procfile_command() == ["python", "-m", server.__name__]
