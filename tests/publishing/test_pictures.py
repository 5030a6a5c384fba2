"""The pictures of updates: published with them, made once, and the ways to them kept."""

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feedsvc.content.folder import UnsettledError
from feedsvc.content.loader import load_content
from feedsvc.kinds import ATTACHMENT, MOVED, PICTURE
from feedsvc.pictures import cards, making, sizes
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.request import Outcome, Request
from feedsvc.settings import Settings
from tests.harness.folder import write_folder, write_update
from tests.pictures.phone import HEICS, draw, is_upright, opened, photo, saved, scene

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHOWS = "image: {src: march.jpg, alt: The march}\n"


class House:
    """A content folder and its publication."""

    def __init__(self, folder: Path) -> None:
        self.root = write_folder(folder / "content", updates=2)
        self.files = self.root / "files"
        self.settings = Settings(content=self.root, publication=folder / "publication.db")
        self.open()

    def open(self) -> None:
        self.store = Store(self.settings.publication)
        self.publisher = Publisher(self.settings, self.store)

    def restart(self) -> None:
        self.store.close()
        self.open()

    def publish(self, as_of: datetime = NOON, request: Request | None = None) -> Outcome:
        return self.publisher.publish(as_of, request or Request())

    def documents(self) -> dict[str, Stored]:
        reader = Reader(self.settings.publication)
        try:
            return {found.path: found for found in reader.every()}
        finally:
            reader.close()

    def pictures(self, name: str = "march") -> dict[str, Stored]:
        return {path: found for path, found in self.documents().items() if path.startswith(f"/pictures/{name}-")}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.store.close()


