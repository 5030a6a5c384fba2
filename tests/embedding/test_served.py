"""What other sites are served: who may frame it, who may read it, and where former addresses lead."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from werkzeug.test import Client

from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import SITE, publish_folder, write_folder, write_update

SISTER = "https://*.sister.example"
FRAMES = ("/embed/all/", "/embed/covid/summaries/", "/updates/update-1/embed/")
FORMER = {
    "/updates/former/embed/": "/updates/update-3/embed/",
    "/updates/former/oembed.json": "/updates/update-3/oembed.json",
    "/covid/card.0123456789abcdef.png": "/covid/card.",  # the present one, whose address says what is drawn
}


def serve(folder: Path, more: str = "") -> Client:
    """The service over three updates, of which one had another address before."""
    content = write_folder(folder / "content", updates=2)
    write_update(content, 3, more="aliases: [former]\n")
    (content / "site.yaml").write_text(SITE + more)
    publish_folder(content, folder / "publication.db")
    return Client(create_app(Settings(publication=folder / "publication.db")))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return serve(tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return serve(tmp_path_factory.mktemp("closed"), f'embed_on: ["{SISTER}"]\n')


def test_any_site_may_frame_unless_the_local_names_some(client: Client, closed: Client) -> None:
    for path in FRAMES:
        for asked, sites in ((client, "*"), (closed, f"'self' {SISTER}")):
            answer = asked.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["Content-Security-Policy"].endswith(f"; frame-ancestors {sites}")
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_scripts_of_any_site_may_read_with_and_without_an_origin(closed: Client) -> None:
    """A cache that kept the answer to one question may answer the other."""
    for path in ("/feed.json", "/embed-1.js", "/oembed.json", "/updates/update-1/oembed.json"):
        for fields in ({}, {"Origin": "https://sister.example"}):
            for status in (200, 304):
                answer = closed.get(path, headers=fields | ({"If-None-Match": "*"} if status == 304 else {}))
                assert answer.status_code == status, path
                assert answer.headers["Access-Control-Allow-Origin"] == "*"
                assert "Origin" not in answer.headers["Vary"]
    assert closed.get("/embed-1.js").headers["Cache-Control"].endswith(", no-transform")


@pytest.mark.parametrize("former", FORMER)
def test_former_addresses_lead_on(client: Client, former: str) -> None:
    answer = client.get(former)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith(FORMER[former])
    assert client.get(answer.headers["Location"]).status_code == 200  # at once


def test_pages_name_their_card_and_oembed_the_same(client: Client) -> None:
    """Its address has a digest, since chats keep a picture by its address."""
    pages = {path: html.fromstring(client.get(path).text) for path in ("/", "/covid/", "/updates/update-1/")}
    named = {path: page.xpath("string(//meta[@property='og:image']/@content)") for path, page in pages.items()}
    assert len(set(named.values())) == 3
    for path, page in pages.items():
        card = client.get(str(named[path]).removeprefix("https://news.example.org"))
        assert (card.status_code, card.mimetype) == (200, "image/png")
        assert card.headers["Cache-Control"] == "max-age=31536000, immutable"
        width, height = Image.open(BytesIO(card.data)).size
        assert len(card.data) <= 300_000
        assert page.xpath("//meta[starts-with(@property, 'og:image:')][position() < 4]/@content") == [
            *("image/png", str(width), str(height))
        ]
        told = json.loads(client.get(f"{path}oembed.json").data)
        assert [told[f"thumbnail_{name}"] for name in ("url", "width", "height")] == [named[path], width, height]


def test_query_changes_nothing(client: Client) -> None:
    """Consumers of oEmbed add one to whatever address they are told."""
    plain = client.get("/updates/update-1/oembed.json")
    assert client.get("/updates/update-1/oembed.json?maxwidth=500&maxheight=750&dnt=1&format=json").data == plain.data
