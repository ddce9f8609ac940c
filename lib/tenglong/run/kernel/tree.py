"""The processes of this machine, and which stand below one of them, as /proc tells it."""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# The fields of `stat` that follow the name, by their places there (proc(5), less three).
PARENT, CPU, RESIDENT = 1, slice(11, 15), 21
KB = 1024


@dataclass(frozen=True)
class Process:
    """A process at a moment.

    Attributes
    ----------
    cpu_ticks
        What it, and those of its children that it has waited for, have used of the processor.
    resident_bytes
        Its memory, with all that it shares with others.
    """

    parent: int
    cpu_ticks: int
    resident_bytes: int


def processes() -> dict[int, Process]:
    """Give all processes by their numbers; none where there is no /proc.

    >>> processes()[os.getpid()].parent == os.getppid()
    True
    """
    found = {}
    for stat in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            found[int(stat.parent.name)] = _process(stat.read_bytes())
    return found


def _process(stat: bytes) -> Process:
    # A name may hold blanks and brackets.
    fields = stat.rpartition(b")")[2].split()
    page = os.sysconf("SC_PAGE_SIZE")
    return Process(int(fields[PARENT]), sum(map(int, fields[CPU])), int(fields[RESIDENT]) * page)


def below(root: int, those: Mapping[int, Process], *, apart: Collection[int] = ()) -> list[int]:
    """Give the numbers of the processes below one.

    Parameters
    ----------
    apart
        Left out, with what is below them.

    >>> those = {n: Process(parent, 0, 0) for n, parent in {2: 1, 3: 2, 4: 1, 5: 4, 6: 9}.items()}
    >>> below(1, those), below(1, those, apart=[4])
    ([2, 4, 3, 5], [2, 3])
    """
    children: dict[int, list[int]] = {}
    for pid, process in those.items():
        children.setdefault(process.parent, []).append(pid)
    found = [root]
    for one in found:
        found += [pid for pid in children.get(one, ()) if pid not in apart]
    return found[1:]


def share_bytes(pid: int) -> int:
    """Give the memory of a process, with its share of what it has in common with others.

    0 where that is not told.
    """
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * KB
    return 0
