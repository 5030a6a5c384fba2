"""The exported directory: the same bytes, nobody else's files touched, and whole whatever happens."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.exporting.directory import HOSTS, MANIFEST, STAGING, check_target, export_directory
from feedsvc.exporting.record import ExportError
from feedsvc.exporting.tree import file_name
from feedsvc.kinds import MOVED
from feedsvc.publication.database import StoreError
from feedsvc.publication.reader import Reader
from feedsvc.system import CAN_LOCK
from feedsvc.web.responder import Responder
from tests.harness.folder import FLYER, publish_site, write_folder
from tests.harness.program import ROOT
from tests.web.published import Clock, asked, make_attachment, make_page, publish

EXTRAS = {*HOSTS, MANIFEST}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication that no test changes."""
    return publish_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def exported(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That publication as a directory."""
    folder = tmp_path_factory.mktemp("exported")
    run_export(site, folder)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """A small publication for tests that change it."""
    path = tmp_path / "publication.db"
    publish(path, make_page("/"), make_page("/covid/"), make_attachment("/files/2026/flyer.pdf"))
    return path


def run_export(publication: Path, target: Path, on_wait: Callable[[], None] = lambda: None) -> int:
    reader = Reader(publication)
    try:
        return export_directory(reader, target, on_wait).count
    finally:
        reader.close()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def small_disk(octets: int) -> Iterator[None]:
    """No file can grow beyond this size, as on a disk that is nearly full."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# What is written.


def test_every_document_is_exported_as_it_is_served(site: Path, exported: Path) -> None:
    responder, reader = Responder(site, Clock()), Reader(site)
    former = {file_name(document.path) for document in reader.every() if document.kind.leads_on}
    paths = [document.path for document in reader.every() if not document.kind.leads_on]
    reader.close()
    found = tree(exported)
    for path in paths:
        served = asked(responder, path)
        body = found.pop(file_name(path))
        assert body == served.body
        for ending, decompress in ((".gz", gzip.decompress), (".br", brotli.decompress)):
            twin = found.pop(file_name(path) + ending, None)
            assert twin is None or (decompress(twin) == body and len(twin) < len(body))
    assert found.keys() - former == EXTRAS


def test_what_shrinks_has_its_twins_and_nothing_else_has(exported: Path) -> None:
    names = set(tree(exported))
    assert {"covid/rss.xml.gz", "covid/rss.xml.br", "index.html.gz", "404.html.br"} <= names
    assert not {"files/flyer.pdf.gz", "files/flyer.pdf.br", "favicon.ico.gz"} & names


def test_an_export_counts_its_documents_and_is_the_same_again(publication: Path, tmp_path: Path) -> None:
    assert [run_export(publication, tmp_path / name) for name in ("one", "two", "two")] == [3, 3, 3]
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_a_place_is_a_folder_and_a_name_is_what_it_says() -> None:
    names = {
        "/": "index.html",
        "/covid/": "covid/index.html",
        "/covid/rss.xml": "covid/rss.xml",
        "/files/pay%20scale.pdf": "files/pay scale.pdf",
    }
    assert {path: file_name(path) for path in names} == names


def test_cards_of_earlier_exports_lead_to_the_present_ones(tmp_path: Path, target: Path) -> None:
    """A chat that asks for one again years later gets what the service would give."""
    publication, former, rows = tmp_path / "publication.db", list[str](), list[str]()
    for number in ("1", "2", "3"):
        card = f"/news/covid/card.{number * 16}.png"
        documents = make_page("/covid/card.png", kind=MOVED, page_path=card.removeprefix("/news")), make_page(card[5:])
        publish(publication, *documents, removals=[path[5:] for path in former], prefix="/news")
        run_export(publication, target)
        rows = (target / "_redirects").read_text().splitlines()
        assert rows == [f"{path} {card} 301" for path in (*former, "/news/covid/card.png")]
        former.append(card)
    run_export(publication, target)
    assert (target / "_redirects").read_text().splitlines() == rows


@contextmanager
def telling_of_renames(target: Path) -> Iterator[list[str]]:
    """The names below a folder that get their place until the end of the block, in that order."""
    moved: list[str] = []
    is_listening = True

    def listen_in(event: str, arguments: tuple[object, ...]) -> None:  # the interpreter tells of every renaming
        if is_listening and event == "os.rename":
            moved.append(Path(str(arguments[1])).relative_to(target).as_posix())

    sys.addaudithook(listen_in)
    yield moved
    is_listening = False


def test_feeds_are_the_last_documents_to_appear(site: Path, target: Path) -> None:
    with telling_of_renames(target) as moved:
        run_export(site, target)
    assert set(moved) == set(tree(target))
    kinds = [name.endswith((".xml", ".json")) for name in moved if name not in EXTRAS]
    assert kinds == sorted(kinds)


def test_what_has_not_changed_is_not_written_again(publication: Path, target: Path) -> None:
    run_export(publication, target)
    whole, before = tree(target), {path: path.stat().st_ino for path in target.rglob("*")}
    with telling_of_renames(target) as moved:
        run_export(publication, target)
    assert set(moved) == {MANIFEST}
    publish(publication, make_page("/covid/", b"<p>newer</p>" * 50))
    with telling_of_renames(target) as moved:
        run_export(publication, target)
    assert set(moved) == {MANIFEST, *(f"covid/index.html{ending}" for ending in ("", ".gz", ".br"))}
    assert {path for path, number in before.items() if path.stat().st_ino != number} == {
        target / name for name in moved
    }
    assert {name for name, data in tree(target).items() if data != whole[name]} == set(moved) - {MANIFEST}


@pytest.mark.parametrize("spoilt", ["index.html", "index.html.gz", "_headers"])
@pytest.mark.parametrize("how", ["missing", "other", "dated", "link"])
def test_what_somebody_spoilt_is_written_again(publication: Path, target: Path, spoilt: str, how: str) -> None:
    run_export(publication, target)
    whole = tree(target)
    path = target / spoilt
    if how == "dated":
        os.utime(path, (1, 1))
    elif how == "other":
        path.write_bytes(b"spoilt")
    else:
        path.unlink()
        if how == "link":
            path.symlink_to(target / "files/2026/flyer.pdf")
    run_export(publication, target)
    assert tree(target) == whole
    assert not path.is_symlink()


# What is there already.


def test_an_export_removes_what_it_wrote_and_nothing_else(publication: Path, target: Path) -> None:
    run_export(publication, target)
    theirs = {"CNAME": b"news.example.org", "files/theirs.pdf": b"%PDF", "own/index.html": b"ours"}
    for name, data in theirs.items():
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_bytes(data)
    publish(publication, removals=["/covid/", "/files/2026/flyer.pdf"])
    run_export(publication, target)
    left = tree(target)
    assert set(left) == {"index.html", "index.html.gz", "index.html.br", *theirs, *EXTRAS}
    assert {name: left[name] for name in theirs} == theirs
    assert not (target / "covid").exists()
    assert not (target / "files" / "2026").exists()


@pytest.mark.parametrize("name", ["covid/index.html", "index.html.gz", "_headers", ".nojekyll"])
@pytest.mark.parametrize("is_link", [False, True])
def test_what_somebody_else_put_where_a_document_belongs_is_not_overwritten(
    publication: Path, target: Path, tmp_path: Path, name: str, *, is_link: bool
) -> None:
    run_export(publication, target)
    listed = json.loads((target / MANIFEST).read_text())
    (target / MANIFEST).write_text(json.dumps([other for other in listed if other != name]))
    (target / name).unlink()
    precious = (tmp_path / "precious") if is_link else target / name
    precious.write_text("by hand")
    if is_link:
        (target / name).symlink_to(precious)
    whole = tree(target)
    with pytest.raises(ExportError, match=f"'{name}' is there, and no export wrote it; move it away"):
        run_export(publication, target)
    assert tree(target) == whole
    assert precious.read_text() == "by hand"


def test_a_folder_that_holds_other_things_is_refused(publication: Path, target: Path) -> None:
    (target / "updates").mkdir(parents=True)
    (target / "updates" / "precious.yaml").write_text("keep me")
    with pytest.raises(ExportError, match="it holds 'updates', which no export wrote; name a new or an empty folder"):
        run_export(publication, target)
    assert tree(target) == {"updates/precious.yaml": b"keep me"}


def test_an_empty_checkout_is_a_place_to_export_to(publication: Path, target: Path) -> None:
    (target / ".git").mkdir(parents=True)
    (target / ".git" / "HEAD").write_text("ref: refs/heads/pages")
    run_export(publication, target)
    assert (target / ".git" / "HEAD").read_text() == "ref: refs/heads/pages"


@pytest.mark.parametrize("died", ["staging", "moving"])
def test_an_export_that_died_is_followed_by_one_that_succeeds(publication: Path, target: Path, died: str) -> None:
    """The process ends at once amid its work; what it left behind is taken for its own."""
    script = "import sys; from tests.exporting.test_directory import die_in; die_in(*sys.argv[1:])"
    command = [sys.executable, "-c", script, str(publication), str(target), died]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    left = tree(target)
    assert any(name.startswith(STAGING) for name in left)
    assert (died == "moving") == (MANIFEST in left)
    publish(publication, make_page("/", b"newer"), make_page("/covid/", b"newer"))
    run_export(publication, target)
    assert (target / "index.html").read_bytes() == b"newer"


def die_in(publication: str, target: str, stage: str) -> None:
    """Export, and end without a word when the first document is staged or has its place."""

    def listen_in(event: str, arguments: tuple[object, ...]) -> None:
        name = str(arguments[-1 if event == "os.rename" else 0]) if arguments else ""
        if stage == "staging" and event == "open" and name.endswith(f"{STAGING}/_headers"):
            os._exit(9)
        if stage == "moving" and event == "os.rename" and MANIFEST not in str(arguments[1]):
            os._exit(9)

    sys.addaudithook(listen_in)
    run_export(Path(publication), Path(target))


@pytest.mark.skipif(not CAN_LOCK, reason="no folder can be locked here")
def test_of_two_exports_at_once_one_waits_and_neither_takes_the_others_files(
    publication: Path, target: Path, tmp_path: Path
) -> None:
    began, waits, is_held = threading.Event(), threading.Event(), True

    def listen_in(event: str, arguments: tuple[object, ...]) -> None:  # holds the first one amid its staging
        if event == "open" and is_held and arguments[0] == str(target / STAGING / "index.html"):
            began.set()
            waits.wait(30)

    sys.addaudithook(listen_in)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(run_export, publication, target)
        assert began.wait(30)
        is_held = False
        second = both.submit(run_export, publication, target, waits.set)
        assert waits.wait(30)
        assert [first.result(), second.result()] == [3, 3]
    run_export(publication, tmp_path / "alone")
    assert tree(target) == tree(tmp_path / "alone")


# The content folder.


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = write_folder(tmp_path / "site" / "content", 1)
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "site" / "link-to-updates").symlink_to("content/updates")
    return folder


