"""Whatever a step of publishing does on one file, everything else is published, and that file is named until mended.

The libraries are made to choke by a text in the file (``choking/sitecustomize.py``); the service is the real one.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest

from tests.faults.load import write_stamped_folder
from tests.harness.service import Service

RAISED = ("valueerror", "keyerror", "memoryerror", "recursionerror", "oserror")
STEPS = ("yaml", "markup", "clean", "index", "rss", "atom", "json", "page", "coding", "store")
READING, MAKING = ("yaml", "markup", "clean"), ("rss", "atom", "json", "page", "coding")  # where native code works
GROUPS = [
    *(([step], RAISED) for step in STEPS),
    (READING, ["abort"]),
    (MAKING, ["abort"]),
    (["index", "store"], ["abort"]),
    (["markup"], ["hang"]),
    (["index", "store"], ["hang"]),
    (["rss"], ["hang"]),
]
SECONDS = 90.0  # some of which a hang takes until it is known for one
NOBODY = "varnish http://127.0.0.1:9/"  # a cache that cannot be told: who tells others must not weaken any of this
CHOKING = Path(__file__).parent / "choking"
NAME = "2026-03-02-{}.yaml"
GOOD = (
    "id: {2}\ntitle: {0}\npublished: 2026-03-02 {1}\ncategories: [covid, pay]\nsummary: A {0}.\nbody: |\n  The {0}.\n"
)


class Bench:
    """A service whose libraries choke, and the files of one case."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.updates = service.content / "updates"

    def write(self, stem: str, text: str) -> Path:
        fresh = self.updates / f".{stem}"
        fresh.write_text(text)
        return fresh.rename(self.updates / NAME.format(stem))

    def held(self) -> list[str]:
        return sorted({Path(problem.file).name for problem, _ in self.service.overview().held_back})

    def is_served(self, stem: str) -> bool:
        return self.service.get(f"/updates/{stem}/")[0] == 200

    def wait_until_held(self, *stems: str) -> None:
        names = sorted(map(NAME.format, stems))
        self.service.wait_until(f"{names} held back", lambda: self.held() == names, SECONDS)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    content = write_stamped_folder(tmp_path_factory.mktemp("choking") / "content", 5)
    with Service(content, workers=1, PYTHONPATH=str(CHOKING), FEEDSVC_PURGE=NOBODY) as service:
        yield Bench(service)


@pytest.mark.parametrize(("steps", "faults"), GROUPS, ids="+".join)
def test_what_a_step_chokes_on_is_held_and_named_and_all_else_is_published(
    bench: Bench, steps: Sequence[str], faults: Sequence[str]
) -> None:
    spells = [f"choke-{step}-{fault}" for step, fault in product(steps, faults)]
    stems = [spell.replace("choke", "case") for spell in spells]
    group = f"{'-'.join(steps)}-{'-'.join(faults)}"[:40].rstrip("-")
    said = bench.service.log.count("Traceback")
    for minute, (stem, spell) in enumerate(zip(stems, spells, strict=True), 10):
        bench.write(stem, GOOD.format(spell, f"10:{minute}", spell))
    bench.write(f"beside-{group}", GOOD.format("neighbour", "10:01", f"beside-{group}"))
    bench.service.wait_until("the neighbour", lambda: bench.is_served(f"beside-{group}"), SECONDS)
    bench.wait_until_held(*stems)
    assert not any(map(bench.is_served, stems))
    assert not any(b"choke-" in bench.service.get(path)[2] for path in ("/rss.xml", "/atom.xml", "/feed.json", "/"))
    bench.write("later", GOOD.format(f"later than {group}", "10:02", "later"))
    bench.service.wait_until_served(f"later than {group}")
    assert bench.held() == sorted(map(NAME.format, stems))
    assert bench.service.ready()["status"] == "degraded"
    for minute, stem in enumerate(stems, 10):
        bench.write(stem, GOOD.format(f"mended {stem}", f"10:{minute}", stem))
    bench.service.wait_until("the mended ones", lambda: all(map(bench.is_served, stems)), SECONDS)
    bench.wait_until_held()
    assert bench.service.log.count("Traceback") <= said + len(spells)
    for name in (*stems, f"beside-{group}"):
        (bench.updates / NAME.format(name)).unlink()


@pytest.mark.parametrize(("step", "fault"), [("rss", "valueerror"), ("markup", "abort")])
def test_what_was_good_before_stays_as_it_was(bench: Bench, step: str, fault: str) -> None:
    bench.write("known", GOOD.format("known well", "11:00", "known"))
    bench.service.wait_until_served("known well")
    bench.write("known", GOOD.format(f"choke-{step}-{fault}", "11:00", "known"))
    bench.wait_until_held("known")
    for path in ("/rss.xml", "/feed.json", "/updates/known/"):
        assert b"known well" in bench.service.get(path)[2]
    (bench.updates / NAME.format("known")).unlink()
    bench.wait_until_held()


@pytest.mark.parametrize(("step", "fault"), [("markup", "abort"), ("atom", "abort")])
def test_a_cold_start_publishes_everything_else(tmp_path: Path, step: str, fault: str) -> None:
    content = write_stamped_folder(tmp_path / "content", 3)
    stem, spell = "case", f"choke-{step}-{fault}"
    (content / "updates" / NAME.format(stem)).write_text(GOOD.format(spell, "10:00", "case"))
    with Service(content, workers=1, PYTHONPATH=str(CHOKING), FEEDSVC_PURGE=NOBODY) as service:
        bench = Bench(service)
        service.wait_until_served("bulk 1")
        bench.wait_until_held(stem)
        (content / "updates" / NAME.format(stem)).unlink()
        bench.wait_until_held()


@pytest.mark.parametrize(("command", "step"), [("check", "yaml"), ("check", "atom"), ("export", "markup")])
def test_a_command_names_what_ends_it(tmp_path: Path, command: str, step: str) -> None:
    content = write_stamped_folder(tmp_path / "content", 3)
    (content / "updates" / NAME.format("case")).write_text(GOOD.format(f"choke-{step}-abort", "10:00", "case"))
    given = {"PYTHONPATH": str(CHOKING), "FEEDSVC_CONTENT": str(content)}
    given["FEEDSVC_PUBLICATION"] = str(tmp_path / "publication.db")
    arguments = [sys.executable, "-m", "feedsvc", command, *([str(tmp_path / "out")] if command == "export" else [])]
    done = subprocess.run(arguments, env=os.environ | given, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == (1 if command == "check" else 0), done.stderr
    assert f"content/updates/{NAME.format('case')}:1:1: " in done.stderr
    assert "ends the program (SIGABRT, Aborted)" in done.stderr
    assert "Traceback" not in done.stderr
    if command == "export":
        assert b"bulk 1" in (tmp_path / "out" / "rss.xml").read_bytes()
