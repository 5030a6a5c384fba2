"""What templates compile to is kept beside them, and nothing depends on that."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from feedsvc.pages.environment import Compiled


def fill(folder: Path, text: str = "Dear {{ name }}") -> str:
    environment = Environment(loader=DictLoader({"letter": text}), bytecode_cache=Compiled(folder), autoescape=True)
    return environment.get_template("letter").render(name="<you>")


def test_a_template_is_compiled_once_and_again_when_its_text_changed(tmp_path: Path) -> None:
    folder = tmp_path / "compiled"
    fill(folder)
    (kept,) = folder.iterdir()
    before = kept.stat()
    assert fill(folder) == "Dear &lt;you&gt;"
    after = kept.stat()  # but for when it was read, of which some file systems take note
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert fill(folder, "Hello {{ name }}") == "Hello &lt;you&gt;"
    assert kept.stat().st_ino != before.st_ino


@pytest.mark.parametrize("spoilt", [b"", b"junk", b"half", b"rest is junk"])
def test_what_cannot_be_read_is_compiled_again(tmp_path: Path, spoilt: bytes) -> None:
    fill(tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes({b"half": whole[: len(whole) // 2], b"rest is junk": whole[:20] + b"junk"}.get(spoilt, spoilt))
    assert fill(tmp_path) == "Dear &lt;you&gt;"
    assert kept.read_bytes() == whole


def test_where_nothing_can_be_written_templates_are_filled_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert fill(tmp_path / "file") == "Dear &lt;you&gt;"
    assert fill(tmp_path / "no" / "folder") == "Dear &lt;you&gt;"
