"""Photos as telephones write them: turned by a tag, in the phone's own colours, and full of what they tell."""

import struct
import warnings
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageCms, ImageDraw

TURNED_BACK = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
TURNS = tuple(TURNED_BACK)
RED, BLUE = (220, 20, 20), (40, 130, 220)
SECRETS = (b"Telephone", b"Jane", b"picket at home", b"ftypmp42", b"Exif", b"xmp", b"Photoshop", b"MPF")
HEICS = {turn: Path(__file__).parent.joinpath("heic", f"turn{turn}.heic").read_bytes() for turn in TURNS}


def draw(width: int = 720, height: int = 540) -> Image.Image:
    """Blue, with a red corner at the top left: which way is up is seen from any four pixels."""
    image = Image.new("RGB", (width, height), BLUE)
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 3), fill=RED)
    return image


@cache
def scene(width: int = 1400, height: int = 1050, seed: int = 1) -> Image.Image:
    """Something with as much in it as a photo has: soft shapes, and the grain of a sensor."""
    soft = Image.merge("RGB", [Image.effect_noise((24 + seed, 18), 90) for _ in range(3)])
    grain = Image.effect_noise((width, height), 10).convert("RGB")
    return ImageChops.add(soft.resize((width, height), Image.Resampling.BICUBIC), grain, 1, -128)


def is_upright(image: Image.Image) -> bool:
    """Whether the red corner is at the top left."""
    width, height = image.size
    across, down = width // 20 + 1, height // 20 + 1  # a browser may round the very corners
    places = [(x, y) for y in (down, height - 1 - down) for x in (across, width - 1 - across)]
    corners = [image.convert("RGB").getpixel(place) for place in places]
    return [_is_red(corner) for corner in corners] == [True, False, False, False]


def _is_red(pixel: object) -> bool:
    return isinstance(pixel, tuple) and pixel[0] > 150 > pixel[2]


def photo(image: Image.Image | None = None, turn: int = 1, *, quality: int = 90, profile: bytes = b"") -> bytes:
    """A JPEG as a telephone writes it when it is held that way, with everything that it tells."""
    shown = image or draw()
    back = TURNED_BACK[turn]
    octets = BytesIO()
    held = shown.transpose(back) if back is not None else shown
    held.save(
        octets,
        "JPEG",
        quality=quality,
        exif=_exif(turn),
        comment=b"picket at home",
        **({"icc_profile": profile} if profile else {}),
    )
    data = octets.getvalue()
    return data[:2] + _xmp() + _iptc() + _mpf() + data[2:] + _small() + _motion()


def saved(image: Image.Image, form: str, **how: object) -> bytes:
    """The picture in any format."""
    octets = BytesIO()
    image.save(octets, form, **how)
    return octets.getvalue()


def opened(data: bytes) -> Image.Image:
    """What any program would show."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about what telephones write
        return Image.open(BytesIO(data))


def wide_profile() -> bytes:
    """A profile of wider colours than sRGB's, as a telephone's screen has: its red is redder."""
    xyz = b"".join(_number(value) for value in (0.5151, 0.2412, -0.0011))
    green = b"".join(_number(value) for value in (0.2920, 0.6922, 0.0419))
    blue = b"".join(_number(value) for value in (0.1571, 0.0666, 0.7841))
    white = b"".join(_number(value) for value in (0.9642, 1.0, 0.8249))
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, 0x0233) + bytes(2)
    said = b"Wide colours of Jane's Telephone\0"
    words = b"desc" + bytes(4) + struct.pack(">I", len(said)) + said + bytes(78)
    words += bytes(-len(words) % 4)
    parts = {b"desc": words, b"wtpt": b"XYZ " + bytes(4) + white, b"rXYZ": b"XYZ " + bytes(4) + xyz}
    parts |= {b"gXYZ": b"XYZ " + bytes(4) + green, b"bXYZ": b"XYZ " + bytes(4) + blue}
    parts |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve, b"cprt": b"text" + bytes(4) + b"Jane\0\0\0\0"}
    at, table, body = 128 + 4 + 12 * len(parts), b"", b""
    for name, content in parts.items():
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content
    head = bytes(8) + b"\x02\x40\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + white + bytes(48)
    whole = head[:128] + struct.pack(">I", len(parts)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def in_srgb(colour: tuple[int, int, int], profile: bytes) -> tuple[int, ...]:
    """What a colour-managed program shows for a pixel of those colours."""
    patch = Image.new("RGB", (8, 8), colour)
    source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
    shown = ImageCms.profileToProfile(patch, source, target, ImageCms.Intent.RELATIVE_COLORIMETRIC)
    assert shown is not None
    pixel = shown.getpixel((4, 4))
    assert isinstance(pixel, tuple)
    return tuple(map(int, pixel))


def _number(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _exif(turn: int) -> bytes:
    """Who made it, where and when, how the camera was held, and what its maker notes."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B], exif[0x0132] = turn, "Telephone", "Jane", "2026:03:01 09:00:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (34.0, 5.0, 30.0), "W", (117.0, 26.0, 15.0)
    exif.get_ifd(0x8769)[0x927C] = b"Telephone makers' own: Jane"
    return exif.tobytes()


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def _xmp() -> bytes:
    rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    rdf += 'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="Jane" xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
    rdf += ' GCamera:MicroVideo="1"/></rdf:RDF>'
    return _segment(
        0xE1, b"http://ns.adobe.com/xap/1.0/\0" + f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>'.encode()
    )


def _iptc() -> bytes:
    record = b"\x1c\x02\x50\x00\x04Jane" + b"\x1c\x02\x5a\x00\x04Home"
    return _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record)


def _mpf() -> bytes:
    return _segment(
        0xE2, b"MPF\0II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHI4s", 0xB000, 7, 4, b"0100") + bytes(4)
    )


def _small() -> bytes:
    """A second picture behind the first, as telephones put one for their galleries."""
    return saved(Image.new("RGB", (32, 24), RED), "JPEG", comment=b"picket at home")


def _motion() -> bytes:
    """A film of some seconds behind it all."""
    return b"\0\0\0\x18ftypmp42" + bytes(8) + b"mp42isom" + b"Jane speaks" * 20
