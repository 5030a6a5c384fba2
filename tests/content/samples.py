"""A small content folder on disk, and files that are right until a test changes them."""

import hashlib
import struct
import zlib
from pathlib import Path

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.source import LoadedEntry, Source
from feedsvc.errors import ContentError, Problem
from feedsvc.pictures.sizes import Made, name_made
from tests.make import make_site

NAME = "content/updates/2026-03-01-masks-are-back.yaml"
SITE = make_site()

SITE_FIELDS = {
    "title": "Local 1107",
    "description": "Short news for members.",
    "base_url": "https://news.example.org",
    "authority": "news.example.org,2026",
    "language": "en",
    "time_zone": "America/New_York",
    "author": "Local 1107",
    "contact_url": "mailto:news@example.org",
    "rights": "Free to share with our name",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "icon": "icon.png",
    "logo": "logo.png",
    "favicon": "icon.svg",
    "categories": (
        "\n  - slug: covid\n    title: COVID\n    description: Rules.\n    since: 2026-01-05"
        "\n  - slug: pay\n    title: Pay\n    description: Raises.\n    since: 2026-01-05"
    ),
}
ENTRY_FIELDS = {
    "title": "Masks are back",
    "published": "2026-03-01 09:00",
    "categories": "[covid]",
    "summary": "From Monday, masks are required.",
    "body": "|\n  Wear **one**.\n",
}


def png(width: int, height: int) -> bytes:
    """A whole white PNG picture of that size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = (b"\0" + b"\xff" * ((width + 7) // 8)) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shown_at(root: Path, name: str, width: int, size: str = "large") -> str:
    """Where a PNG drawing of ``files/`` is published, below the site's address."""
    digest = hashlib.sha256((root / "files" / name).read_bytes()).hexdigest()
    return "pictures/" + name_made(name, digest, Made(size=size, media_type="image/png", width=width, height=0))


def fields_text(fields: dict[str, str], **changes: str | None) -> str:
    """The fields as YAML; a change to None leaves a field out, a new one comes last."""
    return "".join(f"{name}: {value}\n" for name, value in (fields | changes).items() if value is not None)


def entry_text(**changes: str | None) -> str:
    """A good update with these changes."""
    return fields_text(ENTRY_FIELDS, **changes)


def make_root(folder: Path, **site_changes: str | None) -> Path:
    """A content folder with a site, pictures and attachments, and no update."""
    root = folder / "content"
    (root / "updates").mkdir(parents=True)
    (root / "files" / "2026").mkdir(parents=True)
    (root / "site.yaml").write_text(fields_text(SITE_FIELDS, **site_changes))
    (root / "files" / "icon.png").write_bytes(png(144, 144))
    (root / "files" / "logo.png").write_bytes(png(200, 100))
    (root / "files" / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (root / "files" / "flyer.pdf").write_bytes(b"%PDF-1.7\n")
    (root / "files" / "broken.png").write_bytes(b"no picture")
    (root / "files" / "2026" / "pay scale.xlsx").write_bytes(b"PK")
    return root


def load(text: str | bytes, root: Path, name: str = NAME) -> LoadedEntry:
    """The update of that text."""
    data = text if isinstance(text, bytes) else text.encode()
    return load_entry(Source(name, data), SITE, Files(root))


def problems(text: str | bytes, root: Path, name: str = NAME) -> tuple[Problem, ...]:
    """What is wrong with that text."""
    try:
        load(text, root, name)
    except ContentError as error:
        return error.problems
    return ()


def messages(text: str | bytes, root: Path, name: str = NAME) -> list[str]:
    """What an author reads about that text, without the file's name."""
    return [str(problem).removeprefix(name + ":") for problem in problems(text, root, name)]
