"""Request heads by a grammar of what this service tells apart, and changes of heads that break parsers."""

import random

LONGEST = 8 * 1024  # octets; what is longer is refused by our worker alone


def words(text: str) -> list[str]:
    """What stands between spaces."""
    return text.split()


PATHS = [
    *words(
        "/ /rss.xml /covid/atom.xml /feed.json /covid/ /feeds.opml /updates/bulk-1/ /files/flyer.pdf /covid /RSS.XML"
    ),
    *words("/feed /atom /nothing /404.html /healthz /healthz/ //healthz //rss.xml /./rss.xml /rss.xml/ /%72ss%2Exml"),
    *words("/rss.xml%00 /% /%zz /%ff /caf\xe9 /a|b * x: x:/rss.xml a:80 http://a/rss.xml HTTP://a http:///rss.xml"),
    *("http://[::1/rss.xml", "://x", "rss.xml", ""),
]
QUERIES = [*[""] * 4, *words("? ?a=1 ?a=%20 ?://x ?a?b ?% ?a#b #a ?\xff"), "?a HTTP/1.1", "?" + "a" * 400]
METHODS = [*["GET"] * 9, *words("HEAD OPTIONS POST DELETE get Get GE G?T CONNECT TRACE PRI"), ""]
VERSIONS = [
    *["HTTP/1.1"] * 9,
    *words("HTTP/1.0 HTTP/1.0 HTTP/1.2 HTTP/2.0 HTTP/0.9 http/1.1 HTTP/11"),
    "HTTP/1.1 ",
    "",
]
LONG_AGO, IN_TIME = "Mon, 05 Jan 2015 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
FIELDS = {
    "Host": ["a b", "a,b", "", *words("a a:80 [::1] [::1 a/b \xe9 %41 %4")],
    "Accept-Encoding": [
        "gzip, br",
        "x?,gzip HTTP/1.1",
        "",
        "\xa0gzip",
        *words("gzip br identity;q=0 *;q=0 gzip;q=x GZIP"),
    ],
    "If-Match": ['"x", TAG', "", *words("* TAG W/TAG TAG-gzip")],
    "If-Unmodified-Since": [LONG_AGO, IN_TIME, "x"],
    "If-None-Match": ['"x", TAG', "x?,TAG,y HTTP/1.1", "", *words('* TAG W/TAG TAG-gzip "')],
    "If-Modified-Since": [LONG_AGO, IN_TIME, "x"],
    "If-Range": ["TAG", '"x"', LONG_AGO, IN_TIME],
    "Range": words("bytes=0-1 bytes=1- bytes=-5 bytes=5-1 bytes=0-0,2-3 bytes=999999999- lines=1-2 bytes=0-1?x"),
    "Sec-Fetch-Dest": ["document", "Document", "empty", ""],
    "Connection": ["close", "keep-alive", "Close", "keep-alive, close", "upgrade", ""],
    "Content-Length": ["5 ", "9" * 30, *words("0 00 5 +0 -1 0,0 \xb2")],
    "Transfer-Encoding": ["chunked", "Chunked", "identity", "gzip, chunked", "chunked, chunked", "x", ""],
    "Expect": ["100-continue", "tea", ""],
    "Upgrade": ["h2c", "websocket"],
    "HTTP2-Settings": ["AAMAAABk"],
    "X-Forwarded-Proto": ["https", "http", "HTTPS"],
    "X-Forwarded-Ssl": ["on", "off"],
    "SCRIPT_NAME": ["/covid", ""],
    "Content-Type": ["text/plain"],
    "Trailer": ["x"],
    "User-Agent": ["a", "Reader/1.0 (x)", "caf\xe9", "a\x7f", "a\0b", "a\nb: c", "a\r", "a?b HTTP/1.1"],
    "X-Request-Id": ["1", "2", "3"],
    "Cookie": ["a=b", "c" * 600],
    "X-Forwarded-For": ["192.0.2.1"],
    "Accept_Encoding": ["gzip"],
    "Accept-Encodings": ["gzip"],
    "-": ["x"],
    "": ["x"],
}
COLONS = [*[": "] * 30, ":", ":\t", " :", "\t: ", "", "::", ":\x0b"]
ENDS = [*["\r\n"] * 60, "\n", "\r", "\r\r\n", "\n\r\n", "\r\n ", "\r\n\t", "\0\r\n"]
SMUGGLED = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
TAILS = [*[""] * 20, "hello", "5\r\nhello\r\n0\r\n\r\n", "0\r\n\r\n", "\r\n", "\n", "\r\n\r\n", "GE", SMUGGLED]
PIECES = [
    *(b"\r\n", b"\n", b"\r", b"\0", b"\t", b"\x80", b"\xff", b" ", b" HTTP/1.1", b"?,gzip,x HTTP/1.1"),
    *(word.encode() for word in words(": ? # // :// %00 , ;q=0 _")),
    *(b"\r\n ", b"\r\nX: y", b"\r\nHost: b", b"\r\nConnection: close", b"\r\nContent-Length: 0"),
]


