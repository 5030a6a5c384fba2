"""Whatever a store holds, a replica goes on serving what it has: what is refused is refused with a line."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedsvc.errors import FeedsvcError
from feedsvc.object_stores import OversizeError
from feedsvc.replicating import manifest
from feedsvc.replicating.blobs import blob_key
from feedsvc.replicating.manifest import (
    Generation,
    Item,
    Pointer,
    WrongError,
    choose_parts,
    digest_of,
    dump,
    load_generation,
    load_pointer,
    pack_part,
    part_of,
    unpack_part,
)
from tests.replicating.house import House, Replica, Watched, documents

Forge = Callable[[Item], Item]


class Scene:
    """A replica that has a generation, and a store in which somebody who may write there puts another one."""

    def __init__(self, home: Path) -> None:
        self.store = Watched()
        self.house = House(home / "a", self.store)
        self.house.publish()
        self.house.hand_on()
        self.replica = Replica(home / "b", self.store)
        self.replica.look()
        self.before = documents(self.replica.settings)
        self.pointer = load_pointer(self.read("current"))
        self.generation = load_generation(self.read(self.pointer.key), self.pointer)

    def read(self, key: str) -> bytes:
        found = self.store.store.get(key)
        assert found
        return found.body

    def say(self, octets: bytes, number: int = 2) -> None:
        """Have the pointer name these octets as a generation."""
        pointer = Pointer(generation=number, digest=digest_of(octets))
        self.store.store.put(pointer.key, octets, {})
        self.store.store.put("current", dump(pointer), {})

    def say_part(self, octets: bytes) -> None:
        """Have another generation, of which the first part is made of these octets."""
        self.store.store.put(blob_key(digest_of(octets)), octets, {})
        parts = [digest_of(octets), *self.generation.parts[1:]]
        self.say(dump(Generation(**{**self.generation.model_dump(), "generation": 2, "parts": parts})))

    def first_part(self) -> list[tuple[Item, bytes]]:
        octets = self.read(blob_key(self.generation.parts[0]))
        return list(unpack_part(octets, 0, len(self.generation.parts)))

    def forge(self, forge: Forge) -> None:
        """Have the first document of a part be another one."""
        found = self.first_part()
        items = [forge(found[0][0]), *(item for item, _ in found[1:])]
        self.say_part(pack_part(items, [body for item, body in found if not item.blob]))

    def refuses(self, said: str) -> None:
        with pytest.raises((WrongError, OversizeError), match=said) as refused:
            self.replica.look()
        assert "\n" not in str(refused.value)
        assert len(str(refused.value)) < 500
        assert documents(self.replica.settings) == self.before


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("hostile"))


POINTERS = {
    "nothing": b"",
    "no text": b"\xff\xfe",
    "no object": b"[]",
    "a page": b"<html>503 Service Unavailable",
    "another format": b'{"format":2,"generation":9,"digest":"' + b"a" * 64 + b'"}',
    "a path": b'{"format":1,"generation":9,"digest":"../../other"}',
    "no number": b'{"format":1,"generation":"9","digest":"' + b"a" * 64 + b'"}',
    "below one": b'{"format":1,"generation":0,"digest":"' + b"a" * 64 + b'"}',
    "more than there is": b'{"format":1,"generation":9,"digest":"' + b"a" * 64 + b'","command":"rm"}',
    "enormous": b" " * 1_025,
    "deep": b"[" * 1_000,
}


@pytest.mark.parametrize("name", POINTERS)
def test_a_pointer_that_makes_no_sense_is_refused(scene: Scene, name: str) -> None:
    scene.store.store.put("current", POINTERS[name], {})
    scene.refuses("the pointer makes no sense|current has 1025 octets, and 1024 at most are read")


def test_octets_that_are_not_what_their_name_says_are_refused(scene: Scene) -> None:
    octets = dump(Generation(**{**scene.generation.model_dump(), "generation": 2}))
    scene.say(octets)
    key = Pointer(generation=2, digest=digest_of(octets)).key
    scene.store.store.put(key, octets + b" ", {})
    scene.refuses(r"generations/2-[0-9a-f]{64} is not what its name says")
    name = scene.generation.parts[0]
    kept = scene.read(blob_key(name))
    scene.store.store.put(blob_key(name), kept[:-1], {})
    scene.store.store.put("current", dump(scene.pointer), {})
    with pytest.raises(WrongError, match=r"blobs/[0-9a-f]{64} is not what its name says"):
        Replica(scene.replica.settings.publication.parent / "new", scene.store).look()
    scene.store.store.put(blob_key(name), kept, {})


GENERATIONS: dict[str, tuple[dict[str, object], str]] = {
    "another number": ({"generation": 3}, "contradicts itself"),
    "three parts": ({"parts": ["a" * 64] * 3}, "contradicts itself"),
    "no parts": ({"parts": []}, "parts: List should have at least 1 item"),
    "too many parts": ({"parts": ["a" * 64] * 70_000}, "parts: List should have at most 65536 items"),
    "names that are paths": ({"parts": ["../" * 21 + "a"]}, "parts.0: String should match pattern"),
    "a state of its own": ({"state": {"__class__": "os"}}, "contradicts itself"),
    "numbers that are none": ({"state": {"entries": "many"}}, "says numbers that are none"),
    "numbers beyond all": ({"state": {"entries": str(2**64)}}, "says numbers that are too large"),
    "another format": ({"format": 2}, "format: Input should be 1"),
}


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_generation_that_makes_no_sense_is_refused(scene: Scene, name: str) -> None:
    more, said = GENERATIONS[name]
    scene.say(json.dumps({**scene.generation.model_dump(), "generation": 2, **more}).encode())
    scene.refuses(said)


def row(**more: Any) -> Forge:
    return lambda item: item._replace(row=item.row._replace(**more))


ITEMS: dict[str, tuple[Forge, str]] = {
    "a header field more": (row(media_type="text/html\r\nSet-Cookie: a=b"), "0.0.3: String should match pattern"),
    "a policy in two lines": (row(policy="default-src 'none'\n"), "0.0.8: String should match pattern"),
    "tags of other letters": (row(tags="\u0441ovid"), "0.0.5: String should match pattern"),
    "an address that is none": (row(path="//evil\x00.example"), "0.0.0: String should match pattern"),
    "an address elsewhere": (row(path="/elsewhere/"), "stands in a part where it does not belong"),
    "a link of two": (row(links='[["next", "/"]]'), "leads to makes no sense: 0.2: Field required"),
    "a link with a field": (row(links='[["next", "/\\r\\nX: y", ""]]'), "String should match pattern"),
    "a kind of its own": (row(kind="script'"), "a kind that only another release knows"),
    "a date of text": (row(modified="now"), "0.0.10: Input should be a valid integer"),
    "a date before all": (row(modified=-1), "0.0.10: Input should be greater"),
    "an end beyond all": (row(expires=2**64), "0.0.9.*Input should be less"),
    "another tag": (row(etag="0" * 32), "not what its tag says"),
    "no body": (lambda item: item._replace(lengths=(None, None, 5)), "has no body, or two"),
    "a body too long": (lambda item: item._replace(lengths=(10**12, None, None)), "0.1.0: Input should be less"),
    "a body below nothing": (lambda item: item._replace(lengths=(-1, None, None)), "0.1.0: Input should be great"),
    "a blob that is a path": (lambda item: item._replace(blob="../current"), "0.2: String should match pattern"),
}


@pytest.mark.parametrize("name", ITEMS)
def test_a_document_that_could_not_be_served_is_refused(scene: Scene, name: str) -> None:
    forge, said = ITEMS[name]
    scene.forge(forge)
    scene.refuses(said)


def test_a_part_that_is_cut_off_or_doubled_or_a_bomb_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "PART_OCTETS", 100_000)
    found = scene.first_part()
    items, bodies = [item for item, _ in found], [body for item, body in found if not item.blob]
    whole = pack_part(items, bodies)
    bomb = zlib.compress(b" " * (manifest.PART_OCTETS + 1), 9)
    for octets, said in (
        (whole[:-1], "shorter than it says"),
        (whole + b"x", "longer than it says"),
        (whole[:30], "cut off, or larger than anything"),
        (b"", "cut off"),
        (b"\x00\x00\x00\x05hello", "is damaged"),
        (len(bomb).to_bytes(4, "big") + bomb, "larger than anything that is published"),
        (pack_part([*items, items[0]], [*bodies, bodies[0]]), "stands there twice"),
    ):
        scene.say_part(octets)
        scene.refuses(said)


def test_a_body_or_a_memory_that_opens_to_something_else_is_refused(scene: Scene) -> None:
    apart = zlib.compress(b"x" * 10_000, wbits=16 + zlib.MAX_WBITS)
    name = digest_of(apart)
    scene.store.store.put(blob_key(name), apart, {})
    scene.forge(lambda item: item._replace(lengths=(None, len(apart), None), blob=name))
    scene.refuses("longer than it says|not what its tag says")
    scene.forge(lambda item: item._replace(lengths=(None, len(apart) + 1, None), blob=name))
    scene.refuses("longer than it says|not as long as it is said to be")
    memory = zlib.compress(b'[["id"]]')
    scene.store.store.put(blob_key(digest_of(memory)), memory, {})
    scene.say(dump(Generation(**{**scene.generation.model_dump(), "generation": 2, "memory": digest_of(memory)})))
    scene.refuses("the memory makes no sense")


def test_after_all_that_a_good_generation_is_taken(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.store.store.put("current", b"garbage", {})
    scene.refuses("the pointer makes no sense")
    scene.store.store.put("current", dump(scene.pointer), {})
    assert scene.house.change("Another title") == scene.replica.look() == 2


def test_before_anything_was_published_there_is_nothing_to_take(tmp_path: Path) -> None:
    with pytest.raises(FeedsvcError, match="nothing was published into the store of replicas yet"):
        Replica(tmp_path, Watched()).look()


def test_documents_are_cut_into_parts_of_about_sixteen_and_stay_in_them() -> None:
    assert [choose_parts(count) for count in (0, 200, 257, 40_000, 10**9)] == [16, 16, 32, 4_096, 65_536]
    assert [choose_parts(count, 32) for count in (0, 200, 257, 1_024, 1_025)] == [32, 32, 32, 32, 128]
    assert choose_parts(100, 1_024) == 16
    assert len({part_of(f"/updates/{number}/", 16) for number in range(200)}) == 16
