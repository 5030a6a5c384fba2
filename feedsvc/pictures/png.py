"""PNG by its chunks: what is left without metadata, and the proof that a plain one is sound, without a decoder."""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SHOWN = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})  # all that a still picture needs
CHANGES = frozenset({b"iCCP", b"eXIf", b"cICP"})  # say that the pixels are not to be shown just as they stand
PLAIN_PIXELS = 8_000_000
PLAIN_OCTETS = 300_000  # a drawing so light is published whole: scaled, it would be blurred and weigh more
PHOTO_OCTETS = 100_000
PHOTO_DENSITY = 0.5  # octets a pixel; drawings and screenshots take a tenth of it, photos two to four times as much
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # a pixel, by colour type


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's name and content, up to the end that it names; ValueError where the bytes are none."""
    at = len(SIGNATURE)
    while True:
        length = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 8 + length]
        if len(body) != 4 + length or zlib.crc32(body) != int.from_bytes(
            data[at + 8 + length : at + 12 + length], "big"
        ):
            raise ValueError("a chunk is not whole")
        yield body[:4], body[4:]
        at += 12 + length
        if body[:4] == b"IEND":
            return


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk as it is written."""
    body = name + content
    return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def strip_png(data: bytes) -> bytes:
    """The picture with nothing but what shows it; ValueError when it is not whole."""
    return SIGNATURE + b"".join(chunk(name, content) for name, content in chunks(data) if name in SHOWN)


def is_dense(octets: int, width: int, height: int) -> bool:
    """Whether a picture without loss is a photo: it takes more octets than any drawing."""
    return octets > PHOTO_OCTETS and octets > PHOTO_DENSITY * width * height


def plain_png(data: bytes) -> tuple[int, int, bytes] | None:
    """Width, height and the stripped octets of a drawing that may be published as it is; None where a decoder must see.

    Every check sum is right, and the pixels unpack to exactly what the header promises, so no decoder meets a surprise.
    """
    try:
        found = list(chunks(data))
    except ValueError:
        return None
    names = [name for name, _ in found]
    header = found[0][1]
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    is_usable = (
        names[0] == b"IHDR"
        and len(header) == 13
        and not CHANGES.intersection(names)
        and 0 < width * height <= PLAIN_PIXELS
        and not is_dense(len(data), width, height)
    )
    if not is_usable or not _is_sound(header, width, height, found):
        return None
    stripped = SIGNATURE + b"".join(chunk(name, content) for name, content in found if name in SHOWN)
    return (width, height, stripped) if len(stripped) <= PLAIN_OCTETS else None


def _is_sound(header: bytes, width: int, height: int, found: list[tuple[bytes, bytes]]) -> bool:
    """Whether the rows are all there, and no more."""
    depth, colour, *methods = header[8:]
    if depth not in (1, 2, 4, 8) or colour not in _SAMPLES or any(methods):  # interlaced, or of 16 bits
        return False
    if (colour in (2, 4, 6) and depth != 8) or (colour == 3 and not any(name == b"PLTE" for name, _ in found)):
        return False
    row = 1 + (width * depth * _SAMPLES[colour] + 7) // 8
    pixels = _inflate(b"".join(content for name, content in found if name == b"IDAT"), row * height)
    return pixels is not None and max(pixels[::row]) <= 4  # the filters that there are


def _inflate(packed: bytes, length: int) -> bytes | None:
    """What is packed if it has exactly that length; never more of it than that."""
    unpacker = zlib.decompressobj()
    try:
        pixels = unpacker.decompress(packed, length + 1)
    except zlib.error:
        return None
    return pixels if len(pixels) == length and unpacker.eof else None


def wrap_icon(png: bytes, width: int, height: int) -> bytes:
    """A PNG as a one-picture ICO file, which browsers and feed readers ask for at a fixed address."""
    header = struct.pack("<HHH", 0, 1, 1)
    size = [side if side < 256 else 0 for side in (width, height)]  # 0 says 256 or more
    return header + struct.pack("<BBBBHHII", *size, 0, 0, 1, 32, len(png), len(header) + 16) + png
