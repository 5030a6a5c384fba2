"""What the program says to readers, in every language it has: one value per language, one table of them.

Feeds, formats and pages take each word from here. An entry's own text, and what ``site.yaml`` says, are not ours.
"""

from feedsvc.languages import spoken
from feedsvc.model import Entry, Site
from feedsvc.wording.english import ENGLISH
from feedsvc.wording.spanish import SPANISH
from feedsvc.wording.wording import Wording

WORDINGS = {"en": ENGLISH, "es": SPANISH}  # by the language of a tag (RFC 5646), without its region


def find_wording(tag: str) -> Wording | None:
    """The words in the language of a tag such as ``es-MX``, None where there are none."""
    return WORDINGS.get(tag.lower().partition("-")[0])


def words_for(*tags: str) -> tuple[Wording, str]:
    """The words in the first of these languages that there are any in, and that language; in none, English."""
    for tag in tags:
        if words := find_wording(tag):
            return words, tag
    return ENGLISH, "en"


def words_around(site: Site) -> Wording:
    """What stands around entries is said in the site's language."""
    return words_for(site.language)[0]


def words_inside(entry: Entry, site: Site) -> tuple[Wording, str]:
    """What stands inside an entry is said in its own language, else in the site's; and which one that is."""
    return words_for(spoken(entry, site), site.language)
