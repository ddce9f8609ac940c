"""A blank is neither yes nor no, neither none nor zero; and what stands twice counts once."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import POLICY, county
from tenglong.measure.carbon.efficiency import carbon_levels
from tenglong.measure.carbon.emission import firm_carbon
from tenglong.measure.chain.directory import chain_directory
from tenglong.measure.chain.warning import watched
from tenglong.measure.clearance.clear_out import left_below
from tenglong.measure.clearance.loop import loop
from tenglong.measure.clearance.results import listed_firms, proven_events
from tenglong.measure.clearance.standing import standings
from tenglong.measure.clearance.two_high import calorific_tce, key_users, two_high_projects
from tenglong.measure.evaluation.facts import leased_mu
from tenglong.measure.evaluation.outcome import explained
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.evaluation.register import _merged
from tenglong.measure.evaluation.site import sites
from tenglong.measure.firm.places import township_labels, township_of
from tenglong.measure.land.idle import idle_land
from tenglong.measure.land.supply import contracts_signed, land_replaced, replacement_ledger
from tenglong.measure.land.tally import land_extents
from tenglong.measure.parcel.firms import clearance_state, occupant_names
from tenglong.measure.project.investment import yearly_investment
from tenglong.measure.project.stages import project_stages
from tenglong.measure.published.published import publications
from tenglong.measure.title.titles import milestone
from test_townships_sum import MEASURES, sums, whole


def test_a_firm_that_stands_twice_counts_once():
    place = whole()
    firms = place.tables["enterprises"]
    again = firms.assign(industry="0111", township="elsewhere").set_axis(firms.index + 100)
    doubled = pd.concat([again, firms])
    twice = replace(place, tables={**place.tables, "enterprises": doubled})
    for name, measure in MEASURES.items():
        assert sums([measure(twice)]) == sums([measure(place)]), name


def test_a_firm_s_second_row_of_a_year_counts_for_nothing():
    place = whole()
    years = place.tables["enterprise_years"]
    again = years.assign(tax_paid_wan=0.0, land_mu=999.0).set_axis(years.index + 100)
    twice = {**place.tables, "enterprise_years": pd.concat([again, years])}
    for name in ("low tax", "tax per mu"):
        measure = MEASURES[name]
        assert sums([measure(replace(place, tables=twice))]) == sums([measure(place)]), name


# Two-high projects and key users.


def test_a_project_of_no_known_industry_or_start_is_neither_suspected_nor_built():
    place = county(
        projects={
            "project_id": list("PQR"),
            "industry": [None, POLICY["two_high"]["industries"][0], None],
            "is_two_high": [None, None, True],
            "energy_tce": [9e6, 9e6, 9e6],
            "electricity_10k_kwh": [0.0, 0.0, 0.0],
            "started_on": [None, "2022-01-01", None],
            "assessed_on": [None, None, None],
        }
    )
    found = two_high_projects(place).set_index("project_id")
    assert found.index.tolist() == ["Q", "R"]
    assert found["stage"].tolist() == ["built", "proposed"]
    assert "not_flagged" in found.loc["Q", "findings"]
    assert "not_assessed" not in found.loc["R", "findings"]


@pytest.mark.parametrize(
    ("energy", "power", "is_due"),
    [(900.0, None, False), (900.0, 0.0, False), (None, 5.0, True), (1000.0, None, True)],
)
def test_a_project_that_is_small_by_equal_value_owes_no_check_though_the_other_is_unknown(
    energy, power, is_due
):
    place = county(
        projects={
            "project_id": ["P"],
            "is_two_high": [True],
            "energy_tce": [energy],
            "electricity_10k_kwh": [power],
            "started_on": ["2022-01-01"],
            "assessed_on": [None],
        }
    )
    found = two_high_projects(place, since=date(2021, 1, 1), min_energy_tce=1000).iloc[0]
    assert ("not_assessed" in found["findings"]) is is_due


def test_a_row_without_a_year_takes_the_value_of_the_day():
    rule = {
        "equal_value_kgce_per_kwh": 0.3,
        "equal_value_by_year": {2020: 0.4},
        "calorific_kgce_per_kwh": 0.1,
    }
    place = county(policy={"electricity": rule})
    rows = {"energy_tce": [100.0] * 4, "electricity_10k_kwh": [10.0, 10.0, None, 10.0]}
    frame = pd.DataFrame({**rows, "year": pd.array([2020, None, 2020, 2021], dtype="Int64")})
    assert calorific_tce(frame, place).fillna(-1).tolist() == [70, 80, -1, 80]
    days = pd.to_datetime(["2020-05-01", None, "2020-05-01", "2021-05-01"])
    frame = pd.DataFrame({**rows, "started_on": days})
    assert calorific_tce(frame, place).fillna(-1).tolist() == [70, 80, -1, 80]


def test_a_firm_of_unknown_energy_is_no_key_user():
    place = county(
        enterprise_years={
            "usci": list("ABC"),
            "year": [2021, 2021, 2020],
            "tax_paid_wan": [1.0] * 3,
            "energy_tce": [None, 5000.0, 9000.0],
            "electricity_10k_kwh": [10.0, None, 0.0],
        }
    )
    found = key_users(place)
    assert found["usci"].tolist() == ["B"]
    assert pd.isna(found["calorific_tce"].iloc[0])


def test_key_users_of_the_same_energy_stand_by_their_code():
    place = county(
        enterprise_years={
            "usci": list("CAB"),
            "year": [2021] * 3,
            "tax_paid_wan": [1.0] * 3,
            "energy_tce": [5000.0] * 3,
            "electricity_10k_kwh": [0.0] * 3,
        }
    )
    assert key_users(place)["usci"].tolist() == list("ABC")


def test_who_belongs_on_the_list_and_who_cannot_be_told_are_counted_apart():
    place = county(
        policy={"tax": {"source": "", "add_back": []}},
        enterprises={"usci": list("ABCD"), "industry": ["3441"] * 4},
        enterprise_years={
            "usci": list("ABCD"),
            "year": [2021] * 4,
            "is_above_scale": [False] * 4,
            "tax_paid_wan": [1.0, None, 90.0, 90.0],
            "land_mu": [4.0] * 4,
            "energy_tce": [1.0] * 4,
            "value_added_wan": [90.0] * 4,
        },
        clearance_events={"usci": ["D"], "event": ["listed"], "happened_on": ["2021-03-01"]},
    )
    found = listed_firms(place, min_land_mu=3)
    assert (found.done, found.required) == (0, 1)
    assert found.parts == {"undecided": 1, "listed": 1}
    assert [one.name for one in found.opened] == ["A"]


def test_a_firm_that_stands_twice_is_once_in_its_chain():
    place = county(
        enterprises={"usci": ["A", "A"], "chain": ["X", "X"], "closed_on": [None, None]},
        enterprise_years={"usci": ["A"], "year": [2021], "revenue_wan": [3.0]},
    )
    found = chain_directory(place).iloc[0]
    assert (found["firms"], found["revenue_wan"]) == (1, 3)


# The closed loop.


def test_a_record_without_its_day_or_its_step_is_told_and_counts_for_nothing():
    place = county(
        clearance_events={
            "usci": ["A", "A", None, "A", "A"],
            "event": ["listed", "checked", "listed", None, "checked"],
            "happened_on": ["2021-03-01", None, "2021-03-01", "2021-04-01", "2021-05-01"],
        }
    )
    led = loop(place)
    assert led.events.index.tolist() == [0, 4]
    assert led.findings[["code", "row"]].to_numpy().tolist() == [
        ["incomplete", 1],
        ["incomplete", 2],
        ["incomplete", 3],
    ]
    found = standings(place).iloc[0]
    assert (found["state"], str(found["since"].date())) == ("checked", "2021-05-01")
    assert str(found["checked_on"].date()) == "2021-05-01"
    assert pd.isna(found["is_illegal"])


@pytest.mark.parametrize(("evidence", "proven"), [("1号", ["A"]), ("  ", []), (None, [])])
def test_an_end_counts_with_its_evidence_only(evidence, proven):
    place = county(
        clearance_events={
            "usci": ["A", "A"],
            "event": ["listed", "closed"],
            "happened_on": ["2021-03-01", "2021-05-01"],
            "evidence": ["名单", evidence],
        }
    )
    assert proven_events(place)["usci"].tolist() == proven
    found = standings(place).iloc[0]
    assert (bool(found["is_proven"]), found["codes"]) == (
        bool(proven),
        () if proven else ("end_without_evidence",),
    )


def test_a_firm_without_tax_or_land_is_not_below_the_line():
    place = county(
        policy={
            "tax": {"source": "", "add_back": []},
            "bands": {**POLICY["bands"], "most_missing_share": 0.5},
        },
        enterprises={"usci": list("ABCD"), "industry": ["3441"] * 4},
        enterprise_years={
            "usci": list("ABCD"),
            "year": [2021] * 4,
            "is_above_scale": [True] * 4,
            "tax_paid_wan": [None, 1.0, 1.0, 0.0],
            "land_mu": [4.0, None, 4.0, 4.0],
        },
    )
    assert left_below(place)["usci"].tolist() == ["D", "C"]
    found = MEASURES["low tax"](place).figures[0]
    assert (found.value, found.parts["firms_lacking"]) == (2, 2)


# Projects, milestones, titles.


def test_months_that_are_not_told_are_in_no_year():
    months = [f"2021-{month:02d}" for month in range(1, 13)]
    place = county(
        projects={
            "project_id": ["P", "Q"],
            "is_manufacturing": [True, True],
            "is_enclave": [False, None],
        },
        project_months={
            "project_id": ["P"] * 13 + ["Q"],
            "month": [None, *months, months[0]],
            "invested_wan": [9.0] + [1.0] * 11 + [None, 70.0],
        },
    )
    found = yearly_investment(place)
    columns = ["year", "months", "invested_wan", "enclave_wan"]
    assert found[columns].to_numpy().tolist() == [[2021, 12, 11, 0]]


def test_a_milestone_without_a_day_has_not_happened():
    days = {"milestone": ["zone", "zone", "fund"], "happened_on": [None, "2021-12-20", None]}
    place = county(milestones=days)
    assert milestone(place, milestone="zone").on == date(2021, 12, 20)
    assert milestone(place, milestone="fund").on is None


def test_a_project_without_any_date_stands_nowhere():
    dates = {stage: [None] for stage in POLICY["projects"]["stages"]}
    found = project_stages(county(projects={"project_id": ["P"], **dates})).iloc[0]
    assert (found["reason"], bool(found["is_stuck"])) == ("no_date", False)
    assert pd.isna(found["stage"])


# Places.


def test_a_township_without_a_name_or_a_code_is_none():
    place = county(
        townships={"township": ["330328100", None, "330328102"], "name": ["甲镇", "乙镇", None]},
        enterprises={"usci": ["A", "B"], "township": ["330328100", None]},
        recognitions={"usci": ["A", "B", "C", None]},
    )
    assert township_labels(place) == {"330328100": "甲镇"}
    assert township_of(place, "recognitions").fillna("").tolist() == ["330328100", "", "", ""]


def test_a_row_of_no_firm_is_not_watched():
    place = county(
        enterprises={"usci": ["A"], "closed_on": [None]},
        enterprise_months={
            "usci": ["A", None],
            "month": ["2022-06", "2022-06"],
            "tax_wan": [1.0, 2.0],
        },
    )
    assert watched(place, 12) == ["A"]


# Land.


def test_the_first_area_that_is_more_than_nothing_is_a_parcel_s():
    columns = list(POLICY["land_state"]["area"])
    values = [[8.0, 0.0, None, None], [7.0, 6.0, 5.0, None], [1.0, 2.0, 3.0, 0.0]]
    given = dict(zip(columns, values, strict=False))
    place = county(parcels={"parcel_id": list("pqrs"), **given})
    assert land_extents(place).fillna(-1).tolist() == [8, 6, 5, -1]


def test_land_that_is_owed_is_what_was_last_known_of_the_ledger():
    place = county(
        land_moves={
            "moved_on": ["2021-03-01", "2021-04-01", "2021-05-01"],
            "area_mu": [5.0, 2.0, None],
            "direction": ["out", "in", "in"],
        }
    )
    ledger = replacement_ledger(place)
    assert ledger["balance_mu"].fillna(99).tolist() == [-5, -3, 99]
    assert ledger["is_short"].fillna(value=False).tolist() == [True, True, False]
    assert [(one.name, one.since) for one in land_replaced(place).opened] == [
        ("3 亩", date(2021, 3, 1))
    ]


def test_contracts_are_asked_of_land_of_unknown_use():
    place = county(
        parcels={
            "parcel_id": list("pqr"),
            "land_use": [None, "1001", "0701"],
            "supervision_signed_on": ["2021-01-01", "2021-02-01", None],
        }
    )
    found = contracts_signed(place)
    assert (found.done, found.required, found.completed_on) == (2, 2, date(2021, 2, 1))


def test_land_is_used_only_where_somebody_is_known_to_use_it():
    parcels = {"parcel_id": ["p", "q"], "started_on": [None, None], "actual_mu": [1.0, 1.0]}
    used = {"usci": ["A"], "parcel_id": ["p"], "area_mu": [1.0]}
    assert idle_land(county(parcels=parcels, occupancies=used))["state"].tolist() == [
        "not_idle",
        "undecided",
    ]
    assert idle_land(county(parcels=parcels))["state"].tolist() == ["undecided"] * 2


def test_who_is_on_a_parcel_is_named_by_code_where_the_name_is_not_known():
    place = county(
        parcels={"parcel_id": ["p", "q"]},
        enterprises={"usci": ["A", "A", "B"], "name": ["甲", "另", None]},
        occupancies={"usci": ["A", "B", "C"], "parcel_id": ["p", "p", "p"], "area_mu": [1.0] * 3},
        clearance_events={
            "usci": ["B", "B", "A"],
            "event": ["listed", "checked", "listed"],
            "happened_on": ["2021-03-01", "2021-04-01", "2021-05-01"],
        },
    )
    parcels = place.table("parcels")
    assert occupant_names(place, parcels).fillna("").tolist() == ["B、C、甲", ""]
    assert clearance_state(place).fillna("").tolist() == ["listed", ""]


# What was published.


@pytest.mark.parametrize("unit", ["%", "亿元", "家"])
def test_a_figure_without_a_unit_is_in_that_of_the_others(unit):
    place = county(
        "2023-06-30",
        official_series={
            "indicator": ["x", "x", "x"],
            "period": ["2020", "2021", "2022"],
            "value": [3.0, 4.0, 5.0],
            "unit": [unit, None, unit],
        },
    )
    found = publications(place, "x")
    assert [(one.value, one.unit) for one in found] == [(3, unit), (4, unit), (5, unit)]


# Evaluation and carbon.


@pytest.mark.parametrize(
    ("name", "values", "merged"),
    [
        ("is_vetoed", [None, None], None),
        ("is_vetoed", [None, False], False),
        ("is_vetoed", [False, True], True),
        ("tax_wan", [None, None], None),
        ("tax_wan", [Fraction(2), None], 2),
        ("tax_wan", [Fraction(2), Fraction(3)], 5),
        ("division", [Fraction(33), Fraction(34)], 33),
        ("industry", ["33", "34"], "33"),
        ("titles", [frozenset("a"), frozenset("b"), None], frozenset("ab")),
    ],
)
def test_a_site_has_the_sum_of_its_firms_and_a_flag_of_any(name, values, merged):
    assert _merged(name, values) == merged
    assert (_merged(name, values) is None) is (merged is None)
    assert _merged(name, values[:1]) == values[0]


@pytest.mark.parametrize(
    ("tenures", "lead"),
    [
        ({"a": ("leased", 2.0), "b": ("leased", 9.0)}, "b"),
        ({"a": ("leased", 9.0), "b": ("leased", 2.0)}, "a"),
        ({"a": ("leased", 9.0), "b": ("owned", 2.0)}, "b"),
        ({"a": ("owned", 2.0), "b": ("owned", 2.0)}, "a"),
        ({"a": ("owned", None), "b": ("owned", 2.0)}, "b"),
    ],
)
def test_who_owns_or_else_uses_most_leads_a_site(tenures, lead):
    place = county(
        parcels={"parcel_id": ["p"]},
        occupancies={
            "usci": list(tenures),
            "parcel_id": ["p"] * 2,
            "tenure": [tenure for tenure, _ in tenures.values()],
            "area_mu": [area for _, area in tenures.values()],
        },
    )
    found = sites(place, ["a", "b", "c"], pd.Timestamp("2021-12-31"))
    assert found == {"a": lead, "b": lead, "c": "c"}


def test_land_leased_of_unknown_size_is_not_known():
    place = county(
        parcels={"parcel_id": ["p", "q"], "actual_mu": [None, 4.0]},
        occupancies={
            "usci": ["a", "a", "b", "c"],
            "parcel_id": ["p", "q", "q", "q"],
            "tenure": ["leased", "leased", "leased", "owned"],
            "area_mu": [None, 1.0, 2.0, 1.0],
        },
    )
    firms = pd.DataFrame({"usci": ["a", "b", "c"]})
    found = leased_mu(place, firms, pd.Timestamp("2021-12-31"))
    assert found.fillna(-1).tolist() == [-1, 2, 0]


def test_a_firm_that_is_gone_is_still_named():
    place = county(
        policy={"tax": {"source": "", "add_back": []}},
        enterprises={"usci": ["a", "b"], "industry": ["33", "33"], "name": ["甲", "乙"]},
        enterprise_years={
            "usci": ["a", "b", "a"],
            "year": [2020, 2020, 2021],
            "is_above_scale": [False] * 3,
            "land_mu": [4.0] * 3,
            "tax_paid_wan": [1.0, 2.0, 3.0],
            "electricity_10k_kwh": [9.0] * 3,
        },
    )
    found = explained(*(evaluate(place, year=year) for year in (2021, 2020))).set_index("usci")
    assert found["name"].to_dict() == {"a": "甲", "b": "乙"}
    assert pd.isna(found.loc["b", "score_change"])


def test_power_without_carbon_that_is_not_told_is_none_claimed():
    place = county(
        enterprise_years={
            "usci": list("ABC"),
            "year": [2021] * 3,
            "electricity_10k_kwh": [100.0] * 3,
            "energy_tce": [300.0] * 3,
            "zero_carbon_power_10k_kwh": [None, 100.0, 100.1],
        }
    )
    found = firm_carbon(place)
    assert found["reason"].tolist() == ["known", "known", "zero_carbon_exceeds"]
    assert found["zero_carbon_t"].fillna(-1).tolist()[0] == 0
    assert found["net_co2_t"].fillna(-1).tolist()[1:] == [0, -1]
    assert found["co2_t"].tolist() == found["co2_t"].tolist()[:1] * 3


@pytest.mark.parametrize(
    ("value_added", "reason"),
    [
        (-1.0, "value_added_not_positive"),
        (0.0, "value_added_not_positive"),
        (0.5, "known"),
        (None, "value_added_unknown"),
    ],
)
def test_carbon_is_held_against_value_added_that_is_more_than_nothing(value_added, reason):
    place = county(
        enterprises={"usci": ["A"], "industry": ["3441"]},
        enterprise_years={
            "usci": ["A"],
            "year": [2021],
            "is_above_scale": [True],
            "coal_t": [100.0],
            "energy_tce": [71.43],
            "value_added_wan": [value_added],
        },
    )
    found = carbon_levels(place).iloc[0]
    assert found["reason"] == reason
    assert bool(pd.isna(found["l_t_per_wan"])) is (reason != "known")


@pytest.mark.parametrize(("count", "is_told"), [(20, True), (19, False)])
def test_a_group_of_which_just_a_twentieth_lacks_its_figure_has_a_mean(count, is_told):
    place = county(
        enterprises={"usci": [f"F{n}" for n in range(count)], "industry": ["3441"] * count},
        enterprise_years={
            "usci": [f"F{n}" for n in range(count)],
            "year": [2021] * count,
            "is_above_scale": [True] * count,
            "coal_t": [100.0] * count,
            "energy_tce": [71.43] * count,
            "value_added_wan": [None] + [100.0] * (count - 1),
        },
    )
    found = carbon_levels(place).iloc[-1]
    assert found["reason"] == ("known" if is_told else "group_incomplete")


def test_a_group_s_carbon_is_a_ratio_of_sums_over_those_that_are_known():
    place = county(
        policy={"bands": {**POLICY["bands"], "most_missing_share": 0.4}},
        enterprises={"usci": list("ABCD"), "industry": ["3441", "3441", "3441", "34"]},
        enterprise_years={
            "usci": list("ABCD"),
            "year": [2021] * 4,
            "is_above_scale": [True] * 4,
            "coal_t": [100.0, 200.0, 100.0, 100.0],
            "energy_tce": [71.43, 142.86, 71.43, 71.43],
            "value_added_wan": [190.03, 190.03, None, 0.0],
        },
    )
    found = carbon_levels(place).set_index("usci")
    assert found["reason"].tolist() == [
        "known",
        "known",
        "value_added_unknown",
        "value_added_not_positive",
    ]
    assert found["group_firms"].tolist()[:3] == [2, 2, 2]
    assert found["group_l"].tolist()[0] == pytest.approx(1.5)
    assert found["k"].tolist()[:2] == pytest.approx([Fraction(2, 3), Fraction(4, 3)])
