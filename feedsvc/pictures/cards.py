"""The picture that goes with a link to a place where chats and other sites show one: its name, large, in its colour.

It is drawn in as few colours as there are steps from the ground to white, so it weighs little and is sharp.
"""

import json
import struct
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache, partial
from importlib.resources import files
from io import BytesIO

import deflate
from PIL import Image, ImageDraw, ImageFont, features

from feedsvc.kinds import GZIP
from feedsvc.pictures.png import SIGNATURE, chunk
from feedsvc.pictures.sizes import CARD

MARGIN = 80
BAR = 24  # the height of the stripe at the top
TITLE_SIZES = (128, 112, 96, 84, 72, 60, 52)
TEXT_SIZE, FOOT_SIZE = 44, 36
TEXT_LINES = 3
GAP = MARGIN / 3  # below the title, and below the text
SPACING = 1.2
INK, STRIPE = 254, 255  # places in the palette; those below INK lead from the ground to it
INDEXED = 3  # PNG's type of colour that is a place in a palette
STRIPE_COLOUR = (255, 196, 69)
ELLIPSIS = "…"
LETTERS = 4_096  # of which is remembered if the font has them
FONT = "DejaVuSansCondensed-Bold.ttf"


def draw_card(words: bytes) -> bytes:
    """The PNG of which ``words`` say title, text, foot and colour (``#rrggbb``), and if it runs from the right."""
    said = json.loads(words)
    image = Image.new("L", (CARD.width, CARD.height), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, CARD.width, BAR - 1), fill=STRIPE)
    foot = _fit(said["foot"], (FOOT_SIZE,), FOOT_SIZE * SPACING)
    text = _fit(said["text"], (TEXT_SIZE,), TEXT_LINES * TEXT_SIZE * SPACING)
    bottom = CARD.height - MARGIN - FOOT_SIZE
    title = _fit(said["title"], TITLE_SIZES, bottom - MARGIN - 2 * GAP - len(text[1]) * TEXT_SIZE * SPACING)
    x, anchor = (CARD.width - MARGIN, "ra") if said["is_turned"] else (MARGIN, "la")
    y = float(MARGIN)
    way = ("rtl" if said["is_turned"] else "ltr") if features.check("raqm") else None  # whatever a line begins with
    for direction, (size, lines) in ((way, title), (None, text)):
        for line in lines:
            draw.text((x, y), line, fill=INK, font=font(size), anchor=anchor, direction=direction)
            y += size * SPACING
        y += GAP
    for line in foot[1]:
        draw.text((x, bottom), line, fill=INK, font=font(FOOT_SIZE), anchor=anchor)
    return _pack(image, palette(said["colour"]))


def _pack(image: Image.Image, colours: bytes) -> bytes:
    """The PNG of places in a palette; by libdeflate in a third of the time that Pillow takes, and smaller."""
    width, height = image.size
    pixels = image.tobytes()
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))  # none of them filtered
    header = struct.pack(">IIBBBBB", width, height, 8, INDEXED, 0, 0, 0)
    parts = {b"IHDR": header, b"PLTE": colours, b"IDAT": bytes(deflate.zlib_compress(rows, GZIP)), b"IEND": b""}
    return SIGNATURE + b"".join(chunk(name, content) for name, content in parts.items())


def as_png(image: Image.Image, level: int) -> bytes:
    """The octets of a picture, packed with that much care."""
    octets = BytesIO()
    image.save(octets, format="PNG", compress_level=level)
    return octets.getvalue()


def palette(colour: str) -> bytes:
    """From a colour, which is place 0, to white (INK); STRIPE is one more."""
    ground = bytes.fromhex(colour.removeprefix("#"))
    steps = [[part + (255 - part) * step // INK for part in ground] for step in range(INK + 1)]
    return bytes(part for step in (*steps, STRIPE_COLOUR) for part in step)


def _fit(text: str, sizes: tuple[int, ...], height: float) -> tuple[int, list[str]]:
    """The largest size in which the text is at most so high, and its lines; cut where none is small enough."""
    words = list(_words("".join(filter(is_drawn, text)).split(), sizes[-1]))
    for size in sizes:
        lines = wrap(words, partial(_fits, size=size))
        if len(lines) * size * SPACING <= height and all(_fits(line, size) for line in lines):
            return size, lines
    size = sizes[-1]
    lines = wrap(words, partial(_fits, size=size))[: int(height / size / SPACING)]
    while not _fits(lines[-1] + ELLIPSIS, size):
        lines[-1] = lines[-1].rpartition(" ")[0] or lines[-1][:-1]
    return size, [*lines[:-1], lines[-1] + ELLIPSIS]


def _words(words: list[str], size: int) -> Iterator[str]:
    """The words; one that is wider than a line in parts that are not."""
    for word in words:
        rest = word
        while not _fits(rest, size):
            length = next(length for length in range(len(rest) - 1, 0, -1) if _fits(rest[:length], size))
            yield rest[:length]
            rest = rest[length:]
        yield rest


def wrap(words: list[str], fits: Callable[[str], bool]) -> list[str]:
    """Lines of as many words as fit into one."""
    lines: list[str] = []
    for word in words:
        if lines and fits(f"{lines[-1]} {word}"):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _fits(text: str, size: int) -> bool:
    """Whether a line has room for the text. To set it takes long, and seldom tells more than the sum of its letters."""
    room = CARD.width - 2 * MARGIN
    if text.isascii() and sum(_advance(letter, size) for letter in text) <= room - size:
        return True  # whatever kerning adds
    left, _, right, _ = font(size).getbbox(text)
    return max(right, right - left) <= room


@lru_cache(LETTERS)
def _advance(letter: str, size: int) -> float:
    return font(size).getlength(letter)


@lru_cache(LETTERS)
def is_drawn(letter: str) -> bool:
    """Whether the font has it; and what runs from right to left is joined and turned only by a library of its own."""
    if unicodedata.bidirectional(letter) in {"R", "AL"} and not features.check("raqm"):
        return False
    return letter.isspace() or bytes(_plain().getmask(letter)) != bytes(_plain().getmask("\U0010ffff"))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font in that size, in pixels."""
    return ImageFont.truetype(BytesIO(_octets()), size)


@cache
def _plain() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(_octets()), 24, layout_engine=ImageFont.Layout.BASIC)


@cache
def _octets() -> bytes:
    return files("feedsvc.pictures").joinpath("font", FONT).read_bytes()
