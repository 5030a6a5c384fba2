"""A setting that cannot be meant is one line at every door of the program, and no file is lost to it."""

import importlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from feedsvc import cli, gunicorn_conf, server
from tests.harness.folder import write_folder
from tests.harness.program import ROOT

USAGE_ERROR = 2  # of click
BOOT_ERROR = 3  # of gunicorn

# By name: a value, and what is said of it. {0} is a folder with things in it.
AT_EVERY_DOOR = {
    "FEEDSVC_LOG": [("xml", "write plain or json"), ("x" * 5000, "write plain or json")],
    "FEEDSVC_BASE_URL": [
        ("https://[::1", "is not a web address"),
        ("https://a b/", "holds a space"),
        ("https://a.example:99999/", "is not a web address"),
        ("https://union.example@evil.example/", "leads to 'evil.example'"),
        ("https://a.example/<b>", "is not the address of a site"),
        ("news.example.org", "is not the address of a site"),
        ("https://\udcff/", "U+DCFF"),
        ("https://a.example/" + "\x1b" * 5000, "U+001B"),
    ],
    "FEEDSVC_PUBLICATION": [("/", "a folder"), (".", "a folder"), ("x/..", "a folder")],
    "FEEDSVC_NONSENSE": [("x", "unknown setting FEEDSVC_NONSENSE")],
    "FEEDSVC_\x1b[2J" + "x" * 5000: [("x", "unknown setting FEEDSVC_\\x1b[2Jxxx")],
}
AT_THE_START = {
    "FEEDSVC_CONTENT": [("{0}/file", "a file; write the folder that holds site.yaml")],
    "FEEDSVC_PUBLICATION": [
        ("{0}/folder", "a folder; write a file of its own"),
        ("{0}/folder/", "a folder; write a file of its own"),
        ("{0}/file", "a file that holds something else; write a file of its own"),
        ("{0}/content/site.yaml", "a file that holds something else; write a file of its own"),
        ("{0}/pipe", "no regular file; write a file of its own"),
    ],
}
AT_THE_SERVER = {
    "WEB_CONCURRENCY": [("abc", "write a number from 1 to 1000"), ("0", "write a"), ("9" * 5000, "write a")],
    "PORT": [("abc", "write a number from 1 to 65535"), ("65536", "write a"), ("\udcff", "write a")],
    "LISTEN_FDS": [("abc", "write a number")],
    "LISTEN_PID": [("-", "write a number")],
}


