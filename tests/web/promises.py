"""What every server of a site promises over HTTP: the service itself, whatever runs it, and hosts of its export."""

import gzip
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import brotli

from feedsvc.exporting.tree import ExportedFile, Redirect, read_tree
from feedsvc.publication.headers import Headers
from feedsvc.publication.reader import Reader
from tests.harness.client import Client, Response
from tests.harness.folder import FLYER, publish_folder, write_site, write_update

UNPACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress}
FEW = 2  # documents of one sort, of which a service says the same by its code
LONG_AGO = "Mon, 05 Jan 2015 00:00:00 GMT"
WITHDRAWN = 'withdrawn: 2026-02-02 09:00\nreason: "It was postponed."\n'
HUBS = "hubs: [https://hub.example/, https://hub.example.net/]\n"
CATEGORY = "  - slug: safety\n    title: Safety\n    description: Staffing.\n    since: 2026-01-07\n"


def publish_everything(folder: Path, prefix: str = "") -> Path:
    """The publication of a site in which something has moved, something is gone, and there is a mix."""
    root = write_site(folder / "content")
    site = root / "site.yaml"
    site.write_text(HUBS + site.read_text().replace("example.org/\n", f"example.org{prefix}/\n") + CATEGORY)
    write_update(root, 4, more="aliases: [former, older-still]\n", categories="[pay, safety]")
    write_update(root, 5, more=WITHDRAWN)
    publication = folder / "instance" / "publication.db"
    publish_folder(root, publication)
    return publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A running server of a publication. ``prefix`` is where the site lies, ``codings`` what it compresses with.

    What it says of a document may go by the address alone, by rules that an export wrote.
    """

    client: Client
    files: tuple[ExportedFile, ...]
    redirects: tuple[Redirect, ...]
    prefix: str = ""
    codings: tuple[str, ...] = ("gzip", "br")
    goes_by_address: bool = False

    def ask(self, path: str, *fields: str, method: str = "GET") -> Response:
        """The answer to a request below the prefix."""
        return self.client.ask(self.prefix + path, *fields, method=method)

    def leads(self, path: str, *fields: str) -> tuple[int, str]:
        """Where a path leads, as a path below the prefix; servers may write it as a whole address."""
        answer = self.ask(path, *fields)
        place = answer["Location"]
        assert not place.startswith("//")
        place = re.sub(r"^http://[^/]+", "", place)
        assert place.startswith(f"{self.prefix}/")
        return answer.status, place.removeprefix(self.prefix)


def host_of(client: Client, publication: Path, prefix: str = "", codings: tuple[str, ...] = ()) -> Host:
    """A server of that publication; a host of files says its ``codings``."""
    with Reader(publication) as reader:
        tree = list(read_tree(reader))
    files = tuple(each for each in tree if isinstance(each, ExportedFile))
    redirects = tuple(each for each in tree if isinstance(each, Redirect))
    host = Host(client=client, files=files, redirects=redirects, prefix=prefix)
    return replace(host, codings=codings, goes_by_address=True) if codings else host


def every_document_is_there_with_what_its_kind_says(host: Host) -> None:
    met = Counter[Headers]()
    for file in host.files:
        met[file.fields] += 1
        if file.status == 200 and (host.goes_by_address or met[file.fields] <= FEW):
            answer = host.ask(file.path)
            assert (file.path, answer.status) == (file.path, 200)
            assert answer.body == file.body
            assert {name: answer[name] for name, _ in file.fields} == dict(file.fields)
            assert "set-cookie" not in answer.names()
            if met[file.fields] == 1:
                assert host.ask(file.path, method="HEAD")["Content-Length"] == str(len(file.body))


def what_shrinks_comes_compressed(host: Host) -> None:
    for coding in host.codings:
        for path in ("/", "/covid/rss.xml", "/atom.xml", "/pay/feed.json", "/feeds.opml"):
            answer, whole = host.ask(path, f"Accept-Encoding: {coding}"), host.ask(path)
            assert (path, answer["Content-Encoding"]) == (path, coding)
            assert UNPACK[coding](answer.body) == whole.body
            assert answer["ETag"] != whole["ETag"]
            assert answer["Content-Type"] == whole["Content-Type"]
            assert any("Accept-Encoding" in value for value in whole.every("Vary"))
        assert "content-encoding" not in host.ask("/files/flyer.pdf", f"Accept-Encoding: {coding}").names()


def what_a_client_holds_is_not_sent_again(host: Host) -> None:
    for path in ("/", "/covid/rss.xml", "/updates/update-3/", "/files/flyer.pdf"):
        for coding in ("identity", *host.codings):
            accepted = f"Accept-Encoding: {coding}"
            whole = host.ask(path, accepted)
            held = host.ask(path, accepted, f"If-None-Match: {whole['ETag']}")
            assert (held.status, held.body) == (304, b"")
            assert held["ETag"] == whole["ETag"]
            assert held["Cache-Control"] == whole["Cache-Control"]
            assert host.ask(path, accepted, f"If-Modified-Since: {whole['Last-Modified']}").status == 304
            assert host.ask(path, accepted, 'If-None-Match: "other"').status == 200
            assert host.ask(path, accepted, f"If-Modified-Since: {LONG_AGO}").status == 200


def who_wants_only_what_it_knows_is_told(host: Host) -> None:
    held = host.ask("/covid/rss.xml")
    for field in (f"If-Match: {held['ETag']}", f"If-Unmodified-Since: {held['Last-Modified']}"):
        assert host.ask("/covid/rss.xml", field).status == 200
    for field in ('If-Match: "other"', f"If-Unmodified-Since: {LONG_AGO}"):
        assert host.ask("/covid/rss.xml", field).status == 412


def an_attachment_comes_in_parts(host: Host) -> None:
    part = host.ask("/files/flyer.pdf", "Range: bytes=5-9")
    assert (part.status, part.body) == (206, FLYER[5:10])
    assert part["Content-Range"] == f"bytes 5-9/{len(FLYER)}"
    assert host.ask("/files/flyer.pdf", f"Range: bytes={len(FLYER)}-").status == 416


def what_is_not_there_is_explained(host: Host) -> None:
    page = next(file for file in host.files if file.status == 404)
    for path in ("/no/such/page", "/covid/nothing.txt", "/404.html"):
        answer = host.ask(path)
        assert (answer.status, answer.body) == (404, page.body)
        assert answer["Content-Security-Policy"] == dict(page.fields)["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"


def what_has_moved_leads_to_where_it_is(host: Host) -> None:
    assert len([redirect for redirect in host.redirects if "/former/" in redirect.path]) >= 3
    for redirect in host.redirects:
        assert host.leads(redirect.path) == (redirect.status, redirect.target)
        answer = host.ask(redirect.path)
        assert answer["Cache-Control"] == "max-age=3600"
        assert answer["Access-Control-Allow-Origin"] == "*"


def what_is_nearly_right_leads_on(host: Host) -> None:
    meant = {
        "/feed": "/rss.xml",
        "/index.xml": "/rss.xml",
        "/covid/atom": "/covid/atom.xml",
        "/pay_covid/": "/covid_pay/",
        "/safety_pay/rss.xml": "/pay_safety/rss.xml",
        "/embed/pay_covid/summaries/": "/embed/covid_pay/summaries/",
        "/covid": "/covid/",
        "/updates/former": "/updates/update-4/",
        "/updates/older-still/embed": "/updates/update-4/embed/",
        "/updates/update-3": "/updates/update-3/",
    }
    assert {path: host.leads(path) for path in meant} == {path: (301, place) for path, place in meant.items()}


def what_is_gone_says_so(host: Host) -> None:
    (gone,) = (file for file in host.files if file.status == 410)
    answer = host.ask(gone.path)
    assert (gone.path, answer.status, answer.body) == ("/updates/update-5/", 410, gone.body)
    assert b"It was postponed." in answer.body
    assert answer["Content-Security-Policy"] == dict(gone.fields)["Content-Security-Policy"]
    assert answer["Cache-Control"] == dict(gone.fields)["Cache-Control"]


def a_person_who_opens_a_feed_is_led_to_its_page(host: Host) -> None:
    for path, page in (("/rss.xml", "/"), ("/covid/atom.xml", "/covid/"), ("/pay/2026/feed.json", "/pay/")):
        assert host.leads(path, "Sec-Fetch-Dest: document") == (303, f"{page}subscribe/")
        assert host.ask(path, "Sec-Fetch-Dest: document")["Cache-Control"] == "no-store"
        assert any("Sec-Fetch-Dest" in value for value in host.ask(path).every("Vary"))
        assert host.ask(path, "Sec-Fetch-Dest: empty").status == 200


def scripts_of_other_sites_may_ask(host: Host) -> None:
    asked = ("Origin: https://clinic.example", "Access-Control-Request-Method: GET")
    answer = host.ask("/covid/rss.xml", *asked, "Access-Control-Request-Headers: if-none-match", method="OPTIONS")
    assert (answer.status, answer.body, answer["Access-Control-Allow-Origin"]) == (204, b"", "*")
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    held = host.ask("/covid/rss.xml")["ETag"]
    assert host.ask("/covid/rss.xml", f"If-None-Match: {held}")["Access-Control-Allow-Origin"] == "*"
    assert "access-control-allow-origin" not in host.ask("/covid/").names()


def nothing_is_taken(host: Host) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert host.ask("/covid/rss.xml", "Content-Length: 0", method=method).status == 405


PROMISES = (
    every_document_is_there_with_what_its_kind_says,
    what_shrinks_comes_compressed,
    what_a_client_holds_is_not_sent_again,
    who_wants_only_what_it_knows_is_told,
    an_attachment_comes_in_parts,
    what_is_not_there_is_explained,
    what_has_moved_leads_to_where_it_is,
    what_is_nearly_right_leads_on,
    what_is_gone_says_so,
    a_person_who_opens_a_feed_is_led_to_its_page,
    scripts_of_other_sites_may_ask,
    nothing_is_taken,
)
