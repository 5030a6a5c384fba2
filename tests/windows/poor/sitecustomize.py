"""Takes away, before any program begins, the names that Python has on POSIX and not on Windows."""

import os
import select
import shutil
import signal
import sys

MODULES = ("fcntl", "resource", "grp", "pwd", "termios")
OF_OS = (
    *("fork", "forkpty", "register_at_fork", "pwrite", "pread", "mkfifo", "fchmod", "geteuid", "getuid"),
    *("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_DIRECTORY", "sched_getaffinity", "statvfs", "killpg", "setsid"),
)
OF_SIGNAL = ("SIGHUP", "SIGKILL", "SIGXCPU", "SIGPROF", "SIGALRM", "SIGUSR1", "setitimer", "alarm")
sys.modules.update(dict.fromkeys(MODULES))  # type: ignore[arg-type]  # None: there is no such module
shutil._use_fd_functions = False  # type: ignore[attr-defined]  # noqa: SLF001  # which use these names where the system says that it has them
for _module, _names in ((os, OF_OS), (signal, OF_SIGNAL), (select, ("poll", "epoll"))):
    for _name in _names:
        if hasattr(_module, _name) and _name not in os.environ.get("POOR_KEEPS", ""):
            delattr(_module, _name)
