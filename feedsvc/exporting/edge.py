"""The rules of an export for what runs in front of a bucket: a script each for CloudFront and for Cloudflare.

Both have the same table, made of the same rules as those of other hosts, and the same functions (``edge.js``). What an
object says of itself, its type and how long it may be kept, is not repeated.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from feedsvc import urls
from feedsvc.exporting.patterns import expression, rewriting
from feedsvc.exporting.rules import Rules
from feedsvc.exporting.tree import Redirect
from feedsvc.object_stores import CACHE_CONTROL, CONTENT_TYPE
from feedsvc.publication.headers import ALWAYS, MOVED_FIELDS, PREFLIGHT, VISIT_FIELDS, Headers

FOLDER = "_rules/"
CLOUDFRONT_OCTETS = 10_240  # that a function may have
WORKER_OCTETS = 1_000_000  # far below what a script may have

OTHERS = {"moved": MOVED_FIELDS, "visit": VISIT_FIELDS, "preflight": PREFLIGHT}

_CORE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_CLOUDFRONT_HEAD = """\
// For CloudFront (JavaScript runtime 2.0): associate this function with viewer requests and with viewer responses, and
// let the distribution answer 403 and 404 with {missing} and the status 404.
"""
_CLOUDFRONT = """
function handler(event) {
  const request = event.request;
  const response = event.response;
  const path = request.uri.replace(/index\\.html$/, "");
  function put(fields, headers) {
    Object.keys(fields).forEach(function (name) { headers[name.toLowerCase()] = { value: fields[name] }; });
    return headers;
  }
  if (response) {
    if (response.statusCode === 200 && isGone(path)) response.statusCode = 410;
    put(said(path), response.headers);
    return response;
  }
  if (isHidden(own(path))) return { statusCode: 404 };
  const destination = request.headers["sec-fetch-dest"];
  let made = answer(request.method, request.uri, destination && destination.value);
  if (!made && lacksSlash(request.uri)) made = slashed(request.uri);
  if (made) return { statusCode: made[0], headers: put(made[1], {}) };
  request.uri = stored(request.uri);
  return request;
}
"""
_WORKER_HEAD = """\
// For Cloudflare: a worker on all addresses of a host whose origin is the bucket.
"""
_WORKER = """
export default {
  async fetch(request) {
    const url = new URL(request.url);
    const path = url.pathname;
    const at = (place) => new URL(place, url);
    let made = answer(request.method, path, request.headers.get("Sec-Fetch-Dest"));
    if (!made && lacksSlash(path) && (await fetch(at(stored(path + "/")), { method: "HEAD" })).ok) made = slashed(path);
    if (made) return new Response(null, { status: made[0], headers: made[1] });
    const missing = TABLE.prefix + TABLE.missing;
    let found = null;
    if (path !== missing && !isHidden(own(path))) found = await fetch(new Request(at(stored(path)), request));
    let status = found ? found.status : 404;
    if (status === 403 || status === 404) {
      found = await fetch(at(missing));
      status = 404;
    } else if (status === 200 && isGone(path)) status = 410;
    const answered = new Response(found.body, { status, headers: found.headers });
    const fields = said(status === 404 ? missing : path);
    Object.keys(fields).forEach((name) => answered.headers.set(name, fields[name]));
    return answered;
  },
};
"""


def cloudfront_script(rules: Rules, base: str) -> str:
    """A function for CloudFront and a site with that base URL.

    It is short, so some of what leads on may be left out of it, ways to cards first.
    """
    head = _CLOUDFRONT_HEAD.format(missing=rules.prefix + urls.NOT_FOUND)
    code = (line.strip() for line in f"{_CORE}{_CLOUDFRONT}".splitlines())
    short = "\n".join(line for line in code if line and not line.startswith("//"))
    return _fitting(rules, base, CLOUDFRONT_OCTETS, head, f"{short}\n")


def worker_script(rules: Rules, base: str) -> str:
    """A worker for Cloudflare and a site with that base URL."""
    return _fitting(rules, base, WORKER_OCTETS, _WORKER_HEAD, f"{_CORE}{_WORKER}")


SCRIPTS: Mapping[str, Callable[[Rules, str], str]] = {  # by key
    f"{FOLDER}cloudfront.js": cloudfront_script,
    f"{FOLDER}cloudflare-worker.js": worker_script,
}


def _fitting(rules: Rules, base: str, most: int, head: str, code: str) -> str:
    """A script of at most so many octets, with as many of the redirects as find room in it."""
    redirects = rules.redirects
    while True:
        left_out = len(rules.redirects) - len(redirects)
        note = f"// {left_out} redirects are left out for want of room.\n" if left_out else ""
        table = json.dumps(_table(rules, redirects, base), separators=(",", ":"), ensure_ascii=True)
        script = f"{head}{note}const TABLE = {table};\n{code}"
        over = len(script.encode()) - most
        if over <= 0 or not redirects:
            return script
        redirects = redirects[: len(redirects) - max(1, over // 200)]


def _table(rules: Rules, redirects: Sequence[Redirect], base: str) -> dict[str, Any]:
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
        "ways": [_way(way) for way in rules.ways],
        "gone": rules.gone,
        "moved": {redirect.path: [redirect.target, redirect.status] for redirect in redirects},
    }


def _own(fields: Headers) -> Headers:
    return tuple(field for field in fields if field[0] not in (CONTENT_TYPE, CACHE_CONTROL))


def _way(way: Redirect) -> tuple[str, str, int]:
    path, target = rewriting(way.path, way.target)
    return f"^{path}$", target, way.status