class Heads:
    """An endless supply; ``tag`` is the entity tag of a feed, so that validators can match."""

    def __init__(self, chance: random.Random, tag: str) -> None:
        self._chance = chance
        self._tag = tag
        self._seen: list[bytes] = []

    def next(self) -> bytes:
        """A new head, one that was there before, or a change of one; sometimes with octets behind it."""
        chance = self._chance
        dice = chance.random()
        if dice < 0.35 or not self._seen:
            head = self._make()
        elif dice < 0.45:
            return chance.choice(self._seen)
        else:
            head = self._change(chance.choice(self._seen))
        if len(self._seen) < 3000:
            self._seen.append(head)
        else:
            self._seen[chance.randrange(3000)] = head
        return (head + chance.choice(TAILS).encode())[:LONGEST]

    def pipeline(self) -> list[bytes]:
        """Some heads in a row, cut into packets anywhere."""
        chance = self._chance
        octets = b"".join(self.next() for _ in range(chance.randint(1, 6)))
        cuts = sorted(chance.randrange(len(octets) + 1) for _ in range(chance.randint(0, 5)))
        return [octets[start:end] for start, end in zip([0, *cuts], [*cuts, len(octets)], strict=True) if start < end]

    def _make(self) -> bytes:
        chance = self._chance
        is_wild = chance.random() < 0.1
        line = f"{chance.choice(METHODS)} {chance.choice(PATHS)}{chance.choice(QUERIES)} {chance.choice(VERSIONS)}"
        if chance.random() < 0.5:  # most oddities show on their own only
            line = f"GET {chance.choice(PATHS[:16])} HTTP/1.1"
        lines = ["Host: a\r\n"] if chance.random() < 0.9 else []
        lines += [self._field(is_wild=is_wild) for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 5)))]
        chance.shuffle(lines)
        start = chance.choice(("\r\n", "\n", " ", "\r\n\r\n")) if is_wild and chance.random() < 0.1 else ""
        end = chance.choice(("\n", "", "\r")) if is_wild and chance.random() < 0.1 else "\r\n"
        return (start + line + self._end(is_wild=is_wild) + "".join(lines) + end).encode("latin-1")

    def _field(self, *, is_wild: bool) -> str:
        chance = self._chance
        name = chance.choice(list(FIELDS))
        value = chance.choice(FIELDS[name]).replace("TAG", f'"{self._tag}"')
        if chance.random() < 0.2:
            name = chance.choice((name.lower(), name.upper()))
        return name + (chance.choice(COLONS) if is_wild else ": ") + value + self._end(is_wild=is_wild)

    def _end(self, *, is_wild: bool) -> str:
        return self._chance.choice(ENDS) if is_wild else "\r\n"

    def _change(self, head: bytes) -> bytes:
        """A head with one to three octets, lines or fields changed."""
        chance = self._chance
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            at, lines = chance.randrange(len(head) + 1), head.split(b"\r\n")
            here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
            match chance.randrange(6):
                case 0:
                    head = head[:at] + chance.randbytes(1) + head[at + 1 :]
                case 1:
                    head = head[:at] + chance.choice(PIECES) + head[at:]
                case 2:
                    head = head[:at] + head[at + chance.choice((1, 1, 2, 5)) :]
                case 3:
                    head = head[:at] + head[at : at + 1].swapcase() + head[at + 1 :]
                case 4:
                    lines[here], lines[there] = lines[there], lines[here]
                    head = b"\r\n".join(lines)
                case _:
                    lines.insert(here, chance.choice((lines[there], self._field(is_wild=False)[:-2].encode("latin-1"))))
                    head = b"\r\n".join(lines)
        return head
