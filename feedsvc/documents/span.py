"""What a place held between two instants, and what was found out about it: both are kept until one of it changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, TypeVarTuple

from feedsvc.documents.listed import Listed

Given = TypeVarTuple("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Updates, newest first."""

    lines: Sequence[Listed]
    _answers: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    def ask(self, question: Callable[[Sequence[Listed], *Given], Answer], *given: *Given) -> Answer:
        """What a function says of the lines, called once for what it is ``given``."""
        key = (question, given)
        if key not in self._answers:
            self._answers[key] = question(self.lines, *given)
        answer: Answer = self._answers[key]
        return answer
