"""Content in, the whole publication out, compared file by file with what was read and approved before.

``pytest tests/test_golden.py --update`` writes the trees anew; read the diff before you commit it.
"""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import features

from feedsvc.exporting.tree import file_name
from feedsvc.pages.assets import assets
from feedsvc.publication.reader import Reader
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.settings import Settings

CASES = sorted(path for path in (Path(__file__).parent / "golden").iterdir() if path.is_dir())
AS_OF = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ARABIC = "updates/kamamat/card."  # whose letters are drawn where the system has FriBiDi


def build(content: Path, scratch: Path) -> dict[str, bytes]:
    """Every document by file name; assets aside, whose names say what is in them."""
    store = Store(scratch / "publication.db")
    outcome = Publisher(Settings(content=content, publication=store.path), store).publish(AS_OF)
    store.close()
    assert outcome.problems == ()
    reader = Reader(scratch / "publication.db")
    documents = {file_name(found.path): _settle(found.variants.identity) for found in reader.every()}
    reader.close()
    return {name: body for name, body in documents.items() if not name.startswith("static/")}


def _settle(body: bytes) -> bytes:
    """Assets by their plain names, so that a change of style changes no golden page."""
    for asset in assets():
        plain = re.sub(r"\.[0-9a-f]+\.", ".", asset.name_with_digest)
        body = body.replace(asset.name_with_digest.encode(), plain.encode())
    return body


def read_tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_tree(folder: Path, documents: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, body in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_publication_is_the_approved_one(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    documents = build(case / "content", tmp_path)
    if request.config.getoption("--update"):
        write_tree(case / "expected", documents)
    approved = read_tree(case / "expected")
    assert documents.keys() == approved.keys()
    for name in approved:
        if features.check("raqm") or not name.startswith(ARABIC):
            assert documents[name] == approved[name], name


def test_two_processes_two_times_and_two_orders_of_files_give_equal_bytes(tmp_path: Path) -> None:
    """Bytes depend on the content alone: not on the process, its hash seed, the clock, or the order of a listing."""
    source = CASES[-1] / "content"
    shuffled = tmp_path / "elsewhere" / "content"
    shutil.copytree(source, shuffled, ignore=lambda *_: ["updates"])
    (shuffled / "updates").mkdir()
    for path in sorted((source / "updates").iterdir(), reverse=True):
        shutil.copyfile(path, shuffled / "updates" / path.name)
    program = (
        "import sys; from pathlib import Path; from tests.test_golden import build, write_tree;"
        "write_tree(Path(sys.argv[2]), build(Path(sys.argv[1]), Path(sys.argv[3])))"
    )
    trees = []
    for number, (content, seed) in enumerate([(source, "1"), (shuffled, "2")]):
        scratch = tmp_path / str(number)
        scratch.mkdir()
        command = [sys.executable, "-c", program, str(content), str(scratch / "tree"), str(scratch)]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}, cwd=Path.cwd())
        trees.append(read_tree(scratch / "tree"))
    assert trees[0] == trees[1]
    assert trees[0] == read_tree(CASES[-1] / "expected")
