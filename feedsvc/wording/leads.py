"""What is said before an entry's own text: what was corrected, and the dates that it announces.

Most readers show an entry's content and little else, so a date that must be seen stands in it in words: with its
weekday, and never relative to today, so that only its author changes an entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from feedsvc import urls
from feedsvc.model import Entry, Event, Site
from feedsvc.timestamps import local
from feedsvc.wording.wording import Wording

SENTENCE_ENDS = tuple(".!?…:;؟؛\u06d4")  # Arabic marks and the full stop of Urdu among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words of ours and what they introduce, which is the author's text or (``is_ours``) in our words' language, too.

    With a ``url`` the text is what a link to it is called; plain text leaves it out.
    """

    label: str
    text: str
    is_ours: bool = False
    url: str | None = None


Lead = tuple[Phrase, ...]  # a paragraph


def leads(entry: Entry, site: Site, words: Wording) -> Iterator[Lead]:
    """The paragraphs before the entry's own text, in these words."""
    if entry.withdrawal:
        return
    for change in entry.changes[-1:]:
        when = words.say_date(local(change.date, site))
        yield (Phrase(label=words.corrected.format(when=when), text=sentence(change.note)),)
    for slug, text in ((entry.replaces, words.replaces), (entry.translation_of, words.translated)):
        if slug:
            url = urls.absolute(site.base_url, urls.update_path(slug))
            yield (Phrase(label="", text=text, is_ours=True, url=url),)
    for event in entry.events:
        yield tuple(_phrases(event, site, words))


def _phrases(event: Event, site: Site, words: Wording) -> Iterator[Phrase]:
    label = words.deadline if event.is_deadline else words.event
    yield Phrase(label=label, text=sentence(say_event(event, site, words)), is_ours=True)
    if event.location:
        yield Phrase(label=words.location, text=sentence(event.location))
    if event.url:
        yield Phrase(label="", text=words.say_link(event.url), is_ours=True, url=event.url)


def say_event(event: Event, site: Site, words: Wording) -> str:
    """When the event is, in the site's zone."""
    return words.say_period(local(event.start, site), local(event.end, site), is_whole_day=event.is_whole_day)


def sentence(text: str) -> str:
    """``text`` with a full stop, unless it ends in a mark of its own."""
    return text if text[-1:] in SENTENCE_ENDS else f"{text}."
