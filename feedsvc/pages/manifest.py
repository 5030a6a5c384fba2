"""What a telephone is told that puts the site on its home screen (W3C Web Application Manifest)."""

from feedsvc import urls
from feedsvc.formats.json_feed import dump
from feedsvc.languages import direction
from feedsvc.model import Site
from feedsvc.pages.frame import local_href
from feedsvc.pictures.sizes import MASKABLE, PNG
from feedsvc.places import home_of

NIGHT, GROUND = "#0c2536", "#eef3f5"  # as in style.css


def manifest(site: Site) -> bytes:
    """The manifest of the site as one edition says it. Its pages stay in the browser, where addresses can be copied."""
    home = urls.href(site, home_of(site).path)
    icon = {"type": PNG, "sizes": f"{site.icon.width}x{site.icon.height}", "src": local_href(site, site.icon.url)}
    maskable = {"type": PNG, "sizes": f"{MASKABLE.width}x{MASKABLE.height}", "purpose": "maskable"}
    said = {
        "id": home,
        "start_url": home,
        "scope": urls.href(site, urls.HOME),
        "name": site.title,
        "description": site.description,
        "lang": site.language,
        "dir": direction(site.language),
        "display": "browser",
        "theme_color": NIGHT,
        "background_color": GROUND,
        "icons": [icon, maskable | {"src": local_href(site, site.maskable_icon_url)}],
    }
    return dump(said)
