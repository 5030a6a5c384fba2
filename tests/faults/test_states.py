"""States of the machine in which a saved file does not appear in time: what everybody, the log and the metrics say.

The rows that can be undone at once share a service. Each of the others has one of its own, and these are brought into
their states together, for some take a while to show.
"""

import os
import re
import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedsvc.publication.status import CAUSES
from feedsvc.publishing.supervisor import lock_path
from tests.faults.conftest import UNPRIVILEGED
from tests.harness.folder import publish_folder, write_folder, write_update
from tests.harness.processes import is_alive, kill
from tests.harness.service import Service

WRAPPER = UNPRIVILEGED if os.geteuid() == 0 else ()


def nothing(_: "Service | Path") -> None:
    """As it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is done to the content before the start and to the service after it, and how that shows.

    ``says`` is in the log exactly once, and ``way_out`` on the same line. ``undo`` makes all well again. Rows that are
    ``is_shared`` are done to one service.
    """

    cause: str
    says: str
    way_out: str
    before: Callable[[Path], None] = nothing
    after: Callable[[Service], None] = nothing
    undo: Callable[[Service], None] | None = None
    workers: int = 1
    is_off: bool = False
    is_publishing: bool = True  # so there is a publishing process to wait for
    is_shared: bool = False


def away(name: str) -> Callable[[Service], None]:
    return lambda service: _rename(service.content.parent / name, service.content.with_name("away"))


def back(name: str) -> Callable[[Service], None]:
    return lambda service: _rename(service.content.with_name("away"), service.content.parent / name)


def _rename(source: Path, target: Path) -> None:
    source.rename(target)


def publish_beforehand(content: Path) -> None:
    publish_folder(content, content.parent / "instance" / "publication.db")


def make_read_only(content: Path) -> None:
    publish_beforehand(content)
    instance = content.parent / "instance"
    for path in instance.iterdir():
        path.chmod(0o444)
    instance.chmod(0o555)


def bar_the_election(content: Path) -> None:
    publish_beforehand(content)
    lock_path(content.parent / "instance" / "publication.db").mkdir()


def kill_twice(service: Service) -> None:
    for _ in range(2):
        publisher = service.publisher()
        kill(publisher)
        service.wait_until("its end", lambda publisher=publisher: not is_alive(publisher))  # type: ignore[misc]  # bound at once


def stop_publisher(service: Service) -> None:
    os.kill(service.publisher(), signal.SIGSTOP)


def wake_publisher(service: Service) -> None:
    (publisher,) = service.publishers()
    os.kill(publisher, signal.SIGCONT)


