"""What time, corrections and withdrawals do to documents: dates that pass, what is told for a while, what is gone."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import icalendar
import pytest
from lxml import html

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.loader import load_content
from feedsvc.content.source import Source
from feedsvc.documents import recipes
from feedsvc.documents.changed import Changed
from feedsvc.documents.index import Index
from feedsvc.documents.listed import list_entry
from feedsvc.documents.moved import FORMER_AT_MOST, former_of
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.kinds import GONE, MOVED, UPDATE
from feedsvc.model import Document
from feedsvc.places import Place
from feedsvc.settings import Settings
from tests.content.samples import SITE, entry_text, make_root
from tests.make import make_category, make_site

DAY = 86_400


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_root(tmp_path_factory.mktemp("life"))


class House:
    """A site of these updates, each by its file's name, at an instant."""

    def __init__(self, root: Path, updates: dict[str, str], as_of: int) -> None:
        files = Files(root)
        self.loaded = {name: load_entry(Source(name, text.encode()), SITE, files) for name, text in updates.items()}
        self.index = Index(as_of)
        self.index.fill(list_entry(loaded, SITE) for loaded in self.loaded.values())
        self.plan = Plan(SITE, (), self.index, lambda source: self.loaded[source].entry, files)

    def all_keys(self) -> dict[str, str]:
        changed = self.index.everything()
        return {one.path: one.key for one in self.recipes(changed)}

    def recipes(self, changed: Changed) -> list[Recipe]:
        found = [one for one in recipes(self.plan, changed) if isinstance(one, Recipe)]
        return [one for one in found if not one.path.startswith(("/favicon", "/feeds.opml", "/404", "/static"))]

    def document(self, path: str) -> Document:
        changed = self.index.everything()
        return next(one for one in self.recipes(changed) if one.path == path).render()

    def feed(self, path: str) -> list[str]:
        return [entry.title for entry in feedparser.parse(self.document(path).body).entries]

    def page(self, path: str) -> html.HtmlElement:
        return html.document_fromstring(self.document(path).body.decode())


def texts(page: html.HtmlElement, xpath: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.xpath(xpath)]


def update(number: int, **fields: str) -> dict[str, str]:
    """A file of that number, published on that day of January."""
    return {
        f"2026-01-{number:02}-update-{number}.yaml": entry_text(
            title=f"Update {number}", published=f"2026-01-{number:02} 09:00", **fields
        )
    }


def test_a_deadline_is_closed_from_its_second_on_and_no_longer_coming(root: Path) -> None:
    closing = seconds("2026-03-01T22:00:00")
    updates = update(1, deadline="2026-03-01 17:00") | update(2)
    before, after = House(root, updates, closing - 1), House(root, updates, closing)
    assert before.index.next_change == closing
    for path in ("/", "/covid/"):
        assert texts(before.page(path), "//section[@class='coming']//li/a") == ["Update 1"]
        assert texts(before.page(path), "//strong[@class='over']") == []
        assert before.document(path).expires == closing
        assert after.page(path).xpath("//section[@class='coming']") == []
        assert texts(after.page(path), "//section[h2]//strong[@class='over']") == ["Closed"]
    assert texts(after.page("/updates/update-1/"), "//strong[@class='over']") == ["Closed"]
    for house, offered in ((before, ["/updates/update-1/event.ics"]), (after, [])):
        assert house.page("/updates/update-1/").xpath("//a[contains(@href, 'event.ics')]/@href") == offered
    changed = {path for path, key in after.all_keys().items() if before.all_keys()[path] != key}
    sheets = {"/poster/", "/covid/poster/"}
    assert changed == {"/", "/covid/", "/updates/update-1/", *sheets}  # no feed and no calendar


def test_what_is_coming_stands_by_its_next_date(root: Path) -> None:
    sessions = "\n  - {start: 2026-02-03, id: first}\n  - {start: 2026-02-20}"
    updates = update(1, event=sessions) | update(2, deadline="2026-02-10") | update(3, event="2026-02-04 18:00")
    updates |= update(4)
    early, late = (
        House(root, updates, seconds("2026-02-02T00:00:00")),
        House(root, updates, seconds("2026-02-06T00:00")),
    )
    assert texts(early.page("/"), "//section[@class='coming']//li/a") == ["Update 1", "Update 3", "Update 2"]
    assert texts(late.page("/"), "//section[@class='coming']//li/a") == ["Update 2", "Update 1"]
    assert texts(late.page("/"), "//section[@class='coming']//p") == [
        "Deadline: Tuesday, February 10, 2026",
        "When: Friday, February 20, 2026",
    ]


