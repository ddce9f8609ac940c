"""Energy per value added: what a year rests on, the same firms in two years, what is beside."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, clause, county
from tenglong.measure.carbon.intensity import Basis, intensity_change, intensity_years
from tenglong.measure.carbon.pairs import paired_firms, pairs
from tenglong.measure.clause import Kind, Operator
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Gap, NotKnown


def growing(rates, tce, **more):
    """Give a county with one above-scale firm that burnt these amounts from 2020 on."""
    years = {
        "usci": ["A"] * len(tce),
        "year": range(2020, 2020 + len(tce)),
        "is_above_scale": [True] * len(tce),
        "energy_tce": tce,
    }
    series = {
        "indicator": ["value_added_growth_pct"] * len(rates),
        "period": [str(2021 + n) for n in range(len(rates))],
        "value": rates,
    }
    firms = {"usci": ["A"], "industry": ["3441"]}
    tables = {"enterprises": firms, "enterprise_years": years, "official_series": series}
    return county("2024-06-30", **{**tables, **more})


def test_three_years_of_equal_falls_make_nine_per_cent():
    yearly = 0.91 ** (1 / 3)
    tce = [1000 * yearly**n for n in range(4)]
    found = intensity_change(growing([0, 0, 0], tce)).figures[-1]
    assert float(found.value) == pytest.approx(-9)


def test_nominal_levels_are_never_divided():
    found = intensity_change(growing([10], [100, 104.5])).figures
    assert [figure.value for figure in found] == [-5]


rates = st.lists(st.decimals(-20, 40, places=1), min_size=3, max_size=3)
burnt = st.lists(st.decimals(100, 9999, places=2), min_size=4, max_size=4)


@given(rates, burnt)
def test_the_change_is_the_quotient_of_two_indices(growth, tce):
    found = intensity_change(growing([float(g) for g in growth], [float(t) for t in tce]))
    index = Fraction(1)
    for rate in growth:
        index *= 1 + Fraction(str(rate)) / 100
    energy_index = Fraction(str(tce[3])) / Fraction(str(tce[0]))
    assert found.figures[-1].value == (energy_index / index - 1) * 100


def test_a_year_without_a_rate_ends_the_chain():
    county_ = growing([10, None, 10], [100, 100, 100, 100])
    assert [figure.end.year for figure in intensity_change(county_).figures] == [2021]


def test_a_quarters_rate_is_no_years_rate():
    series = {"indicator": ["value_added_growth_pct"], "period": ["2021Q4"], "value": [8.0]}
    assert intensity_change(growing([1], [100, 100], official_series=series)).figures == ()


def test_the_scope_leaves_other_industries_out():
    years = {
        "usci": ["A", "A", "B", "B"],
        "year": [2020, 2021] * 2,
        "is_above_scale": [True] * 4,
        "energy_tce": [100, 100, 1000, 9000],
    }
    firms = {"usci": ["A", "B"], "industry": ["3441", "5990"]}
    one = growing([0], [100], enterprise_years=years, enterprises=firms)
    assert intensity_change(one).figures[0].value == 0


def test_electricity_can_be_counted_at_its_calorific_value():
    years = {
        "usci": ["A"] * 2,
        "year": [2020, 2021],
        "is_above_scale": [True] * 2,
        "electricity_10k_kwh": [100, 0],
        "coal_t": [0, 300 / 0.7143],
        "energy_tce": [300, 300],
    }
    one = growing([0], [100], enterprise_years=years)
    assert float(intensity_change(one).figures[0].value) == pytest.approx(0)
    calorific = intensity_change(one, counting="calorific").figures[0].value
    assert float(calorific) == pytest.approx((300 / 122.9 - 1) * 100)


def test_energy_does_not_hang_on_tax():
    assert "tax_paid_wan" not in growing([0], [1, 1]).table("enterprise_years")
    assert intensity_change(growing([0], [1, 1])).figures


def test_without_energy_the_column_is_named():
    one = growing([1], [1, 1], enterprise_years={"usci": ["A"], "year": [2021]})
    found = intensity_change(one)
    assert isinstance(found, NotKnown)
    assert (found.code, found.table, found.column) == (
        "no_column",
        "enterprise_years",
        "energy_tce",
    )


def test_without_published_growth_the_indicator_is_named():
    series = {"indicator": ["other"], "period": ["2021"], "value": [1.0]}
    found = intensity_change(growing([1], [1, 1], official_series=series))
    assert isinstance(found, NotKnown)
    assert found.parts == {"indicator": "value_added_growth_pct"}


def firms_of(energy, *, rates=(0,), large=None, as_of="2024-06-30", firms=None, **series):
    """Give firms by name with their energy from 2020 on; None is a blank, ... no row."""
    cells = [
        (usci, 2020 + n, tce)
        for usci, amounts in energy.items()
        for n, tce in enumerate(amounts)
        if tce is not ...
    ]
    names = list(energy)
    published = {
        "value_added_growth_pct": {2021 + n: rate for n, rate in enumerate(rates)},
        **{f"{name}_pct": figures for name, figures in series.items()},
    }
    figures = [
        (name, str(year), value) for name, by in published.items() for year, value in by.items()
    ]
    return county(
        as_of,
        enterprises={"usci": names, "industry": ["3441"] * len(names), **(firms or {})},
        enterprise_years={
            "usci": [usci for usci, _, _ in cells],
            "year": [year for _, year, _ in cells],
            "energy_tce": [tce for _, _, tce in cells],
            "is_above_scale": [large is None or large(usci, year) for usci, year, _ in cells],
        },
        official_series={
            "indicator": [name for name, _, _ in figures],
            "period": [period for _, period, _ in figures],
            "value": [value for _, _, value in figures],
        },
    )


def pair_of(one, year=2021):
    firms = paired_firms(one, scope="above_scale_industry")
    return pairs(firms, most_missing=Fraction(1, 20))[year]


def reasons(one, year=2021):
    firms = paired_firms(one, scope="above_scale_industry")
    of_year = firms[(firms["year"] == year) & firms["reason"].notna()]
    return dict(zip(of_year["usci"], of_year["reason"], strict=True))


def test_a_firm_that_comes_into_the_scope_is_no_growth():
    def large(usci, year):
        return usci == "A" or year > 2020

    one = firms_of({"A": [100, 90], "B": [50, 45]}, large=large)
    found = intensity_years(one)[0]
    assert (found.basis, found.change_pct) == (Basis.PAIR, -10)
    assert found.all_firms_pct == 35  # 135 of two firms against 100 of one


def test_a_firm_that_leaves_the_scope_is_no_fall():
    one = firms_of({"A": [100, 90], "B": [50, ...]})
    found = intensity_years(one)[0]
    assert (found.change_pct, found.all_firms_pct) == (-10, -40)


def test_all_firms_stand_beside_among_the_parts_and_are_not_judged():
    one = firms_of({"A": [100, 99], "B": [50, ...]})
    reading = intensity_change(one)
    wanted = clause(Kind.CHANGE, -9, operator=Operator.AT_MOST)
    judged = assess(wanted, reading, as_of=one.as_of, bands=BANDS)
    assert judged.actual == -1
    assert judged.components["all_firms_change_pct"] == -34
    assert judged.status is not Status.ACHIEVED


@pytest.mark.parametrize(
    ("published", "basis", "change"),
    [
        ({}, Basis.PAIR, -20),
        ({"energy_growth": {2021: 5}}, Basis.ENERGY, -16),
        ({"energy_intensity_change": {2021: -3.5}}, Basis.INTENSITY, Fraction("-3.5")),
        (
            {"energy_intensity_change": {2021: -3.5}, "energy_growth": {2021: 5}},
            Basis.INTENSITY,
            Fraction("-3.5"),
        ),
    ],
)
def test_what_is_published_goes_before_what_is_computed(published, basis, change):
    found = intensity_years(firms_of({"A": [100, 100]}, rates=(25,), **published))[0]
    assert (found.basis, found.change_pct) == (basis, change)


def test_every_year_rests_on_its_own_and_the_parts_say_on_what():
    one = firms_of(
        {"A": [100, 100, 100, 100]},
        rates=(0, 25, 0),
        energy_growth={2022: 0},
        energy_intensity_change={2021: -10},
    )
    first, _, last = intensity_change(one).figures
    rests = [name for name in first.parts if name.startswith("rests_on")]
    assert rests == ["rests_on_published_intensity"]
    assert last.value == Fraction(90, 100) * Fraction(80, 100) * 100 - 100
    assert last.parts["rests_on_published_intensity"] == "2021"
    assert last.parts["rests_on_published_energy"] == "2022"
    assert last.parts["rests_on_pair"] == "2023"
    assert last.parts["pairs_change_pct"] == -20


def test_a_published_intensity_needs_no_firms():
    series = {"indicator": ["energy_intensity_change_pct"], "period": ["2021"], "value": [-4.1]}
    found = intensity_change(county("2022-06-30", official_series=series)).figures
    assert [figure.value for figure in found] == [Fraction("-4.1")]


def test_a_year_of_neither_ends_the_chain_after_a_published_one():
    one = firms_of({"A": [100, 100]}, rates=(), energy_intensity_change={2021: -4})
    assert [found.year for found in intensity_years(one)] == [2021]


def test_published_figures_that_contradict_each_other_stop_the_clause():
    one = growing(
        [0],
        [100, 100],
        official_series={
            "indicator": ["value_added_growth_pct"] + ["energy_growth_pct"] * 2,
            "period": ["2021"] * 3,
            "value": [5.0, 3.1, 4.6],
            "publisher": ["统计局", "统计局", "发改局"],
        },
    )
    found = intensity_change(one)
    assert isinstance(found, NotKnown)
    assert (found.why, found.code) == (Gap.CONTRADICTORY, "published_twice")


def test_a_contradiction_that_no_year_needs_stops_nothing():
    one = growing(
        [0],
        [100, 100],
        official_series={
            "indicator": ["energy_intensity_change_pct"] + ["energy_growth_pct"] * 2,
            "period": ["2021"] * 3,
            "value": [-5.0, 3.1, 4.6],
        },
    )
    assert intensity_change(one).figures[0].value == -5


def twenty(**others):
    """Give twenty firms that burn 100 and then 90, and others."""
    return {f"F{n}": [100, 90] for n in range(20)} | others


def test_a_firm_without_a_year_before_is_left_out_on_both_sides_and_named():
    one = firms_of({f"F{n}": [100, 90] for n in range(19)} | {"Z": [..., 500]})
    assert reasons(one) == {"Z": "no_year_before"}
    found = pair_of(one)
    assert (found.firms, found.lacking, found.growth_pct) == (19, 1, -10)


def test_the_limit_of_missing_is_met_exactly_and_then_passed():
    exactly = {f"F{n}": [100, 90] for n in range(19)} | {"Z": [None, 500]}
    assert pair_of(firms_of(exactly)).growth_pct == -10
    too_many = exactly | {"Y": [..., 500]}
    found = pair_of(firms_of(too_many))
    assert (found.lacking, found.growth_pct) == (2, None)
    reading = intensity_change(firms_of(too_many))
    assert isinstance(reading, NotKnown)
    assert (reading.code, reading.column) == ("population_incomplete", "energy_tce")


def test_what_is_blank_in_either_year_is_wanting():
    one = firms_of(twenty(Y=[100, None], Z=[None, 500]))
    assert reasons(one) == {"Y": "energy_unknown", "Z": "energy_before_unknown"}


def test_newcomers_are_left_out_and_nothing_is_wanting():
    def large(usci, year):
        return usci != "Y" or year > 2020

    energy = {"A": [100, 90], "Y": [None, 70], "Z": [..., 50]}
    registered = {"registered_on": ["2001-01-01", "2001-01-01", "2021-03-01"]}
    one = firms_of(energy, large=large, firms=registered)
    assert reasons(one) == {"Y": "entered", "Z": "new"}
    found = pair_of(one)
    assert (found.firms, found.lacking, found.newcomers) == (1, 0, 2)
    assert found.growth_pct == -10


def test_a_place_without_firms_has_no_pairs():
    one = firms_of({"A": [100, 90]})
    none = county(
        enterprises=one.table("enterprises").head(0).assign(registered_on=pd.NaT),
        enterprise_years=one.table("enterprise_years").head(0),
    )
    assert paired_firms(none, scope="above_scale_industry").empty


def test_firms_that_burnt_nothing_before_have_no_growth():
    assert pair_of(firms_of({"A": [0, 90]})).growth_pct is None


def test_a_preliminary_figure_of_a_pair_makes_the_change_preliminary_from_then_on():
    one = growing([0, 0], [100, 90, 90])
    years = one.table("enterprise_years").assign(stage=["final", "preliminary", "final"])
    found = intensity_change(growing([0, 0], [100, 90, 90], enterprise_years=years))
    assert [figure.is_preliminary for figure in found.figures] == [True, True]
    series = {"indicator": ["energy_intensity_change_pct"], "period": ["2021"], "value": [-1]}
    published = growing([0], [1, 1], enterprise_years=years, official_series=series)
    assert not intensity_change(published).figures[0].is_preliminary


@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_nothing(order):
    one = firms_of({"A": [100, 90], "B": [50, 49], "C": [10, 11]})
    years = one.table("enterprise_years")
    other = growing(
        [0], [1, 1], enterprises=one.table("enterprises"), enterprise_years=years.iloc[list(order)]
    )
    assert intensity_change(other).figures == intensity_change(one).figures


def test_published_growth_is_not_mixed_with_calorific_energy():
    published = {"energy_intensity_change": {2021: -3.5}}
    one = firms_of({"A": [100, 100]}, rates=(25,), **published)
    years = one.table("enterprise_years").assign(
        electricity_10k_kwh=[0.0, 0.0], coal_t=[100 / 0.7143, 100 / 0.7143]
    )
    found = intensity_years(
        growing([25], [1, 1], enterprise_years=years, official_series=one.table("official_series")),
        counting="calorific",
    )
    assert found[0].basis is Basis.PAIR
    assert float(found[0].change_pct) == pytest.approx(-20)


def test_the_blank_cells_of_both_years_are_awaited_without_a_bound():
    more = {f"G{n}": [100, 90] for n in range(20)}
    one = firms_of(twenty(**more, Y=[100, None], X=[..., 500]))
    figure = intensity_change(one).figures[0]
    found = {(blank.column, blank.name, blank.row is None) for blank in figure.blanks}
    assert found == {("energy_tce", "Y", False), ("energy_tce", "X", True)}
    assert (figure.value, figure.low, figure.high) == (-10, None, None)


def test_a_year_before_that_is_blank_is_awaited_in_its_own_row():
    one = firms_of(twenty(Z=[None, 500]))
    years = one.tables["enterprise_years"]
    [blank] = intensity_change(one).figures[0].blanks
    assert years.loc[blank.row, ["usci", "year"]].tolist() == ["Z", 2020]


def test_who_may_be_in_scope_is_awaited():
    industries = {"industry": ["3441"] * 20 + [None]}
    one = firms_of(twenty(Z=[100, 500]), firms=industries)
    [blank] = intensity_change(one).figures[0].blanks
    assert (blank.table, blank.column, blank.name) == ("enterprises", "industry", "Z")


def test_a_year_that_rests_on_what_was_published_waits_for_no_firm():
    one = firms_of(twenty(Z=[None, 500]), energy_growth={2021: 4})
    assert intensity_change(one).figures[0].blanks == ()


def test_a_year_that_only_blanks_keep_from_a_figure_is_incomplete():
    late = {f"F{n}": [100, 90, None] for n in range(5)}
    one = firms_of(twenty() | late | {"Z": [100, 90, 80]}, rates=(0, 0))
    reading = intensity_change(one)
    assert [figure.end.year for figure in reading.figures] == [2021]
    [incomplete] = reading.incomplete
    assert incomplete.end.year == 2022
    assert {blank.name for blank in incomplete.blanks} >= set(late)


def test_too_many_blanks_are_named_by_the_reading_that_is_not_known():
    energy = {f"F{n}": [100, 90] for n in range(4)} | {"Y": [100, None]}
    reading = intensity_change(firms_of(energy))
    assert isinstance(reading, NotKnown)
    assert [blank.name for blank in reading.blanks] == ["Y"]
