"""A whole site in Spanish: what readers see of it, in every document, holds no English and all of our Spanish."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import pytest
import yaml
from lxml import etree, html

from feedsvc.wording.english import ENGLISH
from feedsvc.wording.spanish import SPANISH
from tests.test_golden import build
from tests.test_wording import every_text

GOLDEN = Path(__file__).parent / "golden"
LONG = """title: Todas las preguntas y respuestas
published: 2026-02-21
categories: [salarios]
summary: Todas las preguntas y respuestas sobre los cursos.
body: |
  {}
"""
# words that stand in nearly every English sentence, and in no Spanish one
COMMON = re.compile(
    r"\b(the|this|that|these|and|of|to|for|with|you|your|is|are|all|by|on|at|in|it|not|from|more)\b", re.IGNORECASE
)
MUTE = frozenset(("script", "docs", "generator", "id", "guid", "pubDate", "lastBuildDate", "dateModified"))
SPOKEN = (
    "title",
    "alt",
    "aria-label",
    "data-done",
    "data-none",
    "data-found",
    "data-looking",
    "data-failed",
    "text",
    "description",
    *(f"{state}-text" for state in ("loading", "empty", "error")),
)
ENDED = """\
  - slug: huelga
    title: Huelga
    description: La huelga.
    since: 2026-01-06
    ended: 2026-02-20
"""
READ = (".html", ".json", ".xml", ".opml", ".ics", ".webmanifest")
NEVER_SHOWN = (
    ".name",
    ".own_name",
    ".reminder",
    ".translated",
    ".deleted_title",
    ".deleted_text",
    ".format_purpose_unknown",
    ".latest_empty",
)
NAMES = (".file_kinds", ".months", ".short_months", ".weekdays", ".halves", ".byte", ".octets", ".kilo", ".mega")


def parts(sentence: str) -> list[str]:
    """What is fixed of a sentence with marks."""
    found = (part.strip(" ,.:()") for part in re.split(r"\{.*?\}", sentence.replace("\N{NO-BREAK SPACE}", " ")))
    return [part for part in found if re.search(r"[^\W\d]{2}", part)]


def spoken(name: str, body: bytes) -> str:
    """All that a document says to people; addresses, dates for machines, code and Arabic text aside."""
    if name.endswith(".html"):
        said = of_tree(html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8")))
    elif name.endswith((".json", ".webmanifest")):
        said = of_json(json.loads(body))
    elif name.endswith(".ics"):
        said = of_calendar(icalendar.Calendar.from_ical(body))
    else:
        said = of_tree(etree.fromstring(body))
    text = " ".join(" ".join(said).split())
    return re.sub(r" (?=[:.,])", "", re.sub(r"https?://\S+", "", text))


def of_calendar(calendar: Any) -> Iterator[str]:
    yield str(calendar["NAME"])
    for event in calendar.walk("VEVENT"):
        yield from (str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION") if name in event)


def of_tree(root: Any) -> Iterator[str]:
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in MUTE or element.xpath("string((ancestor-or-self::*/@lang)[last()])") in {"ar", "en"}:
            continue
        texts = [str(text) for text in element.xpath("./text()")]
        texts += [str(element.get(attribute, "")) for attribute in (*SPOKEN, "content" if name == "meta" else "title")]
        for text in texts:
            yield from of_text(text)


def of_text(text: str) -> Iterator[str]:
    """Text, or what the HTML in it says."""
    if "<" in text:
        yield from of_tree(html.fragment_fromstring(text, create_parent="div"))
    else:
        yield text


def of_json(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if not key.endswith(("url", "type", "version", "id", "icon", "language")) and key != "date_modified":
                yield from of_json(each)
    elif isinstance(value, list):
        for each in value:
            yield from of_json(each)
    else:
        yield from of_text(str(value))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each document says, of the Spanish golden site without its English update, with a long one and an end."""
    folder = tmp_path_factory.mktemp("spanish")
    content = shutil.copytree(GOLDEN / "spanish" / "content", folder / "content")
    (content / "updates" / "2026-02-11-masks.yaml").unlink()
    with (content / "site.yaml").open("a") as file:
        file.write(ENDED)
    (content / "updates" / "2026-02-21-preguntas.yaml").write_text(LONG.format("Pregunta y respuesta. " * 800))
    return {
        name: spoken(name, body).replace("\N{NO-BREAK SPACE}", " ")
        for name, body in build(content, folder).items()
        if name.endswith(READ)
    }


