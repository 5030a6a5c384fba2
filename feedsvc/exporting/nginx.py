"""The rules of an export for nginx as Debian ships it: a file to include into the ``server`` block of the site."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from feedsvc import urls
from feedsvc.exporting.patterns import expression, rewriting
from feedsvc.exporting.rules import Rule, Rules, below
from feedsvc.exporting.tree import Redirect
from feedsvc.publication.headers import MOVED_FIELDS, OPEN, PREFLIGHT, VISIT_FIELDS, Headers

NAME = "_nginx.conf"
_HEAD = """\
# The rules of this export for nginx. Put this line into the server block whose root is {root}:
#     include {place}/{name};
# With nginx's own brotli module, add: brotli_static on;
absolute_redirect off;
gzip_static on;
gzip_vary on;
error_page 404 "{prefix}{not_found}";

"""


def nginx_file(rules: Rules) -> str:
    """Everything to include."""
    place = "/path/to/the/export"
    root = "this folder" if not rules.prefix else f"the folder in which this one lies as {rules.prefix}"
    head = _HEAD.format(root=root, place=place, name=NAME, prefix=rules.prefix, not_found=urls.NOT_FOUND)
    hidden = rf"^{_plain(rules.prefix)}/(?:_headers|_redirects|{re.escape(NAME)}|\.(?!well-known))"
    blocks = (
        _block(f'~ "{hidden}"', ["return 404;"]),
        *(_redirect(below(rules.prefix, redirect)) for redirect in rules.redirects),
        *(_way(below(rules.prefix, way)) for way in rules.ways),
        *_gone(rules),
        *(_rule(rules, rule) for rule in rules.rules),
    )
    return head + "".join(blocks)


def _rule(rules: Rules, rule: Rule) -> str:
    fields = [field for field in (*rule.fields, *rules.common) if field[0] != "Content-Type"]
    lines = _typed(rule.content_type)
    if dict(OPEN).items() <= dict(fields).items():
        lines += _when("$request_method = OPTIONS", PREFLIGHT, "return 204;")
    if rule.is_feed:
        lines += ['set $feedsvc_page "/";', f'if ($uri ~ "{_PAGE}") {{ set $feedsvc_page $1; }}']
        lines += _when(
            "$http_sec_fetch_dest = document", VISIT_FIELDS, f'return 303 "{urls.subscribe_path("${feedsvc_page}")}";'
        )
        fields.append(("Vary", "Sec-Fetch-Dest"))
    if rule.status != 200:
        return _block(f'= "{_quoted(rules.prefix + rule.pattern)}"', ["internal;", *lines, *_said(fields, " always")])
    path = _plain(rules.prefix) + expression(rule.pattern)
    index = r"(?:index\.html)?" if rule.pattern.endswith(("/", "*")) else ""
    return _block(f'~ "^{path}{index}$"', [*lines, *_said(fields)])


_PAGE = r"^((?:/[\w-]+)*?/)(?:\d{4}/(?:\d\d?/)*)?[^/]*$"  # a year is followed as its place is


def _redirect(redirect: Redirect) -> str:
    """From its path, and from that without the slash of a page."""
    lines = [*_said(MOVED_FIELDS), f'return {redirect.status} "{redirect.target.replace("$", "%24")}";']
    paths = dict.fromkeys((redirect.path, redirect.path.removesuffix("/")))
    return "".join(_block(f'= "{_quoted(path)}"', lines) for path in paths)


def _way(way: Redirect) -> str:
    path, target = rewriting(way.path, way.target)
    return _block(f'~ "^{path}$"', [*_said(MOVED_FIELDS), f'return {way.status} "{target}";'])


def _gone(rules: Rules) -> Iterator[str]:
    """Each page of something gone, with its status; who asks for the file behind it finds nothing."""
    if rules.gone:
        one = "|".join(_plain(rules.prefix + path) for path in rules.gone)
        yield _block(f'~ "^(?:{one})$"', ['error_page 410 "${uri}index.html";', "return 410;"])
        fields = [field for field in rules.gone_fields if field[0] != "Content-Type"]
        lines = _typed(dict(rules.gone_fields)["Content-Type"])
        yield _block(rf'~ "^(?:{one})index\.html$"', ["internal;", *lines, *_said(fields, " always")])


def _typed(content_type: str) -> list[str]:
    return ["types { }", f'default_type "{content_type}";']


def _when(condition: str, fields: Headers, answer: str) -> list[str]:
    return [f"if ({condition}) {{", *(f"    {line}" for line in (*_said(fields), answer)), "}"]


def _said(fields: Iterable[tuple[str, str]], always: str = "") -> list[str]:
    return [f'add_header {name} "{value}"{always};' for name, value in fields]


def _plain(path: str) -> str:
    """A path as a regular expression; nginx matches what it has decoded."""
    return re.escape(unquote(path)).replace('"', r"\"")


def _quoted(path: str) -> str:
    return unquote(path).replace("\\", "\\\\").replace('"', r"\"")


def _block(where: str, lines: Iterable[str]) -> str:
    return "\n    ".join((f"location {where} {{", *lines)) + "\n}\n"
