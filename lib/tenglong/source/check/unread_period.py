"""Published figures of which it cannot be told what period they are of."""

from collections.abc import Iterator

import pandas as pd

from tenglong.measure.period import is_period
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Table

PERIOD = "period"


def unread_periods(frame: pd.DataFrame, table: Table, spot: Spot) -> Iterator[Problem]:
    """Tell of each row whose period is neither a year, a quarter nor a month, such as 1-9月.

    The row is read, and counts for nothing.
    """
    if PERIOD not in table.columns or PERIOD not in frame:
        return
    for row, text in frame[PERIOD].dropna().items():
        if not is_period(text):
            yield spot.problem("unread_period", column=PERIOD, row=int(str(row)), value=text)
