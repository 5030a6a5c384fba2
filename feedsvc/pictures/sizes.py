"""The table of sizes, and what a made picture is called. Nothing here depends on a codec or its release."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from feedsvc.errors import BadValueError

SETTINGS = 1  # a new number gives every made picture a new address: raise it when the pictures are to be made otherwise
PIXELS_AT_MOST = 64_000_000  # of a source; what a phone takes has 12 to 50 million
SIDE_AT_MOST = 8_000  # pixels of the height of what is made: a long screenshot stays one that every program can show
SPREAD = 1.25  # how much wider the next size must be to be worth making
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
ENDINGS = {JPEG: "jpg", PNG: "png", WEBP: "webp", "image/svg+xml": "svg"}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")
_NAME_AT_MOST = 60


class PictureError(BadValueError):
    """A picture that cannot be used: ``what`` is wrong with it, after its name, and how to get a usable one."""


SAVE_ANEW = "open it in a program that shows it, and save it as JPEG or PNG"
DAMAGED = PictureError("is damaged, or made to do harm", SAVE_ANEW)
NO_PICTURE = PictureError("does not hold the picture that its ending promises", SAVE_ANEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A row: at most so many pixels wide, and so many octets that quality is given up before more are spent.

    ``modern_most`` is the same for WebP, of which a page may load several at once.
    """

    name: str
    width: int
    most: int
    modern_most: int


SIZES = (
    Size(name="small", width=640, most=100_000, modern_most=40_000),
    # the most that every program takes as the picture of a card
    Size(name="large", width=1280, most=300_000, modern_most=200_000),
)
LARGEST = SIZES[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A made picture without its octets."""

    size: str
    media_type: str
    width: int
    height: int


TOUCH = Made(size="touch", media_type=PNG, width=180, height=180)  # the site's icon on an iPhone's home screen
MASKABLE = Made(size="maskable", media_type=PNG, width=512, height=512)  # and where it is cut to some other shape
CARD = Made(size="card", media_type=PNG, width=1200, height=630)


def plan(width: int, height: int) -> list[tuple[Size, int, int]]:
    """The rows to make of a picture of that size, smallest first, with width and height; never more than it has."""
    rows: list[tuple[Size, int, int]] = []
    for size in reversed(SIZES):
        scale = min(1.0, size.width / width, SIDE_AT_MOST / height)
        scaled = max(1, round(width * scale)), max(1, round(height * scale))
        if not rows or scaled[0] * SPREAD <= rows[-1][1]:
            rows.append((size, *scaled))
    return rows[::-1]


def name_made(file: str, digest: str, made: Made) -> str:
    """``picket-640.<digest>.jpg``: the digest is that of the source, the settings and the row, not of the octets."""
    said = f"{digest} {SETTINGS} {made.size} {made.media_type}"
    stem = _NOT_IN_NAMES.sub("-", PurePosixPath(file).stem)[:_NAME_AT_MOST].strip("-") or "picture"
    width = f"-{made.width}" if made.width else ""
    return f"{stem}{width}.{hashlib.sha256(said.encode()).hexdigest()[:16]}.{ENDINGS[made.media_type]}"
