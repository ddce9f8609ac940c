"""Two-high projects and key users: both ways of counting, approvals, and who has been checked."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY
from tenglong.measure.clearance.two_high import (
    calorific_tce,
    key_users,
    two_high_assessed,
    two_high_projects,
)
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county

SINCE = date(2018, 1, 1)
COLUMNS = (
    *("project_id", "industry", "started_on", "energy_tce", "electricity_10k_kwh", "is_two_high"),
    *("energy_review_on", "eia_on", "is_capacity_swapped", "assessed_on", "assessment"),
    "completed_on",
)
BASE = {
    "industry": "3391",
    "started_on": "2019-05-01",
    "energy_tce": 1500.0,
    "electricity_10k_kwh": 100.0,
    "is_two_high": True,
    "energy_review_on": "2019-01-01",
    "eia_on": "2019-01-01",
}


def county(*projects, lacking=(), **policy):
    rows = [{"project_id": f"P{number}", **BASE, **more} for number, more in enumerate(projects)]
    table = {name: [row.get(name) for row in rows] for name in COLUMNS if name not in lacking}
    return example_county(policy={**POLICY, **policy}, projects=table)


def one(**more):
    return two_high_projects(county(more)).iloc[0]


def covered(*projects):
    reading = two_high_assessed(county(*projects), since=SINCE, min_energy_tce=1000)
    return int(reading.done), int(reading.required)


def test_a_project_of_1000_tce_counts_and_one_below_does_not():
    assert covered({"energy_tce": 1000.0}, {"energy_tce": 999.99}) == (0, 1)


def test_a_project_begun_on_the_first_day_counts_and_one_begun_before_does_not():
    assert covered({"started_on": "2018-01-01"}, {"started_on": "2017-12-31"}) == (0, 1)


def test_a_project_that_has_not_begun_is_proposed_and_not_yet_owed_a_check():
    assert covered({"started_on": None}) == (0, 0)
    assert one(started_on=None)["stage"] == "proposed"


def test_a_project_that_was_checked_is_done():
    assert covered({"assessed_on": "2021-05-01"}, {}) == (1, 2)


def test_a_project_of_unknown_energy_may_be_large_and_has_to_be_checked():
    reading = two_high_assessed(county({"energy_tce": None}), since=SINCE, min_energy_tce=1000)
    assert (int(reading.required), reading.parts["energy_unknown"]) == (1, 1)


def test_who_waits_for_a_check_is_named_since_its_works_began_the_longest_first():
    made = county({"started_on": "2022-03-01"}, {"assessed_on": "2022-05-01"}, {})
    reading = two_high_assessed(made, since=SINCE, min_energy_tce=1000)
    assert [(one.name, one.since, one.until) for one in reading.opened] == [
        ("P2", date(2019, 5, 1), date(2019, 7, 30)),
        ("P0", date(2022, 3, 1), date(2022, 5, 30)),
    ]
    assert reading.evidence[0].rows["project_id"].tolist() == ["P0", "P1", "P2"]


UNMARKED = {"is_two_high": None}
UNDATED = {"started_on": None, "completed_on": "2021-01-01"}


@pytest.mark.parametrize(
    ("third", "waits_for"),
    [
        (UNMARKED, ["is_two_high"]),
        ({**UNMARKED, "energy_tce": 1000.0}, ["is_two_high"]),
        ({**UNMARKED, "energy_tce": 999.99}, []),
        ({**UNMARKED, "energy_tce": None}, ["is_two_high", "energy_tce"]),
        ({**UNMARKED, "started_on": "2018-01-01"}, ["is_two_high"]),
        ({**UNMARKED, "started_on": "2017-12-31"}, []),
        ({**UNMARKED, "started_on": None}, []),
        ({**UNMARKED, **UNDATED}, ["is_two_high", "started_on"]),
        ({"energy_tce": None}, ["energy_tce"]),
        ({"energy_tce": None, "started_on": None}, []),
        ({"is_two_high": False, "energy_tce": None}, []),
        ({"is_two_high": False, **UNDATED}, []),
        (UNDATED, ["started_on"]),
        ({**UNDATED, "energy_tce": 999.99}, []),
    ],
)
def test_a_project_of_which_a_blank_leaves_open_if_it_counts_moves_the_share(third, waits_for):
    """One of two is checked; a third may be one of those to be checked, and is not."""
    made = county({"assessed_on": "2021-05-01"}, {}, third)
    reading = two_high_assessed(made, since=SINCE, min_energy_tce=1000)
    assert (reading.low, reading.high) == (Fraction(1, 3 if waits_for else 2), Fraction(1, 2))
    assert [(blank.column, blank.row) for blank in reading.blanks] == [
        (column, 2) for column in waits_for
    ]


def test_a_checked_project_that_may_count_can_only_raise_the_share():
    checked = {"assessed_on": "2021-05-01"}
    made = county(checked, {}, {**UNMARKED, **checked})
    reading = two_high_assessed(made, since=SINCE, min_energy_tce=1000)
    assert (reading.done, reading.required) == (1, 2)
    assert (reading.low, reading.high) == (Fraction(1, 2), Fraction(2, 3))


def test_the_way_of_counting_electricity_decides_who_is_large():
    """1000 tce of electricity at 0.30 are 409.67 at 0.1229; published example of the domain."""
    found = one(energy_tce=1000.0, electricity_10k_kwh=333.0)
    assert found["calorific_tce"] == pytest.approx(410.257)
    assert (found["is_large_equal"], found["is_large_calorific"]) == (True, False)
    assert "large_one_way_only" in found["findings"]


def test_both_ways_are_counted_in_the_parts():
    reading = two_high_assessed(
        county({"electricity_10k_kwh": 900.0}, {}), since=SINCE, min_energy_tce=1000
    )
    assert reading.parts["by_calorific_value"] == 1
    assert reading.parts["large_one_way_only"] == 1


def test_unknown_electricity_leaves_the_other_way_unknown():
    found = one(electricity_10k_kwh=None)
    assert found[["calorific_tce", "is_large_calorific", "is_flipping"]].isna().all()


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_the_calorific_value_agrees_with_whole_numbers(tce, power):
    """Of 1 万 kWh, 3 tce become 1.229."""
    made = county({"energy_tce": tce / 10, "electricity_10k_kwh": power / 10})
    found = calorific_tce(made.tables["projects"], made).iloc[0]
    assert found == float(Fraction(tce, 10) - Fraction(power, 10) * Fraction(1771, 1000))


def test_the_equal_value_is_that_of_the_year_of_the_start():
    rule = {**POLICY["electricity"], "equal_value_by_year": {2019: 0.3229}}
    made = county({"electricity_10k_kwh": 100.0}, electricity=rule)
    assert calorific_tce(made.tables["projects"], made).iloc[0] == 1300.0


def test_an_approval_after_the_start_is_late():
    found = one(eia_on="2019-05-02")
    assert found["eia"] == "late"
    assert "eia_late" in found["findings"]
    assert one(eia_on="2019-05-01")["eia"] == "present"


def test_an_approval_that_is_lacking_is_missing_once_the_works_began():
    assert one(eia_on=None)["eia"] == "missing"
    assert one(eia_on=None, started_on=None)["eia"] == "pending"


def test_a_small_user_needs_no_energy_review_of_its_own():
    small = {"energy_tce": 1000.0, "electricity_10k_kwh": 499.0, "energy_review_on": None}
    assert one(**small)["energy_review"] == "not_needed"
    assert one(**{**small, "electricity_10k_kwh": 500.0})["energy_review"] == "missing"


def test_capacity_is_swapped_only_where_the_industry_needs_it():
    assert one(is_capacity_swapped=None)["capacity_swap"] == "not_needed"
    assert one(industry="3011", is_capacity_swapped=False)["capacity_swap"] == "missing"
    assert one(industry="3011", is_capacity_swapped=True)["capacity_swap"] == "present"
    assert one(industry=None)["capacity_swap"] == "unknown"


def test_a_column_of_approvals_that_was_not_supplied_is_not_known():
    found = two_high_projects(county({}, lacking=["eia_on"])).iloc[0]
    assert found["eia"] == "unknown"
    assert not [code for code in found["findings"] if code.startswith("eia")]


def test_a_large_project_of_such_an_industry_that_is_not_marked_is_told_of_and_not_counted():
    unmarked = {"is_two_high": False}
    assert "not_flagged" in one(**unmarked)["findings"]
    assert covered(unmarked) == (0, 0)
    assert two_high_projects(county({**unmarked, "industry": "1811"})).empty
    assert two_high_projects(county({**unmarked, "energy_tce": 999.0})).empty


def test_without_industries_no_project_is_suspected_and_without_marks_those_of_such_ones_are():
    assert two_high_projects(county({"is_two_high": False}, lacking=["industry"])).empty
    marked = two_high_projects(county({}, {"is_two_high": False}, lacking=["industry"]))
    assert marked["project_id"].tolist() == ["P0"]
    made = county({}, {"industry": "1811"}, {"industry": None}, lacking=["is_two_high"])
    found = two_high_projects(made)
    assert found["project_id"].tolist() == ["P0"]
    assert found["is_flagged"].tolist() == [False]


@pytest.mark.parametrize(
    ("started", "stage", "is_due"),
    [("2018-01-01", "built", True), ("2017-12-31", "earlier", False), (None, "proposed", False)],
)
def test_only_what_was_built_since_the_day_is_still_to_be_checked(started, stage, is_due):
    found = one(started_on=started)
    assert (found["stage"], "not_assessed" in found["findings"]) == (stage, is_due)


def test_the_result_of_the_check_is_a_finding_until_it_is_passed():
    assert "to_rectify" in one(assessed_on="2021-05-01", assessment="rectify")["findings"]
    assert one(assessed_on="2021-05-01", assessment="passed")["findings"] == ()
    assert "not_assessed" in one()["findings"]


def test_without_dates_of_the_start_nothing_can_be_counted():
    with pytest.raises(Unavailable, match=r"projects\.started_on"):
        two_high_assessed(county({}, lacking=["started_on"]), since=SINCE, min_energy_tce=1000)


def test_key_users_are_listed_by_either_way_the_largest_first():
    years = {
        "usci": ["a", "b", "c", "old"],
        "year": [2021, 2021, 2021, 2020],
        "tax_paid_wan": [1.0] * 4,
        "energy_tce": [1000.0, 3000.0, 999.0, 9000.0],
        "electricity_10k_kwh": [300.0, None, 10.0, 0.0],
    }
    found = key_users(example_county(policy=POLICY, enterprise_years=years))
    assert found["usci"].tolist() == ["b", "a"]
    assert found["is_flipping"].tolist()[1] is True
    assert found["is_flipping"].isna().tolist() == [True, False]
