"""A host that runs a script of an export in front of a store that holds the rest of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import playwright

from feedsvc.object_stores import ObjectStore
from tests.harness.program import Program, free_port
from tests.web.promises import Host, host_of

HOST = Path(__file__).with_name("edge_host.mjs")
NODE = Path(playwright.__file__).parent / "driver" / "node"  # which drives the browsers of other tests


@contextmanager
def run_edge(folder: Path, script: str, store: ObjectStore, place: str, publication: Path) -> Iterator[Host]:
    """A host on a free port in front of the objects below the address ``place``."""
    port = free_port()
    path = folder / script.rpartition("/")[2]
    found = store.get(script)
    assert found is not None
    path.write_bytes(found.body)
    command = [str(NODE), str(HOST), str(path), place, str(port)]
    with Program(command, folder / f"{path.stem}.log", ("127.0.0.1", port), {}) as program:
        yield replace(host_of(program.client, publication), goes_by_address=True, codings=())
