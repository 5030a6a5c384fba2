"""Inputs that nobody should send and somebody will, and what must come of them. Used by ``fuzz`` and by the suite."""

import json
import re
import socket
from pathlib import Path
from xml.parsers import expat

from hypothesis import strategies as st
from lxml import etree, html

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.source import Source
from feedsvc.content.value_errors import in_quotes
from feedsvc.errors import ContentError
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.request import Request
from feedsvc.settings import Settings, now
from tests.content.samples import ENTRY_FIELDS, NAME, SITE, entry_text
from tests.harness.folder import write_folder

PATIENCE = 20.0  # seconds without an answer that are a failure
FIELDS = (*ENTRY_FIELDS, "id", "slug", "updated", "change_note", "author", "lang", "link", "image", "related", "draft")
SIGNS = st.text(alphabet="abx: -#\n\t\"'[]{},&*!|>%@`?\\~<.=0é\ufeff\x85\u2028", max_size=120)
PIECES = (
    *("<", ">", "&", '"', "'", "]]>", "<!--", "<![CDATA[", "&#11;", "&#x0;", "&nbsp;", "&e;", "javascript:", "data:"),
    *("[a](", "![a](", ")", "](", "`", "```\n", "**", "__", "# ", "- ", "1. ", "> ", "| a |\n|-|\n", "\n", "\n\n"),
    *("<script>", "<img src=x onerror=x>", "<svg/onload=x>", "<br>", "<p", "https://a.example/", "//b", "\\", "  "),
    *("\x0b", "\ufffe", "\ud800", "\u202e", "\u200b", "é", "中", "🙂", "word ", "https://[", "mailto:"),
)
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
ANY_TEXT = st.text(max_size=200) | MARKUP
OCTETS = st.one_of(
    st.binary(max_size=300),
    SIGNS.map(str.encode),
    st.builds(
        lambda field, text: entry_text(**{field: text}).encode("utf-8", "surrogatepass"),
        st.sampled_from(FIELDS),
        SIGNS | ANY_TEXT,
    ),
    st.builds(
        lambda start, data, lost: (good := entry_text().encode())[:start] + data + good[start + lost :],
        st.integers(0, 150),
        st.binary(max_size=6),
        st.integers(0, 40),
    ),
)
PLAIN = st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=100)
SOUND_PIECES = [piece for piece in PIECES if piece not in ("\x0b", "\ufffe", "\ud800")]
GOOD_MARKUP = st.lists(st.sampled_from(SOUND_PIECES), min_size=1, max_size=40).map("".join)
LINE = PLAIN | GOOD_MARKUP.map(lambda text: " ".join(text.split()) or "-")
VALUES = st.fixed_dictionaries(
    {
        "title": st.just("Masks are back") | LINE,
        "summary": st.just("From Monday.") | LINE,
        "body": PLAIN | st.lists(GOOD_MARKUP, min_size=1, max_size=8).map("\n\n".join),
        "author": st.just("Office") | LINE,
        "change_note": st.just("Corrected") | LINE,
    }
)
TARGETS = st.sampled_from(
    ["/", "/rss.xml", "/covid/atom.xml", "/feed.json", "/healthz", "/readyz", "/nothing", "/files/icon.png", "*"]
) | st.text(alphabet=st.characters(max_codepoint=255), max_size=60).map("/".__add__)
FIELD_NAMES = (
    *(
        "Host",
        "Range",
        "If-Range",
        "If-None-Match",
        "If-Modified-Since",
        "If-Match",
        "Accept-Encoding",
        "Accept",
        "Connection",
    ),
    *("Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "Cookie", "X-Forwarded-Proto", "SCRIPT_NAME"),
    *("Sec-Fetch-Dest", "Trailer", "TE", "Authorization", "Forwarded"),
)
FIELD_VALUES = (
    *("0", "-1", "1", "chunked", "bytes=0-1", "bytes=99999999999999999999-", "bytes=-0", "gzip;q=0", "*", "close"),
    *("identity;q=0, *;q=0", '"x", W/"y"', "Thu, 99 Foo 2026", "keep-alive", "100-continue"),
)
ANY_LINE = st.text(alphabet=st.characters(max_codepoint=255), max_size=60)
LINES = ANY_LINE | st.builds("{}: {}".format, st.sampled_from(FIELD_NAMES), st.sampled_from(FIELD_VALUES) | ANY_LINE)
REQUESTS = st.one_of(
    st.binary(min_size=1, max_size=400),
    st.builds(
        lambda method, target, version, host, lines, end, body: (
            "\r\n".join([f"{method} {target} {version}", *host, *lines, "", ""]).replace("\r\n", end).encode("latin-1")
            + body
        ),
        st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "TRACE", "CONNECT", "PRI", "get", "G T", ""]),
        TARGETS,
        st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.10", "http/1.1", "HTTP/0.9", ""]),
        st.sampled_from([["Host: a"], ["Host: a"], ["Host: a"], []]),
        st.lists(LINES, max_size=8),
        st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "\r"]),
        st.binary(max_size=60),
    ),
)


