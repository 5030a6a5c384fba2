"""What ships: a wheel with everything in it, a small public face, and nothing of the machine it was made on."""

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Collection
from pathlib import Path

import pytest

import feedsvc
from feedsvc.content.schema import entry_schema
from feedsvc.content.site_schema import site_schema
from tests.harness.folder import write_folder, write_update
from tests.harness.program import ROOT

PUBLIC = [
    "Category",
    "ContentError",
    "Entry",
    "FeedsvcError",
    "Note",
    "Problem",
    "Reader",
    "Settings",
    "SettingsError",
    "Site",
    "StoreError",
    "create_app",
    "load_content",
    "publish_content",
    "read_settings",
]
HOUSE = (ROOT / "feedsvc" / "README.md").read_text()
EMBEDDING = HOUSE.partition("## In a program of your own")[2].partition("```python\n")[2].partition("```")[0]
HEAVY = ("yaml", "pydantic", "feedgen", "lxml", "comrak", "nh3", "watchfiles", "PIL", "pi_heif")
# A folder of one machine, but for those of recipes, and where packages come from: both are others' business.
FOLDERS = r"/(?:home|Users|root|work|opt|srv)/(?!you\b|feedsvc\b|updates\.git\b|content\b|instance\b)[a-z]"
REGISTRIES = r"pythonhosted|pypi\.(?:org|python)|registry\.npmjs|index-url[ =]http|find-links[ =][/f]"
OF_A_MACHINE = re.compile(f"{FOLDERS}|{REGISTRIES}")


