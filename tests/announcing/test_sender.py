"""What is told of a publish, whom, and how often: by a clock of the test's, to servers that really answer."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from math import inf
from pathlib import Path
from shutil import copytree
from time import monotonic
from typing import cast
from urllib.parse import parse_qs

import feedparser
import pytest

from feedsvc.announcing import client
from feedsvc.announcing.caches import AGAIN, KINDS, cache
from feedsvc.announcing.sender import (
    EARLIER_FIRST_AT_MOST,
    FIRST_WAIT,
    LONGEST_WAIT,
    Announcer,
    Sender,
    send_now,
    take_lock,
)
from feedsvc.announcing.target import CACHES, HUBS, TURNS, Answer, Asking
from feedsvc.kinds import DAY, HOUR
from feedsvc.publication.database import StoreError
from feedsvc.publication.memory import Memory, memory_path
from feedsvc.publication.outbox import EVERYTHING, Outbox, Told, read_outbox
from feedsvc.publication.overview import survey
from feedsvc.publication.reader import Reader
from feedsvc.publishing.once import publish_content
from feedsvc.settings import Settings, clock
from tests.announcing.peer import DRIPPING, DRIPPING_SECONDS, ENDLESS, Peer, run_peer
from tests.harness.folder import SITE, write_folder, write_update
from tests.harness.judges import find_program

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATIENCE = 30  # seconds
FEEDS = ("rss.xml", "atom.xml", "feed.json")


class House:
    """A folder with hubs and perhaps a cache, its publication, and whoever tells of it; ``now`` is the test's clock."""

    def __init__(self, folder: Path, hubs: list[str], purge: str = "", token: str = "") -> None:
        self.now = NOON.timestamp()
        self.content = folder / "content"
        if not self.content.exists():
            write_folder(self.content, updates=2)
            self.set_hubs(hubs)
        self.settings = Settings(
            content=self.content, publication=folder / "publication.db", purge=purge, purge_token=token
        )
        self.senders = [Sender(self.settings, lambda: self.now, turn=turn) for turn in TURNS]

    def set_hubs(self, hubs: list[str]) -> None:
        (self.content / "site.yaml").write_text(SITE + f"hubs: {json.dumps(hubs)}\n")

    def publish(self) -> None:
        publish_content(self.settings, NOON)

    def owe(self) -> None:
        """What a publish leaves that changes the feeds of all updates and of one category."""
        topics = [f"{place}{name}" for place in ("/", "/covid/") for name in FEEDS]
        with Reader(self.settings.publication) as reader, closing(Memory(self.settings.publication)) as memory:
            memory.write(reader.generation(), (), 0, 0, owed=[(name, path) for name in self.told() for path in topics])

    def change(self, title: str) -> None:
        write_update(self.content, 1, title=title)
        self.publish()

    def send(self, seconds: float = 60.0) -> None:
        """Let time pass, and tell whatever falls due."""
        end = self.now + seconds
        while (due := self._next()) <= end:
            self.now = max(self.now, due)
        self.now = end

    def _next(self) -> float:
        return min((when for sender in self.senders if (when := sender.send()) is not None), default=inf)

    def told(self) -> dict[str, Told]:
        return {each.name: each for each in read_outbox(memory_path(self.settings.publication))}

    def close(self) -> None:
        for sender in self.senders:
            sender.close()


