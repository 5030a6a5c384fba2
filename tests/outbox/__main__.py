"""What a real hub, its subscriber, Varnish, squid and a real store make of what they are told.

Run as ``python -m tests.outbox``, with the name of a check to run it alone.
"""

import json
import os
import shutil
import signal
import sys
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep
from typing import TypeVar
from urllib.parse import urlencode

from feedsvc.announcing.caches import AGAIN
from feedsvc.publication.memory import memory_path
from feedsvc.publication.outbox import Told, read_outbox
from tests.harness.folder import SITE, write_folder, write_update
from tests.harness.program import free_port
from tests.harness.service import Service
from tests.outbox import bucket
from tests.outbox.bucket import all_senders
from tests.outbox.surroundings import SECRET, Subscriber, Way, run_hub, run_squid, run_subscriber, run_varnish, run_way

PATIENCE = 60.0  # seconds
PLACES = ("", "covid/", "pay/")
NAMES = ("rss.xml", "atom.xml", "feed.json")
UPDATES = 30
EDITS = 22
Place = TypeVar("Place")


@dataclass(slots=True, kw_only=True)
class House:
    """Everything that runs; ``cached`` is the port of Varnish, which is the site's public one."""

    content: Path
    publication: Path
    cached: int
    way: Way
    hub: str
    subscriber: Subscriber
    proxy: int
    service: Service

    def change(self, title: str, number: int = 1) -> float:
        """Give an update another title; when."""
        write_update(self.content, number, title=title)
        return monotonic()

    def get(self, path: str) -> tuple[bytes, HTTPMessage]:
        return get(self.cached, path)

    def is_hit(self, path: str) -> bool:
        """Whether Varnish had it: then it names two requests, its own and the one that filled it."""
        return len(self.get(path)[1]["X-Varnish"].split()) == 2

    def owed(self) -> int:
        return sum(told.owed for told in read_outbox(memory_path(self.publication)))


def get(port: int, path: str, via: int | None = None) -> tuple[bytes, HTTPMessage]:
    """The body and the fields of a document, perhaps by a proxy."""
    connection = HTTPConnection("127.0.0.1", via or port, timeout=30)
    connection.request("GET", f"http://127.0.0.1:{port}{path}" if via else path)
    answer = connection.getresponse()
    try:
        return answer.read(), answer.headers
    finally:
        connection.close()


def shows(port: int, path: str, title: str) -> bool:
    """Whether a document holds these words."""
    return title.encode() in get(port, path)[0]


def wait(what: str, is_so: Callable[[], object], patience: float = PATIENCE) -> float:
    """How long it took until it was so."""
    began = monotonic()
    while not is_so():
        assert monotonic() - began < patience, f"waited in vain for {what}"
        sleep(0.005)
    return monotonic() - began


def subscriber_gets_the_new_entry(house: House) -> str:
    """The hub asks Varnish, which must have let go by then."""
    for topic in (f"http://127.0.0.1:{house.cached}/{place}{name}" for place in PLACES for name in NAMES):
        said = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": house.subscriber.url, "hub.secret": SECRET}
        urllib.request.urlopen(house.hub, urlencode(said).encode(), timeout=30).close()
    for place in PLACES:
        for name in NAMES:
            house.get(f"/{place}{name}")
    wait("the first announcements", lambda: not any(t.owed for t in told(house, "hub")))
    house.subscriber.got.clear()
    saved = house.change("Told by the hub")
    wait("six deliveries", lambda: len(house.subscriber.got) >= 6)
    seconds = monotonic() - saved
    sleep(2)
    assert len(house.subscriber.got) == 6
    assert all(b"Told by the hub" in body for body in house.subscriber.got)
    assert house.subscriber.wrong == 0
    return f"six feeds in {seconds:.1f} s, signatures right"


def told(house: House, kind: str) -> list[Told]:
    return [each for each in read_outbox(memory_path(house.publication)) if each.name.startswith(kind)]


def varnish_is_stale_for_a_second_at_most(house: House) -> str:
    others = ["/pay/rss.xml", "/updates/update-9/", "/pay/"]
    own = ["/covid/rss.xml", "/", "/updates/update-30/"]
    for path in (*others, *own):
        house.get(path)
        assert house.is_hit(path), path
    stale = []
    for number in range(5):
        title = f"Seen at once {number}"
        house.change(title, UPDATES)
        wait("the service itself", partial(shows, house.service.port, "/covid/rss.xml", title))
        stale.append(wait("the cache", partial(shows, house.cached, "/covid/rss.xml", title)))
        assert all(shows(house.cached, path, title) for path in own)
        assert all(house.is_hit(path) for path in others)
    assert max(stale) < 1, stale
    return f"stale for {max(stale):.2f} s at most; what had not changed stayed"


