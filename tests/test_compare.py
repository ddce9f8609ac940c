"""Published figures held against computed ones."""

import pytest

from build import POLICY, county
from tenglong.errors import ConfigurationError
from tenglong.measure.board.compare import compare, comparisons

MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021, 2022) for month in range(1, 13)]
PROJECTS = {"project_id": ["P"], "is_manufacturing": [True], "is_enclave": [False]}


def both(official, period, value, unit="%", *, monthly=(100, 125, 100), as_of="2022-12-31", **more):
    """Give 12 months a year of investment, and one published figure."""
    spent = [amount for amount in monthly for _ in range(12)]
    tables = {
        "projects": PROJECTS,
        "project_months": {"project_id": ["P"] * 36, "month": MONTHS, "invested_wan": spent},
        "official_series": {
            "indicator": [official],
            "period": [period],
            "value": [value],
            "unit": [unit],
        },
    }
    found = compare(county(as_of, **{**tables, **more}))
    return found[(found["official"] == official) & (found["year"] == int(period[:4]))].iloc[0]


def test_a_published_growth_rate_is_held_against_the_computed_one():
    found = both("manufacturing_investment_growth_pct", "2021", 26.5)
    assert (found["computed"], found["published"], found["difference"]) == (25.0, 26.5, -1.5)
    assert found["reason"] == "differ"


@pytest.mark.parametrize(("value", "reason"), [(24.95, "agree"), (24.94, "differ")])
def test_a_difference_on_the_tolerance_is_none(value, reason):
    assert both("manufacturing_investment_growth_pct", "2021", value)["reason"] == reason


def test_totals_are_compared_in_one_unit():
    found = both("manufacturing_investment_wan", "2021", 0.15, "亿元")
    assert (found["computed"], found["published"], found["reason"]) == (1500.0, 1500.0, "agree")


def test_what_only_one_side_has_is_said():
    rows = both(
        "manufacturing_investment_wan",
        "2021",
        1500,
        "万元",
        project_months={"project_id": ["P"], "month": ["2020-01"], "invested_wan": [1.0]},
    )
    assert rows["reason"] == "only_published"


def test_without_the_monthly_table_only_the_published_figure_is_left():
    one = county(
        "2022-12-31",
        official_series={
            "indicator": ["manufacturing_investment_wan"],
            "period": ["2021"],
            "value": [1500],
            "unit": ["万元"],
        },
    )
    assert compare(one)["reason"].tolist() == ["only_published"]


def test_a_year_that_is_not_over_is_not_compared():
    months = {"project_id": ["P"], "month": ["2022-06"], "invested_wan": [1.0]}
    one = county("2022-06-30", projects=PROJECTS, project_months=months)
    assert compare(one).empty


def test_a_published_figure_without_a_unit_is_not_compared():
    assert both("manufacturing_investment_wan", "2021", 1500, None)["reason"] == "unit_unknown"


def test_contradictory_figures_are_said():
    series = {
        "indicator": ["manufacturing_investment_wan"] * 2,
        "period": ["2021"] * 2,
        "value": [1500, 1600],
        "unit": ["万元"] * 2,
    }
    found = both("manufacturing_investment_wan", "2021", 0, official_series=series)
    assert (found["reason"], found["published"] != found["published"]) == ("contradictory", True)


def test_a_chained_change_is_compared_year_by_year():
    years = {
        "usci": ["A"] * 3,
        "year": [2020, 2021, 2022],
        "is_above_scale": [True] * 3,
        "energy_tce": [100, 95, 90.25],
    }
    series = {
        "indicator": ["value_added_growth_pct"] * 2 + ["energy_intensity_change_pct"],
        "period": ["2021", "2022", "2022"],
        "value": [0, 0, -5.2],
        "unit": ["%"] * 3,
    }
    one = county(
        "2023-06-30",
        enterprises={"usci": ["A"], "industry": ["3441"]},
        enterprise_years=years,
        official_series=series,
    )
    found = compare(one).set_index(["official", "year"])
    assert found.loc[("energy_intensity_change_pct", 2022), "computed"] == -5.0
    assert found.loc[("energy_intensity_change_pct", 2022), "difference"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"computed": {"name": "investmnt"}}, "there is no indicator 'investmnt'"),
        ({"as": "ratio"}, "`as` must be one of value, growth_pct, year_pct, total"),
        ({"unit": None}, "must have `unit`"),
    ],
)
def test_a_pair_that_is_malformed_is_named(change, message):
    pair = {**POLICY["series"]["compared"][0], **change}
    pair = {key: value for key, value in pair.items() if value is not None}
    with pytest.raises(ConfigurationError, match=f"manufacturing_investment_wan:? {message}"):
        comparisons({"series": {"compared": [pair]}})
