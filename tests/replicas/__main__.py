"""A publisher, three replicas, a real store and Varnish while everything is killed and cut off.

Run as ``python -m tests.replicas [--publishes 300] [--updates 10000]``.
"""

import argparse
import random
import shutil
import signal
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep

from feedsvc.publication.reader import Reader
from tests.bench.generate import write_content
from tests.harness.folder import SITE, write_folder, write_update
from tests.harness.processes import kill
from tests.harness.program import free_port
from tests.replicas.clients import PATHS, Client, Truth
from tests.replicas.one_second import judge_one_second
from tests.replicas.surroundings import (
    STORE,
    Machine,
    SeaweedFS,
    run_varnish,
    run_way,
    stand_still,
    store_environment,
)

PATIENCE = 90.0  # seconds
TROUBLE = 4.0  # seconds that a partition lasts
SHARE = 40  # publishes at least for each trouble


@dataclass(slots=True, kw_only=True)
class Site:
    """Everything that runs."""

    content: Path
    store: SeaweedFS
    publisher: Machine
    replicas: list[Machine]
    truth: Truth
    number: int = 0
    lags: dict[str, list[float]] = field(default_factory=dict)

    def publish(self) -> int:
        """Save a change, and wait until the publisher serves it."""
        self.number += 1
        write_update(self.content, 1, title=f"Publish number {self.number}", summary=f"Publish number {self.number}")
        wait(f"number {self.number} at the publisher", self._is_published)
        self.truth.published[self.number] = monotonic()
        return self.number

    def _is_published(self) -> bool:
        with closing(Reader(self.publisher.publication)) as reader:
            for path in PATHS:
                document = reader.read(path)[1]
                if document is None or f"Publish number {self.number}".encode() not in document.variants.identity:
                    return False
                self.truth.etags.setdefault((path, self.number), set()).add(document.etag)
        return True

    def is_everywhere(self) -> bool:
        """Whether every replica has the newest."""
        return all(shows(each.port, self.number) for each in self.replicas)


def shows(port: int, number: int) -> bool:
    """Whether a machine serves that change."""
    from http.client import HTTPConnection, HTTPException

    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/rss.xml")
        return f"Publish number {number}<".encode() in connection.getresponse().read()
    except (OSError, HTTPException):
        return False


def wait(what: str, is_so: Callable[[], object], patience: float = PATIENCE) -> float:
    """How long it took until it was so."""
    began = monotonic()
    while not is_so():
        assert monotonic() - began < patience, f"waited in vain for {what}"
        sleep(0.01)
    return monotonic() - began


Trouble = Callable[[Site], None]


def nothing(_site: Site) -> None:
    sleep(0.5)


def kill_of(word: str, machine: int | None) -> Trouble:
    """Kill the processes of a machine with that word in their command."""

    def trouble(site: Site) -> None:
        who = site.publisher if machine is None else site.replicas[machine]
        for pid in who.processes(word):
            kill(pid)

    return trouble


def kill_machine(machine: int | None) -> Trouble:
    def trouble(site: Site) -> None:
        who = site.publisher if machine is None else site.replicas[machine]
        who.kill()
        sleep(1)
        who.start()

    return trouble


def kill_store(site: Site) -> None:
    site.store.kill()
    sleep(1)
    site.store.start()


def stop_store(site: Site) -> None:
    stand_still([site.store.program.process.pid], TROUBLE)


def on_the_way(mode: str, machine: int | None) -> Trouble:
    def trouble(site: Site) -> None:
        way = (site.publisher if machine is None else site.replicas[machine]).way
        way.mode = mode
        sleep(TROUBLE)
        way.mode = ""

    return trouble


def wipe(site: Site) -> None:
    """A replica loses everything that it has, and begins anew."""
    who = site.replicas[2]
    who.kill()
    shutil.rmtree(who.publication.parent)
    who.start()


def troubles() -> list[tuple[str, Trouble]]:
    """Everything that goes wrong, in turn."""
    found: list[tuple[str, Trouble]] = [("nothing", nothing)] * 3
    found += [("kill -9 of the process that publishes", kill_of("--watch", None))]
    found += [("kill -9 of the process that hands on", kill_of("replicate", None))]
    found += [("kill -9 of the whole publisher", kill_machine(None)), ("kill -9 of the store", kill_store)]
    for number in range(3):
        found += [(f"kill -9 of the process that follows, {number + 1}", kill_of("--watch", number))]
        found += [(f"kill -9 of the whole replica {number + 1}", kill_machine(number))]
        found += [(f"{mode}: replica {number + 1}", on_the_way(mode, number)) for mode in MODES]
    found += [(f"{mode}: publisher", on_the_way(mode, None)) for mode in MODES]
    return [*found, ("the store stands still", stop_store), ("a replica loses its disk", wipe)]


MODES = ("cut", "late", "stale", "garbage")


