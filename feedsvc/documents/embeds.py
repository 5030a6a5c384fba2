"""What other sites show: places and updates in frames, how oEmbed tells of them, and the way to put them there."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import HTML, Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.twins import newest_once
from feedsvc.documents.versions import builders_of
from feedsvc.kinds import BUILDER, EMBED, OEMBED, SCRIPT
from feedsvc.model import Document, Site
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
        yield make_recipe(Document(path=urls.EMBED_SCRIPT, kind=SCRIPT, media_type=SCRIPT_TYPE), element_script)
    for place in filter(changed.touches, places_of(plan.site)):
        yield from _of_place(plan, place)
        if not place.categories:
            yield _builder(plan, place)
    for slug in sorted(changed.slugs):
        line = plan.index.by_slug(slug)
        if line is not None:
            yield from _of_update(plan, line)
        elif plan.index.by_alias(slug) is None:
            yield Absent(urls.update_embed_path(slug))
            yield Absent(urls.update_oembed_path(slug))


def _of_place(plan: Plan, place: Place) -> Iterator[Recipe]:
    site, lines = plan.site_in(place), newest_once(plan.index, place, FRAMED)
    digests = [line.digest for line in lines]

    def embed(*, summaries: bool) -> bytes:
        return place_embed(site, place, plan.fetch_all(lines), summaries=summaries)

    for summaries in (False, True):
        page = plan.document(urls.embed_path(place.name, summaries=summaries), EMBED, place, lines)
        document = replace(page, policy=_policy(plan.site))
        yield make_recipe(document, partial(embed, summaries=summaries), plan.site.digest, *digests)
    oembed = Document(path=place.path + urls.OEMBED_NAME, kind=OEMBED, media_type=OEMBED_TYPE, tags=purge_tags(place))
    yield make_recipe(oembed, partial(place_oembed, site, place), plan.site.digest)


def _builder(plan: Plan, home: Place) -> Recipe:
    site, versions = plan.site_in(home), builders_of(plan)
    newest = {place: newest_once(plan.index, place, LINKED) for place in (home, *categories_of(site))}
    every = [line for lines in newest.values() for line in lines]
    document = plan.document(urls.builder_path(home.path), BUILDER, home, every)

    def render() -> bytes:
        return builder_page(site, {place: plan.fetch_all(lines) for place, lines in newest.items()}, versions)

    return make_recipe(document, render, site.digest, str(versions), *(line.digest for line in every))


def _of_update(plan: Plan, line: Listed) -> Iterator[Recipe]:
    site, is_new = plan.site.in_edition(line.edition), plan.index.is_new(line)
    tags, depends = purge_tags(update=line.slug), (plan.site.digest, line.digest)
    path = urls.update_embed_path(line.slug)
    embed = Document(path=path, kind=EMBED, media_type=HTML, tags=tags, policy=_policy(plan.site))
    yield make_recipe(embed, lambda: update_embed(site, plan.fetch(line.source)), *depends)
    path = urls.update_oembed_path(line.slug)
    oembed = Document(path=path, kind=OEMBED, media_type=OEMBED_TYPE, tags=tags)
    yield make_recipe(
        oembed, lambda: update_oembed(site, plan.fetch(line.source), is_new=is_new), f"{is_new}", *depends
    )


def _policy(site: Site) -> str:
    """Who may show it in a frame: any site, or those that the local has named, and our own page that says how."""
    sites = " ".join(("'self'", *site.embed_on)) if site.embed_on else "*"
    return f"{EMBED.policy}; frame-ancestors {sites}"
