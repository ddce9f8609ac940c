"""The warm processes of this process: one for each warmth, environment and state of the code."""

import atexit
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

import tenglong
from tenglong.run.kernel.parent import ColdError, Parent
from tenglong.run.kernel.warmth import Warmth

CODE = Path(tenglong.__file__).parent
# These differ from kernel to kernel, and no module reads them when it is imported.
OF_A_KERNEL = {"IPYTHONDIR", "JPY_PARENT_PID", "JPY_SESSION_NAME"}

State = frozenset[tuple[str, int, int]]
Key = tuple[Warmth, tuple[str, ...], frozenset[tuple[str, str]]]


def state_of(folder: Path) -> State:
    """Give the time and the size of every file of the code."""
    return frozenset(
        (str(path), told.st_mtime_ns, told.st_size)
        for path in folder.rglob("*")
        if path.suffix != ".pyc" and S_ISREG((told := path.stat()).st_mode)
    )


@dataclass(frozen=True)
class Entry:
    """A warm process and the code that it has imported."""

    parent: Parent
    state: State


class Registry:
    """Starts a warm process when it is first asked for, and another when the code has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[Key, Entry] = {}
        self._retired: list[tuple[Warmth, Parent]] = []
        self._ended: set[Warmth] = set()

    def parent(
        self, warmth: Warmth, interpreter: Sequence[str], environment: Mapping[str, str]
    ) -> Parent:
        """Give the warm process for kernels of this command and environment.

        Raises
        ------
        ColdError
            If its run is over.
        """
        shared = {name: said for name, said in environment.items() if name not in OF_A_KERNEL}
        key = (warmth, tuple(interpreter), frozenset(shared.items()))
        state = state_of(CODE)
        with self._lock:
            if warmth in self._ended:
                raise ColdError("the run is over")
            entry = self._entries.get(key)
            if entry and (entry.state != state or not entry.parent.is_alive()):
                entry.parent.retire()
                self._retired.append((warmth, entry.parent))
                entry = None
            if entry is None:
                entry = self._entries[key] = Entry(Parent(warmth, interpreter, shared), state)
            return entry.parent

    def close(self, warmth: Warmth | None = None) -> None:
        """End the warm processes of one warmth, or all of them, with all their kernels."""
        with self._lock:
            if warmth and warmth.run:
                self._ended.add(warmth)
            ended = [key for key in self._entries if warmth in (None, key[0])]
            for parent in self._parents(ended, warmth):
                parent.close()
            self._retired = [one for one in self._retired if warmth not in (None, one[0])]

    def _parents(self, ended: Sequence[Key], warmth: Warmth | None) -> Iterator[Parent]:
        yield from (self._entries.pop(key).parent for key in ended)
        yield from (parent for its, parent in self._retired if warmth in (None, its))


REGISTRY = Registry()
atexit.register(REGISTRY.close)
