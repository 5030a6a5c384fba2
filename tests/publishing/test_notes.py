"""What is published, but probably not as it is meant, is told, stored, and told no longer once it is mended."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from feedsvc.documents.listed import Listed
from feedsvc.errors import Note
from feedsvc.publication.reader import Reader
from feedsvc.publication.store import Store
from feedsvc.publishing.notes import KEPT_AT_MOST, MANY, Notes
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.watcher import Watcher
from feedsvc.settings import Settings, clock, now
from tests.harness.folder import write_folder, write_update


def note(file: str = "content/updates/a.yaml", unless: str = "") -> Note:
    return Note(file=file, line=2, column=3, field="body", message="what", fix="write that", unless=unless)


def line(source: str = "content/updates/a.yaml", *notes: Note, slug: str = "a", draft: bool = False) -> Listed:
    return Listed(
        source=source,
        id=source,
        slug=slug,
        title="A",
        written=1,
        published=1,
        expires=None,
        categories=("pay",),
        digest="",
        draft=draft,
        files=(),
        related=(),
        notes=notes,
    )


def test_a_note_reads_like_a_problem_that_is_none() -> None:
    assert str(note()) == "content/updates/a.yaml:2:3: note: body: what; write that"


def test_a_note_holds_until_its_file_is_mended_or_gone() -> None:
    notes = Notes([line("content/updates/a.yaml", note())])
    assert notes.current() == (note(),)
    notes.put("content/updates/a.yaml", line())
    assert notes.current() == ()
    notes.put("content/updates/a.yaml", line("content/updates/a.yaml", note()))
    notes.put("content/updates/a.yaml", None)
    assert notes.current() == ()


def test_a_note_on_an_address_holds_until_a_document_is_there_or_an_update_waits_to_be() -> None:
    leads = note(unless="/covid/")
    notes = Notes([line("content/updates/a.yaml", leads)], ask=lambda: {"/"})
    notes.follow(["/covid/"], [])
    assert notes.current() == ()
    notes.follow([], ["/covid/"])
    assert notes.current() == (leads,)
    leads = note(unless="/updates/b/")
    notes.put("content/updates/a.yaml", line("content/updates/a.yaml", leads))
    assert notes.current() == (leads,)
    notes.follow(["/updates/b/"], [])  # where it is said that an update is gone
    assert notes.current() == (leads,)
    notes.put("content/updates/b.yaml", line("content/updates/b.yaml", slug="b", draft=True))
    assert notes.current() == (leads,)
    notes.put("content/updates/b.yaml", line("content/updates/b.yaml", slug="b"))
    assert leads not in notes.current()
    notes.put("content/updates/b.yaml", replace(line("content/updates/b.yaml", slug="c"), aliases=("b",)))
    assert leads not in notes.current()


def test_the_near_address_is_suggested() -> None:
    notes = Notes(
        [line("content/updates/a.yaml", note(unless="/covdi/"))], ask=lambda: {"/", "/covid/", "/covid/rss.xml"}
    )
    assert [one.fix for one in notes.current()] == ["did you mean /covid/?"]
    many = {f"/updates/u-{number}/" for number in range(MANY + 1)}
    notes = Notes([line("content/updates/a.yaml", note(unless="/updates/u/"))], ask=lambda: many)
    assert [one.fix for one in notes.current()] == ["write that"]


def test_documents_are_asked_for_once_a_note_depends_on_them() -> None:
    asked: list[set[str]] = []

    def ask() -> set[str]:
        asked.append({"/", "/pay/"})
        return asked[-1]

    notes = Notes([line("content/updates/a.yaml", note())], ask=ask)
    notes.follow(["/covid/", "/old/"], ["/pay/"])
    assert notes.current() == (note(),)
    assert asked == []
    leads = {path: note(unless=path) for path in ("/", "/covid/", "/pay/", "/old/")}
    notes.put("content/updates/a.yaml", line("content/updates/a.yaml", *leads.values()))
    assert {one.unless for one in notes.current()} == {"/pay/"}
    notes.keep()
    notes.follow([], ["/old/"])
    assert {one.unless for one in notes.current()} == {"/pay/", "/old/"}
    assert len(asked) == 1


def test_links_that_lead_nowhere_are_noted_until_their_page_is_there(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content", 2)
    links = "[one](/updates/update-2/) [two](/updates/update-3/) [three](/covid) [four](/covdi/) [five](covid/rss.xml)"
    write_update(root, 1, body=links)
    store = Store(tmp_path / "p.db")
    publisher = Publisher(Settings(content=root), store)
    told = publisher.publish(now()).notes
    assert [(one.line, one.column, one.fix) for one in told] == [
        (6, 35, "did you mean /updates/update-2/?"),
        (6, 78, "did you mean /covid/?"),
    ]
    write_update(root, 3)
    write_update(root, 1, body=links, link="/updates/update-4/")
    assert [(one.field, one.unless) for one in publisher.publish(now()).notes] == [
        ("link", "/updates/update-4/"),
        ("body", "/covdi/"),
    ]
    store.close()


def test_nobody_is_told_thousands_of_notes() -> None:
    assert len(Notes([line("content/updates/a.yaml", *[note(str(n)) for n in range(2000)])]).current()) == KEPT_AT_MOST


def test_a_publish_tells_and_stores_its_notes(tmp_path: Path) -> None:
    """A file that is no update makes no new generation, but whoever reads the publication finds its note."""
    root = write_folder(tmp_path / "content", 2)
    store, reader = Store(tmp_path / "p.db"), None
    publisher = Publisher(Settings(content=root), store)
    assert publisher.publish(now()).notes == ()
    generation = store.generation()
    reader = Reader(tmp_path / "p.db")
    assert reader.notes() == ()
    (root / "updates" / "c.yaml.txt").write_text("")
    told = publisher.publish(now()).notes
    assert [str(one) for one in told] == [str(one) for one in reader.notes()]
    assert "rename it to content/updates/c.yaml" in told[0].fix
    assert store.generation() == generation
    (root / "updates" / "c.yaml.txt").unlink()
    assert publisher.publish(now()).notes == ()
    assert reader.notes() == ()
    reader.close()
    store.close()


def test_notes_are_told_after_a_restart_too(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content", 1)
    write_update(root, 1, title="Update")
    for _ in range(2):
        store = Store(tmp_path / "p.db")
        told = Publisher(Settings(content=root), store).publish(now()).notes
        store.close()
        assert [one.message for one in told] == ["the title 'Update' says nothing"]


def test_the_log_says_a_note_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = write_folder(tmp_path / "content", 1)
    (root / "updates" / "c.txt").write_text("")
    settings = Settings(content=root, publication=tmp_path / "p.db")
    watcher = Watcher(settings, clock)
    with caplog.at_level(logging.WARNING, "feedsvc"):
        watcher.run_once()
        write_update(root, 1, title="Another title")
        watcher.run_once()
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        (
            "content/updates/c.txt:1:1: note: the file is passed over, since its name does not end in .yaml or .md; "
            "rename it to content/updates/c.yaml"
        )
    ]
