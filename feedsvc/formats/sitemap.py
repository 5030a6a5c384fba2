"""Sitemaps (sitemaps.org, protocol 0.9): which pages there are, and when each last changed, for search engines."""

from collections.abc import Iterable

from lxml import etree

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MEDIA_TYPE = "application/xml"


def render_sitemap(pages: Iterable[tuple[str, str | None]]) -> bytes:
    """Pages by address, each with the instant of its last change where that is known."""
    return _render("urlset", "url", pages)


def render_index(sitemaps: Iterable[tuple[str, str | None]]) -> bytes:
    """The same of sitemaps."""
    return _render("sitemapindex", "sitemap", sitemaps)


def _render(root_name: str, name: str, listed: Iterable[tuple[str, str | None]]) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}{root_name}", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the default
    for url, changed in listed:
        element = etree.SubElement(root, f"{{{NAMESPACE}}}{name}")
        etree.SubElement(element, f"{{{NAMESPACE}}}loc").text = url
        if changed is not None:
            etree.SubElement(element, f"{{{NAMESPACE}}}lastmod").text = changed
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