def forbid_making(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", ""))


def test_a_photo_comes_with_its_update_in_every_size_and_goes_with_it(house: House) -> None:
    (house.files / "march.jpg").write_bytes(photo(scene(), 6))
    assert house.publish().problems == ()
    assert house.pictures() == {}
    write_update(house.root, 3, more=SHOWS, body="Text.\n\n![The march](files/march.jpg)")
    house.publish()
    kinds = [re.sub(r"\.[0-9a-f]{16}\.", ".", path) for path in house.pictures()]
    assert sorted(kinds) == [f"/pictures/march-{width}.{ending}" for width in (1280, 640) for ending in ("jpg", "webp")]
    for found in house.pictures().values():
        assert (found.kind, found.tags) == (PICTURE, ("all",))
    moved = house.documents()["/files/march.jpg"]
    assert (moved.kind, moved.page_path) == (
        MOVED,
        next(path for path in house.pictures() if "1280" in path and path.endswith("jpg")),
    )
    (house.root / "updates" / "2026-02-01-update-3.yaml").unlink()
    house.publish()
    assert house.pictures() == {}
    assert "/files/march.jpg" not in house.documents()


def test_another_picture_of_that_name_has_other_addresses(house: House) -> None:
    (house.files / "march.jpg").write_bytes(photo())
    write_update(house.root, 3, more=SHOWS)
    house.publish()
    before = set(house.pictures())
    (house.files / "march.jpg").write_bytes(photo(turn=3))
    house.publish()
    after = house.pictures()
    assert not before & set(after)
    assert house.documents()["/files/march.jpg"].page_path in after
    assert all(path in house.documents()["/updates/update-3/"].variants.identity.decode() for path in after)


def test_a_picture_that_two_updates_show_stays_while_one_does(house: House) -> None:
    (house.files / "march.jpg").write_bytes(photo())
    (house.files / "again").mkdir()
    shutil.copy(house.files / "march.jpg", house.files / "again" / "march.jpg")
    write_update(house.root, 3, more=SHOWS)
    write_update(house.root, 4, more=SHOWS.replace("march.jpg", "again/march.jpg"))
    house.publish()
    before = set(house.pictures())
    (house.root / "updates" / "2026-02-01-update-3.yaml").unlink()
    house.publish()
    assert set(house.pictures()) == before
    assert "/files/march.jpg" not in house.documents()
    assert "/files/again/march.jpg" in house.documents()


def test_the_sites_own_artwork_stays_when_an_update_no_longer_shows_it(house: House) -> None:
    write_update(house.root, 3, more=SHOWS.replace("march.jpg", "icon.png"))
    house.publish()
    before = set(house.pictures("icon"))
    (house.root / "updates" / "2026-02-01-update-3.yaml").unlink()
    house.publish()
    assert set(house.pictures("icon")) == before != set()


def test_a_picture_that_is_offered_too_is_stripped_where_it_always_was(house: House) -> None:
    data = photo()
    (house.files / "march.jpg").write_bytes(data)
    write_update(house.root, 3, more=SHOWS + "attachments:\n  - {file: march.jpg, title: The photo}\n")
    house.publish()
    document = house.documents()["/files/march.jpg"]
    assert document.kind == ATTACHMENT
    assert opened(document.variants.identity).tobytes() == opened(data).tobytes()
    assert b"Jane" not in document.variants.identity
    (entry, *_) = feedparser.parse(house.documents()["/rss.xml"].variants.identity).entries
    assert entry.enclosures[0].length == str(len(document.variants.identity))


def test_feeds_and_cards_agree_on_a_picture_that_fits_them(house: House) -> None:
    (house.files / "march.jpg").write_bytes(photo(scene(1500, 2000), 6))
    write_update(house.root, 3, more=SHOWS)
    house.publish()
    documents = house.documents()
    small, large = (
        next(
            f"https://news.example.org{path}"
            for path in house.pictures()
            if f"-{width}." in path and path.endswith("jpg")
        )
        for width in (640, 1280)
    )
    for name in ("/rss.xml", "/atom.xml"):
        (entry, *_) = feedparser.parse(documents[name].variants.identity).entries
        assert entry.media_content[0] | {"medium": "image"} == {
            "url": small, "medium": "image", "type": "image/jpeg", "width": "640", "height": "853",
        }  # fmt: skip
        assert entry.media_thumbnail == [{"url": small, "width": "640", "height": "853"}]
        assert f'<img alt="The march" height="800" src="{small}" width="600"' in entry.content[0].value
    assert b'"image":"' + small.encode() in documents["/feed.json"].variants.identity
    page = documents["/updates/update-3/"].variants.identity.decode()
    assert f'<meta property="og:image" content="{large}">' in page
    assert opened(house.pictures()[large.removeprefix("https://news.example.org")].variants.identity).size == (
        1280,
        1707,
    )
    for path in house.pictures():
        assert path in page
    assert 'width="525" height="700"' in page  # whole on a desk's screen


def test_the_largest_drawing_of_a_few_colours_is_not_made_heavier(house: House) -> None:
    """A palette of 1600 pixels weighs less than it would at 1280."""
    screen = draw(1600, 900)
    for line in range(0, 1600, 9):
        screen.paste("black", (line, line % 70, line + 4, 900))
    data = saved(screen.quantize(16), "PNG")
    (house.files / "march.png").write_bytes(data)
    write_update(house.root, 3, more=SHOWS.replace("jpg", "png"))
    house.publish()
    (found,) = house.pictures().values()
    assert len(found.variants.identity) <= len(data)


def test_pictures_are_made_once_for_restarts_generations_and_other_places(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.files / "march.jpg").write_bytes(photo())
    write_update(house.root, 3, more=SHOWS + "attachments:\n  - {file: march.jpg, title: The photo}\n")
    assert load_content(house.root, house.settings).problems == ()
    forbid_making(monkeypatch)
    house.publish()
    before = {path: found.etag for path, found in house.documents().items()}
    house.restart()
    write_update(house.root, 4, more=SHOWS)
    house.publish()
    house.store.close()
    house.settings.publication.unlink()
    house.open()
    house.publish()
    after = {path: found.etag for path, found in house.documents().items()}
    assert all(after[path] == etag for path, etag in before.items() if path.startswith(("/pictures/", "/files/")))


def test_cards_that_cannot_be_drawn_hold_back_nothing_else(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "MARGIN", None)
    problems = house.publish().problems
    assert {problem.file for problem in problems} == {"content/site.yaml"}
    assert all("card" in problem.message for problem in problems)
    assert {"/", "/rss.xml", "/covid/", "/updates/update-1/"} <= house.documents().keys()
    monkeypatch.undo()
    site = house.root / "site.yaml"
    site.write_text(site.read_text().replace("Local 7 Updates", "Local 8 Updates"))
    assert house.publish().problems == ()
    assert any(path.startswith("/card.") for path in house.documents())


def test_another_release_of_a_codec_changes_no_entry_and_no_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.files / "march.jpg").write_bytes(photo(scene()))
    write_update(house.root, 3, more=SHOWS)
    house.publish()
    before = house.documents()
    house.store.close()
    shutil.rmtree(house.settings.kept_pictures)
    house.settings.publication.unlink()
    coarser = "import feedsvc.pictures.make as m; m.QUALITIES = (20, 1); m.WEBP_QUALITIES = (20, 1);"
    coarser += "from feedsvc.pictures.worker import main; main()"
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", coarser))
    house.open()
    house.publish()
    after = house.documents()
    changed = {path for path in before if before[path].etag != after[path].etag}
    assert before.keys() == after.keys()
    assert changed == set(house.pictures())


