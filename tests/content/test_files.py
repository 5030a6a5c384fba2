"""Facts about attachments and pictures, and nothing from outside their folder."""

import hashlib
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.content import Files, UnsettledError
from feedsvc.content.faults import Fault
from feedsvc.content.files import FILE_LIMIT, MEDIA_TYPES
from feedsvc.content.pixels import PICTURES, measure
from tests.content.samples import make_root, png

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd0\xff\xff\xc2\x00\x11\x08" + struct.pack(">HH", 30, 40) + b"\x03"


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF\x00\x00\x00\x00WEBP" + kind + b"\x00\x00\x00\x00" + body.ljust(10, b"\0")


def fault(root: Path, name: str) -> str:
    """Why the attachment is refused."""
    with pytest.raises(Fault) as caught:
        Files(root).attachment(name)
    return str(caught.value)


def test_facts_of_an_attachment(tmp_path: Path) -> None:
    file = Files(make_root(tmp_path)).attachment("flyer.pdf")
    assert (file.media_type, file.length, file.size) == ("application/pdf", 9, None)
    assert file.digest == hashlib.sha256(b"%PDF-1.7\n").hexdigest()


def test_ending_counts_in_any_case(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "files" / "Photo.PNG").write_bytes(png(30, 20))
    assert Files(root).picture("Photo.PNG").size == (30, 20)


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


@pytest.mark.parametrize(
    ("kind", "data", "size"),
    [
        ("png", png(7, 9), (7, 9)),
        ("png", png(7, 9)[:20], None),
        ("png", png(0, 9), None),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(30), None),
        ("gif", b"GIF87a\x05\x00\x06\x00", (5, 6)),
        ("gif", b"GIF88a\x05\x00\x06\x00", None),
        ("jpeg", JPEG, (40, 30)),
        ("jpeg", b"\xff\xd8\xff\xe0\x00\x00\xff\xda", None),
        ("jpeg", b"GIF89a", None),
        ("webp", webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 0x4000 + 12, 13)), (12, 13)),
        ("webp", webp(b"VP8L", b"\x2f" + struct.pack("<I", 19 | 29 << 14)), (20, 30)),
        ("webp", webp(b"VP8X", b"\0\0\0\0" + b"\x13\0\0" + b"\x1d\0\0"), (20, 30)),
        ("webp", webp(b"ALPH", b""), None),
        ("webp", b"RIFF", None),
    ],
)
def test_size_of_a_picture(kind: str, data: bytes, size: tuple[int, int] | None) -> None:
    assert measure(f"image/{kind}", data) == size


@given(st.binary(), st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBPVP8X", b"GIF89a"]))
def test_any_octets_have_a_size_or_none(data: bytes, begin: bytes) -> None:
    for media_type in PICTURES:
        size = measure(media_type, begin + data)
        assert size is None or min(size) > 0
