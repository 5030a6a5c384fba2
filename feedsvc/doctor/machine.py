"""This machine: whether content can be read and published here, and what will be in the way."""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedsvc.content.site import load_site
from feedsvc.doctor.findings import Finding
from feedsvc.errors import ContentError, FeedsvcError
from feedsvc.exporting.record import Record
from feedsvc.object_stores import ObjectStore, open_store
from feedsvc.publication.memory import memory_path
from feedsvc.publication.overview import survey
from feedsvc.publishing.file_changes import Watch
from feedsvc.replicating.pointer import PointerObject
from feedsvc.server_settings import read_server_settings
from feedsvc.settings import CHOOSE_PLACE, Settings, SettingsError, check_content, check_publication

ROOM = 200 * 1024 * 1024  # octets that a publication and its next one may need
OPEN_FILES = 1024  # a worker keeps one for each reader that is connected
SILENT = ("9p", "afs", "ceph", "cifs", "fuse", "nfs", "smb", "vboxsf", "virtiofs")  # tell nothing of changes elsewhere
MOUNTS = Path("/proc/self/mounts")


def examine_machine(settings: Settings, now: float) -> Iterator[Finding]:
    """All that is to be said of this machine; ``now`` is in seconds since 1970."""
    for check in CHECKS:
        yield from check(settings)
    yield from _service(settings, now)


def _settings(settings: Settings) -> Iterator[Finding]:
    for check, path in ((check_content, settings.content), (check_publication, settings.publication)):
        try:
            check(path)
        except SettingsError as fault:
            yield _mend(fault)
    try:
        server = read_server_settings()
        yield Finding(f"the service listens at {server.bind}, with {server.workers} workers")
    except SettingsError as fault:
        yield _mend(fault)


def _mend(fault: SettingsError) -> Finding:
    what, _, fix = str(fault).partition("; ")
    return Finding(what, fix or "set it to something else")


def _stores(settings: Settings) -> Iterator[Finding]:
    """Whether the store of replicas and the bucket can be read, where they are named."""
    places: tuple[tuple[str, str, Callable[[ObjectStore], str]], ...] = (
        ("store of replicas", settings.follow or settings.replicate, _generation),
        ("bucket", settings.bucket, _objects),
    )
    for name, url, look in places:
        if url:
            try:
                yield Finding(f"the {name} can be read and holds {look(open_store(url))}")
            except FeedsvcError as fault:
                what, _, fix = str(fault).partition("; ")
                yield Finding(what, fix or "set what its own tools need, such as AWS_ACCESS_KEY_ID and AWS_ENDPOINT")


def _generation(store: ObjectStore) -> str:
    pointer = PointerObject(store).look()
    return f"generation {pointer.generation}" if pointer else "nothing yet"


def _objects(store: ObjectStore) -> str:
    return f"{len(Record.read(store).digests)} objects of an export"


def _content(settings: Settings) -> Iterator[Finding]:
    folder = settings.content
    if settings.follow:
        return
    if not folder.is_dir():
        yield Finding(f"there is no folder {folder}", "set FEEDSVC_CONTENT to the folder that holds site.yaml")
        return
    unread = [path for path in sorted(folder.rglob("*")) if not os.access(path, os.R_OK)]
    for path in unread[:3]:
        yield Finding(f"{path} cannot be read by this user", f"run: chmod -R a+rX {folder}")
    try:
        site = load_site(folder, settings).site
    except ContentError as fault:
        yield Finding(f"{fault.problems[0]}".partition("\n")[0], "run: feedsvc check")
        return
    yield Finding(f"the site can be read from {folder}, for {site.base_url}")
    try:
        ZoneInfo(site.time_zone)
        yield Finding(f"the time zone {site.time_zone} is known")
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(f"the time zone {site.time_zone} is not known here", "run: pip install tzdata")


def _publication(settings: Settings) -> Iterator[Finding]:
    folder = settings.publication.parent.absolute()
    nearest = next(place for place in (folder, *folder.parents) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as fault:
        yield Finding(f"{nearest} cannot be written: {fault.strerror}", CHOOSE_PLACE)
        return
    if folder.is_relative_to(tempfile.gettempdir()):
        yield Finding(f"the publication lies in {folder}, which may not last", CHOOSE_PLACE)
    else:
        yield Finding(f"the publication has its place in {folder}")
    free = shutil.disk_usage(nearest).free
    if free < ROOM:
        yield Finding(f"only {free // 2**20} MiB are free there", f"make room for {ROOM // 2**20} MiB")
    if settings.publication.exists() and not memory_path(settings.publication).exists():
        fix = f"bring back {memory_path(settings.publication).name} from a backup, or run: feedsvc publish"
        yield Finding("nothing remembers what was public", fix)


def _events(settings: Settings) -> Iterator[Finding]:
    """Whether the system tells of changed files."""
    if settings.follow or not settings.content.is_dir():
        return
    kind = file_system(settings.content, MOUNTS)
    with closing(Watch(settings.content)) as watch:
        watch.wait(0, threading.Event())
        is_told = watch.is_told
    if kind.startswith(SILENT):
        fix = "expect a saved file after up to ten seconds, or run: feedsvc publish, after each change"
        yield Finding(f"the content lies on {kind}, which tells nothing of what other machines change", fix)
    elif not is_told:
        yield Finding("the system tells nothing of changed files", "raise fs.inotify.max_user_watches with sysctl")
    else:
        yield Finding("the system tells of changed files")


def file_system(path: Path, mounts: Path) -> str:
    """The kind of file system that a path lies on; empty where the system does not say."""
    found = (0, "")
    with suppress(OSError, ValueError):
        whole = path.resolve()
        for line in mounts.read_text().splitlines():
            _, place, kind, *_ = line.split()
            if whole.is_relative_to(place):
                found = max(found, (len(place), kind))
    return found[1]


def _open_files(_settings: Settings) -> Iterator[Finding]:
    with suppress(ImportError):  # another system than POSIX
        import resource  # noqa: PLC0415

        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if limit < OPEN_FILES and limit != resource.RLIM_INFINITY:
            fix = f"raise it: ulimit -n {16 * OPEN_FILES}, or LimitNOFILE={16 * OPEN_FILES} for systemd"
            yield Finding(f"a process may open {limit} files, and each reader that is connected is one", fix)
        else:
            yield Finding(f"a process may open {limit} files")


def _service(settings: Settings, now: float) -> Iterator[Finding]:
    """What a service that runs here left."""
    if settings.publication.is_file():
        found = survey(settings.publication, now).condition
        for reason in found.reasons:
            yield Finding(reason.cause.words, "run: feedsvc status")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _settings,
    _stores,
    _content,
    _publication,
    _events,
    _open_files,
)
