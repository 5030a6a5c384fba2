"""The status beside the publication: what is written is read, and what cannot be is silence."""

import json
import struct
import threading
import zlib
from pathlib import Path

import pytest

from feedsvc.publication.status import (
    PART,
    SAID_AT_MOST,
    Cause,
    Publishing,
    Supervision,
    read_status,
    status_path,
    write_status,
)


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    return tmp_path / "publication.db"


def test_both_parts_are_read_as_they_were_written(publication: Path) -> None:
    publishing = Publishing(
        pid=7, started=1.0, beat=2.5, behind=2.0, cause="change-held", since=1.5, said="söme\nlines"
    )
    supervision = Supervision(deaths=2, since=3.0, said="ended (status 1)", total=9)
    assert write_status(publication, supervision) is None
    assert read_status(publication, Publishing) is None
    assert write_status(publication, publishing) is None
    assert read_status(publication, Publishing) == publishing
    assert read_status(publication, Supervision) == supervision
    assert status_path(publication).stat().st_size == 2 * PART


def test_the_longest_that_can_be_said_fits(publication: Path) -> None:
    write_status(publication, Publishing(pid=1))
    write_status(publication, Supervision(said="\N{GRINNING FACE}" * 10_000, deaths=3))
    write_status(publication, Publishing(said='"\\\udc80' * 10_000, cause=Cause.PUBLICATION_UNWRITABLE.label))
    told = read_status(publication, Publishing)
    assert told is not None
    assert len(told.said) == SAID_AT_MOST
    assert read_status(publication, Supervision) == Supervision(said="\N{GRINNING FACE}" * SAID_AT_MOST, deaths=3)


def test_another_release_may_say_more_or_less(publication: Path) -> None:
    text = json.dumps({"pid": 3, "mood": "good"}).encode()
    part = struct.pack("<II", zlib.crc32(text), len(text)) + text
    status_path(publication).write_bytes(part.ljust(PART, b"\0"))
    assert read_status(publication, Publishing) == Publishing(pid=3)


def test_what_fails_its_checksum_is_silence(publication: Path) -> None:
    write_status(publication, Publishing(pid=3))
    octets = status_path(publication).read_bytes()
    status_path(publication).write_bytes(octets.replace(b'"pid": 3', b'"pid": 4'))
    assert read_status(publication, Publishing) is None


@pytest.mark.parametrize("octets", [b"", b"short", b"\0" * PART, b"\xff" * 2 * PART])
def test_what_is_no_status_is_silence(publication: Path, octets: bytes) -> None:
    status_path(publication).write_bytes(octets)
    assert read_status(publication, Publishing) is None
    assert read_status(publication, Supervision) is None


def test_what_keeps_it_from_being_written_is_given_back(publication: Path) -> None:
    status_path(publication).mkdir()
    assert isinstance(write_status(publication, Supervision()), IsADirectoryError)
    assert write_status(publication.parent / "gone" / "publication.db", Supervision()) is None


def test_a_reader_never_sees_half_of_it(publication: Path) -> None:
    records = [Publishing(pid=number, said=str(number) * 900) for number in range(10)]
    write_status(publication, records[0])
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            for record in records:
                write_status(publication, record)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert all(read_status(publication, Publishing) in [*records, None] for _ in range(2_000))
    finally:
        done.set()
        writer.join()
