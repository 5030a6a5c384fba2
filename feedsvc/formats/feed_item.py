"""An entry as feeds carry it: what every format says beyond its own text, from what leads it in to its files.

Most readers show an entry's content and little else, so what must be seen stands in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from feedsvc import urls
from feedsvc.languages import direction, explicit_direction, marked, spoken
from feedsvc.model import Entry, Feed, Site
from feedsvc.wording import words_around, words_inside
from feedsvc.wording.leads import Phrase, leads

KEPT_ITEMS = 2048  # finished forms, for the next feed that holds the same entry
URGENT = "urgent"  # the term of what stood above all others, for good
RELATED_AT_MOST = 20  # other updates that an entry in a feed leads to


@dataclass(frozen=True, slots=True, eq=False)
class FeedItem:
    """An entry as a feed carries it, ``trimmed`` to its summary or whole; made by ``feed_item``.

    Equal to itself alone, so that finished forms are kept under it at little cost: those of feeds, which are the same
    in every language of the site.
    """

    entry: Entry
    site: Site
    trimmed: bool

    @property
    def title(self) -> str:
        """The entry's title in plain text."""
        return marked(self.entry.title, spoken(self.entry, self.site))

    @property
    def summary(self) -> str:
        """The entry's summary in plain text, the correction first; empty when there is nothing to say."""
        return marked(summary_of(self.entry, self.site), spoken(self.entry, self.site))

    @property
    def summary_html(self) -> str:
        """The same as HTML."""
        marks, around = _marks(self.entry, self.site), _word_marks(self.entry, self.site)
        parts = []
        for phrase in _said_plainly(self.entry, self.site):
            parts.append(_span(around, escape(phrase.label, quote=False)))
            parts.append(_span(around if phrase.is_ours else marks, escape(phrase.text, quote=False)))
        parts.append(_span(marks, escape(self.entry.summary, quote=False)))
        return " ".join(filter(None, parts))

    @property
    def content_html(self) -> str:
        """The entry's content, complete or trimmed."""
        return _content(self)

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        """Term and label of each category, and of what stands above all others, or did: the same in every feed."""
        site = self.site.in_edition(self.entry.edition)
        urgent = ((URGENT, words_around(site).urgent),) if self.entry.urgent_until else ()
        return (*((slug, site.category(slug).title) for slug in self.entry.categories), *urgent)

    @property
    def related_urls(self) -> tuple[str, ...]:
        """The pages of the updates this one refers to, no more than a feed has room for."""
        named = filter(None, (self.entry.replaces, self.entry.translation_of))
        slugs = dict.fromkeys((*named, *self.entry.related[:RELATED_AT_MOST]))
        return tuple(urls.absolute(self.site.base_url, urls.update_path(slug)) for slug in slugs)


def feed_item(entry: Entry, site: Site, *, trimmed: bool = False) -> FeedItem:
    """The entry as a feed carries it; the same one for as long as the digests of entry and site are."""
    kept = _kept(entry.digest, site.digest.partition("/")[0], trimmed)
    if not kept:
        kept.append(FeedItem(entry, site, trimmed))
    return kept[0]


@lru_cache(KEPT_ITEMS)
def _kept(_entry: str, _site: str, _trimmed: bool) -> list[FeedItem]:  # a key in three parts
    """Where that item is kept. Which places the site has now, after the slash, makes no difference to an entry."""
    return []


@lru_cache(8)  # formats are made one after the other, and all say the same
def _content(item: FeedItem) -> str:
    return feed_html(item.entry, item.site, trimmed=item.trimmed)


def feed_items(feed: Feed) -> Iterator[FeedItem]:
    """The feed's entries, in its order."""
    return (feed_item(entry, feed.site, trimmed=entry.id in feed.trimmed) for entry in feed.entries)


