"""What stands at the address of an update that is gone: why, and where to go. Search engines are to forget it."""

from datetime import datetime

from feedsvc.languages import marked, spoken
from feedsvc.model import Entry, Site
from feedsvc.pages.content import localize_html, mark_language
from feedsvc.pages.dates import BEGINNING
from feedsvc.pages.frame import describe_subjects, frame_site, render
from feedsvc.pages.update import ALONE, Neighbours, name_update


def gone_page(
    site: Site,
    entry: Entry,
    neighbours: Neighbours = ALONE,
    *,
    as_of: datetime = BEGINNING,  # noqa: ARG001  # pages of updates are called alike
) -> bytes:
    """The page of an update that was withdrawn, with the one that takes its place."""
    frame = frame_site(site)
    subjects = describe_subjects(frame, entry.categories)
    replacing = neighbours.replacing
    return render(
        "gone.html",
        frame,
        neighbours.versions,
        title=marked(frame.words.document_title.format(title=entry.title, site=site.title), spoken(entry, site)),
        heading=entry.title,
        lang=mark_language(site, entry),
        content=localize_html(site, entry),
        subjects=subjects,
        discovery=subjects.discovery,
        replacing=replacing and name_update(frame, replacing),
    )
