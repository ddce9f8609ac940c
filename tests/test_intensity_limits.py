"""Intensity, running figures and months where a limit is met exactly, or a year is not there."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import POLICY, county
from tenglong.measure.carbon.intensity import Basis, intensity_change, intensity_years
from tenglong.measure.carbon.months import carbon_by_month, other_ratio
from tenglong.measure.carbon.pairs import lacking_cells, paired_firms, pairs
from tenglong.measure.carbon.year_changes import energy_growth, implied_intensity, pairs_intensity
from tenglong.measure.firm.ratios import firm_ratio
from tenglong.measure.reading import Gap, NotKnown
from test_intensity import firms_of, growing, twenty
from test_running import OPTIONS, months_of, reported

# --- intensity by year --------------------------------------------------------------------------


def test_without_any_year_nothing_is_incomplete():
    quarter = {"indicator": ["value_added_growth_pct"], "period": ["2021Q4"], "value": [8.0]}
    reading = intensity_change(growing([1], [100, 100], official_series=quarter))
    assert (reading.figures, reading.incomplete) == ((), ())


def test_a_year_that_is_not_out_is_not_incomplete():
    reading = intensity_change(growing([0], [100, 100, 100]))
    assert [figure.end.year for figure in reading.figures] == [2021]
    assert reading.incomplete == ()


def test_a_later_contradiction_stops_the_clause_and_a_later_gap_ends_the_chain():
    series = {
        "indicator": ["value_added_growth_pct"] * 2 + ["energy_growth_pct"] * 2,
        "period": ["2021", "2022", "2022", "2022"],
        "value": [0.0, 0.0, 3.1, 4.6],
        "publisher": ["统计局", "统计局", "统计局", "发改局"],
    }
    reading = intensity_change(growing([], [100, 90, 80], official_series=series))
    assert isinstance(reading, NotKnown)
    assert reading.why is Gap.CONTRADICTORY
    energy = {"A": [100, 90, None], "B": [100, 90, None]}
    short = intensity_change(firms_of(energy, rates=(0, 0)))
    assert [figure.value for figure in short.figures] == [-10]
    assert [one.end for one in short.incomplete] == [date(2022, 12, 31)]


def test_the_change_of_a_year_is_on_the_year_before_and_the_parts_are_those_of_the_year():
    one = firms_of({"A": [100, 90, 81], "B": [50, ..., ...]}, rates=(0, 25))
    first, second = intensity_change(one).figures
    assert (first.value, second.value) == (-10, Fraction("-35.2"))
    assert second.parts["own_change_pct"] == -28
    assert second.parts["energy_growth_pct"] == -10
    assert second.parts["value_added_growth_pct"] == 25
    assert (second.parts["energy_tce"], second.parts["energy_tce_before"]) == (81, 90)
    assert (first.parts["firms"], first.parts["firms_lacking"], first.parts["firms_new"]) == (
        1,
        0,
        0,
    )
    assert first.parts["all_firms_change_pct"] == -40
    assert second.parts["all_firms_change_pct"] == Fraction("-56.8")
    assert second.parts["rests_on_pair"] == "2021, 2022"


def test_by_pairs_alone_there_is_no_change_once_a_year_has_none():
    one = firms_of({"A": [0, 90, 90]}, rates=(0, 0), energy_intensity_change={2021: -10})
    found = intensity_years(one)
    assert [year.basis for year in found] == [Basis.INTENSITY, Basis.PAIR]
    assert [year.pairs_pct for year in found] == [None, None]
    assert [year.all_firms_pct for year in found] == [None, None]
    assert found[1].change_pct == -10


def test_a_first_year_that_is_not_preliminary_does_not_make_a_later_one_final():
    years = growing([0, 0], [1, 1, 1]).table("enterprise_years")
    later = years.assign(stage=["final", "final", "preliminary"])
    found = intensity_change(growing([0, 0], [1, 1, 1], enterprise_years=later)).figures
    assert [figure.is_preliminary for figure in found] == [False, True]


def test_the_blanks_of_all_years_so_far_are_awaited_each_once():
    more = {f"F{n}": [100, 90, 80] for n in range(40)}
    one = firms_of(more | {"Y": [100, None, 80], "Z": [100, 90, None]}, rates=(0, 0))
    first, second = intensity_change(one).figures
    assert [blank.name for blank in first.blanks] == ["Y"]
    assert [blank.name for blank in second.blanks] == ["Y", "Z"]
    published = firms_of(
        more | {"Y": [100, None, 80]}, rates=(0, 0), energy_intensity_change={2022: -1}
    )
    assert [blank.name for blank in intensity_change(published).figures[1].blanks] == ["Y"]


def test_a_blank_of_another_year_is_not_awaited():
    energy = twenty(Z=[100, 90])
    one = firms_of({name: [*amounts, 80, 70] for name, amounts in energy.items()}, rates=(0, 0))
    years = one.tables["enterprise_years"]
    gone = years.assign(
        energy_tce=years["energy_tce"].mask((years["year"] == 2023) & (years["usci"] == "Z"))
    )
    one = replace(one, tables={**one.tables, "enterprise_years": gone})
    firms = paired_firms(one, scope="above_scale_industry")
    found = lacking_cells(one, firms, scope="above_scale_industry")
    assert {year: len(cells) for year, cells in found.items()} == {
        2020: 21,
        2021: 0,
        2022: 0,
        2023: 1,
    }


def test_the_rows_that_a_change_rests_on_are_those_of_the_plan_s_years():
    one = growing([0, 0], [100, 90, 90])
    series = {
        "indicator": ["value_added_growth_pct"] * 4,
        "period": ["2024", "2022", "2021", "2020"],
        "value": [1.0, 0.0, 0.0, 5.0],
    }
    reading = intensity_change(replace(growing([0, 0], [100, 90, 90], official_series=series)))
    firms, published = reading.evidence
    assert (firms.table, firms.rows["year"].tolist()) == ("enterprise_years", [2021, 2022])
    assert (published.table, published.rows["period"].astype(str).tolist()) == (
        "official_series",
        ["2022", "2021"],
    )
    assert intensity_change(one).figures[1].value == -10


def test_a_firm_registered_in_the_year_is_new_and_one_of_the_year_before_is_not():
    for day, lacking in (("2021-01-01", 0), ("2020-12-31", 1)):
        firms = {"registered_on": ["2001-01-01", day]}
        one = firms_of({"A": [100, 90], "Z": [..., 50]}, firms=firms)
        found = pairs(paired_firms(one, scope="above_scale_industry"), most_missing=Fraction(1))
        assert (found[2021].lacking, found[2021].newcomers) == (lacking, 1 - lacking)


def test_a_pair_s_energy_is_that_of_both_years_of_the_same_firms():
    found = pairs(
        paired_firms(
            firms_of({"A": [100, 90], "B": [50, 60]}, as_of="2022-06-30"),
            scope="above_scale_industry",
        ),
        most_missing=Fraction(1, 20),
    )
    assert (found[2021].energy_tce, found[2021].energy_tce_before) == (150, 150)
    assert (found[2021].firms, found[2021].growth_pct) == (2, 0)


# --- changes of single years --------------------------------------------------------------------


def test_single_years_stand_in_their_order_and_one_without_growth_is_left_out():
    one = firms_of({"A": [100, 90, 81, 81]}, rates=(10, 8, None))
    assert [(figure.end.year, figure.value) for figure in energy_growth(one).figures] == [
        (2021, -10),
        (2022, -10),
        (2023, 0),
    ]
    found = pairs_intensity(one).figures
    assert [figure.end.year for figure in found] == [2021, 2022]
    low, high = found[0].bounds
    # Growth of 10 % as printed is 9.5 to 10.5 or 9.95 to 10.05, by its digits.
    assert low < found[0].value < high
    assert float(found[0].value) == pytest.approx((0.9 / 1.1 - 1) * 100)


def test_two_published_growths_imply_a_change_of_the_years_that_both_have():
    series = {
        "indicator": ["energy_growth_pct"] * 2 + ["value_added_growth_pct"] * 3,
        "period": ["2022", "2021", "2021", "2022", "2020"],
        "value": [4.5, -10.0, 10.0, -100.0, 3.0],
    }
    found = implied_intensity(county("2024-06-30", official_series=series)).figures
    assert [figure.end.year for figure in found] == [2021]
    assert float(found[0].value) == pytest.approx((0.9 / 1.1 - 1) * 100)


# --- the last twelve months ---------------------------------------------------------------------


def monitored(count, monthly, *, closed=None, day="2022-10-15", **changed):
    names = [f"F{number:02}" for number in range(count)]
    one = county(
        day,
        enterprises={
            "usci": names,
            "industry": ["3441"] * count,
            "closed_on": closed or [None] * count,
        },
        enterprise_years={
            "usci": names,
            "year": [2021] * count,
            "tax_paid_wan": [100.0] * count,
            "land_mu": [10.0] * count,
        },
        enterprise_months=reported(monthly(names)),
    )
    return firm_ratio(one, **{**OPTIONS, **changed}).running


def test_just_a_twentieth_of_the_firms_may_lack_a_month():
    def but_one(names):
        return [months_of(name, tax_wan=1.0) for name in names[1:]]

    found = monitored(20, but_one)
    assert (found.value, found.firms, found.firms_lacking) == (Fraction(12, 10), 20, 1)
    assert (found.code, found.end) == ("", date(2022, 9, 30))
    short = monitored(19, but_one)
    assert (short.code, short.value, short.firms_lacking) == ("firms_lacking", None, 1)


def test_the_last_month_is_one_of_which_just_a_twentieth_lacks():
    def a_month_more(lacking):
        def monthly(names):
            ends = ["2022-09"] * lacking + ["2022-10"] * (len(names) - lacking)
            return [
                months_of(name, "2021-10", end, tax_wan=1.0)
                for name, end in zip(names, ends, strict=True)
            ]

        return monitored(20, monthly, day="2022-11-15")

    assert a_month_more(1).end == date(2022, 10, 31)
    assert a_month_more(2).end == date(2022, 9, 30)


def test_a_month_by_whose_end_all_are_closed_is_not_the_last():
    found = monitored(
        2,
        lambda names: [months_of(name, "2021-09", tax_wan=1.0) for name in names],
        closed=["2022-01-31", "2022-09-30"],
    )
    assert (found.firms, found.firms_lacking, found.value) == (1, 0, Fraction(12, 10))
    assert (found.start, found.end) == (date(2021, 9, 1), date(2022, 8, 31))


def test_the_yearly_tax_holds_what_is_added_back_and_the_months_do_not():
    found = monitored(1, lambda names: [months_of(names[0], tax_wan=1.0)])
    assert found.without == ("add_back" if POLICY["tax"]["add_back"] else "")
    assert POLICY["tax"]["add_back"]


# --- emissions by month -------------------------------------------------------------------------

YEAR = {
    "usci": ["A"],
    "year": [2021],
    "coal_t": [100.0],
    "electricity_10k_kwh": [0.0],
    "energy_tce": [71.43],
}


def emitted(months, **columns):
    table = {"usci": [f"F{number}" for number in range(len(months))], "month": months, **columns}
    return carbon_by_month(county("2022-06-30", enterprise_months=table, enterprise_years=YEAR))


def test_months_stand_in_their_order_with_their_own_firms():
    found = emitted(
        ["2022-05", "2022-04", "2022-05"],
        electricity_10k_kwh=[1.0, 2.0, 4.0],
        energy_tce=[10.0, 20.0, 40.0],
    )
    assert found["month"].astype(str).tolist() == ["2022-04", "2022-05"]
    assert found["firms"].tolist() == [1, 2]
    assert found["energy_tce"].tolist() == [20, 50]
    assert found["electricity_10k_kwh"].tolist() == [2, 5]


@pytest.mark.parametrize(("count", "is_complete"), [(20, True), (19, False)])
def test_a_month_is_complete_while_just_a_twentieth_of_its_rows_lacks_a_figure(count, is_complete):
    found = emitted(
        ["2022-05"] * count,
        electricity_10k_kwh=[1.0] * count,
        energy_tce=[None] + [10.0] * (count - 1),
    ).iloc[0]
    assert (found["firms"], found["lacking"]) == (count - 1, 1)
    assert bool(found["is_complete"]) is is_complete


def test_what_other_fuels_emitted_leaves_electricity_out_on_both_sides():
    years = {
        "usci": ["A", "A"],
        "year": [2020, 2021],
        "coal_t": [100.0, 100.0],
        "electricity_10k_kwh": [0.0, 50.0],
        "energy_tce": [71.43, 71.43 + 150.0],
    }
    alone, with_power = (
        other_ratio(county(enterprise_years={k: v[at : at + 1] for k, v in years.items()}), {"A"})
        for at in (0, 1)
    )
    assert float(alone) == pytest.approx(1.9003 / 0.7143, rel=1e-4)
    assert float(with_power) == pytest.approx(float(alone), rel=1e-3)
    assert other_ratio(county(enterprise_years=years), {"B"}) is None
    only_power = {**YEAR, "coal_t": [0.0], "electricity_10k_kwh": [50.0], "energy_tce": [150.0]}
    assert other_ratio(county(enterprise_years=only_power), {"A"}) == 0
