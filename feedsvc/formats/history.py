"""Feed history (RFC 5005 section 4): from the newest entries, document by document, to the oldest."""

from collections.abc import Iterator

from lxml import etree

from feedsvc.model import History

NAMESPACE = "http://purl.org/syndication/history/1.0"


def history_links(history: History, file_name: str) -> Iterator[tuple[str, str]]:
    """Relation and address of each document there is around one, in the format whose files have that name."""
    links = (("prev-archive", history.older), ("next-archive", history.newer), ("current", history.current))
    return ((relation, folder + file_name) for relation, folder in links if folder)


def extend(parent: etree._Element, history: History, file_name: str, link: str, media_type: str) -> None:
    """Add to a feed's element what is around the document; ``link`` is the tag of links in its format."""
    if history.is_closed:
        etree.SubElement(parent, f"{{{NAMESPACE}}}archive", nsmap={"fh": NAMESPACE})
    for relation, url in history_links(history, file_name):
        etree.SubElement(parent, link, rel=relation, href=url, type=media_type)
