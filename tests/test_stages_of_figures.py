"""Yearly rows that follow one another: when a figure counts, and which of two holds."""

from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, county, series
from tenglong.errors import DataError
from tenglong.measure.board.board import read
from tenglong.measure.clause import IndicatorRef, Kind, Operator
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.land.supply import fund_share
from tenglong.measure.reading import Figure, Series
from tenglong.source import open_county

HEAD = "统一社会信用代码,年度,是否规上,实缴税金,评价用地面积,发布日期,数据阶段\n"
FIRM = "统一社会信用代码,企业名称,行业代码\n91330328XXXX00018L,甲,3441\n"
ROWS = HEAD + (
    "91330328XXXX00018L,2022,是,100,10,2023-02-20,初步\n"
    "91330328XXXX00018L,2022,是,150,10,2023-05-10,终审\n"
)
TAX = clause(
    Kind.LEVEL,
    12,
    unit="万元/亩",
    due=date(2022, 12, 31),
    baseline=baseline(5),
    indicator=IndicatorRef(
        "firm_ratio", {"numerator": "tax", "denominator": "land_mu", "scope": "industry"}
    ),
)


@pytest.fixture
def opened(bundle):
    files = {"a.csv": FIRM, "y.csv": ROWS}
    tables = {"enterprises": {"file": "a.csv"}, "enterprise_years": {"file": "y.csv"}}
    folder = bundle(tables, files)
    return lambda day: open_county(folder, day)


@pytest.mark.parametrize(
    ("day", "tax"),
    [("2023-02-19", []), ("2023-02-20", [100]), ("2023-05-09", [100]), ("2023-05-10", [150])],
)
def test_a_figure_counts_from_its_publication_and_the_last_one_holds(opened, day, tax):
    assert opened(day).table("enterprise_years")["tax_paid_wan"].tolist() == tax


@pytest.mark.parametrize(
    ("day", "status", "reason"),
    [
        ("2023-03-31", Status.AWAITING, "awaiting_final"),
        ("2023-05-10", Status.ACHIEVED, "met"),
    ],
)
def test_a_preliminary_figure_gives_no_final_verdict(opened, day, status, reason):
    known = opened(day)
    one = assess(TAX, read(known, TAX), as_of=known.as_of, bands=BANDS)
    assert (one.status, one.reason.code) == (status, reason)


def test_before_the_due_day_a_preliminary_figure_is_judged_as_any():
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    figure = Figure(date(2021, 12, 31), Fraction(14), is_preliminary=True)
    early = assess(of, Series((figure,), "%"), as_of=date(2022, 6, 30), bands=BANDS)
    assert early.status is assess(of, series(y2021=14), as_of=date(2022, 6, 30), bands=BANDS).status


def test_a_year_whose_figure_is_preliminary_is_awaited():
    of = clause(Kind.SHARE, 2, unit="%", each_year=True)
    table = {
        "year": [2021],
        "settlement_income_wan": [5000.0],
        "drawn_wan": [100.0],
        "stage": ["preliminary"],
    }
    reading = fund_share(county("2022-03-31", special_fund=table))
    one = assess(of, reading, as_of=date(2022, 3, 31), bands=BANDS)
    assert (one.status, one.years[0].verdict) == (Status.AWAITING, "awaiting")


def test_the_same_row_twice_with_one_day_is_refused(bundle):
    twice = HEAD + "91330328XXXX00018L,2022,是,100,10,2023-02-20,初步\n" * 2
    folder = bundle({"enterprise_years": {"file": "y.csv"}}, {"y.csv": twice})
    with pytest.raises(DataError, match="must stand only once"):
        open_county(folder)


NET = clause(
    Kind.CUMULATIVE, 1, unit="家", due=date(2022, 12, 31), indicator=IndicatorRef("net_above_scale")
)
YEARS = {
    "usci": ["a"] * 3 + ["b"],
    "year": [2020, 2021, 2022, 2022],
    "is_above_scale": [False, False, True, True],
}


def judged(of, day, **tables):
    known = county(day, **tables)
    return assess(of, read(known, of), as_of=known.as_of, bands=BANDS)


