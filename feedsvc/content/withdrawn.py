"""What an update that was withdrawn says in place of its own text: when that was, and why."""

from dataclasses import replace
from html import escape

from feedsvc.content.files import File, Files
from feedsvc.content.markup import filter_xml_text
from feedsvc.content.schema import EntryRecord
from feedsvc.languages import direction, spoken
from feedsvc.model import Entry, Site, Withdrawal
from feedsvc.timestamps import local
from feedsvc.wording import words_inside
from feedsvc.wording.leads import sentence


class NoFiles(Files):
    """The files of an update that was withdrawn: it neither offers nor shows any, so none need be there any more."""

    def attachment(self, name: str) -> File:
        """A name and nothing else."""
        return File(name=name, media_type="application/octet-stream", length=0, digest="")

    picture = attachment


def as_withdrawn(entry: Entry, record: EntryRecord, site: Site) -> Entry:
    """The entry under its own id and address, with its title marked and its text replaced by the reason."""
    if not record.withdrawn:
        return entry
    words, language = words_inside(entry, site)
    reason = filter_xml_text(sentence(record.reason or ""))
    label = words.withdrawn.format(when=words.say_date(local(record.withdrawn, site)))
    marks = "" if language == spoken(entry, site) else f' lang="{escape(language)}" dir="{direction(language)}"'
    return replace(
        entry,
        title=words.withdrawn_title.format(title=entry.title),
        updated=max(entry.updated, record.withdrawn),
        summary=f"{label} {reason}",
        content_html=f"<p><strong{marks}>{escape(label)}</strong> {escape(reason)}</p>",
        withdrawal=Withdrawal(date=record.withdrawn, reason=reason, title=entry.title),
        expires=None,
        link=None,
        image=None,
        pictures=(),
        enclosures=(),
        related=(),
    )
