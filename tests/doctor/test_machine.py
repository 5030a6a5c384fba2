"""The doctor on a machine: what will keep content from being published here, with what to mend."""

import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.doctor import machine
from feedsvc.object_stores import open_store
from feedsvc.publication.memory import memory_path
from feedsvc.publishing.file_changes import Watch
from tests.harness.folder import publish_folder, write_folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with content and a publication, which no temporary folder holds."""
    write_folder(tmp_path / "content", 1)
    (tmp_path / "instance").mkdir()
    monkeypatch.setenv("FEEDSVC_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(tmp_path / "instance" / "publication.db"))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/nowhere")
    return tmp_path


def ask_doctor() -> tuple[int, str]:
    """Exit status, and what is said."""
    result = CliRunner().invoke(main, ["doctor"], catch_exceptions=False)
    return result.exit_code, result.output


@pytest.mark.usefixtures("place")
def test_where_all_is_well_each_thing_that_was_looked_at_is_said() -> None:
    code, said = ask_doctor()
    assert code == 0, said
    for words in ("listens at", "can be read", "time zone", "has its place", "tells of changed files", "may open"):
        assert words in said


def test_a_machine_that_follows_another_needs_a_store_and_no_content(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDSVC_CONTENT", str(place / "nowhere"))
    monkeypatch.setenv("FEEDSVC_FOLLOW", "memory:///")
    code, said = ask_doctor()
    assert code == 0, said
    assert "the store of replicas can be read and holds nothing yet" in said
    assert "nowhere" not in said
    lose_store(place, monkeypatch)
    monkeypatch.setenv("FEEDSVC_FOLLOW", "s3://private/replicas")
    code, said = ask_doctor()
    assert code == 1
    assert "mend: s3://private/replicas/current cannot be read: it cannot be reached; set what" in said
    assert "the-secret" not in said


@pytest.mark.usefixtures("place")
def test_a_bucket_is_asked_for_and_what_others_keep_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store("memory:///")
    monkeypatch.setattr(machine, "open_store", lambda _url: store)
    monkeypatch.setenv("FEEDSVC_BUCKET", "s3://public/site")
    code, said = ask_doctor()
    assert (code, "well: the bucket can be read and holds 0 objects of an export" in said) == (0, True)
    store.put("theirs.txt", b"x", {})
    code, said = ask_doctor()
    assert (code, "mend: it holds 'theirs.txt', which no export wrote; name a new" in said) == (1, True)


def lose_store(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("FEEDSVC_BUCKET", "s3://public/site")
    patch.setenv("AWS_ENDPOINT", "http://127.0.0.1:1")
    patch.setenv("AWS_ALLOW_HTTP", "true")
    patch.setenv("AWS_ACCESS_KEY_ID", "key")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret")


def spoil_site(place: Path, _: pytest.MonkeyPatch) -> None:
    (place / "content" / "site.yaml").write_text("title: [")


def lose_content(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("FEEDSVC_CONTENT", "nowhere")


def name_a_file(place: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("FEEDSVC_CONTENT", str(place / "content" / "site.yaml"))


def bind_nowhere(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("BIND", "nowhere")


def hide_a_file(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "access", lambda path, _how: Path(path).name != "icon.png")


def lose_zones(_: Path, patch: pytest.MonkeyPatch) -> None:
    def fail(_name: str) -> None:
        raise ZoneInfoNotFoundError

    patch.setattr(machine, "ZoneInfo", fail)


def lock_instance(_: Path, patch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    patch.setattr(tempfile, "TemporaryFile", fail)


def pass_away(place: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tempfile, "gettempdir", lambda: str(place))


def fill_disk(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(machine, "ROOM", 2**62)


def forget(place: Path, _: pytest.MonkeyPatch) -> None:
    publish_folder(place / "content", place / "instance" / "publication.db")
    memory_path(place / "instance" / "publication.db").unlink()


def go_far_away(place: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(machine, "MOUNTS", place / "mounts")
    (place / "mounts").write_text(f"/dev/sda / ext4 rw 0 0\nhost:/x {place}/content nfs4 rw 0 0\n")


def be_silent(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Watch, "is_told", False)


def few_files(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(resource, "getrlimit", lambda _which: (256, 256))


def stop_publishing(place: Path, _: pytest.MonkeyPatch) -> None:
    publish_folder(place / "content", place / "instance" / "publication.db")


FAULTS: dict[str, tuple[Callable[[Path, pytest.MonkeyPatch], None], str]] = {
    "a site with a mistake": (spoil_site, "; run: feedsvc check"),
    "no content": (lose_content, "there is no folder nowhere; set FEEDSVC_CONTENT"),
    "a file for content": (name_a_file, "a file; write the folder that holds site.yaml"),
    "no address": (bind_nowhere, "BIND is 'nowhere'; write one such as"),
    "a file of somebody else": (hide_a_file, "icon.png cannot be read by this user; run: chmod"),
    "no bucket": (
        lose_store,
        "s3://public/site/.feedsvc-export.json.gz cannot be read: it cannot be reached; set what",
    ),
    "no time zones": (lose_zones, "is not known here; run: pip install tzdata"),
    "a folder that cannot be written": (lock_instance, "cannot be written: Permission denied; set FEEDSVC_PUBLICATION"),
    "a folder for what passes": (pass_away, "which may not last; set FEEDSVC_PUBLICATION"),
    "a full disk": (fill_disk, "MiB are free there; make room"),
    "no memory": (forget, "nothing remembers what was public; bring back publication.db-memory from a backup"),
    "a disk of another machine": (go_far_away, "the content lies on nfs4, which tells nothing"),
    "no events": (be_silent, "tells nothing of changed files; raise fs.inotify.max_user_watches"),
    "few open files": (few_files, "a process may open 256 files, and each reader that is connected is one; raise it"),
    "nobody publishes": (stop_publishing, "nobody publishes; run: feedsvc status"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_will_be_in_the_way_is_named_with_what_to_mend(
    place: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    spoil, words = FAULTS[fault]
    spoil(place, monkeypatch)
    code, said = ask_doctor()
    assert code == 1
    assert any(words in line for line in said.splitlines() if line.startswith("mend: ")), said


def test_a_folder_that_is_not_there_is_no_fault_of_the_system(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lose_content(place, monkeypatch)
    assert [line for line in ask_doctor()[1].splitlines() if line.startswith("mend: ")] == [
        "mend: there is no folder nowhere; set FEEDSVC_CONTENT to the folder that holds site.yaml"
    ]


def test_where_the_system_does_not_say_what_is_mounted_nothing_is_guessed(tmp_path: Path) -> None:
    assert machine.file_system(tmp_path, tmp_path / "nowhere") == ""