def rows(*tables: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    """Name, value and words of every row."""
    return [(name, *row) for table in tables for name, given in table.items() for row in given]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that settings may name parts of; nothing in it may be changed by what cannot be meant."""
    write_folder(tmp_path / "content", 1)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("precious")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("FEEDSVC_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(tmp_path / "publication.db"))
    before = sorted(tmp_path.rglob("*"))
    texts = [path.read_bytes() for path in before if path.is_file()]
    yield tmp_path
    assert sorted(tmp_path.rglob("*")) == before
    assert [path.read_bytes() for path in before if path.is_file()] == texts


def is_one_line(text: str, words: str) -> bool:
    """Whether it is said in a line that can be read."""
    return words in text and text.strip().isprintable() and len(text) < 500


COMMANDS = (["check"], ["publish"], ["serve"], ["new", "A title"], ["export", "{0}/public"])
WAITING = ["publish", "--watch"]  # a service waits for its content
CASES = [(command, row) for command in (*COMMANDS, WAITING) for row in rows(AT_EVERY_DOOR)]
CASES += [(command, row) for command in COMMANDS for row in rows(AT_THE_START)]
CASES += [(WAITING, row) for row in rows(AT_THE_START) if row[0] != "FEEDSVC_CONTENT"]


@pytest.mark.parametrize(("command", "row"), CASES)
def test_a_command_says_it_in_a_line(
    place: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], row: tuple[str, str, str]
) -> None:
    name, value, words = row
    monkeypatch.setenv(name, value.format(place))
    result = CliRunner().invoke(cli.main, [part.format(place) for part in command], catch_exceptions=False)
    assert result.exit_code == 1
    assert is_one_line(result.stderr, words), result.stderr


@pytest.mark.parametrize(("name", "value", "words"), rows(AT_EVERY_DOOR, AT_THE_START, AT_THE_SERVER))
def test_the_server_says_it_in_a_line(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value.format(place))
    with pytest.raises(SystemExit) as ended:
        server.main()
    assert is_one_line(str(ended.value), words)


@pytest.mark.parametrize(("name", "value", "words"), rows(AT_EVERY_DOOR, AT_THE_START, AT_THE_SERVER))
def test_gunicorn_says_it_in_a_line(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    """But for WEB_CONCURRENCY, of which it makes a number before it reads any configuration."""
    with monkeypatch.context() as patch:
        patch.setenv(name, value.format(place))
        with pytest.raises(SystemExit) as ended:
            importlib.reload(gunicorn_conf).on_starting(SimpleNamespace(cfg=SimpleNamespace(address=[])))
    importlib.reload(gunicorn_conf)
    assert is_one_line(str(ended.value), words)


@pytest.mark.usefixtures("place")
def test_a_port_that_gunicorn_was_given_by_other_ways_is_looked_at_too() -> None:
    for address in (("127.0.0.1", 65536), ("::", -1)):
        with pytest.raises(SystemExit) as ended:
            gunicorn_conf.on_starting(SimpleNamespace(cfg=SimpleNamespace(address=["/run/feedsvc.sock", address])))
        assert is_one_line(str(ended.value), "write a number from 1 to 65535")


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        (("-m", "feedsvc.server"), "WEB_CONCURRENCY", "abc"),
        (("-m", "feedsvc.server"), "FEEDSVC_LOG", "xml"),
        (("-m", "gunicorn", "-c", "python:feedsvc.gunicorn_conf", "feedsvc.wsgi:app"), "PORT", "abc"),
        (("-m", "flask", "--app", "feedsvc", "run", "--port", "0"), "FEEDSVC_LOG", "xml"),
        (("-m", "flask", "--app", "feedsvc.wsgi", "routes"), "FEEDSVC_BASE_URL", "https://[::1"),
        (("-m", "feedsvc", "check"), "FEEDSVC_BASE_URL", "https://[::1"),
    ],
)
def test_a_program_says_it_in_a_line(place: Path, command: tuple[str, ...], name: str, value: str) -> None:
    environment = os.environ | {name: value, "PWD": str(place)}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, check=False, text=True, timeout=60
    )
    assert done.returncode in (1, USAGE_ERROR, BOOT_ERROR)
    assert done.stderr.count("\n") == 1
    assert is_one_line(done.stderr, name)


def test_gunicorn_without_our_configuration_gives_up_with_it_in_the_log(place: Path) -> None:
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--bind", "127.0.0.1:0", "feedsvc.wsgi:app"]
    environment = os.environ | {"FEEDSVC_LOG": "xml", "PWD": str(place)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, text=True, timeout=60)
    assert done.returncode == BOOT_ERROR
    assert "FEEDSVC_LOG is 'xml'; write plain or json\n" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("place")
def test_the_server_becomes_gunicorn_with_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[object] = []
    monkeypatch.setattr(os, "execv", lambda *given: became.extend(given))
    monkeypatch.setattr(sys, "argv", ["server.py", "--workers", "2"])
    monkeypatch.setenv("LISTEN_FDS", "0")
    server.main()
    assert became == [sys.executable, [sys.executable, *server.COMMAND, "--workers", "2"]]


def test_content_that_is_not_there_yet_and_a_damaged_publication_are_no_mistakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = tmp_path / "publication.db"
    publication.write_text("damaged")
    monkeypatch.setenv("FEEDSVC_CONTENT", str(write_folder(tmp_path / "content")))
    for name in (str(publication), str(tmp_path / "fresh"), str(tmp_path / "fresh")):
        monkeypatch.setenv("FEEDSVC_PUBLICATION", name)
        assert CliRunner().invoke(cli.main, ["publish"], catch_exceptions=False).exit_code == 0
    started: list[object] = []
    monkeypatch.setattr(os, "execv", lambda *given: started.append(given))
    monkeypatch.setenv("FEEDSVC_CONTENT", str(tmp_path / "nowhere"))
    server.main()
    assert started


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--port", "99999"], 2, "99999 is not in the range"),
        (["--port", "-1"], 2, "-1 is not in the range"),
        (["--port", "http"], 2, "is not a valid integer"),
        (["--host", "no.such.host.invalid"], 1, "cannot listen on no.such.host.invalid, port 8000: "),
        (["--host", "203.0.113.7"], 1, "cannot listen on 203.0.113.7, port 8000: Cannot assign requested address"),
        (["--host", f"{'a' * 64}.example"], 1, "cannot listen on aaa"),
        (["--host", "1:2"], 1, "cannot listen on 1:2, port 8000: "),
        (["--host", "a b\x1b" * 500], 1, "cannot listen on a b\\x1b"),
    ],
)
@pytest.mark.usefixtures("place")
def test_serving_where_nobody_can_listen_is_explained(options: list[str], code: int, words: str) -> None:
    result = CliRunner().invoke(cli.main, ["serve", *options], catch_exceptions=False)
    assert (result.exit_code, words in result.stderr) == (code, True), result.stderr
    assert code == 2 or is_one_line(result.stderr, "give another --host or --port")


@pytest.mark.usefixtures("place")
def test_serving_at_a_port_in_use_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(cli.main, ["serve", "--port", port], catch_exceptions=False)
    assert result.exit_code == 1
    assert result.stderr == (
        f"cannot listen on 127.0.0.1, port {port}: Address already in use; give another --host or --port\n"
    )
