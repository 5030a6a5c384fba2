"""How fast feeds are served: ``python -m tests.bench.serve [rounds] [seconds]`` (3 rounds of 1 second each).

Every server runs on one core with one worker, wrk on another; in each round every server is asked in turn, so that a
disturbance meets them alike. Everything is a median of the rounds; nothing is asserted.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.generate import write_content
from tests.bench.measure import HOST, Server, cores, is_there, median, pinned, ratio, run, show
from tests.bench.programs import OURS, nginx, shipped, surroundings, threaded
from tests.harness.program import free_port

FEED = "/atom.xml"
SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 32
KINDS = ("identity", "gzip", "304", "mix", "unseen")
PLANS = {  # feed length -> what is asked, and whether the connection is kept
    20: [(kind, "keep-alive") for kind in KINDS] + [(kind, "close") for kind in KINDS[:4]],
    100: [(kind, "keep-alive") for kind in KINDS[:4]],
}
SHIPPED, LAYER, CONSTANT, VIEW, GENERATED, NGINX = (
    "our service",
    "our WSGI layer, gthread",
    "constant, gthread",
    "Flask view, gthread",
    "feedgen per request, gthread",
    "nginx, gzip_static",
)
SLOW = {GENERATED}  # asked in one round only


@dataclass(slots=True)
class Series:
    """What the rounds of one server gave; times in milliseconds, processor time in microseconds per request."""

    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    errors: int = 0


def main() -> None:
    """Measure every plan."""
    rounds, seconds = (*(int(text) for text in sys.argv[1:]), *(3, 1)[len(sys.argv) - 1 :])
    if not is_there("wrk", "there is nothing to measure with; everything"):
        return
    with_nginx = is_there("nginx", "its rows")
    for length, plan in PLANS.items():
        with TemporaryDirectory(prefix="feedsvc-bench-") as scratch, ExitStack() as running:
            home = Path(scratch)
            servers = dict(_start(home, length, running, with_nginx=with_nginx))
            size = (home / "tree" / FEED.removeprefix("/")).stat().st_size
            for kind, connection in plan:
                results = measure(servers, kind, connection, rounds, seconds)
                title = f"{length} entries ({size} octets), {kind}, {connection}"
                show(
                    title,
                    ("", "requests/s", "p50 ms", "p99 ms", "of nginx", "of constant", "CPU us", "CPU of nginx"),
                    _rows(results),
                )


def measure(servers: dict[str, Server], kind: str, connection: str, rounds: int, seconds: int) -> dict[str, Series]:
    """Ask every server in turn, round after round."""
    results = {name: Series() for name in servers}
    for number in range(rounds):
        for name, server in servers.items():
            if number and name in SLOW:
                continue
            before = server.cpu_seconds()
            answer = _ask(server, kind, connection, seconds)
            spent = server.cpu_seconds() - before
            series = results[name]
            requests = max(answer["requests"], 1)
            series.rates.append(requests / answer["microseconds"] * 1e6)
            series.p50.append(answer["p50"] / 1000)
            series.p99.append(answer["p99"] / 1000)
            series.cpu.append(spent / requests * 1e6)
            series.errors += int(answer["status"] + answer["socket"])
    return results


def _start(home: Path, length: int, running: ExitStack, *, with_nginx: bool) -> Iterator[tuple[str, Server]]:
    """All servers on the same documents: the content is published and exported once."""
    content, tree = home / "content", home / "tree"
    write_content(content, 200, length)
    environment = surroundings(content, home / "instance" / "publication.db")
    run([*OURS, "export", str(tree)], environment)
    environment |= {"BENCH_TREE": str(tree), "BENCH_FEED": FEED}
    commands: dict[str, Callable[[int], list[str]]] = {
        SHIPPED: shipped,
        LAYER: partial(threaded, "feedsvc.wsgi:app"),
        CONSTANT: partial(threaded, "tests.bench.applications:constant"),
        VIEW: partial(threaded, "tests.bench.applications:view"),
        GENERATED: partial(threaded, "tests.bench.applications:generated"),
    }
    if with_nginx:
        commands[NGINX] = partial(nginx, home / "nginx", tree)
    for number, (name, command) in enumerate(commands.items()):
        port = free_port()
        yield name, running.enter_context(Server(command(port), port, environment, home / f"{number}.log"))


def _ask(server: Server, kind: str, connection: str, seconds: int) -> dict[str, float]:
    """One run of wrk."""
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "-s",
        str(SCRIPT),
        f"http://{HOST}:{server.port}{FEED}",
    ]
    finished = subprocess.run(
        [*pinned(cores()[1]), *command, "--", kind, connection, _etag(server.port)],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in finished.stdout.splitlines() if line.startswith("RESULT ")]
    answer: dict[str, float] = json.loads(lines[0].removeprefix("RESULT "))
    return answer


def _etag(port: int) -> str:
    """What a reader that takes gzip sends back to this server; a made-up tag where it gives none."""
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", FEED, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers["ETag"] or '"none"'


def _rows(results: dict[str, Series]) -> list[tuple[str, ...]]:
    rates = {name: median(series.rates) for name, series in results.items()}
    costs = {name: median(series.cpu) for name, series in results.items()}
    return [
        (
            name if not series.errors else f"{name} ({series.errors} errors)",
            f"{rates[name]:.0f}",
            f"{median(series.p50):.2f}",
            f"{median(series.p99):.2f}",
            ratio(rates[name], rates.get(NGINX, 0.0)),
            ratio(rates[name], rates[CONSTANT]),
            f"{costs[name]:.1f}",
            ratio(costs[name], costs.get(NGINX, 0.0)),
        )
        for name, series in results.items()
    ]


if __name__ == "__main__":
    main()
