"""What is kept at hand is bounded, and a document that had to go is still shared by those who have it."""

import pytest

from feedsvc.kinds import PAGE, PICTURE, Kind
from feedsvc.publication.coding import Variants
from feedsvc.publication.rows import Stored
from feedsvc.web.cache import LARGE, ROOM, ROOM_FOR_LARGE, Cache, DocumentCache


def make_stored(path: str, octets: int, kind: Kind = PAGE) -> Stored:
    return Stored(
        path=path,
        kind=kind,
        media_type="text/html",
        modified=1_772_000_000,
        etag="tag",
        tags=(),
        links=(),
        page_path=None,
        policy=None,
        expires=None,
        variants=Variants(bytes(octets), None, None),
    )


def test_when_there_is_no_room_all_others_go() -> None:
    cache: Cache[str, int] = Cache(300)
    for number, key in enumerate("abc"):
        cache.keep(key, number, 100)
    assert cache == {"a": 0, "b": 1, "c": 2}
    cache.keep("d", 3, 1)
    assert cache == {"d": 3}


def test_there_is_always_room_for_one() -> None:
    cache: Cache[str, int] = Cache(10)
    for key in "ab":
        cache.keep(key, 1, 100)
        assert cache == {key: 1}


@pytest.mark.parametrize(("size", "room"), [(LARGE, ROOM), (LARGE + 1, ROOM_FOR_LARGE)], ids=["small", "large"])
def test_documents_take_a_bounded_room(size: int, room: int) -> None:
    documents = DocumentCache()
    for number in range(room // size):
        documents.put(make_stored(f"/{number}/", size))
    assert documents.get("/0/") is not None
    documents.put(make_stored("/one-more/", size))
    assert documents.get("/0/") is None
    assert documents.get("/one-more/") is not None


def test_no_page_gives_way_to_a_picture() -> None:
    documents = DocumentCache()
    documents.put(make_stored("/", 100))
    for number in range(ROOM // LARGE + 1):
        documents.put(make_stored(f"/pictures/{number}", LARGE, PICTURE))
    assert documents.get("/") is not None


def test_what_had_to_go_is_found_as_long_as_anybody_has_it() -> None:
    documents = DocumentCache()
    held = make_stored("/files/held.pdf", ROOM_FOR_LARGE)
    documents.put(held)
    documents.put(make_stored("/files/other.pdf", ROOM_FOR_LARGE))
    assert documents.get("/files/held.pdf") is held
    del held
    assert documents.get("/files/held.pdf") is None
