"""What fields say that readers will not see as it is meant: markup in plain text, empty files, wrong weekdays."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from feedsvc.content.calendar_days import MONTH_NUMBERS, MONTHS, WEEKDAY_NUMBERS, WEEKDAYS, known_day, near_weekday
from feedsvc.content.schema import EntryRecord
from feedsvc.content.value_errors import in_quotes
from feedsvc.content.written import FieldPath, Slip
from feedsvc.errors import shortened

_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9:]*(?:\s[^<>]*)?/?>")
_LESS = re.compile(r"<(?=[^\s<>])[^\s<>]*")
_MARKUP = re.compile(
    r"\*\*(?P<bold>[^*]+)\*\*|__(?P<under>[^_]+)__|!?\[(?P<words>[^\[\]]*)\]\([^()]*\)|`(?P<code>[^`]+)`"
    r"|(?<![\w*])\*(?P<em>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])|(?<!\w)_(?P<it>[^\s_](?:[^_]*[^\s_])?)_(?!\w)"
)
_SIGNS = "<&*_[`"
LONG = 40  # characters: a title of more says something
# titles, letters only, that would do for any update
_NOTHING = frozenset(
    {
        *("update", "updates", "news", "announcement", "announcements", "important", "importantupdate", "newupdate"),
        *("information", "info", "message", "notice", "untitled", "test", "draft", "title", "document", "hello"),
        *("memo", "newsletter", "bulletin", "flyer", "attention", "reminder", "alert", "unionupdate", "unionnews"),
        *("memberupdate", "weeklyupdate", "actualizacion", "actualizaciones", "aviso", "avisos", "noticia", "noticias"),
        *("importante", "informacion", "mensaje", "anuncio", "sintitulo", "prueba", "boletin", "recordatorio"),
    }
)
_MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAY_NUMBERS, key=len, reverse=True))
# in small letters, which a search without regard to them is several times slower than
_DATED = re.compile(
    rf"(?<!\w)(?P<weekday>{_WEEKDAY})\b\.?,?\s+(?:the\s+|el\s+|día\s+)?"
    rf"(?:(?P<month>{_MONTH})\b\.?\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th|º)?(?:\s+(?:de|of))?\s+(?P<month2>{_MONTH})\b)(?!:?[0-9])"
    r"(?:,?\s+(?:del?\s+)?(?P<year>(?:19|20)[0-9]{2}))?(?P<after>\s*(?:and|y|or|o|to|through|al?|&|-|\u2013)\s*[0-9])?"
)
_FIGURE = re.compile("[0-9]")
_BEFORE = re.compile(r"(?:\b(?:and|y|or|o|to|a|through|al?)|[&/\u2013-]) ?$")
_ENGLISH = tuple(f"{name[:3]}, " for name in map(str.lower, WEEKDAYS))
_SPANISH = tuple(name for name, number in WEEKDAY_NUMBERS.items() if len(name) > 4 and name[-1] in "so")


class Update:
    """An update as detectors of fields look at it. ``day`` is when it is published, on the members' calendar.

    ``texts`` are the fields of plain text that readers see; ``said`` is all of them in one.
    """

    __slots__ = ("day", "is_quoted", "record", "said", "shown_pictures", "texts")

    def __init__(self, record: EntryRecord, shown_pictures: Sequence[str], day: date, *, is_quoted: bool) -> None:
        """``shown_pictures`` are names below content/files, in the order of the body.

        ``is_quoted`` when the body stands in quotes and on several lines.
        """
        self.record = record
        self.shown_pictures = shown_pictures
        self.is_quoted = is_quoted
        self.day = day
        texts: list[tuple[FieldPath, str | None]] = [
            (("title",), record.title),
            (("summary",), record.summary),
            (("change_note",), record.change_note),
            (("reason",), record.reason),
            (("author",), record.author),
            (("image", "alt"), record.image.alt if record.image else None),
        ]
        texts += [(("attachments", number, "title"), one.title) for number, one in enumerate(record.attachments)]
        texts += [(("changes", number, "note"), one.note) for number, one in enumerate(record.changes)]
        texts += [(("event", number, "place"), one.place) for number, one in enumerate(record.event)]
        self.texts = [(place, text) for place, text in texts if text]
        self.said = "\n".join(text for _, text in self.texts)


def markup(update: Update) -> Iterator[Slip]:
    """Signs of Markdown or HTML, entities, and ``<5`` in fields that hold plain text."""
    if not any(sign in update.said for sign in _SIGNS):
        return
    for place, text in update.texts:
        bare = _MARKUP.sub(lambda found: next(filter(None, found.groups()), ""), _TAG.sub("", text))
        plain = " ".join(html.unescape(bare).split())
        spaced = _LESS.sub(lambda found: "< " + found[0][1:], plain)
        if bare != text:
            what = "markup is shown here as it stands"
        elif plain != bare:
            entity = _ENTITY.search(text)
            what = f"{entity[0] if entity else '&'} is shown here as it stands"
        elif spaced != plain:
            less = _LESS.search(plain)
            sign = shortened(less[0] if less else "<")
            what = f"some programs take everything from {sign} on for a tag and cut it off"
        else:
            continue
        yield Slip(place, what, f"write {place[-1]}: {in_quotes(spaced)}")


def nothing(update: Update) -> Iterator[Slip]:
    """A title that says nothing: in a list of updates it is all that members see."""
    if len(update.record.title) > LONG:
        return
    folded = unicodedata.normalize("NFKD", update.record.title.casefold())
    bare = "".join(character for character in folded if character.isalpha())
    if bare in _NOTHING or not bare:
        what = f"the title {shortened(update.record.title)} says nothing"
        yield Slip(("title",), what, "write what is new, such as: Masks are back on all wards")


def empty_files(update: Update) -> Iterator[Slip]:
    """An attachment without a byte."""
    for number, attachment in enumerate(update.record.attachments):
        if not attachment.file.length:
            what = f"the file {shortened(attachment.file.name)} is empty"
            yield Slip(("attachments", number, "file"), what, "save it again into content/files, and look into it")


def traces(update: Update) -> Iterator[Slip]:
    """An attachment that says who wrote it, or on which machine."""
    for number, attachment in enumerate(update.record.attachments):
        if attachment.file.traces:
            what, fix = attachment.file.traces
            what = f"the file {shortened(attachment.file.name)} is published with what it tells: {what}"
            yield Slip(("attachments", number, "file"), what, fix)


def pictures(update: Update) -> Iterator[Slip]:
    """A picture that is shown twice."""
    image = update.record.image
    if image and image.src.name in update.shown_pictures:
        what = f"the picture {shortened(image.src.name)} is shown twice, because the text shows it, too"
        yield Slip(("image", "src"), what, "delete it from the text, or delete image")
    for name in dict.fromkeys(update.shown_pictures):
        if update.shown_pictures.count(name) > 1:
            yield Slip(("body",), f"the text shows the picture {shortened(name)} twice", "delete one of them")


def quoted(update: Update) -> Iterator[Slip]:
    """A body in quotes over several lines, which run together."""
    if update.is_quoted:
        what = "in quotes, lines run together unless an empty line stands between them"
        yield Slip(("body",), what, "write body: | and the text below it without quotes, indented by two spaces")


def weekdays(update: Update) -> Iterator[Slip]:
    """``Monday, March 3`` when March 3 is a Tuesday, in any field but the body."""
    if not any(True for _ in _dates(update.said.lower())):
        return
    for place, text in update.texts:
        for _, what, fix in wrong_weekdays(text, update.day):
            yield Slip(place, what, fix)


def wrong_weekdays(text: str, published: date) -> Iterator[tuple[int, str, str]]:
    """Where a date stands with a weekday that is not its own, what is wrong, and what to write.

    A date without a year is the nearest one to the day on which the update is published.
    """
    if not any(figure in text for figure in "123456789"):
        return
    small = text.lower()
    for found in _dates(small):
        if found["after"] or _BEFORE.search(small, max(0, found.start() - 10), found.start()):
            continue  # one of several days
        month = MONTH_NUMBERS[found["month"] or found["month2"]]
        day = int(found["day"] or found["day2"])
        years = [int(found["year"])] if found["year"] else [published.year - 1, published.year, published.year + 1]
        days = [known for year in years if (known := known_day(year, month, day))]
        number = WEEKDAY_NUMBERS[found["weekday"]]
        if not days:
            name = f"{MONTHS[month - 1]} {day}" + (f", {years[0]}" if found["year"] else "")
            yield found.start(), f"there is no {name}", "correct the date"
            continue
        meant = min(days, key=lambda known: abs((known - published).days))
        if meant.weekday() != number:
            near = near_weekday(meant, number)
            what = f"{MONTHS[month - 1]} {day}, {meant.year} is a {WEEKDAYS[meant.weekday()]}, not a {WEEKDAYS[number]}"
            fix = f"correct the weekday, or write {MONTHS[near.month - 1]} {near.day}"
            yield found.start(), f"{shortened(text[found.start() : found.end()].strip())}: {what}", fix


def _dates(small: str) -> Iterator[re.Match[str]]:
    """Where a weekday is followed by a date. Looked for by the weekdays' own letters, which is many times faster."""
    if not _FIGURE.search(small):
        return iter(())
    starts = [_word(small, end) for end in _finds(small, "day") if small[end - 1] in "nsir"]
    starts = [start for start in starts if small[start] in "mtwfs"]
    starts += [start for name in _ENGLISH for start in _finds(small, name)]
    if " de " in small:
        starts += [start for name in _SPANISH for start in _finds(small, name)]
    return (found for start in sorted(starts) if (found := _DATED.match(small, start)))


def _finds(text: str, part: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _word(text: str, index: int) -> int:
    """Where the word around a place begins."""
    return max(text.rfind(" ", 0, index), text.rfind("\n", 0, index), index - 7) + 1
