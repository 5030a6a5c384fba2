"""A whole folder at once: everything good, and everything wrong."""

# ruff: noqa: E501  # a message is compared as a whole

import os
import threading
from pathlib import Path

from feedsvc.content.conflicts import find_conflicts
from feedsvc.content.loader import load_content
from feedsvc.content.source import Content, LoadedEntry
from feedsvc.settings import Settings
from tests.content.samples import entry_text, load, make_root

SETTINGS = Settings()


def make_content(folder: Path, **updates: str) -> Path:
    """A content folder with these updates; ``a_b`` is the file ``a-b.yaml``."""
    root = make_root(folder)
    for name, text in updates.items():
        (root / "updates" / f"{name.replace('_', '-')}.yaml").write_text(text)
    return root


def messages(content: Content) -> list[str]:
    return [str(problem).removeprefix("content/updates/") for problem in content.problems]


def test_shipped_content_is_right() -> None:
    content = load_content(Path(__file__).parents[2] / "content", SETTINGS)
    assert content.problems == ()
    assert content.entries


def test_good_and_bad_files_lie_side_by_side(tmp_path: Path) -> None:
    content = load_content(
        make_content(tmp_path, good=entry_text(), bad=entry_text(title=""), worse="title: COVID: x\n"), SETTINGS
    )
    assert list(content.entries) == ["content/updates/good.yaml"]
    assert content.site is not None
    assert messages(content) == [
        "bad.yaml:1:7: title: the value is empty; write it after the colon",
        'worse.yaml:1:13: title: a colon in text without quotes begins a new field; write title: "COVID: x"',
    ]


def test_without_a_site_the_files_are_checked_as_far_as_can_be(tmp_path: Path) -> None:
    root = make_content(tmp_path, good=entry_text(), bad="title: COVID: x\n", cut=entry_text(title="Hall #3"))
    (root / "site.yaml").unlink()
    content = load_content(root, SETTINGS)
    assert (content.site, content.entries) == (None, {})
    assert [(problem.file, problem.field) for problem in content.problems] == [
        ("content/site.yaml", ""),
        ("content/updates/bad.yaml", "title"),
        ("content/updates/cut.yaml", "title"),
    ]


def test_missing_folder_of_updates_is_a_problem(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "updates").rmdir()
    content = load_content(root, SETTINGS)
    assert content.site is not None
    assert [problem.file for problem in content.problems] == ["content/updates"]


def test_nothing_in_a_folder_is_too_odd(tmp_path: Path) -> None:
    root = make_content(tmp_path, good=entry_text())
    os.mkfifo(root / "updates" / "pipe.yaml")
    (root / "updates" / "zero.yaml").symlink_to("/dev/zero")
    (root / "updates" / os.fsdecode(b"latin-\xff.yaml")).write_text(entry_text())
    (root / "updates" / "binary.yaml").write_bytes(bytes(range(256)))
    content = load_content(root, SETTINGS)
    assert list(content.entries) == ["content/updates/good.yaml"]
    assert len({problem.file for problem in content.problems}) == 4


def test_of_one_date_the_first_file_by_name_keeps_an_id_and_a_slug(tmp_path: Path) -> None:
    content = load_content(
        make_content(
            tmp_path,
            b=entry_text(id="one", slug="x"),
            a=entry_text(id="one", slug="x"),
            c=entry_text(slug="x"),
            d=entry_text(slug="y", id="c"),
        ),
        SETTINGS,
    )
    assert messages(content) == [
        "b.yaml:8:5: id: the id tag:news.example.org,2026:entry/one belongs to content/updates/a.yaml; write another id, or delete one of the two files",
        "b.yaml:9:7: slug: the slug 'x' belongs to content/updates/a.yaml; write a line such as slug: x-2",
        "c.yaml:8:7: slug: the slug 'x' belongs to content/updates/a.yaml; write a line such as slug: x-2",
        "d.yaml:9:5: id: the id tag:news.example.org,2026:entry/c belongs to content/updates/c.yaml; write another id, or delete one of the two files",
    ]
    assert len(content.entries) == 4


def test_related_update_that_is_not_there(tmp_path: Path) -> None:
    content = load_content(
        make_content(tmp_path, masks=entry_text(related="[pay-rise, payrise, zzz]"), pay_rise=entry_text()), SETTINGS
    )
    assert messages(content) == [
        "masks.yaml:8:21: related: no update has the slug 'payrise'; did you mean 'pay-rise'?",
        "masks.yaml:8:30: related: no update has the slug 'zzz'; write the slug of an update, or delete it",
    ]


def test_a_few_entries_are_checked_among_many(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    name = "content/updates/a.yaml"
    few: dict[str, LoadedEntry] = {name: load(entry_text(related="other"), root, name)}
    assert find_conflicts(few, {"other"}) == {}
    assert [problem.message for problem in find_conflicts(few)[name]] == ["no update has the slug 'other'"]
    many = {f"other-{number}" for number in range(6000)}
    assert find_conflicts(few, many)[name][0].fix == "write the slug of an update, or delete it"


def test_file_that_changes_while_it_is_read_is_a_problem(tmp_path: Path) -> None:
    root = make_content(
        tmp_path, a=entry_text(body="|\n" + "  text\n" * 4_000, attachments="[{file: flyer.pdf, title: A}]")
    )
    paths = [root / "updates" / "a.yaml", root / "files" / "flyer.pdf"]
    paths[1].write_bytes(b"%PDF" + bytes(9_000_000))
    done = threading.Event()

    def write() -> None:
        with paths[0].open("r+b", buffering=0) as one, paths[1].open("r+b", buffering=0) as two:
            while not done.is_set():
                one.seek(0)
                one.write(b"t")
                two.seek(0)
                two.write(b"%")

    writer = threading.Thread(target=write)
    writer.start()
    found: set[str] = set()
    try:
        while found < {"", "attachments.file"}:
            found |= {problem.field for problem in load_content(root, SETTINGS).problems}
    finally:
        done.set()
        writer.join()
    assert found == {"", "attachments.file"}
