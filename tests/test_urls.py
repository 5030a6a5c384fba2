import pytest

from feedsvc import urls
from tests.make import make_site


def test_a_base_url_with_a_path_is_kept_in_front() -> None:
    site = make_site(base_url="https://alliance.example/local-7/")
    assert urls.absolute(site.base_url, "/covid/") == "https://alliance.example/local-7/covid/"
    assert urls.href(site, "/covid/") == "/local-7/covid/"


def test_ids_never_depend_on_the_host() -> None:
    here, there = make_site(base_url="https://a.example/"), make_site(base_url="https://b.example/x/")
    assert urls.entry_id(here, "2026-03-01-masks") == urls.entry_id(there, "2026-03-01-masks")


def test_a_file_has_an_address_that_any_program_takes() -> None:
    assert urls.file_path("2026/pay scale.pdf") == "/files/2026/pay%20scale.pdf"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/covid", "/covid/"),
        ("/COVID/", "/covid/"),
        ("/feed", "/rss.xml"),
        ("/feed/", "/rss.xml"),
        ("/covid/feed", "/covid/rss.xml"),
        ("/atom", "/atom.xml"),
        ("/index.xml", "/rss.xml"),
    ],
)
def test_near_misses_lead_to_what_was_probably_meant(path: str, meant: str) -> None:
    assert meant in urls.near_misses(path)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/pay_covid/", "/covid_pay/"),
        ("/Pay_COVID", "/covid_pay/"),
        ("/pay_training_covid/atom.xml", "/covid_training_pay/atom.xml"),
        ("/pay_covid_pay/feed", "/covid_pay/rss.xml"),
        ("/pay_pay/", "/pay/"),
        ("/es/pay_covid/", "/es/covid_pay/"),
    ],
)
def test_categories_of_a_mix_in_any_order_lead_to_that_of_the_site(path: str, meant: str) -> None:
    assert meant in urls.near_misses(path, ("covid", "training", "pay"))


def test_what_is_no_mix_keeps_its_order() -> None:
    assert "/pay_masks/" in urls.near_misses("/pay_masks", ("covid", "pay"))
    assert urls.near_misses("/files/b_a.pdf", ("a", "b")) == ["/files/b_a.pdf/"]


def test_a_host_of_files_is_told_every_other_order_of_a_mix() -> None:
    assert list(urls.other_orders("/a_b/rss.xml")) == ["/b_a/rss.xml"]
    assert len(set(urls.other_orders("/a_b_c/"))) == 5
    assert [*urls.other_orders("/a_b_c_d_e/"), *urls.other_orders("/a/"), *urls.other_orders("/files/a_b.pdf")] == []


def test_a_near_miss_is_never_the_address_itself() -> None:
    assert urls.near_misses("/covid/") == ["/covid"]


@pytest.mark.parametrize(
    "path", ["//evil.example/", "///evil.example", "/\\\\evil.example//", "//", "//COVID//rss.xml/"]
)
def test_no_address_that_was_meant_is_one_of_another_host(path: str) -> None:
    assert [meant for meant in urls.near_misses(path) if meant.startswith("//") or not meant.startswith("/")] == []


def test_a_site_knows_its_categories() -> None:
    site = make_site()
    assert site.category(site.categories[0].slug) is site.categories[0]
    with pytest.raises(KeyError):
        site.category("nothing")


def test_a_card_that_was_there_before_is_looked_for_where_the_present_one_is_told() -> None:
    assert urls.near_misses("/covid/card.0123456789abcdef.png") == [
        "/covid/card.0123456789abcdef.png/",
        "/covid/card.png",
    ]
    assert urls.near_misses("/covid/card.png") == ["/covid/card.png/"]