def leave_no_room(service: Service) -> None:
    publisher = service.publisher()
    room = len(service.log) + 16_384  # for what it has to say
    resource.prlimit(publisher, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    write_update(service.content, 9, title="No room")


def make_room(service: Service) -> None:
    resource.prlimit(service.publisher(), resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    (service.content / "updates" / "2026-02-01-update-9.yaml").unlink()


def lock(service: Service) -> None:
    (service.content / ".git").mkdir()
    (service.content / ".git" / "index.lock").touch()
    write_update(service.content, 9, title="In a checkout")


def unlock(service: Service) -> None:
    (service.content / ".git" / "index.lock").unlink()


def remove_most(service: Service) -> None:
    for number in (1, 2):
        (service.content / "updates" / f"2026-02-01-update-{number}.yaml").unlink()


def put_back(service: Service) -> None:
    for number in (1, 2):
        write_update(service.content, number)


def spoil_site(service: Service) -> None:
    site = service.content / "site.yaml"
    site.write_text(site.read_text().replace("title: Local 7", "titel: Local 7"))


def mend_site(service: Service) -> None:
    site = service.content / "site.yaml"
    site.write_text(site.read_text().replace("titel: Local 7", "title: Local 7"))


def spoil_update(service: Service) -> None:
    write_update(service.content, 9, categories="[covd]")


def mend_update(service: Service) -> None:
    (service.content / "updates" / "2026-02-01-update-9.yaml").unlink()


def forbid_updates(service: Service) -> None:
    (service.content / "updates").chmod(0)
    (service.content / "touched").touch()


def allow_updates(service: Service) -> None:
    (service.content / "updates").chmod(0o755)
    (service.content / "touched").unlink()


STATES = {
    "content/updates is gone": State(
        cause="content-unusable",
        says="not published: content/updates:1:1: the folder cannot be read (No such file",
        way_out="FEEDSVC_CONTENT",
        after=away("content/updates"),
        undo=back("content/updates"),
        is_shared=True,
    ),
    "the content folder is gone": State(
        cause="content-unusable",
        says="not published: content/updates:1:1: the folder cannot be read (No such file",
        way_out="FEEDSVC_CONTENT",
        after=away("content"),
        undo=back("content"),
        is_shared=True,
    ),
    "content/updates may not be read": State(
        cause="content-unusable",
        says="not published: content/updates:1:1: the folder cannot be read (Permission denied",
        way_out="FEEDSVC_CONTENT",
        after=forbid_updates,
        undo=allow_updates,
        is_shared=True,
    ),
    "the publishing process dies again and again": State(
        cause="publisher-ends",
        says="the publishing process ends again and again; ",
        way_out="the lines before this one say why",
        after=kill_twice,
        undo=nothing,
        is_shared=True,
    ),
    "the publishing process stands still": State(
        cause="no-publisher",
        says="has not been heard of for 15 seconds",
        way_out="end it, and another one is started",
        after=stop_publisher,
        undo=wake_publisher,
    ),
    "nobody is to publish": State(
        cause="no-publisher",
        says="nobody publishes, so no saved file appears",
        way_out="keep feedsvc publish --watch running",
        before=publish_beforehand,
        workers=2,
        is_off=True,
        is_publishing=False,
    ),
    "nobody can be elected": State(
        cause="no-publisher",
        says="nobody can keep a publishing process",
        way_out="FEEDSVC_PUBLICATION",
        before=bar_the_election,
        workers=2,
        is_publishing=False,
    ),
    "the publication's folder may only be read": State(
        cause="no-publisher",
        says="nobody can keep a publishing process",
        way_out="FEEDSVC_PUBLICATION",
        before=make_read_only,
        workers=2,
        is_publishing=False,
    ),
    "there is no room for the publication": State(
        cause="publication-unwritable",
        says="not published: cannot write the publication",
        way_out="FEEDSVC_PUBLICATION",
        after=leave_no_room,
        undo=make_room,
        is_shared=True,
    ),
    "version control left its lock": State(
        cause="content-locked",
        says="index.lock says that version control is at work",
        way_out="delete that file",
        after=lock,
        undo=unlock,
    ),
    "a change would take most away": State(
        cause="change-held",
        says="held back: 2 of ",
        way_out="at once with a file confirm-removal in the content folder",
        after=remove_most,
        undo=put_back,
        is_shared=True,
    ),
    "site.yaml has a mistake": State(
        cause="site-held-back",
        says="held back: content/site.yaml:1:1: titel",
        way_out="did you mean 'title'",
        after=spoil_site,
        undo=mend_site,
        is_shared=True,
    ),
    "an update has a mistake": State(
        cause="files-held-back",
        says="held back: content/updates/2026-02-01-update-9.yaml:3:14: categories",
        way_out="covid",
        after=spoil_update,
        undo=mend_update,
        is_shared=True,
    ),
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """The services by row; the one that rows share is there for each of them."""

    def start(state: State) -> Service:
        content = write_folder(tmp_path_factory.mktemp("state") / "content", 3)
        state.before(content)
        service = Service(
            content,
            workers=state.workers,
            wrapper=WRAPPER,
            FEEDSVC_PUBLISHER="off" if state.is_off else "auto",
            FEEDSVC_METRICS="1",
        )
        ending.callback(service.end)
        return service

    def await_start(service: Service, state: State) -> None:
        service.wait_for_log("Booting worker with pid")
        if state.is_publishing:
            service.wait_until("all well", lambda: service.publishers() and is_well(service))

    with ExitStack() as ending:
        own = {name: start(state) for name, state in STATES.items() if not state.is_shared}
        plain = next(state for state in STATES.values() if state.is_shared)
        shared = start(plain)
        for name, service in own.items():
            await_start(service, STATES[name])
            STATES[name].after(service)
        await_start(shared, plain)
        yield {name: own.get(name, shared) for name in STATES}


def is_well(service: Service) -> bool:
    with suppress(ConnectionError):
        return bool(service.ready()["status"] == "ok")
    return False


def degraded(service: Service) -> list[str]:
    """The causes that the metrics name."""
    told = service.get("/metrics")[2].decode()
    return re.findall(r'^feedsvc_degraded\{cause="([^"]+)"\} 1\.0$', told, re.MULTILINE)


@pytest.mark.parametrize("name", STATES)
def test_a_state_in_which_no_saved_file_appears_is_told_counted_and_said_once(
    services: dict[str, Service], name: str
) -> None:
    state, service = STATES[name], services[name]
    words = CAUSES[state.cause].words
    said = 0
    if state.is_shared:
        said = service.log.count(state.says)
        state.after(service)
    service.wait_until(f"{words!r} at /readyz", lambda: words in (service.ready()["reason"] or ""))
    told = service.ready()
    assert told["status"] == ("degraded" if told["generation"] else "unpublished")
    assert state.cause in degraded(service)
    service.wait_for_log(state.says, said + 1)
    line = [line for line in service.log.splitlines() if state.says in line][-1]
    assert state.way_out in line
    assert str(service.content.parent) not in str(told)
    assert "yaml" not in str(told)
    if state.undo is not None:
        state.undo(service)
        service.wait_until("all well again", lambda: is_well(service))
        assert degraded(service) == []
    assert service.log.count(state.says) == said + 1


def test_a_publication_of_another_version_is_made_anew_or_told_of(tmp_path: Path) -> None:
    """It must never be called well while what is saved does not appear."""
    content = write_folder(tmp_path / "content", 3)
    publish_beforehand(content)
    with closing(sqlite3.connect(tmp_path / "instance" / "publication.db")) as connection, connection:
        (site,) = connection.execute("SELECT value FROM state WHERE name = 'site'").fetchone()
        connection.execute("UPDATE state SET value = ? WHERE name = 'site'", (site.replace('"title"', '"headline"'),))
        connection.execute("UPDATE state SET value = 'another' WHERE name = 'basis'")
    write_update(content, 9, title="Saved after the upgrade")
    service = Service(content, workers=1, FEEDSVC_METRICS="1")

    def is_settled() -> bool:
        with suppress(ConnectionError):
            return b"Saved after the upgrade" in service.get("/rss.xml")[2] or "publisher-ends" in degraded(service)
        return False

    try:
        service.wait_until("the update, or that it cannot appear", is_settled)
    finally:
        service.end()
