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


@pytest.mark.parametrize(
    ("monthly", "value", "decimals", "reason"),
    [
        ((100, 125.05, 100), 25.1, None, "agree"),  # 25.05: half a unit of the first decimal
        ((100, 125.06, 100), 25.0, 1, "differ"),
        ((100, 125.05, 100), 25.0, 1, "agree"),
        ((100, 125.4, 100), 25.0, None, "agree"),  # 25: nothing tells that it had decimals
        ((100, 125.4, 100), 25.0, 1, "differ"),
        ((100, 125.004, 100), 25.0, 2, "agree"),
        ((100, 125.006, 100), 25.0, 2, "differ"),
    ],
)
def test_a_difference_that_the_digits_explain_is_none(monthly, value, decimals, reason):
    series = {
        "indicator": ["manufacturing_investment_growth_pct"],
        "period": ["2021"],
        "value": [value],
        "decimals": [decimals],
    }
    found = both(
        "manufacturing_investment_growth_pct",
        "2021",
        value,
        monthly=monthly,
        official_series=series,
    )
    assert found["reason"] == reason


def test_a_whole_number_has_the_digits_of_the_others_of_its_indicator():
    series = {
        "indicator": ["manufacturing_investment_growth_pct"] * 2,
        "period": ["2021", "2022"],
        "value": [25.0, -20.1],
    }
    found = both(
        "manufacturing_investment_growth_pct",
        "2021",
        25,
        monthly=(100, 125.4, 100),
        official_series=series,
    )
    assert (found["tolerance"], found["reason"]) == (0.05, "differ")


def test_the_tolerance_of_an_amount_is_in_the_unit_that_is_shown():
    found = both("manufacturing_investment_wan", "2021", 0.15, "亿元", monthly=(100, 129, 100))
    assert (found["computed"], found["tolerance"], found["reason"]) == (1548.0, 50.0, "agree")


@pytest.mark.parametrize(
    ("intensity", "reason"),
    [(6.34, "agree"), (6.37, "agree"), (6.38, "differ"), (6.17, "agree"), (6.16, "differ")],
)
def test_what_rounding_does_to_an_implied_figure_is_no_difference(intensity, reason):
    """Zhejiang, 2020: energy +10.1 %, value added +3.6 %, intensity published as +6.34 %."""
    series = {
        "indicator": [
            "energy_growth_pct",
            "value_added_growth_pct",
            "energy_intensity_change_pct",
        ],
        "period": ["2020"] * 3,
        "value": [10.1, 3.6, intensity],
    }
    one = county("2021-06-30", official_series=series)
    found = compare(one).set_index("official").loc["energy_intensity_change_pct"]
    found = found[found["by"].map(lambda by: "implied" in by.en)].iloc[0]
    assert found["computed"] == pytest.approx(6.2741, abs=1e-4)
    assert found["reason"] == reason


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


def test_a_change_by_the_firms_is_compared_year_by_year():
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
        "decimals": [2, 2, 1],
    }
    one = county(
        "2023-06-30",
        enterprises={"usci": ["A"], "industry": ["3441"]},
        enterprise_years=years,
        official_series=series,
    )
    found = compare(one).set_index(["official", "year"])
    found = found.loc[("energy_intensity_change_pct", 2022)]
    by_firms = found[found["computed"].notna()].iloc[0]
    assert (by_firms["computed"], by_firms["reason"]) == (-5.0, "differ")
    assert by_firms["difference"] == pytest.approx(0.2)
    # half of 0.1, and what half of 0.01 in the growth of value added does to −5 %
    assert by_firms["tolerance"] == pytest.approx(0.05 + 0.00475, abs=1e-5)
    assert found[found["computed"].isna()].iloc[0]["reason"] == "only_published"


