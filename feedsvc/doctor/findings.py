"""What a check found."""

from dataclasses import dataclass


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
        """As a line."""
        return f"well: {self.what}" if self.is_well else f"mend: {self.what}; {self.fix}"
