"""A child that makes pictures: ``python -m feedsvc.pictures.worker``. What kills it is one picture's fault.

It reads a line of JSON and the octets of a picture, and writes a line of JSON and the octets of what was made of it;
nothing that a decoder could forge is ever executed. Memory and time are bounded by the system.
"""

import json
import sys
import warnings
from typing import BinaryIO

from feedsvc.pictures.cache import pack
from feedsvc.pictures.make import make_artwork, make_offered, make_shown
from feedsvc.pictures.sizes import DAMAGED, PictureError
from feedsvc.system import limit, set_alarms

MEMORY = 1 << 30  # octets of addresses, the program's own included
SECONDS = 20.0  # of computing, for one picture
WAITED_SECONDS = 180  # of anything, for one picture
LARGE = PictureError("takes more memory than a picture may", "make it smaller, and save it as JPEG or PNG")
READY = b"ready\n"
MAKERS = {"shown": make_shown, "artwork": make_artwork, "offered": make_offered}


def main() -> None:
    """Make pictures until there are none to make."""
    limit("RLIMIT_AS", MEMORY)
    limit("RLIMIT_CORE", 0)
    warnings.simplefilter("ignore")  # of decoders, about what they are given
    given, said = sys.stdin.buffer, sys.stdout.buffer
    said.write(READY)
    said.flush()
    while line := given.readline():
        asked = json.loads(line)
        answer(asked["purpose"], given.read(asked["length"]), said)


def answer(purpose: str, data: bytes, said: BinaryIO) -> None:
    """Make one picture for that purpose, and say what came of it."""
    set_alarms(SECONDS, WAITED_SECONDS)  # whose signals end this process, for no handler is set
    try:
        words = pack(MAKERS[purpose](data))
    except PictureError as error:
        words = _refuse(error)
    except MemoryError:
        words = _refuse(LARGE)
    except Exception:  # noqa: BLE001  # hostile bytes may break anything, and that is their fault alone
        words = _refuse(DAMAGED)
    finally:
        set_alarms(0, 0)
    said.write(words)
    said.flush()


def _refuse(error: PictureError) -> bytes:
    return json.dumps({"refused": [error.what, error.fix]}).encode() + b"\n"


if __name__ == "__main__":
    main()
