"""What a real store makes of exports into it, and whoever runs in front of it: a part of ``python -m tests.outbox``."""

import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from feedsvc.exporting.edge import SCRIPTS
from feedsvc.exporting.record import KEY
from feedsvc.exporting.tree import ExportedFile, read_tree
from feedsvc.object_stores import open_store
from feedsvc.publication.memory import memory_path
from feedsvc.publication.outbox import read_outbox
from feedsvc.publication.reader import Reader
from tests.exporting.edge import run_edge
from tests.harness.folder import publish_folder, write_folder, write_site, write_update
from tests.harness.processes import children, command_of
from tests.harness.service import Service
from tests.outbox.seaweedfs import BUCKET, Counter, run_counter, run_seaweedfs
from tests.web import promises
from tests.web.promises import PROMISES, publish_everything

MANY = 1_000
UPDATES = 30
LARGE = {"six.pdf": 6_000_000, "thirty.pdf": 30_000_000}
PATIENCE = 60.0
# what providers do by a switch, and by what they keep: a 304 of the store repeats no Cache-Control
LEFT_TO_OTHERS = (promises.what_shrinks_comes_compressed, promises.what_a_client_holds_is_not_sent_again)


@dataclass(slots=True, kw_only=True)
class Store:
    """The store, and the way to it that counts; each check has a prefix of its own."""

    home: Path
    port: int
    counter: Counter

    def place(self, prefix: str) -> str:
        return f"http://127.0.0.1:{self.port}/{BUCKET}/{prefix}"

    def get(self, prefix: str, key: str) -> tuple[int, bytes, dict[str, str]]:
        """An object as anybody gets it."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", f"/{BUCKET}/{prefix}/{quote(key)}")
        answer = connection.getresponse()
        try:
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.headers.items()}
        finally:
            connection.close()

    def start_export(self, content: Path, prefix: str) -> "subprocess.Popen[str]":
        """The command, under way."""
        publication = content.parent / "instance" / "publication.db"
        given = {**os.environ, "FEEDSVC_CONTENT": str(content), "FEEDSVC_PUBLICATION": str(publication)}
        command = [sys.executable, "-m", "feedsvc", "export", f"s3://{BUCKET}/{prefix}"]
        out = subprocess.PIPE
        return subprocess.Popen(command, env=given | self.counter.environment, stdout=out, stderr=out, text=True)

    def export(self, content: Path, prefix: str) -> str:
        """What the command says, which must not fail."""
        self.counter.reset()
        running = self.start_export(content, prefix)
        said, faults = running.communicate(timeout=300)
        assert running.returncode == 0, faults[-400:]
        return said


def files_of(content: Path) -> dict[str, ExportedFile]:
    with Reader(content.parent / "instance" / "publication.db") as reader:
        return {each.name: each for each in read_tree(reader) if isinstance(each, ExportedFile)}


def check_whole(store: Store, content: Path, prefix: str) -> None:
    """Every document is there, with all that it says."""
    for key, file in files_of(content).items():
        status, body, fields = store.get(prefix, key)
        said = dict(file.fields)
        assert (key, status, body) == (key, 200, file.body)
        assert (fields["content-type"], fields["cache-control"]) == (said["Content-Type"], said["Cache-Control"]), key
        assert fields["x-amz-meta-sha256"] == hashlib.sha256(body).hexdigest(), key


def of_a_thousand_updates_one_changes(store: Store) -> str:
    """With large attachments, which are not sent again, either."""
    content = write_folder(store.home / "thousand" / "content")
    for number in range(1, MANY + 1):
        write_update(content, number, published=f"2026-02-{1 + number % 28:02} {8 + number % 10:02}:{number % 60:02}")
    for number, (name, octets) in enumerate(LARGE.items(), 2):
        (content / "files" / name).write_bytes(b"%PDF-1.7\n" + bytes(octets))
        write_update(content, number, more=f"attachments:\n  - file: {name}\n    title: {name}\n")
    first = store.export(content, "thousand")
    sent = store.counter.requests, store.counter.octets
    again = store.export(content, "thousand")
    assert "0 objects sent" in again
    assert (store.counter.requests, store.counter.octets) == (1, 0)
    write_update(content, 1, title="The one that changed")
    changed = store.export(content, "thousand")
    assert store.counter.requests < 40
    check_whole(store, content, "thousand")
    counts = [re.findall(r"(\d+) objects sent", said)[0] for said in (first, changed)]
    return (
        f"{counts[0]} objects, {sent[0]} requests, {sent[1]:,} octets; again: 1 request, 0 octets; "
        f"one changed: {counts[1]} objects, {store.counter.requests} requests, {store.counter.octets:,} octets"
    )


def killed_at_any_request_it_leaves_each_address_whole(store: Store) -> str:
    """Kill -9 as the next request arrives, at each one in turn; the next run heals it."""
    content = write_site(store.home / "killed" / "content")
    store.export(content, "killed")
    steps = 0
    while True:
        before = files_of(content)
        write_update(content, 1, title=f"Title {steps}", more=f"aliases: [old-{steps}]\n" if steps % 3 else "")
        write_update(content, 4 + steps % 2, title="It comes")
        (content / "updates" / f"2026-02-01-update-{5 - steps % 2}.yaml").unlink(missing_ok=True)
        store.counter.reset(most=steps)
        running = store.start_export(content, "killed")
        store.counter.victim = running.pid
        running.communicate(timeout=120)
        if running.returncode == 0:
            break
        assert running.returncode == -signal.SIGKILL
        after = files_of(content)
        for key in before.keys() | after.keys():
            status, body, _ = store.get("killed", key)
            whole = [file.body for file in (before.get(key), after.get(key)) if file]
            may_lack = key not in before or key not in after
            assert (status == 200 and body in whole) or (status == 404 and may_lack), (steps, key, status)
        store.export(content, "killed")
        check_whole(store, content, "killed")
        steps += 1
    check_whole(store, content, "killed")
    return f"killed at each of {steps} requests"


def what_runs_in_front_keeps_the_promises_of_the_service(store: Store) -> str:
    """Both scripts, each in front of the store itself."""
    publication = publish_everything(store.home / "promises")
    store.export(publication.parents[1] / "content", "promises")
    said = []
    with ExitStack() as closing:
        for script in SCRIPTS:
            seen = open_store(f"s3://{BUCKET}/promises")
            edge = closing.enter_context(run_edge(store.home, script, seen, store.place("promises"), publication))
            left_out = [*LEFT_TO_OTHERS, *([promises.what_is_not_there_is_explained] if "front" in script else [])]
            for promise in PROMISES:
                if promise not in left_out:
                    promise(edge)
            held = edge.ask("/covid/rss.xml")["ETag"]
            assert edge.ask("/covid/rss.xml", f"If-None-Match: {held}").status == 304
            for key in (KEY, *SCRIPTS):
                assert edge.ask(f"/{key}").status == 404
            said.append(f"{script}: {len(PROMISES) - len(left_out)} of {len(PROMISES)}")
    return ", ".join(said)


def a_running_service_keeps_it_up_to_date(store: Store) -> str:
    """Its sender is killed while it sends, again and again; another one goes on."""
    content = write_folder(store.home / "running" / "content", updates=UPDATES)
    publication = content.parent / "instance" / "publication.db"
    publish_folder(content, publication)
    store.counter.reset()
    seconds = []
    with Service(content, publication, workers=2, FEEDSVC_BUCKET=f"s3://{BUCKET}/running") as service:
        wait("the first copy", lambda: not owed(publication) and is_told(publication))
        check_whole(store, content, "running")
        for number in range(5):
            began = monotonic()
            write_update(content, UPDATES, title=f"Sent at once {number}")
            wait("the bucket", lambda number=number: shows(store, f"Sent at once {number}"))  # type: ignore[misc]
            seconds.append(monotonic() - began)
        kills = 0
        for step in (0, 1, 2, 5, 9):
            store.counter.reset(most=step)
            store.counter.victim = sender_of(service)
            write_update(content, UPDATES, title=f"Killed at {step}")
            wait("its end", lambda: store.counter.victim not in all_senders(service))
            kills += 1
            store.counter.reset()
            wait("the bucket", lambda step=step: shows(store, f"Killed at {step}"))  # type: ignore[misc]
        wait("nothing to be told", lambda: not owed(publication))
        check_whole(store, content, "running")
        text = service.overview().as_text()
    (line,) = [line for line in text.splitlines() if "bucket" in line]
    assert "the-secret" not in text + service.log
    return f"in {max(seconds):.1f} s at most; {kills} senders killed; {line}"


def shows(store: Store, title: str) -> bool:
    return all(title.encode() in store.get("running", key)[1] for key in ("index.html", "rss.xml", "covid/feed.json"))


def owed(publication: Path) -> int:
    return sum(each.owed for each in read_outbox(memory_path(publication)))


def is_told(publication: Path) -> bool:
    return any(each.accepted for each in read_outbox(memory_path(publication)))


def all_senders(service: Service) -> list[int]:
    found = [pid for publisher in service.publishers() for pid in children(publisher)]
    return [pid for pid in found if "announce" in command_of(pid)]


def sender_of(service: Service) -> int:
    """The process that sends, once there is one again."""
    wait("a sender", lambda: all_senders(service))
    return all_senders(service)[0]


def wait(what: str, is_so: Callable[[], object]) -> None:
    began = monotonic()
    while not is_so():
        assert monotonic() - began < PATIENCE, f"waited in vain for {what}"
        sleep(0.05)


CHECKS = (
    of_a_thousand_updates_one_changes,
    killed_at_any_request_it_leaves_each_address_whole,
    what_runs_in_front_keeps_the_promises_of_the_service,
    a_running_service_keeps_it_up_to_date,
)


def open_store_of_others(closing: ExitStack, home: Path) -> Store:
    """A running store."""
    port = closing.enter_context(run_seaweedfs(home))
    counter = closing.enter_context(run_counter(port))
    os.environ.update(counter.environment)
    open_store(f"s3://{BUCKET}/begin").put("begin", b"", {})  # which makes the bucket
    return Store(home=home, port=port, counter=counter)
