"""What webmasters copy: HTML in one line, because editors put paragraphs where a line ends, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from feedsvc import urls
from feedsvc.languages import direction, spoken
from feedsvc.model import Entry, Site
from feedsvc.pages.assets import element_integrity
from feedsvc.pages.frame import PlaceParts
from feedsvc.wording import words_around

JSON_FEED = "feed.json"
RECOMMENDED = "rss.xml"
HEADING = 3  # the level of the heading where nothing else is chosen
HEIGHT = 480


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippets:
    """The lines to copy for one place. ``embed`` and ``feed`` are where this very site has what they show."""

    place: PlaceParts
    embed: str
    feed: str
    lines: tuple[Markup, ...]  # a frame, an element, links, a feed


def make_snippets(site: Site, parts: PlaceParts, newest: Sequence[Entry]) -> Snippets:
    """A frame, an element, links and the feed's address; what refers to this site does so by its public address."""
    embed = urls.embed_path(parts.place.name)
    inside = _links(site, parts, newest)
    return Snippets(
        place=parts,
        embed=urls.href(site, embed),
        feed=urls.href(site, parts.place.path + JSON_FEED),
        lines=(
            _frame(site, parts, urls.absolute(site.base_url, embed)),
            _element(site, parts, inside),
            inside,
            Markup.escape(urls.absolute(site.base_url, parts.place.path + RECOMMENDED)),
        ),
    )


def _frame(site: Site, parts: PlaceParts, url: str) -> Markup:
    # width and min-width: on an iPhone a frame is else as wide as its content; not lazy: WordPress drops that. A frame
    # that may not be narrower would break out of the column that a theme sets by max-width, so a box keeps to that.
    return Markup(
        '<div style="width:100%"><iframe src="{}" title="{}" width="100%" height="{}" '
        'style="width:1px;min-width:100%;border:0"></iframe></div>'
    ).format(url, parts.place.feed_title(site), HEIGHT)


def _element(site: Site, parts: PlaceParts, inside: Markup) -> Markup:
    words = words_around(site).embedding
    script = Markup('<script type="module" src="{}" integrity="{}" crossorigin="anonymous"></script>').format(
        urls.absolute(site.base_url, urls.EMBED_SCRIPT), element_integrity()
    )
    tag = Markup(
        '<feedsvc-updates src="{}" lang="{}" loading-text="{}" empty-text="{}" error-text="{}">{}</feedsvc-updates>'
    ).format(
        urls.absolute(site.base_url, parts.place.path + JSON_FEED),
        site.language,
        words.loading,
        words.empty,
        words.error,
        inside,
    )
    return script + Markup(" ") + tag


def _links(site: Site, parts: PlaceParts, newest: Sequence[Entry]) -> Markup:
    heading = Markup('<h{0}><a href="{1}">{2}</a></h{0}>').format(HEADING, parts.url, parts.place.feed_title(site))
    items = Markup().join(
        Markup('<li{}><a href="{}">{}</a></li>').format(_turn(site, entry), entry.permalink, entry.title)
        for entry in newest
    )
    return heading + Markup("<ul>{}</ul>").format(items) if items else heading


def _turn(site: Site, entry: Entry) -> Markup:
    language = spoken(entry, site)
    return Markup(' lang="{}" dir="{}"').format(language, direction(language))