def proxies_of_hospitals_keep_it_short(house: House) -> str:
    body, fields = get(house.cached, "/covid/rss.xml", house.proxy)
    assert b"Seen at once" in body
    assert "s-maxage=300" in fields["Cache-Control"]
    hidden = ("CDN-Cache-Control", "Surrogate-Control", "Surrogate-Key", "Cache-Tag", "xkey")
    assert not [name for name in hidden if name in fields]
    _, fields = get(house.cached, "/covid/rss.xml", house.proxy)
    assert "HIT" in fields["X-Cache"]
    assert int(fields["Age"]) < 300
    return "squid keeps it, for five minutes"


def what_was_being_fetched_goes_with_the_second_purge(house: House) -> str:
    """A slow fetch of the old text is stored after the purge that the change brought."""
    path = f"/updates/update-{UPDATES}/"
    purge(house, path)
    house.way.seconds = 3
    slow = Thread(target=house.get, args=(path,))
    slow.start()
    sleep(0.5)
    saved = house.change("Newer than what was being fetched", UPDATES)
    house_text = b"Newer than what was being fetched"
    wait("the service itself", lambda: house_text in get(house.service.port, path)[0])
    slow.join()
    house.way.seconds = 0
    was_old = house_text not in house.get(path)[0]
    wait("the second purge", lambda: house_text in house.get(path)[0], AGAIN + 15)
    assert was_old, "nothing old was stored; the way was not slow enough to show it"
    return f"the old text came back, and went {monotonic() - saved:.0f} s after the change"


