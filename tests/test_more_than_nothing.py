"""What is more than nothing counts, however little: a half is neither none nor one."""

from dataclasses import replace
from fractions import Fraction

import pytest

from build import BANDS, POLICY, clause, county, flow, series
from tenglong.measure.carbon.intensity import intensity_change
from tenglong.measure.carbon.months import carbon_by_month
from tenglong.measure.chain.collateral import collateral_by_parcel
from tenglong.measure.chain.directory import chain_trends
from tenglong.measure.chain.monthly import Months
from tenglong.measure.clause import Kind
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.judge.steps import compound_rate
from tenglong.measure.land.occupants import per_mu
from tenglong.measure.land.supply import land_replaced, replacement_ledger
from tenglong.measure.land.tally import land_extents
from tenglong.measure.league.targets import shared_out
from tenglong.measure.parcel.measures import assessed_value_per_mu
from tenglong.measure.published.series import official_growth
from tenglong.measure.reading import NotKnown
from test_league import item, standing
from test_warning import firms

HALF = Fraction(1, 2)
TAX = {"tax": {"source": "", "add_back": []}}


@pytest.mark.parametrize(
    ("begin", "status"), [("0.5", Status.ON_TRACK), ("0", None), ("-0.5", None)]
)
def test_growth_begins_above_nothing(begin, status):
    of = clause(Kind.GROWTH, 25)
    reading = series("亿元", y2020=begin, y2021=Fraction(begin) * Fraction(5, 4))
    found = assess(of, reading, as_of=of.window.end.replace(year=2022), bands=BANDS)
    assert found.status is (status or Status.NOT_APPLICABLE)
    assert (found.baseline, found.pace is None) == (Fraction(begin), status is None)


def test_a_year_after_nothing_has_no_rate_of_its_own():
    of = clause(Kind.GROWTH, 25)
    reading = series("亿元", y2020=100, y2021=0, y2022=150)
    found = assess(of, reading, as_of=of.window.end.replace(year=2022), bands=BANDS)
    assert found.components["mean_of_yearly_rates_pct"] == -100
    only = series("亿元", y2020=100, y2021=150, y2022=120)
    other = assess(of, only, as_of=of.window.end.replace(year=2022), bands=BANDS)
    assert other.components["mean_of_yearly_rates_pct"] == 15


def test_a_level_that_fell_to_half_lost_half():
    assert compound_rate(HALF, years=1) == -HALF
    assert compound_rate(Fraction(1, 4), years=2) == -HALF


@pytest.mark.parametrize(("target", "code"), [(0.5, ""), (0, "no_task")])
def test_a_target_of_a_half_asks_something(target, code):
    found = standing({"x": item({"t1": 1}, target, unit="亩")})["t1"]
    assert found.rows[0].code == code
    assert found.rows[0].progress == (2 if target else None)


def test_bases_of_less_than_one_are_shared_out_by():
    found = shared_out(Fraction(3), {"a": Fraction(1, 4), "b": Fraction(1, 8)}, step=1)
    assert found == {"a": 2, "b": 1}
    assert shared_out(Fraction(3), {"a": Fraction(0)}, step=1) == {}


@pytest.mark.parametrize(
    ("land", "score"), [(0.5, True), (0.0, False)], ids=["half a mu", "no land"]
)
def test_half_a_mu_is_land_to_be_judged_by(land, score):
    place = county(
        policy=TAX,
        enterprises={"usci": ["a", "b"], "industry": ["33", "33"]},
        enterprise_years={
            "usci": ["a", "b"],
            "year": [2021, 2021],
            "is_above_scale": [True, True],
            "land_mu": [land, 5.0],
            "tax_paid_wan": [5.0, 5.0],
        },
    )
    found = evaluate(place, year=2021, scheme="huangyan-2022").frame.set_index("usci")
    assert (found.loc["a", "tax_per_mu"] == 10) == score
    parcels = {"parcel_id": ["p"], "actual_mu": [land]}
    used = {"usci": ["a"], "parcel_id": ["p"], "area_mu": [1.0]}
    taxed = county(
        policy=TAX,
        parcels=parcels,
        occupancies=used,
        enterprise_years={"usci": ["a"], "year": [2021], "tax_paid_wan": [5.0]},
    )
    assert per_mu(taxed, "tax_wan")["p"] == (10 if score else None)


