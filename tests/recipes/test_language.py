"""*How to add a language* of feedsvc/README.md, followed on a copy: a module and a row, and all speaks it."""

import re
import shutil
from pathlib import Path

import pytest

from tests.harness.folder import SITE, write_folder
from tests.harness.program import ROOT
from tests.recipes.following import HOUSE, copy_knowledge, run

RECIPE = HOUSE.partition("## How to add a language\n")[2].partition("\n## ")[0]
NEW = {'"English"': '"French"', "Latest updates": "Dernières nouvelles", "Attachments": "Fichiers joints"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the package, to which French was added as the recipe says."""
    package = shutil.copytree(ROOT / "feedsvc", tmp_path / "feedsvc", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    french = (package / "wording" / "english.py").read_text().replace("ENGLISH", "FRENCH")
    for old, new in NEW.items():
        assert old in french
        french = french.replace(old, new)
    (package / "wording" / "french.py").write_text(french)
    table = package / "wording" / "__init__.py"
    text = table.read_text().replace('"es": SPANISH}', '"es": SPANISH, "fr": FRENCH}')
    assert "FRENCH" in text
    table.write_text(text.replace("\nWORDINGS =", "from feedsvc.wording.french import FRENCH\n\nWORDINGS =", 1))
    return tmp_path


def test_a_module_and_its_row_make_a_site_speak_the_language(copy: Path) -> None:
    content = write_folder(copy / "content", updates=1)
    (content / "site.yaml").write_text(SITE.replace("en-US", "fr-CA"))
    exported = run(copy, "feedsvc", "export", "tree")
    assert exported.returncode == 0, exported.stderr
    page = (copy / "tree" / "index.html").read_text()
    assert '<html lang="fr-CA">' in page
    assert "Dernières nouvelles" in page
    (content / "site.yaml").write_text(SITE.replace("en-US", "de"))
    assert "write en (English) or es (Spanish) or fr (French)" in run(copy, "feedsvc", "check").stderr


def test_a_forgotten_field_is_named_by_the_check_of_types(copy: Path) -> None:
    french = copy / "feedsvc" / "wording" / "french.py"
    forgotten = re.sub(r"(?m)^    latest=.*\n|^        odt=.*\n", "", french.read_text())
    french.write_text(forgotten)
    copy_knowledge(copy)
    checked = run(copy, "mypy", "--package", "feedsvc.wording")
    assert {
        line.split(": ", 1)[1] for line in checked.stdout.splitlines() if "french.py" in line and " error: " in line
    } == {
        'error: Missing named argument "latest" for "Wording"  [call-arg]',
        'error: Missing named argument "odt" for "FileKinds"  [call-arg]',
    }


def test_the_recipe_names_files_that_are_there() -> None:
    named = set(re.findall(r"`([a-z_/]+\.[a-z.]+|README\.md)`", RECIPE)) - {"feedsvc/wording/french.py"}
    assert len(named) > 4
    assert [name for name in named if not (ROOT / name).is_file()] == []
