"""A county's tables cut to a township, each when it is first asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd


class Sorted:
    """Where the rows of each township stand in a table, sorted out once for all of them.

    Parameters
    ----------
    townships
        The township of each row; missing where it is not known.
    """

    def __init__(self, frame: pd.DataFrame, townships: "pd.Series[Any]") -> None:
        self._frame = frame
        self._townships = townships
        self._places: Mapping[Any, Any] = {}

    def of(self, code: str) -> pd.DataFrame:
        """Give the rows of a township.

        >>> rows = pd.DataFrame({"n": [1, 2, 3]})
        >>> Sorted(rows, pd.Series(["t", None, "t"])).of("t")["n"].tolist()
        [1, 3]
        """
        if not self._places:
            self._places = self._townships.groupby(self._townships.to_numpy()).indices
        return self._frame.take(np.asarray(self._places.get(code, []), dtype="int64"))


class Cut(Mapping[str, pd.DataFrame]):
    """The tables of one township; a table that nobody asks for is never cut."""

    def __init__(self, tables: Mapping[str, Sorted], code: str) -> None:
        self._sorted = tables
        self._code = code
        self._cut: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._cut:
            self._cut[name] = self._sorted[name].of(self._code)
        return self._cut[name]

    def __contains__(self, name: object) -> bool:
        return name in self._sorted

    def __iter__(self) -> Iterator[str]:
        return iter(self._sorted)

    def __len__(self) -> int:
        return len(self._sorted)
