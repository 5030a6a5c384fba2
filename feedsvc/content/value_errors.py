"""What is wrong with one value, said in the author's words; where it stands is for others to add."""

import difflib
import json
from collections.abc import Collection, Iterable

from feedsvc.errors import BadValueError, shortened


class WrongShapeError(BadValueError):
    """A list where text is expected, and the like. ``expected`` is what should stand there."""

    def __init__(self, value: object, expected: str, fix: str) -> None:
        self.expected = expected
        shape = "a list" if isinstance(value, list) else "text" if isinstance(value, str) else "a group of fields"
        super().__init__(f"{shape} where {expected} is expected", fix)


def in_quotes(text: str) -> str:
    """``text`` as YAML that is safe to paste, in double quotes unless that would need escapes."""
    if "\\" in text or '"' in text:
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if one is near; a long word is not compared, since that takes long."""
    if len(word) > 100:
        return None
    near = difflib.get_close_matches(word, known, n=1)
    return near[0] if near else None


def unknown_category(text: str, known: Collection[str]) -> BadValueError:
    """That the site has none of that slug, which it has, and which one was probably meant."""
    listed = f"the categories are {', '.join(known)}"
    near = nearest(text.lower(), known)
    return BadValueError(f"unknown category {shortened(text)}", f"did you mean {near!r}? {listed}" if near else listed)


def nearest_or(word: str, known: Iterable[str], otherwise: str) -> str:
    """The question whether that known word was meant; what to write ``otherwise`` if none is near."""
    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else otherwise
