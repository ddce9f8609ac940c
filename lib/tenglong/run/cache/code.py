"""The kit's own code, as pages depend on it: file by file, by what imports what.

Imports are read from the text and never run. Every mention of a module counts, in whatever
function or string it stands, so that none is missed; one too many costs a page that is made
anew without need. All files that are not Python (words, templates, assets) belong to every page.
"""

import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import tenglong
from tenglong.run.cache.store import digest_of

NAME = "tenglong"
# Where a wheel has the kit's data and notebooks, which are counted by themselves; and bytecode.
APART = frozenset({"kit", "__pycache__"})
# What makes a page of a notebook that has been run, and what judges whether one may begin.
MAKER = f"{NAME}.run.report"
MENTION = re.compile(rf"\b{NAME}(?:\.\w+)*")
FROM = re.compile(
    rf"^[ \t]*from[ \t]+({NAME}[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE
)
# A module whose name is put together when it runs: all below the part that is written are meant.
BELOW = re.compile(rf"import_module\(f[\"']({NAME}[\w.]*)\.{{")
STARTED_NS = time.time_ns()


@dataclass(frozen=True)
class Code:
    """The files of the kit's code, as they are now.

    Attributes
    ----------
    folder
        Of the package.
    texts
        What each file holds, by its path below the folder.
    """

    folder: Path
    texts: Mapping[str, bytes]

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The SHA-256 of each file."""
        return {name: hashlib.sha256(text).hexdigest() for name, text in self.texts.items()}

    @property
    def digest(self) -> str:
        """One digest for all of it."""
        return digest_of(self.digests)

    @cached_property
    def modules(self) -> Mapping[str, str]:
        """The file of each module, by its dotted name."""
        return {_module(name): name for name in self.texts if name.endswith(".py")}

    def needed(self, *sources: str) -> frozenset[str]:
        """Name the files that code needs: modules, theirs in turn, and all that is no module."""
        found: set[str] = set()
        waiting = [*self._named(MAKER), *(one for text in sources for one in self._mentioned(text))]
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += self._needs[module]
        others = self.texts.keys() - self.modules.values()
        return frozenset(others | {self.modules[module] for module in found})

    def is_older_than_process(self) -> bool:
        """Whether no file has changed since this process began to import them."""
        times = ((self.folder / name).stat() for name in self.texts)
        return all(max(one.st_mtime_ns, one.st_ctime_ns) < STARTED_NS for one in times)

    @cached_property
    def _needs(self) -> Mapping[str, frozenset[str]]:
        return {
            module: frozenset(self._mentioned(self.texts[name].decode()))
            for module, name in self.modules.items()
        }

    def _mentioned(self, text: str) -> Iterator[str]:
        for mention in set(MENTION.findall(text)):
            yield from self._named(mention)
        for package, names in FROM.findall(text):
            for name in re.findall(r"\w+", names):
                yield from self._named(f"{package}.{name}")
        for package in BELOW.findall(text):
            yield from (one for one in self.modules if one.startswith(f"{package}."))

    def _named(self, dotted: str) -> Iterator[str]:
        """Give the modules that an import of a name runs: it, as far as it is one, and above."""
        parts = dotted.split(".")
        for end in range(1, len(parts) + 1):
            module = ".".join(parts[:end])
            if module in self.modules:
                yield module


def code(folder: Path | None = None) -> Code:
    """Read the kit's code, or what stands in another folder.

    >>> "run/cache/code.py" in code().texts
    True
    """
    folder = folder or Path(tenglong.__file__).parent
    return Code(folder, dict(sorted(_texts(folder, folder))))


def code_digest() -> str:
    """Give one digest of all of the kit's code: what is computed by it depends on nothing less."""
    return code().digest


def _texts(folder: Path, root: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in APART:
                yield from _texts(path, root)
        else:
            yield path.relative_to(root).as_posix(), path.read_bytes()


def _module(name: str) -> str:
    parts = [NAME, *name.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
