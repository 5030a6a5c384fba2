"""HEIC as telephones write it: not one picture but a grid of tiles (ISO/IEC 23008-12, 6.6.2.3), box by box.

No program at hand writes one. The four tiles, each all of one colour, are from heif-enc (-q 60), 64 pixels square.
"""

import struct
from base64 import b64decode

from PIL import Image

TILE = 64
WHOLE = (120, 100)  # less than the tiles cover: what is over at the right and below is not shown
COLOURS = ((220, 20, 20), (20, 160, 60), (40, 130, 220), (240, 220, 40))
QUARTER_TURNS = {1: 0, 8: 1, 3: 2, 6: 3}  # against the clock, by what EXIF calls how the telephone was held
_TILES = [
    b64decode(octets)
    for octets in (
        "AAAAGigBrwngITl1X//9Mn///It3IfxhtnQcw9fg",
        "AAAAGigBrwngITl1X//5MX//75W//+cwMdBzD1+A",
        "AAAAGigBrwngIzaiP//wis5H827v//RXSQU/8WPg",
        "AAAAGigBrwngITl1X1/+In///7IHch8VunQcw9fg",
    )
]
_DECODER = b64decode(
    "AQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AA"
    "AAMAkAAAAwAAAwAeoCCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQA=="
)
_ALL, _GRID, _TAKEN = (1, 2, 3, 4), 5, 6  # the items: four tiles, the grid of them, and what EXIF says


def grid(turn: int, exif: bytes) -> bytes:
    """Held that way, with the four colours row by row as they were held. ``exif`` begins with its own name."""
    word = struct.pack(">BBBBHH", 0, 0, 1, 1, *WHOLE)  # two rows and two columns, less one each
    contents = [*_TILES, word, struct.pack(">I", 6) + exif]
    kind = _box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    at = len(kind) + len(_meta(turn, contents, 0)) + 8
    body = b"".join(content for number, content in enumerate(contents, 1) if number != _GRID)
    return kind + _meta(turn, contents, at) + _box(b"mdat", body)


def upright(turn: int) -> Image.Image:
    """What any program should show of it."""
    image = Image.new("RGB", WHOLE)
    for number, colour in enumerate(COLOURS):
        image.paste(colour, (number % 2 * TILE, number // 2 * TILE, WHOLE[0] if number % 2 else TILE, WHOLE[1]))
    return image.rotate(90 * QUARTER_TURNS[turn], expand=True)


def _meta(turn: int, contents: list[bytes], at: int) -> bytes:
    """All that is said of the items; the contents of all but the grid begin ``at`` that octet of the file."""
    places, names = b"", b""
    for number, content in enumerate(contents, 1):
        is_inside = number == _GRID  # a grid's few numbers are put where they are said
        places += struct.pack(">HHHHII", number, is_inside, 0, 1, 0 if is_inside else at, len(content))
        at += 0 if is_inside else len(content)
        name = b"hvc1" if number in _ALL else b"grid" if is_inside else b"Exif"
        names += _full(b"infe", struct.pack(">HH", number, 0) + name + b"\0", version=2, flags=number != _GRID)
    said = [
        _full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
        _full(b"pitm", struct.pack(">H", _GRID)),
        _full(b"iinf", struct.pack(">H", len(contents)) + names),
        _full(
            b"iref",
            _box(b"dimg", struct.pack(">6H", _GRID, 4, *_ALL)) + _box(b"cdsc", struct.pack(">3H", _TAKEN, 1, _GRID)),
        ),
        _box(b"iprp", _properties(turn)),
        _box(b"idat", contents[_GRID - 1]),
        _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(contents)) + places, version=1),
    ]
    return _full(b"meta", b"".join(said))


def _properties(turn: int) -> bytes:
    """How tiles are unpacked (1) and how large they are (2); how large the whole is (3), and how it is turned (4)."""
    sizes = [_full(b"ispe", struct.pack(">II", *size)) for size in ((TILE, TILE), WHOLE)]
    found = _box(b"ipco", _box(b"hvcC", _DECODER) + b"".join(sizes) + _box(b"irot", bytes([QUARTER_TURNS[turn]])))
    must = 0x80  # be understood
    whose = b"".join(struct.pack(">HBBB", number, 2, must | 1, 2) for number in _ALL)
    whose += struct.pack(">HBBB", _GRID, 2, 3, must | 4)
    return found + _full(b"ipma", struct.pack(">I", 5) + whose)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _full(name: bytes, content: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags) + content)
