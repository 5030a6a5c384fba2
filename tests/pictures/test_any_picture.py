"""Some dozens of spoilt pictures; ``poe fuzz-pictures`` takes ten thousand."""

from pathlib import Path

import pytest

from tests.soak.pictures import spray


def test_any_octets_are_made_good_or_refused_in_words(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    outcomes = spray(90, 7, tmp_path)
    assert 10 < outcomes["made"] < 90
    assert capfd.readouterr().err == ""
