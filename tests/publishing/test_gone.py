"""The address of an update that was public and whose file is deleted says that it is gone, and nothing else does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc.kinds import GONE
from tests.harness.folder import write_update
from tests.publishing.test_publisher import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.store.close()


def test_a_removed_update_leaves_nothing_of_it_behind_but_that_it_is_gone(house: House, tmp_path: Path) -> None:
    """The memory says so, also to a publication that is made anew; and of a file that comes back no more."""
    house.publish()
    path = house.root / "updates" / "2026-02-01-update-2.yaml"
    text = path.read_text()
    path.unlink()
    assert house.publish().removed == 4  # its frame, what oEmbed tells of it, its card, and the way to that
    assert b"<h1>This update is gone</h1>" in house.documents()["/updates/update-2/"]
    assert [found.path for found in house.every() if found.kind is GONE] == ["/updates/update-2/"]
    assert [path for path, body in house.documents().items() if b"Update number 2" in body] == []
    assert house.documents() == house.fresh(tmp_path, remembers=True)
    path.write_text(text)
    house.publish()
    assert b"Update number 2" in house.documents()["/updates/update-2/"]
    path.write_text(f"{text}draft: true\n")
    house.publish()
    assert "/updates/update-2/" not in house.documents()
    assert house.documents() == house.fresh(tmp_path, remembers=True)


@pytest.mark.parametrize("is_told", [True, False])
def test_an_update_in_whose_place_a_folder_lies_is_held_and_not_gone(house: House, *, is_told: bool) -> None:
    house.publish()
    path = house.root / "updates" / "2026-02-01-update-2.yaml"
    text = path.read_text()
    path.unlink()
    path.mkdir()
    (path / "inside.yaml").write_text(text)
    name = f"content/updates/{path.name}"
    outcome = house.publish(names=[name] if is_told else None)
    assert [(problem.file, problem.message) for problem in outcome.problems] == [(name, "this is not a regular file")]
    assert b"Update number 2" in house.documents()["/updates/update-2/"]
    (path / "inside.yaml").unlink()
    path.rmdir()
    path.write_text(text)
    assert house.publish().problems == ()


def test_what_was_never_public_leaves_no_word_when_it_is_deleted(house: House) -> None:
    paths = [write_update(house.root, 8, draft="true"), write_update(house.root, 9, published="2026-03-09 09:00")]
    house.publish()
    for path in paths:
        path.unlink()
    house.publish()
    assert not {"/updates/update-8/", "/updates/update-9/"} & house.documents().keys()


def test_an_update_that_was_drawn_back_or_spoilt_first_is_gone_all_the_same(house: House, tmp_path: Path) -> None:
    """Also under the address that it had before, and not while its file is there."""
    house.publish()
    path = write_update(house.root, 2, more="slug: elsewhere\n")
    house.publish()
    path = write_update(house.root, 2, draft="true")
    house.publish()
    assert "/updates/update-2/" not in house.documents()
    path.write_text("title: [")
    house.publish(may_drop=True)
    assert "/updates/update-2/" not in house.documents()
    assert "/updates/update-2/" not in house.fresh(tmp_path, remembers=True)
    path.unlink()
    house.publish()
    for address in ("/updates/update-2/", "/updates/elsewhere/"):
        assert b"This update is gone" in house.documents()[address]
    assert house.documents() == house.fresh(tmp_path, remembers=True)


def test_what_has_another_file_with_its_id_or_an_alias_is_not_gone(house: House, tmp_path: Path) -> None:
    house.publish()
    (house.root / "updates" / "2026-02-01-update-1.yaml").unlink()
    (house.root / "updates" / "2026-02-01-update-2.yaml").unlink()
    write_update(house.root, 8, more="id: 2026-02-01-update-1\n")
    path = write_update(house.root, 9, more="aliases: [update-2]\n")
    house.publish(may_drop=True)
    documents = house.documents()
    assert "/updates/update-1/" not in documents
    assert documents["/updates/update-2/"] == b"/updates/update-9/"
    assert documents == house.fresh(tmp_path, remembers=True)
    write_update(house.root, 9)
    house.publish()
    assert b"This update is gone" in house.documents()["/updates/update-2/"]
    path.unlink()
    assert house.publish().problems == ()
    assert house.documents() == house.fresh(tmp_path, remembers=True)


def test_the_ledger_says_what_is_gone_where_nothing_is_remembered(house: House, tmp_path: Path) -> None:
    """At the next publish, once people wrote it there, and of the site's own updates only."""
    own, other = (
        f"2026-02-01T17:00:00Z tag:{authority},2026:entry/x {{}}\n" for authority in ("news.example.org", "else.org")
    )
    (house.root / "ledger.txt").write_text(own.format("old") + other.format("foreign deleted"))
    house.publish()
    assert not {"/updates/old/", "/updates/foreign/"} & house.documents().keys()
    (house.root / "ledger.txt").write_text(own.format("old deleted") + other.format("foreign deleted"))
    write_update(house.root, 2, title="Changed")
    house.publish()
    assert b"This update is gone" in house.documents()["/updates/old/"]
    assert "/updates/foreign/" not in house.documents()
    assert house.documents() == house.fresh(tmp_path)
    (house.root / "ledger.txt").unlink()
    write_update(house.root, 2, title="Changed again")
    house.publish()
    assert "/updates/old/" not in house.documents()


def test_an_alias_takes_nothing_from_the_update_that_is_at_that_address(house: House) -> None:
    write_update(house.root, 9, more="aliases: [update-1]\n")
    house.publish()
    write_update(house.root, 9, title="Changed", more="aliases: [update-1]\n")
    house.publish()
    assert b"Update number 1" in house.documents()["/updates/update-1/"]
