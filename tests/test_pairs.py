"""The same firms in two years: who is in a pair, what is awaited, and single years' changes."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import POLICY, county
from tenglong.measure.carbon.intensity import intensity_change, intensity_years
from tenglong.measure.carbon.pairs import Pair, lacking_cells, paired_firms, pairs
from tenglong.measure.carbon.year_changes import energy_growth, implied_intensity, pairs_intensity
from test_intensity import firms_of, growing, pair_of, reasons, twenty

SCOPE = "above_scale_industry"
MOST = Fraction(1, 20)


def later(_, year):
    return year > 2020


def growth_of(now, before):
    return Pair(now, before, 1, 0, 0, is_preliminary=False).growth_pct


def test_growth_is_known_where_the_energy_of_both_years_is():
    one, two = Fraction(1), Fraction(2)
    assert growth_of(two, one) == 100
    assert (growth_of(None, one), growth_of(one, None)) == (None, None)


@pytest.mark.parametrize(
    ("before", "now", "growth"), [(0.5, 1, 100), (1, 0.5, -50), (100, 0, -100), (0, 100, None)]
)
def test_any_energy_of_the_year_before_can_be_held_against(before, now, growth):
    assert pair_of(firms_of({"A": [before, now]})).growth_pct == growth


def test_a_firm_that_told_its_energy_below_the_line_is_in_the_pair():
    one = firms_of({"A": [100, 90], "B": [50, 60]}, large=later)
    assert reasons(one) == {}
    found = pair_of(one)
    assert (found.firms, found.newcomers, found.growth_pct) == (2, 0, 0)


def test_a_firm_without_a_name_is_named_by_its_code():
    one = firms_of({"A": [100, 90], "B": [50, 60]}, firms={"name": ["甲", None]})
    assert paired_firms(one, scope=SCOPE)["name"].tolist() == ["甲", "甲", "B", "B"]
    nameless = firms_of({"A": [100, 90]})
    assert paired_firms(nameless, scope=SCOPE)["name"].tolist() == ["A", "A"]


def test_a_firm_s_second_row_for_a_year_is_in_no_pair_whatever_the_order_of_the_rows():
    one = firms_of({"A": [100, 90], "B": [50, 60]})
    years = one.tables["enterprise_years"]
    again = years.assign(energy_tce=7000.0).set_axis(years.index + 100)
    for rows in ([years, again], [again, years]):
        doubled = replace(one, tables={**one.tables, "enterprise_years": pd.concat(rows)})
        found = paired_firms(doubled, scope=SCOPE)
        assert found.index.tolist() == years.index.tolist()
        assert pairs(found, most_missing=MOST)[2021] == pair_of(one)


def test_a_pair_is_preliminary_with_the_figure_of_either_year():
    one = firms_of({"A": [100, 90, 80]}, rates=(0, 0))
    years = one.tables["enterprise_years"]
    for stages, expected in (
        (["preliminary", "final", "final"], {2021: True, 2022: False}),
        (["final", "preliminary", None], {2021: True, 2022: True}),
        (["final", None, "preliminary"], {2021: False, 2022: True}),
    ):
        staged = {**one.tables, "enterprise_years": years.assign(stage=stages)}
        firms = paired_firms(replace(one, tables=staged), scope=SCOPE)
        found = pairs(firms, most_missing=MOST)
        assert {year: found[year].is_preliminary for year in (2021, 2022)} == expected


# --- what is awaited ----------------------------------------------------------------------------


def awaited(one, year=2021):
    found = lacking_cells(one, paired_firms(one, scope=SCOPE), scope=SCOPE)[year]
    rows = one.tables["enterprise_years"]
    return [(cell.name, None if cell.row is None else rows["year"][cell.row]) for cell in found]


def test_of_newcomers_nothing_is_awaited():
    one = firms_of({"A": [100, 90], "Y": [None, 70]}, large=later)
    assert reasons(one) == {"Y": "entered"}
    assert awaited(one) == []


def test_of_a_firm_that_is_left_out_only_the_cells_of_the_two_years_are_awaited():
    one = firms_of({"A": [100, 90, 80, 70], "Z": [None, 90, None, None]})
    assert awaited(one, 2021) == [("Z", 2020)]
    assert awaited(one, 2022) == [("Z", 2022)]
    assert awaited(one, 2023) == [("Z", 2022), ("Z", 2023)]


# --- the years of the plan ----------------------------------------------------------------------


def test_the_chain_runs_from_the_first_to_the_last_year_of_the_plan():
    rows = growing([0, 0, 0, 0], [100, 90, 90, 90, 45])
    series = rows.tables["official_series"]
    earlier = pd.concat([series, series.iloc[:1].assign(period="2020")], ignore_index=True)
    one = replace(rows, tables={**rows.tables, "official_series": earlier})
    assert [year.year for year in intensity_years(one)] == [2021, 2022, 2023]
    firms, published = intensity_change(one).evidence
    assert published.rows["period"].astype(str).tolist() == ["2021", "2022", "2023"]
    assert firms.rows["year"].tolist() == [2021, 2022, 2023]


def test_firms_without_a_year_before_begin_no_chain():
    one = firms_of({"A": [..., 90], "B": [..., 60]})
    assert intensity_change(one).figures == ()


def test_what_was_not_published_and_what_no_firm_tells_is_no_part():
    series = {"indicator": ["energy_intensity_change_pct"], "period": ["2021"], "value": [-4.1]}
    (found,) = intensity_change(county("2022-06-30", official_series=series)).figures
    assert found.parts == {
        "rests_on_published_intensity": "2021",
        "own_change_pct": Fraction("-4.1"),
    }


def test_the_year_that_blanks_keep_from_a_figure_is_the_one_after_the_last():
    late = {f"F{n}": [100, 90, 80, None] for n in range(5)}
    reading = intensity_change(firms_of(late, rates=(0, 0, 0)))
    assert [figure.end.year for figure in reading.figures] == [2021, 2022]
    assert [one.end for one in reading.incomplete] == [date(2023, 12, 31)]


def test_a_year_that_lacks_a_whole_column_is_not_one_that_waits_for_cells():
    series = {
        "indicator": ["energy_intensity_change_pct", "value_added_growth_pct"],
        "period": ["2021", "2022"],
        "value": [-4.0, 5.0],
    }
    reading = intensity_change(county("2023-06-30", official_series=series))
    assert [figure.end.year for figure in reading.figures] == [2021]
    assert reading.incomplete == ()


# --- changes of single years --------------------------------------------------------------------


def test_a_change_of_a_year_is_dated_by_its_last_day_and_the_earlier_one_stands_first():
    years = {f"F{n}": [100, 90, 90, 90, 45] for n in range(2)}
    series = {2024: 0, 2023: 0}
    one = firms_of(years, rates=(0, 0, 0, 0), as_of="2025-06-30", energy_growth=series)
    ends = [date(year, 12, 31) for year in (2021, 2022, 2023, 2024)]
    assert [figure.end for figure in energy_growth(one).figures] == ends
    assert [figure.value for figure in energy_growth(one).figures] == [-10, 0, 0, -50]
    assert [figure.end for figure in pairs_intensity(one).figures] == ends
    assert [figure.end for figure in implied_intensity(one).figures] == ends[2:]


@pytest.mark.parametrize(("decimals", "years"), [(0, []), (1, [2021])])
def test_a_rate_that_may_stand_for_all_that_is_gone_implies_no_change(decimals, years):
    """-99.5 % to the whole per cent may be -100; to a tenth it is -99.55 at the least."""
    series = {
        "indicator": ["energy_growth_pct", "value_added_growth_pct"],
        "period": ["2021", "2021"],
        "value": [0.0, -99.5],
        "decimals": [1, decimals],
    }
    found = implied_intensity(county("2022-06-30", official_series=series)).figures
    assert [figure.end.year for figure in found] == years


def test_too_many_firms_without_a_figure_leave_a_year_without_growth():
    assert POLICY["bands"]["most_missing_share"] == 0.05
    one = firms_of(twenty(Y=[..., 500]))
    assert [figure.value for figure in energy_growth(one).figures] == [-10]
    two = firms_of(twenty(Y=[..., 500], Z=[..., 500]))
    assert energy_growth(two).figures == ()
