"""The content folder as it is while people and programs write to it."""

import os
import threading
from pathlib import Path

import pytest

from feedsvc.content.folder import UnsettledError, list_sources, read_source, source_name
from feedsvc.errors import ContentError
from tests.content.samples import make_root


def listed(root: Path) -> list[str]:
    return [name.removeprefix("content/updates/") for name in list_sources(root)]


def refusal(root: Path, name: str) -> str:
    """Why a source cannot be read."""
    with pytest.raises(ContentError) as caught:
        read_source(root, name)
    (problem,) = caught.value.problems
    return str(problem).removeprefix(f"{name}:1:1: ")


def test_updates_are_listed_in_order_without_leftovers(tmp_path: Path) -> None:
    updates = make_root(tmp_path) / "updates"
    for name in ("b.yaml", "a.yml", "C.YAML", ".a.yaml", "#a.yaml#", "#a.yaml", "a.yaml~", "~a.yaml", ".b.yaml.swp",
                 "notes.txt", ".#a.yaml"):  # fmt: skip
        (updates / name).write_text("")
    (updates / "2020").mkdir()
    (updates / "2020" / "d.yaml").write_text("")
    assert listed(updates.parent) == ["C.YAML", "a.yml", "b.yaml"]


def test_stamp_follows_the_file_behind_a_link(tmp_path: Path) -> None:
    """A mounted configuration is links that are switched; what they lead to decides."""
    root = make_root(tmp_path)
    target = root / "updates" / "a.txt"
    target.write_text("one")
    (root / "updates" / "a.yaml").symlink_to("a.txt")
    (root / "updates" / "b.yaml").symlink_to("nowhere")
    before = list_sources(root)
    target.write_text("more")
    after = list_sources(root)
    a, b = before
    assert (a, b) == ("content/updates/a.yaml", "content/updates/b.yaml")
    assert before[a] != after[a]
    assert before[b] == after[b]


def test_source_is_read_by_its_listed_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_root(tmp_path)
    (root / "updates" / "a.yaml").write_text("title: A\n")
    source = read_source(root, *list_sources(root))
    assert (source.name, source.data) == ("content/updates/a.yaml", b"title: A\n")
    monkeypatch.chdir(root)
    assert source_name(Path(), "site.yaml") == "content/site.yaml"
    assert read_source(Path(), "content/updates/a.yaml") == source


def test_only_regular_files_inside_the_folder(tmp_path: Path) -> None:
    """Neither a pipe that never answers nor a device that never ends is opened."""
    root = make_root(tmp_path)
    os.mkfifo(root / "updates" / "pipe.yaml")
    (root / "updates" / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "content-secret").write_text("title: x")
    (root / "updates" / "away.yaml").symlink_to(tmp_path / "content-secret")
    (root / "updates" / "lost.yaml").symlink_to(tmp_path / "content-lost")
    (root / "updates" / "near.yaml").symlink_to(root / "site.yaml")
    (root / "updates" / "folder.yaml").symlink_to(root / "files")
    fix = "put a readable file inside the content folder in its place"
    assert len(listed(root)) == 6
    assert refusal(root, "content/updates/pipe.yaml") == f"this is not a regular file; {fix}"
    assert refusal(root, "content/updates/folder.yaml") == f"this is not a regular file; {fix}"
    assert refusal(root, "content/updates/zero.yaml") == f"the link leads out of its folder; {fix}"
    assert refusal(root, "content/updates/away.yaml") == f"the link leads out of its folder; {fix}"
    assert refusal(root, "content/updates/lost.yaml") == f"the link leads out of its folder; {fix}"
    assert refusal(root, "content/updates/gone.yaml") == f"the file cannot be read (No such file or directory); {fix}"
    assert read_source(root, "content/updates/near.yaml").data.startswith(b"title: Local 1107")


def test_too_large_source_is_refused_before_reading(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    with (root / "updates" / "a.yaml").open("wb") as file:
        file.truncate(1 << 40)
    assert refusal(root, "content/updates/a.yaml").startswith("the file has 1099511627776 bytes, the limit is 1048576")


def test_missing_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="content/updates:1:1: the folder cannot be read"):
        list_sources(tmp_path / "content")


def read_until_unsettled(root: Path) -> None:
    for _ in range(100_000):
        read_source(root, "content/updates/a.yaml")


def test_file_that_changes_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    """A writer that never rests is caught in the act soon; what is read in between is whole."""
    root = make_root(tmp_path)
    path = root / "updates" / "a.yaml"
    path.write_bytes(b"x" * 900_000)
    done = threading.Event()

    def write() -> None:
        with path.open("r+b", buffering=0) as file:
            while not done.is_set():
                file.seek(0)
                file.write(b"y" * 1000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(UnsettledError, match=r"updates/a\.yaml changed while it was being read"):
            read_until_unsettled(root)
    finally:
        done.set()
        writer.join()
