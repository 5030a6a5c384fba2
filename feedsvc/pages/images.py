"""Pictures as pages show them: in every size, so that a telephone loads the small one, a large screen a sharp one."""

import re

from markupsafe import Markup, escape

from feedsvc.model import Image, Rendition, Site
from feedsvc.pages.frame import local_href

# a telephone has more pixels than the eye needs of a photo: it is told of a narrow place, and takes the small size
SIZES = "(max-width: 40rem) 200px, {}"
WIDEST = "44rem"
TALLEST = 700  # a picture in portrait is seen whole on a screen, and on a sheet
_REST = r'"((?:[^>"]|"[^"]*")*)>'
_MEASURES = re.compile(r' width="[0-9]+" height="[0-9]+"')


def show_image(site: Site, image: Image, attributes: Markup) -> Markup:
    """The picture of an update, at the top of its page."""
    tag = Markup('<img class="picture"{} src="{}" alt="{}"{}>').format(
        attributes, local_href(site, image.url), image.alt, _measures(image)
    )
    return Markup(_with_sizes(site, image, tag))  # noqa: S704 - escaped


def show_small(site: Site, image: Image, name: str, alt: str = "", attributes: Markup | str = "") -> Markup:
    """The smallest size of a picture, in a class of that ``name``; without words where a title says enough."""
    small = image.smallest
    return Markup('<img class="{}"{} src="{}" alt="{}" width="{}" height="{}" loading="lazy">').format(
        name, attributes, local_href(site, small.url), alt, small.width, small.height
    )


def offer_sizes(site: Site, html: str, image: Image) -> str:
    """Sanitised HTML with each tag that shows the picture in its smallest size given all of them."""
    source = re.escape(f'<img src="{escape(local_href(site, image.smallest.url))}')

    def widen(found: re.Match[str]) -> str:
        tag = found[0].replace(local_href(site, image.smallest.url), local_href(site, image.url), 1)
        return _with_sizes(site, image, _MEASURES.sub(_measures(image), tag, count=1))

    return re.sub(source + _REST, widen, html)


def _with_sizes(site: Site, image: Image, tag: str) -> str:
    """The tag, and around it the sources that weigh less; a picture of one size is just itself."""
    if image.smaller:
        tag = f"{tag[:-1]}{_sources(site, image, (*image.smaller, image.largest))}>"
    if not image.modern:
        return tag
    media_type = image.modern[0].media_type
    return f'<picture><source type="{media_type}"{_sources(site, image, image.modern)}>{tag}</picture>'


def _measures(image: Image) -> Markup:
    return Markup(' width="{}" height="{}"').format(*_shown(image))


def _shown(image: Image) -> tuple[int, int]:
    """Width and height at most, in pixels: what is higher than wide is smaller than it could be."""
    if image.height <= max(image.width, TALLEST):
        return image.width, image.height
    return round(image.width * TALLEST / image.height), TALLEST


def _sources(site: Site, image: Image, renditions: tuple[Rendition, ...]) -> Markup:
    listed = ", ".join(f"{local_href(site, rendition.url)} {rendition.width}w" for rendition in renditions)
    width, height = _shown(image)
    sizes = SIZES.format(f"{width}px" if height == TALLEST else WIDEST)
    return Markup(' srcset="{}" sizes="{}"').format(listed, sizes)
