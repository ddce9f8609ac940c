"""How many decimals a figure was written with, where its number alone does not tell."""

import re

import pandas as pd

from tenglong.source.cell.way import as_text, folded

LAST_ZERO = re.compile(r"[+-]?[\d,]*\.(\d*0)")


def digits_kept(cells: pd.Series) -> pd.Series:
    """Count the decimals of cells that end in a zero, as text: 10.0 has one, which 10 has lost.

    Other cells have no count: their number tells it, or a file wrote 10 for 10.0. So do numbers
    of a workbook, which keep no zeros.

    >>> digits_kept(pd.Series(["10.0", "10.5", "10", "1,200.50", None])).tolist()
    [1, <NA>, <NA>, 2, <NA>]
    """
    counts = as_text(cells).map(_count, na_action="ignore")
    return counts.astype("Float64").astype("Int64")


def _count(text: str) -> int | None:
    found = LAST_ZERO.fullmatch(folded(text))
    return len(found[1]) if found else None