def test_a_published_growth_of_energy_is_held_against_that_of_the_same_firms():
    years = {
        "usci": ["A", "A", "B", "B"],
        "year": [2020, 2021] * 2,
        "is_above_scale": [True, True, False, True],
        "energy_tce": [100, 104, 50, 52],
    }
    series = {"indicator": ["energy_growth_pct"], "period": ["2021"], "value": [4.0]}
    one = county(
        "2022-06-30",
        enterprises={"usci": ["A", "B"], "industry": ["3441"] * 2},
        enterprise_years=years,
        official_series=series,
    )
    found = compare(one).set_index("official").loc["energy_growth_pct"]
    assert (found["computed"], found["reason"]) == (4.0, "agree")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"computed": {"name": "investmnt"}}, "there is no indicator 'investmnt'"),
        ({"as": "totl"}, "as: must be one of value, growth_pct, total, .*did you mean 'total'"),
        ({"as": None}, "as: must be one of value, growth_pct, total"),
        ({"within": 0.5}, "unknown key 'within'"),
        ({"unit": None}, "the key 'unit' is missing"),
        ({"computed": {"scope": 1}}, "must be a mapping with the key 'name'"),
    ],
)
def test_a_pair_that_is_malformed_is_named(change, message):
    pair = {**POLICY["series"]["compared"][0], **change}
    pair = {key: value for key, value in pair.items() if value is not None}
    with pytest.raises(ConfigurationError, match=f"policy series: .*{message}"):
        comparisons({"series": {"compared": [pair]}})


# Which figures of either side are compared.

LEVELS = {
    "official": "x",
    "name": {"zh": "甲", "en": "x"},
    "computed": {"name": "official", "indicator": "y"},
    "by": {"zh": "乙", "en": "y"},
    "as": "value",
    "unit": "亩",
}


def levels(*rows):
    """Compare two published levels: rows of (indicator, period, value); give year and reason."""
    table = {
        "indicator": [name for name, _, _ in rows],
        "period": [period for _, period, _ in rows],
        "value": [value for _, _, value in rows],
        "unit": ["亩"] * len(rows),
    }
    policy = {"series": {"source": "", "compared": [LEVELS]}}
    found = compare(county("2025-06-30", policy=policy, official_series=table))
    return list(zip(found["year"], found["reason"], strict=True))


def test_years_stand_in_their_order_whatever_that_of_the_rows():
    years = (2016, 2014, 2017, 2015)
    rows = [(name, str(year), 1.0) for year in years for name in ("x", "y")]
    assert levels(*rows) == [(year, "agree") for year in sorted(years)]


def test_a_level_of_a_quarter_is_not_that_of_its_year():
    both_years = [("x", "2021", 10.0), ("x", "2022", 12.0), ("y", "2021", 10.0)]
    assert levels(*both_years, ("y", "2022Q3", 12.0)) == [
        (2021, "agree"),
        (2022, "only_published"),
    ]
    assert levels(("y", "2021", 10.0), ("x", "2021Q1", 10.0)) == [(2021, "only_computed")]


def test_what_is_not_published_is_only_computed():
    assert levels(("y", "2021", 10.0), ("z", "2021", 10.0)) == [(2021, "only_computed")]


@pytest.mark.parametrize(
    ("official", "unit"),
    [("manufacturing_investment_growth_pct", "%"), ("manufacturing_investment_wan", "万元")],
)
def test_a_figure_of_a_quarter_is_not_held_against_a_year(official, unit):
    found = both(official, "2021Q1", 26.5, unit)
    assert (found["reason"], found["published"] == found["published"]) == ("only_computed", False)


@pytest.mark.parametrize(
    ("as_of", "last", "years"),
    [
        ("2022-12-31", 12, [2020, 2021, 2022]),
        ("2022-12-30", 12, [2020, 2021]),
        ("2023-06-30", 11, [2020, 2021]),
        ("2023-06-30", 12, [2020, 2021, 2022]),
    ],
)
def test_a_total_is_that_of_a_year_which_is_over_and_known_to_its_end(as_of, last, years):
    months = {"project_id": ["P"] * 36, "month": MONTHS, "invested_wan": [1.0] * 36}
    months = {name: values[: 24 + last] for name, values in months.items()}
    found = compare(county(as_of, projects=PROJECTS, project_months=months))
    found = found[found["official"] == "manufacturing_investment_wan"]
    assert found["year"].tolist() == years
    assert set(found["computed"]) == {12.0}


def test_growth_after_a_year_of_nothing_is_not_compared():
    rows = both("manufacturing_investment_growth_pct", "2022", 5, monthly=(100, 0, 100))
    assert rows["reason"] == "only_published"
