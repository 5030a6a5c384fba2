from feedsvc.kinds import PAGE
from feedsvc.publication.coding import Variants
from feedsvc.publication.reader import Stored
from feedsvc.web.shelf import Shelf


def make_stored(path: str, octets: int) -> Stored:
    return Stored(
        path=path,
        kind=PAGE,
        media_type="text/html",
        modified=1_772_000_000,
        etag="tag",
        tags=(),
        links=(),
        page_path=None,
        expires=None,
        variants=Variants(b"x" * octets, None, None),
    )


def test_the_least_recently_asked_for_goes_first() -> None:
    shelf = Shelf(300)
    for path in ("/a/", "/b/", "/c/"):
        shelf.put(make_stored(path, 100))
    assert shelf.get("/a/") is not None
    shelf.put(make_stored("/d/", 100))
    assert shelf.get("/b/") is None
    assert all(shelf.get(path) for path in ("/a/", "/c/", "/d/"))


def test_a_document_put_twice_counts_once() -> None:
    shelf = Shelf(300)
    for _ in range(5):
        shelf.put(make_stored("/a/", 100))
    shelf.put(make_stored("/b/", 200))
    assert shelf.get("/a/") is not None


def test_there_is_always_room_for_one() -> None:
    shelf = Shelf(10)
    shelf.put(make_stored("/a/", 100))
    assert shelf.get("/a/") is not None