def in_two_languages(site: str) -> str:
    """The Spanish ``site.yaml`` as that of an English site, of which it is the translation."""
    fields = yaml.safe_load(site)
    translated = {name: fields[name] for name in ("title", "description", "rights")}
    translated["categories"] = {
        each["slug"]: {"title": each["title"], "description": each["description"]} for each in fields["categories"]
    }
    english = {"title": "The local's news", "description": "All that is new.", "rights": "Share it.", "language": "en"}
    categories = [
        {"slug": each["slug"], "title": f"The {each['slug']}", "description": "More on it.", "since": "2026-01-05"}
        for each in fields["categories"]
    ]
    said = fields | english | {"categories": categories, "translations": {"es": translated}}
    return json.dumps(said, ensure_ascii=False)  # which is YAML, too


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each document in Spanish says of the same site when it is in English, and speaks Spanish besides."""
    folder = tmp_path_factory.mktemp("edition")
    content = shutil.copytree(GOLDEN / "spanish" / "content", folder / "content")
    said = (content / "site.yaml").read_text()
    (content / "site.yaml").write_text(in_two_languages(said))
    for path in (content / "updates").iterdir():
        if "\nlang:" not in path.read_text():
            twin = "translation_of: masks\n" if "mascarillas" in path.name else ""
            path.write_text(f"lang: es\n{twin}{path.read_text()}")
    return {
        name: spoken(name, body).replace("\N{NO-BREAK SPACE}", " ")
        for name, body in build(content, folder).items()
        if not body.startswith(b"/")  # what leads on says the path alone
        and name.endswith(READ)
        and (name.startswith(("es/", "embed/es/")) or b'<html lang="es">' in body)
    }


def english_in(text: str) -> set[str]:
    """The English that a text holds: common words, and whatever our own English says."""
    spanish = "\n".join(text for _, text in every_text(SPANISH))
    ours = {part for where, sentence in every_text(ENGLISH) if where != ".name" for part in parts(sentence)}
    found = {part for part in ours if part not in spanish and re.search(rf"\b{re.escape(part)}\b", text)}
    return found | {match[0] for match in COMMON.finditer(text)}


def test_no_english_stands_in_any_document(site: dict[str, str]) -> None:
    assert len(site) > 15
    assert {name: english_in(text) for name, text in site.items() if english_in(text)} == {}


def test_no_english_stands_in_any_document_of_a_site_that_speaks_spanish_besides(edition: dict[str, str]) -> None:
    assert len(edition) > 60
    assert {name: english_in(text) for name, text in edition.items() if english_in(text)} == {}
    assert "Salarios y contrato" in edition["es/salarios/rss.xml"]
    assert "updates/mascarillas/index.html" in edition


def test_english_would_be_found_in_every_kind_of_document() -> None:
    expected = GOLDEN / "features" / "expected"
    for name in ("index.html", "404.html", "rss.xml", "atom.xml", "feed.json", "updates/date-only/index.html"):
        assert len(english_in(spoken(name, (expected / name).read_bytes()))) > 3, name


def test_all_of_our_spanish_is_said_somewhere(site: dict[str, str]) -> None:
    """So the site above holds whatever could be English."""
    said = "\n".join(site.values())
    sentences = [(where, text) for where, text in every_text(SPANISH) if not where.startswith((*NEVER_SHOWN, *NAMES))]
    assert {where for where, text in sentences if any(part not in said for part in parts(text))} == set()
    assert len(sentences) > 60


def test_an_arabic_update_is_published_with_our_words_in_spanish(site: dict[str, str]) -> None:
    page = site["updates/kamamat/index.html"]
    for words in (
        "Publicado el",
        "Corregido el",
        "14 de febrero de 2026",
        "Archivos adjuntos",
        "PDF, 125 bytes",
        "Tabla",
    ):
        assert words in page
    assert "Corregido el 14 de febrero de 2026:" in site["covid/feed.json"]
