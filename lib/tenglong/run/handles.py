"""The files that a run may have open at a time: a kernel's channels take dozens of them."""

import errno
import os
import sys

LEAST, ENOUGH = 128, 4096  # ZeroMQ ends the process where it gets none


def require_handles() -> None:
    """Let as many files be open as the system allows, up to enough.

    Raises
    ------
    OSError
        If that is too few for a run (EMFILE).
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < LEAST:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
