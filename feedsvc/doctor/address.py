"""A site as its readers meet it: what a wall against bots, a cache or a proxy in front of it does to them."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from feedsvc import urls
from feedsvc.addresses import site_address
from feedsvc.doctor.asking import Answer, AskError, ask
from feedsvc.doctor.clients import BROWSER, EMBEDDERS, READERS, Client
from feedsvc.doctor.findings import Finding

FEED = "rss.xml"
FEED_TYPES = ("application/rss+xml", "application/xml", "text/xml")
CLOCK_SECONDS = 300  # that two clocks may differ by
WALL = "let GET, HEAD and OPTIONS pass the wall without a puzzle for addresses that end in .xml, .json, .opml and .ics"
_INTEGRITY = re.compile(rb'embed-1\.js.{0,80}?integrity=(?:"|&#34;|&quot;)sha384-([A-Za-z0-9+/=]+)', re.DOTALL)
_AGE = re.compile("[0-9]{1,9}")
_SELF = re.compile(rb'<atom:link[^>]*href="([^"]+)"[^>]*rel="self"|<atom:link[^>]*rel="self"[^>]*href="([^"]+)"')


def examine_address(url: str, now: float) -> Iterator[Finding]:
    """All that is to be said of the site at ``url``; ``now`` is in seconds since 1970.

    Raises:
        AddressError: no site can be there.
        AskError: nobody answers.
    """
    site = site_address(url)
    feed = urljoin(site, FEED)
    answers = {client: ask(feed, client.fields) for client in (*READERS, *EMBEDDERS)}
    yield from _walls(answers)
    right = {client: answer for client, answer in answers.items() if _is_feed(answer)}
    if not right:
        return
    yield from _caches(feed, right)
    yield from _validators(feed, right)
    first = next(iter(right.values()))
    yield from _clock(first, now)
    yield from _own_address(first, feed)
    yield from _embedding(site, answers)
    yield from _visits(feed)
    yield from _readiness(site)


def _is_feed(answer: Answer) -> bool:
    return answer.status == 200 and answer["Content-Type"].startswith(FEED_TYPES) and answer.body[:5] == b"<?xml"


def _walls(answers: dict[Client, Answer]) -> Iterator[Finding]:
    """Who gets something else than the feed."""
    for client, answer in answers.items():
        if not _is_feed(answer):
            sort = answer["Content-Type"].partition(";")[0] or "nothing"
            place = answer["Location"]
            what = f"{client.name} gets {answer.status} ({place or sort}) instead of the feed"
            fix = f"give the address itself, {place}" if place else WALL
            yield Finding(what, fix)
    served = [client.name for client, answer in answers.items() if _is_feed(answer)]
    if served:
        yield Finding(f"the feed is given to {', '.join(served)}")


def _caches(feed: str, answers: dict[Client, Answer]) -> Iterator[Finding]:
    """Whether each client gets the coding that it asked for, and all get the same."""
    keep = "let the cache or proxy keep Vary as it is, and ask the service for each coding"
    faults = []
    for client, answer in answers.items():
        coding = answer["Content-Encoding"]
        if coding and coding not in dict(client.fields)["Accept-Encoding"]:
            faults.append(Finding(f"{client.name} gets {coding}, for which it did not ask", keep))
    compressed = ask(feed, (*READERS[0].fields[:2], ("Accept-Encoding", "gzip")))
    plain = ask(feed, (*READERS[0].fields[:2], ("Accept-Encoding", "identity")))
    if plain["Content-Encoding"]:
        faults.append(Finding(f"who asks for no coding gets {plain['Content-Encoding']}", keep))
    if compressed["Content-Encoding"] and "accept-encoding" not in compressed["Vary"].lower():
        faults.append(Finding("a compressed answer says nothing of Accept-Encoding in Vary", keep))
    if len({answer.body for answer in answers.values()}) > 1:
        faults.append(Finding("not all get the same feed", "let nothing in front of the service change what it sends"))
    if not compressed["Content-Encoding"]:
        faults.append(Finding("the feed comes uncompressed", "let the proxy pass Accept-Encoding on to the service"))
    if any(answer["Set-Cookie"] for answer in answers.values()):
        faults.append(Finding("something sets a cookie", "switch it off for the site: no cache keeps such an answer"))
    yield from faults or [Finding("caches keep apart what is compressed and what is not")]


def _validators(feed: str, answers: dict[Client, Answer]) -> Iterator[Finding]:
    """Whether readers that have the feed are spared the rest."""
    fix = "let the proxy pass ETag, Last-Modified and the fields If-None-Match and If-Modified-Since as they are"
    client, answer = next(iter(answers.items()))
    faults = [Finding(f"{name} is taken off", fix) for name in ("ETag", "Last-Modified") if not answer[name]]
    held = (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
    for name, condition in held:
        if answer[name]:
            again = ask(feed, (*client.fields, (condition, answer[name])))
            if again.status != 304:
                what = f"who holds the feed and says so ({condition}) gets {again.status}, not 304"
                faults.append(Finding(what, fix))
    yield from faults or [Finding("who holds the feed is told that it has not changed (304)")]


def _clock(answer: Answer, now: float) -> Iterator[Finding]:
    try:
        told = parsedate_to_datetime(answer["Date"])
        told = told.replace(tzinfo=told.tzinfo or UTC)
    except (ValueError, OverflowError):
        yield Finding("the answer has no date", "let the proxy pass Date, or set it")
        return
    kept = _AGE.fullmatch(answer["Age"])  # by a cache, for so long (RFC 9111 section 5.1)
    apart = (told - datetime.fromtimestamp(now, UTC)).total_seconds() - int(kept[0] if kept else 0)
    if abs(apart) > CLOCK_SECONDS:
        way = "ahead of" if apart > 0 else "behind"
        what = f"the clock there is {_long(abs(apart))} {way} the one here"
        yield Finding(what, "let the one that is wrong follow a time server: updates appear and expire by it")
    else:
        yield Finding("its clock is right")


def _long(seconds: float) -> str:
    """A time of minutes or more as people say it."""
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
    size, unit = next(row for row in units if seconds >= 0.95 * row[0])
    count = round(seconds / size)
    return f"{count} {unit}{'s' if count > 1 else ''}"


def _own_address(answer: Answer, feed: str) -> Iterator[Finding]:
    found = _SELF.search(answer.body)
    own = (found[1] or found[2]).decode(errors="replace") if found else ""
    if own != feed:
        what = f"the feed says that it is at {own or 'no address'}"
        yield Finding(what, f"write the public address into base_url of content/site.yaml, if it is that of {feed}")


def _embedding(site: str, answers: dict[Client, Answer]) -> Iterator[Finding]:
    """Whether pages elsewhere may read feeds, show frames, and run the script."""
    faults = []
    for client, answer in answers.items():
        if client.is_script and _is_feed(answer) and answer["Access-Control-Allow-Origin"] != "*":
            said = answer["Access-Control-Allow-Origin"] or "nothing"
            fix = "let the proxy pass Access-Control-Allow-Origin as it is, once"
            faults.append(Finding(f"pages elsewhere may not read the feed (they are told {said})", fix))
    frame = ask(urljoin(site, "embed/all/"), BROWSER.fields)
    if frame["X-Frame-Options"]:
        faults.append(Finding("something adds X-Frame-Options", "let it leave out /embed/ and /updates/*/embed/"))
    page = ask(urljoin(site, "embed/"), BROWSER.fields)
    script = ask(urljoin(site, urls.EMBED_SCRIPT.removeprefix("/")), BROWSER.fields)
    digest = _INTEGRITY.search(page.body)
    if digest and base64.b64encode(hashlib.sha384(script.body).digest()) != digest[1]:
        faults.append(Finding("something changes /embed-1.js", "switch off what makes scripts smaller, for this one"))
    yield from faults or [Finding("pages elsewhere may show updates")]


def _visits(feed: str) -> Iterator[Finding]:
    answer = ask(feed, BROWSER.fields)
    if answer.status != 303:
        fix = "let the proxy pass Sec-Fetch-Dest, and keep Vary; a host of files cannot do so, and that is well"
        yield Finding(f"a person who opens the feed gets {answer.status} instead of the page that explains it", fix)
    else:
        yield Finding("a person who opens the feed is led to its page")


def _readiness(site: str) -> Iterator[Finding]:
    """What the service says of itself, where it can be asked."""
    try:
        answer = ask(urljoin(site, "readyz"), BROWSER.fields)
        said = json.loads(answer.body)
        status, reason = said["status"], said["reason"]
    except (AskError, ValueError, LookupError, TypeError, RecursionError):
        return
    if status == "ok":
        yield Finding("the service says that all is well")
    else:
        yield Finding(f"the service says: {status} ({reason})", "run: feedsvc status, on the machine where it runs")
