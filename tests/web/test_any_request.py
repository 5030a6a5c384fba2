"""No octets of a request make the application fail: some thousand cases of what ``poe fuzz`` does a million times."""

import random
from typing import Any

import pytest
from hypothesis import given, settings

from tests.soak.requests import METHODS, PATHS, REQUESTS, VALUES, Door, make

OF_THE_SERVER = ("wsgi.", "werkzeug.", "feedsvc.", "REQUEST_METHOD", "PATH_INFO", "SERVER_", "REMOTE_")


class Watched(dict[str, Any]):
    """An environment that remembers what was asked of it."""

    asked: set[str]

    def copy(self) -> "Watched":
        return Watched(self)

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    return Door(tmp_path_factory.mktemp("door"))


@pytest.mark.parametrize("name", VALUES)
def test_no_value_that_once_was_a_failure_is_one(door: Door, name: str) -> None:
    for value in VALUES[name]:
        for path in ("/covid/rss.xml", "/files/icon.png", "/nothing", "/readyz", "/metrics"):
            door.ask({"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_RANGE": "bytes=0-3", name: value})


@settings(max_examples=200)
@given(REQUESTS)
def test_no_text_of_a_field_is_a_failure(door: Door, texts: dict[str, str]) -> None:
    door.ask(texts)


def test_nothing_near_to_a_good_request_is_a_failure(door: Door) -> None:
    rng = random.Random(11)
    statuses = {door.ask(make(rng)) for _ in range(2_000)}
    assert {200, 301, 304, 404, 405} <= statuses


def test_every_field_that_the_application_reads_is_among_those_that_are_tried(door: Door) -> None:
    asked = Watched.asked = set()
    for method in METHODS:
        for path in PATHS:
            door.ask({"REQUEST_METHOD": method, "PATH_INFO": path}, Watched)
    assert {"HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_HOST"} <= asked
    assert {name for name in asked if not name.startswith(OF_THE_SERVER)} <= set(VALUES)
