"""What is worked on in batches takes no more memory for that."""

import tracemalloc
from pathlib import Path

import pytest

from feedsvc.content.files import Files
from feedsvc.content.site import load_site
from feedsvc.publishing import reading
from feedsvc.publishing.reading import read_all
from feedsvc.settings import Settings
from tests.harness.folder import write_folder, write_update

FILES = 24
SIGNS = 4_000  # of a list: two octets each
HELD = 64 * 1024  # octets, a fourth of what is held elsewhere


def test_sources_that_are_all_signs_are_not_held_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PARSED_OCTETS", HELD)
    root = write_folder(tmp_path / "content")
    names = []
    for number in range(FILES):
        file = write_update(root, number + 1, more=f"more: [{'a,' * SIGNS}a]\n")
        names.append(f"content/updates/{file.name}")
    settings = Settings(content=root)
    site, files = load_site(root, settings).site, Files(root)
    tracemalloc.start()
    try:
        read_all(settings, files, site, names[:1])
        alone = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        readings = read_all(settings, files, site, names)
        together = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert together < FILES / 2 * alone
    assert ["more" in str(reading.problems) for reading in readings] == [True] * FILES