@pytest.mark.parametrize(
    ("updates", "coming"),
    [
        (update(1, event="2026-04-01") | update(2), ["Update 1"]),
        (update(1) | update(2, event="2026-04-01"), []),
        (update(1, event="2026-04-02") | update(2, event="2026-04-01"), ["Update 1"]),
        (update(1, event="2026-04-01", urgent_until="2026-04-01") | update(2), []),
        (update(1, event="2026-04-01", urgent_until="2026-02-01") | update(2), ["Update 1"]),
        (
            update(1, event="2026-04-01") | update(2, event="2026-04-02") | update(3, urgent_until="2026-04-01"),
            ["Update 1"],
        ),
    ],
    ids=["an older one", "the newest", "both", "urgent", "urgent no more", "the newest below what is urgent"],
)
def test_what_is_coming_is_said_once_above_the_list(root: Path, updates: dict[str, str], coming: list[str]) -> None:
    """The newest update, and what is urgent, say their dates right above it; the sheet has neither."""
    house = House(root, updates, seconds("2026-03-01T00:00:00"))
    for path in ("/", "/covid/"):
        assert texts(house.page(path), "//section[@class='coming']//li/a") == coming, path
    dated = sum("event:" in text for text in updates.values())
    assert len(texts(house.page("/covid/poster/"), "//section[@class='dates']//li")) == dated


def followed(stored: dict[str, str], found: list[Recipe | Absent]) -> dict[str, str]:
    """The keys of documents after a change that says this."""
    gone = [one for one in found if isinstance(one, Absent)]
    below = tuple(one.path for one in gone if one.below)
    kept = stored.keys() - {one.path for one in gone} - {path for path in stored if path.startswith(below)}
    return {path: stored[path] for path in kept} | {one.path: one.key for one in found if isinstance(one, Recipe)}


def test_letting_time_pass_gives_what_a_cold_start_gives_then(root: Path) -> None:
    """So nothing waits for a change of content to be said."""
    updates = update(1, deadline="2026-02-01", event="2026-01-20 18:00", urgent_until="2026-01-25")
    updates |= update(2, changes="[{date: 2026-01-10, note: a}]", expires="2026-02-20")
    updates |= update(3, withdrawn="2026-01-15", reason="a", event="2026-01-30") | update(4, replaces="update-1")
    as_of = seconds("2026-01-05T00:00:00")
    house, steps = House(root, updates, as_of), 0
    shown = house.all_keys()
    while house.index.next_change is not None:
        turn, changed = house.index.next_change, Changed()
        for instant in (turn - 1, turn):
            house.index.advance(instant, changed)
            shown = followed(shown, list(recipes(house.plan, changed)))
            assert shown == House(root, updates, instant).all_keys()
        steps += 1
    assert steps >= 9


def test_a_corrected_update_stands_in_its_feeds_for_thirty_days_however_old(root: Path) -> None:
    corrected = seconds("2026-03-01T14:00:00")
    updates = {name: text for number in range(1, 32) for name, text in update(number).items()}
    silent = House(root, updates, corrected)
    updates |= update(1, changes="[{date: 2026-03-01, note: Another room.}]")
    fresh, last, late = (House(root, updates, corrected + after) for after in (0, 30 * DAY - 1, 30 * DAY))
    small = {name: text.replace("Wear", "Wear " * 4_000) for name, text in updates.items()}
    for path in ("/covid/rss.xml", "/covid/atom.xml", "/atom.xml"):
        assert len(silent.feed(path)) == 31
    many = {
        f"2026-02-{n:02}-b-{n}.yaml": entry_text(title=f"B {n}", published=f"2026-02-{n:02} 10:00")
        for n in range(1, 29)
    }
    for house, is_told in [
        (House(root, many | updates, corrected), True),
        (House(root, many | updates, corrected + 30 * DAY - 1), True),
        (House(root, many | updates, corrected + 30 * DAY), False),
    ]:
        assert ("Update 1" in house.feed("/covid/rss.xml")) == is_told
        assert house.feed("/covid/rss.xml")[:2] == ["B 28", "B 27"]
    assert fresh.feed("/rss.xml") == last.feed("/rss.xml") == late.feed("/rss.xml")
    large = House(root, many | small, corrected).feed("/rss.xml")
    assert "Update 1" in large


