"""Templates and how they are filled. What they compile to is kept beside them, as Python keeps what it compiles."""

import functools
import hashlib
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from jinja2 import __version__ as release
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from feedsvc import urls
from feedsvc.languages import direction
from feedsvc.pages.oembed import discover_oembed
from feedsvc.wording.wording import Wording

OPTIONS: Final[dict[str, Any]] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "auto_reload": False,
    "trim_blocks": True,
    "lstrip_blocks": True,
}


class Compiled(FileSystemBytecodeCache):
    """Compiled templates in ``folder``; to compile all of them takes as long as to fill them for a new site.

    What cannot be written there, or read, is compiled again.
    """

    def __init__(self, folder: Path) -> None:
        made_by = hashlib.sha256(f"{release} {OPTIONS}".encode()).hexdigest()[:16]
        super().__init__(str(folder), f"%s-{made_by}.jinja")

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from the same text, by the same release in the same way."""
        with suppress(Exception):  # unpickling raises nearly anything
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if that may be."""
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


@functools.cache
def template(words: Wording, name: str) -> Template:
    """A template that speaks these words. It is kept: its environment looks each time whether its own is in force."""
    return _environment(words).get_template(name)


@functools.cache
def _environment(words: Wording) -> Environment:
    folder = Path(__file__).with_name("templates") / "__pycache__"
    kept = None if sys.dont_write_bytecode else Compiled(folder)
    loader = PackageLoader("feedsvc.pages")
    environment = Environment(loader=loader, bytecode_cache=kept, **OPTIONS)  # noqa: S701  # it escapes, see above
    known = {
        "words": words,
        "direction": direction,
        "discover_oembed": discover_oembed,
        "anchor": urls.SUBSCRIBE_ANCHOR,
    }
    environment.globals.update(known)
    return environment
