"""A glance at named sources says what a look at everything would say of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from feedsvc.publishing.scan import scan_all, scan_named
from tests.harness.folder import write_folder

NAME = "content/updates/2026-03-01-new.yaml"


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("title: x"),
        lambda path: path.symlink_to("nowhere"),
        lambda path: path.symlink_to(path.name),
        lambda path: path.symlink_to("2026-02-01-update-1.yaml"),
        lambda path: path.symlink_to(".."),
        lambda path: path.mkdir(),
        lambda _path: None,
    ],
    ids=["file", "link to nowhere", "link to itself", "link to a file", "link to a folder", "folder", "nothing"],
)
def test_whatever_has_the_name_of_a_source_is_seen_alike(tmp_path: Path, make: Callable[[Path], object]) -> None:
    root = write_folder(tmp_path / "content", 1)
    known = dict(scan_all(root, {}).changed)
    make(root / "updates" / "2026-03-01-new.yaml")
    assert scan_named(root, known, [NAME]) == replace(scan_all(root, known), ignored=None)


def test_what_has_gone_is_gone(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content", 1)
    known = dict(scan_all(root, {}).changed)
    (root / "updates" / "2026-02-01-update-1.yaml").unlink()
    assert scan_named(root, known, list(known)) == replace(scan_all(root, known), ignored=None)
    assert scan_all(root, known).gone == set(known)