def run(site: Site, publishes: int, only: str) -> None:
    """Publish all the while that one thing after the other goes wrong, in round after round."""
    goal, number = site.number + publishes, 0
    while site.number < goal:
        number += 1
        for name, trouble in [each for each in troubles() if only in each[0]]:
            _go_through(site, f"{name}, round {number}", trouble, min(SHARE, publishes // 30))


def _go_through(site: Site, name: str, trouble: Trouble, share: int) -> None:
    failed: list[BaseException] = []
    thread = Thread(target=_catch, args=(trouble, site, failed))
    began = monotonic()
    thread.start()
    done = 0
    while thread.is_alive() or done < share:
        site.publish()
        done += 1
        sleep(random.uniform(0, 0.1))
    thread.join()
    assert not failed, f"{name}: {failed[0]!r}"
    caught_up = wait(f"all replicas after {name}", site.is_everywhere)
    seconds = monotonic() - began
    print(f"ok      {name}: {done} publishes in {seconds:.1f} s, all even {caught_up:.1f} s later", flush=True)


def _catch(trouble: Trouble, site: Site, failed: list[BaseException]) -> None:
    try:
        trouble(site)
    except BaseException as fault:  # noqa: BLE001 # it is told
        failed.append(fault)


def measure(site: Site, clients: Sequence[Client], wanderer: Client, publishes: int) -> None:
    """How far replicas lag and lie apart while nothing is wrong."""
    wait("all even", site.is_everywhere)
    first = site.number + 1
    for _ in range(publishes):
        site.publish()
        sleep(random.uniform(0.5, 2.5))
    wait("all even", site.is_everywhere)
    sleep(1)
    lags: list[float] = []
    spreads: list[float] = []
    for number in range(first, site.number + 1):
        met = [min((when for other, when in each.seen.items() if other >= number), default=0.0) for each in clients]
        lags += [when - site.truth.published[number] for when in met]
        spreads.append(max(met) - min(met))
    print(
        f"ok      from served by the publisher to served by a replica: median {statistics.median(lags):.2f} s, "
        f"longest {max(lags):.2f} s; between the first replica and the last: longest {max(spreads):.2f} s",
        flush=True,
    )
    print(
        f"ok      who wanders meanwhile sees an older one after a newer for {wanderer.longest:.2f} s at most",
        flush=True,
    )


def begin_anew(home: Path, store: SeaweedFS, updates: int) -> None:
    """How long a replica takes from nothing until it is ready, with many updates."""
    write_content(home / "many" / "content", updates)
    with ExitStack() as leaving:
        way = leaving.enter_context(run_way(store.port))
        given = {**store_environment(store.port), "FEEDSVC_BASE_URL": "https://news.example.org/"}
        publisher = Machine(home, "many", way, **given, FEEDSVC_REPLICATE="s3://private/many")
        leaving.callback(publisher.stop)
        handed = wait("the whole in the store", lambda: publisher.program.ready().get("pointer_age") == 0, 600)
        began = monotonic()
        replica = Machine(home, "anew", way, **given, FEEDSVC_FOLLOW="s3://private/many")
        leaving.callback(replica.stop)
        seconds = monotonic() - began
        entries = replica.program.ready()["entries"]
        print(f"ok      {entries} updates: in the store {handed:.1f} s after the start of the publisher,", flush=True)
        work = replica.processor_seconds()
        print(
            f"ok      and a replica from nothing to ready in {seconds:.1f} s ({work:.1f} s of processors)", flush=True
        )


def judge(clients: Sequence[Client], wanderer: Client, cached: Client) -> int:
    """Print what clients met; how many of them met what must not be."""
    failed = 0
    for client in (*clients, wanderer, cached):
        unknown = client.unknown()
        back = [] if client is wanderer else client.back
        wrong = [*client.mixed, *unknown, *back]
        failed += bool(wrong)
        print(
            f"{'FAILED' if wrong else 'ok':7} {client.name}: {client.answers} answers, {client.refused} refused, "
            f"{len(client.mixed)} mixed, {len(unknown)} unknown, {len(client.back)} older after newer"
            + (f" (for {client.longest:.2f} s at most)" if client.back else "")
        )
        for line in wrong[:5]:
            print(f"        {line}")
    return failed


def main() -> int:
    """Run all of it; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.replicas")
    parser.add_argument("--publishes", type=int, default=300)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--only", default="", metavar="WORDS", help="such troubles alone: 'whole replica 1'")
    given = parser.parse_args()
    with ExitStack() as leaving, TemporaryDirectory(prefix="replicas", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        judge_one_second(home)
        store = SeaweedFS(home)
        leaving.callback(store.kill)
        if given.updates:
            begin_anew(home, store, given.updates)
        ways = [leaving.enter_context(run_way(store.port)) for _ in range(4)]
        cached = free_port()
        content = write_folder(home / "publisher" / "content", 5)
        (content / "site.yaml").write_text(SITE.replace("https://news.example.org/", f"http://127.0.0.1:{cached}/"))
        write_update(content, 1, title="Publish number 0", summary="Publish number 0")
        publisher = Machine(home, "publisher", ways[0], FEEDSVC_REPLICATE=STORE)
        leaving.callback(publisher.stop)
        purge = f"varnish http://127.0.0.1:{cached}/"
        wait("a generation in the store", lambda: publisher.program.ready().get("pointer_age") == 0)
        replicas = [
            Machine(home, f"replica{number}", ways[number], FEEDSVC_FOLLOW=STORE, FEEDSVC_PURGE=purge)
            for number in (1, 2, 3)
        ]
        for each in replicas:
            leaving.callback(each.stop)
        ports = [each.port for each in replicas]
        leaving.enter_context(run_varnish(home, cached, ports))
        truth = Truth()
        site = Site(content=content, store=store, publisher=publisher, replicas=replicas, truth=truth)
        site.publish()
        wait("all even", site.is_everywhere)
        clients = [Client(each.name, [each.port], truth) for each in replicas]
        wanderer = Client("who wanders between replicas", ports, truth)
        reader = Client("who reads through the cache", [cached], truth, is_each_document_alone=True)
        wait("the cache to have the newest", lambda: shows(cached, site.number))
        stops = [each.start() for each in (*clients, wanderer, reader)]
        measure(site, clients, wanderer, min(100, max(5, given.publishes // 10)))
        run(site, given.publishes, given.only)
        for stop in stops:
            stop()
        return 1 if judge(clients, wanderer, reader) else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
