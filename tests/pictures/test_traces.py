"""Documents that tell who wrote them."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.pictures.traces import find_traces

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ODT = "application/vnd.oasis.opendocument.text"
HOME, USERS = b"/home", b"/Users"


def office(**parts: str) -> bytes:
    octets = BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return octets.getvalue()


@pytest.mark.parametrize(
    ("media_type", "data", "person"),
    [
        (WORD, office(**{"docProps/core.xml": "<dc:creator>Jane &amp; Co</dc:creator>"}), "Jane & Co"),
        (WORD, office(**{"docProps/core.xml": "<dc:creator/><cp:lastModifiedBy>Jane</cp:lastModifiedBy>"}), "Jane"),
        (WORD, office(**{"docProps/app.xml": "<Manager>Jane</Manager>"}), "Jane"),
        (ODT, office(**{"meta.xml": "<meta:initial-creator>Jane</meta:initial-creator>"}), "Jane"),
        (PDF, b"%PDF-1.4 /Author (Jane \\(night\\))", "Jane (night)"),
        (PDF, b"%PDF-1.4 /Author <FEFF004A0061006E0065>", "Jane"),
        (PDF, b"%PDF-1.4 <dc:creator> <rdf:Seq><rdf:li>Jane</rdf:li></rdf:Seq></dc:creator>", "Jane"),
    ],
)  # fmt: skip
def test_an_author_is_found_with_the_way_to_remove_the_name(media_type: str, data: bytes, person: str) -> None:
    found = find_traces(media_type, data)
    assert found
    assert found[0] == f"it names {person!r} as its author"
    assert "again" in found[1]


@pytest.mark.parametrize(
    "path", [b"C:\\Users\\jane\\flyer.docx", HOME + b"/jane/a.odt", b"file://" + USERS + b"/jane/a"]
)
def test_a_folder_of_a_machine_is_found(path: bytes) -> None:
    found = find_traces(PDF, b"%PDF-1.4 /Title (" + path + b")")
    assert found
    assert "'jane'" in found[0]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 and no more", office(**{"word/document.xml": "Jane"}), office(**{"meta.xml": ""})]
)
def test_nothing_is_said_where_nothing_is_found(data: bytes) -> None:
    assert find_traces(WORD, data) is None
    assert find_traces(PDF, data) is None


@given(st.binary(max_size=300), st.sampled_from([b"", b"/Author (", b"/Author <", b"<dc:creator>", b"PK\x05\x06"]))
def test_any_octets_are_read_without_a_fault(data: bytes, begin: bytes) -> None:
    for media_type in (WORD, PDF):
        find_traces(media_type, begin + data)