NEAR = ("{0}", "{0}/", "{0}/updates", "{0}/files/new", "{0}/new", "{0}/..", "{0}/../..", "{0}/../content",
        "{0}/updates/../files", "{0}/../../link", "{0}/../../link/new", "{0}/../link-to-updates/public")  # fmt: skip


@pytest.mark.parametrize("spelling", NEAR)
@pytest.mark.parametrize("is_listed", [False, True])
def test_the_content_folder_is_no_place_to_export_to(content: Path, spelling: str, *, is_listed: bool) -> None:
    target = Path(spelling.format(content))
    if is_listed and target.is_dir():
        (target / MANIFEST).write_text('["site.yaml", "updates/2026-02-01-update-1.yaml"]')
    whole = tree(content)
    for given in (target, Path(os.path.relpath(target))):
        with pytest.raises(ExportError, match=r"the content folder .* name a folder elsewhere"):
            check_target(given, content)
    runner = CliRunner(
        env={"FEEDSVC_CONTENT": str(content), "FEEDSVC_PUBLICATION": str(content.parent / "publication.db")}
    )
    result = runner.invoke(main, ["export", str(target)])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "name a folder elsewhere" in result.stderr
    assert tree(content) == whole
    assert not (content.parent / "publication.db").exists()


def test_the_root_of_all_is_around_the_content_folder(content: Path) -> None:
    with pytest.raises(ExportError, match="name a folder elsewhere"):
        check_target(Path("/"), content)