def test_a_withdrawn_update_is_gone_told_and_cancelled(root: Path) -> None:
    withdrawn = seconds("2026-03-01T14:00:00")
    updates = update(1, event="2026-03-20", withdrawn="2026-03-01", reason="No hall.") | update(2)
    updates |= update(3, replaces="update-1")
    house, late = House(root, updates, withdrawn), House(root, updates, withdrawn + 30 * DAY)
    for each in (house, late):
        gone = each.document("/updates/update-1/")
        page = html.document_fromstring(gone.body.decode())
        assert gone.kind is GONE
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert "No hall." in texts(page, "//article")[0]
        assert texts(page, "//p[@class='note']") == ["This update was replaced: Update 3"]
        for path in ("/calendar.ics", "/covid/calendar.ics", "/updates/update-1/event.ics"):
            (event,) = icalendar.Calendar.from_ical(each.document(path).body).walk("VEVENT")
            assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "Withdrawn: Update 1" in house.feed("/rss.xml")
    assert "Withdrawn: Update 1" not in late.feed("/rss.xml")
    assert texts(house.page("/"), "//section[@class='coming']") == []
    assert "Withdrawn: Update 1" in texts(house.page("/"), "//h4 | //h3")
    assert texts(house.page("/"), "//main//p[@class='note']") == []  # the summary tells when
    assert "Withdrawn: Update 1" not in texts(late.page("/"), "//h4 | //h3")


def test_what_replaces_another_and_what_is_replaced_lead_to_each_other(root: Path) -> None:
    updates = update(1) | update(2, replaces="update-1") | update(3, replaces="update-4") | update(4, draft="true")
    house = House(root, updates, seconds("2026-03-01T14:00:00"))
    assert texts(house.page("/updates/update-1/"), "//p[@class='note']") == ["This update was replaced: Update 2"]
    assert texts(house.page("/updates/update-2/"), "//p[@class='note']") == [
        "This replaces an earlier update. Update 1"
    ]
    assert texts(house.page("/updates/update-3/"), "//p[@class='note']") == []
    assert b"update-4" not in house.document("/atom.xml").body


@pytest.mark.parametrize("field", ["related", "replaces", "translation_of"])
@pytest.mark.parametrize("waiting", [{"draft": "true"}, {"published": "2026-04-01 09:00"}])
@pytest.mark.parametrize("way", [iter, reversed])
def test_no_document_names_what_is_not_to_be_seen_whichever_is_made_first(
    root: Path, field: str, waiting: dict[str, str], way: Callable[[list[Recipe]], Iterator[Recipe]]
) -> None:
    own = f'"{field} {waiting} {way.__name__}"'  # what is known of another case must not be of use here
    named = "[update-9]" if field == "related" else "update-9"
    naming = entry_text(summary=own, event="2026-05-01", lang="es", **{field: named})
    updates = {"2026-01-01-update-1.yaml": naming, "2026-01-09-update-9.yaml": entry_text(**waiting)}
    house = House(root, updates, seconds("2026-03-01T14:00:00"))
    made = [recipe.render() for recipe in way(house.recipes(house.index.everything()))]
    assert [document.path for document in made if b"update-9" in document.body] == []


def test_what_is_urgent_stands_above_all_until_then(root: Path) -> None:
    until = seconds("2026-01-21T04:59:00")
    updates = update(1, urgent_until="2026-01-20") | update(2)
    before, after = House(root, updates, until - 1), House(root, updates, until)
    for path in ("/", "/covid/"):
        assert texts(before.page(path), "//section[@class='urgent']/h2") == ["Urgent Update 1"]
        listed = "//div[starts-with(@class, 'news ')]/h3 | //ol[@class='updates']//h4"
        assert [texts(house.page(path), listed) for house in (before, after)] == [
            ["Update 2"],
            ["Update 2", "Update 1"],
        ]
        assert after.page(path).xpath("//section[@class='urgent']") == []
    assert before.page("/pay/").xpath("//section[@class='urgent']") == []
    assert before.document("/rss.xml").body == after.document("/rss.xml").body  # marked for good


def test_calendars_hold_the_past_year_and_all_that_comes_and_may_be_empty(root: Path) -> None:
    updates = update(1, event="2026-02-01") | update(2, event="2031-05-01", lang="es") | update(3)
    end = seconds("2026-02-02T05:00:00")

    def held(house: House, path: str) -> list[str]:
        calendar = icalendar.Calendar.from_ical(house.document(path).body)
        return [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]

    assert held(House(root, updates, end + 366 * DAY - 1), "/calendar.ics") == ["Update 1", "Update 2"]
    assert held(House(root, updates, end + 366 * DAY), "/calendar.ics") == ["Update 2"]
    house = House(root, updates, end)
    assert held(house, "/pay/calendar.ics") == []
    assert held(house, "/updates/update-1/event.ics") == ["Update 1"]
    assert "/updates/update-3/event.ics" not in house.all_keys()


