"""The site becomes HTML that people read: one module per kind of page, and the files that pages load.

Pure: the same site, entries and instant (``as_of``) are the same bytes. A page links to itself without scheme and
host, loads nothing from elsewhere, carries no inline style or script, and works without script.
"""

from feedsvc.pages.assets import Asset, assets, element_script
from feedsvc.pages.cards import Card, card_of, card_of_update
from feedsvc.pages.dates import BEGINNING, Present
from feedsvc.pages.embeds import builder_page, place_embed, update_embed
from feedsvc.pages.following import following_page
from feedsvc.pages.gone import gone_page
from feedsvc.pages.landing import landing_page
from feedsvc.pages.not_found import deleted_page, not_found_page
from feedsvc.pages.oembed import place_oembed, update_oembed
from feedsvc.pages.place import place_page
from feedsvc.pages.update import Heading, Neighbours, update_page
from feedsvc.pages.versions import Version, Versions
from feedsvc.pages.year import Dated, Year, year_page

__all__ = [
    "BEGINNING",
    "Asset",
    "Card",
    "Dated",
    "Heading",
    "Neighbours",
    "Present",
    "Version",
    "Versions",
    "Year",
    "assets",
    "builder_page",
    "card_of",
    "card_of_update",
    "deleted_page",
    "element_script",
    "following_page",
    "gone_page",
    "landing_page",
    "not_found_page",
    "place_embed",
    "place_oembed",
    "place_page",
    "update_embed",
    "update_oembed",
    "update_page",
    "year_page",
]
