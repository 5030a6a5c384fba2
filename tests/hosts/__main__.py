"""An export as Cloudflare Pages serves it, by its own program: ``python -m tests.hosts``.

It fetches wrangler with npx, so it is no part of the suite. Every document and every redirect is asked for.
"""

import sys
import tempfile
from pathlib import Path

from feedsvc.exporting.directory import export_directory
from feedsvc.publication.reader import Reader
from tests.harness.judges import find_program
from tests.harness.program import Program, free_port
from tests.web.promises import Host, host_of, publish_everything


def faults(host: Host) -> list[str]:
    """What is not as the documents say."""
    found = []
    for file in host.files:
        answer = host.ask(file.path)
        told = {name: ", ".join(answer.every(name)) for name, _ in file.fields}
        if file.status == 200 and (answer.status, answer.body, told) != (200, file.body, dict(file.fields)):
            found.append(f"{file.path}: {answer.status} {told}")
    leads = {redirect: host.leads(redirect.path) for redirect in host.redirects}
    return found + [f"{way.path}: {led}" for way, led in leads.items() if led != (way.status, way.target)]


def main() -> None:
    """Export, serve, ask."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        publication = publish_everything(folder)
        with Reader(publication) as reader:
            export_directory(reader, folder / "public")
        npx = find_program("npx", package="npm")
        options = ["--ip=127.0.0.1", f"--port={port}", "--compatibility-date=2026-04-01"]
        command = [npx, "--yes", "wrangler", "pages", "dev", str(folder / "public"), *options]
        given = {"CI": "1", "WRANGLER_SEND_METRICS": "false"}
        program = Program(command, folder / "log", ("127.0.0.1", port), given)
        try:
            program.wait_until_ready()
            host = host_of(program.client, publication)
            found = faults(host)
        finally:
            program.end()  # with all that npx has started, to which it passes no request to stop
    print("\n".join(found))
    print(f"{len(host.files) + len(host.redirects)} addresses asked for, {len(found)} faults")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
