"""The number of the newest generation, in eight bytes that every process on the machine shares.

SQLite alone can say which generation is newest, but not in the tens of nanoseconds that a look-up on every request
may cost. The publisher advances the number after its commit; a reader that meets a newer commit first advances it
too. So no worker answers from an older generation once any worker has answered from a newer one.
"""

import mmap
import os
from pathlib import Path

from feedsvc.system import flags, write_at

SIZE = 16  # octets: the number is the first aligned word, which every supported machine reads and writes whole


class SharedNumber:
    """A number in a small file that only ever grows, mapped into this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._words: tuple[memoryview, ...] = ()  # of the file, then of the one before it, which others may still map
        self._inode = -1
        self.refresh()

    def read(self) -> int:
        """The number; 0 before the first publish."""
        words = self._words
        if len(words) == 1:
            number: int = words[0][0]
            return number
        return max((int(word[0]) for word in words), default=0)

    def advance(self, number: int) -> None:
        """Make the number at least ``number``, for those who still look at the file before this one, too.

        Looking and writing are two steps. A process that stands still between them while another writes a larger
        number takes that back. It comes again when a worker looks that knows it: at its next request, for which the
        number is not the one it has seen; or when any worker looks by the clock, after ten seconds at most.
        """
        for word in reversed(self._words):
            if word[0] < number:  # noqa: PLR1730  # a write of an equal number could undo another process's larger one
                word[0] = number

    def refresh(self) -> None:
        """Map the file anew if it was replaced or removed; the number does not fall by that.

        OSError leaves everything as it was.
        """
        try:
            if self._path.stat().st_ino == self._inode:
                return
        except FileNotFoundError:
            pass
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | flags(), 0o644)
        try:
            if os.fstat(descriptor).st_size < SIZE:  # written, not only reserved: on a full disk the map would kill
                write_at(descriptor, b"\0", SIZE - 1)
            fresh = memoryview(mmap.mmap(descriptor, SIZE)).cast("Q")
            self._inode = os.fstat(descriptor).st_ino
        finally:
            os.close(descriptor)
        number = self.read()
        self._words = (fresh, *self._words[:1])
        self.advance(number)

    def close(self) -> None:
        """Let go of the file. It is unmapped when no thread reads it any more."""
        self._words = ()
        self._inode = -1
