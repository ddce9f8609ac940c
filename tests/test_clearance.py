"""The clearance list and what has been cleared, counted once more with bare loops."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, opened
from tenglong.errors import ConfigurationError
from tenglong.measure.clearance.clear_out import left_below, lifted, low_tax_firms
from tenglong.measure.clearance.listing import clearance_list, judge, listing_rule, unscoped
from tenglong.measure.clearance.results import (
    checked_firms,
    cleared_firms,
    freed,
    freed_by_firm,
    listed_firms,
    proven_events,
)
from tenglong.measure.county import County, Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.policy.wording import wording_rule
from tenglong.source.schema import labels

HUZHOU = {
    "min_land_mu": 0,
    "industry_digits": 2,
    "rules": [
        {"code": "low_contribution", "when": "is_above_scale and tax_wan / land_mu < 6"},
        {"code": "low_benefit", "when": "not is_above_scale and tax_wan / land_mu < 3"},
        {"code": "low_output", "when": "not is_above_scale and land_mu >= 10"},
    ],
}
DONGYANG = {
    "min_land_mu": 3,
    "industry_digits": 2,
    "rules": [
        {
            "code": "low",
            "when": "tax_wan / land_mu < 5 or "
            'tax_wan / land_mu < industry_ratio("tax_wan", "land_mu")',
        },
        {
            "code": "priority",
            "when": "land_mu >= 3 and tax_wan / land_mu < 5 or tax_wan / land_mu > 5 and "
            'tax_wan / land_mu < 0.5 * industry_ratio("tax_wan", "land_mu")',
            "is_reason": False,
        },
    ],
}


def with_rules(*rules):
    """Give the policy with these rules of the list."""
    return {**POLICY, "clearance": {**POLICY["clearance"], "rules": list(rules)}}


def firms(*rows, policy=None, **tables) -> County:
    """Give a county of manufacturers: (usci, tax, land, above scale, more columns)."""
    more = [row[4] if len(row) > 4 else {} for row in rows]
    years = {
        "usci": [row[0] for row in rows],
        "year": [2021] * len(rows),
        "tax_paid_wan": [row[1] for row in rows],
        "is_above_scale": [row[3] for row in rows],
        "energy_tce": [m.get("energy_tce") for m in more],
        "value_added_wan": [m.get("value_added_wan") for m in more],
    }
    known = [row for row in rows if row[2] is not None]
    return example_county(
        policy=POLICY
        if policy is None
        else {**POLICY, "clearance": {**POLICY["clearance"], **policy}},
        enterprise_years=years,
        enterprises={"usci": years["usci"], "industry": [m.get("industry", "3311") for m in more]},
        parcels={"parcel_id": [row[0] for row in known], "actual_mu": [row[2] for row in known]},
        occupancies={
            "usci": [row[0] for row in known],
            "parcel_id": [row[0] for row in known],
            "share": [1.0] * len(known),
            "from_on": pd.NaT,
            "to_on": pd.NaT,
        },
        **tables,
    )


def events(*records):
    """Give records: (usci, day, event, more)."""
    columns = ("evidence", "freed_land_mu", "freed_energy_tce", "freed_carbon_t", "due_on")
    table = {
        "usci": [r[0] for r in records],
        "happened_on": [r[1] for r in records],
        "event": [r[2] for r in records],
    }
    return table | {c: [(r[3] if len(r) > 3 else {}).get(c) for r in records] for c in columns}


def whole_way(usci, end, **more):
    """Give all records of a firm that came to an end."""
    steps = [(usci, "2021-03-01", "listed"), (usci, "2021-04-01", "checked")]
    return [
        *steps,
        (usci, "2021-05-01", "plan"),
        (usci, "2021-09-01", end, {"evidence": "x", **more}),
    ]


def reasons(county):
    found = clearance_list(county)
    return dict(zip(found["usci"], found["reasons"], strict=True))


def test_a_firm_on_the_line_does_not_belong_on_the_list():
    found = reasons(firms(("on", 15.0, 3.0, False), ("below", 14.99, 3.0, False)))
    assert found == {"on": (), "below": ("low_tax_below_scale",)}


def test_above_scale_firms_are_in_scope_whatever_their_land_and_others_from_three_mu():
    found = reasons(firms(("a", 1.0, 2.0, True), ("b", 1.0, 2.99, False), ("c", 1.0, 3.0, False)))
    assert found == {"a": ("low_tax_above_scale",), "c": ("low_tax_below_scale",)}


def test_energy_above_the_limit_is_a_reason_of_its_own():
    on = {"energy_tce": 52.0, "value_added_wan": 100.0}
    above = {"energy_tce": 52.1, "value_added_wan": 100.0}
    found = reasons(firms(("on", 90.0, 3.0, True, on), ("above", 90.0, 3.0, True, above)))
    assert found == {"on": (), "above": ("high_energy",)}


def test_no_value_added_at_all_is_above_every_limit():
    cells = {"energy_tce": 1.0, "value_added_wan": -3.0}
    assert reasons(firms(("a", 90.0, 3.0, True, cells)))["a"] == ("high_energy",)


def test_an_industry_may_have_a_limit_of_its_own():
    when = 'not starts_with(industry, "3011") and energy_tce > limit * value_added_wan'
    rule = {"code": "high", "when": when, "limits": {"default": 0.5, "30": 2}}
    policy = {"rules": [rule]}
    cells = {"energy_tce": 100.0, "value_added_wan": 100.0}
    found = reasons(
        firms(
            ("metal", 90.0, 3.0, True, cells),
            ("mineral", 90.0, 3.0, True, {**cells, "industry": "3021"}),
            ("cement", 90.0, 3.0, True, {**cells, "industry": "3011", "energy_tce": 900.0}),
            policy=policy,
        )
    )
    assert found == {"metal": ("high",), "mineral": (), "cement": ()}


def test_what_cannot_be_told_is_named_and_is_no_reason():
    found = clearance_list(firms(("a", None, 3.0, True), ("b", 1.0, None, True)))
    assert found["reasons"].tolist() == [(), ()]
    assert found["undecided"].tolist() == [("low_tax_above_scale", "high_energy")] * 2
    assert found["missing"].tolist() == [
        ("energy_tce", "tax_wan", "value_added_wan"),
        ("energy_tce", "land_mu", "value_added_wan"),
    ]


def test_a_small_firm_of_unknown_land_is_told_of_and_not_judged():
    county = firms(("a", 1.0, None, False), ("b", 1.0, 3.0, False))
    assert clearance_list(county)["usci"].tolist() == ["b"]
    assert unscoped(county)["usci"].tolist() == ["a"]


def test_huzhous_three_lows_are_data():
    found = reasons(
        firms(
            ("contribution", 17.9, 3.0, True),
            ("enough", 18.0, 3.0, True),
            ("benefit", 8.9, 3.0, False),
            ("output", 90.0, 10.0, False),
            ("both", 1.0, 10.0, False),
            policy=HUZHOU,
        )
    )
    assert found == {
        "contribution": ("low_contribution",),
        "enough": (),
        "benefit": ("low_benefit",),
        "output": ("low_output",),
        "both": ("low_benefit", "low_output"),
    }


def test_dongyang_compares_with_the_firms_own_industry():
    """Industry 33: (160 + 24 + 16) / (10 + 4 + 2.5 …) ; a firm alone is its own average."""
    county = firms(
        ("rich", 160.0, 10.0, True),  # 16
        ("half", 24.0, 4.0, True),  # 6: above 5, below half of 200/16.5 = 12.1
        ("low", 16.0, 2.5, True),  # 6.4
        ("alone", 30.0, 5.0, True, {"industry": "1713"}),
        policy=DONGYANG,
    )
    found = clearance_list(county).set_index("usci")
    mean = Fraction(200) / Fraction("16.5")
    assert Fraction(6) < mean / 2 < Fraction("6.4")
    assert found["reasons"].to_dict() == {
        "rich": (),
        "half": ("low",),
        "low": ("low",),
        "alone": (),
    }
    assert found["remarks"].to_dict() == {"rich": (), "half": ("priority",), "low": (), "alone": ()}


def test_a_rule_with_an_unknown_column_is_refused_by_name():
    rule = {"code": "low", "when": "tax_per_mu < 5"}
    with pytest.raises(ConfigurationError, match="rule low: no column 'tax_per_mu'"):
        listing_rule(with_rules(rule), frozenset({"tax_wan"}))
    declared = replace(firms(("a", 1.0, 3.0, True), policy={"rules": [rule]}), labels=labels())
    with pytest.raises(ConfigurationError, match=r"policy clearance: rules\[1\]\.when: rule low"):
        clearance_list(declared)


def test_a_rule_that_cannot_be_read_is_refused_by_its_place():
    with pytest.raises(ConfigurationError, match=r"clearance: rules\[1\].*'wen'.*'when'"):
        listing_rule(with_rules({"code": "low", "wen": "tax_wan < 5"}))


def test_a_column_that_was_not_supplied_is_missing_and_no_mistake():
    county = firms(("a", 90.0, 3.0, True))
    table = county.tables["enterprise_years"].drop(columns="energy_tce")
    less = replace(county, tables={**county.tables, "enterprise_years": table}, labels=labels())
    assert clearance_list(less)["undecided"].tolist() == [("high_energy",)]


def test_a_rule_that_is_no_formula_is_refused_by_name():
    with pytest.raises(ConfigurationError, match="rule low"):
        listing_rule(with_rules({"code": "low", "when": "__import__('os')"}))


@given(
    st.integers(-100, 3000),
    st.integers(1, 300),
    st.booleans(),
    st.integers(0, 900),
    st.integers(1, 900),
)
def test_the_default_rules_agree_with_whole_numbers(tax, land, is_above, energy, added):
    """Tenths throughout, so that nothing has to be rounded."""
    rules = listing_rule(POLICY).rules
    firm = {
        "tax_wan": tax / 10,
        "land_mu": land / 10,
        "is_above_scale": is_above,
        "energy_tce": energy / 10,
        "value_added_wan": added / 10,
    }
    found = judge(firm, rules, wording_rule(POLICY).functions)["reasons"]
    low = "low_tax_above_scale" if is_above else "low_tax_below_scale"
    assert found == (
        ((low,) if tax < 5 * land else ()) + (("high_energy",) if 100 * energy > 52 * added else ())
    )


def test_only_ends_with_evidence_that_the_loop_allows_are_counted():
    county = example_county(
        policy=POLICY,
        clearance_events=events(
            *whole_way("proven", "closed", freed_land_mu=5.5),
            *whole_way("blank", "closed", evidence=None, freed_land_mu=7.0),
            ("never listed", "2021-06-01", "closed", {"evidence": "y", "freed_land_mu": 9.0}),
        ),
    )
    reading = cleared_firms(county, event="closed")
    assert [int(amount) for _, amount in reading.amounts] == [1]
    assert reading.parts == {"firms_without_evidence": 1}
    assert sum(amount for _, amount in freed(county, what="land_mu").amounts) == Fraction("5.5")


def test_a_firm_is_counted_once_and_in_one_of_the_two():
    county = example_county(
        policy=POLICY,
        clearance_events=events(
            *whole_way("a", "passed", freed_land_mu=1.0),
            ("a", "2021-10-01", "passed", {"evidence": "x", "freed_land_mu": 1.0}),
            ("a", "2021-11-01", "closed", {"evidence": "x", "freed_land_mu": 1.0}),
        ),
    )
    assert len(cleared_firms(county, event="passed").amounts) == 1
    assert cleared_firms(county, event="closed").amounts == ()
    assert [float(amount) for _, amount in freed(county, what="land_mu").amounts] == [1.0]


def test_a_plan_is_no_result():
    records = [
        ("a", "2021-03-01", "listed"),
        ("a", "2021-04-01", "checked"),
        ("a", "2021-05-01", "plan", {"freed_land_mu": 20.0, "evidence": "plan"}),
    ]
    county = example_county(policy=POLICY, clearance_events=events(*records))
    assert freed(county, what="land_mu").amounts == ()
    beside = freed_by_firm(county).iloc[0]
    assert (beside["planned_land_mu"], pd.isna(beside["freed_land_mu"])) == (20.0, True)


def test_an_amount_that_is_missing_counts_as_none_and_is_told():
    county = example_county(policy=POLICY, clearance_events=events(*whole_way("a", "closed")))
    reading = freed(county, what="energy_tce")
    assert (reading.amounts, reading.parts) == ((), {"firms": 0, "firms_lacking": 1})


def test_without_a_column_of_evidence_nothing_can_be_counted():
    table = {"usci": ["a"], "happened_on": ["2021-03-01"], "event": ["listed"]}
    with pytest.raises(Unavailable, match="evidence"):
        cleared_firms(example_county(policy=POLICY, clearance_events=table), event="closed")


def test_listed_counts_the_firms_that_belong_on_the_list():
    county = firms(
        ("on it", 1.0, 3.0, False),
        ("missing", 1.0, 4.0, False),
        ("small", 1.0, 2.0, True),
        ("fine", 90.0, 3.0, False),
        clearance_events=events(
            ("on it", "2021-03-01", "listed"), ("fine", "2021-03-01", "listed")
        ),
    )
    reading = listed_firms(county, min_land_mu=3)
    assert (reading.done, reading.required) == (1, 2)


def test_where_no_firm_is_known_yet_nothing_is_required():
    before_anything = opened("data/sample", "2019-12-31")
    reading = listed_firms(before_anything, min_land_mu=3)
    assert (reading.done, reading.required) == (0, 0)


def test_checks_are_complete_on_the_day_of_the_last_first_check():
    records = [
        ("a", "2021-03-01", "listed"),
        ("a", "2021-04-01", "checked"),
        ("a", "2021-12-01", "checked"),
        ("b", "2021-03-01", "listed"),
        ("b", "2021-06-01", "checked"),
        ("gone", "2021-03-01", "listed"),
        ("gone", "2021-03-20", "closed", {"evidence": "x"}),
    ]
    reading = checked_firms(example_county(policy=POLICY, clearance_events=events(*records)))
    assert (reading.done, reading.required, reading.parts["closed_unchecked"]) == (2, 2, 1)
    assert reading.completed_on.isoformat() == "2021-06-01"


def test_one_unchecked_firm_leaves_the_checks_open():
    records = [
        ("a", "2021-03-01", "listed"),
        ("b", "2021-03-01", "listed"),
        ("b", "2021-04-01", "checked"),
    ]
    reading = checked_firms(example_county(policy=POLICY, clearance_events=events(*records)))
    assert (reading.done, reading.required, reading.completed_on) == (1, 2, None)


def test_what_is_left_below_the_line_comes_from_the_evaluation():
    county = firms(
        ("listed", 3.0, 3.0, False),
        ("not listed", 6.0, 3.0, False),
        ("on the line", 15.0, 3.0, False),
        clearance_events=events(("listed", "2021-03-01", "listed")),
    )
    left = left_below(county)
    assert left["usci"].tolist() == ["listed", "not listed"]
    assert left["tax_wan_per_mu"].tolist() == [1.0, 2.0]
    assert left["state"].isna().tolist() == [False, True]
    assert left_below(county, below_wan_per_mu=2)["usci"].tolist() == ["listed"]


LOW = (
    ("closed", 3.0, 3.0, False),
    ("passed", 3.0, 3.0, False),
    ("struck off", 3.0, 3.0, False),
    ("stays", 3.0, 3.0, False),
)


def clearing(day, *records, closed_on=None):
    """Give four firms below the line by the figures of 2021, and what happened since."""
    known = [record for record in records if record[1] <= day]
    proven = events(("stays", "2021-03-01", "listed"), *known)
    proven["evidence"] = [None if step == "listed" else "验收" for step in proven["event"]]
    whole = firms(*LOW, clearance_events=proven)
    table = whole.tables["enterprises"].copy()
    day_of = pd.Timestamp(closed_on) if closed_on and closed_on <= day else pd.NaT
    table["closed_on"] = [day_of if usci == "struck off" else pd.NaT for usci in table["usci"]]
    tables = {**whole.tables, "enterprises": table}
    return replace(whole, as_of=date.fromisoformat(day), tables=tables)


PASSING = [
    *(("passed", "2021-03-01", "listed"), ("passed", "2021-04-01", "checked")),
    ("passed", "2021-05-01", "plan"),
]
ENDS = [
    *PASSING,
    ("closed", "2021-03-01", "listed"),
    *(("closed", "2022-03-01", "closed"), ("passed", "2022-04-01", "passed")),
]


@pytest.mark.parametrize(
    ("day", "count"),
    [("2021-12-31", 4), ("2022-02-28", 4), ("2022-03-01", 3), ("2022-04-01", 2), ("2022-06-01", 1)],
)
def test_who_leaves_between_two_figures_is_taken_off_at_once(day, count):
    found = clearing(day, *ENDS, closed_on="2022-06-01")
    reading = low_tax_firms(found, below_wan_per_mu=5)
    (figure,) = reading.figures
    assert (figure.end, figure.value, figure.value + figure.since) == (
        date(2021, 12, 31),
        4,
        count,
    )
    assert len(left_below(found)) == count


def test_clearing_all_of_them_out_reaches_the_target():
    everyone = [
        record
        for usci in ("closed", "passed", "struck off", "stays")
        for record in ((usci, "2021-03-01", "listed"), (usci, "2022-05-01", "closed"))
    ]
    reading = low_tax_firms(clearing("2022-06-30", *everyone[:-2]), below_wan_per_mu=5)
    assert (reading.figures[-1].value, reading.figures[-1].since) == (4, -3)


def test_who_passed_before_the_figure_and_is_below_it_is_back():
    found = clearing("2022-06-30", *PASSING, ("passed", "2021-11-01", "passed"))
    assert proven_events(found)["usci"].tolist() == ["passed"]
    assert "passed" in left_below(found)["usci"].tolist()


def test_a_firm_that_rose_above_the_line_is_told():
    county = example_county(
        policy=POLICY,
        enterprises={"usci": ["up", "down"], "industry": ["33", "33"]},
        enterprise_years={
            "usci": ["up", "up", "down", "down"],
            "year": [2020, 2021, 2020, 2021],
            "tax_paid_wan": [3.0, 15.0, 15.0, 3.0],
            "land_mu": [3.0] * 4,
            "is_above_scale": [False] * 4,
        },
    )
    assert lifted(county)["usci"].tolist() == ["up"]
    parts = low_tax_firms(county, below_wan_per_mu=5).figures[-1].parts
    assert (parts["firms_below"], parts["firms_lifted"]) == (1, 1)


def test_the_count_without_the_lists_limit_of_land_stands_beside():
    county = firms(("small", 1.0, 1.0, False), ("listed", 3.0, 3.0, False))
    parts = low_tax_firms(county, below_wan_per_mu=5).figures[-1].parts
    assert (parts["firms_below"], parts["firms_below_all"]) == (1, 2)


def test_blanks_of_a_newer_year_take_no_clearing_away_and_leave_no_list_empty():
    firms_there = {"usci": ["a", "b"], "industry": ["33", "33"], "closed_on": [None, "2023-03-01"]}
    years = {"usci": ["a", "b"] * 2, "year": [2021] * 2 + [2022] * 2, "is_above_scale": False}
    numbers = {"tax_paid_wan": [6.0, 9.0, None, None], "land_mu": [6.0, 3.0] * 2}
    county = example_county(
        as_of="2023-04-01",
        policy=POLICY,
        enterprises=firms_there,
        enterprise_years={**years, **numbers},
    )
    (figure,) = low_tax_firms(county, below_wan_per_mu=5).figures
    assert (figure.end, figure.value, figure.since) == (date(2021, 12, 31), 2, -1)
    assert figure.parts["firms_below_all"] == 1
    assert left_below(county)["usci"].tolist() == ["a"]


def test_no_firm_is_listed_as_left_where_no_year_is_known():
    county = firms(("a", None, 3.0, False), ("b", None, 3.0, False))
    with pytest.raises(Unavailable):
        left_below(county)
    with pytest.raises(Unavailable):
        lifted(county)


def test_the_checks_due_are_those_of_who_was_listed_by_the_day():
    records = [
        ("a", "2021-03-01", "listed"),
        ("a", "2021-05-01", "checked"),
        ("b", "2022-05-01", "listed"),
    ]
    county = example_county(policy=POLICY, clearance_events=events(*records))
    reading = checked_firms(county, listed_by=date(2021, 12, 31))
    assert (reading.done, reading.required, reading.completed_on) == (1, 1, date(2021, 5, 1))
    assert (reading.parts["later_firms"], reading.parts["later_unchecked"]) == (1, 1)


def test_a_first_list_that_came_too_late_is_the_one_that_counts():
    records = [
        ("a", "2022-02-01", "listed"),
        ("a", "2022-03-01", "checked"),
        ("b", "2022-05-01", "listed"),
    ]
    county = example_county(policy=POLICY, clearance_events=events(*records))
    reading = checked_firms(county, listed_by=date(2021, 12, 31))
    assert (reading.done, reading.required, reading.completed_on) == (1, 1, date(2022, 3, 1))


@pytest.fixture(scope="module", params=["2021-12-31", "2022-06-30", "2023-12-31"])
def sample(request):
    return opened("data/sample", request.param)


def test_the_samples_firms_are_cleared_as_bare_loops_count_them(sample):
    """One pass over the records, newest state only: no machine, no policy."""
    table = sample.tables["clearance_events"].sort_values("happened_on", kind="stable")
    listed, ended, totals = set(), {}, defaultdict(Fraction)
    for record in table.to_dict("records"):
        if record["event"] == "listed":
            listed.add(record["usci"])
        elif record["event"] in ("passed", "closed") and record["usci"] in listed:
            if record["usci"] in ended or pd.isna(record["evidence"]):
                continue
            ended[record["usci"]] = record["event"]
            for column in ("freed_land_mu", "freed_energy_tce", "freed_carbon_t"):
                if not pd.isna(record[column]):
                    totals[column] += Fraction(str(record[column]))
    for event in ("passed", "closed"):
        counted = cleared_firms(sample, event=event).amounts
        assert len(counted) == list(ended.values()).count(event)
    for what in ("land_mu", "energy_tce", "carbon_t"):
        counted = freed(sample, what=what).amounts
        assert sum(amount for _, amount in counted) == totals[f"freed_{what}"]
    assert set(proven_events(sample)["usci"]) == set(ended)


# A missing add-back counts as none, by the rule of the tax (tax.yml).
ADD_BACKS = {"tax_exempt_credit_wan", "tax_relief_wan", "vat_refund_wan"}


@pytest.mark.long
def test_removing_a_column_makes_no_new_reasons(sample):
    whole = clearance_list(sample)["reasons"]
    table = sample.tables["enterprise_years"]
    for column in sorted(set(table.columns) - ADD_BACKS):
        tables = {**sample.tables, "enterprise_years": table.drop(columns=column)}
        try:
            less = clearance_list(replace(sample, tables=tables))
        except Unavailable:
            continue
        for row, reasons in less["reasons"].items():
            lost = set(whole[row]) - set(reasons)
            assert set(reasons) <= set(whole[row]), column
            assert lost <= set(less.loc[row, "undecided"]), column


def test_a_rule_that_names_a_limit_must_give_it():
    with pytest.raises(ConfigurationError, match="must give its `limits`"):
        listing_rule(with_rules({"code": "low", "when": "tax_wan < limit"}))


def test_a_firm_whose_closing_is_a_doubtful_day_is_neither_on_the_list_nor_off_it():
    one = example_county(
        policy=POLICY,
        enterprises={
            "usci": ["A", "B"],
            "name": ["甲", "乙"],
            "industry": ["33", "33"],
            "closed_on": [None, None],
        },
        enterprise_years={
            "usci": ["A", "B"],
            "year": [2021, 2021],
            "tax_paid_wan": [9.0, 9.0],
            "land_mu": [3.0, 3.0],
            "is_above_scale": [False, False],
            "energy_tce": [1.0, 1.0],
            "value_added_wan": [9.0, 9.0],
        },
        clearance_events={"usci": ["B"], "event": ["listed"], "happened_on": ["2021-03-01"]},
    )
    assert clearance_list(one)["usci"].tolist() == ["A", "B"]
    doubted = replace(one, doubtful={"enterprises": {0: frozenset({"closed_on"})}})
    assert clearance_list(doubted)["usci"].tolist() == ["B"]
    reading = listed_firms(doubted, min_land_mu=3)
    assert (reading.done, reading.required) == (1, 1)
    assert (reading.low, reading.high) == (Fraction(1, 2), 1)
    assert [(blank.column, blank.name, blank.row) for blank in reading.blanks] == [
        ("closed_on", "甲", 0)
    ]
