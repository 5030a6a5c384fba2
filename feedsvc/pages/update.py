"""The permanent page of an update, with the way to the updates around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from markupsafe import Markup

from feedsvc import urls
from feedsvc.languages import marked, spoken
from feedsvc.model import Entry, Site
from feedsvc.pages.cards import picture_of
from feedsvc.pages.content import (
    describe_article,
    list_entry,
    localize_html,
    mark_language,
    mark_words,
    say_day,
    say_language,
    say_when,
    show_language,
    update_href,
)
from feedsvc.pages.dates import BEGINNING, show_dates
from feedsvc.pages.frame import Frame, describe_card, describe_subjects, frame_site, local_href, render
from feedsvc.pages.images import show_image
from feedsvc.pages.versions import ALONE as IN_ONE_LANGUAGE
from feedsvc.pages.versions import Versions
from feedsvc.timestamps import stamp
from feedsvc.wording import find_wording, words_inside


class Heading(Protocol):
    """As much of an update as a link to it needs: an entry, or its line in an index."""

    @property
    def slug(self) -> str:
        """The last part of its address."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def language(self) -> str | None:
        """Its language where that is not the site's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The updates that an update's page leads to: the next newer and older one, and those it names as related.

    ``replacing`` is the one that takes its place, ``replaced`` the one whose place it takes. ``is_new`` when so few are
    newer that it has a card of its own. ``twins`` say the same in other languages; ``versions`` is where they are.
    """

    newer: Heading | None = None
    older: Heading | None = None
    related: Sequence[Entry] = ()
    replacing: Heading | None = None
    replaced: Heading | None = None
    is_new: bool = False
    twins: Sequence[Heading] = ()
    versions: Versions = IN_ONE_LANGUAGE


ALONE = Neighbours()


def update_page(
    site: Site,
    entry: Entry,
    neighbours: Neighbours = ALONE,
    *,
    as_of: datetime = BEGINNING,
) -> bytes:
    """The permanent page of one update, with the way to the updates around it; an expired one says so."""
    frame = frame_site(site)
    given: dict[str, Any] = (
        _describe_head(frame, entry, is_new=neighbours.is_new)
        | _describe_dates(frame, entry, as_of)
        | _lead_on(frame, neighbours, as_of)
    )
    words, _ = words_inside(entry, site)
    is_ahead = any(not event.is_over(as_of) for event in entry.announced)
    return render(
        "update.html",
        frame,
        neighbours.versions,
        entry=entry,
        byline=words.by.format(name=(entry.author or site.author).name),
        image=entry.image and show_image(site, entry.image, mark_language(site, entry)),
        lang=mark_language(site, entry),
        words_lang=mark_words(site, entry),
        content=localize_html(site, entry),
        link=entry.link and local_href(site, entry.link),
        link_label=entry.link and words.say_link(entry.link),
        attachments=words.attachments,
        files=[
            (local_href(site, file.url), file.title, words.say_file(file.media_type, file.length))
            for file in entry.enclosures
        ],
        calendar=urls.href(site, urls.event_path(entry.slug)) if is_ahead else None,
        calendar_words=words.add_to_calendar,
        **given,
    )


def _describe_head(frame: Frame, entry: Entry, *, is_new: bool) -> dict[str, object]:
    """What browsers, search engines and chats are told of the page, and its categories."""
    site = frame.site
    language = spoken(entry, site)
    subjects = describe_subjects(frame, entry.categories)
    picture = picture_of(site, entry, is_new=is_new)
    return {
        "title": marked(frame.words.document_title.format(title=entry.title, site=site.title), language),
        "shared_title": marked(entry.title, language),
        "shared_text": marked(entry.summary, language),
        "subjects": subjects,
        "discovery": subjects.discovery,
        "article": describe_article(site, entry, picture),
        "card": describe_card(site, picture) if entry.image or is_new else subjects.card,
        "locale": language.replace("-", "_"),
        "published_time": stamp(entry.published, site),
        "modified_time": stamp(entry.updated, site),
    }


def _describe_dates(frame: Frame, entry: Entry, as_of: datetime) -> dict[str, object]:
    """When it was published, changed and corrected, what it announces, and whether it is over."""
    site, (words, _) = frame.site, words_inside(entry, frame.site)
    is_expired = entry.expires is not None and entry.expires <= as_of
    return {
        "published": say_when(site, words, words.published, entry.published),
        "updated": say_when(site, words, words.updated, entry.updated) if entry.updated > entry.published else None,
        "changes": [
            (say_day(site, words, words.corrected, change.date), change.note) for change in reversed(entry.changes)
        ],
        "dates": show_dates(site, entry, words, mark_language(site, entry), as_of),
        "expired": say_when(site, words, words.expired_since, entry.expires) if entry.expires and is_expired else None,
        "expired_words": words.expired,
    }


def _lead_on(frame: Frame, neighbours: Neighbours, as_of: datetime) -> dict[str, object]:
    """The ways to other updates."""
    near = {
        "newer": neighbours.newer,
        "older": neighbours.older,
        "replacing": neighbours.replacing,
        "replaced": neighbours.replaced,
    }
    ways: dict[str, object] = {name: other and name_update(frame, other) for name, other in near.items()}
    twins = [_name_twin(frame, twin) for twin in neighbours.twins]
    return {"related": [list_entry(frame, other, as_of) for other in neighbours.related], "twins": twins, **ways}


def name_update(frame: Frame, other: Heading) -> tuple[str, Markup]:
    """The address of an update, and its title with its language where that is another than that of the page."""
    site, shown = frame.site, show_language(other.language, frame.site)
    title = Markup("<bdi{}>{}</bdi>").format(say_language(other.language, site), other.title)
    return update_href(frame, other.slug), Markup(" ").join((title, shown)) if shown else title


def _name_twin(frame: Frame, twin: Heading) -> tuple[str, str, Markup, str]:
    """The same, and what those who read it call its language; nothing where there are no words in it."""
    words = find_wording(twin.language or frame.site.first_language)
    marks = say_language(twin.language, frame.site)
    return update_href(frame, twin.slug), twin.title, marks, words.own_name if words else ""