@pytest.fixture(scope="module")
def published(server: Peer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house that has told its one hub of the first publish."""
    folder = tmp_path_factory.mktemp("published") / "house"
    with closing(House(folder, [f"{server.url}/hub"])) as house:
        house.publish()
        house.send()
    return folder


@pytest.fixture
def house(published: Path, peer: Peer, tmp_path: Path) -> Iterator[House]:
    with closing(House(copytree(published, tmp_path / "house"), [f"{peer.url}/hub"])) as house:
        house.now += DAY
        yield house


def topics(peer: Peer) -> list[str]:
    said = [parse_qs(heard.body.decode()) for heard in peer.heard]
    assert all(each["hub.mode"] == ["publish"] and each["hub.url"] == each["hub.topic"] for each in said)
    return [each["hub.url"][0] for each in said]


# Hubs.


def test_each_hub_is_told_once_of_each_feed_that_changed(tmp_path: Path, peer: Peer) -> None:
    """No mix and no archive is announced; what is announced is what the feed calls itself."""
    with run_peer() as other, closing(House(tmp_path, [f"{peer.url}/a?b=c", other.url])) as house:
        house.publish()
        house.send()
        every = {f"https://news.example.org/{place}{name}" for place in ("", "covid/", "pay/") for name in FEEDS}
        for hub in (peer, other):
            assert sorted(topics(hub)) == sorted(every)
            hub.heard.clear()
        house.change("Another title")
        house.send()
        assert sorted(topics(peer)) == sorted(topics(other)) == sorted(url for url in every if "pay/" not in url)
        assert {heard.path for heard in peer.heard} == {"/a?b=c"}
        with Reader(house.settings.publication) as reader:
            documents = {found.path: found for found in reader.every()}
        for url in every:
            found = documents[url.removeprefix("https://news.example.org")]
            body = found.variants.identity
            links = {rel: href for rel, href, _ in found.links if rel in ("hub", "self")}
            if url.endswith(".json"):
                named = json.loads(body)
                assert [(hub["type"], hub["url"]) for hub in named["hubs"]][-1] == ("WebSub", other.url)
                assert named["feed_url"] == url
            else:
                read = {(link.rel, link.href) for link in feedparser.parse(body).feed.links}
                assert {("hub", f"{peer.url}/a?b=c"), ("hub", other.url), ("self", url)} <= read
            assert links["self"] == url
        told_of = [path for path, found in documents.items() if any(rel == "hub" for rel, _, _ in found.links)]
        assert sorted(told_of) == sorted(url.removeprefix("https://news.example.org") for url in every)
        for path, found in documents.items():
            is_named = any(sign in found.variants.identity for sign in (b'rel="hub"', b'"hubs"'))
            assert is_named is (path in told_of)


def test_topics_are_told_a_second_apart(house: House, peer: Peer) -> None:
    house.owe()
    for count in range(1, 7):
        house.send(0)
        assert len(peer.heard) == count
        house.now += 0.9
        house.send(0)
        assert len(peer.heard) == count
        house.now += 0.2


PASSING = {
    "trouble": lambda peer: peer.say(500),
    "busy": lambda peer: peer.say(429),
    "slow": lambda peer: peer.say(408),
    "garbage": lambda peer: peer.answers.append(b"\x00\xff not a server\r\n\r\n"),
    "nothing": lambda peer: peer.answers.append(b""),
}
FINAL = {
    "not there": lambda peer: peer.say(404),
    "forbidden": lambda peer: peer.say(403),
    "gone": lambda peer: peer.say(410),
    "to another host": lambda peer: peer.say(307, Location="http://localhost:1/hub"),
    "to another scheme": lambda peer: peer.say(308, Location=peer.url.replace("http:", "https:")),
    "nowhere": lambda peer: peer.say(304),
}


@pytest.mark.parametrize("answer", PASSING)
def test_what_passes_is_tried_again_and_delays_nothing_else(house: House, peer: Peer, answer: str) -> None:
    PASSING[answer](peer)
    house.owe()
    house.send(0)
    assert len(peer.heard) == 1
    (told,) = house.told().values()
    assert told.since
    assert told.owed == 6
    assert told.said
    house.send(2 * FIRST_WAIT + 10)
    assert len(topics(peer)) == 7
    (told,) = house.told().values()
    assert (told.owed, told.since, told.given_up) == (0, 0, 0)


@pytest.mark.parametrize("answer", FINAL)
def test_what_is_final_is_told_once_and_said(house: House, peer: Peer, answer: str) -> None:
    FINAL[answer](peer)
    house.owe()
    house.send()
    assert len(topics(peer)) == len(set(topics(peer))) == 6
    (told,) = house.told().values()
    assert (told.owed, told.given_up, told.accepted) == (0, 1, 9 + 5)


def test_a_way_within_the_host_is_followed_but_not_for_ever(house: House, peer: Peer) -> None:
    peer.say(307, Location="/other")
    for _ in range(3):
        peer.say(301, Location="/hub")
    house.owe()
    house.send()
    assert [heard.path for heard in peer.heard][:2] == ["/hub", "/other"]
    assert peer.heard[0].body == peer.heard[1].body
    assert len(peer.heard) == 2 + 3 + 4
    (told,) = house.told().values()
    assert told.given_up == 1


@pytest.mark.parametrize("is_date", [False, True])
def test_a_server_says_when_it_wants_to_be_asked_again(house: House, peer: Peer, *, is_date: bool) -> None:
    house.owe()
    when = datetime.fromtimestamp(house.now + 1_800, UTC)
    peer.say(503, Retry_After=format_datetime(when, usegmt=True) if is_date else "1800")
    house.send(1_790)
    assert len(peer.heard) == 1
    house.send(30)
    assert len(peer.heard) == 7


def test_after_an_hour_without_a_hub_the_newest_is_told_once(house: House, peer: Peer) -> None:
    for _ in range(50):
        peer.say(502)
    for number in range(4):
        house.change(f"Title {number}")
        house.send(HOUR / 4)
    assert 4 < len(peer.heard) < 14
    peer.answers.clear()
    peer.heard.clear()
    house.send(2 * LONGEST_WAIT)
    assert len(topics(peer)) == len(set(topics(peer))) == 6


def test_after_days_it_is_given_up_with_a_word(house: House, peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    peer.answers += [(500, {}, b"")] * 200
    house.owe()
    house.send(4 * DAY)
    assert len(peer.heard) < 120
    (told,) = house.told().values()
    assert (told.owed, told.given_up) == (0, 6)
    assert [record.getMessage() for record in caplog.records if "given up" in record.getMessage()] == [
        f"hub {peer.url}/hub has refused for days (500 Internal Server Error); 6 changes are given up"
    ]
    said = survey(house.settings.publication, house.now).as_text()
    assert f"Announced to hub {peer.url}/hub: 9 accepted, 0 to be told, 6 given up" in said
    assert survey(house.settings.publication, house.now).as_json()["announced"][0]["given_up"] == 6


def test_a_hub_that_is_no_longer_named_is_forgotten(house: House, peer: Peer) -> None:
    peer.answers += [(500, {}, b"")] * 9
    house.owe()
    house.send(1)
    house.set_hubs([])
    house.publish()
    house.send()
    assert house.told() == {}


@pytest.mark.parametrize("answer", [DRIPPING, ENDLESS])
def test_nobody_is_listened_to_for_long(
    house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.3)
    peer.answers.append(answer)
    house.owe()
    began = monotonic()
    house.send(0)
    assert monotonic() - began < DRIPPING_SECONDS / 2
    (told,) = house.told().values()
    assert bool(told.since) is (answer == DRIPPING)


def test_a_hub_must_prove_who_it_is(tmp_path: Path) -> None:
    """Its certificate says the right name, but nobody who is trusted says so."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    program = find_program("openssl", package="openssl")
    command = [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with run_peer(certificate, key) as peer:
        answer = client.ask(Asking(method="POST", url=peer.url.replace("127.0.0.1", "localhost"), body=b"a"), 0)
        assert peer.heard == []
    assert answer.status == 0
    assert "CERTIFICATE_VERIFY_FAILED" in answer.words


def test_nobody_is_told_of_what_is_tried_at_home(tmp_path: Path, peer: Peer) -> None:
    with closing(House(tmp_path, [f"{peer.url}/hub"], f"varnish {peer.url}/")) as house:
        house.settings = replace(house.settings, announces=False)
        house.publish()
        assert house.told() == {}


# Crashes.


def test_only_what_was_committed_is_told(house: House, peer: Peer) -> None:
    """A process that dies between the memory and the publication has published nothing."""
    name = next(iter(house.told()))
    with Reader(house.settings.publication) as reader:
        generation = reader.generation()
    for number in (1, 2):  # and whoever comes next settles it
        with closing(Memory(house.settings.publication)) as memory:
            memory.write(generation + number, (), 0, 0.0, owed=[(name, "/covid/rss.xml")])
        house.send()
        assert peer.heard == []
    with closing(Memory(house.settings.publication)) as memory:
        memory.settle(generation)
        memory.write(generation + 9, (), 0, 0.0, owed=[(name, "/covid/rss.xml")])
        memory.undo(generation + 9)
    assert house.told()[name].owed == 0
    house.change("Another title")
    house.send()
    assert len(topics(peer)) == 6


def test_what_was_told_before_a_crash_is_told_once_more_at_most(house: House, peer: Peer) -> None:
    """The process ends after the answer and before it is noted: another one goes on where it stood."""
    house.owe()
    with closing(Outbox(memory_path(house.settings.publication))) as outbox:
        before = outbox.due(f"hub {peer.url}/hub", 99, house.now, 9)
    house.send(0)
    with closing(Outbox(memory_path(house.settings.publication))) as outbox:
        after = outbox.due(f"hub {peer.url}/hub", 99, house.now, 9)
    assert len(before.rows) - len(after.rows) == len(peer.heard) == 1


def test_a_fault_amid_a_note_leaves_what_was_noted(house: House, peer: Peer) -> None:
    name = f"hub {peer.url}/hub"
    house.owe()
    with closing(Outbox(memory_path(house.settings.publication))) as outbox:
        parcel = outbox.due(name, 99, house.now, 9)
        with pytest.raises(StoreError, match="NOT NULL"):
            outbox.settle(parcel, Told(name, said=cast("str", None)))
        assert outbox.due(name, 99, house.now, 9) == parcel
    assert read_outbox(house.content) == ()


def test_one_process_tells(house: House) -> None:
    publication = house.settings.publication
    first = take_lock(publication, HUBS)
    assert first is not None
    other = take_lock(publication, CACHES)
    assert other is not None
    assert take_lock(publication, HUBS) is None
    os.close(first)
    again = take_lock(publication, HUBS)
    assert again is not None
    os.close(again)
    os.close(other)
    assert take_lock(publication / "no folder", HUBS) is None


# Caches.


def keys_of(peer: Peer) -> list[list[str]]:
    return [heard.fields["xkey-purge"].split() for heard in peer.heard if heard.method == "PURGE"]


def test_caches_let_go_before_hubs_are_told_and_once_more_later(tmp_path: Path, peer: Peer) -> None:
    with closing(House(tmp_path, [f"{peer.url}/hub"], f"varnish {peer.url}/", "secret")) as house:
        house.publish()
        house.send(3 * AGAIN)
        peer.heard.clear()
        peer.say(503)
        house.change("Another title")
        house.send(0)
        assert [heard.method for heard in peer.heard] == ["PURGE"]  # and no hub yet
        house.send(1.5 * FIRST_WAIT + 1)
        methods = [heard.method for heard in peer.heard]
        first_hub = methods.index("POST")
        told = [key for keys in keys_of(peer)[1:first_hub] for key in keys]
        with Reader(house.settings.publication) as reader:
            paths = {found.path for found in reader.every()}
        assert {"/", "/covid/rss.xml", "/updates/update-1/"} <= set(told)
        assert [key.partition(".")[0] for key in set(told) - paths] == ["/updates/update-1/card"]  # which is gone
        assert not [key for key in told if key.startswith(("/pay/", "/static/", "/pictures/"))]
        assert told[:2] == ["/", "/updates/update-1/"]
        assert len(keys_of(peer)) == first_hub
        house.send(3 * AGAIN)
        assert sorted(key for keys in keys_of(peer)[first_hub:] for key in keys) == sorted(told)
        assert len(peer.heard) == len(keys_of(peer)) + 6
        peer.heard.clear()
        house.send(DAY)
        assert peer.heard == []


def test_each_of_several_caches_is_told_with_its_own_secret(tmp_path: Path, peer: Peer) -> None:
    setting = f"varnish {peer.url}/a, webhook {peer.url}/b, webhook {peer.url}/c"
    with closing(House(tmp_path, [], setting, "one two three")) as house:
        house.publish()
        house.send(0)
        said = {heard.path: heard.fields["Authorization"].partition(" ")[2] for heard in peer.heard}
        assert said == {"/a": "one", "/b": "two", "/c": "three"}
        assert list(house.told()) == [f"varnish {peer.url}", f"webhook {peer.url}", f"webhook {peer.url} (2)"]


def test_many_long_addresses_are_told_in_fields_of_a_size_that_is_read(tmp_path: Path, peer: Peer) -> None:
    with closing(House(tmp_path, [], f"varnish {peer.url}/")) as house:
        house.publish()
        house.send(3 * AGAIN)
        peer.heard.clear()
        paths = [f"/updates/{number:02}{'a' * 900}/" for number in range(30)] + [f"/updates/{'b' * 7_000}/"]
        with closing(Memory(house.settings.publication)) as memory, Reader(house.settings.publication) as reader:
            (name,) = house.told()
            memory.write(reader.generation(), (), 0, 0, owed=[(name, path) for path in paths])
        house.send(0)
        assert sorted(key for keys in keys_of(peer) for key in keys) == sorted(paths)
        assert max(len(heard.fields["xkey-purge"]) for heard in peer.heard) < 8_000
        assert len(peer.heard) < 8


def test_where_very_much_changed_all_is_let_go(tmp_path: Path, peer: Peer) -> None:
    with closing(House(tmp_path, [], f"varnish {peer.url}/", "secret")) as house:
        for number in range(3, 70):
            write_update(house.content, number)
        house.publish()
        house.send(3 * AGAIN)
        assert keys_of(peer) == [["all"], ["all"]]
        assert all(heard.fields["Authorization"] == "Bearer secret" for heard in peer.heard)
        assert "secret" not in repr(house.settings) + survey(house.settings.publication, house.now).as_text()


def test_a_service_that_says_no_with_200_is_asked_again(tmp_path: Path, peer: Peer) -> None:
    row = KINDS["cloudflare"]
    assert not row.is_accepted(Answer(status=200, body=b'{"success":false}'))
    assert not row.is_accepted(Answer(status=200, body=b"<html>"))
    assert not row.is_accepted(Answer(status=200, body=b"[" * 60_000))
    assert row.is_accepted(Answer(status=200, body=b'{"success":true}'))
    with closing(House(tmp_path, [], f"webhook {peer.url}/", "secret")) as house:
        house.publish()
        house.send(3 * AGAIN)
        peer.heard.clear()
        house.change("Another title")
        house.send(0)
        (said,) = [json.loads(heard.body) for heard in peer.heard]
        assert said["urls"][0] == "https://news.example.org/"
        assert said["keys"][0] == "/"
        assert not said["everything"]


ASKED = {
    "fastly abc": (
        "https://api.fastly.com/service/abc/purge",
        {"surrogate_keys": ["/", "/covid/"]},
        "Fastly-Key",
        "s3cr3t",
    ),
    "cloudflare abc": (
        "https://api.cloudflare.com/client/v4/zones/abc/purge_cache",
        {"files": [f"https://news.example.org/{path}" for path in ("", "covid/", "index.html", "covid/index.html")]},
        "Authorization",
        "Bearer s3cr3t",
    ),
}


@pytest.mark.parametrize("setting", ASKED)
def test_services_are_asked_as_they_describe_it(setting: str) -> None:
    url, body, field, secret = ASKED[setting]
    target = cache(setting, "s3cr3t", "https://news.example.org/")
    asking = target.ask(["/", "/covid/"])
    assert isinstance(asking, Asking)
    assert (asking.method, asking.url, json.loads(asking.body)) == ("POST", url, body)
    assert asking.fields[field] == secret
    many = target.ask([f"/{number}/" for number in range(target.most)])
    assert isinstance(many, Asking)
    assert (
        max(len(named) for named in json.loads(many.body).values())
        == {"fastly": 256, "cloudflare": 30}[setting.split(maxsplit=1)[0]]
    )
    everything = target.ask([EVERYTHING])
    assert isinstance(everything, Asking)
    assert json.loads(everything.body) in ({"surrogate_keys": ["all"]}, {"purge_everything": True})
    assert "s3cr3t" not in repr(asking) + target.name


def test_of_a_cache_only_its_host_is_named() -> None:
    """Many a webhook asks for no other secret than its address."""
    setting = "webhook https://hooks.example:8443/s3cr3t?key=s3cr3t"
    assert cache(setting, "", "https://news.example.org/").name == "webhook https://hooks.example:8443"


def test_a_secret_that_cannot_be_sent_is_not_said(tmp_path: Path, peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    with closing(House(tmp_path, [], f"webhook {peer.url}/", "s3cr3t\nmore")) as house:
        house.publish()
        house.send(0)
        (told,) = house.told().values()
        assert told.since
        assert "s3cr3t" not in told.said + caplog.text


def test_a_cache_that_is_lost_keeps_no_hub_from_being_told(tmp_path: Path, peer: Peer) -> None:
    with closing(House(tmp_path, [f"{peer.url}/hub"], "varnish http://127.0.0.1:1/")) as house:
        house.publish()
        house.send(EARLIER_FIRST_AT_MOST / 2)
        assert peer.heard == []
        house.send(EARLIER_FIRST_AT_MOST)
        assert len(topics(peer)) == 9


def test_a_changed_setting_changes_whom_is_told(tmp_path: Path, peer: Peer) -> None:
    with closing(House(tmp_path, [])) as house:
        house.publish()
        purging = replace(house.settings, purge=f"varnish {peer.url}/")
        publish_content(purging, NOON)
        with Reader(house.settings.publication) as reader:
            assert reader.state()[1].cdn_age == DAY
        house.settings = purging
        house.change("Another title")
        assert list(house.told()) == [f"varnish {peer.url}"]


# Processes.


def heard_within(peer: Peer, count: int) -> bool:
    deadline = monotonic() + PATIENCE
    while len(peer.heard) < count and monotonic() < deadline:
        peer.news.wait(0.2)
        peer.news.clear()
    return len(peer.heard) >= count


def test_who_publishes_once_waits_a_moment_and_leaves_the_rest(house: House, peer: Peer) -> None:
    house.owe()
    lock = take_lock(house.settings.publication, HUBS)
    assert lock is not None
    send_now(house.settings, clock, seconds=0.5)
    assert peer.heard == []  # another process does it
    os.close(lock)
    send_now(house.settings, clock, seconds=1.6)
    assert len(peer.heard) == 2
    (told,) = house.told().values()
    assert told.owed == 4


def test_who_stays_tells_as_soon_as_there_is_something(tmp_path: Path, peer: Peer) -> None:
    """It begins when nothing is published yet."""
    with closing(House(tmp_path, [f"{peer.url}/hub"], f"varnish {peer.url}/")) as house:
        announcer = Announcer(house.settings, clock)
        announcer.start()
        house.publish()
        announcer.wake()
        assert heard_within(peer, 2)
        assert peer.heard[0].method == "PURGE"
        announcer.stop()


def unheard_of(house: House) -> Settings:
    return replace(house.settings, purge="unheard-of nothing")


def damaged(house: House) -> Settings:
    for path in house.settings.publication.parent.glob("publication.db-memory*"):
        path.write_bytes(b"no database" * 1_000)
    return house.settings


FAULTS = {
    "of the program": (unheard_of, "KeyError"),
    "of the memory": (damaged, "nobody can be told of changes: cannot use the memory"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_logged_and_ends_nothing(house: House, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    house.owe()
    change, words = FAULTS[fault]
    announcer = Announcer(change(house), clock)
    announcer.start()
    deadline = monotonic() + PATIENCE
    while words not in caplog.text and monotonic() < deadline:
        announcer.wake()
    announcer.stop()
    assert words in caplog.text
