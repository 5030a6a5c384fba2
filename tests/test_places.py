"""What follows from what a place selects."""

from datetime import timedelta

import pytest

from feedsvc.places import ALL, Place, lists_of, places_of
from tests.make import SINCE, make_category, make_entry, make_site

SITE = make_site(title="Local 7", categories=(make_category("covid", title="COVID"), make_category("pay", title="Pay")))
COVID, PAY, BOTH = Place(("covid",)), Place(("pay",)), Place(("covid", "pay"))


@pytest.mark.parametrize(
    ("place", "path", "feed"),
    [
        (ALL, "/", "all"),
        (COVID, "/covid/", "covid"),
        (BOTH, "/covid_pay/", "covid_pay"),
        (Place(year=2020), "/2020/", "all"),
        (Place(("covid",), year=2020), "/covid/2020/", "covid"),
        (Place(language="es"), "/es/", "es/all"),
        (Place(("covid",), "es"), "/es/covid/", "es/covid"),
        (Place(("covid", "pay"), "es", 2020), "/es/covid_pay/2020/", "es/covid_pay"),
    ],
)
def test_address_and_feed_id_follow(place: Place, path: str, feed: str) -> None:
    assert place.path == path
    assert place.feed_id(SITE) == f"tag:news.example.org,2026:feed/{feed}"


@pytest.mark.parametrize(
    ("place", "title", "feed_title"),
    [(ALL, "Local 7", "Local 7"), (COVID, "COVID", "Local 7: COVID"), (BOTH, "COVID + Pay", "Local 7: COVID + Pay")],
)
def test_a_place_has_the_title_of_what_it_selects(place: Place, title: str, feed_title: str) -> None:
    assert (place.title(SITE), place.feed_title(SITE)) == (title, feed_title)


def test_a_place_is_as_old_as_its_oldest_category() -> None:
    old = make_category("pay", since=SINCE - timedelta(days=400))
    site = make_site(categories=(make_category("covid"), old))
    assert [place.since(site) for place in (ALL, COVID, PAY, BOTH)] == [old.since, SINCE, old.since, old.since]


def test_what_a_place_holds_is_what_is_in_one_of_its_categories_and_its_language() -> None:
    spanish = make_entry(categories=("pay",), language="es-MX", edition="es")
    places = (ALL, COVID, PAY, BOTH, Place(language="es"), Place(("covid",), "es"), Place(("pay",), "es"))
    assert [place.holds(spanish) for place in places] == [True, False, True, True, True, False, True]
    assert [place.holds(make_entry(categories=("covid",))) for place in places] == [True, True, False, True] + [
        False
    ] * 3


def test_an_update_stands_in_the_lists_of_everything_and_of_its_categories() -> None:
    assert list(lists_of(make_entry(categories=("covid", "pay")))) == [ALL, COVID, PAY]


def test_the_places_of_a_site_are_everything_its_categories_and_its_mixes() -> None:
    assert list(places_of(make_site(categories=SITE.categories, mixes=(("covid", "pay"),)))) == [ALL, COVID, PAY, BOTH]