def test_beside_the_content_folder_is_such_a_place(content: Path) -> None:
    for name in ("public", "content-public", "content2"):
        check_target(content.parent / name, content)
    check_target(content.parent / "public", content.parent / "nowhere")


def test_links_that_lead_to_each_other_are_no_place(content: Path, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(ExportError, match="cannot export to"):
        check_target(tmp_path / "one", content)


def test_a_file_may_become_a_folder_and_a_folder_a_file(publication: Path, target: Path) -> None:
    run_export(publication, target)
    deep, flat = make_attachment("/files/2026/flyer.pdf/page-1.pdf"), make_attachment("/files/2026")
    publish(publication, deep, removals=["/files/2026/flyer.pdf"])
    run_export(publication, target)
    assert (target / "files/2026/flyer.pdf/page-1.pdf").read_bytes() == deep.body
    publish(publication, flat, removals=[deep.path])
    run_export(publication, target)
    assert (target / "files/2026").read_bytes() == flat.body


@pytest.mark.parametrize("text", ["", "{", "5", '{"index.html": 1}', "[1, null, []]"])
def test_a_list_that_cannot_be_read_removes_nothing(publication: Path, target: Path, text: str) -> None:
    run_export(publication, target)
    whole = tree(target)
    (target / MANIFEST).write_text(text)
    run_export(publication, target)
    assert tree(target) == whole


# Traps.


def test_a_list_that_names_other_peoples_files_removes_none_of_them(
    publication: Path, target: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    run_export(publication, target)
    (target / MANIFEST).write_text(json.dumps(["../precious"]))
    run_export(publication, target)
    (target / MANIFEST).write_text(json.dumps([str(precious)]))
    with pytest.raises(ExportError, match="leads out of the directory"):
        run_export(publication, target)
    assert precious.read_text() == "keep me"


def test_a_folder_that_is_a_link_is_not_followed(publication: Path, target: Path, tmp_path: Path) -> None:
    run_export(publication, target)
    outside = tmp_path / "outside"
    (target / "covid").rename(outside)
    (target / "covid").symlink_to(outside)
    theirs, ours = tree(outside), tree(target)
    publish(publication, make_page("/", b"new"), make_page("/covid/", b"new"))
    with pytest.raises(ExportError, match="leads out of the directory"):
        run_export(publication, target)
    assert tree(outside) == theirs
    assert tree(target) == ours
    assert not (target / STAGING).exists()


def test_a_file_that_is_a_link_is_replaced_not_written_through(publication: Path, target: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    run_export(publication, target)
    for name in ("covid/index.html", "_headers"):
        (target / name).unlink()
        (target / name).symlink_to(precious)
    (target / "index.html").unlink()
    (target / "index.html").symlink_to(tmp_path)
    run_export(publication, target)
    assert precious.read_text() == "keep me"
    assert not any(path.is_symlink() for path in target.rglob("*"))


def test_what_an_export_left_unfinished_is_cleared_but_never_followed(
    publication: Path, target: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("keep me")
    target.mkdir()
    (target / STAGING).symlink_to(outside)
    run_export(publication, target)
    assert tree(outside) == {"precious": b"keep me"}
    (target / STAGING / "covid").mkdir(parents=True)
    (target / STAGING / "index.html").write_text("half")
    run_export(publication, target)
    assert not (target / STAGING).exists()


def test_a_folder_where_a_file_belongs_stops_the_export_before_it_begins(publication: Path, target: Path) -> None:
    run_export(publication, target)
    (target / "covid" / "index.html").unlink()
    (target / "covid" / "index.html").mkdir()
    ours = tree(target)
    publish(publication, make_page("/", b"new"))
    with pytest.raises(ExportError, match="a folder is where a file belongs"):
        run_export(publication, target)
    assert tree(target) == ours


def test_a_place_that_cannot_be_written_is_explained(publication: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path / "file", tmp_path / "file" / "public"):
        with pytest.raises(ExportError, match="cannot export to"):
            run_export(publication, place)


# A full disk, and a publication that cannot be read.


@pytest.mark.parametrize("octets", [0, 100, 5_000, 100_000])
def test_a_full_disk_leaves_the_last_export_as_it_was(site: Path, target: Path, tmp_path: Path, octets: int) -> None:
    publication = tmp_path / "publication.db"
    publish(publication, make_page("/"), make_page("/gone/"))
    run_export(publication, target)
    whole = tree(target)
    reader = Reader(site)
    reader.state()  # so that all there is left to write is the export
    with small_disk(octets), pytest.raises(ExportError, match=r"cannot export to .*File too large"):
        export_directory(reader, target)
    assert tree(target) == whole
    assert set(target.iterdir()) == {target / name for name in ("index.html", "index.html.gz", "gone", *EXTRAS)} | {
        target / "index.html.br"
    }
    export_directory(reader, target)
    reader.close()
    assert not (target / "gone").exists()


def test_the_command_fails_on_a_full_disk_and_says_why(tmp_path: Path, target: Path) -> None:
    publication = publish_site(tmp_path)
    runner = CliRunner(env={"FEEDSVC_CONTENT": str(tmp_path / "content"), "FEEDSVC_PUBLICATION": str(publication)})
    assert runner.invoke(main, ["export", str(target)]).exit_code == 0
    whole = tree(target)
    os.utime(target / "files" / "flyer.pdf", (1, 1))  # so that it is written again
    with small_disk(len(FLYER) - 1):
        result = runner.invoke(main, ["export", str(target)])
    assert (result.exit_code, "cannot export to" in result.stderr) == (1, True)
    assert tree(target) == whole


def test_a_publication_that_cannot_be_read_leaves_the_last_export_as_it_was(publication: Path, target: Path) -> None:
    run_export(publication, target)
    whole = tree(target)
    reader = Reader(publication)
    reader.close()
    with pytest.raises(StoreError):
        export_directory(reader, target)
    assert tree(target) == whole
    assert not (target / STAGING).exists()
