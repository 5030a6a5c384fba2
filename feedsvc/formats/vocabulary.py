"""What RSS and Atom say of an entry in one and the same way, by elements of another namespace."""

from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

from feedsvc.model import Entry, Site


class Vocabulary(NamedTuple):
    """A namespace with its usual prefix, and what is said in it: ``extend`` adds to an entry's element."""

    prefix: str
    namespace: str
    extend: Callable[[etree._Element, Entry, Site], None]
