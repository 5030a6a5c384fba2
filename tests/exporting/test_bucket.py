"""The export into a bucket: what is sent when, and what is there if it ends at any moment."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.exporting import bucket
from feedsvc.exporting.bucket import LASTS, Sent, export_bucket
from feedsvc.exporting.edge import SCRIPTS
from feedsvc.exporting.record import KEY, ExportError
from feedsvc.exporting.tree import ExportedFile, Redirect, file_name, read_tree
from feedsvc.object_stores import ObjectStoreError, open_store
from feedsvc.publication.reader import Reader
from feedsvc.publication.replica import Snapshot
from tests.harness.folder import publish_folder, publish_site, write_update
from tests.object_stores.s3 import S3, Kept, run_s3

URL, PLACE = "s3://site/news", "site/news/"
NOW = 1_772_366_400
BASE = "https://news.example.org/"
LINK = re.compile(rb'(?:href|src)="([^"#?]*)')
RETRIES = 3


@pytest.fixture(autouse=True)
def s3() -> Iterator[S3]:
    with run_s3() as store:
        yield store


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication of three updates."""
    return publish_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def new(old: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publication after one was changed, one removed, and one added with a file."""
    folder = shutil.copytree(old.parents[1], tmp_path_factory.mktemp("newer") / "site")
    content = folder / "content"
    write_update(content, 1, title="Another title")
    (content / "updates" / "2026-02-01-update-2.yaml").unlink()
    (content / "files" / "more.pdf").write_bytes(b"%PDF-1.7\n" * 9)
    write_update(content, 4, more="attachments:\n  - file: more.pdf\n    title: More\n")
    publish_folder(content, folder / "instance" / "publication.db")
    return folder / "instance" / "publication.db"


def export(publication: Path, now: int = NOW) -> Sent:
    with Snapshot(publication) as snapshot:
        return export_bucket(snapshot, open_store(URL), now)


def files_of(publication: Path) -> dict[str, ExportedFile]:
    with Reader(publication) as reader:
        return {each.name: each for each in read_tree(reader) if isinstance(each, ExportedFile)}


def redirects_of(publication: Path) -> dict[str, str]:
    with Reader(publication) as reader:
        return {each.path: each.target for each in read_tree(reader) if isinstance(each, Redirect)}


def former(publication: Path) -> set[str]:
    """The names of what lies at former addresses."""
    return set(map(file_name, redirects_of(publication)))


def documents(s3: S3) -> dict[str, Kept]:
    """What is there besides the record."""
    return {key: s3.objects[PLACE + key] for key in s3.keys(PLACE) if key not in {KEY, *SCRIPTS}}


def check_whole(s3: S3, publication: Path, lasting: frozenset[str] = frozenset()) -> None:
    """All documents are there as they say of themselves, and nothing else but what lasts."""
    files, there = files_of(publication), documents(s3)
    assert files.keys() <= there.keys() <= files.keys() | lasting | former(publication)
    for key, file in files.items():
        said, fields = dict(file.fields), there[key].fields
        assert there[key].body == file.body, key
        assert fields["Content-Type"] == said["Content-Type"]
        assert fields["Cache-Control"] == said["Cache-Control"]
        assert fields["X-Amz-Meta-Sha256"] == hashlib.sha256(file.body).hexdigest()


def requests(s3: S3) -> list[str]:
    asked = [f"{method} {place.removeprefix(PLACE)}" for method, place in s3.asked]
    s3.asked.clear()
    return asked


def test_what_is_there_is_not_sent_again_and_what_changed_is_sent_with_all_that_it_says(
    s3: S3, old: Path, new: Path
) -> None:
    first = export(old)
    assert (first.count, first.sent, first.removed) == (len(files_of(old)), len(s3.keys(PLACE)) - 1, 0)
    check_whole(s3, old)
    requests(s3)
    again = export(old)
    assert (again.sent, again.octets, again.removed) == (0, 0, 0)
    assert requests(s3) == [f"GET {KEY}"]
    before, files = files_of(old), files_of(new)
    sent = export(new)
    changed = [file for key, file in files.items() if key not in before or before[key].body != file.body]
    scripts = sum(len(s3.objects[PLACE + key].body) for key in SCRIPTS)  # which lead to other cards now
    assert 0 <= sent.sent - len(changed) - len(SCRIPTS) <= len(former(new))
    assert sent.octets >= sum(len(file.body) for file in changed) + scripts
    assert sent.sent < len(files) / 2
    check_whole(s3, new, frozenset(key for key, file in before.items() if file.kind.is_immutable))
    asked = requests(s3)
    assert asked[:2] == [f"GET {KEY}", f"PUT {KEY}"]
    assert asked[-2:] == ["POST site", f"PUT {KEY}"]
    assert len(asked) == sent.sent + 4


def test_no_page_leads_to_what_is_not_there_yet(s3: S3, old: Path, new: Path) -> None:
    export(old)
    paths = {file.path: file for file in files_of(new).values()}
    looked: list[str] = []

    def look(method: str, place: str) -> int:
        key, there = place.removeprefix(PLACE), set(s3.keys(PLACE))
        file = next((file for file in paths.values() if file.name == key), None)
        if method == "PUT" and file and file.media_type == "text/html":
            looked.append(key)
            links = [urlsplit(urljoin(BASE + file.path[1:], link.decode())) for link in LINK.findall(file.body)]
            needed = [paths[link.path] for link in links if BASE.endswith(f"{link.netloc}/") and link.path in paths]
            if key not in there:  # nothing leads to it yet, so only what it shows must be there
                needed = [each for each in needed if each.kind.is_immutable or "/files/" in each.path]
            assert [each.name for each in needed if each.name not in there] == []
        if method == "POST":
            assert {file.name for file in paths.values()} <= there
        return 0

    s3.refuse = look
    export(new)
    assert looked.index("updates/update-4/index.html") < looked.index("index.html")
    assert len(looked) > 5


def refuse_after(s3: S3, count: int, _method: str, _place: str) -> int:
    return 403 if len(s3.asked) > count else 0


def test_an_export_that_ends_at_any_request_leaves_each_address_whole_and_the_next_one_heals(
    s3: S3, old: Path, new: Path
) -> None:
    export(old)
    start, before, after, moved = dict(s3.objects), files_of(old), files_of(new), former(old) | former(new)
    requests(s3)
    export(new)
    count = len(requests(s3))
    assert count > 20
    for last in (*range(0, count - 5, 7), *range(count - 5, count)):
        s3.objects = dict(start)
        requests(s3)
        s3.refuse = partial(refuse_after, s3, last)
        with pytest.raises(ObjectStoreError, match="403 Refused"):
            export(new)
        for key, kept in ((key, kept) for key, kept in documents(s3).items() if key not in moved):
            whole = [file for file in (before.get(key), after.get(key)) if file and file.body == kept.body]
            assert whole, key
            assert any(kept.fields["Cache-Control"] == dict(file.fields)["Cache-Control"] for file in whole)
        s3.refuse = lambda _method, _place: 0
        back = new if last % 2 else old  # the change may be taken back, too
        export(back)
        check_whole(s3, back, frozenset(key for key, file in (before | after).items() if file.kind.is_immutable))


def test_an_address_with_a_digest_is_kept_for_as_long_as_caches_may_name_it(s3: S3, old: Path, new: Path) -> None:
    export(new)
    lost = {key for key, file in files_of(new).items() if file.kind.is_immutable} - files_of(old).keys()
    s3.objects[PLACE + "pictures/theirs.png"] = Kept(b"theirs", {})
    export(old, NOW + 10)
    export(old, NOW + 9 + LASTS)
    assert lost <= documents(s3).keys()
    assert export(old, NOW + 10 + LASTS).removed == len(lost)
    assert not lost & documents(s3).keys()
    assert documents(s3)["pictures/theirs.png"].body == b"theirs"


def test_a_prefix_that_holds_other_things_is_left_alone(s3: S3, old: Path) -> None:
    s3.objects[f"{PLACE}thesis.doc"] = Kept(b"theirs", {})
    with pytest.raises(ExportError, match=r"'thesis\.doc', which no export wrote"):
        export(old)
    assert list(s3.objects) == [f"{PLACE}thesis.doc"]


def test_an_object_that_stands_in_the_way_is_left_alone(s3: S3, old: Path, new: Path) -> None:
    export(old)
    theirs = f"{PLACE}updates/update-4/index.html"
    s3.objects[theirs] = Kept(b"theirs", {})
    with pytest.raises(ExportError, match=r"update-4/index\.html' is there, and no export wrote it"):
        export(new)
    with pytest.raises(ExportError):
        export(new)
    assert s3.objects[theirs].body == b"theirs"
    s3.objects[theirs] = Kept(files_of(new)["updates/update-4/index.html"].body, {})  # as if our answer had been lost
    export(new)
    check_whole(s3, new, frozenset(key for key, file in files_of(old).items() if file.kind.is_immutable))


@pytest.mark.parametrize("is_killed", [False, True])
def test_all_that_stands_in_the_way_is_left_alone_whatever_follows(
    s3: S3, old: Path, new: Path, *, is_killed: bool
) -> None:
    export(old)
    theirs = {PLACE + key: Kept(b"theirs", {}) for key in files_of(new).keys() - files_of(old).keys()}
    assert len(theirs) > 4
    s3.objects |= theirs
    if is_killed:
        requests(s3)
        s3.refuse = partial(refuse_after, s3, 3)
        with pytest.raises(ObjectStoreError):
            export(new)
        s3.refuse = lambda _method, _place: 0
    for _ in range(2):
        with pytest.raises(ExportError, match="is there, and no export wrote it"):
            export(new)
        assert {place: s3.objects.get(place) for place in theirs} == theirs
    for since in (0, 9, 9 + LASTS):
        export(old, NOW + since)
        assert {place: s3.objects.get(place) for place in theirs} == theirs


def test_of_two_exports_at_once_the_later_one_makes_all_whole(s3: S3, old: Path, new: Path) -> None:
    """Another export notes something between two notes of ours, and writes what we wrote."""
    export(old)
    record = s3.objects[PLACE + KEY]
    others = iter([record])

    def interfere(method: str, place: str) -> int:
        if (method, place) == ("PUT", f"{PLACE}index.html") and (other := next(others, None)):
            s3.objects[PLACE + KEY] = other
            s3.objects[f"{PLACE}updates/update-1/index.html"] = Kept(b"of another generation", {})
        return 0

    s3.refuse = interfere
    export(new)
    check_whole(s3, new, frozenset(key for key, file in files_of(old).items() if file.kind.is_immutable))
    others = iter([record] * 99)
    with pytest.raises(ExportError, match="let one alone do it"):
        export(old)


@pytest.mark.parametrize("said", [b"", b"[]", b"\x1f\x8b\x08\x00garbage"])
def test_a_record_that_makes_no_sense_is_not_guessed_at(s3: S3, old: Path, said: bytes) -> None:
    s3.objects[PLACE + KEY] = Kept(said, {})
    with pytest.raises(ExportError, match="is not to be understood"):
        export(old)
    assert list(s3.objects) == [PLACE + KEY]


def test_a_long_export_notes_how_far_it_is(s3: S3, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "NOTED_AFTER", 5)
    export(old)
    check_whole(s3, old)
    assert requests(s3).count(f"PUT {KEY}") > 4


def test_what_lies_at_a_former_address_may_change_within_the_hour(s3: S3, old: Path) -> None:
    """Though what it leads to never does."""
    export(old)
    icon = s3.objects[f"{PLACE}apple-touch-icon.png"]
    assert icon.body == s3.objects[PLACE + file_name(redirects_of(old)["/apple-touch-icon.png"])].body
    assert icon.fields["Cache-Control"] == "max-age=3600"


def test_a_card_of_the_past_is_remembered(old: Path, new: Path) -> None:
    """So that the rules can lead on from where it was."""
    export(old)
    (card,) = [key for key in files_of(old) if "update-1/card." in key]
    assert f"/{card}" in export(new).record.former
    assert f"/{card}" in export(new, NOW + 2 * LASTS).record.former


def test_the_command_says_what_was_sent(s3: S3, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_CONTENT", str(old.parents[1] / "content"))
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(old))
    for is_first in (True, False):
        result = CliRunner().invoke(main, ["export", f"{URL}/"])
        assert result.exit_code == 0, result.output
        assert f"{len(s3.keys(PLACE)) - 1 if is_first else 0} objects sent" in result.output
        assert f"Exported {len(files_of(old))} documents to {URL}." in result.output
    s3.refuse = lambda _method, _place: 403
    result = CliRunner().invoke(main, ["export", URL])
    assert result.exit_code == 1
    assert f"{URL}/{KEY} cannot be read: 403 Refused" in result.output
    assert "secret" not in result.output
    assert CliRunner().invoke(main, ["export", "ftp://site"]).exit_code == 1
