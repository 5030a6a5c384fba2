"""Ten thousand pictures that nobody should send: run as ``python -m tests.soak.pictures``.

Each is a photo, a drawing or a film with some octets changed, cut, repeated or joined to another's. Whatever they are,
they are made good or refused in words; no child writes a traceback or takes more memory than it may.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

from feedsvc.pictures.cache import PictureCache
from feedsvc.pictures.making import Job, PictureMaker
from feedsvc.pictures.sizes import PictureError
from feedsvc.pictures.svg import clean_svg
from feedsvc.pictures.worker import MEMORY
from tests.pictures.phone import HEICS, draw, opened, photo, saved, scene, wide_profile

AT_ONCE = 200
PURPOSES = ("shown", "shown", "artwork", "offered")


def samples() -> list[bytes]:
    """Whole pictures of every kind that is taken."""
    taken = opened(photo(draw(240, 180), 6))
    exif, frames = taken.getexif().tobytes(), [draw(120, 90).rotate(90 * turn) for turn in range(3)]
    found = [photo(scene(240, 180), turn, profile=wide_profile()) for turn in (1, 6)]
    found += [
        HEICS[6],
        HEICS[2],
        saved(draw(240, 180).convert("CMYK"), "JPEG"),
        saved(scene(240, 180), "AVIF", exif=exif),
    ]
    found += [saved(taken.convert(mode), "PNG", exif=exif) for mode in ("1", "P", "RGB", "RGBA")]
    found += [
        saved(scene(240, 180).convert("L").convert("I;16"), "PNG"),
        saved(scene(240, 180), "JPEG", progressive=True),
    ]
    found += [
        saved(frames[0], form, save_all=True, append_images=frames, duration=90) for form in ("GIF", "WEBP", "PNG")
    ]
    return [*found, saved(taken, "WEBP", exif=exif, icc_profile=wide_profile(), lossless=True)]


def spoil(whole: list[bytes], chance: random.Random) -> bytes:
    """One of these, with something done to it."""
    data = bytearray(chance.choice(whole))
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = chance.randrange(chance.choice((len(data), min(len(data), 600)))) if data else 0
        length = chance.choice((1, 2, 4, 60, 2_000))
        match chance.randrange(6):
            case 0:
                data[at : at + length] = chance.randbytes(len(data[at : at + length]))
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at : at + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\0\xff\xff")
                )
            case 4:
                del data[at + length :]
            case _:
                other = chance.choice(whole)
                data[at:at] = other[chance.randrange(len(other)) :][:length]
    return bytes(data)


def spray(cases: int, seed: int, folder: Path) -> Counter[str]:
    """How many of so many pictures were made good, and in which words the others were refused."""
    chance, whole, outcomes = random.Random(seed), samples(), Counter[str]()
    for start in range(0, cases, AT_ONCE):
        house = PictureMaker(PictureCache(folder / str(start)))
        jobs = []
        for number in range(start, min(cases, start + AT_ONCE)):
            data = spoil(whole, chance)
            jobs.append(Job(key=str(number), purpose=chance.choice(PURPOSES), read=partial(bytes, data)))
        house.make(jobs)
        for job in jobs:
            try:
                made = house.known(job.key, job.purpose)
            except PictureError as error:
                outcomes[error.what] += 1
            else:
                assert made, f"nothing was made of number {job.key}"
                outcomes["made"] += 1
                for one in made:
                    image = opened(house.octets(job, one))
                    image.load()
                    assert image.size == (one.width, one.height)
                    assert not image.getexif()
    for _ in range(cases // 10):
        try:
            clean_svg(spoil([b"<svg xmlns='http://www.w3.org/2000/svg'><g id='a'><path d='M0 0'/></g></svg>"], chance))
        except PictureError:
            outcomes["svg refused"] += 1
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats an earlier run")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = spray(given.cases, given.seed, Path(folder))
    for words, count in outcomes.most_common():
        print(f"{count:7} {words}")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(
        f"{given.cases} pictures in {time.monotonic() - began:.0f} seconds; the largest child took {memory >> 20} MiB"
    )
    assert memory < MEMORY
    sys.exit(0)


if __name__ == "__main__":
    main()
