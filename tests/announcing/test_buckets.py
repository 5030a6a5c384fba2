"""A bucket that is brought up to date by the running service: before caches and hubs, and however long it takes."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from feedsvc.announcing import targets
from feedsvc.announcing.sender import EARLIER_FIRST_AT_MOST, FIRST_WAIT, Sender
from feedsvc.announcing.target import TURNS
from feedsvc.exporting.record import KEY
from feedsvc.exporting.tree import ExportedFile, read_tree
from feedsvc.kinds import DAY
from feedsvc.publication.overview import survey
from feedsvc.publication.reader import Reader
from tests.announcing.peer import Peer
from tests.announcing.test_sender import House
from tests.object_stores.s3 import S3, run_s3

URL, PLACE = "s3://site/news", "site/news/"


@pytest.fixture
def s3() -> Iterator[S3]:
    with run_s3() as store:
        yield store


@pytest.fixture(scope="module")
def published(server: Peer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house that was published without a bucket."""
    folder = tmp_path_factory.mktemp("published") / "house"
    with closing(House(folder, [f"{server.url}/hub"])) as house:
        house.publish()
    return folder


@pytest.fixture
def house(published: Path, peer: Peer, tmp_path: Path) -> Iterator[House]:
    """It now has a bucket and a cache, too."""
    with closing(House(copytree(published, tmp_path / "house"), [f"{peer.url}/hub"], f"varnish {peer.url}/")) as house:
        start_anew(house)
        yield house


def start_anew(house: House) -> None:
    """As another process would."""
    house.close()
    house.settings = replace(house.settings, bucket=URL)
    house.senders = [Sender(house.settings, lambda: house.now, turn=turn) for turn in TURNS]


def is_whole(house: House, s3: S3) -> bool:
    with Reader(house.settings.publication) as reader:
        files = {each.name: each.body for each in read_tree(reader) if isinstance(each, ExportedFile)}
    there = {key: s3.objects[PLACE + key].body for key in s3.keys(PLACE) if key != KEY}
    return {key: body for key, body in there.items() if key in files} == files


def test_a_bucket_is_filled_at_the_start_and_brought_up_to_date_by_each_publish(house: House, s3: S3) -> None:
    house.send()
    assert is_whole(house, s3)
    count = len(s3.asked)
    house.change("Another title")
    assert not is_whole(house, s3)
    house.send()
    assert is_whole(house, s3)
    assert len(s3.asked) - count < count / 2
    told = house.told()[f"bucket {URL}"]
    assert (told.owed, told.accepted) == (0, 2)
    assert "objects sent" in survey(house.settings.publication, house.now).as_text()
    s3.asked.clear()
    start_anew(house)
    house.send()
    assert s3.asked == [("GET", PLACE + KEY)]  # what was changed meanwhile, or was not told, would be seen


def test_caches_and_hubs_are_told_once_the_bucket_has_what_is_new(house: House, s3: S3, peer: Peer) -> None:
    house.send(DAY)
    peer.heard.clear()
    s3.refuse = lambda _method, _place: 403
    house.change("Another title")
    house.send(0.5 * FIRST_WAIT - 1)
    assert peer.heard == []
    s3.refuse = lambda _method, _place: 0
    house.send(1.5 * FIRST_WAIT)
    assert is_whole(house, s3)
    methods = [heard.method for heard in peer.heard]
    assert (methods[0], set(methods)) == ("PURGE", {"PURGE", "POST"})


def test_a_bucket_that_is_lost_keeps_nobody_else_from_being_told(
    house: House, s3: S3, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    s3.refuse = lambda _method, _place: 403
    house.change("Another title")
    house.send(2 * EARLIER_FIRST_AT_MOST)
    assert {heard.method for heard in peer.heard} == {"PURGE", "POST"}
    told = house.told()[f"bucket {URL}"]
    assert told.owed == 1
    assert told.said == f"{URL}/{KEY} cannot be read: 403 Refused"
    assert "secret" not in caplog.text + survey(house.settings.publication, house.now).as_text()
    s3.refuse = lambda _method, _place: 0
    house.send(DAY)
    assert is_whole(house, s3)


def test_one_that_takes_long_is_not_waited_for_any_longer(house: House, s3: S3, peer: Peer) -> None:
    """Its first sending may take many minutes; what is not settled by then holds up nobody."""
    house.send(DAY)
    house.change("Another title")
    peer.heard.clear()
    _, caches, _ = house.senders
    caches.send()
    assert peer.heard == []
    house.now += EARLIER_FIRST_AT_MOST + 1
    caches.send()
    assert {heard.method for heard in peer.heard} == {"PURGE"}
    assert not is_whole(house, s3)


def test_a_copy_is_told_nothing_before_anything_is_published(tmp_path: Path, s3: S3) -> None:
    with closing(House(tmp_path, [])) as house:
        start_anew(house)
        house.send()
        assert s3.asked == []
        house.publish()
        house.send()
        assert is_whole(house, s3)


def test_what_is_tried_at_home_fills_no_bucket(house: House) -> None:
    assert targets(replace(house.settings, announces=False), [], "https://news.example.org/") == ()