def test_other_settings_are_other_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    made = sizes.Made(size="small", media_type="image/jpeg", width=640, height=480)
    before = sizes.name_made("a/Vår march!.jpeg", "digest", made)
    assert re.fullmatch(r"V-r-march-640\.[0-9a-f]{16}\.jpg", before)
    monkeypatch.setattr(sizes, "SETTINGS", 2)
    assert sizes.name_made("a/Vår march!.jpeg", "digest", made) != before
    assert sizes.name_made("写真.jpg", "digest", made).startswith("picture-640.")


def test_what_waits_for_its_time_shows_nothing_before(house: House) -> None:
    (house.files / "march.jpg").write_bytes(photo())
    write_update(house.root, 3, more=SHOWS, published="2026-03-05 09:00")
    house.publish()
    assert house.pictures() == {}
    assert "/files/march.jpg" not in house.documents()
    house.publish(NOON + timedelta(days=9))
    assert house.pictures()


def test_a_picture_that_cannot_be_used_holds_back_its_update_alone(house: House) -> None:
    (house.files / "march.jpg").write_bytes(photo()[:3_000])
    (house.files / "hall.heic").write_bytes(HEICS[6])
    write_update(house.root, 3, more=SHOWS)
    write_update(house.root, 4, more=SHOWS.replace("march.jpg", "hall.heic"))
    outcome = house.publish()
    assert [(problem.file, problem.field) for problem in outcome.problems] == [
        ("content/updates/2026-02-01-update-3.yaml", "image.src")
    ]
    assert "damaged or not whole; copy it again from where it was taken" in str(outcome.problems[0])
    assert is_upright(opened(next(iter(house.pictures("hall").values())).variants.identity))
    assert [str(problem) for problem in load_content(house.root, house.settings).problems] == [str(outcome.problems[0])]
    (house.files / "march.jpg").write_bytes(photo())
    assert house.publish().problems == ()
    assert house.pictures()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "a.heic",
            HEICS[1],
            "is a picture that many cannot open, and that tells where it was taken; show it as a picture",
        ),
        (
            "a.jpg",
            saved(draw(), "PNG"),
            "holds another kind of picture than its ending says; rename it so that it ends in .png",
        ),
        ("a.png", photo(), "holds another kind of picture than its ending says; rename it so that it ends in .jpg"),
        ("a.gif", b"GIF89a and no more", "is a GIF picture that is damaged or not whole"),
    ],
)
def test_a_picture_that_must_not_be_offered_is_refused(house: House, name: str, data: bytes, words: str) -> None:
    (house.files / name).write_bytes(data)
    write_update(house.root, 3, more=f"attachments:\n  - {{file: {name}, title: A}}\n")
    (problem,) = house.publish().problems
    assert words in str(problem)


def test_progress_is_told_of_pictures_first(house: House) -> None:
    for number in (3, 4, 5):
        (house.files / f"march{number}.jpg").write_bytes(photo(turn=number))
        write_update(house.root, number, more=SHOWS.replace("march", f"march{number}"))
    told: list[tuple[int, int]] = []
    house.publish(request=Request(pictures=lambda done, whole: told.append((done, whole))))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_without_a_program_that_makes_pictures_a_publish_is_put_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.files / "march.jpg").write_bytes(photo())
    write_update(house.root, 3, more=SHOWS)
    forbid_making(monkeypatch)
    with pytest.raises(UnsettledError, match="does not start"):
        house.publish()


def test_a_source_that_is_gone_still_has_what_was_made_of_it(house: House) -> None:
    (house.files / "march.jpg").write_bytes(photo())
    write_update(house.root, 3, more=SHOWS)
    house.publish()
    before = set(house.pictures())
    (house.files / "march.jpg").unlink()
    assert len(house.publish().problems) == 1
    assert set(house.pictures()) == before


def test_pictures_that_cannot_be_made_for_long_keep_no_other_update_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.publish()
    forbid_making(monkeypatch)
    (house.files / "march.jpg").write_bytes(photo())
    write_update(house.root, 3, more=SHOWS)
    write_update(house.root, 4)
    with pytest.raises(UnsettledError):
        house.publish()
    (problem,) = house.publish(request=Request(is_urgent=True)).problems
    assert "'march.jpg' is not made yet" in str(problem)
    assert {"/updates/update-3/", "/updates/update-4/"} & house.documents().keys() == {"/updates/update-4/"}


def test_a_picture_whose_source_is_gone_stays_under_another_release(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.files / "march.jpg").write_bytes(photo())
    write_update(house.root, 3, more=SHOWS)
    house.publish()
    before = house.pictures()
    (house.files / "march.jpg").unlink()
    shutil.rmtree(house.settings.kept_pictures)
    monkeypatch.setattr("feedsvc.documents.recipe.code_digest", lambda: "another release")
    house.restart()
    (problem,) = house.publish().problems
    assert "there is no file 'march.jpg'" in str(problem)
    assert house.pictures().keys() == before.keys() != set()
