"""What a store of replicas holds, in both directions: what is written there is read, and refused, by the same module.

A part is a length in four octets, as many octets of rows (JSON, deflated), and the small bodies of its documents.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from feedsvc.errors import FeedsvcError, cut, printable
from feedsvc.kinds import BY_NAME
from feedsvc.publication.memory import ClaimRow
from feedsvc.publication.rows import Codings
from feedsvc.publication.state import NAMES

GENERATIONS = "generations"
POINTER_OCTETS = 1_024
GENERATION_OCTETS = 8 * 1024 * 1024
PART_OCTETS = 64 * 1024 * 1024
BODY_OCTETS = 256 * 1024 * 1024
MEMORY_OCTETS = 256 * 1024 * 1024
INLINE_OCTETS = 4_096  # a smaller body stands in its part: fetching it alone would cost more than fetching it again
PER_PART = 16  # documents, about
FEWEST, MOST = 16, 65_536  # parts
SAID = 200

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
NUMBER_AT_MOST = 2**53
Whole = Annotated[int, Field(ge=0, le=NUMBER_AT_MOST)]
_Number = Annotated[int, Field(ge=-NUMBER_AT_MOST, le=NUMBER_AT_MOST)]
_Text = Annotated[str, Field(max_length=2**20, pattern=r"^[ -~]*$")]  # which a header field can carry
_Path = Annotated[str, Field(max_length=4_096, pattern=r"^/[^\x00-\x1f\x7f]*$")]
_Kind = Annotated[str, Field(max_length=60)]
_Length = Annotated[int, Field(ge=0, le=BODY_OCTETS)] | None
_Name = Annotated[str, Field(max_length=4_096)]
Model = TypeVar("Model")


class WrongError(FeedsvcError):
    """What the store holds is not what a publisher of ours writes; the text says what is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Pointer(_Strict):
    """Which generation stands."""

    format: Literal[1] = 1
    generation: Annotated[int, Field(ge=1, le=NUMBER_AT_MOST)]
    digest: Digest

    @property
    def key(self) -> str:
        """Where the generation lies."""
        return f"{GENERATIONS}/{self.generation}-{self.digest}"


class Generation(_Strict):
    """A generation: what is in force (``State``), the memory, and the parts, as many as a power of two."""

    format: Literal[1] = 1
    generation: Annotated[int, Field(ge=1, le=NUMBER_AT_MOST)]
    state: dict[str, Annotated[str, Field(max_length=2**16)]]
    memory: Digest
    parts: Annotated[list[Digest], Field(min_length=1, max_length=MOST)]


class Row(NamedTuple):
    """A document but for its body, as the table has it: tags with a space between, links in JSON."""

    path: _Path
    key: _Text
    kind: _Kind
    media_type: _Text
    etag: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    tags: _Text
    links: _Text
    page_path: _Path | None
    policy: _Text | None
    expires: _Number | None
    modified: Whole


class Item(NamedTuple):
    """A document as a part describes it; ``lengths`` are of its codings, ``blob`` has them where the part has not."""

    row: Row
    lengths: tuple[_Length, _Length, _Length]
    blob: Digest | None


class Claim(NamedTuple):
    """A row of the memory: whose an id or an address is, and the generation that brought it."""

    id: _Name
    generation: Whole
    source: _Name
    slug: _Name
    written: _Number
    given: _Number


_POINTER, _GENERATION = TypeAdapter(Pointer), TypeAdapter(Generation)
_ITEMS, _CLAIMS = TypeAdapter(list[Item]), TypeAdapter(list[Claim])
_LINKS = TypeAdapter(list[tuple[_Text, _Text, _Text]])


def digest_of(octets: bytes) -> str:
    """The name of a blob."""
    return hashlib.sha256(octets).hexdigest()


def part_of(path: str, parts: int) -> int:
    """Which of so many parts describes a document."""
    return int.from_bytes(hashlib.sha256(path.encode()).digest()[:4], "big") % parts


def choose_parts(documents: int, before: int = 0) -> int:
    """How many parts to cut so many documents into; as ``before``, unless that is much too few or too many."""
    if before and before * PER_PART / 2 <= max(documents, FEWEST * PER_PART) <= before * PER_PART * 2:
        return before
    parts = FEWEST
    while parts * PER_PART < documents and parts < MOST:
        parts *= 2
    return parts


