"""Notes: what will be published, but probably not as it is meant. One function per kind of slip, in tables.

A detector looks at what readers will see, not only at what was typed; none is asked unless one of its signs is there.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from feedsvc.content.notes import blocks, dates, fields, links, signs
from feedsvc.content.notes.fields import Update
from feedsvc.content.notes.written import Body, Remark
from feedsvc.content.written import Slip

LOOKED_AT = 30  # finds of one kind; who does the same thing more often reads that from the number


class Detector(NamedTuple):
    """A row of a table: with none of ``signs`` in the text, ``find`` is not asked.

    ``is_one`` when one cause makes many finds, of which the first is reported with their number.
    """

    signs: tuple[str, ...]
    find: Callable[[Body], Iterator[Remark]]
    is_one: bool = False


# by what is shown: markup that works is not
SHOWN_DETECTORS = (
    Detector(("](",), links.spaced),
    Detector(("] (",), links.apart),
    Detector((")[",), links.swapped),
    Detector(("[[",), links.wiki),
    Detector(("](",), links.unclosed),
    Detector(("][",), links.undefined),
    Detector(("**",), signs.stars, is_one=True),
    Detector(("~~",), signs.tildes, is_one=True),
    Detector(("##",), signs.hashes, is_one=True),
    Detector(("%%",), signs.percent),
    Detector(("[!",), signs.callout),
    Detector(("<",), signs.tags),
)
# by what was typed
TYPED_DETECTORS = (
    Detector(("[](", "[ ]("), links.wordless),
    Detector(("*",), signs.figures, is_one=True),
    Detector(("# ",), signs.aside),
    Detector(("    ", "\t"), blocks.indented, is_one=True),
    Detector(("~~~", "```"), blocks.fenced),
)
# by lines that flow together, of which many texts have none
FLOW_DETECTORS = (
    Detector((), blocks.bullets),
    Detector((")", ".", "-", "º", "°", "\u2013"), blocks.letters, is_one=True),
    Detector(("\t",), blocks.tabs, is_one=True),
    Detector(("|",), blocks.ruleless, is_one=True),
    Detector(("--", "=="), blocks.underlined),
    Detector(("-\n", "\u00ad\n", "\u2010\n"), blocks.hyphens, is_one=True),
    Detector((), blocks.run_together),
)
FIELD_DETECTORS: tuple[Callable[[Update], Iterator[Slip]], ...] = (
    fields.markup,
    fields.nothing,
    fields.empty_files,
    fields.traces,
    fields.pictures,
    fields.quoted,
    fields.weekdays,
    dates.announced,
    dates.late_reminders,
    dates.passcodes,
)


def look_at_body(body: Body) -> Iterator[Remark]:
    """Everything that the tables have to say of a text."""
    yield from _ask(SHOWN_DETECTORS, body, body.shown)
    yield from _ask(TYPED_DETECTORS, body, body.text)
    if body.has_flow:
        yield from _ask(FLOW_DETECTORS, body, body.text)
    elif not body.text.isascii() or "\t" in body.text:
        yield from blocks.bullets(body)


def _ask(detectors: tuple[Detector, ...], body: Body, text: str) -> Iterator[Remark]:
    """What those detectors find that the text calls for. One character is looked for many times faster than two."""
    for detector in detectors:
        for sign in detector.signs:
            if sign[0] in text and sign in text:
                break
        else:
            if detector.signs:
                continue
        found = list(islice(detector.find(body), LOOKED_AT))
        if found and detector.is_one:
            number = f" (and {len(found) - 1} more like it)" if len(found) > 1 else ""
            found = [Remark(found[0].start, found[0].what + number, found[0].fix)]
        yield from found
