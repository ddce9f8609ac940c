"""What is worked out of rows one by one, and only of those that somebody asks for."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Told = TypeVar("Told")


class OnDemand(Mapping[Key, Told]):
    """A mapping whose values are worked out when they are first asked for, each once.

    Parameters
    ----------
    keys
        In their order, each once.
    work
        Gives the value of a key by its place among the keys. It must not read a policy file:
        a measure that is kept tells those that were read while it ran (`measure.kept`).

    >>> squares = OnDemand(["a", "b"], lambda place: print("at work") or place**2)
    >>> len(squares), squares["b"], squares["b"]
    at work
    (2, 1, 1)
    """

    def __init__(self, keys: Sequence[Key], work: Callable[[int], Told]) -> None:
        self._places = {key: place for place, key in enumerate(keys)}
        self._work = work
        self._told: dict[Key, Told] = {}

    def __getitem__(self, key: Key) -> Told:
        if key not in self._told:
            self._told[key] = self._work(self._places[key])
        return self._told[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
