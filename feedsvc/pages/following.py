"""The page that says how to follow a place: the telephone's own ways first, and what else there is."""

from markupsafe import Markup

from feedsvc import urls
from feedsvc.model import Site
from feedsvc.pages.frame import frame_site, render
from feedsvc.pages.qr import draw_code
from feedsvc.pages.services import services_for
from feedsvc.pages.versions import ALONE, Versions
from feedsvc.places import Place


def following_page(site: Site, place: Place, versions: Versions = ALONE) -> bytes:
    """How to follow the place in an app, in a calendar and by e-mail, step by step on every kind of device."""
    frame = frame_site(site)
    words = frame.words.following
    parts = frame.parts_of(place)
    url = urls.absolute(site.base_url, urls.subscribe_path(place.path))
    services = services_for(parts.addresses[0].url)
    return render(
        "following.html",
        frame,
        versions,
        place=parts,
        heading=parts.follow_title,
        url=url,
        feed="feed:" + parts.addresses[0].url,  # apps take feed://host for http://host
        services=services,
        devices=[
            (device, [_name_app(step, app.name, app.url) for step in steps])
            for (device, steps), app in zip(words.steps, services.apps, strict=True)
        ],
        poster=None if place.is_mix else urls.href(site, urls.poster_path(place.path)),
        code=draw_code(url, words.code_alt),
        opml=urls.href(site, urls.opml_path(place.path)) if place.is_mix else frame.opml,
        others=[other for other in (frame.everything, *frame.places.values()) if other.place != place],
    )


def _name_app(step: str, name: str, url: str) -> Markup:
    """The step with the app's name as the link to it."""
    return Markup(step).format(app=Markup('<a href="{}">{}</a>').format(url, name))  # noqa: S704 - our own words
