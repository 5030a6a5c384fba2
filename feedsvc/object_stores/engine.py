"""obstore, which speaks with the stores of all providers. Only here is it known."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore import exceptions
from obstore.store import ObjectStore as Engine
from obstore.store import from_url

from feedsvc.errors import SAID_AT_MOST, cut, printable
from feedsvc.object_stores import ConflictError, Listed, MissingError, Object, ObjectStoreError, OversizeError

if TYPE_CHECKING:  # the engine says them to tools alone
    from obstore import PutMode
    from obstore.store import RetryConfig

RETRIES = 2  # of a request; whoever asked knows best what to do then
RETRY_SECONDS = 20  # after which none begins; the engine's own AWS_TIMEOUT bounds each of them, at 30 unless it is set
AT_ONCE = 1_000  # keys of a request to remove

_STATUS = re.compile(r"status code: ([1-5]\d\d)")
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
FINAL = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, exceptions.NotSupportedError, ValueError)
ENDED = ("408", "409", "429")  # refusals that end by themselves
SLOW, UNREACHABLE = "it does not answer in time", "it cannot be reached"
NO_TLS = "it is not asked without TLS; set AWS_ALLOW_HTTP=true if that is meant"
NO_KEYS = "no credentials are set, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
# of the engine's words, which of them tell what is wrong, the first before the others; and whether it stays so
SIGNS = (
    ("BadScheme", NO_TLS, True),
    ("169.254.", NO_KEYS, True),  # where machines of providers are told theirs
    ("TimedOut", SLOW, False),
    ("kind: Timeout", SLOW, False),
    ("kind: Connect", UNREACHABLE, False),
)


def open_engine(url: str) -> "EngineStore":
    """The store at an address that was checked."""
    with _explained(url, "opened"):
        bounds: RetryConfig = {"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)}
        return EngineStore(from_url(url, retry_config=bounds), url)


class EngineStore:
    """A store of obstore (``feedsvc.object_stores.ObjectStore``)."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url

    def get(self, key: str, known: str = "", *, most: int | None = None) -> Object | None:
        """The object; None while its etag is ``known``."""
        with _explained(self._url, "read", key):
            try:
                found = obstore.get(self._engine, key, options={"if_none_match": known} if known else {})
                if most is not None and found.meta["size"] > most:
                    raise OversizeError(
                        f"{self._url}/{key} has {found.meta['size']} octets, and {most} at most are read"
                    )
                body = bytes(found.bytes())
            except exceptions.NotModifiedError:
                return None
            attributes = {str(name): value for name, value in found.attributes.items()}
            return Object(body=body, etag=found.meta["e_tag"] or "", attributes=attributes)

    def put(
        self, key: str, body: bytes, attributes: Mapping[str, str], *, is_new: bool = False, instead_of: str = ""
    ) -> str:
        """Write in one piece: the etag of many pieces is no digest with some stores, and pieces may be left behind."""
        mode: PutMode = "create" if is_new else {"e_tag": instead_of} if instead_of else "overwrite"
        with _explained(self._url, "written", key):
            told = obstore.put(self._engine, key, body, attributes={**attributes}, mode=mode, use_multipart=False)
            return told["e_tag"] or ""

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """All objects whose keys begin with these whole folders."""
        with _explained(self._url, "listed", prefix):
            for found in obstore.list(self._engine, prefix or None, chunk_size=AT_ONCE):
                for each in found:
                    yield Listed(each["path"], each["size"], each["e_tag"] or "", each["last_modified"].timestamp())

    def delete(self, keys: Iterable[str]) -> None:
        """Remove all of these that are there."""
        left = list(keys)
        with _explained(self._url, "cleared"):
            for first in range(0, len(left), AT_ONCE):
                self._delete(left[first : first + AT_ONCE])

    def _delete(self, keys: list[str]) -> None:
        try:
            obstore.delete(self._engine, keys)
        except FileNotFoundError:  # some stores mind
            for key in keys if len(keys) > 1 else ():
                self._delete([key])


@contextmanager
def _explained(url: str, done: str, key: str = "") -> Iterator[None]:
    """Faults of the engine as ours. Its own words hold addresses, so of them only signs are repeated."""
    what = f"{printable(cut(f'{url}/{key}' if key else url, SAID_AT_MOST))} cannot be {done}"
    try:
        yield
    except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
        raise ConflictError(f"{what}: somebody else wrote there") from None
    except (exceptions.BaseError, FileNotFoundError, ValueError) as fault:
        status, why, is_final = _explain(fault)
        kind = MissingError if status == 404 or isinstance(fault, FileNotFoundError) else ObjectStoreError
        raise kind(f"{what}: {why}", is_final=is_final) from None
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # which has no name to import
            raise
        why = "a variable for it, such as AWS_ACCESS_KEY_ID, holds signs that no request can carry"
        raise ObjectStoreError(f"{what}: {why}", is_final=True) from None


def _explain(fault: Exception) -> tuple[int, str, bool]:
    """The status that the store answered, or 0; what is wrong; and whether it stays so."""
    text = str(fault)
    if status := _STATUS.search(text):
        code = _CODE.search(text)
        said = " ".join(found[1] for found in (status, code) if found)
        return int(status[1]), said, status[1].startswith("4") and status[1] not in ENDED
    for sign, said, is_final in SIGNS:
        if sign in text:
            return 0, said, is_final
    return 0, type(fault).__name__, isinstance(fault, FINAL)
