"""The form has every field of the schema; what the real editor makes of it is shown by ``poe cms``."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feedsvc import Settings, cli
from feedsvc.content.form import EDITORS, form_config
from feedsvc.content.schema import entry_schema
from feedsvc.content.site import load_site
from tests.content.samples import ENTRY_FIELDS, entry_text, load, make_root


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The inputs of the form, by the names of their fields."""
    root = make_root(tmp_path_factory.mktemp("form"))
    site = load_site(root, Settings(publication=root / "publication.db")).site
    (collection,) = form_config(site, "content", {"name": "test-repo"})["collections"]
    return {field["name"]: field for field in collection["fields"]}


def test_every_field_is_there_with_its_help_and_those_that_are_needed_come_first(fields: dict[str, Any]) -> None:
    schema = entry_schema()
    assert fields.keys() == schema["properties"].keys()
    assert {name for name, field in fields.items() if field["required"]} == set(schema["required"])
    assert list(fields)[:5] == list(ENTRY_FIELDS)
    described = {name: field["description"] for name, field in schema["properties"].items()}
    described["title"] = "The headline: one line, at most 120 characters."  # the form writes the quotes
    assert {name: field["hint"] for name, field in fields.items() if name != "body"} == {
        name: text for name, text in described.items() if name != "body"
    }
    for name, record in (("image", "ImageRecord"), ("attachments", "AttachmentRecord"), ("event", "EventRecord")):
        parts = {part["name"]: part["required"] for part in fields[name]["fields"]}
        wanted = schema["$defs"][record]
        assert parts == {part: part in wanted["required"] for part in wanted["properties"]}


@pytest.mark.parametrize(
    ("name", "widget"),
    [
        ("title", "string"),
        ("published", "datetime"),
        ("categories", "select"),
        ("summary", "text"),
        ("body", "markdown"),
        ("image", "object"),
        ("attachments", "list"),
        ("event", "list"),
        ("related", "list"),
        ("draft", "boolean"),
        ("slug", "string"),
    ],
)
def test_each_kind_of_value_has_its_input(name: str, widget: str, fields: dict[str, Any]) -> None:
    assert fields[name]["widget"] == widget


def test_what_a_telephone_is_good_at_is_asked_for(fields: dict[str, Any]) -> None:
    assert [(option["label"], option["value"]) for option in fields["categories"]["options"]] == [
        ("COVID", "covid"),
        ("Pay", "pay"),
    ]
    assert [part["widget"] for part in fields["image"]["fields"]] == ["image", "text"]
    assert fields["attachments"]["fields"][0]["widget"] == "file"
    assert (fields["published"]["format"], fields["expires"]["format"]) == ("YYYY-MM-DD HH:mm", "YYYY-MM-DD")


def test_a_picture_may_be_named_as_forms_do(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for name in ("/files/icon.png", "files/icon.png", "content/files/icon.png"):
        loaded = load(entry_text(image=f"{{src: {name}, alt: A}}"), root)
        assert loaded.files == ("icon.png",)


def write(root: Path, folder: Path, *more: str) -> Result:
    settings = {"FEEDSVC_CONTENT": str(root), "FEEDSVC_PUBLICATION": str(root.parent / "publication.db")}
    return CliRunner().invoke(cli.main, ["cms", str(folder), "--repository", "local/updates", *more], env=settings)


def test_the_page_is_written_again_and_never_over_another_one(tmp_path: Path) -> None:
    root, folder = make_root(tmp_path), tmp_path / "admin"
    for more in ((), ("--script", "/editor.js", "--branch", "live")):
        assert write(root, folder, *more).exit_code == 0
        page = (folder / "index.html").read_text()
        editor = EDITORS["sveltia"]
        assert f'<script src="{"/editor.js" if more else editor.script}"' in page
        assert (f'integrity="{editor.digest}" crossorigin="anonymous"></script>' in page) is (not more)
    config = json.loads((folder / "config.yml").read_text())
    assert config["backend"] == {"name": "github", "repo": "local/updates", "branch": "live"}
    assert config["collections"][0]["folder"] == "content/updates"
    (folder / "index.html").write_text("ours")
    result = write(root, folder)
    assert (result.exit_code, "index.html is there already" in result.stderr) == (1, True)
    assert (folder / "index.html").read_text() == "ours"


def test_an_editor_that_asks_for_all_of_a_picture_that_is_none_asks_for_nothing_of_it(tmp_path: Path) -> None:
    assert write(make_root(tmp_path), tmp_path / "admin", "--editor", "decap").exit_code == 0
    page, editor = (tmp_path / "admin" / "index.html").read_text(), EDITORS["decap"]
    assert f'<script src="{editor.script}" integrity="{editor.digest}" crossorigin="anonymous"></script>' in page
    (collection,) = json.loads((tmp_path / "admin" / "config.yml").read_text())["collections"]
    fields = {field["name"]: field for field in collection["fields"]}
    assert [part["required"] for part in fields["image"]["fields"]] == [False, False]
    assert [part["required"] for part in fields["attachments"]["fields"]] == [True, True]
    assert fields["title"]["required"]


def test_a_configuration_of_something_else_stays(tmp_path: Path) -> None:
    root, folder = make_root(tmp_path), tmp_path / "admin"
    folder.mkdir()
    (folder / "config.yml").write_text("title: ours")
    result = write(root, folder)
    assert (result.exit_code, "config.yml is there already" in result.stderr) == (1, True)
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("config.yml", "title: ours")]


def test_an_address_of_a_script_is_an_address_and_nothing_else(tmp_path: Path) -> None:
    assert write(make_root(tmp_path), tmp_path / "admin", "--script", '/a.js?b&c"><p>').exit_code == 0
    assert '<script src="/a.js?b&amp;c&quot;&gt;&lt;p&gt;"></script>' in (tmp_path / "admin" / "index.html").read_text()