def test_former_addresses_lead_on_unless_something_stands_there(root: Path) -> None:
    as_of = seconds("2026-03-01T14:00:00")
    updates = update(1, slug="new", aliases="[old, older, taken]", event="2026-04-01") | update(2, slug="taken")
    updates |= update(3, aliases="[older, oldest]")
    house = House(root, updates, as_of)
    for path, target in [
        ("/updates/old/", "/updates/new/"),
        ("/updates/old/event.ics", "/updates/new/event.ics"),
        ("/updates/older/", "/updates/new/"),  # which was published before the other
        ("/updates/oldest/", "/updates/update-3/"),
    ]:
        moved = house.document(path)
        assert (moved.kind, moved.page_path) == (MOVED, target)
    assert house.document("/updates/taken/").kind is UPDATE
    assert "/updates/taken/event.ics" not in house.all_keys()


def test_whatever_changes_a_former_address_is_what_a_cold_start_makes(root: Path) -> None:
    as_of = seconds("2026-03-01T14:00:00")
    first = update(1, slug="new", aliases="[old, taken]", event="2026-04-01") | update(2, slug="taken")
    house, current = House(root, first, as_of), dict(first)
    stored = house.all_keys()
    for changes in (
        update(1, slug="new", aliases="[taken]"),
        dict.fromkeys(update(2)),
        update(1, slug="newest", aliases="[old, new]", event="2026-04-01"),
        update(2, slug="old"),
        dict.fromkeys(update(1)),
        update(1, slug="new", aliases="[old]", draft="true"),
        update(1, slug="new", aliases="[old, lost]"),
    ):
        current = {name: text for name, text in (current | changes).items() if text is not None}
        cold = House(root, current, as_of)
        house.loaded |= cold.loaded
        lines = {name: list_entry(cold.loaded[name], SITE) if name in current else None for name in changes}
        found = list(recipes(house.plan, house.index.change(lines)))
        said = [one.path for one in found if isinstance(one, Recipe) or not one.below]
        assert len(set(said)) == len(said)
        stored = followed(stored, found)
        assert stored == cold.all_keys()


def test_a_renamed_category_keeps_its_feed_and_its_subscribers(tmp_path: Path) -> None:
    """Its feed has the same id, and every file of it is found from where it was, also in mixes."""
    categories = (
        "\n  - {slug: covid, title: COVID, description: Rules., since: 2026-01-05}"
        "\n  - {slug: wages, aliases: [pay, salary], title: Wages, description: Raises., since: 2026-01-05}"
        "\n  - {slug: safety, title: Safety, description: Risks., since: 2026-01-05}"
    )
    root = make_root(tmp_path, categories=categories)
    for name, text in (update(1, categories="[pay]") | update(2, categories="[wages, covid]")).items():
        (root / "updates" / name).write_text(text)
    content = load_content(root, Settings(publication=tmp_path / "publication.db"))
    assert content.site is not None
    assert content.problems == ()
    index = Index(seconds("2026-03-01T14:00:00"))
    index.fill(list_entry(loaded, content.site.site) for loaded in content.entries.values())
    plan = Plan(content.site.site, (), index, lambda source: content.entries[source].entry, Files(root))
    found = {one.path: one for one in recipes(plan, Changed(is_whole=True)) if isinstance(one, Recipe)}
    for former in ("pay", "salary"):
        for name in ("", "rss.xml", "atom.xml", "feed.json", "calendar.ics"):
            assert found[f"/{former}/{name}"].render().page_path == f"/wages/{name}"
            assert found[f"/covid_{former}/{name}"].render().page_path == f"/covid_wages/{name}"
    lost = {
        path.replace("wages", former, 1)
        for path in found
        for former in ("pay", "salary")
        if "wages/" in path and not re.search(r"/card\.[0-9a-f]+\.png$", path)
    }
    assert {"/pay/2026/", "/salary/2026/rss.xml", "/pay/poster/", "/pay/card.png", "/covid_pay/feeds.opml"} <= lost
    assert lost - found.keys() == set()
    led = {path: one.document.page_path for path, one in found.items() if one.document.kind is MOVED}
    assert {path for path, to in led.items() if to not in found or to in led} == {"/apple-touch-icon.png"}  # a picture
    parsed = feedparser.parse(found["/wages/atom.xml"].render().body)
    assert parsed.feed.id == "tag:news.example.org,2026:feed/pay"
    assert {"Update 1", "Update 2"} <= {entry.title for entry in parsed.entries}


def test_a_mix_of_much_renamed_categories_leads_on_from_the_names_most_like_its_own() -> None:
    """All of them would be 160,000."""
    categories = tuple(
        make_category(slug, aliases=tuple(f"{slug}-{number}" for number in range(20)))
        for slug in ("a-a", "b", "c", "d")
    )
    place = Place(tuple(category.slug for category in categories))
    former = [each.categories for each in former_of(place, make_site(categories=categories))]
    assert len(former) == len(set(former)) == FORMER_AT_MOST
    assert {sum(one != other for one, other in zip(each, place.categories, strict=True)) for each in former[:80]} == {1}
