"""Corrections, withdrawals, replacements and urgency: how they are read, and what two fields say against each other."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.model import Change, Withdrawal
from tests.content.samples import entry_text, load, make_root, messages


def test_an_entry_is_updated_when_its_newest_correction_was_made(tmp_path: Path) -> None:
    text = entry_text(
        changes="\n  - date: 2026-03-04 10:00\n    note: Room 4.\n  - {date: 2026-03-02, note: Not Monday.}"
    )
    entry = load(text, make_root(tmp_path)).entry
    first = Change(date=datetime(2026, 3, 2, 14, tzinfo=UTC), note="Not Monday.")
    second = Change(date=datetime(2026, 3, 4, 15, tzinfo=UTC), note="Room 4.")
    assert (entry.changes, entry.updated) == ((first, second), second.date)
    later = load(text + "updated: 2026-03-05\n", make_root(tmp_path / "later")).entry
    assert later.updated == datetime(2026, 3, 5, 14, tzinfo=UTC)


def test_a_change_note_is_the_first_correction(tmp_path: Path) -> None:
    changes = "\n  - {date: 2026-03-04, note: Room 4.}"
    text = entry_text(updated="2026-03-02", change_note="Not Monday.", changes=changes)
    first, second = load(text, make_root(tmp_path)).entry.changes
    assert first == Change(date=datetime(2026, 3, 2, 14, tzinfo=UTC), note="Not Monday.")
    assert second.note == "Room 4."


def test_a_withdrawn_update_keeps_its_id_and_says_why_in_place_of_its_text(tmp_path: Path) -> None:
    more = {
        "attachments": "\n  - {file: flyer.pdf, title: Flyer}",
        "image": "{src: icon.png, alt: Badge}",
        "related": "[other]",
    }
    root = make_root(tmp_path)
    before = load(entry_text(deadline="2026-03-20", **more), root).entry
    text = entry_text(deadline="2026-03-20", withdrawn="2026-03-05 11:00", reason="The employer took it back", **more)
    loaded = load(text, root)
    entry = loaded.entry
    date = datetime(2026, 3, 5, 16, tzinfo=UTC)
    assert (entry.id, entry.slug, entry.published) == (before.id, before.slug, before.published)
    assert entry.title == "Withdrawn: Masks are back"
    assert entry.updated == date
    assert entry.summary == "Withdrawn March 5, 2026: The employer took it back."
    assert entry.content_html == "<p><strong>Withdrawn March 5, 2026:</strong> The employer took it back.</p>"
    assert entry.withdrawal == Withdrawal(date=date, reason="The employer took it back.", title="Masks are back")
    assert (entry.enclosures, entry.image, entry.related, loaded.files) == ((), None, (), ())
    assert (entry.events, entry.announced) == (before.events, ())  # calendars still have to cancel them


def test_whoever_withdraws_an_update_may_delete_what_it_offered_and_showed(tmp_path: Path) -> None:
    """It would be held back else, and with it the word that it was withdrawn."""
    more = {"image": "{src: gone.png, alt: Badge}", "attachments": "\n  - {file: gone.pdf, title: Flyer}"}
    text = entry_text(withdrawn="2026-03-05", reason="It is off", body="|\n  ![Map](map.png) [Flyer](gone.pdf)", **more)
    loaded = load(text, make_root(tmp_path))
    assert (loaded.entry.title, loaded.files) == ("Withdrawn: Masks are back", ())


def test_what_is_withdrawn_says_so_in_its_own_language_else_in_the_site_s(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    spanish = load(entry_text(lang="es", withdrawn="2026-03-05", reason="Se canceló <todo>."), root).entry
    assert spanish.title == "Retirado: Masks are back"
    assert spanish.content_html == ("<p><strong>Retirado el 5 de marzo de 2026:</strong> Se canceló &lt;todo&gt;.</p>")
    arabic = load(entry_text(lang="ar", withdrawn="2026-03-05", reason="ألغي"), root).entry
    assert arabic.content_html == ('<p><strong lang="en" dir="ltr">Withdrawn March 5, 2026:</strong> ألغي.</p>')


def test_what_is_replaced_and_what_is_urgent_is_kept(tmp_path: Path) -> None:
    loaded = load(entry_text(replaces="old-masks", urgent_until="2026-03-05", aliases="old"), make_root(tmp_path))
    assert loaded.entry.aliases == ("old",)
    assert (loaded.entry.replaces, loaded.entry.urgent_until) == ("old-masks", datetime(2026, 3, 6, 4, 59, tzinfo=UTC))
    ((slug, mark, field),) = loaded.related_marks
    assert (slug, mark.column, field) == ("old-masks", 11, "replaces")


# what is written, and what an author reads
WRONG = {
    "changes: Room 4": "6:10: changes: text where a list is expected; begin its first line with -",
    "changes:\n  - note: Room 4": "7:5: changes.date: the field is missing; add a line such as date: 2026-03-02 14:30",
    "changes:\n  - date: 2026-03-02": "7:5: changes.note: the field is missing; add a line such as note: The room",
    "changes:\n  - {date: 2026-02-02, note: a}": "7:12: changes.date: the date lies before published; write the later",
    "changes: ["
    + "{date: 2026-03-02, note: a}, " * 51
    + "]": "6:10: changes: the list has 51 corrections, the limit is 50",
    "withdrawn: 2026-03-02": "6:12: withdrawn: nobody is told why; add a line such as reason: The meeting was",
    "withdrawn: 2026-02-02\nreason: a": "6:12: withdrawn: the date lies before published; write the later date",
    "reason: a": "6:9: reason: the update is not withdrawn; add withdrawn: and the date, or delete the line",
    "urgent_until: 2026-02-02": "6:15: urgent_until: the date lies before published; write a later date, or delete the",
    "replaces: masks-are-back": "6:11: replaces: 'masks-are-back' is this update itself; write the slug of the earlier",
    "aliases: [old, masks-are-back]": "6:16: aliases: 'masks-are-back' is its address now; delete it",
    "aliases: ["
    + "".join(f"a-{number}, " for number in range(21))
    + "]": "6:10: aliases: the list has 21 former slugs, the limit is 20; keep those whose addresses are still",
    "related: ["
    + "".join(f"a-{number}, " for number in range(21))
    + "]": "6:10: related: the list has 21 slugs, the limit is 20; keep those that matter most",
    "attachments: ["
    + "{file: flyer.pdf, title: Flyer}, " * 51
    + "]": "6:14: attachments: the list has 51 files, the limit is 50; write the others in another update",
    "replaces: Old masks": "6:11: replaces: 'Old masks' cannot be part of an address; write",
}


@pytest.mark.parametrize("written", WRONG, ids=lambda text: text.replace("\n", " ")[:50])
def test_what_cannot_be_meant_is_named_with_its_place_and_the_fix(written: str, tmp_path: Path) -> None:
    (message,) = messages(entry_text(body='"Text."') + written + "\n", make_root(tmp_path))
    assert message.startswith(WRONG[written])
