"""OPML 2.0: every feed of the site at once, for readers that import lists."""

from collections.abc import Sequence
from email.utils import format_datetime

from lxml import etree

from feedsvc.formats.rss import RSS
from feedsvc.languages import marked
from feedsvc.model import Feed, Site
from feedsvc.timestamps import local

MEDIA_TYPE = "text/x-opml"


def render_opml(site: Site, feeds: Sequence[Feed]) -> bytes:
    """The list of ``feeds``, in their order and each in one format, so that nobody subscribes twice."""
    opml = etree.Element("opml", version="2.0")
    head = etree.SubElement(opml, "head")
    etree.SubElement(head, "title").text = marked(site.title, site.language)
    changed = max(feed.updated for feed in feeds)
    etree.SubElement(head, "dateModified").text = format_datetime(local(changed, site))
    body = etree.SubElement(opml, "body")
    for feed in feeds:
        etree.SubElement(
            body,
            "outline",
            text=marked(feed.title, site.language),
            title=marked(feed.title, site.language),
            type="rss",
            version="RSS2",
            xmlUrl=feed.home_url + RSS.file_name,
            htmlUrl=feed.home_url,
            description=marked(feed.description, site.language),
            language=site.language,
        )
    return etree.tostring(opml, encoding="UTF-8", xml_declaration=True, pretty_print=True)
