"""What the firms on a parcel say of it, and what needs action first."""

import copy
from importlib import import_module
from types import SimpleNamespace

import pandas as pd
import pytest

from build import POLICY, county
from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable
from tenglong.measure.parcel.firms import (
    clearance_state,
    firm_carbon,
    firm_grades,
    occupant_names,
    of_several,
)
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


# What is known of the firms of the last year.

OF_USES, OF_FIRMS = (import_module(f"tenglong.measure.parcel.{name}") for name in ("uses", "firms"))
YEARS = {"usci": ["d", "a", "b", "c", "e"], "year": [2020, 2021, 2021, 2021, 2021]}


def test_every_firm_of_the_last_year_has_its_grade_or_is_not_graded(monkeypatch):
    asked = []

    def evaluate(_, *, year, scheme):
        asked.append((year, scheme))
        graded = {"usci": ["a", "b", "d", "e"], "grade": ["D", None, "A", "E"]}
        return SimpleNamespace(frame=pd.DataFrame(graded))

    monkeypatch.setattr(OF_FIRMS, "evaluate", evaluate)
    found = firm_grades(county(enterprise_years=YEARS))
    assert found == {"a": "D", "b": "not_graded", "c": "not_graded", "e": "not_graded"}
    assert asked == [(2021, "default")]


def test_every_firm_of_the_last_year_has_its_carbon_level_or_is_not_rated(monkeypatch):
    rated = {
        "usci": ["a", "a", "b", "d"],
        "year": [2021, 2020, 2021, 2020],
        "level": ["high", "low", None, "low"],
    }
    monkeypatch.setattr(OF_FIRMS, "carbon_levels", lambda _: pd.DataFrame(rated))
    found = firm_carbon(county(enterprise_years=YEARS))
    assert found == {"a": "high", "b": None, "c": "not_rated", "e": "not_rated"}


def test_without_any_year_there_is_no_last_one():
    one = county(enterprise_years={"usci": ["a"], "year": [None], "tax_paid_wan": [1.0]})
    with pytest.raises(Unavailable, match=r"^enterprise_years\.year$"):
        firm_grades(one)


def test_of_listed_firms_the_least_far_counts_and_who_is_there_before_who_has_left():
    events = [
        *(("a", "listed"), ("b", "listed"), ("b", "checked"), ("gone", "listed")),
        *(("c", "listed"), ("c", "checked"), ("c", "notified")),
    ]
    used = {
        "usci": ["c", "b", "a", "gone", "b"],
        "parcel_id": ["p", "p", "p", "q", "q"],
        "to_on": [None, None, None, "2022-06-29", None],
    }
    one = county(
        parcels=PARCELS,
        occupancies=used,
        clearance_events={
            "usci": [usci for usci, _ in events],
            "event": [event for _, event in events],
            "happened_on": [f"2021-03-{day:02d}" for day in range(1, len(events) + 1)],
        },
    )
    assert clearance_state(one).fillna("").tolist() == ["listed", "checked", ""]


def test_who_uses_a_parcel_twice_is_named_once_and_all_in_the_order_of_their_names():
    codes = ["e", "c", "f", "a", "d", "b"]
    used = {"usci": [*codes, "e"], "parcel_id": ["p"] * 7, "area_mu": [1.0] * 7}
    names = {"usci": codes, "name": [f"{code}厂" for code in codes]}
    one = county(parcels=PARCELS, enterprises=names, occupancies=used)
    found = occupant_names(one, one.tables["parcels"])
    assert found.tolist()[0] == "a厂、b厂、c厂、d厂、e厂、f厂"


# One row a use.


def lines(used, *columns):
    cells = used[[*columns]].astype("object")
    return cells.where(cells.notna(), None).to_numpy().tolist()


def test_what_a_firm_uses_of_a_parcel_adds_up_and_is_unknown_where_a_part_is():
    one = made(
        occupancies={
            "usci": ["b", "a", "a", "b", "b", "a", "a"],
            "parcel_id": ["p", "p", "p", "q", "q", "r", "r"],
            "share": [0.2, 0.3, 0.4, 0.5, None, None, 0.5],
        }
    )
    used = parcel_uses(one, one.tables["parcels"], {})
    assert lines(used, "parcel", "parcel_id", "usci", "area_mu") == [
        [0, "p", "a", 7],
        [0, "p", "b", 2],
        [1, "q", "b", None],
        [2, "r", "a", None],
    ]


def test_a_use_has_the_columns_that_are_told_of_it_and_no_others():
    one = made()
    assert list(parcel_uses(one, one.tables["parcels"], {})) == [
        *("parcel", "parcel_id", "usci", "area_mu", "name", "industry", "grade", "tax_per_mu"),
        *("clearance_state", "days_overdue", "carbon_level", "land_state", "actions"),
    ]


def standing(monkeypatch, **days):
    frame = pd.DataFrame({"usci": list(days), "state": "listed", "days_overdue": days.values()})
    frame = frame.astype({"days_overdue": "Int64"})
    monkeypatch.setattr(OF_USES, "standings", lambda _: frame)


def test_who_is_later_by_more_days_comes_first(monkeypatch):
    standing(monkeypatch, a=10, b=200)
    one = made()
    used = parcel_uses(one, one.tables["parcels"], {})
    assert lines(used, "parcel_id", "usci", "days_overdue") == [
        ["p", "b", 200],
        ["p", "a", 10],
        ["q", "a", 10],
        ["r", None, None],
    ]


def test_of_idle_land_that_of_a_late_firm_comes_first_though_to_be_late_is_no_action(monkeypatch):
    standing(monkeypatch, a=1)
    one = county(
        policy={"parcel_actions": {"actions": {"idle": "idle_land"}}},
        parcels={"parcel_id": ["p", "q"]},
        occupancies={"usci": ["a"], "parcel_id": ["q"], "area_mu": [1.0]},
    )
    states = {"land_state": pd.Series(["idle", "idle"])}
    used = parcel_uses(one, one.tables["parcels"], states)
    assert used[["parcel_id", "actions"]].to_numpy().tolist() == [
        ["q", ("idle",)],
        ["p", ("idle",)],
    ]


def test_of_parcels_as_urgent_that_of_less_tax_comes_first_and_of_unknown_tax_last():
    one = county(parcels={"parcel_id": ["p", "s", "q", "r"]})
    values = {"tax_per_mu": pd.Series([None, 8.0, 9.0, 7.0])}
    used = parcel_uses(one, one.tables["parcels"], values)
    assert used["parcel_id"].tolist() == ["r", "s", "q", "p"]


def test_the_worst_grade_of_the_policy_needs_action_and_no_other_grade(monkeypatch):
    grades = {"a": "D", "b": "C"}
    monkeypatch.setattr(OF_USES, "firm_grades", lambda _: grades)
    one = made(occupancies={"usci": ["a", "b"], "parcel_id": ["p", "q"], "share": [1.0, 1.0]})
    used = parcel_uses(one, one.tables["parcels"], {})
    assert used["actions"].tolist() == [("worst_grade",), (), ()]


def test_the_township_of_more_parcels_goes_before_that_of_more_land():
    used = pd.DataFrame({"parcel": range(3), "usci": None, "actions": [("idle",)] * 3})
    areas, towns = pd.Series([90.0, 1.0, 2.0]), pd.Series(["甲", "乙", "乙"])
    idle = action_tallies(county(), used, areas, towns)["idle"]
    assert idle.townships == (("乙", 2, 3), ("甲", 1, 90))
