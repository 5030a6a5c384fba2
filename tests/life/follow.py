"""Follow feeds that lie in files with the library ``reader``, and say what it takes for new and for changed."""

import json
import sys
from typing import Any

from reader import make_reader  # type: ignore[import-not-found]  # installed beside, for this program alone


def main(database: str, folder: str, feeds: list[str]) -> None:
    """Look at the feeds once; the database holds what was seen before."""
    told: list[tuple[str, str, str]] = []

    def note(_reader: Any, entry: Any, status: Any) -> None:
        told.append((entry.feed_url, entry.id, status.value))

    reader = make_reader(database, feed_root=folder)
    reader.after_entry_update_hooks.append(note)
    for feed in feeds:
        reader.add_feed(feed, exist_ok=True)
    reader.update_feeds(scheduled=False)  # not only once an hour
    failed = [feed.url for feed in reader.get_feeds() if feed.last_exception]
    held = [(entry.feed_url, entry.id) for entry in reader.get_entries()]
    print(json.dumps({"told": told, "failed": failed, "held": held}))
    reader.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
