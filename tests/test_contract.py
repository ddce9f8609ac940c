"""The use of land against its contract: every class at its boundary, and one state a parcel."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, opened
from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.land.contract import Grace, classes_of_use, land_state_rule, land_states

RULE = land_state_rule(POLICY)
TODAY = date(2022, 6, 30)
BLANK = dict.fromkeys(
    (
        *("supplied_on", "started_on", "completed_on", "production_on", "suspended_on"),
        *("agreed_start_on", "agreed_production_on", "agreed_capacity_on"),
        *("agreed_far", "actual_far", "to_develop_mu", "developed_mu"),
        *("agreed_tax_wan_per_mu", "agreed_value_added_wan_per_mu"),
        *("agreed_value_added_wan_per_tce", "agreed_investment_wan", "invested_wan"),
    )
)
BUILT = {"started_on": date(2018, 1, 1), "completed_on": date(2019, 6, 1)}
RUNNING = {**BUILT, "production_on": date(2019, 9, 1), "agreed_capacity_on": date(2020, 12, 31)}


def codes(year=2021, lacking=(), **cells):
    parcel = {key: value for key, value in {**BLANK, **cells}.items() if key not in lacking}
    return classes_of_use(parcel, rule=RULE, as_of=TODAY, output_year=year)


def county(*parcels, **tables):
    """Give a county of parcels that have every column."""
    frame = {key: [parcel.get(key) for parcel in parcels] for key in BLANK}
    ids = {"parcel_id": [f"P{number}" for number in range(len(parcels))]}
    areas = {"actual_mu": [10.0] * len(parcels)}
    return example_county(policy=POLICY, parcels=ids | areas | frame, **tables)


def users(*parcel_ids):
    """Let one firm use each of these parcels."""
    ids = list(parcel_ids)
    return {"usci": [f"firm {p}" for p in ids], "parcel_id": ids, "share": [1.0] * len(ids)}


def test_land_is_unused_from_the_day_after_the_start_agreed():
    assert not codes(agreed_start_on=TODAY)["supplied_unused"]
    assert codes(agreed_start_on=date(2022, 6, 29))["supplied_unused"]
    assert not codes(agreed_start_on=date(2020, 1, 1), started_on=TODAY)["supplied_unused"]


def test_days_of_grace_are_data():
    rule = replace(RULE, supplied_unused=Grace(90))
    parcel = {**BLANK, "agreed_start_on": date(2022, 4, 1)}
    judged = classes_of_use(parcel, rule=rule, as_of=TODAY, output_year=None)
    assert judged["supplied_unused"] is False


def test_built_land_without_production_past_its_day_is_invested_short():
    assert codes(**BUILT, agreed_production_on=date(2022, 6, 29))["invested_short"]
    assert not codes(**BUILT, agreed_production_on=TODAY)["invested_short"]
    assert not codes(started_on=TODAY, agreed_production_on=date(2020, 1, 1))["invested_short"]


def test_four_fifths_of_the_agreed_floor_area_are_enough():
    assert not codes(**BUILT, agreed_far=1.5, actual_far=1.2)["partly_used"]
    assert codes(**BUILT, agreed_far=1.5, actual_far=1.19)["partly_used"]


def test_land_still_being_built_is_not_yet_partly_used():
    assert not codes(started_on=TODAY, agreed_far=1.5, actual_far=0.1)["partly_used"]


def test_output_is_judged_by_a_full_year_after_the_capacity_agreed():
    short = {"agreed_tax_wan_per_mu": 20.0, "tax_wan_per_mu": 19.9}
    assert codes(**RUNNING, **short)["below_capacity"]
    assert not codes(**{**RUNNING, "agreed_capacity_on": date(2021, 1, 2)}, **short)[
        "below_capacity"
    ]
    assert not codes(**RUNNING, **{**short, "tax_wan_per_mu": 20.0})["below_capacity"]


def test_what_was_not_agreed_cannot_be_broken():
    assert codes(**RUNNING) == dict.fromkeys(codes(), False)


def test_what_was_agreed_and_not_reported_is_not_known():
    assert codes(**RUNNING, agreed_tax_wan_per_mu=20.0)["below_capacity"] is None
    assert codes(**BUILT, agreed_far=1.5)["partly_used"] is None


def test_one_broken_promise_decides_though_another_is_not_known():
    broken = {"agreed_investment_wan": 100.0, "invested_wan": 99.0, "agreed_tax_wan_per_mu": 20.0}
    assert codes(**RUNNING, **broken)["below_capacity"] is True


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("agreed_start_on", "supplied_unused"),
        ("completed_on", "invested_short"),
        ("agreed_far", "partly_used"),
        ("agreed_capacity_on", "below_capacity"),
    ],
)
def test_a_column_that_was_not_supplied_is_not_an_empty_cell(column, code):
    cells = RUNNING if code in ("partly_used", "below_capacity") else {}
    assert codes(**{**cells, column: None})[code] is not None or column == "agreed_far"
    without = {key: value for key, value in cells.items() if key != column}
    assert codes(lacking=[column], **without)[code] is None


def test_a_parcel_has_one_state_and_all_its_codes():
    found = land_states(county({"agreed_start_on": "2021-01-01"}))
    assert found["land_state"].tolist() == ["idle"]
    assert found["codes"].tolist() == [("idle", "supplied_unused")]


def test_production_that_never_came_goes_before_floor_area_that_was_not_built():
    parcel = {"started_on": "2018-01-01", "completed_on": "2019-01-01", "agreed_far": 2.0}
    parcel |= {"agreed_production_on": "2020-01-01", "actual_far": 1.0}
    found = land_states(county(parcel, occupancies=users("P0")))
    assert found["land_state"].tolist() == ["invested_short"]
    assert found["codes"].tolist() == [("invested_short", "partly_used")]


def test_a_state_behind_one_that_cannot_be_told_cannot_be_told():
    parcel = {"started_on": "2018-01-01", "completed_on": "2019-01-01", "agreed_far": 2.0}
    parcel |= {"production_on": "2020-01-01", "agreed_capacity_on": "2020-06-01"}
    parcel |= {"agreed_investment_wan": 100.0, "invested_wan": 50.0}
    found = land_states(county(parcel, occupancies=users("P0")))
    assert found["land_state"].isna().tolist() == [True]
    assert found["codes"].tolist() == [("below_capacity",)]
    assert found["undecided"].tolist() == [("partly_used",)]


def test_land_in_no_class_is_in_progress_in_use_or_vacant():
    built = {
        "started_on": "2018-01-01",
        "completed_on": "2019-01-01",
        "production_on": "2019-02-01",
    }
    early = {"agreed_start_on": "2022-09-01"}
    going = {"started_on": "2022-01-01", "agreed_start_on": "2022-01-01"}
    found = land_states(county(built, built, early, going, occupancies=users("P0")))
    assert found["land_state"].tolist() == ["in_use", "vacant", "in_progress", "in_progress"]


def test_land_of_which_nothing_tells_of_a_grant_is_told_of():
    found = land_states(county({}, occupancies=users("another")))
    assert found["codes"].tolist() == [("unsupplied",)]


@pytest.mark.parametrize(
    ("agreed", "day", "is_judged"),
    [
        (date(2021, 1, 1), date(2021, 12, 30), False),
        (date(2021, 1, 1), date(2021, 12, 31), True),
        (date(2021, 1, 2), date(2021, 12, 31), False),
        (date(2021, 1, 2), date(2022, 12, 31), True),
    ],
)
def test_a_year_at_capacity_is_full_at_the_end_of_its_last_day(agreed, day, is_judged):
    parcel = {
        "production_on": date(2020, 1, 1),
        "agreed_capacity_on": agreed,
        "agreed_tax_wan_per_mu": 20.0,
        "tax_wan_per_mu": 1.0,
    }
    rule = land_state_rule(POLICY)
    found = classes_of_use(parcel, rule=rule, as_of=day, output_year=day.year)
    assert found["below_capacity"] is is_judged


def test_without_the_column_of_supplies_it_is_not_known_what_was_not_supplied():
    dates = {name: [None] for name in ("started_on", "completed_on", "production_on")}
    users = {"usci": ["A"], "parcel_id": ["other"], "area_mu": [1.0]}

    def codes(**columns):
        parcels = {"parcel_id": ["P"], "actual_mu": [1.0], **dates, **columns}
        place = example_county(policy=POLICY, parcels=parcels, occupancies=users)
        found = land_states(place).iloc[0]
        return "unsupplied" in found["codes"], "unsupplied" in found["undecided"]

    assert codes() == (False, True)
    assert codes(supplied_on=[None]) == (True, False)


def told(place):
    """Give the classes of the first parcel, and those that cannot be told of it."""
    found = land_states(place).iloc[0]
    return found["codes"], found["undecided"]


def test_land_that_may_lie_idle_or_be_determined_so_is_undecided_in_that_alone():
    assert told(county({}, occupancies=users("another")))[1] == ("idle",)
    stopped = {"started_on": "2019-05-01", "suspended_on": "2021-01-01"}
    assert told(county(stopped)) == ((), ("may_be_idle",))


@pytest.mark.parametrize(
    ("cells", "doubtful", "codes", "undecided"),
    [
        ({}, "completed_on", (), ("supplied_unused", "invested_short", "partly_used")),
        ({}, "suspended_on", (), ("supplied_unused",)),
        ({"started_on": "2022-02-01"}, "completed_on", (), ("invested_short", "partly_used")),
        ({}, "agreed_production_on", ("supplied_unused",), ()),
    ],
)
def test_land_is_not_unused_for_certain_while_a_day_that_tells_of_a_start_is_doubtful(
    cells, doubtful, codes, undecided
):
    made = county({"agreed_start_on": "2022-03-01", **cells})
    found = told(replace(made, doubtful={"parcels": {0: frozenset({doubtful})}}))
    is_open = ("idle", "may_be_idle") if undecided else ()
    assert found == (codes, is_open + undecided)


@pytest.mark.parametrize(
    ("cells", "user", "codes", "undecided"),
    [
        ({}, "P0", (), ()),  # somebody uses it
        ({"supplied_on": "2010-01-01"}, "another", (), ("idle",)),
        ({"price_wan": 30.0}, "another", (), ("idle",)),
        ({}, None, (), ("idle", "unsupplied")),  # nobody knows who uses it
    ],
)
def test_land_that_is_used_or_was_granted_is_not_unsupplied(cells, user, codes, undecided):
    tables = {"occupancies": users(user)} if user else {}
    parcels = {name: [None] for name in BLANK} | {name: [cell] for name, cell in cells.items()}
    place = example_county(
        policy=POLICY, parcels={"parcel_id": ["P0"], "actual_mu": [10.0], **parcels}, **tables
    )
    assert told(place) == (codes, undecided)


@pytest.mark.parametrize("column", ["completed_on", "production_on"])
def test_whether_land_was_built_on_is_not_known_while_either_day_was_not_supplied(column):
    assert codes(lacking=[column])["partly_used"] is None


def test_parcels_that_do_not_say_when_they_were_started_have_no_state():
    with pytest.raises(Unavailable, match=r"parcels\.started_on"):
        land_states(example_county(policy=POLICY, parcels={"parcel_id": ["P1"]}))


@given(
    st.sampled_from([None, 0.5, 1.0, 2.0]),
    st.sampled_from([None, 1.0, 2.5]),
    st.sampled_from([0, 1]),
)
def test_a_check_agrees_with_the_rule_in_words(actual, agreed, built):
    found = codes(**(BUILT if built else {}), actual_far=actual, agreed_far=agreed)["partly_used"]
    if not built or agreed is None:
        assert found is False
    elif actual is None:
        assert found is None
    else:
        assert found is (actual * 5 < agreed * 4)


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


def without(county, table, column):
    frame = county.tables[table].drop(columns=column)
    tables = {**county.tables, table: frame}
    return replace(county, tables=tables)


# A parcel's area is the first of three columns that it has, and a use without an end goes on:
# of these a known state may depend in another way.
CONVENTIONS = {"actual_mu", "registered_mu", "supplied_mu", "from_on", "to_on"}


@pytest.mark.long
@pytest.mark.parametrize("table", ["parcels", "occupancies", "enterprise_years"])
def test_removing_a_column_never_turns_one_known_state_into_another(sample, table):
    whole = land_states(sample)["land_state"]
    for column in sorted(set(sample.tables[table].columns) - CONVENTIONS):
        try:
            less = land_states(without(sample, table, column))["land_state"]
        except Unavailable:
            continue
        both = whole.notna() & less.notna()
        changed = whole[both & (whole != less)]
        assert changed.empty, f"{table}.{column}: {changed.to_dict()}"


def test_shuffled_parcels_have_the_same_states(sample):
    turned = sample.tables["parcels"].sample(frac=1, random_state=1)
    tables = {**sample.tables, "parcels": turned}
    found = land_states(replace(sample, tables=tables))
    pd.testing.assert_frame_equal(found.sort_index(), land_states(sample))


def test_an_unknown_class_in_the_order_is_refused_with_the_nearest():
    policy = {**POLICY, "land_state": {**POLICY["land_state"], "precedence": ["idl"]}}
    with pytest.raises(ConfigurationError, match=r"no class 'idl' \(did you mean 'idle'"):
        land_state_rule(policy)
