"""The JSON Schemas that editors use describe the same fields as the loader."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from feedsvc.content.schema import entry_schema
from feedsvc.content.site_schema import site_schema
from tests.content.samples import SITE, SITE_FIELDS, entry_text, fields_text
from tests.content.test_entry import EVERY_FIELD


class TextLoader(yaml.BaseLoader):
    """Dates stay text, as in the YAML 1.2 that editors read."""


def entry_errors(text: str) -> list[str]:
    """What an editor underlines in an update."""
    validator = Draft202012Validator(entry_schema(SITE))
    return [error.json_path for error in validator.iter_errors(yaml.load(text, TextLoader))]


@pytest.mark.parametrize("schema", [entry_schema(), entry_schema(SITE), site_schema()])
def test_schema_is_valid_and_explains_every_field(schema: dict[str, object]) -> None:
    Draft202012Validator.check_schema(schema)
    for part in (schema, *schema["$defs"].values()):  # type: ignore[attr-defined]
        assert part["additionalProperties"] is False
        for described in part["properties"].values():
            assert described["description"]
            assert "default" not in described
            assert {"type": "null"} not in described.get("anyOf", [])


def test_good_files_pass() -> None:
    assert entry_errors(EVERY_FIELD) == []
    assert entry_errors(entry_text(categories="covid")) == []
    site = yaml.load(fields_text(SITE_FIELDS, feed_length="30"), TextLoader)
    assert list(Draft202012Validator(site_schema()).iter_errors(site)) == []


def test_draft_may_be_a_word_or_a_truth() -> None:
    validator = Draft202012Validator(entry_schema())
    good = yaml.load(entry_text(), TextLoader)
    assert validator.is_valid(good | {"draft": True})
    assert validator.is_valid(good | {"draft": "yes"})
    assert not validator.is_valid(good | {"draft": "perhaps"})


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (entry_text(title=None), "$"),
        (entry_text(colour="red"), "$"),
        (entry_text(categories="[weather]"), "$.categories"),
        (entry_text(slug="Not This"), "$.slug"),
        (entry_text(image="{src: a.png}"), "$.image"),
        (entry_text(title="x" * 121), "$.title"),
    ],
)
def test_editors_see_the_mistake(text: str, path: str) -> None:
    assert entry_errors(text) == [path]


def test_shipped_updates_pass() -> None:
    root = Path(__file__).parents[2] / "content"
    validator = Draft202012Validator(entry_schema())
    for path in sorted((root / "updates").glob("*.yaml")):
        assert list(validator.iter_errors(yaml.load(path.read_text(), TextLoader))) == []
