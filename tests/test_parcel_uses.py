"""What the firms on a parcel say of it, and what needs action first."""

import copy

import pandas as pd
import pytest

from build import POLICY, county
from tenglong.errors import ConfigurationError
from tenglong.measure.parcel.firms import of_several
from tenglong.measure.parcel.uses import action_rule, action_tallies, parcel_uses

USED = {"usci": ["a", "b", "a"], "parcel_id": ["p", "p", "q"], "share": [0.4, 0.6, 1.0]}
PARCELS = {"parcel_id": ["p", "q", "r"], "actual_mu": [10.0, 5.0, 2.0]}
LEVELS = {"a": "high", "b": "low"}


def made(way="first", **tables):
    measures = copy.deepcopy(POLICY["parcel_measures"])
    measures["measures"]["carbon_level"]["of_several"] = way
    given = {"parcels": PARCELS, "occupancies": USED, **tables}
    return county(policy={"parcel_measures": measures}, **given)


@pytest.mark.parametrize(("way", "expected"), [("first", "high"), ("largest", "low")])
def test_of_several_firms_the_policy_says_which_one_counts(way, expected):
    found = of_several(made(way), "carbon_level", LEVELS)
    assert found.tolist()[:2] == [expected, "high"]
    assert found.isna().tolist() == [False, False, True]


def test_a_firm_that_is_not_known_does_not_hide_one_that_is():
    assert of_several(made(), "carbon_level", {"a": None, "b": "low"}).tolist()[0] == "low"


def test_an_unknown_way_of_choosing_is_refused():
    with pytest.raises(ConfigurationError, match="'best' must be first or largest"):
        of_several(made("best"), "carbon_level", LEVELS)


def test_every_parcel_has_its_firms_or_one_row_without():
    one = made()
    used = parcel_uses(one, one.tables["parcels"], {})
    rows = sorted(zip(used["parcel_id"], used["usci"].fillna("none"), strict=True))
    assert rows == [("p", "a"), ("p", "b"), ("q", "a"), ("r", "none")]
    areas = {(row.parcel_id, row.usci): row.area_mu for row in used.itertuples()}
    assert (areas["p", "a"], areas["p", "b"], areas["q", "a"]) == (4, 6, 5)


def test_what_the_policy_names_first_comes_first_and_the_most_overdue_before_others():
    events = {
        "usci": ["a", "b"],
        "happened_on": ["2021-03-01", "2021-03-01"],
        "event": ["listed", "listed"],
    }
    one = made(clearance_events=events)
    states = pd.Series(["in_use", "in_use", "idle"])
    used = parcel_uses(one, one.tables["parcels"], {"land_state": states})
    assert used["actions"].tolist() == [("overdue",)] * 3 + [("idle",)]
    assert used["days_overdue"].tolist()[:3] == [181] * 3  # since 2021-12-31


def test_of_several_actions_the_first_one_says_how_urgent_it_is():
    listed = {"usci": ["b"], "happened_on": ["2021-03-01"], "event": ["listed"]}
    one = made(clearance_events=listed)
    values = {
        "land_state": pd.Series(["invested_short", "in_use", "in_use"]),
        "tax_per_mu": pd.Series([None, 7.0, 4.0]),
    }
    used = parcel_uses(one, one.tables["parcels"], values)
    assert list(zip(used["parcel_id"], used["actions"], strict=True)) == [
        ("p", ("overdue", "invested_short")),
        ("r", ("low_tax",)),
        ("p", ("invested_short",)),
        ("q", ()),
    ]


def test_a_parcel_on_the_limit_is_not_below_it():
    one = made()
    tax = pd.Series([4.99, 5.0, None])
    used = parcel_uses(one, one.tables["parcels"], {"tax_per_mu": tax})
    assert set(used[used["actions"].map(bool)]["parcel_id"]) == {"p"}


def test_tallies_count_each_parcel_once_and_name_the_townships_with_most_first():
    used = pd.DataFrame(
        {
            "parcel": [1, 1, 2, 3],
            "usci": ["a", "b", "a", None],
            "actions": [("idle",), ("idle",), ("idle", "low_tax"), ("idle",)],
        }
    )
    areas, towns = pd.Series({1: 1.5, 2: 2.0, 3: 4.0}), pd.Series({1: "甲", 2: "乙", 3: "乙"})
    idle = action_tallies(county(), used, areas, towns)["idle"]
    assert (idle.parcels, idle.firms, float(idle.area_mu)) == (3, 2, 7.5)
    assert [(name, count) for name, count, _ in idle.townships] == [("乙", 2), ("甲", 1)]


def test_townships_with_as_many_parcels_stand_by_area_and_then_by_name():
    used = pd.DataFrame({"parcel": range(6), "usci": None, "actions": [("idle",)] * 6})
    areas = pd.Series([1.0, 2.0, 2.0, 2.0, 2.0, 9.0])
    towns = pd.Series(["丁", "丙", "乙", "戊", None, "甲"])
    idle = action_tallies(county(), used, areas, towns)["idle"]
    names = [name for name, _, _ in idle.townships]
    assert names == ["甲", None, *sorted(["丙", "乙", "戊"]), "丁"]


def test_an_action_that_there_is_not_is_refused_with_the_nearest():
    with pytest.raises(ConfigurationError, match="did you mean 'idle'"):
        action_rule({"parcel_actions": {"actions": {"idel": "x"}}})
