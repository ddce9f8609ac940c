"""Which files of the policy are read: what a figure rests on beside the data."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Files = set[str]


class Watched(Mapping[str, Any]):
    """A policy that tells those who listen which of its files are asked for.

    A folder within (`schemes`) is a policy of its own; its files are named `schemes/default`.

    >>> policy = Watched({"tax": {"source": "…"}, "schemes": {"default": {"source": "…"}}})
    >>> with policy.heard() as files:
    ...     _ = policy["schemes"]["default"]
    >>> files
    {'schemes/default'}
    """

    def __init__(
        self, policy: Mapping[str, Any], listening: list[Files] | None = None, folder: str = ""
    ) -> None:
        self._policy = policy
        self._listening = [] if listening is None else listening
        self._folder = folder

    def __getitem__(self, name: str) -> Any:
        content = self._policy[name]
        if isinstance(content, Mapping) and "source" not in content:
            return Watched(content, self._listening, f"{self._folder}{name}/")
        self.tell({f"{self._folder}{name}"})
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self._policy)

    def __len__(self) -> int:
        return len(self._policy)

    def tell(self, files: Iterable[str]) -> None:
        """Tell everybody who listens that these files are read."""
        for heard in self._listening:
            heard.update(files)

    @contextmanager
    def heard(self) -> Iterator[Files]:
        """Listen for a while: give the files that are read meanwhile."""
        files: Files = set()
        self._listening.append(files)
        try:
            yield files
        finally:
            self._listening.pop()  # who listened last stops first
