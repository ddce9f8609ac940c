"""Stages: where a project stands, for how long, where it is stuck; the funnel."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, county
from tenglong.measure.county import Unavailable
from tenglong.measure.project.rule import project_rule
from tenglong.measure.project.stages import funnel, project_stages, stage_days

STAGES = list(POLICY["projects"]["stages"])


def projects(*rows, as_of="2022-06-30", policy=None, **columns):
    """Give projects by the dates of their stages: {"signed_on": "2021-01-01"}."""
    dates = {stage: [row.get(stage) for row in rows] for stage in STAGES}
    table = {
        "project_id": [f"P{n}" for n in range(len(rows))],
        "kind": ["new"] * len(rows),
        **dates,
        **columns,
    }
    return county(as_of, policy=policy, projects=table)


def standing(as_of="2022-06-30", kind="new", **dates):
    return project_stages(projects(dates, as_of=as_of, kind=[kind])).iloc[0]


def test_a_project_stands_where_it_came_to_last():
    found = standing(signed_on="2022-01-01", landed_on="2022-05-01")
    assert (found["stage"], found["days_in_stage"], found["next_stage"]) == (
        "landed_on",
        60,
        "started_on",
    )


@pytest.mark.parametrize(("as_of", "is_stuck"), [("2021-06-30", False), ("2021-07-01", True)])
def test_the_last_day_of_the_limit_is_still_within(as_of, is_stuck):
    found = standing(as_of, signed_on="2021-01-01")  # 180 days to 30 June
    assert found["is_stuck"] == is_stuck


def test_days_over_count_from_the_limit():
    assert standing("2021-07-10", signed_on="2021-01-01")["days_over"] == 10


def test_a_project_at_full_capacity_is_finished():
    found = standing(signed_on="2018-01-01", capacity_on="2019-01-01")
    assert (found["reason"], found["is_stuck"]) == ("finished", False)


def test_technical_upgrading_is_finished_with_production():
    dates = {"signed_on": "2018-01-01", "production_on": "2019-01-01"}
    assert standing(kind="upgrade", **dates)["reason"] == "finished"
    assert standing(kind="new", **dates)["reason"] == "over"


def test_without_its_kind_a_project_in_production_cannot_be_told():
    found = standing(kind=None, signed_on="2018-01-01", production_on="2019-01-01")
    assert (found["reason"], found["is_stuck"]) == ("kind_unknown", False)


def test_a_project_without_any_date_is_nowhere():
    found = standing()
    assert (found["reason"], found["stage"] != found["stage"]) == ("no_date", True)


def test_days_in_stages_that_are_over_count_to_the_next_one_reached():
    one = projects(
        {"signed_on": "2021-01-01", "started_on": "2021-03-01", "completed_on": "2022-03-01"}
    )
    found = stage_days(one)
    assert found["stage"].tolist() == ["signed_on", "started_on", "completed_on"]
    assert found["days"].tolist() == [59, 365, 121]
    assert found["is_current"].tolist() == [False, False, True]


def test_dates_out_of_order_are_said_and_not_mended():
    one = projects({"signed_on": "2021-05-01", "landed_on": "2021-03-01"})
    found = stage_days(one)
    assert found["reason"].tolist()[0] == "out_of_order"
    assert found["days"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("landed_on", "reason", "days"),
    [
        ("2021-05-02", "within", 1),
        ("2021-05-01", "within", 0),
        ("2021-04-30", "out_of_order", None),
    ],
)
def test_a_stage_left_on_its_first_day_took_no_days_and_one_left_before_has_none(
    landed_on, reason, days
):
    found = stage_days(projects({"signed_on": "2021-05-01", "landed_on": landed_on})).iloc[0]
    assert (found["reason"], None if found.isna()["days"] else found["days"]) == (reason, days)


def test_a_project_that_came_to_its_stage_today_stands_there_for_no_days():
    found = standing(signed_on="2022-06-30")
    assert (found["days_in_stage"], found["reason"]) == (0, "within")


@pytest.mark.parametrize(
    ("kind", "dates", "reason"),
    [
        ("upgrade", {"capacity_on": "2022-01-01"}, "finished"),  # beyond its last stage
        (None, {"capacity_on": "2022-01-01"}, "finished"),  # whatever its kind
        (None, {"landed_on": "2022-06-01"}, "within"),  # nor is it finished here
        (None, {"production_on": "2022-01-01"}, "kind_unknown"),
        ("new", {"production_on": "2022-01-01"}, "within"),
    ],
)
def test_only_its_kind_tells_if_a_project_in_production_is_finished(kind, dates, reason):
    assert standing(kind=kind, signed_on="2021-12-01", **dates)["reason"] == reason


def test_a_policy_names_the_last_stage_of_a_kind():
    rule = project_rule(POLICY)
    found = [rule.last_stage(kind) for kind in ("upgrade", "energy_saving", "new", None)]
    assert found == ["production_on", "production_on", "capacity_on", "capacity_on"]


def test_only_the_stage_in_which_it_was_given_up_is_one_of_a_project_given_up():
    one = projects(
        {"signed_on": "2021-01-01", "landed_on": "2021-03-01"},
        {"signed_on": "2022-06-01"},
        terminated_on=["2021-05-01", None],
    )
    found = stage_days(one)
    assert found["reason"].tolist() == ["within", "given_up", "within"]
    assert found["days"].tolist() == [59, 61, 29]
    assert found.index.tolist() == [0, 0, 1]


def test_a_policy_sets_the_limits():
    rule = POLICY["projects"]
    stages = {**rule["stages"], "signed_on": {"limit_days": 30}}
    policy = {"projects": {**rule, "stages": stages}}
    one = projects({"signed_on": "2022-05-01"}, policy=policy)
    assert project_stages(one)["reason"].tolist() == ["over"]


def test_a_policy_may_know_fewer_stages():
    rule = POLICY["projects"]
    stages = {"signed_on": {"limit_days": 30}, "landed_on": {}}
    policy = {"projects": {**rule, "stages": stages, "finished_at": {}}}
    table = {"project_id": ["P"], "signed_on": ["2021-01-01"], "landed_on": ["2021-02-01"]}
    found = project_stages(county(policy=policy, projects=table))
    assert found["reason"].tolist() == ["finished"]


def test_a_stage_without_its_column_is_named():
    table = {"project_id": ["P"], "signed_on": ["2021-01-01"]}
    with pytest.raises(Unavailable, match=r"projects\.landed_on"):
        project_stages(county(projects=table))


def test_the_funnel_counts_projects_and_money():
    one = projects(
        {"signed_on": "2021-01-01"},
        {"signed_on": "2021-01-01", "landed_on": "2021-02-01"},
        {"signed_on": "2021-01-01", "started_on": "2021-03-01"},
        total_investment_wan=[100, None, 0.5],
    )
    found = funnel(one).set_index("stage")
    assert found["projects"].tolist() == [3, 2, 1, 0, 0, 0]
    assert found["undated"].tolist() == [0, 1, 0, 0, 0, 0]
    assert found.loc["landed_on", ["investment_wan", "investment_unknown"]].tolist() == [0.5, 1]
    assert found.loc["landed_on", "share_pct"] == pytest.approx(200 / 3)


def test_a_project_comes_no_further_in_the_funnel_by_what_another_one_did():
    one = projects(
        {"signed_on": "2021-01-01", "capacity_on": "2022-01-01"},
        {"landed_on": "2021-01-01"},
        {"signed_on": "2021-01-01"},
        total_investment_wan=[1, 2, 4],
    )
    found = funnel(one)
    assert found["stage"].tolist() == STAGES
    assert found["projects"].tolist() == [3, 2, 1, 1, 1, 1]
    assert found["undated"].tolist() == [1, 1, 1, 1, 1, 0]
    assert found["investment_wan"].tolist() == [7, 3, 1, 1, 1, 1]


def test_a_funnel_of_nothing_has_no_shares():
    one = projects({"signed_on": "2021-01-01"}, total_investment_wan=[5])
    assert funnel(one, min_investment_wan=10)["share_pct"].isna().all()


dates = st.one_of(st.none(), st.dates(date(2018, 1, 1), date(2022, 6, 30)))
rows = st.lists(st.fixed_dictionaries(dict.fromkeys(STAGES, dates)), min_size=1, max_size=8)


@given(rows)
def test_a_funnel_never_widens(drawn):
    one = projects(*drawn, total_investment_wan=[1] * len(drawn))
    counts = funnel(one)["projects"].tolist()
    assert counts == sorted(counts, reverse=True)


@given(rows)
def test_stays_are_those_of_a_bare_loop(drawn):
    found = stage_days(projects(*drawn)).reset_index(drop=True)
    expected = []
    for row in drawn:
        reached = [(stage, row[stage]) for stage in STAGES if row[stage]]
        for n, (stage, day) in enumerate(reached):
            left = reached[n + 1][1] if n + 1 < len(reached) else date(2022, 6, 30)
            expected.append((stage, (left - day).days))
    assert found["stage"].tolist() == [stage for stage, _ in expected]
    assert found["days"].fillna(-1).tolist() == [max(days, -1) for _, days in expected]


@given(rows, st.integers(0, 400))
def test_a_project_that_does_not_move_only_grows_older(drawn, days):
    later = (date(2022, 6, 30) + timedelta(days=days)).isoformat()
    one, other = (project_stages(projects(*drawn, as_of=day)) for day in ("2022-06-30", later))
    known = one["days_in_stage"].notna()
    assert ((other["days_in_stage"] - one["days_in_stage"])[known] == days).all()
    assert not (one["is_stuck"] & ~other["is_stuck"]).any()


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("started_on", "date_doubtful"),
        ("landed_on", "date_doubtful"),
        ("terminated_on", "date_doubtful"),
        ("signed_on", "over"),
        ("agreed_start_on", "over"),
    ],
)
def test_nobody_is_stuck_by_a_day_that_is_doubtful(column, reason):
    one = projects({"signed_on": "2020-01-01", "landed_on": "2020-05-01"})
    doubted = replace(one, doubtful={"projects": {0: frozenset({column})}})
    assert project_stages(one)["reason"].tolist() == ["over"]
    assert project_stages(doubted)["reason"].tolist() == [reason]
