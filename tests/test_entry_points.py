"""A setting that cannot be meant is one line at every door of the program, and no file is lost to it."""

import importlib
import os
import re
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from feedsvc import cli, gunicorn_conf, server
from feedsvc.cli import preview
from feedsvc.settings import SettingsError, read_settings
from tests.harness.folder import write_folder
from tests.harness.program import ROOT, free_port

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
    "BIND": [("8000", "write one such as"), ("::1:8000", "write one"), ("[::]:65536", "write"), ("a b:1", "write")],
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
    monkeypatch.setenv("PORT", str(free_port()))
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
    monkeypatch.setenv("PORT", str(free_port()))
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


@pytest.mark.usefixtures("place")
def test_the_port_that_a_host_sets_is_where_the_preview_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        result = CliRunner().invoke(cli.main, ["serve"], catch_exceptions=False)
        assert result.stderr.startswith(f"cannot listen on 127.0.0.1, port {taken.getsockname()[1]}: ")


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("::1", r"\[::1\]"),
        ("127.0.0.1", r"127\.0\.0\.1"),
        ("0.0.0.0", r"(?!0)[\d.]+"),
        ("::", r"\[[0-9a-f:]*[1-9a-f]\]"),
    ],
)
def test_the_address_of_the_preview_is_one_that_a_browser_reaches(host: str, shown: str) -> None:
    assert re.fullmatch(shown, preview._reached(host))  # noqa: SLF001 # as it is printed and written


def test_who_has_no_way_out_is_reached_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "EVERYWHERE", {"::": (socket.AF_INET, "no.such.host.invalid", "[::1]")})
    assert preview._reached("::") == "[::1]"  # noqa: SLF001 # as it is printed and written


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("given", [{"PORT": "{0}"}, {"BIND": "127.0.0.1:{0}"}, {"BIND": "localhost:{0}", "PORT": "1"}])
def test_a_port_in_use_names_the_way_out(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    monkeypatch.setattr(server, "PAUSE", 0)
    monkeypatch.setattr(sys, "argv", ["server.py"])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for name, value in given.items():
            monkeypatch.setenv(name, value.format(taken.getsockname()[1]))
        with pytest.raises(SystemExit) as ended:
            server.main()
    assert is_one_line(str(ended.value), "Address already in use; set PORT to another number")


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    "given",
    [
        {"BIND": "unix:feedsvc.sock"},
        {"GUNICORN_CMD_ARGS": "--bind 127.0.0.1:0"},
        {"BIND": "[::1]:{0}"},
        {"LISTEN_FDS": "1", "LISTEN_PID": "1"},
    ],
)
def test_where_nobody_listens_or_something_else_says_where_the_server_starts(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    started: list[object] = []
    monkeypatch.setattr(os, "execv", lambda *given: started.append(given))
    monkeypatch.setattr(sys, "argv", ["server.py"])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for name, value in ({"PORT": "{0}"} | given).items():
            monkeypatch.setenv(name, value.format(taken.getsockname()[1]))
        server.main()
    assert started


# A place for the publication.


def put_into(folder: Path, monkeypatch: pytest.MonkeyPatch, *, temporary: Path) -> None:
    """Stand in a folder, with no setting that says where the publication lies."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("FEEDSVC_PUBLICATION", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))


def test_what_can_be_written_holds_the_publication(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_into(tmp_path, monkeypatch, temporary=tmp_path / "temporary")
    assert read_settings().publication == Path("instance/publication.db")


def test_a_place_that_cannot_be_written_is_no_end_where_another_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "content", 1)
    (tmp_path / "instance").write_text("a file, as nobody can write below it")
    (tmp_path / "temporary").mkdir()
    put_into(tmp_path, monkeypatch, temporary=tmp_path / "temporary")
    found = read_settings().publication
    assert found.parent.parent == tmp_path / "temporary"
    assert read_settings().publication == found
    assert stat.S_IMODE(found.parent.stat().st_mode) == 0o700
    result = CliRunner().invoke(cli.main, ["publish"], catch_exceptions=False)
    assert (result.exit_code, found.is_file()) == (0, True)


def test_the_server_says_that_the_place_does_not_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "instance").write_text("a file")
    put_into(tmp_path, monkeypatch, temporary=tmp_path)
    monkeypatch.setattr(os, "execv", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["server.py", "--bind", "127.0.0.1:0"])
    server.main()
    assert is_one_line(capsys.readouterr().err, "for now; set FEEDSVC_PUBLICATION to a file in a folder that can")


def test_where_nobody_may_look_the_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_into(tmp_path, monkeypatch, temporary=tmp_path / "nowhere")
    (tmp_path / "instance").mkdir(mode=0)
    before = os.getresuid()
    if before[1] == 0:  # who may look everywhere
        tmp_path.chmod(0o700)
        os.setresuid(65534, 65534, 0)
    try:
        with pytest.raises(SettingsError, match="the publication finds no place in instance"):
            read_settings()
    finally:
        os.setresuid(*before)


@pytest.mark.usefixtures("place")
def test_a_host_that_nobody_knows_is_said_in_the_words_of_the_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["server.py"])
    monkeypatch.setenv("BIND", "no.such.host.invalid:8000")
    with pytest.raises(SystemExit) as ended:
        server.main()
    assert is_one_line(str(ended.value), "cannot listen on no.such.host.invalid:8000: ")
    assert "Unknown error" not in str(ended.value)


@pytest.mark.parametrize("how", ["nothing", "a link", "a file"])
def test_where_nothing_can_be_written_the_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    (tmp_path / "instance").write_text("a file")
    put_into(tmp_path, monkeypatch, temporary=tmp_path)
    name = read_settings().publication.parent
    name.rmdir()
    if how == "a link":
        (tmp_path / "elsewhere").mkdir()
        name.symlink_to(tmp_path / "elsewhere")
    elif how == "a file":
        name.write_text("of somebody")
    else:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError) as ended:
        read_settings()
    assert is_one_line(str(ended.value), "set FEEDSVC_PUBLICATION to a file in a folder that can be written and lasts")
