"""Projects counted by stage and size, landing and shares, teams; investment and its two tests."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, POLICY, clause, county
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Kind
from tenglong.measure.county import Unavailable
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.project.dual_contract import contract_nodes
from tenglong.measure.project.projects import (
    guarantee_teams,
    landing_rate,
    manufacturing_project_share,
    projects_reached,
    section_chief_leads,
)
from tenglong.measure.project.stages import project_stages
from tenglong.source.known import known_on
from tenglong.source.schema import tables


def projects(count, as_of="2022-06-30", policy=None, **columns):
    table = {
        "project_id": [f"P{n}" for n in range(count)],
        "is_attracted": [True] * count,
        "is_manufacturing": [True] * count,
        **{
            name: value if isinstance(value, list) else [value] * count
            for name, value in columns.items()
        },
    }
    return county(as_of, policy=policy, projects=table)


def test_projects_are_counted_on_the_day_they_reached_the_stage():
    one = projects(3, landed_on=["2021-05-20", None, "2021-02-01"])
    found = projects_reached(one, stage="landed_on")
    assert found.amounts == ((date(2021, 2, 1), 1), (date(2021, 5, 20), 1))


def test_the_projects_behind_a_count_stand_by_their_day_and_then_by_their_name():
    days = ["2021-06-01", "2021-05-01", None, "2021-05-01"]
    one = projects(4, project_id=["A", "C", "D", "B"], landed_on=days)
    found = projects_reached(one, stage="landed_on")
    assert found.evidence[0].rows["project_id"].tolist() == ["B", "C", "A"]
    assert (found.unit, found.may_fall, found.maybe) == ("个", True, ())


@pytest.mark.parametrize(("line", "count"), [(10000, 3), (100000, 1)])
def test_a_project_on_the_line_counts_and_the_large_ones_are_among_the_smaller(line, count):
    one = projects(4, landed_on="2021-05-20", total_investment_wan=[10000, 9999.99, 100000, 99999])
    found = projects_reached(one, stage="landed_on", min_investment_wan=line)
    assert len(found.amounts) == count


def test_enclaves_can_be_left_out():
    days = ["2021-05-20", "2021-05-21", "2021-05-22"]
    one = projects(3, landed_on=days, is_enclave=[True, False, None])
    found = projects_reached(one, stage="landed_on", exclude_enclave=True)
    assert found.amounts == ((date(2021, 5, 21), 1),)
    assert [blank.column for maybe in found.maybe for blank in maybe.blanks] == ["is_enclave"]


def test_a_flag_that_is_not_told_does_not_count():
    one = projects(2, landed_on="2021-05-20", is_single=[True, None])
    assert len(projects_reached(one, stage="landed_on", is_single=True).amounts) == 1


def test_a_kind_is_asked_for_by_its_name():
    one = projects(2, started_on="2021-05-20", kind=["energy_saving", "new"])
    assert len(projects_reached(one, stage="started_on", kind="energy_saving").amounts) == 1


@pytest.mark.parametrize("column", ["landed_on", "is_single", "total_investment_wan", "is_enclave"])
def test_what_a_count_needs_is_named(column):
    table = {
        "project_id": ["P"],
        "landed_on": ["2021-05-20"],
        "is_single": [True],
        "total_investment_wan": [10000],
        "is_enclave": [False],
    }
    del table[column]
    with pytest.raises(Unavailable, match=rf"projects\.{column}"):
        projects_reached(
            county(projects=table),
            stage="landed_on",
            is_single=True,
            min_investment_wan=1,
            exclude_enclave=True,
        )


def test_one_of_three_is_exactly_a_third():
    one = projects(3, signed_on="2021-05-20", is_manufacturing=[True, False, None])
    [figure] = manufacturing_project_share(one).figures
    assert (figure.value, figure.low, figure.high) == (
        Fraction(1, 2),
        Fraction(1, 3),
        Fraction(2, 3),
    )
    one = projects(3, signed_on="2021-05-20", is_manufacturing=[True, False, False])
    found = manufacturing_project_share(one)
    assert found.figures[0].value == Fraction(1, 3)
    of = clause(Kind.SHARE, "1/3", unit="", each_year=True)
    judged = assess(of, found, as_of=date(2022, 6, 30), bands=BANDS)
    assert judged.years[0].verdict == "met"


def test_shares_go_by_the_year_of_signing():
    one = projects(
        3, signed_on=["2021-05-20", "2022-01-10", None], is_manufacturing=[True, False, True]
    )
    found = manufacturing_project_share(one).figures
    assert [(figure.end.year, figure.value) for figure in found] == [(2021, 1), (2022, 0)]


def test_the_landing_rate_is_landed_over_signed():
    one = projects(4, signed_on="2021-05-20", landed_on=["2022-02-01", None, "2021-08-01", None])
    figure = landing_rate(one).figures[0]
    assert (figure.value, figure.parts) == (Fraction(1, 2), {"landed": 2, "signed": 4})


def test_years_stand_in_their_order_and_each_ends_on_its_last_day():
    days = [f"{year}-03-01" for year in (2024, 2023, 2022, 2025, 2021)]
    one = projects(5, as_of="2025-12-31", signed_on=days, landed_on=None)
    for reading in (manufacturing_project_share(one), landing_rate(one)):
        ends = [figure.end for figure in reading.figures]
        assert ends == [date(year, 12, 31) for year in range(2021, 2026)]


def test_a_project_that_works_has_landed_though_its_day_is_blank():
    columns = {"landed_on": None, "started_on": None}
    works = {"completed_on": ["2022-02-01", None], "terminated_on": None}
    found = landing_rate(projects(2, signed_on="2021-05-20", **columns, **works)).figures[0]
    assert found.parts == {"landed": 1, "signed": 2}
    given_up = {**works, "terminated_on": ["2022-03-01", None]}
    found = landing_rate(projects(2, signed_on="2021-05-20", **columns, **given_up)).figures[0]
    assert found.parts == {"landed": 0, "signed": 2}


@pytest.mark.parametrize(
    ("terminated_on", "low", "high"), [(None, (1, 2), (2, 3)), ("2022-01-01", (1, 3), (1, 2))]
)
def test_a_project_signed_on_an_unknown_day_may_belong_to_the_year(terminated_on, low, high):
    one = projects(
        3,
        signed_on=["2021-05-20", "2021-06-20", None],
        landed_on=["2021-08-01", None, "2021-09-01"],
        terminated_on=[None, None, terminated_on],
    )
    [figure] = landing_rate(one).figures
    assert (figure.value, figure.parts) == (Fraction(1, 2), {"landed": 1, "signed": 2})
    assert (figure.low, figure.high) == (Fraction(*low), Fraction(*high))
    assert [(blank.column, blank.row) for blank in figure.blanks] == [("signed_on", 2)]


def test_a_share_of_the_attracted_waits_for_every_flag_that_decides_it():
    one = projects(
        4,
        signed_on="2021-05-20",
        is_attracted=[True, True, None, False],
        is_manufacturing=[True, None, False, None],
    )
    [figure] = manufacturing_project_share(one).figures
    assert (figure.value, figure.parts) == (1, {"manufacturing": 1, "attracted": 1})
    assert (figure.low, figure.high) == (Fraction(1, 3), 1)
    assert [(blank.column, blank.row) for blank in figure.blanks] == [
        ("is_attracted", 2),
        ("is_manufacturing", 1),
    ]


def test_a_policy_may_count_the_start_of_works_as_landing():
    rule = POLICY["projects"]
    started = {"projects": {**rule, "landing": {**rule["landing"], "landed_by": "started_on"}}}
    columns = {
        "signed_on": "2021-05-20",
        "landed_on": "2021-08-01",
        "started_on": [None, "2022-01-01"],
    }
    assert landing_rate(projects(2, **columns)).figures[0].value == 1
    assert landing_rate(projects(2, policy=started, **columns)).figures[0].value == Fraction(1, 2)


def test_a_policy_may_count_all_projects_attracted():
    rule = POLICY["projects"]
    everyone = {
        "projects": {**rule, "landing": {**rule["landing"], "among": {"is_attracted": True}}}
    }
    columns = {
        "signed_on": "2021-05-20",
        "landed_on": ["2021-08-01", None],
        "is_manufacturing": [True, False],
    }
    assert landing_rate(projects(2, policy=everyone, **columns)).figures[0].value == Fraction(1, 2)


def test_a_stage_of_the_policy_that_there_is_not_is_named():
    rule = POLICY["projects"]
    wrong = {"projects": {**rule, "landing": {**rule["landing"], "landed_by": "landed"}}}
    with pytest.raises(ConfigurationError, match=r"landing\.landed_by: 'landed' must be one of"):
        landing_rate(projects(1, policy=wrong, signed_on="2021-05-20", landed_on=None))


signings = st.lists(
    st.tuples(st.integers(2020, 2022), st.booleans(), st.booleans()), min_size=1, max_size=15
)


@given(signings)
def test_rates_are_those_of_a_bare_loop(drawn):
    one = projects(
        len(drawn),
        signed_on=[f"{year}-03-01" for year, _, _ in drawn],
        landed_on=[f"{year}-09-01" if landed else None for year, landed, _ in drawn],
        is_manufacturing=[made for _, _, made in drawn],
    )
    for year in (2020, 2021, 2022):
        signed = landed = made_ = all_ = 0
        for y, is_landed, is_made in drawn:
            if y == year:
                all_ += 1
                made_ += is_made
                signed += is_made
                landed += is_made and is_landed
        shares = {f.end.year: f.value for f in manufacturing_project_share(one).figures}
        rates = {f.end.year: f.value for f in landing_rate(one).figures}
        assert shares.get(year) == (Fraction(made_, all_) if all_ else None)
        assert rates.get(year) == (Fraction(landed, signed) if signed else None)


def test_teams_are_asked_of_landed_projects_of_the_size():
    one = projects(
        4,
        total_investment_wan=[10000, 20000, 9999, 30000],
        landed_on=["2021-05-20", "2021-05-20", "2021-05-20", None],
        guarantee_team=["一组", None, None, None],
    )
    found = guarantee_teams(one, min_investment_wan=10000)
    assert (found.done, found.required) == (1, 2)


def test_with_no_project_of_the_size_nothing_was_required():
    one = projects(1, total_investment_wan=500, landed_on="2021-05-20", guarantee_team="一组")
    found = guarantee_teams(one, min_investment_wan=10000)
    judged = assess(clause(Kind.COVERAGE, 100), found, as_of=date(2022, 6, 30), bands=BANDS)
    assert judged.status is Status.NOT_APPLICABLE


def test_a_lead_that_is_not_told_is_none():
    one = projects(
        3,
        total_investment_wan=20000,
        landed_on="2021-05-20",
        has_section_chief_lead=[True, False, None],
    )
    assert section_chief_leads(one, min_investment_wan=10000).done == 1


LED = {
    "name": ["一", "二", "三", None, "五", "六"],
    "is_manufacturing": [True, True, None, True, True, False],
    "total_investment_wan": 20000,
    "landed_on": ["2021-05-20", "2021-05-21", "2021-05-22", None, "2021-05-20", "2021-05-20"],
    "started_on": [None, None, None, "2021-08-01", None, None],
    "terminated_on": [None, None, None, None, "2022-01-01", None],
}


def test_a_lead_that_is_blank_or_of_a_project_that_may_be_none_leaves_a_range():
    leads = [True, None, True, False, True, True]
    found = section_chief_leads(
        projects(6, **LED, has_section_chief_lead=leads), min_investment_wan=10000
    )
    assert (found.done, found.required) == (1, 3)
    assert (found.low, found.high) == (Fraction(1, 3), Fraction(3, 4))
    assert [(blank.column, blank.row) for blank in found.blanks] == [
        ("is_manufacturing", 2),
        ("has_section_chief_lead", 1),
    ]
    assert [(one.name, one.since) for one in found.opened] == [
        ("P3", None),
        ("二", date(2021, 5, 21)),
    ]
    assert found.evidence[0].rows["project_id"].tolist() == ["P0", "P1", "P3"]


def test_a_team_that_is_blank_is_none():
    teams = ["一组", None, "三组", None, "五组", "六组"]
    found = guarantee_teams(projects(6, **LED, guarantee_team=teams), min_investment_wan=10000)
    assert (found.done, found.required) == (1, 3)
    assert (found.low, found.high) == (Fraction(1, 3), Fraction(1, 2))
    assert [(blank.column, blank.row) for blank in found.blanks] == [("is_manufacturing", 2)]


GIVEN_UP = {
    "project_id": ["P", "Q", "R"],
    "name": ["一", "二", "三"],
    "is_attracted": [True, True, False],
    "is_manufacturing": [True] * 3,
    "is_single": [True] * 3,
    "total_investment_wan": [20000.0] * 3,
    "signed_on": ["2021-01-10"] * 3,
    "landed_on": ["2021-03-01", "2021-04-01", "2021-05-01"],
    "terminated_on": [None, "2022-02-01", None],
    "termination_reason": [None, "投资方退出", None],
    "guarantee_team": ["一组", None, None],
}


def landed(day):
    whole = county(day.isoformat(), projects=GIVEN_UP)
    known = known_on(whole.tables["projects"], tables()["projects"], day)
    one = replace(whole, tables={"projects": known})
    options = {"is_attracted": True, "is_manufacturing": True, "is_single": True}
    return projects_reached(one, stage="landed_on", min_investment_wan=10000, **options)


@pytest.mark.parametrize(
    ("day", "count", "given_up"), [(date(2022, 1, 31), 2, 0), (date(2022, 2, 1), 1, 1)]
)
def test_a_project_that_was_given_up_leaves_the_count_on_that_day(day, count, given_up):
    reading = landed(day)
    assert sum(amount for on, amount in reading.amounts if on <= day) == count
    assert reading.parts["given_up"] == given_up
    assert "termination_reason" in reading.evidence[0].rows


def test_only_what_was_attracted_counts_as_attracted():
    assert len(landed(date(2021, 12, 31)).amounts) == 2


def test_one_that_was_given_up_stays_among_the_signed():
    one = county(projects=GIVEN_UP)
    figure = landing_rate(one).figures[0]
    assert (figure.parts["landed"], figure.parts["signed"]) == (1, 2)


def test_one_that_was_given_up_needs_no_team_and_is_not_stuck():
    one = county(projects=GIVEN_UP)
    assert guarantee_teams(one, min_investment_wan=10000).required == 2
    dates = dict.fromkeys(POLICY["projects"]["stages"], [None] * 3)
    whole = county(projects={**dates, **GIVEN_UP})
    second = project_stages(whole).iloc[1]
    assert (second["reason"], bool(second["is_stuck"])) == ("given_up", False)
    assert second["days_in_stage"] == (date(2022, 2, 1) - date(2021, 4, 1)).days
    assert pd.isna(second["next_stage"])


def test_a_contract_is_not_late_for_ever_after_the_project_was_given_up():
    agreed = {"agreed_start_on": ["2022-03-01", "2022-03-01", "2022-03-01"]}
    one = county(projects={**GIVEN_UP, **agreed, "started_on": [None] * 3})
    states = contract_nodes(one)
    starts = states[states["node"] == "start"]["state"].tolist()
    assert starts == ["overdue", "not_due", "overdue"]
