"""What runs in front of a bucket says what its objects cannot, as the service does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from feedsvc.exporting.bucket import export_bucket
from feedsvc.exporting.edge import CLOUDFRONT_OCTETS, SCRIPTS
from feedsvc.exporting.rules import Rules, leads_to_card, make_rules
from feedsvc.exporting.tree import ExportedFile, Redirect, read_tree
from feedsvc.kinds import MOVED
from feedsvc.object_stores import open_store
from feedsvc.publication.headers import ALL_KEY, link
from feedsvc.publication.reader import Reader
from feedsvc.publication.replica import Snapshot
from tests.exporting.edge import run_edge
from tests.harness.folder import SHIPPED, publish_folder
from tests.object_stores.s3 import run_s3
from tests.web import promises
from tests.web.promises import Host, publish_everything

URL = "s3://site/news"
BASE = "https://news.example.org/"
STORES_OWN = (  # what the store and the provider promise
    promises.what_shrinks_comes_compressed,
    promises.who_wants_only_what_it_knows_is_told,
    promises.an_attachment_comes_in_parts,
    promises.what_a_client_holds_is_not_sent_again,
)
ERRORS = (promises.what_is_not_there_is_explained,)  # of which functions of CloudFront are not told


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_everything(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module", params=SCRIPTS)
def edge(request: pytest.FixtureRequest, publication: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with run_s3() as s3:
        store = open_store(URL)
        with Snapshot(publication) as snapshot:
            export_bucket(snapshot, store, 1_772_366_400)
        folder = tmp_path_factory.mktemp("edge")
        with run_edge(folder, request.param, store, f"{s3.url}/site/news", publication) as host:
            yield host


@pytest.mark.parametrize(
    "promise",
    [promise for promise in promises.PROMISES if promise not in STORES_OWN],
    ids=lambda promise: promise.__name__,
)
def test_what_runs_in_front_promises_what_the_service_does(
    edge: Host, promise: Callable[[Host], None], request: pytest.FixtureRequest
) -> None:
    if promise in ERRORS and "cloudfront" in request.node.name:
        assert edge.ask("/no/such/page/").status == 404
    else:
        promise(edge)


@pytest.mark.parametrize("path", ["/_rules/cloudfront.js", "/.feedsvc-export.json.gz"])
def test_what_exports_note_is_for_nobody_else(edge: Host, path: str) -> None:
    assert edge.ask(path).status == 404


def test_no_place_names_the_bucket_or_its_folder(edge: Host) -> None:
    for path in ("/covid", "/updates/update-3", "/covid?a=//evil.example"):
        assert edge.leads(path)[0] == 301
        assert "site" not in edge.ask(path)["Location"]
        assert "evil" not in edge.ask(path)["Location"]


def test_a_document_links_to_what_it_leads_to(edge: Host, publication: Path) -> None:
    """Hubs are found by these, as well as by what stands in the feeds."""
    with Reader(publication) as reader:
        links = {found.path: {link(*each) for each in found.links} for found in reader.heads()}
    assert edge.ask("/covid/rss.xml")["Link"].count('rel="hub"') == 2
    feeds = ("/rss.xml", "/covid/atom.xml", "/covid_pay/atom.xml", "/covid/2026/rss.xml")
    for path in (*feeds, "/updates/update-3/", "/calendar.ics"):
        assert set(edge.ask(path)["Link"].split(", ")) == links[path]
    for file in edge.files:
        if file.status == 200 and "link" in edge.ask(file.path).names():
            assert set(edge.ask(file.path)["Link"].split(", ")) <= links[file.path], file.path


def test_fastly_knows_documents_by_the_keys_that_it_is_told(edge: Host, request: pytest.FixtureRequest) -> None:
    if "fastly-compute" in request.node.name:
        for path in ("/", "/covid/", "/covid/rss.xml", "/updates/update-3/"):
            assert (edge.ask(path)["x-backend"], edge.ask(path)["x-keys"]) == ("bucket", f"{ALL_KEY} {path}")


def rules_of(publication: Path) -> Rules:
    with Reader(publication) as reader:
        tree = list(read_tree(reader, has_bodies=False))
    files = [each for each in tree if isinstance(each, ExportedFile)]
    return make_rules("", files, [each for each in tree if isinstance(each, Redirect)])


@pytest.mark.parametrize("categories", [4, 9])
def test_a_function_of_a_site_of_two_languages_has_room_for_what_people_type(tmp_path: Path, categories: int) -> None:
    """Orders of mixes are many, where categories are; they give way to addresses that were given to the public."""
    root = Path(copytree(SHIPPED, tmp_path / "content"))
    site = yaml.safe_load((root / "site.yaml").read_text())
    site["categories"] += [
        site["categories"][0] | {"slug": f"another-{n}", "title": f"T{n}"} for n in range(categories - 4)
    ]
    (root / "site.yaml").write_text(yaml.safe_dump(site))
    publish_folder(root, tmp_path / "publication.db")
    rules = rules_of(tmp_path / "publication.db")
    script = SCRIPTS["_rules/cloudfront.js"](rules, BASE)
    assert len(script.encode()) <= CLOUDFRONT_OCTETS
    lasting = [way.path for way in rules.redirects if way.status == MOVED.status and not leads_to_card(way)]
    assert len(lasting) > 10
    assert all(f'"{path}"' in script for path in lasting)
    assert ('"covid_pay"' in script) == (categories == 4)  # of many categories there are no mixes


def test_a_function_stays_within_its_limit_and_leaves_out_what_nobody_follows_any_more(publication: Path) -> None:
    rules = rules_of(publication)
    cards = tuple(Redirect(path=f"/updates/{n}/card.png", target=f"/updates/{n}/card.{n}.png") for n in range(3_000))
    many = replace(rules, redirects=(*rules.redirects, *cards))
    script = SCRIPTS["_rules/cloudfront.js"](many, BASE)
    assert len(script.encode()) <= CLOUDFRONT_OCTETS
    assert "redirects are left out for want of room" in script
    assert '"/updates/former/"' in script
    assert "left out" not in SCRIPTS["_rules/cloudflare-worker.js"](many, BASE)
