"""Caches that keep what is published until they are told otherwise: a row for each kind of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from feedsvc import urls
from feedsvc.announcing.target import CACHES, Answer, Asking, Target, is_welcome
from feedsvc.kinds import BY_NAME, DAY
from feedsvc.publication.headers import ALL_KEY
from feedsvc.publication.outbox import EVERYTHING, OCTETS

MANY = 300  # documents of one publish; where more changed, a cache is asked to let go of everything
AGAIN = 30.0  # seconds, within which a fetch that began before may still put what is old into the cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """How one of them is asked to let go of paths: ``ask`` is given where it is, the token, the site and the paths."""

    ask: Callable[[str, str, str, Sequence[str]], Asking]
    most: int
    octets: int = OCTETS
    is_accepted: Callable[[Answer], bool] = is_welcome


def cache(setting: str, token: str, site_url: str) -> Target:
    """The cache that a setting names: its kind and where it is, with a space between."""
    kind, _, place = setting.partition(" ")
    row = KINDS[kind]
    return Target(
        name=f"{kind} {_without_path(place)}",
        wants=lambda _path, name: not name or not BY_NAME[name].is_immutable,
        ask=partial(row.ask, place, token, site_url),
        turn=CACHES,
        most=row.most,
        octets=row.octets,
        named_at_most=MANY,
        patience=DAY,  # by then it has let go by itself
        again=AGAIN,
        is_accepted=row.is_accepted,
    )


def _without_path(place: str) -> str:
    """Where it is, as everybody may read it: the rest of an address is often all that keeps others from using it."""
    parts = urlsplit(place)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else place


def _varnish(place: str, token: str, _site_url: str, paths: Sequence[str]) -> Asking:
    """For the recipe of the README, which purges by key (vmod xkey)."""
    return Asking(method="PURGE", url=place, fields={**_bearer(token), "xkey-purge": " ".join(_keys(paths))})


def _fastly(place: str, token: str, _site_url: str, paths: Sequence[str]) -> Asking:
    url = f"https://api.fastly.com/service/{place}/purge"
    return _post(url, {"Fastly-Key": token}, {"surrogate_keys": _keys(paths)})


def _cloudflare(place: str, token: str, site_url: str, paths: Sequence[str]) -> Asking:
    url = f"https://api.cloudflare.com/client/v4/zones/{place}/purge_cache"
    objects = (f"{path}index.html" for path in paths if path.endswith("/"))  # as its worker asks a bucket for pages
    named = {"files": [urls.absolute(site_url, path) for path in (*paths, *objects)]}
    body = {"purge_everything": True} if EVERYTHING in paths else named
    return _post(url, _bearer(token), body)


def _webhook(place: str, token: str, site_url: str, paths: Sequence[str]) -> Asking:
    is_everything = EVERYTHING in paths
    named = [] if is_everything else [urls.absolute(site_url, path) for path in paths]
    body = {"everything": is_everything, "urls": named, "keys": _keys(paths)}
    return _post(place, _bearer(token), body)


def _post(url: str, secret: Mapping[str, str], said: Mapping[str, object]) -> Asking:
    body = json.dumps(said, separators=(",", ":")).encode()
    return Asking(method="POST", url=url, fields={"Content-Type": "application/json", **secret}, body=body)


def _is_success(answer: Answer) -> bool:
    """Cloudflare answers 200 to what it refuses."""
    try:
        return bool(json.loads(answer.body)["success"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def _keys(paths: Sequence[str]) -> list[str]:
    """The purge keys: each document has its path, and all have one in common."""
    return [ALL_KEY if path == EVERYTHING else path for path in paths]


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


KINDS = {
    "varnish": Cache(ask=_varnish, most=40, octets=6_000),  # of a field, for which it has 8 kB
    "fastly": Cache(ask=_fastly, most=256),
    "cloudflare": Cache(ask=_cloudflare, most=15, is_accepted=_is_success),  # of 30 addresses,
    "webhook": Cache(ask=_webhook, most=500),
}
