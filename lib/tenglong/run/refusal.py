"""Why a command ended that ended by an error: one line with the cause and what helps, and a code.

The kit's own errors bring both with them (`tenglong.errors`); what is left is told here.
"""

import errno
import os
import re
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tenglong.errors import ConfigurationError, DataError, TenglongError, WriteError
from tenglong.run.cache.folder import cache_folder

# Codes of BSD sysexits that no error of the kit has.
NO_INPUT, OF_THE_SYSTEM, IN_OR_OUT, NOT_ALLOWED = 66, 71, 74, 77
ROOM = "free some space, or write elsewhere (--out, TMPDIR)"
# What the system says of a file → the code, and what helps.
REMEDIES: Mapping[int, tuple[int, str]] = {
    errno.ENOSPC: (WriteError.exit_code, ROOM),
    errno.EDQUOT: (WriteError.exit_code, ROOM),
    errno.EFBIG: (WriteError.exit_code, "let files be larger (ulimit -f), or write elsewhere"),
    errno.EROFS: (WriteError.exit_code, "write elsewhere (--out, TMPDIR)"),
    errno.ENAMETOOLONG: (WriteError.exit_code, "choose shorter names of folders and files"),
    errno.EACCES: (NOT_ALLOWED, "let this user read and write there, or choose another folder"),
    errno.EPERM: (NOT_ALLOWED, "let this user read and write there, or choose another folder"),
    errno.ENOENT: (NO_INPUT, "see that it is there"),
    errno.ENOTDIR: (NO_INPUT, "a part of its path is no folder"),
    errno.EISDIR: (NO_INPUT, "it is a folder where a file must be"),
    errno.EMFILE: (OF_THE_SYSTEM, "let more files be open at a time (ulimit -n 1024)"),
    errno.ENFILE: (OF_THE_SYSTEM, "close other programs"),
    errno.ENOMEM: (OF_THE_SYSTEM, "close other programs, or make fewer reports at a time (--jobs)"),
    errno.EAGAIN: (OF_THE_SYSTEM, "let more processes run (ulimit -u), or close other programs"),
    errno.EIO: (IN_OR_OUT, "the disk or the network behind it is broken; look after it"),
}
# Whose errors tell of what was read, by the first part of their module's name.
READERS: Mapping[str, int] = {
    **dict.fromkeys(("pandas", "pyarrow", "pyogrio", "shapely", "pyproj"), DataError.exit_code),
    "yaml": ConfigurationError.exit_code,
}
# What Python says where the system has no memory for a thread or a library.
SHORT = re.compile("can't start new thread|failed to map segment|cannot allocate memory", re.I)
LOG = "fault.log"


@dataclass(frozen=True)
class Refusal:
    """An exit code, and the line that goes with it."""

    code: int
    message: str


def refusal(error: Exception) -> Refusal:
    """Tell an error that is none of the kit's own; its whole story is kept where the line says.

    >>> refusal(OSError(errno.EROFS, "Read-only file system", "/a/b.html"))
    Refusal(code=73, message='/a/b.html: read-only file system; write elsewhere (--out, TMPDIR)')
    """
    known = REMEDIES.get(error.errno or 0) if isinstance(error, OSError) else None
    if isinstance(error, OSError) and known is not None:
        code, remedy = known
        return Refusal(code, f"{_what(error)}: {(error.strerror or '').lower()}; {remedy}")
    code, cause = _cause(error)
    return Refusal(code, f"{cause}; {_kept(error)}")


def _what(error: OSError) -> str:
    if error.filename:
        return os.fsdecode(error.filename)
    is_full = REMEDIES[error.errno or 0][0] == WriteError.exit_code
    return "cannot write the output" if is_full else "the system refused"


def _cause(error: Exception) -> tuple[int, str]:
    if isinstance(error, RecursionError):
        return DataError.exit_code, "a file is nested too deeply; look for brackets within brackets"
    said = f"{type(error).__name__}: {error}"
    if SHORT.search(said):
        return OF_THE_SYSTEM, f"the system refused ({said}); {REMEDIES[errno.ENOMEM][1]}"
    if isinstance(error, UnicodeError):
        return DataError.exit_code, f"a text is not in its encoding ({said}); save it as UTF-8"
    if isinstance(error, OSError):
        return OF_THE_SYSTEM, f"the system refused ({said})"
    for kind in type(error).__mro__:
        code = READERS.get(kind.__module__.partition(".")[0])
        if code is not None:
            return code, f"a file cannot be read ({said}); `tenglong check` looks at each of them"
    return TenglongError.exit_code, f"a fault of the kit itself ({said}); please report it"


def _kept(error: Exception) -> str:
    """Keep the traceback where the user alone can read it, and say where."""
    text = "".join(traceback.format_exception(error))
    try:
        folder = cache_folder() or Path(tempfile.mkdtemp(prefix="tenglong-fault-"))
        return f"the whole of it: {_written(folder, text)}"
    except OSError:
        return "--debug tells the whole of it"


def _written(folder: Path, text: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / LOG
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return path
