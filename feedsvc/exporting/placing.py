"""Puts staged files where they belong, and takes away what was there before; nothing leads out of the directory."""

import os
from pathlib import Path


def make_folders(target: Path, names: list[str]) -> None:
    """Make every folder before the first file is moved: what can fail for want of room fails here."""
    for name in names:
        place = target / name
        _check_inside(place.parent, target)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir() and not place.is_symlink():
            raise OSError(0, "a folder is where a file belongs", str(place))


def move(staging: Path, target: Path, names: list[str]) -> None:
    """Feeds go last: whoever reads one finds the pages that it links to."""
    for name in sorted(unplaced(staging, names), key=lambda name: (name.endswith((".xml", ".json")), name)):
        (staging / name).replace(target / name)


def unplaced(staging: Path, names: list[str]) -> list[str]:
    """Those of the files that are not in their place yet."""
    return [name for name in names if os.path.lexists(staging / name)]


def _check_inside(folder: Path, target: Path) -> None:
    """A link that somebody put into the directory must not lead the export out of it."""
    if not folder.resolve().is_relative_to(target.resolve()):
        raise OSError(0, "a link leads out of the directory", str(folder))


def is_in_the_way(name: str, written: list[str]) -> bool:
    """Whether a file is where a folder must be, or lies in a folder where a file must be."""
    return any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in written)


def remove(target: Path, names: set[str]) -> None:
    """Remove files, and the folders that are empty without them."""
    for name in sorted(names, reverse=True):
        place = target / name
        _check_inside(place.parent, target)
        place.unlink(missing_ok=True)
        for folder in place.relative_to(target).parents:
            try:
                (target / folder).rmdir() if folder != Path() else None
            except OSError:
                break
