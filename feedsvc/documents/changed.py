"""What a change of content may have touched, so that only that is looked at."""

from dataclasses import dataclass, field

from feedsvc.documents.listed import Listed
from feedsvc.places import Place


@dataclass(slots=True)
class Changed:
    """What a change may have touched.

    ``lines`` are the updates that came, changed or went, and those that lead to them, each as it was and as it is.
    ``slugs`` are of update pages to look at: those of the lines, and of the updates next to them. ``aliases`` are
    former addresses of theirs, and addresses that may be one. ``files`` are used by
    the lines, ``pictures`` the addresses of what was made of those. ``is_whole`` when it is everything.
    """

    lines: list[Listed] = field(default_factory=list)
    slugs: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    is_whole: bool = False

    def touches(self, place: Place) -> bool:
        """Whether the documents of a place may say something else than before."""
        return self.is_whole or any(map(place.holds, self.lines))