def feed_html(entry: Entry, site: Site, *, trimmed: bool) -> str:
    """The entry's content as feeds carry it; ``trimmed`` to its summary and the way to its page."""
    parts, marks, around = [], _marks(entry, site), _word_marks(entry, site)
    words, _ = words_inside(entry, site)
    for lead in leads(entry, site, words):
        said = " ".join(_phrase(phrase, around if phrase.is_ours else marks, around) for phrase in lead)
        parts.append(f"<p>{said}</p>")
    if trimmed:
        summary = _span(marks, escape(entry.summary))
        way = escape(words.read_whole)
        parts.append(f'<p>{summary} <a href="{escape(entry.permalink)}"{around}>{way}</a></p>')
    else:
        own = _join(_picture(entry), entry.content_html)
        parts += (
            f"<div{marks}>\n{own}\n</div>" if marks else own,
            _elsewhere(entry, site),
            _attachments(entry, site, marks),
        )
    return _join(*parts)


def summary_of(entry: Entry, site: Site) -> str:
    """The entry's summary as feeds carry it, in plain text."""
    led = (f"{phrase.label} {phrase.text}" for phrase in _said_plainly(entry, site))
    return " ".join(filter(None, (*led, entry.summary)))


def _said_plainly(entry: Entry, site: Site) -> Iterator[Phrase]:
    """What leads the entry in, without links."""
    for lead in leads(entry, site, words_inside(entry, site)[0]):
        yield from (phrase for phrase in lead if not phrase.url)


def _phrase(phrase: Phrase, marks: str, around: str) -> str:
    """A phrase as HTML; ``marks`` are the attributes of its text, ``around`` those of our words."""
    if phrase.url:
        return f'<a href="{escape(phrase.url)}"{marks}>{escape(phrase.text)}</a>'
    return f"<strong{around}>{escape(phrase.label)}</strong> {_span(marks, escape(phrase.text))}"


def _marks(entry: Entry, site: Site) -> str:
    """The attributes of what the entry itself says."""
    turned = explicit_direction(entry, site)
    return f' lang="{escape(spoken(entry, site))}" dir="{turned}"' if turned else ""


def _word_marks(entry: Entry, site: Site) -> str:
    """The attributes of the words that we add to an entry, which are not always in its language."""
    _, language = words_inside(entry, site)
    if language == spoken(entry, site):
        return _marks(entry, site)
    way = f' dir="{direction(language)}"' if explicit_direction(entry, site) else ""
    return f' lang="{escape(language)}"{way}'


def _span(marks: str, html: str) -> str:
    return f"<span{marks}>{html}</span>" if marks and html else html


def _join(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _picture(entry: Entry) -> str:
    """The entry's picture, unless the content already shows it."""
    image = entry.image
    if not image or f'src="{escape(image.smallest.url)}"' in entry.content_html:
        return ""
    source = f'src="{escape(image.smallest.url)}" alt="{escape(image.alt)}"'
    width, height = image.smallest.in_column
    return f'<p><img {source} width="{width}" height="{height}"></p>'


def _elsewhere(entry: Entry, site: Site) -> str:
    """The page elsewhere that the update is about, or (``mailto:``) whom to write to."""
    if not entry.link:
        return ""
    label = words_inside(entry, site)[0].say_link(entry.link)
    return f'<p{_word_marks(entry, site)}><a href="{escape(entry.link)}">{escape(label)}</a></p>'


def _attachments(entry: Entry, site: Site, marks: str) -> str:
    """The files as plain links, since few readers show enclosures."""
    if not entry.enclosures:
        return ""
    words, around = words_inside(entry, site)[0], _word_marks(entry, site)
    items = "\n".join(
        f'<li><a href="{escape(file.url)}"{marks}>{escape(file.title)}</a>'
        f" {_span(around, f'({escape(words.say_file(file.media_type, file.length))})')}</li>"
        for file in entry.enclosures
    )
    return f"<p{around}>{escape(words.attachments_lead)}</p>\n<ul>\n{items}\n</ul>"
