"""What a check found."""

from dataclasses import dataclass

from feedsvc.errors import SAID_AT_MOST, cut, printable


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is well, or (with a ``fix``) is not."""

    what: str
    fix: str = ""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.fix

    def __str__(self) -> str:
        """As a line, whatever others sent."""
        parts = [printable(cut(part, SAID_AT_MOST)) for part in (self.what, self.fix) if part]
        return f"{'well' if self.is_well else 'mend'}: {'; '.join(parts)}"