def load(octets: bytes) -> bool:
    """Whether these octets are an update; what is wrong with them is said in words, or this raises."""
    try:
        load_entry(Source(NAME, octets), SITE, Files(Path("/nowhere")))
    except ContentError as error:
        problems = error.problems
    else:
        return True
    assert all(problem.message and problem.fix and problem.shown() for problem in problems)
    return False


class Press:
    """Publishes one update again and again, and reads every document of it with parsers that are not ours."""

    def __init__(self, folder: Path) -> None:
        self._root = write_folder(folder / "content", 2)
        self._path = self._root / "updates" / "2026-03-01-any.yaml"
        settings = Settings(content=self._root, publication=folder / "publication.db")
        self._store = Store(settings.publication)
        self._publisher = Publisher(settings, self._store)
        self._reader: Reader | None = None

    def close(self) -> None:
        """Let go of everything."""
        if self._reader is not None:
            self._reader.close()
        self._store.close()

    def print(self, values: dict[str, str]) -> bool:
        """Whether an update with these values was published; what is published must be valid."""
        lines = [f"{name}: {in_quotes(value)}" for name, value in values.items()]
        lines += ["published: 2026-03-01 09:00", "updated: 2026-03-02 09:00", "categories: [covid, pay]"]
        self._path.write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogatepass"))
        outcome = self._publisher.publish(now(), Request(may_drop=True))
        self._reader = self._reader or Reader(self._store.path)
        if outcome.problems:
            assert {problem.file for problem in outcome.problems} == {"content/updates/2026-03-01-any.yaml"}
            return False
        for path in ("/", "/covid/", "/updates/any/", "/rss.xml", "/covid/atom.xml", "/feed.json"):
            stored = self._reader.read(path)[1]
            assert stored is not None, path
            read(stored)
        return True


def read(stored: Stored) -> None:
    """Parse a document as strictly as its kind allows."""
    octets = stored.variants.identity
    text = octets.decode()
    assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)
    if "xml" in stored.media_type:
        expat.ParserCreate().Parse(octets, True)
        for element in etree.fromstring(octets, etree.XMLParser(resolve_entities=False)).iter():
            if element.tag in (
                "{http://purl.org/rss/1.0/modules/content/}encoded",
                "{http://www.w3.org/2005/Atom}content",
            ):
                _inspect(element.text or "")
    elif "json" in stored.media_type:
        for item in json.loads(octets)["items"]:
            _inspect(item["content_html"])
    else:
        _inspect(text, own_scripts=True)


def _inspect(markup: str, *, own_scripts: bool = False) -> None:
    """Nothing in it may act in a reader's browser."""
    for element in html.fromstring(f"<div>{markup}</div>" if not own_scripts else markup).iter(etree.Element):
        assert element.tag not in ("iframe", "object", "embed", "base", "form" if not own_scripts else "frame")
        if element.tag == "script":
            assert own_scripts
            assert (element.get("src") or "/static/").startswith("/static/")
        for name, value in ((str(name), str(value)) for name, value in element.attrib.items()):
            assert not name.lower().startswith("on"), (element.tag, name)
            assert not re.match(r"\s*(javascript|vbscript|data)\s*:", value, re.IGNORECASE) or name not in (
                "href",
                "src",
            )


class Caller:
    """Says anything at all to a running service and reads whatever it answers."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address

    def say(self, octets: bytes) -> list[int]:
        """The statuses of all answers to these octets, none of which may be the service's own fault."""
        with socket.create_connection(self._address, PATIENCE) as connection:
            try:
                connection.sendall(octets)
                connection.shutdown(socket.SHUT_WR)
                answers = b"".join(iter(lambda: connection.recv(65_536), b""))
            except (ConnectionResetError, BrokenPipeError):  # it did not want to hear the rest
                return []
        assert answers.startswith(b"HTTP/1.") or not answers, (octets, answers)
        statuses = [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3}) ", answers, re.MULTILINE)]
        # 501 and 505 say that the request asks for what HTTP/1.1 servers need not have
        assert all(status < 500 or status in (501, 505) for status in statuses), (octets, answers)
        return statuses
