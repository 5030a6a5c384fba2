"""Whether the content folder has come to rest: a change is told once it is over, and no version control is at work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from feedsvc.content.folder import is_source, source_name
from feedsvc.publishing.scan import scan_all

QUIET_MS = 10  # without a change for so long, a burst of changes is over; also how often the system is asked
BURST_MS = 2_000  # a burst that goes on is told in parts
SCANS_APART_SECONDS = 0.3
STALE_LOCK_SECONDS = 60.0  # a lock that its program left behind
LOCKS = (".git/index.lock", ".hg/wlock", ".svn/wc.db-journal")


@dataclass(frozen=True, slots=True)
class FileChange:
    """What was told: ``names`` of sources that may have changed, or None when only a look at everything can tell."""

    names: frozenset[str] | None

    def __or__(self, other: "FileChange") -> "FileChange":
        """Both changes as one."""
        return EVERYTHING if self.names is None or other.names is None else FileChange(self.names | other.names)


NOTHING = FileChange(frozenset())
EVERYTHING = FileChange(None)


class Watch:
    """Tells of changes below the content folder as the system reports them; where it reports none, says so."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._notify: RustNotify | None = None
        self._inode: int | None = None
        self._updates = root / "updates"

    @property
    def is_told(self) -> bool:
        """Whether the system reports changes; if not, every wait ends in a look at everything."""
        return self._notify is not None

    def close(self) -> None:
        """Stop watching."""
        if self._notify is not None:
            self._notify.close()
            self._notify = None

    def wait(self, seconds: float, stop: threading.Event) -> FileChange:
        """The next change once it is over, or nothing after ``seconds``."""
        if self._reopen():
            return EVERYTHING
        if self._notify is None:
            stop.wait(seconds)
            return EVERYTHING
        return self._ask(self._notify, BURST_MS, QUIET_MS, max(1, int(seconds * 1000)), stop)

    def drain(self) -> FileChange:
        """What has changed since the last change that was told."""
        if self._notify is None:
            return NOTHING
        return self._ask(self._notify, 1, 1, 1, None)

    def _ask(
        self, notify: RustNotify, burst: int, quiet: int, patience: int, stop: threading.Event | None
    ) -> FileChange:
        """What the system tells within ``patience`` milliseconds; from when it fails to, nothing is told any more."""
        try:
            told = notify.watch(burst, quiet, patience, stop)
        except WatchfilesRustInternalError:
            self.close()
            return EVERYTHING
        return self._read(told) if isinstance(told, set) else NOTHING

    def _reopen(self) -> bool:
        """Watch the folder anew if it was replaced (renamed away, mounted over, a link switched); whether it was."""
        inode = None
        with suppress(OSError):
            inode = self._root.stat().st_ino
        if inode == self._inode:
            return False
        self.close()
        self._inode = inode
        if inode is not None:
            self._updates = (self._root / "updates").resolve()
            with suppress(OSError, WatchfilesRustInternalError):
                self._notify = RustNotify([str(self._root.resolve())], False, False, 0, True, True)
        return True

    def _read(self, told: set[tuple[int, str]]) -> FileChange:
        paths = [path for _, name in told if not _is_leftover(path := Path(name))]
        if not all(self._is_source(path) for path in paths):  # or its name was not told as it is
            return EVERYTHING
        return FileChange(frozenset(source_name(self._root, f"updates/{path.name}") for path in paths))

    def _is_source(self, path: Path) -> bool:
        return "\ufffd" not in path.name and path.parent == self._updates and is_source(path.name)


def find_lock(root: Path, clock: Callable[[], float]) -> Path | None:
    """The lock of a version control that is changing the tree of the content folder; a stale one does not count."""
    folder = root.absolute()
    for parent in (folder, *folder.parents):
        for lock in _locks(parent):
            with suppress(OSError):
                if clock() - lock.stat().st_mtime < STALE_LOCK_SECONDS:
                    return lock
    return None


def _locks(folder: Path) -> Iterator[Path]:
    """Where version control would lock a tree at ``folder``; for a submodule or a linked tree, a file says where."""
    for name in LOCKS:
        yield folder / name
    with suppress(OSError, UnicodeDecodeError):
        pointer = (folder / ".git").read_text()
        yield folder / pointer.removeprefix("gitdir:").strip() / "index.lock"


def is_stable(root: Path, stop: threading.Event) -> bool:
    """Whether two looks at everything, a little apart, see the same."""
    before = scan_all(root, {})
    stop.wait(SCANS_APART_SECONDS)
    return scan_all(root, {}) == before


def _is_leftover(path: Path) -> bool:
    """What editors and version control leave beside files, which is never published.

    Two dots begin the names that orchestrators give to a mounted volume's link, which switches all files at once.
    """
    is_hidden = path.name.startswith((".", "#", "~")) and not path.name.startswith("..")
    return is_hidden or path.name.endswith(("~", ".swp", ".tmp", ".new")) or ".git" in path.parts
