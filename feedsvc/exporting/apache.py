"""The rules of an export for Apache: a file ``.htaccess``, which it reads by itself where ``AllowOverride`` lets it.

The modules headers and rewrite are needed, which every host has switched on that lets people bring such files.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from feedsvc import urls
from feedsvc.exporting.patterns import expression, rewriting
from feedsvc.exporting.rules import Rule, Rules
from feedsvc.exporting.tree import Redirect
from feedsvc.publication.headers import MOVED_FIELDS, OPEN, PREFLIGHT, VISIT_FIELDS, Headers

NAME = ".htaccess"
_CODED = r"(?:\.br|\.gz)?"
_HEAD = """\
# The rules of this export for Apache 2.4, with its modules headers and rewrite (a2enmod headers rewrite), where
# AllowOverride All lets it read this file.
DirectoryIndex index.html
FileETag MTime Size
RemoveEncoding .gz .br
RemoveType .gz .br
SetEnvIf Request_URI "\\.(?:gz|br)$" no-gzip no-brotli
ErrorDocument 404 "{prefix}{not_found}"
Header always unset X-Powered-By
RewriteEngine On
RewriteBase "{prefix}/"
RewriteRule "(?:^|/)(?:_headers|_redirects|_nginx\\.conf|\\.(?!well-known))" - [R=404,L]
RewriteCond %{{ENV:REDIRECT_STATUS}} =""
RewriteRule "^{missing}$" - [R=404,L]
RewriteCond %{{REQUEST_METHOD}} =OPTIONS
RewriteRule ^ - [R=204,L]
RewriteCond %{{REQUEST_METHOD}} !^(?:GET|HEAD)$
RewriteRule ^ - [R=405,L]
"""
_TWINS = """\
RewriteCond %{{HTTP:Accept-Encoding}} "\\b{coding}\\b(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))"
RewriteCond %{{REQUEST_FILENAME}}{index}{ending} -f
RewriteRule "{path}" "$0{index}{ending}" [E=feedsvc_{coding}:1,L]
"""


def apache_file(rules: Rules) -> str:
    """Everything that Apache is to read."""
    head = _HEAD.format(prefix=rules.prefix, not_found=urls.NOT_FOUND, missing=_plain(urls.NOT_FOUND))
    parts = (
        *_fields(rules.common, "always "),
        *(_moved(re.sub("/$", "/?", _plain(redirect.path)), redirect, rules) for redirect in rules.redirects),
        *(_way(way, rules) for way in rules.ways),
        *_gone(rules),
        *_visits(rules),
    )
    twins = (
        _TWINS.format(coding=coding, ending=ending, index=index, path=path)
        for coding, ending in (("br", ".br"), ("gzip", ".gz"))
        for index, path in (("index.html", "^(?:|.*/)$"), ("", "^.*[^/]$"))
    )
    coded = [f"Header set Content-Encoding {name} env=REDIRECT_feedsvc_{name}" for name in ("br", "gzip")]
    sections = (_section(rules, rule) for rule in reversed(rules.rules))
    return head + "\n".join((*parts, "".join(twins) + "\n".join(coded), *sections, *_gone_fields(rules))) + "\n"


def _section(rules: Rules, rule: Rule) -> str:
    """What a rule says; it comes after those that it overrides, and takes back what they said."""
    said = {each.pattern: [name for name, _ in each.fields] for each in rules.rules}
    own = dict(rule.fields)
    taken_back = sorted({name for pattern in rule.over for name in said[pattern]} - own.keys())
    always = "always " if rule.status != 200 else ""
    fields = [field for field in rule.fields if field[0] != "Content-Type"]
    lines = [f'ForceType "{rule.content_type}"', *(f"Header unset {name}" for name in taken_back)]
    lines += [*_fields(fields, always), "Header merge Vary Accept-Encoding"]
    lines += ["Header merge Vary Sec-Fetch-Dest"] if rule.is_feed else []
    if dict(OPEN).items() <= own.items():
        lines += [f"{line} \"expr=%{{REQUEST_METHOD}} == 'OPTIONS'\"" for line in _fields(PREFLIGHT, "always ")]
    index = r"(?:index\.html)?" if rule.pattern.endswith(("/", "*")) else ""
    path = _pattern(rules.prefix) + expression(rule.pattern) + index + _CODED
    return "\n    ".join((f'<If "%{{REQUEST_URI}} =~ m#^{path}$#">', *lines)) + "\n</If>"


def _moved(path: str, redirect: Redirect, rules: Rules) -> str:
    target = re.sub(r"([%$\\])", r"\\\1", rules.prefix + redirect.target)
    return _leading(path, target, redirect.status)


def _way(way: Redirect, rules: Rules) -> str:
    return _leading(*rewriting(way.path.removeprefix("/"), rules.prefix + way.target), way.status)


def _leading(path: str, target: str, status: int, flags: str = "E=feedsvc_moved:1") -> str:
    return f'RewriteRule "^{path}$" "{target}" [R={status},NE,{flags},L]'


def _visits(rules: Rules) -> Iterator[str]:
    """Who opens a feed in a browser is led to its page; the fields of every redirect."""
    names = "|".join(map(re.escape, rules.feed_names))
    yield "RewriteCond %{HTTP:Sec-Fetch-Dest} =document"
    page = rf"((?:[\w-]+/)*?)(?:\d{{4}}/(?:\d\d?/)*)?(?:{names})"
    yield _leading(page, urls.subscribe_path(f"{rules.prefix}/$1"), 303, "E=feedsvc_visit:1")
    for name, fields in (("moved", MOVED_FIELDS), ("visit", VISIT_FIELDS)):
        yield from (f"{line} env=feedsvc_{name}" for line in _fields(fields, "always "))


def _gone(rules: Rules) -> Iterator[str]:
    """Each page of something gone, with its status."""
    for path in rules.gone:
        yield f'RewriteRule "^{_plain(path)}$" - [R=410,L]'
        yield f"<If \"%{{REQUEST_URI}} == '{rules.prefix}{path}'\">"
        yield f'    ErrorDocument 410 "{rules.prefix}{path}index.html"'
        yield "</If>"


def _gone_fields(rules: Rules) -> Iterator[str]:
    """What their pages say, in place of what the page of an update does."""
    if rules.gone:
        told = [field for field in rules.gone_fields if field not in rules.common and field[0] != "Content-Type"]
        lines = [*(f"Header unset {name}" for name, _ in told), *_fields(told, "always ")]
        paths = "|".join(_pattern(rules.prefix + path) for path in rules.gone)
        yield "\n    ".join((rf'<If "%{{REQUEST_URI}} =~ m#^(?:{paths})index\.html{_CODED}$#">', *lines)) + "\n</If>"


def _fields(fields: Headers | Iterable[tuple[str, str]], always: str = "") -> list[str]:
    return [f'Header {always}set {name} "{value}"' for name, value in fields]


def _plain(path: str) -> str:
    """A path below the folder as a regular expression; Apache matches what it has decoded."""
    return re.escape(unquote(path.removeprefix("/"))).replace('"', r"\"")


def _pattern(path: str) -> str:
    return re.escape(unquote(path))
