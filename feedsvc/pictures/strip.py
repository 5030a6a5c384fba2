"""Pictures without what says who took them, to the last pixel as they were: only their containers are rewritten."""

from collections.abc import Callable

from feedsvc.pictures.png import strip_png
from feedsvc.pictures.sniff import GIF, JPEG, PNG, WEBP

_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SHOWN = _FRAMES | {0xC4, 0xDB, 0xDD}  # and tables
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_MOVING = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})
_NESTED = 16  # octets of a frame of an animation before its own chunks
_FLAGS_KEPT = 0x02 | 0x10  # of VP8X: it moves, it has transparent places


def strip(media_type: str, data: bytes) -> bytes:
    """The same picture without metadata, profiles and whatever follows its end; ValueError when it is not whole."""
    try:
        return _STRIPS[media_type](data)
    except IndexError:
        raise ValueError("the picture is not whole") from None


def strip_jpeg(data: bytes) -> bytes:
    """JPEG: tables, frames and scans; what the colours mean is what JFIF says they do."""
    parts = [b"\xff\xd8", _JFIF]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xD9:
            return b"".join((*parts, b"\xff\xd9"))
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        if marker == 0xDA:
            end = _end_of_scan(data, end)
        if _says_other_colours(marker, data[at:end]):
            raise ValueError("without its metadata, the colours would be others")
        if marker == 0xDA or marker in _SHOWN:
            parts.append(data[at:end])
        at = end


def _says_other_colours(marker: int, segment: bytes) -> bool:
    """Whether this says that the colours are not those of JFIF: grey, or one of brightness and two of colour."""
    if marker == 0xEE:
        return segment[4:9] == b"Adobe" and segment[15:16] == b"\0"
    if marker in _FRAMES:
        return segment[9] not in (1, 3) or segment[10::3][:3] == b"RGB"
    return False


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the entropy-coded data ends: at a marker that is neither a stuffed octet nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise ValueError("the picture breaks off")
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at


def strip_webp(data: bytes) -> bytes:
    """WebP: the pictures, and what joins them when they move."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise ValueError("the picture breaks off")
    body = b"WEBP" + _kept_chunks(data[12:end])
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _kept_chunks(data: bytes) -> bytes:
    at, parts = 0, []
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        content = data[at + 8 : at + 8 + length]
        if len(content) != length:
            raise ValueError("the picture breaks off")
        at += 8 + length + length % 2
        if name == b"VP8X":
            content = bytes([content[0] & _FLAGS_KEPT]) + content[1:]
        elif name == b"ANMF":
            content = content[:_NESTED] + _kept_chunks(content[_NESTED:])
        if name in _MOVING:
            parts.append(name + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2))
    return b"".join(parts)


def strip_gif(data: bytes) -> bytes:
    """GIF: the pictures, how long each is shown, and how often all of them."""
    at = 13 + _colours(data[10])
    parts = [b"GIF89a", data[6:at]]
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            at = _end_of_blocks(data, at + 10 + _colours(data[at + 9]) + 1)
            parts.append(data[start:at])
        elif data[at] == 0x21:
            label, at = data[at + 1], _end_of_blocks(data, at + 2)
            if label == 0xF9:
                parts.append(data[start:at])
            elif label == 0xFF and data[start + 3 : start + 14] == b"NETSCAPE2.0":
                parts.append(data[start : start + 14] + b"\x03\x01" + data[start + 16 : start + 18] + b"\x00")
        else:
            raise ValueError("no block where one must be")
    return b"".join((*parts, b"\x3b"))


def _colours(flags: int) -> int:
    """The octets of a colour table."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _end_of_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


_STRIPS: dict[str, Callable[[bytes], bytes]] = {
    JPEG: strip_jpeg,
    PNG: strip_png,
    WEBP: strip_webp,
    GIF: strip_gif,
}
STRIPPED = frozenset(_STRIPS)
