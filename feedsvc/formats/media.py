"""Media RSS: the picture of an entry with its words, in RSS and in Atom alike."""

from lxml import etree

from feedsvc.model import Image

MEDIA = "http://search.yahoo.com/mrss/"
NAMESPACES = {"media": MEDIA}


def add_image(element: etree._Element, image: Image | None) -> None:
    """``media:content`` with its description, and ``media:thumbnail``; without the group that feedgen would need."""
    if not image:
        return
    size = {"width": str(image.width), "height": str(image.height)}
    kind = {"medium": "image", "type": image.media_type, "fileSize": str(image.length)}
    content = etree.SubElement(element, f"{{{MEDIA}}}content", {"url": image.url, **kind, **size})
    etree.SubElement(content, f"{{{MEDIA}}}description", type="plain").text = image.alt
    etree.SubElement(element, f"{{{MEDIA}}}thumbnail", {"url": image.url, **size})
