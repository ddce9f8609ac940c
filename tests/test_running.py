"""The last twelve months beside the yearly figure: what they are, and that they judge nothing."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import baseline, clause, county, typed
from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.firm.ratios import firm_ratio
from tenglong.show.page import Page
from tenglong.show.pages.running import running_figures
from tenglong.show.record import record
from tenglong.show.running import running_text

OPTIONS = {"numerator": "tax", "denominator": "land_mu", "scope": "industry"}
TAX = clause(
    Kind.LEVEL,
    20,
    unit="万元/亩",
    baseline=baseline(5),
    indicator=IndicatorRef("firm_ratio", OPTIONS),
)


def months_of(usci, first="2021-10", last="2022-09", **columns):
    months = [str(month) for month in pd.period_range(first, last, freq="M")]
    return pd.DataFrame({"usci": usci, "month": months, **columns})


def reported(monthly):
    return typed("enterprise_months", pd.concat(monthly).to_dict("list"))


def firms(*monthly, day="2022-10-15", closed=(None, None), **years):
    """Two firms with a tax of 100 on 10 mu each in 2021, and what they report by month."""
    return county(
        day,
        (TAX,),
        enterprises={"usci": ["a", "b"], "industry": ["3441", "3441"], "closed_on": closed},
        enterprise_years={
            "usci": ["a", "b"],
            "year": [2021, 2021],
            "tax_paid_wan": [100.0, 100.0],
            "land_mu": [10.0, 10.0],
            "employees": [4.0, 6.0],
            **years,
        },
        **({"enterprise_months": reported(monthly)} if monthly else {}),
    )


def told(known, **changed):
    return firm_ratio(known, **{**OPTIONS, **changed}).running


A, B = months_of("a", tax_wan=9.0), months_of("b", tax_wan=[*range(11), 0.5])


def test_twelve_months_are_added_up_over_the_land_of_the_last_year():
    found = told(firms(A, B))
    assert (found.value, found.year) == (Fraction(108 + 55) / 20 + Fraction("0.5") / 20, 2021)
    assert (found.start, found.end) == (date(2021, 10, 1), date(2022, 9, 30))
    assert (found.firms, found.firms_lacking, found.code) == (2, 0, "")


def test_a_month_more_moves_the_twelve_and_drops_the_first():
    more = [months_of(usci, "2022-10", "2022-10", tax_wan=21.0) for usci in "ab"]
    found = told(firms(A, B, *more))
    assert found.value == Fraction("163.5") / 20 + Fraction(21 - 9 + 21 - 0, 20)
    assert found.start == date(2021, 11, 1)


def test_a_month_that_only_some_have_told_is_not_the_last_one():
    found = told(firms(A, B, months_of("a", "2022-10", "2022-10", tax_wan=21.0)))
    assert (found.end, found.value) == (date(2022, 9, 30), Fraction("163.5") / 20)


@pytest.mark.parametrize(
    ("gap", "code"), [(months_of("b", "2021-11", tax_wan=1.0), "firms_lacking"), (B, "")]
)
def test_one_month_that_lacks_takes_the_figure_away_and_says_of_how_many(gap, code):
    found = told(firms(A, gap))
    assert (found.code, found.value is None) == (code, bool(code))
    assert found.firms_lacking == bool(code)


def test_an_empty_cell_is_no_zero():
    blank = B.assign(tax_wan=B["tax_wan"].astype("float64").mask(B["month"] == "2022-03"))
    assert told(firms(A, blank)).code == "firms_lacking"


def test_land_that_is_not_known_lacks_as_a_month_does():
    policy_allows = firms(A, B, land_mu=[10.0, None])
    bands = {**policy_allows.policy["bands"], "most_missing_share": 0.5}
    found = told(replace(policy_allows, policy={**policy_allows.policy, "bands": bands}))
    assert (found.value, found.firms_lacking) == (Fraction(108, 10), 1)


def test_who_is_closed_leaves_with_months_and_land():
    found = told(firms(A, B, closed=(None, "2022-09-30")))
    assert (found.value, found.firms, found.firms_lacking) == (Fraction(108, 10), 1, 0)
    assert told(firms(A, B, closed=(None, "2022-10-01"))).firms == 2


def test_the_population_is_that_of_the_last_year_alone():
    known = firms(A, B)
    before = {
        "usci": ["a", "b", "c"],
        "year": [2020] * 3,
        "tax_paid_wan": [90.0] * 3,
        "land_mu": [40.0] * 3,
    }
    years = {
        name: [*cells, *known.tables["enterprise_years"][name]] for name, cells in before.items()
    }
    both = {**known.tables, "enterprise_years": typed("enterprise_years", years)}
    found = told(replace(known, tables=both))
    assert (found.value, found.year, found.firms) == (Fraction("163.5") / 20, 2021, 2)


def test_months_that_are_too_old_are_no_running_figure():
    assert told(firms(A, B, day="2023-01-31")).code == ""
    assert told(firms(A, B, day="2023-02-01")).code == "months_old"


def test_without_the_numerator_by_month_nothing_is_said():
    assert told(firms()) is None
    assert told(firms(months_of("a", value_added_wan=1.0))) is None
    assert told(firms(months_of("elsewhere", tax_wan=1.0))) is None


def test_headcount_is_that_of_the_year_and_revenue_that_of_the_months():
    monthly = [months_of(usci, value_added_wan=5.0, revenue_wan=20.0) for usci in "ab"]
    years = {"value_added_wan": [50.0, 50.0], "revenue_wan": [1.0, 1.0], "energy_tce": [1.0, 1.0]}
    known = firms(*monthly, **years)
    assert told(known, numerator="value_added_wan", denominator="employees").value == 12
    by_month = told(known, numerator="value_added_wan", denominator="revenue_wan")
    assert by_month.value == Fraction(1, 4)
    assert told(known, numerator="value_added_wan", denominator="energy_tce") is None


def test_it_changes_no_status_no_progress_and_no_figure():
    with_months, without = (assess_plan(one)["x"] for one in (firms(A, B), firms()))
    assert with_months.running is not None
    assert replace(with_months, running=None, evidence=()) == replace(without, evidence=())


def test_it_is_told_in_the_unit_of_the_clause():
    known = firms(A, B)
    yuan = replace(TAX, unit="元/亩", target=Fraction(200_000), baseline=baseline(50_000))
    board = assess_plan(replace(known, plan=replace(known.plan, clauses=(yuan,))))
    assert board["x"].running.value == Fraction("163.5") / 20 * 10_000


def test_page_record_and_explanation_tell_one_figure():
    known = firms(A, B)
    board, page = assess_plan(known), Page(known, "zh")
    drawn = running_figures(page, board)
    assert "8.18 万元/亩" in drawn.html.replace("\u202f", " ").replace("\u00a0", " ")
    assert "2021-10 至 2022-09" in drawn.html
    assert record(page, board["x"])["running_12_months"] == 8.175
    assert "8.175" in next(iter(drawn.csv.values())).splitlines()[1]
    assert "不判定" in running_text(page, board["x"])


def test_what_lacks_is_said_in_its_place():
    known = firms(A, months_of("b", "2021-11", tax_wan=1.0))
    board, page = assess_plan(known), Page(known, "zh")
    assert "2 家企业中 1 家月度数据不全" in running_figures(page, board).html
    assert record(page, board["x"])["running_12_months"] is None


def test_no_list_stands_where_months_tell_nothing():
    known = firms()
    assert running_figures(Page(known, "zh"), assess_plan(known)).html == ""


def allowing(share, one):
    """Give the county under a policy by which this share of the firms may lack."""
    bands = {**one.policy["bands"], "most_missing_share": share}
    return replace(one, policy={**one.policy, "bands": bands})


def test_monthly_tax_is_told_to_be_without_the_add_backs_that_the_yearly_one_has():
    known = firms(*(months_of(usci, tax_wan=1.0, value_added_wan=1.0) for usci in "ab"))
    assert told(known).without == "add_back"
    none = replace(known, policy={**known.policy, "tax": {"add_back": []}})
    assert told(none).without == ""
    added = firms(*(months_of(usci, value_added_wan=1.0) for usci in "ab"), value_added_wan=[1, 1])
    assert told(added, numerator="value_added_wan").without == ""


def test_a_month_that_tells_but_one_of_the_two_amounts_lacks():
    monthly = [months_of(usci, value_added_wan=5.0, revenue_wan=20.0) for usci in "ab"]
    monthly[1]["revenue_wan"] = monthly[1]["revenue_wan"].mask(monthly[1]["month"] == "2022-03")
    known = firms(*monthly, value_added_wan=[50.0, 50.0], revenue_wan=[1.0, 1.0])
    options = {"numerator": "value_added_wan", "denominator": "revenue_wan"}
    assert told(known, **options).code == "firms_lacking"
    found = told(allowing(0.5, known), **options)
    assert (found.value, found.firms, found.firms_lacking) == (Fraction(1, 4), 2, 1)


def test_a_month_of_which_just_as_many_lack_as_may_is_the_last_one():
    more = months_of("a", "2022-10", "2022-10", tax_wan=21.0)
    known = firms(A, B, more)
    assert told(allowing(0.49, known)).end == date(2022, 9, 30)
    found = told(allowing(0.5, known))
    assert (found.end, found.value, found.firms_lacking) == (
        date(2022, 10, 31),
        Fraction(11 * 9 + 21, 10),
        1,
    )


def test_where_no_month_is_told_by_enough_the_last_of_any_says_how_many_lack():
    found = told(firms(A))
    assert (found.start, found.end) == (date(2021, 10, 1), date(2022, 9, 30))
    assert (found.code, found.firms, found.firms_lacking) == ("firms_lacking", 2, 1)


def test_where_every_firm_was_closed_before_there_is_nothing_to_divide():
    found = told(firms(A, B, closed=("2021-09-30", "2021-09-30")))
    assert (found.code, found.value, found.firms) == ("zero", None, 0)


@pytest.mark.parametrize("closed", [(None, None), (None, "2022-03-31")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_may_be_closed_is_in_neither_sum_and_named(closed, language):
    known = firms(A, B, closed=closed)
    bands = {**known.policy["bands"], "most_missing_share": 0.5}
    doubtful = {"enterprises": {1: frozenset({"closed_on"})}}
    known = replace(known, doubtful=doubtful, policy={**known.policy, "bands": bands})
    found = told(known)
    assert (found.value, found.firms, found.firms_lacking) == (Fraction(108, 10), 2, 1)
    assert found.in_doubt == ("b",)
    said = running_text(Page(known, language), assess_plan(known)["x"])
    assert (
        "关闭日期存疑（b）" if language == "zh" else "doubtful when 1 of them was closed (b)"
    ) in said


def test_where_too_many_may_be_closed_there_is_no_figure_and_they_are_named():
    known = replace(firms(A, B), doubtful={"enterprises": {1: frozenset({"closed_on"})}})
    found = told(known)
    assert (found.value, found.code, found.in_doubt) == (None, "firms_lacking", ("b",))
    assert "关闭日期存疑（b）" in running_text(Page(known), assess_plan(known)["x"])


def test_a_day_that_is_doubtful_for_another_reason_keeps_a_firm():
    known = replace(firms(A, B), doubtful={"enterprises": {1: frozenset({"registered_on"})}})
    assert told(known).in_doubt == ()
    assert told(known).value == told(firms(A, B)).value
