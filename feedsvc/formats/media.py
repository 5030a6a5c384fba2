"""Media RSS: the picture of an entry with its words, in RSS and in Atom alike."""

from lxml import etree

from feedsvc.formats.vocabulary import Vocabulary
from feedsvc.model import Entry, Site

MEDIA = "http://search.yahoo.com/mrss/"


def _add_image(element: etree._Element, entry: Entry, _site: Site) -> None:
    """``media:content`` with its description, and ``media:thumbnail``; without the group that feedgen would need."""
    image = entry.image
    if not image:
        return
    shown = image.smallest  # as in the content, so that no reader takes it for a second picture
    size = {"width": str(shown.width), "height": str(shown.height)}
    kind = {"medium": "image", "type": shown.media_type}
    content = etree.SubElement(element, f"{{{MEDIA}}}content", {"url": shown.url, **kind, **size})
    etree.SubElement(content, f"{{{MEDIA}}}description", type="plain").text = image.alt
    etree.SubElement(element, f"{{{MEDIA}}}thumbnail", {"url": shown.url, **size})


MEDIA_RSS = Vocabulary("media", MEDIA, _add_image)
