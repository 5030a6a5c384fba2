"""What the program says to readers, in every language it has: one value per language, one table of them.

Feeds, formats and pages take each word from here. An entry's own text, and what ``site.yaml`` says, are not ours.
"""

from feedsvc.model import Site
from feedsvc.wording.english import ENGLISH
from feedsvc.wording.spanish import SPANISH
from feedsvc.wording.wording import Wording

WORDINGS = {"en": ENGLISH, "es": SPANISH}  # by the language of a tag (RFC 5646), without its region

__all__ = ["WORDINGS", "Wording", "find_wording", "words_around"]


def find_wording(tag: str) -> Wording | None:
    """The words in the language of a tag such as ``es-MX``, None where there are none."""
    return WORDINGS.get(tag.lower().partition("-")[0])


def words_around(site: Site) -> Wording:
    """The words around entries: those of the site's language."""
    return find_wording(site.language) or ENGLISH
