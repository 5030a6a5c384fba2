"""The lines of a body as its author typed them, where YAML would join them: below ``>``, and without any sign."""

import re

_LINE_END = re.compile(r"\r\n|\r|\n")
_DIGIT = re.compile(r"[1-9]")


def folded_lines(block: str) -> str:
    """The text below ``>``, from the sign on to anywhere behind the text, as ``|`` would have it."""
    sign, *lines = _LINE_END.split(block)
    digit = _DIGIT.search(sign.partition("#")[0])
    indent = int(digit[0]) if digit else _indent(next((line for line in lines if line.strip()), ""))
    return "\n".join(line[indent:] for line in lines).rstrip("\n ") + "\n"


def plain_lines(text: str) -> str:
    """The text that begins behind the colon, its further lines without their common indentation."""
    first, *rest = _LINE_END.split(text)
    indent = min((_indent(line) for line in rest if line.strip()), default=0)
    return "\n".join([first, *(line[indent:] for line in rest)])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
