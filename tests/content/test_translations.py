"""The site in other languages, as ``site.yaml`` has it."""

# ruff: noqa: E501  # a message is compared as a whole

from pathlib import Path

import pytest

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.loader import load_content
from feedsvc.content.site import load_site
from feedsvc.content.source import Source
from feedsvc.model import Site
from feedsvc.settings import Settings
from tests.content.samples import make_root
from tests.content.test_site import messages

SETTINGS = Settings()
WHOLE = """
  es:
    title: Avisos del Local 1107
    description: Noticias breves.
    rights: Puede compartirlos.
    categories:
      covid: {title: COVID, description: Reglas.}
      pay: {title: Salarios, description: Aumentos.}"""


def load(root: Path) -> Site:
    return load_site(root, SETTINGS).site


def test_an_edition_is_the_site_with_its_own_words(tmp_path: Path) -> None:
    site = load(make_root(tmp_path, translations=WHOLE))
    (spanish,) = site.translations
    assert (spanish.title, spanish.language, spanish.edition) == ("Avisos del Local 1107", "es", "es")
    assert [category.title for category in spanish.categories] == ["COVID", "Salarios"]
    assert (spanish.first_language, spanish.base_url, spanish.digest) == ("en", site.base_url, site.digest)
    assert spanish.icon.alt == spanish.title
    assert site.in_edition("es") is spanish
    assert site.in_edition(None) is site.in_edition("fr") is site
    assert load_content(tmp_path, SETTINGS).notes == ()


def test_what_is_not_translated_is_said_as_the_site_says_it_and_noted(tmp_path: Path) -> None:
    root = make_root(tmp_path, translations="\n  es:\n    title: Avisos\n    categories:\n      pay: {title: Salarios}")
    (spanish,) = load(root).translations
    assert [(each.title, each.description) for each in spanish.categories] == [
        ("COVID", "Rules."),
        ("Salarios", "Raises."),
    ]
    assert [str(note) for note in load_content(root, SETTINGS).notes] == [
        "content/site.yaml:25:5: note: translations.es: not said in Spanish: description, rights, title of covid, description of covid, description of pay; write it there; until then it is shown as the site says it"
    ]


def test_a_changed_translation_is_a_changed_site(tmp_path: Path) -> None:
    root = make_root(tmp_path, translations=WHOLE)
    before = load(root)
    (root / "site.yaml").write_text((root / "site.yaml").read_text().replace("Salarios", "Sueldos"))
    after = load(root)
    assert before.digest != after.digest


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "\n  es:\n    title: Local 1107",
            '25:12: translations.es.title: "Local 1107" is the site\'s own title, and readers could not tell its feeds apart; write it in that language, or add the language to it',
        ),
        ("\n  en:\n    title: A", "25:5: translations.en: that is the site's own language; delete these lines"),
        (
            "\n  es:\n    title: A\n    categories:\n      pya: {title: B}",
            "27:12: translations.es.categories: the site has no category 'pya'; did you mean 'pay'?",
        ),
        (
            "\n  es:\n    title: A\n    categories:\n      safety: {title: B}",
            "27:15: translations.es.categories: the site has no category 'safety'; write one of covid, pay",
        ),
        (
            "\n  fr:\n    title: A",
            "24:3: translations.fr: unknown field 'fr'; the fields are en, es",
        ),
        (
            "\n  es:\n    categories: {}",
            "25:5: translations.es.title: the field is missing; add a line such as title: Avisos del Local 1199",
        ),
        (
            "\n  es:\n    title: A\n    categories:\n      pay: Salarios",
            "27:12: translations.es.categories.pay: text where a group of fields is expected; write its fields below it, two spaces in",
        ),
        (
            "\n  es:\n    title: A\n    categories: [pay]",
            "26:17: translations.es.categories: a list where a group of fields is expected; write its fields below it, two spaces in",
        ),
        (
            "\n  es:\n    title: A\n    categories:\n      pay: {titel: B}",
            "27:13: translations.es.categories.pay.titel: unknown field 'titel'; did you mean 'title'?",
        ),
        (
            "\n  es:\n    title: A\n    categories:\n      pay: {title: }",
            "27:20: translations.es.categories.pay.title: the value is empty; write it after the colon, or delete the line",
        ),
        (
            "\n  es:\n    title: A\n    categories:\n      title: {title: }",
            "27:22: translations.es.categories.title.title: the value is empty; write it after the colon, or delete the line",
        ),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write(tmp_path: Path, written: str, expected: str) -> None:
    assert messages(make_root(tmp_path, translations=written)) == [expected]


@pytest.mark.parametrize(("lang", "edition"), [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("ar", None), (None, None)])
def test_an_update_stands_in_the_edition_of_its_language(tmp_path: Path, lang: str | None, edition: str | None) -> None:
    root = make_root(tmp_path, translations=WHOLE)
    text = "title: A title\npublished: 2026-03-01\ncategories: [pay]\nsummary: One.\nbody: Two.\n"
    source = Source("content/updates/2026-03-01-a.yaml", (text + (f"lang: {lang}\n" if lang else "")).encode())
    loaded = load_entry(source, load(root), Files(root, SETTINGS.kept_pictures))
    assert loaded.entry.edition == edition
