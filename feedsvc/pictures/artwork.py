"""Icon, logo and favicon of a site that has none yet, drawn from its name in one colour."""

import re
from functools import partial
from html import escape

from PIL import Image, ImageDraw

from feedsvc.pictures.cards import as_png, font, is_drawn, palette, wrap

ICON_PIXELS = 512
LOGO_PIXELS = (800, 400)
INK = 254  # the place of white in the palette
LETTERS_AT_MOST = 4
_LOGO_SIZES = tuple(range(120, 19, -10))
_NUMBER = re.compile(r"(?<!\w)[0-9]{1,4}(?!\w)")


def short_mark(name: str) -> str:
    """What stands for a name in a small square: its number, as locals have one, or the initials of its words."""
    if numbers := _NUMBER.findall(name):
        return str(numbers[-1])
    initials = "".join(word[0] for word in re.findall(r"\w+", name))
    return initials[: LETTERS_AT_MOST - 1].upper()


def draw_icon(name: str, colour: str) -> bytes:
    """A square PNG with the name's mark on the colour (``#rrggbb``)."""
    return _draw((ICON_PIXELS, ICON_PIXELS), short_mark(name), colour, (280, 240, 200, 170), 1)


def draw_logo(name: str, colour: str) -> bytes:
    """A PNG twice as wide as high with the name on the colour."""
    return _draw(LOGO_PIXELS, name, colour, _LOGO_SIZES, 4)


def draw_favicon(name: str, colour: str) -> bytes:
    """An SVG with the name's mark on the colour; a ring for a name without letters and digits."""
    mark = short_mark(name)
    size = min(40, int(50 / max(1, font(100).getlength(mark)) * 100))  # as wide as there is room, in 64ths
    text = f'<text x="32" y="33" font-size="{size}" font-weight="700" font-family="sans-serif" fill="#fff"'
    shape = f'<rect width="64" height="64" rx="14" fill="{colour}"/>'
    middle = f'{text} text-anchor="middle" dominant-baseline="central">{escape(mark)}</text>'
    if not mark:
        middle = '<circle cx="32" cy="32" r="14" fill="none" stroke="#fff" stroke-width="5"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{shape}{middle}</svg>\n'.encode()


def _draw(pixels: tuple[int, int], text: str, colour: str, sizes: tuple[int, ...], most: int) -> bytes:
    """The text, in the largest size in which it fits, in the middle; a ring where the font has none of it."""
    width, height = pixels
    image = Image.new("L", pixels, 0)
    draw = ImageDraw.Draw(image)
    words = "".join(filter(is_drawn, text)).split()
    if words:
        size, lines = _fit(words, width * 0.86, height * 0.86, sizes, most)
        for number, line in enumerate(lines):
            y = height / 2 + (number - (len(lines) - 1) / 2) * size * 1.15
            draw.text((width / 2, y), line, fill=INK, font=font(size), anchor="mm")
    else:
        radius = height // 4
        box = (width // 2 - radius, height // 2 - radius, width // 2 + radius, height // 2 + radius)
        draw.ellipse(box, outline=INK, width=radius // 3)
    image.putpalette(palette(colour))
    return as_png(image, 9)


def _fit(words: list[str], width: float, height: float, sizes: tuple[int, ...], most: int) -> tuple[int, list[str]]:
    """The largest size in which the words take at most so many lines, and these; else the smallest, cut."""
    lines: list[str] = []
    for size in sizes:
        fits = partial(_fits, width=width, size=size)
        lines = wrap(words, fits)
        if len(lines) <= most and len(lines) * size * 1.15 <= height and all(map(fits, lines)):
            return size, lines
    return sizes[-1], lines[:most]


def _fits(line: str, width: float, size: int) -> bool:
    return font(size).getlength(line) <= width
