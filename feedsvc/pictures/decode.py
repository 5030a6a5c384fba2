"""Bytes become a picture in memory: upright, 8 bits deep, and in sRGB. One of two users of Pillow, and of pi-heif.

Only the decoders of the kinds that are taken are ever asked, and none before the header has said how large it will be.
"""

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import pi_heif
from PIL import Image, ImageCms, JpegImagePlugin

from feedsvc.pictures.png import is_dense
from feedsvc.pictures.sizes import NO_PICTURE, PIXELS_AT_MOST, PictureError
from feedsvc.pictures.sniff import AVIF, GIF, HEIC, JPEG, NAMES, PNG, WEBP, sniff

FORMATS = {PNG: "PNG", GIF: "GIF", WEBP: "WEBP", HEIC: "HEIF", AVIF: "AVIF"}
ORIENTATION = 0x0112  # the tag of EXIF
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPPED = frozenset({5, 6, 7, 8})
_MODES = {"GRAY": "L", "CMYK": "CMYK", "RGB ": "RGB"}  # by what ICC calls the colours of a profile
_SRGB = ImageCms.createProfile("sRGB")
Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and refuses
pi_heif.options.DECODE_THREADS = 1
pi_heif.options.THUMBNAILS = False
pi_heif.register_heif_opener()


@dataclass(slots=True)
class Opened:
    """A picture whose header alone was read. ``width`` and ``height`` are those of the upright picture."""

    media_type: str
    image: Image.Image
    turn: int
    width: int
    height: int
    is_photo: bool
    profile: ImageCms.ImageCmsProfile | None  # of its colours, when they are not sRGB's


def open_picture(data: bytes) -> Opened:
    """What the header says; PictureError when it is none of a picture, or promises too much."""
    media_type = sniff(data)
    if media_type is None:
        raise NO_PICTURE.with_traceback(None)  # else it kept the octets of every earlier one
    try:
        image = _open(media_type, data)
    except Exception as error:  # whatever a decoder says of hostile bytes
        raise broken(media_type) from error
    width, height = image.size
    if width * height > PIXELS_AT_MOST:
        what = f"has {width} by {height} pixels, the limit is {PIXELS_AT_MOST // 1_000_000} million"
        raise PictureError(what, "make it smaller; a width of 2000 is more than anybody sees")
    turn = 1 if media_type == HEIC else _turn(image)  # its decoder has turned it already
    if turn in _SWAPPED:
        width, height = height, width
    return Opened(
        media_type=media_type,
        image=image,
        turn=turn,
        width=width,
        height=height,
        is_photo=_is_photo(media_type, data, width, height),
        profile=_profile(image),
    )


def _open(media_type: str, data: bytes) -> Image.Image:
    if media_type == JPEG:  # not through ``open``, which also looks for further pictures, and fails where they are lost
        return JpegImagePlugin.JpegImageFile(BytesIO(data))
    return Image.open(BytesIO(data), formats=[FORMATS[media_type]])


def broken(media_type: str) -> PictureError:
    """That the bytes end early or make no sense."""
    what = f"is {NAMES[media_type]} picture that is damaged or not whole"
    return PictureError(what, "copy it again from where it was taken, or open it and save it as JPEG or PNG")


def read_pixels(opened: Opened, width: int, height: int) -> Image.Image:
    """The picture upright, in sRGB and of that size; mode RGB, or RGBA where something shows through."""
    image = opened.image
    if opened.turn in _SWAPPED:
        width, height = height, width
    try:
        image.draft(None, (width, height))  # a JPEG is unpacked no larger than it needs to be
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder says of hostile bytes
        raise broken(opened.media_type) from error
    image = _settle(image)
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if opened.turn in TURNS:
        image = image.transpose(TURNS[opened.turn])
    image = _to_srgb(image, opened.profile)
    image.info = {}
    return image


def _turn(image: Image.Image) -> int:
    """How the camera was held (EXIF Orientation); 1 when nothing sensible is said."""
    with suppress(Exception):  # what is said of a picture may be as broken as the picture
        turn = image.getexif().get(ORIENTATION)
        if isinstance(turn, int) and turn in TURNS:
            return turn
    return 1


def _is_photo(media_type: str, data: bytes, width: int, height: int) -> bool:
    """Whether JPEG suits it: nothing is lost that was not lost before, or it is too rich to be a drawing."""
    if media_type == GIF:
        return False
    if media_type == PNG or (media_type == WEBP and b"VP8L" in data[12:64]):
        return is_dense(len(data), width, height)
    return True


def _profile(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """The profile of colours that are not sRGB's, as far as it can be used."""
    with suppress(Exception):  # a broken profile is none
        found = image.info.get("icc_profile")
        if found:
            profile = ImageCms.ImageCmsProfile(BytesIO(found))
            name = ImageCms.getProfileDescription(profile)
            return None if "srgb" in name.lower() else profile
    return None


def _settle(image: Image.Image) -> Image.Image:
    """One of the modes L, RGB, RGBA and CMYK."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """The colours that its profile means, in sRGB; without one that fits they are sRGB's already."""
    if image.mode == "RGBA":
        opaque = _to_srgb(image.convert("RGB"), profile)
        opaque.putalpha(image.getchannel("A"))
        return opaque
    if profile is not None:
        with suppress(Exception):  # a profile that cannot be used is as good as none
            mode = _MODES[profile.profile.xcolor_space]
            source = image if image.mode == mode else image.convert(mode)
            intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
            flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
            converted = ImageCms.profileToProfile(source, profile, _SRGB, intent, "RGB", flags=flags)
            if converted is not None:
                return converted
    return image.convert("RGB")
