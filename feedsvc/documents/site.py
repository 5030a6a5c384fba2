"""Documents of the site as a whole: what is shown where there is nothing, the list of feeds, icon and assets."""

from collections.abc import Iterator, Sequence
from functools import partial

from feedsvc import feeds, urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.moved import way
from feedsvc.documents.plan import HTML, Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.formats.opml import MEDIA_TYPE as OPML_MEDIA_TYPE
from feedsvc.formats.opml import render_opml
from feedsvc.kinds import ASSET, ERROR, ICON, OPML
from feedsvc.model import Document
from feedsvc.pages.assets import assets
from feedsvc.pages.manifest import manifest
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
    not_found = Document(path=urls.NOT_FOUND, kind=ERROR, media_type=HTML)
    yield make_recipe(not_found, partial(not_found_page, plan.site), digest)
    for home in homes_of(plan.site):
        yield feed_list(plan, home, (home, *categories_of(plan.site_in(home))))
        told = Document(path=urls.manifest_path(home.path), kind=ICON, media_type="application/manifest+json")
        yield make_recipe(told, partial(manifest, plan.site_in(home)), digest)
    favicon = Document(path=FAVICON, kind=ICON, media_type="image/x-icon")
    yield make_recipe(favicon, partial(_favicon, plan), digest)
    yield way(TOUCH_ICON, "/" + plan.site.touch_icon_url.removeprefix(plan.site.base_url))
    for asset in assets():
        path = urls.asset_path(asset.name_with_digest)
        yield make_recipe(Document(path=path, kind=ASSET, media_type=asset.media_type), partial(bytes, asset.body))


def feed_list(plan: Plan, home: Place, places: Sequence[Place], tags: tuple[str, ...] = ()) -> Recipe:
    """The feeds of these places, for programs that take lists of them; ``home`` is where the list lies."""
    site = plan.site_in(home)
    document = Document(path=urls.opml_path(home.path), kind=OPML, media_type=OPML_MEDIA_TYPE, tags=tags)

    def render() -> bytes:
        return render_opml(site, [feeds.make_feed(site, place, ()) for place in places])

    return make_recipe(document, render, plan.site.digest)


def _favicon(plan: Plan) -> bytes:
    icon = plan.site.icon
    path = "/" + icon.url.removeprefix(plan.site.base_url)
    made = next(picture for picture in plan.site_pictures if picture.path == path)
    return wrap_icon(plan.files.octets(made), icon.width, icon.height)
