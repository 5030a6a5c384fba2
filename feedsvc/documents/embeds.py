"""What other sites show: places and updates in frames, how oEmbed tells of them, and the way to put them there."""

from collections.abc import Iterator, Sequence
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import HTML, Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_key
from feedsvc.documents.versions import builders_of
from feedsvc.kinds import BUILDER, EMBED, OEMBED, SCRIPT
from feedsvc.model import Document, Entry, Site
from feedsvc.pages.assets import element_script
from feedsvc.pages.embeds import builder_page, place_embed, update_embed
from feedsvc.pages.oembed import place_oembed, update_oembed
from feedsvc.places import Place, categories_of, places_of

FRAMED = 10  # updates of a place in a frame
LINKED = 5  # updates of a place in the lines to copy
SCRIPT_TYPE = "text/javascript"
OEMBED_TYPE = "application/json"


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The frames of places and updates that the change touches; each place and each update with a page has them."""
    if changed.is_whole:
        yield Recipe(urls.EMBED_SCRIPT, make_key("script"), _script)
    touched = [place for place in places_of(plan.site) if changed.touches(place)]
    for place in touched:
        yield from _of_place(plan, place)
    for place in touched:
        if not place.categories:
            yield _builder(plan, place)
    for slug in sorted(changed.slugs):
        line = plan.index.by_slug(slug)
        if line is not None:
            yield from _of_update(plan, line)
        elif plan.index.by_alias(slug) is None:
            yield Absent(urls.update_embed_path(slug))
            yield Absent(urls.update_oembed_path(slug))


def _script() -> Document:
    return Document(path=urls.EMBED_SCRIPT, kind=SCRIPT, media_type=SCRIPT_TYPE, body=element_script())


def _of_place(plan: Plan, place: Place) -> Iterator[Recipe]:
    lines = plan.index.newest(place, FRAMED)
    digests = [line.digest for line in lines]
    for summaries in (False, True):
        path = urls.embed_path(place.name, summaries=summaries)
        key = make_key("embed", path, plan.site.digest, *digests)
        yield Recipe(path, key, partial(_place, plan, place, lines, summaries=summaries))
    path = place.path + urls.OEMBED_NAME
    yield Recipe(path, make_key("oembed", path, plan.site.digest), partial(_tell_place, plan.site_in(place), place))


def _place(plan: Plan, place: Place, lines: Sequence[Listed], *, summaries: bool) -> Document:
    entries = plan.fetch_all(lines)
    return Document(
        path=urls.embed_path(place.name, summaries=summaries),
        kind=EMBED,
        media_type=HTML,
        body=place_embed(plan.site_in(place), place, entries, summaries=summaries),
        expires=plan.index.first_turn(lines),
        tags=purge_tags(place),
        policy=_policy(plan.site),
    )


def _tell_place(site: Site, place: Place) -> Document:
    return Document(
        path=place.path + urls.OEMBED_NAME,
        kind=OEMBED,
        media_type=OEMBED_TYPE,
        body=place_oembed(site, place),
        tags=purge_tags(place),
    )


def _builder(plan: Plan, home: Place) -> Recipe:
    site, path = plan.site_in(home), urls.builder_path(home.path)
    versions = builders_of(plan)
    newest = {place: plan.index.newest(place, LINKED) for place in (home, *categories_of(site))}
    digests = [line.digest for lines in newest.values() for line in lines]

    def render() -> Document:
        entries = {place: plan.fetch_all(lines) for place, lines in newest.items()}
        return Document(
            path=path,
            kind=BUILDER,
            media_type=HTML,
            body=builder_page(site, entries, versions),
            expires=plan.index.first_turn([line for lines in newest.values() for line in lines]),
            tags=purge_tags(home),
        )

    return Recipe(path, make_key("builder", path, site.digest, str(versions), *digests), render)


def _of_update(plan: Plan, line: Listed) -> Iterator[Recipe]:
    site, is_new = plan.site.in_edition(line.edition), plan.index.is_new(line)

    def embed() -> Document:
        entry = plan.fetch(line.source)
        return Document(
            path=urls.update_embed_path(line.slug),
            kind=EMBED,
            media_type=HTML,
            body=update_embed(site, entry),
            tags=purge_tags(update=entry.slug),
            policy=_policy(plan.site),
        )

    def oembed() -> Document:
        entry: Entry = plan.fetch(line.source)
        return Document(
            path=urls.update_oembed_path(line.slug),
            kind=OEMBED,
            media_type=OEMBED_TYPE,
            body=update_oembed(site, entry, is_new=is_new),
            tags=purge_tags(update=entry.slug),
        )

    yield Recipe(urls.update_embed_path(line.slug), make_key("embed", plan.site.digest, line.digest), embed)
    yield Recipe(
        urls.update_oembed_path(line.slug), make_key(f"oembed {is_new}", plan.site.digest, line.digest), oembed
    )


def _policy(site: Site) -> str:
    """Who may show it in a frame: any site, or those that the local has named, and our own page that says how."""
    sites = " ".join(("'self'", *site.embed_on)) if site.embed_on else "*"
    return f"{EMBED.policy}; frame-ancestors {sites}"
