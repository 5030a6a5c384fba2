"""What lies at former addresses for hosts that know no rules, so that nobody is lost there whom others lead on.

At that of a feed or a calendar lies the same feed: a reader that meets a page there stops. A page leads on by itself.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape

from feedsvc import urls
from feedsvc.exporting.tree import ExportedFile, Redirect, file_name
from feedsvc.kinds import ARCHIVE, ARCHIVE_PAGE, MOVED

NOBODY_FOLLOWS = (ARCHIVE, ARCHIVE_PAGE)  # the way to these stands in what leads to them, and they may be large
PAGE = """\
<!doctype html>
<meta charset="utf-8">
<title>{url}</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{url}">
<meta http-equiv="refresh" content="0; url={url}">
<p><a href="{url}">{url}</a></p>
"""


def stand_ins(
    redirects: Iterable[Redirect], files: Iterable[ExportedFile], site_url: str, read: Callable[[str], bytes]
) -> Iterator[ExportedFile]:
    """One for each address from which a person, a reader or another site may come; ``read`` gives a file of a name.

    Former pictures of a title have none: they were copied long ago, and there is one for each update.
    """
    by_path = {file.path: file for file in files}
    for redirect in redirects:
        target = by_path.get(redirect.target)
        if (
            redirect.status != MOVED.status
            or target is None
            or target.kind in NOBODY_FOLLOWS
            or redirect.path.endswith(f"/{urls.CARD}")
        ):
            continue
        if target.media_type == "text/html":
            body = PAGE.format(url=escape(site_url + target.path.removeprefix("/"))).encode()
        else:
            body = read(target.name)
        yield replace(target, name=file_name(redirect.path), path=redirect.path, body=body)
