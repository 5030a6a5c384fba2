"""The site in other languages, as ``site.yaml`` has it: its editions, what is wrong with them, and what they lack."""

from collections.abc import Iterator
from dataclasses import replace

from feedsvc.content.markup import filter_xml_text
from feedsvc.content.site_schema import CategoryTranslation, SiteRecord, TranslationRecord
from feedsvc.content.value_errors import in_quotes, nearest_or
from feedsvc.content.written import Slip, Written
from feedsvc.errors import Problem
from feedsvc.model import Category, Site
from feedsvc.wording import WORDINGS

NOTHING = CategoryTranslation(title=None, description=None)


def translations_of(record: SiteRecord, site: Site) -> tuple[Site, ...]:
    """The editions of a site; what one does not say it says as the site does."""
    return tuple(_edition(code, said, site) for code, said in _said(record))


def _said(record: SiteRecord) -> Iterator[tuple[str, TranslationRecord]]:
    for code in WORDINGS:
        said = getattr(record.translations, code, None)
        if said is not None:
            yield code, said


def _edition(code: str, said: TranslationRecord, site: Site) -> Site:
    title = filter_xml_text(said.title)
    return replace(
        site,
        title=title,
        description=filter_xml_text(said.description or site.description),
        rights=filter_xml_text(said.rights or site.rights),
        language=code,
        icon=replace(site.icon, alt=title),
        logo=replace(site.logo, alt=title),
        categories=tuple(_category(each, said.categories.get(each.slug, NOTHING)) for each in site.categories),
        edition=code,
        origin=site.language,
    )


def _category(category: Category, said: CategoryTranslation) -> Category:
    return replace(
        category,
        title=filter_xml_text(said.title or category.title),
        description=filter_xml_text(said.description or category.description),
    )


def translation_problems(record: SiteRecord, written: Written) -> Iterator[Problem]:
    """Editions that cannot be told from the site, and categories that it does not have."""
    slugs = [category.slug for category in record.categories]
    for code, said in _said(record):
        place = ("translations", code)
        if code == record.language.lower().partition("-")[0]:
            what, fix = "that is the site's own language", "delete these lines"
            yield written.problem(Slip(place, what, fix))
        elif said.title == record.title:
            what = f"{in_quotes(said.title)} is the site's own title, and readers could not tell its feeds apart"
            fix = "write it in that language, or add the language to it"
            yield written.problem(Slip((*place, "title"), what, fix))
        for slug in said.categories:
            if slug not in slugs:
                what = f"the site has no category {slug!r}"
                fix = nearest_or(slug, slugs, f"write one of {', '.join(slugs)}")
                mark = written.mark(*place, "categories", slug)
                yield written.source_text.problem(mark, f"translations.{code}.categories", what, fix)


def note_untranslated(record: SiteRecord) -> Iterator[Slip]:
    """What an edition does not say in its language, so that its readers meet another one."""
    for code, said in _said(record):
        lacking = [name for name in ("description", "rights") if getattr(said, name) is None]
        for category in record.categories:
            own = said.categories.get(category.slug, NOTHING)
            names = [name for name in ("title", "description") if getattr(own, name) is None]
            lacking += [f"{name} of {category.slug}" for name in names]
        if lacking:
            what = f"not said in {WORDINGS[code].name}: {', '.join(lacking)}"
            fix = "write it there; until then it is shown as the site says it"
            yield Slip(("translations", code), what, fix)
