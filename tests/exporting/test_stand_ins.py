"""An export on a host that knows no rules: who comes by a former address is not lost there."""

from pathlib import Path

import feedparser
import icalendar
import pytest
from lxml import html

from feedsvc import urls
from feedsvc.exporting.directory import export_directory
from feedsvc.exporting.tree import file_name
from feedsvc.publication.reader import Reader
from tests.harness.folder import publish_folder, write_folder, write_update


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Content with former addresses, and an export of it."""
    root = write_folder(tmp_path_factory.mktemp("moved") / "content", 2)
    site = root / "site.yaml"
    safety = "  - slug: safety\n    title: Safety\n    description: Equipment.\n    since: 2026-01-07\n"
    site.write_text(site.read_text().replace("slug: pay\n", "slug: wages\n    aliases: [pay]\n") + safety)
    write_update(root, 3, categories="[pay]", more="event: 2199-01-02\naliases: [first]\n")
    exported = root.parent / "public"
    export(root, exported)
    return root, exported


def export(root: Path, folder: Path) -> None:
    publication = root.parent / "publication.db"
    publish_folder(root, publication)
    with Reader(publication) as reader:
        export_directory(reader, folder)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json", "calendar.ics", "oembed.json"])
@pytest.mark.parametrize(("former", "now"), [("pay", "wages"), ("covid_pay", "covid_wages")])
def test_a_former_address_of_a_feed_or_a_calendar_holds_the_same(
    former: str, now: str, name: str, folders: tuple[Path, Path]
) -> None:
    """Readers stop at a page in place of a feed."""
    _, exported = folders
    assert (exported / former / name).read_bytes() == (exported / now / name).read_bytes()


def test_what_programs_find_there_is_what_they_know_and_leads_on(folders: tuple[Path, Path]) -> None:
    _, exported = folders
    parsed = feedparser.parse((exported / "pay" / "atom.xml").read_bytes())
    assert parsed.feed.id == "tag:news.example.org,2026:feed/pay"
    assert [link.href for link in parsed.feed.links if link.rel == "self"] == [
        "https://news.example.org/wages/atom.xml"
    ]
    for name in ("pay/calendar.ics", "updates/first/event.ics"):
        calendar = icalendar.Calendar.from_ical((exported / name).read_bytes())
        assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [
            "tag:news.example.org,2026:entry/2026-02-01-update-3"
        ]


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("pay", "wages/"),
        ("covid_pay", "covid_wages/"),
        ("pay/subscribe", "wages/subscribe/"),
        ("pay/poster", "wages/poster/"),
        ("embed/pay", "embed/wages/"),
        ("updates/first", "updates/update-3/"),
        ("updates/first/embed", "updates/update-3/embed/"),
    ],
)
def test_a_former_address_of_a_page_leads_on_without_script(former: str, now: str, folders: tuple[Path, Path]) -> None:
    _, exported = folders
    page = html.document_fromstring((exported / former / "index.html").read_text())
    url = f"https://news.example.org/{now}"
    assert page.xpath("//link[@rel='canonical']/@href") == page.xpath("//a/@href") == [url]
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={url}"]
    assert (exported / now / "index.html").is_file()


def test_what_nobody_follows_has_no_copy(folders: tuple[Path, Path]) -> None:
    """History is led to by feeds, which say where it is now; cards there are as many as updates."""
    _, exported = folders
    lines = [line.split()[:2] for line in (exported / "_redirects").read_text().splitlines()]
    habits = tuple(f"/{name}" for name in urls.HABITUAL_FEED_NAMES)
    ways = dict(line for line in lines if not set("*:") & set(line[0]) and not line[0].endswith(habits))
    held = {path for path in ways if (exported / file_name(path)).is_file()}
    left = ways.keys() - held
    assert {"/pay/2026/", "/pay/2026/atom.xml", "/pay/card.png", "/wages/card.png"} <= left
    assert [path for path in left if "/2026/" not in path and not path.endswith("/card.png")] == []


def test_a_copy_follows_its_feed_and_goes_with_its_address(tmp_path: Path) -> None:
    root, exported = write_folder(tmp_path / "content", 1), tmp_path / "public"
    site = root / "site.yaml"
    plain = site.read_text()
    site.write_text(plain.replace("slug: pay\n", "slug: pay\n    aliases: [wages]\n"))
    export(root, exported)
    before = (exported / "wages" / "rss.xml").read_bytes()
    write_update(root, 2, categories="[pay]")
    export(root, exported)
    assert (exported / "wages" / "rss.xml").read_bytes() == (exported / "pay" / "rss.xml").read_bytes() != before
    site.write_text(plain)
    export(root, exported)
    assert not (exported / "wages").exists()