@pytest.mark.parametrize(("area", "reason"), [(0.5, "known"), (0.0, "no_area")])
def test_a_parcel_of_half_a_mu_has_an_area(area, reason):
    place = county(
        parcels={"parcel_id": ["p"], "actual_mu": [area], "assessed_value_wan": [3.0]},
        collateral={
            "collateral_id": ["1"],
            "parcel_id": ["p"],
            "amount_wan": [3.0],
            "registered_on": ["2021-03-01"],
            "released_on": [None],
        },
    )
    found = collateral_by_parcel(place).iloc[0]
    assert found["reason"] == reason
    if reason == "known":
        assert found["wan_per_mu"] == 6
        assert assessed_value_per_mu(place).tolist() == [6]
        assert land_extents(place).tolist() == [0.5]


@pytest.mark.parametrize(
    ("before", "change", "why"),
    [(0.5, 100, ""), (0.0, None, "base_not_positive")],
)
def test_a_change_on_a_half_is_known(before, change, why):
    place = firms({"A": {"2021-06": before, "2022-06": 1.0}})
    months = Months.of(place)
    assert months.value("tax_wan_yoy", "A", months.last.ordinal) == (change, why)
    found = chain_trends(place).set_index("figure").loc["tax_wan"]
    assert found["matched"] == 1
    assert (found["change_pct"] == 100) == (not why)


@pytest.mark.parametrize(
    ("put_in", "is_short", "opened"), [(5.0, False, []), (4.5, True, ["0.5 亩"]), (5.5, False, [])]
)
def test_half_a_mu_that_is_owed_is_owed(put_in, is_short, opened):
    place = county(
        land_moves={
            "moved_on": ["2021-03-01", "2021-05-01"],
            "area_mu": [5.0, put_in],
            "direction": ["out", "in"],
        }
    )
    assert bool(replacement_ledger(place)["is_short"].iloc[-1]) is is_short
    assert [one.name for one in land_replaced(place).opened] == opened


def test_half_a_mu_is_owed_since_its_own_day():
    place = county(
        land_moves={
            "moved_on": ["2021-03-01", "2021-05-01"],
            "area_mu": [0.5, 2.0],
            "direction": ["out", "out"],
        }
    )
    assert [(one.name, str(one.since)) for one in land_replaced(place).opened] == [
        ("2.5 亩", "2021-03-01")
    ]


@pytest.mark.parametrize(
    ("energy", "reason"), [(30.0, "estimated"), (29.5, "energy_too_low"), (30.5, "estimated")]
)
def test_as_much_energy_as_its_electricity_is_enough(energy, reason):
    place = county(
        enterprise_years={
            "usci": ["A"],
            "year": [2021],
            "coal_t": [100.0],
            "electricity_10k_kwh": [50.0],
            "energy_tce": [221.43],
        },
        enterprise_months={
            "usci": ["A"],
            "month": ["2022-05"],
            "electricity_10k_kwh": [10.0],
            "energy_tce": [energy],
        },
    )
    assert carbon_by_month(place)["reason"].tolist() == [reason]


@pytest.mark.parametrize(("rate", "years"), [(-99.5, 1), (-100.0, 0)])
def test_value_added_that_is_all_gone_ends_the_chain(rate, years):
    place = county(
        enterprises={"usci": ["A"], "industry": ["3441"]},
        enterprise_years={
            "usci": ["A"] * 2,
            "year": [2020, 2021],
            "is_above_scale": [True] * 2,
            "energy_tce": [100.0, 1.0],
        },
        official_series={
            "indicator": ["value_added_growth_pct"],
            "period": ["2021"],
            "value": [rate],
        },
    )
    found = intensity_change(place).figures
    assert len(found) == years
    assert [figure.value for figure in found] == [100] * years
    index = official_growth(place, indicator="value_added_growth_pct").figures
    assert index[-1].value == 100 + Fraction(str(rate))


def test_a_year_with_a_half_gained_is_no_year_without():
    of = clause(Kind.ANNUAL, "0.5", unit="亩")
    found = assess(of, flow(("2021-03-01", "0.5"), unit="亩"), as_of=of.window.end, bands=BANDS)
    assert [year.verdict for year in found.years] == ["met", "missed", "missed"]


def test_figures_of_a_year_whose_energy_is_nothing_are_not_divided_by():
    place = county(
        enterprises={"usci": ["A"], "industry": ["3441"]},
        enterprise_years={
            "usci": ["A"] * 2,
            "year": [2020, 2021],
            "is_above_scale": [True] * 2,
            "energy_tce": [0.0, 1.0],
        },
        official_series={
            "indicator": ["value_added_growth_pct"],
            "period": ["2021"],
            "value": [5.0],
        },
    )
    assert isinstance(intensity_change(place), NotKnown)
    rules = {**POLICY["bands"], "most_missing_share": 0}
    strict = replace(place, policy={**place.policy, "bands": rules})
    assert isinstance(intensity_change(strict), NotKnown)