@pytest.mark.parametrize(
    ("stages", "status"),
    [
        (["final"] * 4, Status.ACHIEVED),
        (["final", "final", "final", "preliminary"], Status.AWAITING),
        (["final", "preliminary", "final", "final"], Status.AWAITING),
        # What comes before the first year that counts is compared with: that counts, too.
        (["preliminary", "final", "final", "final"], Status.AWAITING),
    ],
)
def test_a_net_count_with_a_preliminary_year_gives_no_final_verdict(stages, status):
    one = judged(NET, "2023-03-31", enterprise_years={**YEARS, "stage": stages})
    assert one.status is status


def test_a_preliminary_year_after_the_window_holds_nothing_back():
    table = {**YEARS, "year": [2020, 2022, 2023, 2023], "stage": [*["final"] * 3, "preliminary"]}
    of = clause(Kind.CUMULATIVE, 0, unit="家", due=date(2022, 12, 31), indicator=NET.indicator)
    window = type(of.window)(date(2021, 1, 1), date(2022, 12, 31))
    of = type(of)(**{**vars(of), "window": window})
    assert judged(of, "2024-03-31", enterprise_years=table).status is Status.ACHIEVED


def test_a_yearly_net_count_awaits_the_final_figures():
    of = clause(Kind.ANNUAL, 0, unit="家", indicator=IndicatorRef("net_above_scale"))
    stages = ["final", "preliminary", "final", "final"]
    one = judged(of, "2022-01-31", enterprise_years={**YEARS, "stage": stages})
    assert next(year.verdict for year in one.years) == "awaiting"


USERS = clause(
    Kind.COVERAGE,
    100,
    is_standing=True,
    indicator=IndicatorRef("key_users_monitored", {"min_energy_tce": 1000}),
)
LISTED = clause(
    Kind.COVERAGE, 100, is_standing=True, indicator=IndicatorRef("listed_firms", {"min_land_mu": 3})
)
FIRMS = {
    "enterprises": {"usci": ["a"], "industry": ["3441"]},
    "clearance_events": {"usci": ["a"], "event": ["listed"], "happened_on": ["2021-03-01"]},
}


@pytest.mark.parametrize("of", [USERS, LISTED])
@pytest.mark.parametrize(
    ("day", "stage", "status"),
    [
        ("2023-12-30", "preliminary", Status.ON_TRACK),
        ("2023-12-31", "preliminary", Status.AWAITING),
        ("2023-12-31", "final", Status.ACHIEVED),
    ],
)
def test_a_duty_that_rests_on_preliminary_figures_is_not_settled_by_them(of, day, stage, status):
    years = {
        "usci": ["a"],
        "year": [2022],
        "stage": [stage],
        "energy_tce": [1500.0],
        "value_added_wan": [9.0],
        "is_energy_monitored": [True],
        "is_above_scale": [False],
        "tax_paid_wan": [9.0],
        "land_mu": [3.0],
    }
    one = judged(of, day, **FIRMS, enterprise_years=years)
    assert one.status is status
    if status is Status.AWAITING:
        assert one.reason.values["observed_on"] == date(2022, 12, 31)


def test_energy_of_any_year_of_the_chain_holds_the_verdict_back():
    of = clause(
        Kind.CHANGE,
        -9,
        operator=Operator.AT_MOST,
        due=date(2021, 12, 31),
        indicator=IndicatorRef("intensity_change", {}),
    )
    series = {
        "indicator": ["value_added_growth_pct"],
        "period": ["2021"],
        "value": [10.0],
    }

    def on(stages):
        years = {
            "usci": ["a"] * 2,
            "year": [2020, 2021],
            "is_above_scale": [True] * 2,
            "energy_tce": [100.0, 90.0],
        }
        return judged(
            of,
            "2022-06-30",
            enterprises=FIRMS["enterprises"],
            enterprise_years={**years, "stage": stages},
            official_series=series,
        ).status

    assert on(["final", "final"]) is Status.ACHIEVED
    assert on(["preliminary", "final"]) is Status.AWAITING
