"""Facts about attachments and pictures, and nothing from outside their folder."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from feedsvc.content.files import FILE_LIMIT, Files
from feedsvc.content.folder import UnsettledError
from feedsvc.content.media_types import MEDIA_TYPES
from feedsvc.errors import BadValueError
from feedsvc.pictures import making
from tests.content.samples import make_root, png
from tests.pictures.phone import photo


def fault(root: Path, name: str) -> str:
    """Why the attachment is refused."""
    with pytest.raises(BadValueError) as caught:
        Files(root).attachment(name)
    return str(caught.value)


def test_facts_of_an_attachment(tmp_path: Path) -> None:
    file = Files(make_root(tmp_path)).attachment("flyer.pdf")
    assert (file.media_type, file.length) == ("application/pdf", 9)
    assert file.digest == hashlib.sha256(b"%PDF-1.7\n").hexdigest()


def test_ending_counts_in_any_case(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "files" / "Photo.PNG").write_bytes(png(30, 20))
    (picture,) = Files(root).picture("Photo.PNG").pictures
    assert (picture.made.width, picture.made.height) == (30, 20)


def test_every_kind_of_document_has_its_type() -> None:
    assert MEDIA_TYPES[".docx"].startswith("application/vnd.openxmlformats")
    assert (MEDIA_TYPES[".mp3"], MEDIA_TYPES[".ics"], MEDIA_TYPES[".csv"]) == (
        "audio/mpeg",
        "text/calendar",
        "text/csv",
    )


@pytest.mark.parametrize("name", ["/etc/passwd.txt", "../site.txt", "a/../../b.txt", "./a.txt", "a//b.txt", ".hid.txt",
                                  "a\\b.txt", "", "a\0b.txt", "\udcff.txt"])  # fmt: skip
def test_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    assert fault(make_root(tmp_path), name).endswith(
        "is not a name below content/files; write a file name such as flyer.pdf"
    )


def test_only_regular_files_inside_the_folder(tmp_path: Path) -> None:
    """A named pipe would hold a reader for ever, a device would never end."""
    root = make_root(tmp_path)
    files = root / "files"
    os.mkfifo(files / "pipe.txt")
    (files / "folder.txt").mkdir()
    (files / "device.txt").symlink_to("/dev/zero")
    (files / "away.txt").symlink_to(root / "site.yaml")
    (files / "loop.txt").symlink_to("loop.txt")
    (files / "near.pdf").symlink_to("flyer.pdf")
    put = "put the file itself into content/files"
    assert fault(root, "pipe.txt") == f"'pipe.txt': this is not a regular file; {put}"
    assert fault(root, "folder.txt") == f"'folder.txt': this is not a regular file; {put}"
    assert fault(root, "loop.txt") == f"'loop.txt': this is not a regular file; {put}"
    assert fault(root, "device.txt") == f"'device.txt': the link leads out of its folder; {put}"
    assert fault(root, "away.txt") == f"'away.txt': the link leads out of its folder; {put}"
    assert Files(root).attachment("near.pdf").length == 9


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    assert fault(root, "x" * 300 + ".pdf").endswith("cannot be read (File name too long); make it readable")
    assert fault(root, "flyer.pdf/x.pdf").startswith("there is no file 'flyer.pdf/x.pdf'")


def test_too_large_file_is_named(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    with (root / "files" / "big.pdf").open("wb") as file:
        file.truncate(FILE_LIMIT + 1)
    assert fault(root, "big.pdf") == (
        "'big.pdf' has 16777217 bytes, the limit is 16777216; make it smaller, or link to a place that holds it"
    )


def test_stamp_changes_with_the_file(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    files = Files(root)
    before = files.stamp("flyer.pdf")
    (root / "files" / "flyer.pdf").write_bytes(b"longer than before")
    assert before != files.stamp("flyer.pdf")
    assert files.stamp("none.pdf") is None


def test_file_that_was_good_must_stay_so_while_it_is_published(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    files = Files(root)
    good = files.facts("flyer.pdf")
    assert good == files.attachment("flyer.pdf")
    assert files.read("flyer.pdf") == b"%PDF-1.7\n"
    (root / "files" / "flyer.pdf").unlink()
    with pytest.raises(UnsettledError, match=r"flyer\.pdf changed while it was being published"):
        files.facts("flyer.pdf")
    with pytest.raises(UnsettledError, match=r"flyer\.pdf changed while it was being published"):
        files.read("flyer.pdf")
    with (root / "files" / "flyer.pdf").open("wb") as file:
        file.truncate(FILE_LIMIT + 1)
    with pytest.raises(UnsettledError, match=r"flyer\.pdf changed while it was being published"):
        files.read("flyer.pdf")


def test_names_are_all_that_could_be_meant(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "files" / ".DS_Store").write_bytes(b"")
    (root / "files" / ".git").mkdir()
    (root / "files" / ".git" / "a.png").write_bytes(b"")
    assert Files(root).names() == [
        *("broken.png", "flyer.pdf", "icon.png", "icon.svg", "logo.png"),
        "2026/pay scale.xlsx",
    ]


def test_a_favicon_in_another_spelling_is_the_file_that_is_meant(tmp_path: Path) -> None:
    files = Files(make_root(tmp_path))
    assert files.favicon("files/Icon.SVG").pictures == files.favicon("icon.svg").pictures


def test_a_picture_whose_source_was_replaced_is_not_another(tmp_path: Path) -> None:
    """Its address says which bytes it was made of."""
    root = make_root(tmp_path)
    files = Files(root)
    (root / "files" / "photo.jpg").write_bytes(photo())
    pictures = [
        files.artwork("icon.png").pictures[0],
        files.favicon("icon.svg").pictures[0],
        files.picture("photo.jpg").pictures[0],
    ]
    for name in ("icon.png", "icon.svg", "photo.jpg"):
        (root / "files" / name).write_bytes(png(3, 3))
    fresh = Files(root)
    for picture in pictures:
        with pytest.raises(UnsettledError, match="changed while it was being published"):
            fresh.octets(picture)


def test_what_was_made_is_there_when_its_source_is_not(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    files = Files(root, tmp_path / "kept")
    pictures = [files.artwork("icon.png").pictures[0], files.favicon("icon.svg").pictures[0]]
    before = [files.octets(picture) for picture in pictures]
    for name in ("icon.png", "icon.svg"):
        (root / "files" / name).unlink()
    assert [Files(root, tmp_path / "kept").octets(picture) for picture in pictures] == before


def test_a_wanted_picture_that_vanishes_puts_the_reading_off(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "files" / "photo.jpg").write_bytes(photo())
    files = Files(root, defers=True)
    with pytest.raises(BadValueError, match="is not made yet"):
        files.picture("photo.jpg")
    assert files.wanted == {("photo.jpg", "shown")}
    (root / "files" / "photo.jpg").unlink()
    with pytest.raises(UnsettledError, match="changed while it was being published"):
        files.make()


@pytest.mark.parametrize("defers", [True, False])
def test_without_a_program_that_makes_pictures_reading_is_put_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, defers: bool
) -> None:
    root = make_root(tmp_path)
    (root / "files" / "photo.jpg").write_bytes(photo())
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", ""))
    files = Files(root, defers=defers)
    with pytest.raises(BadValueError if defers else UnsettledError):
        files.picture("photo.jpg")
    if defers:
        with pytest.raises(UnsettledError, match="does not start"):
            files.make()


def test_an_icon_that_does_more_than_draw_is_refused(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "files" / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    with pytest.raises(BadValueError) as caught:
        Files(root).favicon("icon.svg")
    assert str(caught.value) == (
        "'icon.svg' holds <script>, which does more than draw; save it as plain SVG, with nothing but shapes in it"
    )
