"""The service against its judge, head by head."""

import random
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tests.wire.heads import Heads
from tests.wire.judge import Judge, ask

PIPELINES = 20  # one case in so many is a pipeline cut into packets


def differences(
    address: tuple[str, int], publication: Path, cases: int, seed: int, *, parser: str = "auto"
) -> Iterator[tuple[list[bytes], bytes, bytes]]:
    """What was sent, said and right, of those of ``cases`` that the service answers otherwise than its judge."""
    judge = Judge(publication, parser=parser)
    tag = re.search(rb'\r\nETag: "([^"]+)"', ask(address, [b"GET /rss.xml HTTP/1.1\r\nHost: a\r\n\r\n"]))
    assert tag is not None
    heads = Heads(random.Random(seed), tag[1].decode())
    for number in range(cases):
        packets = heads.pipeline() if number % PIPELINES == 0 else [heads.next()]
        octets = b"".join(packets)
        if not octets:
            continue
        said, right = ask(address, packets), judge.ask([octets], address)
        if said != right and all(judge.ask(met, address) != said for met in _as_met(packets)):
            yield packets, said, right


def _as_met(packets: list[bytes]) -> Iterator[list[bytes]]:
    """How packets may be met when they are read: each by itself, or some together. A fault may show in the first."""
    for joined in product((False, True), repeat=len(packets) - 1):
        met = packets[:1]
        for packet, is_joined in zip(packets[1:], joined, strict=True):
            met = [*met[:-1], met[-1] + packet] if is_joined else [*met, packet]
        yield met
