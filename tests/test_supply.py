"""Shares of grants and of the fund by year, and what the ledger of conversions owes."""

from datetime import date

import pandas as pd
import pytest

from build import county
from tenglong.measure.land.supply import (
    fund_share,
    industrial_grants,
    land_replaced,
    replacement_ledger,
)

YEAR_END = date(2021, 12, 31)


def grants(uses, areas):
    days = ["2021-05-01"] * len(uses)
    return county(land_supply={"granted_on": days, "land_use": uses, "area_mu": areas})


def test_a_year_of_grants_has_a_figure_or_waits_for_its_blanks_never_both():
    known = industrial_grants(grants(["1001"] * 20, [1.0] * 20))
    assert [figure.end for figure in known.figures] == [YEAR_END]
    assert known.incomplete == ()
    lacking = industrial_grants(grants(["1001"] * 18 + [None], [1.0] * 18 + [None]))
    assert lacking.figures == ()
    [year] = lacking.incomplete
    assert year.end == YEAR_END
    assert [(cell.column, cell.row) for cell in year.blanks] == [("land_use", 18), ("area_mu", 18)]


def test_a_year_of_the_fund_ends_on_its_last_day():
    table = {"year": [2021], "settlement_income_wan": [5000.0], "drawn_wan": [100.0]}
    assert [one.end for one in fund_share(county(special_fund=table)).figures] == [YEAR_END]


# --- the ledger ---------------------------------------------------------------------------------


def moves(*rows, index=None):
    """Give entries (day, area, direction), with the rows of the file that they stood in."""
    names = ("moved_on", "area_mu", "direction")
    table = pd.DataFrame(list(rows), columns=names, index=index)
    return county(land_moves=table.assign(moved_on=pd.to_datetime(table["moved_on"])))


def owed(*rows):
    return [(one.name, one.since) for one in land_replaced(moves(*rows)).opened]


def test_entries_of_one_day_stand_in_the_order_of_the_file():
    one = moves(
        ("2021-03-01", 1.0, "out"),
        ("2021-03-01", 2.0, "in"),
        ("2021-01-01", 4.0, "in"),
        index=[2, 0, 1],
    )
    ledger = replacement_ledger(one)
    assert ledger.index.tolist() == [1, 0, 2]
    assert ledger["change_mu"].tolist() == [4, 2, -1]
    assert ledger["balance_mu"].tolist() == [4, 5, 5]


@pytest.mark.parametrize(("area", "way"), [(None, "in"), (1.0, None)])
def test_one_unknown_entry_leaves_the_balance_of_its_whole_day_unknown(area, way):
    ledger = replacement_ledger(moves(("2021-01-01", 2.0, "out"), ("2021-01-01", area, way)))
    assert ledger["change_mu"].isna().tolist() == [False, True]
    assert ledger["balance_mu"].isna().tolist() == [True, True]


def test_an_entry_without_a_day_stands_in_no_ledger():
    ledger = replacement_ledger(moves(("2021-01-01", 2.0, "out"), (None, 9.0, "in")))
    assert ledger["balance_mu"].tolist() == [-2]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Less than a mu is owed as well, since the first day of it.
        (
            [("2021-01-01", 0.5, "out"), ("2021-02-01", 0.25, "out")],
            [("0.75 亩", date(2021, 1, 1))],
        ),
        (
            [("2021-01-01", 1.0, "out"), ("2021-02-01", 0.5, "out")],
            [("1.5 亩", date(2021, 1, 1))],
        ),
        # A surplus ends a debt; what is owed after it began anew.
        (
            [("2021-01-01", 1.0, "out"), ("2021-02-01", 1.5, "in"), ("2021-03-01", 2.0, "out")],
            [("1.5 亩", date(2021, 3, 1))],
        ),
        ([("2021-01-01", 1.0, "out"), ("2021-02-01", 1.5, "in")], []),
        # What is not known any more leaves what was owed on the last day that is known.
        (
            [("2021-01-01", 2.0, "out"), ("2021-02-01", None, "in")],
            [("2 亩", date(2021, 1, 1))],
        ),
        # Two entries of the day on which the debt began are one day.
        (
            [("2021-01-01", 3.0, "in"), ("2021-02-01", 3.5, "out"), ("2021-02-01", 0.5, "out")],
            [("1 亩", date(2021, 2, 1))],
        ),
    ],
)
def test_land_is_owed_since_the_balance_last_fell_below_nothing(rows, expected):
    assert owed(*rows) == expected
