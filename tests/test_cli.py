import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click
import feedparser
import pytest
from click.testing import CliRunner, Result

from feedsvc import cli
from feedsvc.cli.terminal import progress_bar
from feedsvc.content.new_update import LEFTOVERS
from tests.harness.folder import SHIPPED, write_folder, write_update
from tests.harness.program import PATIENCE, Program, free_port

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line over a small content folder of two updates."""
    write_folder(tmp_path / "content", 2)
    monkeypatch.setenv("FEEDSVC_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(tmp_path / "instance" / "publication.db"))
    return lambda *arguments: CliRunner().invoke(cli.main, arguments, catch_exceptions=False)


def test_the_list_of_commands_says_of_each_in_a_whole_sentence_what_it_does() -> None:
    """In the order of use, and without those that a service starts by itself."""
    listed = CliRunner().invoke(cli.main, ["--help"]).output.partition("Commands:\n")[2]
    said = dict(line.split(maxsplit=1) for line in listed.splitlines())
    assert list(said)[:4] == ["init", "new", "check", "preview"]
    assert set(cli.HOMES) - set(said) == {"announce", "replicate"}
    assert [sentence for sentence in said.values() if not re.fullmatch(r"[A-Z][^.]*\.", sentence)] == []


@pytest.mark.parametrize("command", sorted(cli.HOMES))
def test_each_command_says_what_it_does_and_what_each_option_is_for(command: str) -> None:
    found = cli.main.get_command(click.Context(cli.main), command)
    assert found is not None
    assert (found.help or "").partition("\n")[0].endswith(".")
    options = [one for one in found.params if isinstance(one, click.Option) and not one.hidden]
    assert [one.name for one in options if not (one.help or "").endswith(".")] == []


def test_help_says_of_each_command_how_its_own_help_begins(run: Run) -> None:
    listed = run("--help").output.partition("Commands:\n")[2]
    for name, said in (line.split(maxsplit=1) for line in listed.splitlines()):
        assert f" {said} " in f"{' '.join(run(name, '--help').output.split())} ", name


def test_publish_says_what_it_did(run: Run) -> None:
    assert re.fullmatch(
        r"Published generation 1: 2 updates, \d+ documents written, 0 removed\.\n", run("publish").output
    )
    assert "Published generation 1: 2 updates, 0 documents written, 0 removed." in run("publish").output


def test_publish_reports_a_bad_file_and_publishes_the_rest(run: Run, tmp_path: Path) -> None:
    write_update(tmp_path / "content", 1, title="COVID: new rules")
    result = run("publish")
    assert result.exit_code == 0
    assert "content/updates/2026-02-01-update-1.yaml:1:13: title: a colon" in result.stderr
    assert "held back" in result.stderr
    assert "1 updates" in result.stdout


def test_check_is_strict_and_names_everything_at_once(run: Run, tmp_path: Path) -> None:
    assert run("check").output == "All well: 2 updates live, 0 scheduled, 0 drafts.\n"
    write_update(tmp_path / "content", 1, title="COVID: new rules")
    write_update(tmp_path / "content", 2, categories="[covd]")
    result = run("check")
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines() if line.startswith("content/")] == [
        "content/updates/2026-02-01-update-1.yaml",
        "content/updates/2026-02-01-update-2.yaml",
    ]


def test_check_counts_what_waits_and_what_is_noted(run: Run, tmp_path: Path) -> None:
    write_update(tmp_path / "content", 3, published="2026-02-01 08:02")
    write_update(tmp_path / "content", 4, published="2199-01-01", draft="true")
    write_update(tmp_path / "content", 5, published="2199-01-02")
    result = run("check")
    assert result.stdout == "No mistakes, 1 to note: 3 updates live, 1 scheduled, 1 drafts.\n"
    assert result.stderr.splitlines()[0] == (
        "content/updates/2026-02-01-update-3.yaml:2:12: note: published: content/updates/2026-02-01-update-2.yaml has"
        " the same date and time, and some readers announce only one of the two; write published: 2026-02-01 08:03"
    )
    assert result.exit_code == 0


def test_check_records_what_is_public_and_names_what_is_gone(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "content" / "ledger.txt"
    write_update(tmp_path / "content", 3, published="2199-01-02", title="Secret strike vote")
    assert "ledger" not in run("check").output
    assert run("check", "--record").stdout == (
        "Recorded 2 updates in content/ledger.txt.\nAll well: 2 updates live, 1 scheduled, 0 drafts.\n"
    )
    assert run("check", "--record").stdout.startswith("Recorded 0 updates in content/ledger.txt.")
    recorded = ledger.read_text()
    assert re.fullmatch(r"(2026-02-01T16:0[12]:00Z tag:\S+:entry/2026-02-01-update-[12] update-[12]\n){2}", recorded)
    write_update(tmp_path / "content", 4)
    assert run("check").stderr == "content/ledger.txt: note: 1 updates are not in it yet; run: feedsvc check --record\n"
    gone = write_update(tmp_path / "content", 1)
    gone.unlink()
    write_update(tmp_path / "content", 5, title="COVID: new rules")
    result = run("check", "--record")
    assert result.exit_code == 1
    assert "content/ledger.txt:1:1: no file has the id" in result.stderr
    assert result.stdout == "Recorded 1 updates in content/ledger.txt.\n"
    assert ledger.read_text().startswith(recorded)
    assert "update-5" not in ledger.read_text()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<<<<<<< ours\n", "content/ledger.txt:1:1: this mark was left by a merge; delete the line"),
        (b"\0\n", "content/ledger.txt:1:1: the control character U+0000 cannot stand here"),
        (b"2026-02-01T16:01:00Z tag:else.example.org,2020:entry/x x\n", "content/site.yaml:4:12: authority: all upd"),
    ],
)
def test_check_records_nothing_beside_what_it_cannot_read(run: Run, tmp_path: Path, data: bytes, message: str) -> None:
    ledger = tmp_path / "content" / "ledger.txt"
    ledger.write_bytes(data)
    result = run("check", "--record")
    assert result.exit_code == 1
    assert message in result.stderr
    assert ledger.read_bytes() == data


def test_check_says_when_the_ledger_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "content" / f".ledger.txt.{os.getpid()}.tmp").mkdir()
    result = run("check", "--record")
    assert result.exit_code == 1
    assert "Is a directory" in result.stderr


def test_check_counts_notes_beyond_a_hundred(run: Run, tmp_path: Path) -> None:
    for number in range(3, 106):
        write_update(tmp_path / "content", number, published="2026-02-01 07:00")
    lines = [line for line in run("check").stderr.splitlines() if not line.startswith(" ")]
    assert len(lines) == 101
    assert lines[-1] == "... and 2 more"


def test_check_can_be_told_to_fail_on_notes(run: Run, tmp_path: Path) -> None:
    assert run("check", "--strict").exit_code == 0
    (tmp_path / "content" / "updates" / "a.txt").write_text("")
    assert run("check").exit_code == 0
    result = run("check", "--strict")
    assert result.exit_code == 1
    assert "content/updates/a.txt:1:1: note: the file is passed over" in result.stderr


def test_notes_are_told_beside_mistakes_and_by_publish(run: Run, tmp_path: Path) -> None:
    (tmp_path / "content" / "updates" / "a.txt").write_text("")
    assert "a.txt:1:1: note" in run("publish").stderr
    write_update(tmp_path / "content", 1, title="COVID: new rules")
    result = run("check")
    assert "a.txt:1:1: note" in result.stderr
    assert "update-1.yaml:1:13: title: a colon" in result.stderr
    assert result.exit_code == 1


def test_what_keeps_a_command_from_working_is_said_in_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_CONTNET", "x")
    result = run("publish")
    assert result.exit_code == 1
    assert result.stderr == "unknown setting FEEDSVC_CONTNET; did you mean FEEDSVC_CONTENT?\n"
    monkeypatch.delenv("FEEDSVC_CONTNET")
    monkeypatch.setenv("FEEDSVC_CONTENT", "/nowhere")
    result = run("publish")
    assert result.exit_code == 1
    assert "nowhere/updates:1:1: the folder cannot be read" in result.stderr
    assert "Traceback" not in result.stderr


def test_export_writes_the_site(run: Run, tmp_path: Path) -> None:
    result = run("export", str(tmp_path / "public"))
    assert result.exit_code == 0
    assert re.search(r"Exported \d+ documents to ", result.output)
    parsed = feedparser.parse((tmp_path / "public" / "covid" / "rss.xml").read_bytes())
    assert parsed.entries[0].title == "Update number 2"


@pytest.mark.parametrize(
    "arguments",
    [("new", "Hello", "--category", "x\x1b" * 50_000), ("new", "x" * 100_000), ("export", "x" * 100_000)],
    ids=["category", "title", "folder"],
)
def test_what_is_said_is_short_however_long_it_was_asked(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.strip().isprintable()
    assert len(result.stderr) < 1500


def test_export_into_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "public").write_text("a file")
    assert run("export", str(tmp_path / "public")).exit_code != 0


@pytest.mark.parametrize(("ending", "option"), [("yaml", ()), ("md", ("--markdown",))])
def test_new_writes_a_draft_that_passes_check(run: Run, ending: str, option: tuple[str, ...]) -> None:
    result = run("new", 'Pay: "3 %" for all - ¿sí?', "--category", "pay", "--category", "covid", *option)
    assert result.exit_code == 0
    written = re.search(r"Wrote (.*?)\. Edit", result.output)
    assert written is not None
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d-pay-3-for-all-si\.{ending}", Path(written[1]).name)
    assert run("check").output == "All well: 2 updates live, 0 scheduled, 1 drafts.\n"
    text = Path(written[1]).read_text()
    start = re.search(r"start: (\S+) 18:00", text)
    assert start is not None
    assert start[1] > Path(written[1]).name[:10], "at whatever hour it is written, the meeting is still to come"
    uncommented = re.sub(
        r"^# (deadline|remind|event|changes|link|urgent_until|  - date|    note|  start|  end|  place|  url):",
        r"\1:",
        text.replace("draft: true\n", ""),
        flags=re.MULTILINE,
    )
    Path(written[1]).write_text(uncommented)
    result = run("check")
    assert result.exit_code == 1
    assert result.stderr.count("this is what the file said before you wrote it") == 6
    own = uncommented
    for words in LEFTOVERS.values():
        own = own.replace(words, "https://example.org/own" if words.startswith("https:") else "Our own words.")
    Path(written[1]).write_text(own)
    assert run("check").output == "All well: 3 updates live, 0 scheduled, 0 drafts.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Hello", "--category", "covd"], "unknown category 'covd'; did you mean 'covid'?"),
        (["Hello", "--category", "weather"], "unknown category 'weather'; the categories are covid, pay"),
        (["你好"], "give one with --slug"),
        (["   "], "a title has 1 to 120 characters"),
        (["x" * 121], "a title has 1 to 120 characters"),
        (["Hello", "--slug", "../etc"], "give one with --slug"),
    ],
)
def test_new_says_what_to_give_instead(run: Run, arguments: list[str], message: str) -> None:
    result = run("new", *arguments)
    assert result.exit_code == 1
    assert message in result.stderr


def test_new_never_writes_over_a_file(run: Run) -> None:
    assert run("new", "Hello").exit_code == 0
    assert "is there already" in run("new", "Hello").stderr
    assert "hello.yaml is there already" in run("new", "Hello", "--markdown").stderr


def test_new_cuts_a_long_address_at_a_word(run: Run, tmp_path: Path) -> None:
    assert run("new", "word " * 20).exit_code == 0
    assert run("new", "w" * 100).exit_code == 0
    slugs = {path.stem[11:] for path in (tmp_path / "content" / "updates").glob("*-w*.yaml")}
    assert slugs == {"-".join(["word"] * 12), "w" * 60}


def test_the_bar_is_drawn_once_the_work_takes_long_and_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        text = ""

        def write(self, text: str) -> None:
            self.text += text

        def flush(self) -> None:
            """Nothing is held back."""

        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(after=-1.0) as show:
        show(1, 2)
        show(2, 2)
    assert "[###############...............] 1/2 documents" in terminal.text
    assert terminal.text.endswith("2/2 documents\n")


def test_serve_shows_the_content_as_it_changes_and_stops_on_interrupt(tmp_path: Path) -> None:
    """As the README's first command does, with the shipped content."""
    content, port = tmp_path / "content", free_port()
    shutil.copytree(SHIPPED, content)
    environment = {
        "FEEDSVC_CONTENT": str(content),
        "FEEDSVC_PUBLICATION": str(tmp_path / "publication.db"),
        "PYTHONUNBUFFERED": "1",
    }
    # as a shell starts it that a person sits before: what is started in the background may be deaf to interrupts
    command = ["env", "--default-signal=INT", sys.executable, "-m", "feedsvc", "serve", "--port", str(port)]
    with Program(command, tmp_path / "log", ("127.0.0.1", port), environment, is_measured=True) as program:
        address = f"http://127.0.0.1:{port}/"
        program.wait_for_log(f"Serving at {address}")
        feed = json.loads(program.get("/feed.json")[2])
        write_update(content, 1, title="Written while it is served")
        program.wait_until_served("Written while it is served", "/feed.json")
        program.process.send_signal(signal.SIGINT)
        assert program.process.wait(PATIENCE) == 0
    assert feed["home_page_url"] == address
    assert len(feed["items"]) >= 18
    assert not (tmp_path / "publication.db").exists()


def test_two_sites_are_looked_at_side_by_side(tmp_path: Path) -> None:
    """Each at a port of its own, with one folder for publications: none shows what the other published."""
    programs = []
    with ExitStack() as stack:
        for name in ("first", "second"):
            root, port = tmp_path / name, free_port()
            write_folder(root)
            write_update(root, 1, title=f"News of the {name}")
            environment = {
                "FEEDSVC_CONTENT": str(root),
                "FEEDSVC_PUBLICATION": str(tmp_path / "publication.db"),
                "PYTHONUNBUFFERED": "1",
            }
            command = [sys.executable, "-m", "feedsvc", "serve", "--port", str(port)]
            program = stack.enter_context(Program(command, tmp_path / f"{name}.log", ("127.0.0.1", port), environment))
            program.wait_for_log("Serving at")
            programs.append((name, program))
        for name, program in programs:
            item, *_ = json.loads(program.get("/feed.json")[2])["items"]
            assert item["title"] == f"News of the {name}"
