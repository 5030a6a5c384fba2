"""Where this program came from, so that a host can install the same: a file, or an address; never a bare name.

A bare name would be looked up in a public index, where somebody else may have registered it.
"""

import json
import re
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FILES = (".whl", ".tar.gz")  # a wheel, or the source
_DRIVE = re.compile(r"/[A-Za-z]:/")  # of an address on Windows
_UNKNOWN = """\
# Say here from where a host installs feedsvc, with a wheel or a git address, and delete the # before it. Never write
# the name alone: somebody else may have registered it. Examples:
# ./feedsvc-1.0.0-py3-none-any.whl
# feedsvc @ git+https://example.org/feedsvc.git@v1.0.0
"""


@dataclass(frozen=True, slots=True)
class Package:
    """The text of ``requirements.txt``; ``file`` is to go beside it. ``is_known`` unless people must say it."""

    requirements: str
    file: Path | None = None
    is_known: bool = True


def find_package(given: str | None = None) -> Package:
    """Of an address that was ``given``, or of how this program was installed (PEP 610)."""
    if given:
        return _of_address(given)
    said = json.loads(distribution("feedsvc").read_text("direct_url.json") or "{}")
    if vcs := said.get("vcs_info"):
        return _of_address(f"{vcs['vcs']}+{said['url']}@{vcs['commit_id']}")
    return _of_address(said["url"]) if "archive_info" in said else Package(_UNKNOWN, is_known=False)


def _of_address(address: str) -> Package:
    """A file on this machine is copied, since its address means nothing on another."""
    name = unquote(urlsplit(address).path) if address.startswith("file:") else address
    path = Path(name[1:] if _DRIVE.match(name) else name)
    if path.name.endswith(_FILES) and path.is_file():
        return Package(f"./{path.name}\n", path)
    if address.startswith("file:"):  # no longer there, or a folder
        return Package(_UNKNOWN, is_known=False)
    return Package(f"feedsvc @ {address}\n")
