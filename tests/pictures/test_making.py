"""Children make pictures, with limits: what kills one is the fault of its picture alone."""

import os
import signal
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from feedsvc.pictures import making, worker
from feedsvc.pictures.cache import PictureCache
from feedsvc.pictures.making import Job, MakingError, PictureMaker
from feedsvc.pictures.png import SIGNATURE, chunk
from feedsvc.pictures.sizes import PictureError
from tests.pictures.phone import HEICS, draw, is_upright, opened, photo, saved, scene


def job(data: bytes, key: str = "a", purpose: str = "shown") -> Job:
    return Job(key=key, purpose=purpose, read=lambda: data)


def refusal(house: PictureMaker, key: str) -> str:
    with pytest.raises(PictureError) as caught:
        house.known(key, "shown")
    return str(caught.value)


@pytest.fixture
def house(tmp_path: Path) -> PictureMaker:
    return PictureMaker(PictureCache(tmp_path / "kept"))


def test_many_pictures_are_made_by_all_cores_and_progress_is_told(house: PictureMaker) -> None:
    jobs = [job(photo(turn=turn), f"jpeg{turn}") for turn in range(1, 9)]
    jobs += [job(data, f"heic{turn}") for turn, data in HEICS.items()]
    told: list[tuple[int, int]] = []
    house.make(jobs, lambda done, whole: told.append((done, whole)))
    assert told == [(number, 16) for number in range(1, 17)]
    for one in jobs:
        for made in house.known(one.key, "shown") or ():
            assert is_upright(opened(house.octets(one, made)))


def test_a_picture_is_made_once_whoever_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = PictureMaker(PictureCache(tmp_path / "kept"))
    made = first.made(job(photo()))
    octets = [first.octets(job(photo()), one) for one in made]
    monkeypatch.setattr(making, "PROGRAM", ("/nonexistent",))
    second = PictureMaker(PictureCache(tmp_path / "kept"))
    assert second.made(job(b"")) == made
    assert [second.octets(job(b""), one) for one in made] == octets
    with pytest.raises(MakingError, match="no process can be started to make pictures"):
        second.made(job(photo(), "b"))


@pytest.mark.usefixtures("measured")
def test_what_was_thrown_away_is_made_again(tmp_path: Path) -> None:
    house = PictureMaker(PictureCache(tmp_path / "kept"))
    made = house.made(job(photo()))
    octets = house.octets(job(photo()), made[0])
    for path in (tmp_path / "kept").iterdir():
        path.unlink()
    assert house.octets(job(photo()), made[0]) == octets
    for path in (tmp_path / "kept").iterdir():
        path.unlink()
    with pytest.raises(PictureError):
        house.octets(job(b"no picture"), made[0])


def bomb(width: int, height: int) -> bytes:
    """A PNG that is true to its word: so many pixels, four octets each."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 6, 0, 0, 0))
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 + 4 * width)) for _ in range(height)) + packer.flush()
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_the_largest_picture_that_is_taken_needs_no_more_memory_than_there_is(house: PictureMaker) -> None:
    assert house.made(job(bomb(8_000, 8_000)))


def test_what_needs_more_memory_than_there_is_is_refused(house: PictureMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    small = "import feedsvc.pictures.worker as w; w.MEMORY = 420 << 20; w.main()"
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", small))
    house.make([job(bomb(8_000, 8_000)), job(photo(), "b")])
    assert refusal(house, "a") == "takes more memory than a picture may; make it smaller, and save it as JPEG or PNG"
    assert house.known("b", "shown")


@pytest.mark.parametrize(
    ("limit", "work"),
    [
        ("w.SECONDS = 0.05", "while True: pass"),
        ("w.WAITED_SECONDS = 1", "import time; time.sleep(60)"),
    ],
)
def test_what_takes_too_long_is_refused(
    house: PictureMaker, monkeypatch: pytest.MonkeyPatch, limit: str, work: str
) -> None:
    lines = (
        f"import feedsvc.pictures.worker as w\n{limit}\ndef slow(data):\n    {work}\nw.MAKERS['shown'] = slow\nw.main()"
    )
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", lines))
    house.make([job(b"x"), job(photo(), "b", "offered")])
    assert refusal(house, "a") == "takes too long to unpack; make it smaller, and save it as JPEG or PNG"
    assert house.known("b", "offered")


@pytest.mark.parametrize("end", [f"os.kill(os.getpid(), {signal.SIGSEGV:d})", "os._exit(3)", "raise SystemError"])
def test_a_crash_in_a_decoder_is_the_fault_of_its_picture_alone(
    house: PictureMaker, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    lines = f"import os, feedsvc.pictures.worker as w\ndef crash(data):\n    {end}\nw.MAKERS['shown'] = crash\nw.main()"
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", lines))
    house.make([job(b"x", str(number)) for number in range(5)] + [job(photo(), "b", "offered")])
    for number in range(5):
        assert refusal(house, str(number)).startswith("is damaged, or made to do harm; open it in a program")
    assert house.known("b", "offered")


def test_a_program_that_does_not_start_is_nobodys_picture(house: PictureMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", ""))
    with pytest.raises(MakingError, match="does not start"):
        house.made(job(photo()))


def children() -> set[str]:
    """The children of this process, those that only wait to be buried among them; other tests have some, too."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            number, _, rest = path.read_text().partition(" ")
            if rest.rpartition(")")[2].split()[1] == str(os.getpid()):
                found.add(number)
    return found


def test_a_reader_that_fails_leaves_no_child_behind(house: PictureMaker) -> None:
    def gone() -> bytes:
        raise FileNotFoundError("it was taken away")

    jobs = [job(photo(scene())), Job(key="b", purpose="shown", read=gone), job(photo(), "c")]
    before = children()
    with pytest.raises(FileNotFoundError):
        house.make(jobs)
    assert children() <= before


def test_the_child_reads_and_writes_as_it_is_told(tmp_path: Path) -> None:
    """In this process, but for the limits, which would stay with it."""
    out = (tmp_path / "said").open("w+b")
    worker.answer("shown", saved(draw(90, 60), "PNG"), out)
    worker.answer("shown", b"", out)
    worker.MAKERS["none"] = lambda _data: [][len(_data)]  # type: ignore[assignment]
    worker.MAKERS["much"] = lambda _data: bytes(1 << 60)  # type: ignore[assignment, return-value]
    try:
        worker.answer("none", b"", out)
        worker.answer("much", b"", out)
    finally:
        del worker.MAKERS["none"], worker.MAKERS["much"]
    out.seek(0)
    assert b'"image/png", 90, 60' in out.readline()
    said = out.read()
    assert b"ending promises" in said
    assert b"made to do harm" in said
    assert b"more memory" in said
    out.close()
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_no_picture_library_is_in_the_process_that_publishes() -> None:
    import subprocess

    program = "import sys, feedsvc.publishing.publisher; print({'PIL', 'pi_heif'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert said.strip() == "set()"


def test_a_drawing_keeps_its_colours_in_the_childs_hands(house: PictureMaker) -> None:
    data = saved(Image.new("RGB", (50, 40), (1, 2, 3)), "PNG")
    (made,) = house.made(job(data, purpose="artwork"))
    assert opened(house.octets(job(data, purpose="artwork"), made)).convert("RGB").getpixel((3, 3)) == (1, 2, 3)