def purge(house: House, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", house.cached, timeout=30)
    connection.request("PURGE", "/", headers={"xkey-purge": path})
    assert connection.getresponse().status == 200
    connection.close()


def a_killed_process_forgets_nothing(house: House) -> str:
    """Killed as soon as the change is public; its successor tells what it did not."""
    wait("all to be told", lambda: not house.owed(), 2 * AGAIN)
    house.subscriber.got.clear()
    house.change("Told after a death")
    wait("the service itself", lambda: b"Told after a death" in get(house.service.port, "/covid/rss.xml")[0])
    os.kill(house.service.publisher(), signal.SIGKILL)
    wait("six topics", lambda: len(house.subscriber.got) >= 6)
    wait("all to be told", lambda: not house.owed(), 2 * AGAIN)
    count = len(house.subscriber.got)
    assert count in (6, 7), count
    assert {body[:200] for body in house.subscriber.got}
    return f"{count} deliveries of 6"


def what_appears_where_nothing_was_is_seen_at_once(house: House) -> str:
    """Varnish holds that there is nothing at an address, and where a former one leads."""
    number = UPDATES + 1
    paths = [f"/updates/update-{number}/", f"/updates/update-{number}/calendar.ics", f"/updates/update-{number}"]
    for path in paths[:2]:
        house.get(path)
        assert house.is_hit(path), path
    saved = house.change("It was not there", number)
    seconds = wait("the page", partial(shows, house.cached, paths[0], "It was not there")) + monotonic() - saved
    assert house.get(paths[2])[1]["Location"] == paths[0]
    assert seconds < 10
    (house.content / "updates" / f"2026-02-01-update-{number}.yaml").unlink()
    wait("its end", lambda: not shows(house.cached, paths[0], "It was not there"))
    return "a page that was cached as not there, and its end"


def a_sender_that_is_killed_at_any_moment_tells_once_more_at_most(house: House) -> str:
    counts = []
    for moment in (0.0, 0.05, 0.2, 0.5, 1.1, 2.3, 4.2):
        wait("all to be told", lambda: not house.owed(), 3 * AGAIN)
        wait("a sender", lambda: all_senders(house.service))
        house.subscriber.got.clear()
        title = f"Told after {moment} seconds"
        house.change(title)
        wait("the service itself", partial(shows, house.service.port, "/covid/rss.xml", title))
        sleep(moment)
        os.kill(all_senders(house.service)[0], signal.SIGKILL)
        wait("six topics", lambda title=title: len(topics(house, title)) == 6)  # type: ignore[misc]
        wait("all to be told", lambda: not house.owed(), 3 * AGAIN)
        counts.append(len(house.subscriber.got))
        assert counts[-1] in (6, 7), counts
        assert shows(house.cached, "/covid/rss.xml", title)
    return f"deliveries of 6 each: {counts}"


def topics(house: House, title: str) -> set[str]:
    """The feeds whose delivery had that title."""
    bodies = [body.decode() for body in house.subscriber.got if title.encode() in body]
    addresses = (f"http://127.0.0.1:{house.cached}/{place}{name}" for place in PLACES for name in NAMES)
    return {topic for topic in addresses if any(f'"{topic}"' in body for body in bodies)}


def saved_to_visible_is_what_it_was(house: House) -> str:
    """In turn, with hub, cache and bucket, and with nobody to tell; none of them answers."""
    content = write_folder(house.content.parent / "quiet", updates=UPDATES)
    waits: dict[str, list[float]] = {"told": [], "silent": []}
    lost = {"FEEDSVC_PURGE": "varnish http://127.0.0.1:1/", "FEEDSVC_BUCKET": "s3://site/lost"}
    lost |= {"AWS_ENDPOINT": "http://127.0.0.1:1", "AWS_ALLOW_HTTP": "true", "AWS_ACCESS_KEY_ID": "a"}
    lost |= {"AWS_SECRET_ACCESS_KEY": "b"}
    with ExitStack() as closing:
        services = {}
        for name, given in {"told": lost, "silent": {}}.items():
            folder = shutil.copytree(content, house.content.parent / f"{name}-site" / "content")
            hubs = f"hubs: {json.dumps([house.hub])}\n" if given else ""
            (folder / "site.yaml").write_text(SITE + hubs)
            services[name] = closing.enter_context(Service(folder, workers=1, **given))  # type: ignore[arg-type]
        for number in range(EDITS):
            for name, service in services.items():
                title = f"Seen {name} {number}"
                write_update(service.content, 1, title=title)
                seconds = wait("the change", partial(shows, service.port, "/updates/update-1/", title))
                waits[name].append(seconds)
                sleep(0.3)
    found = {name: f"{1000 * median(each[2:]):.0f}" for name, each in waits.items()}
    return f"median of {EDITS - 2}: {found['told']} ms with targets, {found['silent']} ms without"


CHECKS = (
    subscriber_gets_the_new_entry,
    varnish_is_stale_for_a_second_at_most,
    proxies_of_hospitals_keep_it_short,
    what_was_being_fetched_goes_with_the_second_purge,
    a_killed_process_forgets_nothing,
    a_sender_that_is_killed_at_any_moment_tells_once_more_at_most,
    what_appears_where_nothing_was_is_seen_at_once,
    saved_to_visible_is_what_it_was,
)


def main() -> int:
    """Run every check in turn, or those that are named; 1 if one fails."""
    return 1 if _run(CHECKS, _open) + _run(bucket.CHECKS, bucket.open_store_of_others) else 0


def _run(checks: Sequence[Callable[[Place], str]], open_place: Callable[[ExitStack, Path], Place]) -> int:
    """Run checks over the same place; how many fail."""
    failed, named = 0, sys.argv[1:]
    wanted = [check for check in checks if not named or check.__name__ in named]
    with ExitStack() as closing:
        if not wanted:
            return 0
        place = open_place(closing, Path(closing.enter_context(TemporaryDirectory(prefix="outbox"))))
        for check in wanted:
            try:
                print(f"ok      {check.__name__}: {check(place)}", flush=True)
            except AssertionError as error:
                failed += 1
                print(f"FAILED  {check.__name__}: {error}", flush=True)
    return failed


def _open(closing: ExitStack, home: Path) -> House:
    enter = closing.enter_context
    hub, subscriber, cached = enter(run_hub(home)), enter(run_subscriber()), free_port()
    content = write_folder(home / "content", updates=UPDATES)
    base = f"http://127.0.0.1:{cached}/"
    site = SITE.replace("https://news.example.org/", base) + f"hubs: {json.dumps([hub])}\n"
    (content / "site.yaml").write_text(site)
    publication = home / "instance" / "publication.db"
    service = enter(Service(content, publication, workers=2, FEEDSVC_PURGE=f"varnish {base}"))
    way = enter(run_way(service.port))
    enter(run_varnish(home, cached, way.port))
    return House(
        content=content,
        publication=publication,
        cached=cached,
        way=way,
        hub=hub,
        subscriber=subscriber,
        proxy=enter(run_squid(home)),
        service=service,
    )


if __name__ == "__main__":
    sys.exit(main())
