"""A file is replaced in one step, so that it is the old one or the new one whatever happens; its mode stays."""

import os
from contextlib import suppress
from pathlib import Path

from feedsvc.system import flags


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` in the file's place; OSError when that cannot be done, and the file is the old one."""
    real = Path(os.path.realpath(path))
    temporary = real.with_name(f".{real.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | flags("O_NOFOLLOW"), 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        with suppress(FileNotFoundError):
            temporary.chmod(real.stat().st_mode & 0o7777)
        temporary.replace(real)
    finally:
        temporary.unlink(missing_ok=True)
