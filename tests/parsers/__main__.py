"""Every feed of the golden sites, read by rss-parser and by WordPress's SimplePie: ``python -m tests.parsers``.

rss-parser is installed into a folder of its own by npm. What both must find is what the JSON Feed beside says.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import html

from tests.harness.judges import find_program
from tests.wordpress.site import INSTALLED, PACKAGES

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
RSS_PARSER = "rss-parser@3.13.0"
FIELDS = ("id", "title", "url", "published", "text")


@dataclass(frozen=True, slots=True)
class Parser:
    """A program that reads a feed from its standard input and says in JSON what it found there."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]

    def read(self, feed: bytes) -> Any:
        """What it found."""
        given = {"PATH": os.environ["PATH"]} | self.environment
        return json.loads(
            subprocess.run(self.command, input=feed, stdout=subprocess.PIPE, env=given, check=True).stdout
        )


def main() -> int:
    """Let each read every feed, and print where it found something else than was meant; 1 if there is any."""
    failed = read = 0
    with TemporaryDirectory() as folder:
        parsers = (_rss_parser(Path(folder)), _simple_pie())
        for path in sorted([*GOLDEN.rglob("expected/**/rss.xml"), *GOLDEN.rglob("expected/**/atom.xml")]):
            meant = json.loads(path.with_name("feed.json").read_bytes())
            for parser in parsers:
                read += 1
                for what in _differences(parser.read(path.read_bytes()), meant, has_files=path.name == "rss.xml"):
                    failed += 1
                    print(f"{parser.name}: {path.relative_to(GOLDEN)}: {what}")
    print(f"{read} readings, {failed} differences")
    return 1 if failed else 0


def _differences(found: Any, meant: Any, *, has_files: bool) -> Iterator[str]:
    """What a parser found otherwise; an enclosure is asked of RSS alone, where there is at most one."""
    if (found["title"], found["url"]) != (meant["title"], meant["home_page_url"]):
        yield f"is called {found['title']!r} and leads to {found['url']}"
    if len(found["items"]) != len(meant["items"]):
        yield f"has {len(found['items'])} items, not {len(meant['items'])}"
    for item, other in zip(found["items"], meant["items"], strict=False):
        one, expected = _facts(item, "published", "content"), _facts(other, "date_published", "content_html")
        yield from (
            f"{field}: {one[field]!r}, not {expected[field]!r}" for field in FIELDS if one[field] != expected[field]
        )
        files = [file["url"] for file in other.get("attachments", ())][:1]
        if has_files and files and item["enclosure"] not in (*files, other.get("image")):
            yield f"enclosure: {item['enclosure']!r}, not {files[0]!r}"


def _facts(item: Any, published: str, content: str) -> dict[str, Any]:
    words = html.fromstring(f"<div>{item.get(content) or item['summary']}</div>").xpath("string()")
    facts = {field: item[field] for field in ("id", "title", "url")}
    return facts | {"published": datetime.fromisoformat(item[published]), "text": " ".join(str(words).split())}


def _rss_parser(folder: Path) -> Parser:
    npm, node = find_program("npm", package="npm"), find_program("node", package="nodejs")
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), RSS_PARSER]
    subprocess.run(install, check=True)
    return Parser("rss-parser", (node, str(HERE / "read.js")), {"NODE_PATH": str(folder / "node_modules")})


def _simple_pie() -> Parser:
    php = find_program("php", package=PACKAGES)
    return Parser("SimplePie", (php, str(HERE / "read.php"), str(INSTALLED)), {})


if __name__ == "__main__":
    sys.exit(main())
