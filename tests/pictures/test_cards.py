"""Cards: legible at any title, and never a letter that the font does not have."""

import json
import re
from importlib.resources import files
from io import BytesIO

import pytest
from PIL import Image

from feedsvc.pages.cards import COLOURS
from feedsvc.pictures.cards import BAR, MARGIN, draw_card
from feedsvc.pictures.sizes import CARD

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TITLES = {
    "one letter": "A",
    "a category": "COVID",
    "Spanish": "Negociación colectiva: ¿qué sigue?",
    "140 letters": "What the employer told us about masks " * 4,
    "300 letters": "Retroactive pay is in this week's check " * 8,
    "one word": LONG,
    "no space": "x" * 300,
    "Arabic": "الكمامات إلزامية من جديد",
    "nothing that can be drawn": "漢字 😀 \U0010fffd",
}


def draw(title: str, **more: object) -> bytes:
    said = {"title": title, "text": "", "foot": "", "colour": "#9c1f4a", "is_turned": False} | more
    return draw_card(json.dumps(said).encode())


def ink(body: bytes) -> tuple[int, int, int, int] | None:
    """The box of all that is drawn below the stripe."""
    image = Image.open(BytesIO(body)).convert("RGB").crop((0, BAR, CARD.width, CARD.height))
    ground = Image.new("RGB", image.size, "#9c1f4a")
    return Image.frombytes("L", image.size, bytes(map(abs, _differences(image, ground)))).getbbox()


def _differences(image: Image.Image, ground: Image.Image) -> list[int]:
    return [one - other for one, other in zip(image.convert("L").tobytes(), ground.convert("L").tobytes(), strict=True)]


@pytest.mark.parametrize("name", TITLES)
def test_a_card_keeps_its_margins_and_weighs_little(name: str) -> None:
    body = draw(TITLES[name])
    image = Image.open(BytesIO(body))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(body) < 100_000
    box = ink(body)
    assert (box is None) is (name == "nothing that can be drawn")
    if box:
        assert box[0] >= MARGIN - 4
        assert box[2] <= CARD.width - MARGIN + 4
        assert box[3] - box[1] >= 32
    assert draw(TITLES[name]) == body


def test_all_that_it_says_fits_below_each_other() -> None:
    """The longest title, text and foot: the foot stays alone at the bottom."""
    body = draw(TITLES["300 letters"], text="And why it matters to you. " * 20, foot="Local 7600 " * 20)
    without = draw(TITLES["300 letters"], text="And why it matters to you. " * 20)
    box, above = ink(body), ink(without)
    assert box
    assert above
    assert box[3] <= CARD.height - BAR
    assert above[3] < CARD.height - BAR - MARGIN - 36


@pytest.mark.parametrize("title", ["Masks are required again from Monday", *TITLES.values()])
@pytest.mark.parametrize("text", ["COVID", "Rules at work that protect you, and who answers for them. " * 2])
def test_nothing_is_written_over_the_foot(title: str, text: str) -> None:
    above, foot = ink(draw(title, text=text)), ink(draw("", foot="Local 7600"))
    assert above
    assert foot
    assert above[3] < foot[1]


def test_words_are_cut_between_each_other() -> None:
    """The last word stays whole: what is drawn is one of the beginnings."""
    cut = [draw(" ".join(["masks"] * count) + "…") for count in range(30, 50)]
    assert draw(" ".join(["masks"] * 60)) in cut


def test_what_runs_from_right_to_left_begins_at_the_right() -> None:
    box = ink(draw("الكمامات", is_turned=True))
    assert box
    assert box[2] >= CARD.width - MARGIN - 12
    assert box[0] > CARD.width / 2


@pytest.mark.parametrize(("title", "side", "is_turned"), [("COVID: الكمامات", 1, True), ("الكمامات, masks", 0, False)])
def test_a_title_in_two_scripts_runs_as_its_language_does(title: str, side: int, is_turned: bool) -> None:
    """Its first word stands where a reader begins, whatever letters it has."""
    first = re.findall(r"\w+", title)[0]
    begins = (CARD.width - MARGIN - 90, BAR, CARD.width, CARD.height) if side else (0, BAR, MARGIN + 90, CARD.height)
    whole, alone = (Image.open(BytesIO(draw(text, is_turned=is_turned))).crop(begins) for text in (title, first))
    assert whole.tobytes() == alone.tobytes()


def test_letters_that_the_font_lacks_are_left_out() -> None:
    assert draw("Masks 漢字") == draw("Masks")


def test_cards_have_the_colours_of_pages() -> None:
    style = files("feedsvc.pages").joinpath("static", "style.css").read_text()
    light = re.findall(r"\.category-([1-8]) \{ --category: (#[0-9a-f]{6}); \}", style)[: len(COLOURS)]
    assert tuple(colour for _, colour in light) == COLOURS
