"""WebSub (W3C): hubs fetch a feed that changed, and hand it to whoever subscribed there."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

from feedsvc import urls
from feedsvc.announcing.target import HUBS, Asking, Target
from feedsvc.kinds import DAY, FEED

PAUSE = 1.0  # seconds between topics: hubs drop all but the first of many at once, and say yes to each


def hub(url: str, site_url: str) -> Target:
    """A hub, which is told of feeds of all updates and of single categories, one at a time."""
    return Target(
        name=f"hub {url}",
        wants=lambda _path, kind: kind == FEED.name,
        ask=partial(_publish, url, site_url),
        turn=HUBS,
        patience=3 * DAY,
        pause=PAUSE,
    )


def _publish(url: str, site_url: str, paths: Sequence[str]) -> Asking:
    """The one request that all hubs understand, which call the address by one name or the other."""
    topic = urls.absolute(site_url, paths[0])
    said = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
    fields = {"Content-Type": "application/x-www-form-urlencoded"}
    return Asking(method="POST", url=url, fields=fields, body=urlencode(said).encode())
