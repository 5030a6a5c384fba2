"""The files that pages load."""

import hashlib
import re

from feedsvc import urls
from feedsvc.pages.assets import assets
from feedsvc.pages.cards import COLOURS
from feedsvc.pages.dates import BEGINNING
from feedsvc.pages.embeds import place_embed, update_embed
from feedsvc.pages.poster import poster_page
from feedsvc.places import ALL
from tests.pages.samples import RICH, SITE, read, render_all


def test_name_carries_the_digest_of_the_bytes() -> None:
    for asset in assets():
        stem, digest, ending = asset.name_with_digest.split(".")
        assert hashlib.sha256(asset.body).hexdigest().startswith(digest)
        assert len(digest) >= 12
        assert (ending, asset.media_type) in {("css", "text/css"), ("js", "text/javascript")}
        assert stem.isalpha()


def test_pages_load_exactly_these_files() -> None:
    loaded = set()
    frames = (
        place_embed(SITE, ALL, (RICH,), summaries=True),
        update_embed(SITE, RICH),
        poster_page(SITE, ALL, (), BEGINNING),
    )
    for body in (*render_all().values(), *frames):
        loaded.update(read(body).xpath("//script/@src | //link[@rel='stylesheet']/@href"))
    assert loaded == {urls.asset_path(asset.name_with_digest) for asset in assets()} | {urls.EMBED_SCRIPT}


def test_stylesheets_load_nothing_and_are_whole() -> None:
    for style in [asset.body.decode() for asset in assets() if asset.media_type == "text/css"]:
        assert "url(" not in style
        assert "@import" not in style
        assert style.count("{") == style.count("}")


def test_stylesheet_has_every_colour_in_both_schemes() -> None:
    style = next(asset.body.decode() for asset in assets() if asset.media_type == "text/css")
    for number in range(1, len(COLOURS) + 1):
        assert len(re.findall(rf"\.category-{number} {{ --category: #[0-9a-f]{{6}}; }}", style)) == 2
