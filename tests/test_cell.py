"""Entries of a table as cells: every way of being missing, and numbers of numpy."""

import numpy as np
import pandas as pd
import pytest

from tenglong.show import cell

MISSING = (None, float("nan"), np.float64("nan"), pd.NA, pd.NaT)


@pytest.mark.parametrize("value", MISSING, ids=str)
def test_what_is_missing_prints_as_such_and_is_empty_in_the_csv(value):
    for one in (cell.entry(value), cell.counts([value])[0], cell.date_of(value)):
        assert (one.html, one.plain) == ("…", "")
    assert cell.texts([value])[0].html == "…"


@pytest.mark.parametrize(
    "value", [7, np.int64(7), np.float64(7.0)], ids=lambda one: type(one).__name__
)
def test_a_number_of_numpy_is_a_number(value):
    assert cell.entry(value, 0).html == "7"
    assert cell.counts([value])[0].html == "7"


def test_a_date_of_pandas_is_a_date():
    assert cell.date_of(pd.Timestamp("2022-06-30")).plain == "2022-06-30"
