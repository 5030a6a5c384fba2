"""Whatever is edited in whatever order, what is published equals a fresh build of what is good."""

from pathlib import Path

import pytest

from tests.soak.histories import play


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edit_what_is_published_is_what_is_good(tmp_path: Path, seed: int) -> None:
    assert play(tmp_path, seed, steps=40).done.total() >= 40
