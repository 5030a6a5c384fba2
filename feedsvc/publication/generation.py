"""The number of the newest generation, in eight bytes that every process on the machine shares.

SQLite alone can say which generation is newest, but not in the tens of nanoseconds that a look-up on every request
may cost. The publisher advances the number after its commit; a reader that meets a newer commit first advances it
too. So no worker answers from an older generation once any worker has answered from a newer one.
"""

import mmap
import os
from pathlib import Path

WIDTH = 8  # octets: one aligned word, which every supported machine reads and writes whole


class SharedNumber:
    """A number in a small file that only ever grows, mapped into this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: mmap.mmap | None = None
        self._words: memoryview | None = None
        self._inode = -1
        self.refresh()

    def read(self) -> int:
        """The number; 0 before the first publish."""
        return int(self._words[0]) if self._words is not None else 0

    def advance(self, number: int) -> None:
        """Make the number at least ``number``."""
        if self._words is not None and self._words[0] < number:
            self._words[0] = number

    def refresh(self) -> None:
        """Map the file anew if it was replaced or removed; the number does not fall by that."""
        try:
            if self._path.stat().st_ino == self._inode:
                return
        except FileNotFoundError:
            pass
        number = self.read()
        self.close()
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            if os.fstat(descriptor).st_size < WIDTH:
                os.ftruncate(descriptor, WIDTH)
            self._map = mmap.mmap(descriptor, WIDTH)
            self._words = memoryview(self._map).cast("Q")
            self._inode = os.fstat(descriptor).st_ino
        finally:
            os.close(descriptor)
        self.advance(number)

    def close(self) -> None:
        """Let go of the file."""
        if self._words is not None and self._map is not None:
            self._words.release()
            self._map.close()
        self._words = self._map = None
        self._inode = -1
