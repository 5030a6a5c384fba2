"""Old and habitual addresses, followed by clients that each read redirects in a way of their own."""

import subprocess
from pathlib import Path

import pytest

from tests.harness.client import Client
from tests.harness.judges import find_program

PATIENCE = 60  # seconds
MOVED = {
    "/feed": "/rss.xml",
    "/atom": "/atom.xml",
    "/covid/index.xml": "/covid/rss.xml",
    "/covid": "/covid/",
    "/COVID/RSS.xml": "/covid/rss.xml",
    "/updates/update-3": "/updates/update-3/",
}


def say(*command: str) -> list[str]:
    """What a program says, line by line."""
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=True, env={"LANG": "C.UTF-8"}
    ).stdout.splitlines()


def address(client: Client, path: str) -> str:
    return f"http://127.0.0.1:{client.address[1]}{path}"


def test_java_follows_where_an_address_leads(doors: dict[str, Client]) -> None:
    """Its HttpURLConnection, on which readers for Android and servers are built, takes 308 for an error."""
    java = find_program("java", package="default-jdk-headless")
    asked = [address(client, path) for client in doors.values() for path in MOVED]
    led = [f"200 {address(client, place)}" for client in doors.values() for place in MOVED.values()]
    said = say(java, "-XX:TieredStopAtLevel=1", str(Path(__file__).with_name("Visit.java")), *asked)
    assert said == [line for line in led for _ in ("GET", "HEAD")]


@pytest.mark.parametrize("how", [(), ("--head",)], ids=["GET", "HEAD"])
def test_curl_is_told_that_an_address_has_moved_for_good(client: Client, how: tuple[str, ...]) -> None:
    curl = find_program("curl", package="curl")
    asked = [part for path in MOVED for part in ("--output", "/dev/null", address(client, path))]
    said = say(curl, "--silent", *how, "--write-out", r"%{http_code} %{redirect_url}\n", *asked)
    assert said == [f"301 {address(client, place)}" for place in MOVED.values()]
