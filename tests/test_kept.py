"""What is worked out of a county is worked out once, and never served to another county."""

import pickle
from dataclasses import replace
from unittest import mock

import pandas as pd
import pytest

from build import county, opened
from tenglong.measure.board.board import assess_plan, judged_by
from tenglong.measure.county import Unavailable
from tenglong.measure.firm import firms
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.places import places
from tenglong.measure.kept import kept, kept_by_row
from tenglong.measure.project.projects import projects_reached
from tenglong.measure.reading import Flow
from tenglong.measure.row import rows
from tenglong.measure.watched import Watched

YEARS = {"usci": ["A", "B"], "year": [2021, 2021], "tax_paid_wan": [9.0, 8.0]}
FIRMS = {"usci": ["A", "B"], "township": ["t", "u"], "name": ["甲", None]}


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


@kept
def cells(one, *, column="tax_paid_wan"):
    """Give the cells of a column."""
    return one.table("enterprise_years", column)[[column]]


def test_what_is_kept_is_not_served_to_a_county_of_other_tables_or_rules():
    one = county(enterprise_years=YEARS, enterprises=FIRMS)
    dearer = {**YEARS, "tax_paid_wan": [1.0, 2.0]}
    other = replace(one, tables={**one.tables, "enterprise_years": pd.DataFrame(dearer)})
    assert firm_years(one)["tax_wan"].tolist() == [9.0, 8.0]
    assert firm_years(other)["tax_wan"].tolist() == [1.0, 2.0]
    richer = county(
        policy={"tax": {"source": "…", "add_back": []}},
        enterprise_years={**YEARS, "tax_relief_wan": [1.0, 1.0]},
    )
    rules = {**richer.policy, "tax": {"source": "…", "add_back": ["tax_relief_wan"]}}
    both = (richer, replace(richer, policy=rules))
    taxes = [firm_years(each)["tax_wan"].tolist() for each in both]
    assert taxes == [[9.0, 8.0], [10.0, 9.0]]


def test_who_changes_what_was_given_changes_their_own():
    one = county(enterprise_years=YEARS)
    mine = cells(one)
    mine["tax_paid_wan"] = 0.0
    mine.loc[0, "tax_paid_wan"] = 5.0
    assert cells(one)["tax_paid_wan"].tolist() == [9.0, 8.0]


def test_options_are_kept_apart_and_what_is_unavailable_is_asked_for_again():
    one = county(enterprise_years={**YEARS, "rd_wan": [1.0, 2.0]})
    assert cells(one, column="rd_wan")["rd_wan"].tolist() == [1.0, 2.0]
    assert cells(one).columns.tolist() == ["tax_paid_wan"]
    for _ in range(2):
        with pytest.raises(Unavailable, match="energy_tce"):
            cells(one, column="energy_tce")


def test_a_county_that_travels_leaves_what_is_kept_behind():
    one = county(enterprise_years=YEARS)
    cells(one)
    arrived = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own bytes
    assert (len(one.keep.found), arrived.keep.found) == (1, {})
    assert cells(arrived).equals(cells(one))


def test_the_files_of_the_policy_are_told_also_where_the_figure_is_kept():
    one = county(enterprise_years=YEARS)
    policy = Watched(one.policy)
    seen = replace(one, policy=policy)
    told = []
    for _ in range(2):
        with policy.heard() as files:
            firm_years(seen)
        told.append(files)
    assert told[0] == told[1] >= {"tax"}


def test_a_clause_names_the_same_files_whether_it_is_judged_first_or_last(sample):
    clauses = [one for one in sample.plan.clauses if one.indicator][:6]
    fresh = [judged_by(replace(sample), one)[1] for one in clauses]
    shared = replace(sample)
    again = [judged_by(shared, one)[1] for one in reversed(clauses)]
    assert again[::-1] == fresh


# --- townships ------------------------------------------------------------------------------------


def test_a_township_has_its_rows_of_what_is_kept_of_the_county():
    asked = []

    @kept_by_row("enterprise_years")
    def taxes(one):
        asked.append(one)
        return dict(one.table("enterprise_years")["tax_paid_wan"].items())

    land = {**YEARS, "land_mu": [1.0, 2.0]}
    placed = places(county(enterprise_years=land, enterprises=FIRMS))
    assert [taxes(placed.within(town)) for town in ("t", "u", "v")] == [{0: 9.0}, {1: 8.0}, {}]
    assert len(asked) == 1


def test_what_replaces_a_township_is_reckoned_on_its_own_tables():
    land = {**YEARS, "land_mu": [1.0, 2.0]}
    own = places(county(enterprise_years=land, enterprises=FIRMS)).within("t")
    assert firm_years(own)["tax_wan"].tolist() == [9.0]
    blank = own.tables["enterprise_years"].assign(tax_paid_wan=float("nan"))
    poorer = replace(own, tables={**own.tables, "enterprise_years": blank})
    assert firm_years(poorer)["tax_wan"].isna().tolist() == [True]


def test_firms_by_year_of_a_settled_county_are_those_that_it_would_reckon(sample):
    settled = places(sample).county
    given, reckoned = firm_years(settled), firm_years(replace(settled))
    pd.testing.assert_frame_equal(given, reckoned)


def test_firms_by_year_of_a_township_are_those_that_it_would_reckon(sample):
    towns = sample.tables["townships"]["township"].tolist()
    for own in map(places(sample).within, towns[:3]):
        pd.testing.assert_frame_equal(firm_years(own), firm_years(replace(own)))


def test_a_township_cuts_no_table_that_nobody_asks_for(sample):
    own = places(sample).within(sample.tables["townships"]["township"].iloc[0])
    taken = []
    take = pd.DataFrame.take
    with mock.patch.object(
        pd.DataFrame, "take", lambda frame, *more: taken.append(len(frame)) or take(frame, *more)
    ):
        assert len(own.tables) > 10
        assert "projects" in own.tables
        assert taken == []
        assert own.tables["projects"] is own.tables["projects"]
    assert taken == [len(sample.tables["projects"])]


# --- linear ---------------------------------------------------------------------------------------


def test_the_plan_reckons_firms_by_year_once_however_many_clauses_ask(sample):
    fresh = replace(sample)
    with mock.patch.object(firms, "evaluated_tax", wraps=firms.evaluated_tax) as reckoned:
        assess_plan(fresh)
        for town in sample.tables["townships"]["township"].tolist():
            firm_years(places(fresh).within(town))
    assert reckoned.call_count == 1


@pytest.mark.parametrize("count", [4, 8])
def test_projects_of_unknown_size_are_looked_up_together(count):
    names = [f"P{n}" for n in range(count)]
    table = {"project_id": names, "landed_on": ["2021-05-20"] * count}
    one = county(projects={**table, "total_investment_wan": [None] * count})
    found = projects_reached(one, stage="landed_on", min_investment_wan=10000)
    assert isinstance(found, Flow)
    assert len(found.maybe) == count


def test_cells_of_every_type_become_plain():
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, None], dtype="Int64"),
            "amount": [1.5, float("nan")],
            "is_so": pd.array([True, None], dtype="boolean"),
            "on": pd.to_datetime(["2021-03-05", None]).as_unit("s"),
            "month": pd.PeriodIndex(["2021-03", None], freq="M"),
            "name": pd.Series(["甲", None], dtype="str"),
            "many": pd.Series([("a",), None], dtype="object"),
        }
    )
    first, second = rows(frame)
    assert [type(cell).__name__ for cell in first.values()] == [
        *("int", "float", "bool", "date", "Period", "str", "tuple")
    ]
    assert set(second.values()) == {None}
