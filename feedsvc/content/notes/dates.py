"""Dates that an update announces and that are probably not meant so, and links that let anybody into a meeting."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from feedsvc.content.dates import Moment
from feedsvc.content.notes.fields import Update
from feedsvc.content.written import FieldPath, Slip

FAR = timedelta(days=400)
_PASSCODE = re.compile(r"[?&](?:pwd|passcode|password)=|\b(?:passcode|password|contraseña)\b", re.IGNORECASE)


def announced(update: Update) -> Iterator[Slip]:
    """A date before the update itself, or so long after it that the year is probably wrong."""
    record = update.record
    dates: list[tuple[FieldPath, Moment]] = [
        (("event", number, "start"), event.start) for number, event in enumerate(record.event)
    ]
    if record.deadline:
        dates.append((("deadline",), record.deadline))
    for place, moment in dates:
        if _end(moment) < record.published:
            yield Slip(place, "it lies before the update is published", "correct the date if that is not meant")
        elif moment.instant - record.published > FAR:
            yield Slip(place, "it is more than a year after published", "correct the year if that is not meant")


def late_reminders(update: Update) -> Iterator[Slip]:
    """A reminder that nobody is ever given."""
    record = update.record
    if record.remind and record.deadline and _end(record.deadline) - record.remind <= record.published:
        what = "that is before the update is published, so nobody is reminded"
        yield Slip(("remind",), what, "write a shorter time, or delete the line")


def _end(moment: Moment) -> datetime:
    """When it is over, at most an hour wrong."""
    return moment.instant + (timedelta(days=1) if moment.is_whole_day else timedelta())


def passcodes(update: Update) -> Iterator[Slip]:
    """What lets anybody who reads a public calendar into a meeting."""
    for number, event in enumerate(update.record.event):
        for field, text in (("place", event.place), ("url", event.url)):
            if text and _PASSCODE.search(text):
                what = "everybody who sees the calendar can join with this passcode"
                yield Slip(("event", number, field), what, "send the passcode to members another way")
