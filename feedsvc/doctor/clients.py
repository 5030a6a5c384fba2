"""Who asks for a feed: readers and sites that embed it, as each of them asks. A row each."""

from dataclasses import dataclass

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SCRIPT_FIELDS = (("Origin", "https://clinic.example"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"))
VISIT_FIELDS = (("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"))
XML_OR_ANY = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
GZIP = "gzip, deflate"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass(frozen=True, slots=True)
class Client:
    """A program that fetches feeds, and the fields that it sends."""

    name: str
    fields: tuple[tuple[str, str], ...]

    @property
    def is_script(self) -> bool:
        """Whether it is part of a page elsewhere, in a browser."""
        return "Origin" in dict(self.fields)


def _program(
    name: str, agent: str, *, accept: str = "*/*", codings: str = GZIP, more: tuple[tuple[str, str], ...] = ()
) -> Client:
    return Client(name, (("User-Agent", agent), ("Accept", accept), ("Accept-Encoding", codings), *more))


READERS = (
    _program("FreshRSS", "FreshRSS/1.26 (Linux; https://freshrss.org)", accept=XML_OR_ANY),
    _program("Thunderbird", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0"),
    _program("NetNewsWire", "NetNewsWire (RSS Reader; https://netnewswire.com/)", codings="gzip, deflate, br"),
    _program("Feedly", "Feedly/1.0 (+https://feedly.com/poller.html; 12 subscribers)", codings="gzip"),
    _program("newsboat", "newsboat/2.36 (Linux x86_64)", codings="identity"),
)
EMBEDDERS = (
    _program("WordPress", "WordPress/6.8; https://clinic.example", accept=XML_OR_ANY, codings="deflate, gzip"),
    _program("Teams and Power Automate", "Microsoft.Azure.Connectors.Rss/1.0", accept=XML_OR_ANY),
    _program("a script of a page elsewhere", FIREFOX, codings="gzip, deflate, br, zstd", more=SCRIPT_FIELDS),
)
BROWSER = _program("a person in a browser", FIREFOX, accept=HTML, codings="gzip", more=VISIT_FIELDS)
