"""What kind of picture bytes are, by their first octets; endings lie."""

JPEG, PNG, GIF, WEBP, HEIC, AVIF = "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif"
BY_ENDING = {
    ".avif": AVIF,
    ".gif": GIF,
    ".heic": HEIC,
    ".heif": HEIC,
    ".jfif": JPEG,
    ".jpeg": JPEG,
    ".jpg": JPEG,
    ".png": PNG,
    ".webp": WEBP,
}
PICTURES = frozenset(BY_ENDING.values())
NAMES = {JPEG: "a JPEG", PNG: "a PNG", GIF: "a GIF", WEBP: "a WebP", HEIC: "a HEIC", AVIF: "an AVIF"}
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def sniff(data: bytes) -> str | None:
    """The media type of a picture; None when the bytes begin like none that is taken."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    return _by_brand(data) if data[4:8] == b"ftyp" else None


def _by_brand(data: bytes) -> str | None:
    """ISO base media: the major brand, then the compatible ones."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[at : at + 4] for at in (8, *range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return AVIF
    return HEIC if brands & _HEIC_BRANDS else None


def usual_ending(media_type: str) -> str:
    """The ending that such a picture should have."""
    return next(ending for ending, kind in reversed(BY_ENDING.items()) if kind == media_type)