def tracked() -> list[Path]:
    """Every file that git has or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this tree, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(built: Path) -> set[str]:
    """The names in it."""
    with zipfile.ZipFile(built) as opened:
        return set(opened.namelist())


def test_a_new_site_begins_and_is_exported_with_the_wheel_alone(built: Path, tmp_path: Path) -> None:
    """Its requirements are that wheel, which lies beside them."""
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    subprocess.run([*install, str(tmp_path / "installed"), str(built)], check=True, capture_output=True)
    given = {name: value for name, value in os.environ.items() if not name.startswith(("FEEDSVC_", "COVERAGE_"))}
    given["PYTHONPATH"] = str(tmp_path / "installed")
    answers = ["--name=Local 7", "--language=es", "--time-zone=Mexico City", "--address=https://a.example"]
    for folder, arguments in (
        (tmp_path, ["init", "site", *answers, "--contact=https://a.example/c"]),
        (tmp_path / "site", ["export", "public"]),
    ):
        subprocess.run([sys.executable, "-P", "-m", "feedsvc", *arguments], cwd=folder, env=given, check=True)
    assert (tmp_path / "site" / "requirements.txt").read_text() == f"./{built.name}\n"
    assert (tmp_path / "site" / built.name).read_bytes() == built.read_bytes()
    assert "Cómo seguirnos" in (tmp_path / "site" / "public" / "index.html").read_text()


def test_the_wheel_holds_every_file_of_the_package(wheel: set[str]) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in tracked() if path.is_relative_to(ROOT / "feedsvc")}
    assert {name for name in wheel if name.startswith("feedsvc/")} == files
    assert "feedsvc/py.typed" in wheel
    for kind in (r"templates/[^/]+\.html", r"static/[^/]+\.css"):
        assert any(re.fullmatch(rf"feedsvc/pages/{kind}", name) for name in wheel)


def test_the_source_holds_what_is_needed_to_build_the_same_wheel_and_to_test_it(built: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path), "--target"]
    subprocess.run([*build, "sdist"], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as opened:
        opened.extractall(tmp_path, filter="data")
    source = tmp_path / built.name.removesuffix("-py3-none-any.whl")
    for folder in ("feedsvc", "content", "tests"):
        there = {path.relative_to(source) for path in (source / folder).rglob("*") if path.is_file()}
        assert there == {path.relative_to(ROOT) for path in tracked() if path.is_relative_to(ROOT / folder)}
    subprocess.run([*build, "wheel"], cwd=source, check=True, capture_output=True)
    assert contents(tmp_path / built.name) == contents(built)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    assert {name.partition("/")[0] for name in wheel} == {"feedsvc", "feedsvc-1.0.0.dist-info"}


def test_the_public_names_are_these() -> None:
    assert feedsvc.__all__ == PUBLIC
    for name in PUBLIC:
        assert getattr(feedsvc, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'publish_all'"):
        _ = feedsvc.publish_all


def embed(folder: Path) -> "subprocess.CompletedProcess[str]":
    """The program of the README, with a request to its application behind it."""
    program = f'{EMBEDDING}\nprint(app.test_client().get("/covid/atom.xml").text)'
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)


def test_a_program_can_embed_the_service_by_its_public_names_alone(tmp_path: Path) -> None:
    write_update(write_folder(tmp_path / "content", 1), 2, title="COVID: new rules")
    done = embed(tmp_path)
    assert done.returncode == 0, done.stderr
    problem, document, *feed = done.stdout.splitlines()
    assert problem.startswith("content/updates/2026-02-01-update-2.yaml:1:13: title: a colon")
    assert re.fullmatch(r"application/rss\+xml \d+", document)
    assert "Update number 1" in "".join(feed)
    imported = {name for name in PUBLIC if re.search(rf"\b{name}\b", EMBEDDING)}
    assert {"Reader", "create_app", "load_content", "publish_content"} < imported
    assert re.findall(r"feedsvc\.\w+", EMBEDDING) == []


def test_a_program_that_embeds_it_learns_in_words_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "content" / "updates").mkdir(parents=True)
    done = embed(tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("content/site.yaml:1:1: the file cannot be read")


@pytest.mark.parametrize("module", ["feedsvc", "feedsvc.wsgi", "feedsvc.web.worker", "feedsvc.gunicorn_conf"])
def test_a_worker_imports_nothing_that_only_publishing_needs(module: str) -> None:
    program = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    loaded = json.loads(done.stdout)
    assert module in loaded
    assert [name for name in loaded if name.partition(".")[0] in HEAVY] == []


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("--version", HEAVY),
        ("status", HEAVY),
        ("new", ("jinja2", "feedgen", "watchfiles", "feedsvc.publishing")),
        ("announce", ("yaml", "lxml", "jinja2", "http.client", "feedsvc.publishing", "feedsvc.exporting")),
        ("publish", ("icalendar", "watchfiles", "feedsvc.exporting", "feedsvc.replicating")),
    ],
)
def test_a_command_loads_nothing_that_only_others_need(tmp_path: Path, command: str, heavy: Collection[str]) -> None:
    """``publish`` finds no content here, which is where it would begin to need more."""
    program = (
        "import json, sys\nfrom feedsvc.cli import main\n"
        f"try: main(['{command}'])\nexcept SystemExit: print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=tmp_path)
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert "click" in loaded
    assert [name for name in loaded if any(f"{name}.".startswith(f"{one}.") for one in heavy)] == []


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if OF_A_MACHINE.search(line)
    ]
    assert guilty == []


def test_every_runtime_package_is_pinned_by_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=\[]", dependency)[0].lower() for dependency in project["dependencies"]}
    pins = re.split(r"\n(?=[a-z])", (ROOT / "requirements.txt").read_text().partition("\n\n")[0])
    pinned = {
        pin.partition("==")[0] for pin in pins if re.match(r"[a-z0-9-]+==[^ ]+ \\\n +--hash=sha256:[0-9a-f]{64}", pin)
    }
    assert wanted <= pinned
    assert all("--hash=" in pin for pin in pins if not pin.startswith("#"))


@pytest.mark.parametrize(
    ("name", "schema"), [("update.schema.json", entry_schema()), ("site.schema.json", site_schema())]
)
def test_the_schemas_that_editors_follow_are_those_of_the_loader(
    name: str, schema: dict[str, object], request: pytest.FixtureRequest
) -> None:
    """``pytest tests/test_packaging.py --update`` writes them anew."""
    path, text = ROOT / "content" / name, json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    if request.config.getoption("--update"):
        path.write_text(text)
    assert path.read_text() == text


def test_every_shipped_file_leads_editors_to_its_schema() -> None:
    content = ROOT / "content"
    for path in (content / "site.yaml", *(content / "updates").iterdir()):
        first = path.read_text().partition("\n")[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        expected = "site.schema.json" if path.name == "site.yaml" else "update.schema.json"
        assert (path.parent / schema).resolve() == content / expected
