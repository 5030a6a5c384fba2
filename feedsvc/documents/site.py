"""Documents of the site as a whole: what is shown where there is nothing, the list of feeds, icon and assets."""

from collections.abc import Iterator
from functools import partial

from feedsvc import feeds, urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.moved import way
from feedsvc.documents.plan import HTML, Plan
from feedsvc.documents.recipe import Absent, Recipe, make_key
from feedsvc.formats.opml import MEDIA_TYPE as OPML_MEDIA_TYPE
from feedsvc.formats.opml import render_opml
from feedsvc.kinds import ASSET, ERROR, ICON, OPML
from feedsvc.model import Document
from feedsvc.pages.assets import Asset, assets
from feedsvc.pages.not_found import not_found_page
from feedsvc.pictures.png import wrap_icon
from feedsvc.places import Place, categories_of, homes_of

FAVICON = "/favicon.ico"
TOUCH_ICON = "/apple-touch-icon.png"  # where telephones look for it without being told


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """They depend on the description of the site alone, which makes everything anew when it changes."""
    if not changed.is_whole:
        return
    digest = plan.site.digest
    yield Recipe(urls.NOT_FOUND, make_key("error", digest), partial(_not_found, plan))
    for home in homes_of(plan.site):
        path = urls.opml_path(home.path)
        yield Recipe(path, make_key("opml", path, digest), partial(_opml, plan, home, path))
    yield Recipe(FAVICON, make_key("icon", digest), partial(_favicon, plan))
    yield way(TOUCH_ICON, "/" + plan.site.icon.url.removeprefix(plan.site.base_url))
    for asset in assets():
        path = urls.asset_path(asset.name_with_digest)
        yield Recipe(path, make_key("asset", path), partial(_asset, path, asset))


def _not_found(plan: Plan) -> Document:
    body = not_found_page(plan.site)
    return Document(path=urls.NOT_FOUND, kind=ERROR, media_type=HTML, body=body)


def _opml(plan: Plan, home: Place, path: str) -> Document:
    site = plan.site_in(home)
    every = [feeds.make_feed(site, place, ()) for place in (home, *categories_of(site))]
    return Document(path=path, kind=OPML, media_type=OPML_MEDIA_TYPE, body=render_opml(site, every))


def _favicon(plan: Plan) -> Document:
    icon = plan.site.icon
    path = icon.url.removeprefix(plan.site.base_url)
    made = next(picture for picture in plan.site_pictures if picture.path == f"/{path}")
    body = wrap_icon(plan.files.octets(made), icon.width, icon.height)
    return Document(path=FAVICON, kind=ICON, media_type="image/x-icon", body=body)


def _asset(path: str, asset: Asset) -> Document:
    return Document(path=path, kind=ASSET, media_type=asset.media_type, body=asset.body)
