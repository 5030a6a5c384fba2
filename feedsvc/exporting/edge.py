"""The rules of an export for what runs in front of a bucket: a script each for CloudFront, Cloudflare and Fastly.

All have the same table, made of the same rules as those of other hosts, and the same functions (``edge.js``); how
workers use them is in ``edge_worker.js``, and what CloudFront runs in ``edge_cloudfront.js``. What an object says of
itself, its type and how long it may be kept, is not repeated.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from feedsvc import urls
from feedsvc.exporting.patterns import expression, rewriting
from feedsvc.exporting.rules import Rules, leads_to_card
from feedsvc.exporting.tree import Redirect
from feedsvc.object_stores import CACHE_CONTROL, CONTENT_TYPE
from feedsvc.publication.headers import ALL_KEY, ALWAYS, MOVED_FIELDS, PREFLIGHT, VISIT_FIELDS, Headers

FOLDER = "_rules/"
CLOUDFRONT_OCTETS = 10_240  # that a function may have
WORKER_OCTETS = 1_000_000  # far below what a script may have

OTHERS = {"moved": MOVED_FIELDS, "visit": VISIT_FIELDS, "preflight": PREFLIGHT}

_CORE, _WORKER, _CLOUDFRONT = (
    Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
    for name in ("edge", "edge_worker", "edge_cloudfront")
)
_SERVED = f"{_CORE}\n{_WORKER}"
# a function for CloudFront is to be short
_LINES = (line.strip() for line in f"{_CORE}\n{_CLOUDFRONT}".splitlines())
_SHORT = "".join(f"{line}\n" for line in _LINES if line and not line.startswith("//"))
_CLOUDFRONT_HEAD = """\
// For CloudFront (JavaScript runtime 2.0): associate this function with viewer requests and with viewer responses, and
// let the distribution answer 403 and 404 with {missing} and the status 404.
"""
_CLOUDFLARE_HEAD = """\
// For Cloudflare: a worker on all addresses of a host whose origin is the bucket.
"""
_FASTLY_HEAD = """\
// For Fastly: a Compute service whose backend named "bucket" is the bucket, with the name of its host as override host.
import { CacheOverride } from "fastly:cache-override";
"""
_CLOUDFLARE = """
export default { fetch: (request) => answered(request, (asked) => fetch(asked)) };
"""
_FASTLY = f"""
addEventListener("fetch", (event) => event.respondWith(answered(event.request, (asked, path) => {{
  const known = new CacheOverride("override", {{ surrogateKey: "{ALL_KEY} " + path }});
  return fetch(asked, {{ backend: "bucket", cacheOverride: known }});
}})));
"""


def _fitting(most: int, head: str, code: str, rules: Rules, base: str) -> str:
    """A script of at most so many octets for a site with that base URL, with as much of what leads on as finds room.

    What finds none is left out: first ways to cards, then orders of mixes.
    """
    head = head.replace("{missing}", rules.prefix + urls.NOT_FOUND)
    moved, cards = [way for way in rules.redirects if not leads_to_card(way)], [*filter(leads_to_card, rules.redirects)]
    every: list[Redirect | str] = [*moved, *_mixes(rules), *cards]
    kept = every
    while True:
        left_out = len(every) - len(kept)
        note = f"// {left_out} redirects are left out for want of room.\n" if left_out else ""
        table = json.dumps(_table(rules, kept, base), separators=(",", ":"), ensure_ascii=True)
        script = f"{head}{note}const TABLE = {table};\n{code}"
        over = len(script.encode()) - most
        if over <= 0 or not kept:
            return script
        kept = kept[: len(kept) - max(1, over // 200)]


def _table(rules: Rules, kept: Sequence[Redirect | str], base: str) -> dict[str, Any]:
    """What the functions go by; ``kept`` are the redirects and the mixes that find room."""
    sets = list(dict.fromkeys(_own(rule.fields) for rule in rules.rules))
    links = list(dict.fromkeys(rule.links for rule in rules.rules))
    return {
        "base": base.removesuffix("/"),
        "prefix": rules.prefix,
        "missing": urls.NOT_FOUND,
        "follow": urls.subscribe_path(""),
        "fields": {
            "all": dict(rules.common),
            "always": dict(ALWAYS),
            **{name: dict(field for field in fields if field not in ALWAYS) for name, fields in OTHERS.items()},
        },
        "links": links,
        "hubs": rules.hubs,
        "topics": rules.topics,
        "sets": [dict(fields) for fields in sets],
        "rules": [
            [
                f"^{expression(rule.pattern)}$",
                sets.index(_own(rule.fields)),
                int(rule.is_feed),
                links.index(rule.links),
            ]
            for rule in rules.rules
        ],
        "ways": [*_ways(rules)],
        "mixes": [mix for mix in kept if isinstance(mix, str)],
        "gone": rules.gone,
        "moved": {way.path: [way.target, way.status] for way in kept if isinstance(way, Redirect)},
    }


def _own(fields: Headers) -> Headers:
    return tuple(field for field in fields if field[0] not in (CONTENT_TYPE, CACHE_CONTROL))


def _ways(rules: Rules) -> Iterator[list[str | int]]:
    """By pattern, those from one folder to one place together."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for folder, _, name, way in ((*way.path.rpartition("/"), way) for way in rules.ways if not way.path.endswith("/*")):
        found.setdefault((folder, way.target, way.status), []).append(re.escape(name))
    for (folder, target, status), names in found.items():
        path, place = rewriting(f"{folder}/(?:{'|'.join(names)})", target)
        yield [f"^{path}$", place, status]


def _mixes(rules: Rules) -> Iterator[str]:
    """The mixes to which other orders of their categories lead, wherever they lie."""
    yield from dict.fromkeys(way.target.split("/")[-2] for way in rules.ways if way.path.endswith("/*"))


SCRIPTS: Mapping[str, Callable[[Rules, str], str]] = {  # by key
    f"{FOLDER}cloudfront.js": partial(_fitting, CLOUDFRONT_OCTETS, _CLOUDFRONT_HEAD, _SHORT),
    f"{FOLDER}cloudflare-worker.js": partial(_fitting, WORKER_OCTETS, _CLOUDFLARE_HEAD, f"{_SERVED}{_CLOUDFLARE}"),
    f"{FOLDER}fastly-compute.js": partial(_fitting, WORKER_OCTETS, _FASTLY_HEAD, f"{_SERVED}{_FASTLY}"),
}