def dump(said: Pointer | Generation) -> bytes:
    """The octets of a pointer or a generation."""
    return said.model_dump_json().encode()


def load_pointer(octets: bytes) -> Pointer:
    """What the pointer says; WrongError when it makes no sense."""
    return _load(_POINTER, octets, "the pointer")


def load_generation(octets: bytes, pointer: Pointer) -> Generation:
    """The generation that the pointer names; WrongError when it is another one, or makes no sense."""
    found = _load(_GENERATION, octets, "the generation")
    is_power = not len(found.parts) & (len(found.parts) - 1)
    if found.generation != pointer.generation or not is_power or not found.state.keys() <= set(NAMES):
        raise WrongError("the generation contradicts itself")
    return found


def pack_part(items: Sequence[Item], inline: Iterable[bytes]) -> bytes:
    """The octets of a part: its documents, and the bodies of those without a blob in the same order."""
    rows = zlib.compress(json.dumps(items, separators=(",", ":")).encode(), 6)
    return b"".join((len(rows).to_bytes(4, "big"), rows, *inline))


def unpack_part(octets: bytes, index: int, parts: int) -> Iterator[tuple[Item, bytes]]:
    """The documents of a part, each with its body if that stands here; WrongError when it makes no sense."""
    end = 4 + int.from_bytes(octets[:4], "big")
    items = _load(_ITEMS, inflate(octets[4:end], PART_OCTETS), "a part")
    if len({item.row.path for item in items}) != len(items):
        raise WrongError("a document stands there twice")
    for item in items:
        _check(item, index, parts)
        length = 0 if item.blob else sum(each or 0 for each in item.lengths)
        body, end = octets[end : end + length], end + length
        if len(body) != length:
            raise WrongError("a part is shorter than it says")
        yield item, body
    if end != len(octets):
        raise WrongError("a part is longer than it says")


def _check(item: Item, index: int, parts: int) -> None:
    """WrongError unless a document can be served as it is described."""
    row, (identity, gzip, _) = item.row, item.lengths
    if row.kind not in BY_NAME:
        raise WrongError(f"{_shown(row.path)} is of a kind that only another release knows; use one release everywhere")
    if part_of(row.path, parts) != index:
        raise WrongError(f"{_shown(row.path)} stands in a part where it does not belong")
    if (identity is None) == (gzip is None):
        raise WrongError(f"{_shown(row.path)} has no body, or two")
    _load(_LINKS, row.links.encode(), f"what {_shown(row.path)} leads to")


def split(body: bytes, lengths: Sequence[int | None]) -> Codings:
    """A body in its codings."""
    found: list[bytes | None] = []
    at = 0
    for length in lengths:
        found.append(None if length is None else body[at : at + length])
        at += length or 0
    if at != len(body):
        raise WrongError("a body is not as long as it is said to be")
    identity, gzip, br = found
    return identity, gzip, br


def pack_claims(claims: Sequence[ClaimRow]) -> bytes:
    """The octets of the memory."""
    return zlib.compress(json.dumps(claims, separators=(",", ":")).encode(), 6)


def unpack_claims(octets: bytes) -> list[Claim]:
    """The memory; WrongError when it makes no sense."""
    return _load(_CLAIMS, inflate(octets, MEMORY_OCTETS), "the memory")


def inflate(octets: bytes, most: int) -> bytes:
    """What was deflated, or made gzip of; WrongError when it is damaged or larger than ``most``."""
    machine = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS)
    try:
        found = machine.decompress(octets, most)
    except zlib.error as fault:
        raise WrongError(f"what was compressed is damaged ({fault})") from None
    if not machine.eof or machine.unused_data:
        raise WrongError("what was compressed is cut off, or larger than anything that is published")
    return found


def _load(adapter: TypeAdapter[Model], octets: bytes, what: str) -> Model:
    try:
        return adapter.validate_json(octets)
    except ValidationError as fault:
        first: Any = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = f"{where}: {first['msg']}" if where else first["msg"]
        raise WrongError(f"{what} makes no sense: {_shown(said)}") from None


def _shown(text: str) -> str:
    return printable(cut(text, SAID))
