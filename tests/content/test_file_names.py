"""A file is found by its name as people see it; else the one that differs least is suggested, of the same kind."""

# ruff: noqa: E501  # a message is compared as a whole

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.content.file_names import copied_from, folded
from feedsvc.content.files import Files
from feedsvc.errors import BadValueError
from tests.content.samples import entry_text, load, make_root, png


@pytest.mark.parametrize(
    ("on_disk", "typed"),
    [
        (unicodedata.normalize("NFD", "reunión.png"), "reunión.png"),
        ("reunión.png", unicodedata.normalize("NFD", "reunión.png")),
        ("Screenshot 2026-03-01 at 9.41.20\u202fAM.png", "Screenshot 2026-03-01 at 9.41.20 AM.png"),
        ("rally photo.png", "rally\u00a0photo.png"),
        ("rally  photo.png", "rally photo.png"),
        ("Rally.PNG", "rally.png"),
        ("rally.png", "RALLY.png"),
        ("rally.png", "rally\u200b.png"),
        ("Maria\u2019s rally.png", "Maria's rally.png"),
        ("rally\u20112026.png", "rally-2026.png"),
        ("2026/Rally.png", "2026/rally.png"),
    ],
)
def test_file_is_found_by_the_name_that_people_see(on_disk: str, typed: str, tmp_path: Path) -> None:
    """In every place that names files; and by a Mac that does not tell capitals apart as by a server that does."""
    root = make_root(tmp_path)
    (root / "files" / on_disk).write_bytes(png(40, 30))
    assert Files(root).picture(typed).name == on_disk
    assert Files(root).attachment(typed).name == on_disk
    entry = load(entry_text(body=f"|\n  ![A rally](<files/{typed}>)\n"), root)
    assert entry.files == (on_disk,)
    assert 'width="40"' in entry.entry.content_html


@pytest.mark.parametrize(
    ("names", "typed", "message"),
    [
        (["A.png", "a.PNG"], "a.png", "several files can be meant by 'a.png'; write 'A.png' or 'a.PNG'"),
        (
            ["rally.pdf", "rally-photos.png"],
            "rally.png",
            "there is no file 'rally.png' in content/files; did you mean 'rally-photos.png'?",
        ),
        (
            ["rally.png", "rallies.pdf"],
            "rally.pdf",
            "there is no file 'rally.pdf' in content/files; did you mean 'rallies.pdf'?",
        ),
        (
            ["rally.pdf"],
            "rally.png",
            "there is no file 'rally.png' in content/files; put the file there, or correct its name",
        ),
        (
            ["rally-march.png", "rally-marxh.png"],
            "Rally march2.png",
            "there is no file 'Rally march2.png' in content/files; did you mean 'rally-march.png'?",
        ),
        (
            ["IMG_1.HEIC"],
            "IMG_1.HEIC",
            "'IMG_1.HEIC' is a picture that many cannot open, and that tells where it was taken; show it as a picture, or save it as JPEG and offer that",
        ),
        (
            [],
            "a.tiff",
            "'a.tiff' is a picture that few programs show; export it as JPEG, and use the file that comes of it",
        ),
        ([], "a.jpe", "'a.jpe' is a JPEG picture under another name; give it the ending .jpg, in its name and here"),
        ([], "a.MOV", "'a.MOV' is a video; put it where videos are shown, and link to it"),
        ([], "a.wav", "'a.wav' is a recording that few programs play; save it as MP3, and use that file"),
        (
            [],
            "a.pages",
            "'a.pages' is a document that only Apple's programs open; save it as PDF, and use the file that comes of it",
        ),
        (
            [],
            "a.rtf",
            "'a.rtf' is a document that few programs open; save it as PDF, and use the file that comes of it",
        ),
        ([], "a.msg", "'a.msg' is a mail; print it as PDF, and use the file that comes of it"),
        ([], "a.htm", "'a.htm' is a page of the web; link to its address"),
    ],
)
def test_what_is_not_found_or_not_taken_is_named(names: list[str], typed: str, message: str, tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for name in ("icon.png", "logo.png", "broken.png", "flyer.pdf"):
        (root / "files" / name).unlink()
    for name in names:
        (root / "files" / name).write_bytes(png(40, 30))
    with pytest.raises(BadValueError) as caught:
        Files(root).attachment(typed)
    assert str(caught.value) == message


def test_a_picture_is_never_answered_with_a_document(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "files" / "rally.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(BadValueError, match=r"put the file there, or correct its name"):
        Files(root).picture("rally.pdfx.png")


@given(st.text(alphabet=st.characters(categories=("L", "N")), min_size=1, max_size=20))
def test_both_forms_of_a_name_are_one(name: str) -> None:
    assert folded(unicodedata.normalize("NFD", name)) == folded(unicodedata.normalize("NFC", name))


class Names:
    """A folder's names, which can be asked for and not gone through."""

    asked = 0

    def __contains__(self, name: object) -> bool:
        self.asked += 1
        return name == "2026-03-01-masks"


def test_a_copy_is_known_without_a_look_at_every_other_file() -> None:
    names = Names()
    assert copied_from("2026-03-01-masks (Dana's conflicted draft)", names) == "2026-03-01-masks"
    assert copied_from("Mine - 2026-03-01-masks", names) == "2026-03-01-masks"
    assert copied_from("2026-03-01-masksareback", names) is None
    assert names.asked < 50
