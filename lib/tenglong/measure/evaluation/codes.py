"""Codes of many firms: why each has its score or grade, and what is doubtful about it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.policy.column import Rows

Codes = tuple[str, ...]


class CodeColumn:
    """A tuple of codes for each row; rows with the same codes share one.

    Attributes
    ----------
    kinds
        The tuples.
    numbers
        That of each row.

    >>> codes = CodeColumn(3)
    >>> codes.add(np.array([0, 2]), "bonus")
    >>> codes.add(np.array([2]), "capped")
    >>> codes.tuples().tolist()
    [('bonus',), (), ('bonus', 'capped')]
    """

    def __init__(self, size: int) -> None:
        self.numbers = np.zeros(size, dtype=np.int64)
        self.kinds: list[Codes] = [()]

    def __len__(self) -> int:
        return len(self.numbers)

    def add(self, rows: NDArray[np.int64], *codes: str) -> None:
        """Append codes to those of some rows."""
        self._replace(rows, self.numbers[rows], [(*had, *codes) for had in self.kinds])

    def extend(self, rows: Rows, other: "CodeColumn") -> None:
        """Append the codes of as many rows to those of some rows."""
        both = self.numbers[rows] * len(other.kinds) + other.numbers
        self._replace(rows, both, _Products(self.kinds, other.kinds))

    def clear(self, rows: NDArray[Any]) -> None:
        """Leave some rows without a code."""
        self.numbers[rows] = 0

    def tuples(self) -> NDArray[np.object_]:
        """Give the codes of every row."""
        return np.fromiter(self.kinds, "object", len(self.kinds))[self.numbers]

    def is_any(self) -> NDArray[np.bool_]:
        """Which rows have a code."""
        return np.array([bool(codes) for codes in self.kinds])[self.numbers]

    def _replace(
        self, rows: Rows, numbers: NDArray[np.int64], tuples: "list[Codes] | _Products"
    ) -> None:
        present, places = np.unique(numbers, return_inverse=True)
        self.numbers[rows] = len(self.kinds) + places
        self.kinds += [tuples[number] for number in present.tolist()]


class _Products:
    """What each pair of codes is together, by the number of the pair."""

    def __init__(self, left: list[Codes], right: list[Codes]) -> None:
        self.left = list(left)
        self.right = right

    def __getitem__(self, number: int) -> Codes:
        first, second = divmod(number, len(self.right))
        return (*self.left[first], *self.right[second])
