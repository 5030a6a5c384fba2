"""A source becomes finished pictures: pure, but only to be called where a decoder may die (``worker``)."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import Any

from PIL import Image

from feedsvc.pictures.decode import Opened, open_picture, read_pixels
from feedsvc.pictures.sizes import JPEG, PNG, WEBP, Made, PictureError, Size, plan
from feedsvc.pictures.strip import STRIPPED, strip

QUALITIES = (80, 72, 64, 54, 42, 30, 18, 8, 1)  # each is tried until the picture is light enough
WEBP_QUALITIES = (76, 68, 58, 46, 34, 22, 10, 1)
COLOURS = (256, 64, 16)  # of a drawing that is too heavy with all of its own
WEBP_SIDE = 16_383  # pixels, by the format
OFFERED_QUALITY = 95
UNFREED = PictureError("cannot be freed of what it tells about you", "save it as JPEG or PNG, and offer that")
SHOWS_THROUGH = "RGBA"  # the mode of what is transparent in places

Octets = tuple[Made, bytes]


def make_shown(data: bytes) -> list[Octets]:
    """Every size of a picture that an update shows, smallest first: JPEG or PNG, and WebP beside a photo."""
    return _make(data, open_picture(data))


def make_artwork(data: bytes) -> list[Octets]:
    """The site's icon or logo: PNG in the largest size alone."""
    opened = open_picture(data)
    opened.is_photo = False
    return _make(data, opened)[-1:]


def make_offered(data: bytes) -> list[Octets]:
    """A picture that is offered as a file, without metadata, and to the last pixel the same where that can be.

    One that is turned, or in other colours, by its metadata alone is made anew: without it, it would be wrong.
    """
    opened = open_picture(data)
    media_type = opened.media_type
    if media_type not in STRIPPED:
        raise UNFREED.with_traceback(None)
    made = Made(size="offered", media_type=media_type, width=opened.width, height=opened.height)
    if opened.turn == 1 and opened.profile is None:
        with suppress(ValueError):
            stripped = strip(media_type, data)
            read_pixels(opened, opened.width, opened.height)  # what is offered must open
            return [(made, stripped)]
    if media_type not in (JPEG, PNG, WEBP):
        raise UNFREED.with_traceback(None)
    image = read_pixels(opened, opened.width, opened.height)
    if media_type == JPEG:
        return [(made, _save(image, format="JPEG", quality=OFFERED_QUALITY, subsampling=0))]
    return [(made, _save(image, format="PNG") if media_type == PNG else _save(image, format="WEBP", lossless=True))]


def _make(data: bytes, opened: Opened) -> list[Octets]:
    rows = plan(opened.width, opened.height)
    image = read_pixels(opened, *rows[-1][1:])
    bound = len(data) if opened.media_type in (JPEG, PNG) else rows[-1][0].most
    finished: list[Octets] = []
    for size, width, height in reversed(rows):  # the largest first: the next is made from it, and weighs no more
        if image.size != (width, height):
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        most = min(bound, size.most)
        if opened.is_photo:
            body = _as_it_is(data, opened, width, most) or _photo(_on_white(image), most)
            finished += _modern(_on_white(image), size, min(size.modern_most, len(body)))
        else:
            body = _drawing(image, most)
        made = Made(size=size.name, media_type=JPEG if opened.is_photo else PNG, width=width, height=height)
        finished.append((made, body))
        bound = len(body)
    return finished[::-1]


def _as_it_is(data: bytes, opened: Opened, width: int, most: int) -> bytes | None:
    """The source itself, if all it needs is to be stripped."""
    if opened.media_type != JPEG or width != opened.width or opened.turn != 1 or opened.profile is not None:
        return None
    with suppress(ValueError):
        stripped = strip(JPEG, data)
        return stripped if len(stripped) <= most else None
    return None


def _photo(image: Image.Image, most: int) -> bytes:
    save = partial(_save, image, format="JPEG", optimize=True, progressive=True)
    return _lightest(most, [partial(save, quality=quality) for quality in QUALITIES])


def _modern(image: Image.Image, size: Size, most: int) -> list[Octets]:
    """The photo as WebP, for pages."""
    if max(image.size) > WEBP_SIDE:
        return []
    save = partial(_save, image, format="WEBP", method=3)
    body = _lightest(most, [partial(save, quality=quality) for quality in WEBP_QUALITIES])
    return [(Made(size=size.name, media_type=WEBP, width=image.width, height=image.height), body)]


def _drawing(image: Image.Image, most: int) -> bytes:
    attempts = [partial(_save, image, format="PNG", compress_level=7)]
    return _lightest(most, attempts + [partial(_in_colours, image, colours) for colours in COLOURS])


def _in_colours(image: Image.Image, colours: int) -> bytes:
    method = Image.Quantize.FASTOCTREE if image.mode == SHOWS_THROUGH else Image.Quantize.MEDIANCUT
    return _save(image.quantize(colours, method, dither=Image.Dither.NONE), format="PNG", compress_level=7)


def _lightest(most: int, attempts: Sequence[Callable[[], bytes]]) -> bytes:
    """The first that is light enough, or the last."""
    for attempt in attempts[:-1]:
        body = attempt()
        if len(body) <= most:
            return body
    return attempts[-1]()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != SHOWS_THROUGH:
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _save(image: Image.Image, **how: Any) -> bytes:
    octets = BytesIO()
    image.save(octets, **how)
    return octets.getvalue()
