"""Early warning: rules as data, months running, and firms that cannot be told."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import POLICY, county
from tenglong.errors import ConfigurationError
from tenglong.measure.chain.warning import (
    firm_lights,
    lights_by_chain,
    warning_rules,
    warnings,
    watched,
)
from tenglong.measure.county import Unavailable

COLUMNS = ("electricity_10k_kwh", "revenue_wan", "tax_wan")


def firms(figures, *, chains=None, closed=None, policy=None, columns=COLUMNS):
    """Give each firm's figures by month, the same for every column: {"A": {"2022-06": 8}}."""
    rows = [
        {"usci": usci, "month": month, **dict.fromkeys(columns, value)}
        for usci, months in figures.items()
        for month, value in months.items()
    ]
    table = {name: [row[name] for row in rows] for name in ("usci", "month", *columns)}
    enterprises = {
        "usci": list(figures),
        "chain": [(chains or {}).get(usci, "高端装备") for usci in figures],
        "closed_on": [(closed or {}).get(usci) for usci in figures],
    }
    return county(policy=policy, enterprises=enterprises, enterprise_months=table)


def two_springs(before, after):
    """Give the months from April to June of two years."""
    months = (4, 5, 6)
    return {
        **{f"2021-{month:02d}": value for month, value in zip(months, before, strict=True)},
        **{f"2022-{month:02d}": value for month, value in zip(months, after, strict=True)},
    }


def states(one, rule="electricity_falls"):
    found = warnings(one)
    return found.loc[found["rule"] == rule].set_index("usci")["state"].to_dict()


def only(when, months=1):
    rule = {"name": {"zh": "规则", "en": "rule"}, "when": when, "months": months}
    return {"warning": {**POLICY["warning"], "rules": {"r": rule}}}


def test_a_fall_must_hold_in_every_month():
    one = firms(
        {
            "A": two_springs((10, 10, 10), (7, 7, 7)),
            "B": two_springs((10, 10, 10), (7, 9, 7)),
        }
    )
    assert states(one) == {"A": "raised", "B": "clear"}


@pytest.mark.parametrize(("value", "state"), [(8, "clear"), (7.99, "raised")])
def test_a_fall_of_exactly_twenty_per_cent_is_not_more_than_that(value, state):
    one = firms({"A": two_springs((10, 10, 10), (value, value, value))})
    assert states(one) == {"A": state}


def test_a_firm_that_lacks_a_month_cannot_be_told():
    spring = two_springs((10, 10, 10), (7, 7, 7))
    for lost, reason in (("2022-05", "no_month"), ("2021-05", "no_base")):
        months = {month: value for month, value in spring.items() if month != lost}
        found = warnings(firms({"A": months, "B": spring})).iloc[0]
        assert (found["state"], found["reason"]) == ("cannot_tell", reason)


def test_a_firm_that_did_not_fall_in_one_month_still_cannot_be_told_without_another():
    months = {**two_springs((10, 10, 10), (7, 12, 7)), "2022-04": None}
    assert states(firms({"A": months})) == {"A": "cannot_tell"}


def test_a_change_on_nothing_is_not_known():
    found = warnings(firms({"A": two_springs((0, 0, 0), (7, 7, 7))})).iloc[0]
    assert (found["state"], found["reason"]) == ("cannot_tell", "base_not_positive")


def test_a_firm_without_the_last_month_cannot_be_told():
    spring = two_springs((10, 10, 10), (7, 7, 7))
    behind = {month: value for month, value in spring.items() if month != "2022-06"}
    assert states(firms({"A": behind, "B": spring}))["A"] == "cannot_tell"


def test_a_column_that_was_not_supplied_leaves_only_its_rule_untold():
    one = firms({"A": two_springs((10, 10, 10), (7, 7, 7))}, columns=COLUMNS[:2])
    found = warnings(one).set_index("rule")
    assert found["state"].to_dict() == {
        "electricity_falls": "raised",
        "revenue_falls": "raised",
        "tax_falls": "cannot_tell",
    }
    assert found.loc["tax_falls", "reason"] == "no_column"


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("revenue_wan_mom < -5", "raised"),
        ("revenue_wan_ytd_yoy <= -10", "raised"),
        ("revenue_wan_ytd_yoy < -10", "clear"),
        ("revenue_wan <= 8", "raised"),
        ("revenue_wan_last_year == 10 and revenue_wan_before == 9", "raised"),
        ("revenue_wan / revenue_wan_last_year < 4/5", "clear"),
        ("tax_wan_yoy > 30", "clear"),
    ],
)
def test_a_policy_may_write_other_rules(when, state):
    months = {
        "2021-01": 10,
        "2021-02": 10,
        "2021-03": 10,
        "2022-01": 10,
        "2022-02": 9,
        "2022-03": 8,
    }
    one = firms({"A": months}, policy=only(when))
    assert states(one, "r") == {"A": state}


def test_a_sum_since_january_needs_every_month():
    months = {"2021-01": 10, "2021-03": 10, "2022-01": 10, "2022-02": 9, "2022-03": 8}
    one = firms({"A": months}, policy=only("revenue_wan_ytd_yoy < 0"))
    assert states(one, "r") == {"A": "cannot_tell"}


def test_a_rule_that_is_no_formula_is_named():
    one = firms({"A": {"2022-06": 1}}, policy=only("revenue_wan <"))
    with pytest.raises(
        ConfigurationError, match=r"policy warning: rules\.r\.when: .* is no formula"
    ):
        warnings(one)


def test_closed_firms_and_those_long_gone_are_not_watched():
    one = firms(
        {"A": {"2022-06": 1}, "B": {"2022-06": 1}, "C": {"2021-06": 1}, "D": {"2021-07": 1}},
        closed={"B": "2022-01-31"},
    )
    assert watched(one, 12) == ["A", "D"]


def test_lights_come_from_the_number_of_rules_raised():
    spring, fallen = two_springs((10, 10, 10), (10, 10, 10)), two_springs((10, 10, 10), (5, 5, 5))
    table = {
        "A": fallen,
        "B": spring,
        "C": {month: value for month, value in spring.items() if month != "2022-05"},
    }
    found = firm_lights(firms(table)).set_index("usci")
    assert found["light"].to_dict() == {"A": "red", "C": "cannot_tell", "B": "none"}
    assert found["reason"].fillna("").to_dict() == {"A": "", "C": "no_month", "B": ""}
    assert found.loc["A", "rules"] == ("electricity_falls", "revenue_falls", "tax_falls")


def test_one_rule_raised_is_yellow_though_others_cannot_be_told():
    one = firms({"A": two_springs((10, 10, 10), (5, 5, 5))}, columns=COLUMNS[:1])
    row = firm_lights(one).iloc[0]
    assert (row["light"], row["raised"], row["untold"]) == ("yellow", 1, 2)
    assert row["reason"] == "no_column"


def test_chains_count_the_lights_of_their_firms_and_the_worst_stand_first():
    calm, fallen = two_springs((10, 10, 10), (10, 10, 10)), two_springs((10, 10, 10), (5, 5, 5))
    chains = {"A": "水资源", "B": "高端装备", "C": "高端装备", "D": None}
    one = firms({"A": calm, "B": fallen, "C": calm, "D": fallen}, chains=chains)
    found = lights_by_chain(firm_lights(one), warning_rules(one.policy))
    assert found["chain"].tolist()[:2] == ["高端装备", "水资源"]
    assert found["chain"].isna().tolist() == [False, False, True]
    assert found[["watched", "red", "none"]].to_numpy().tolist() == [
        [2, 1, 1],
        [1, 0, 1],
        [1, 1, 0],
    ]


def test_what_lights_need_is_named():
    months = {"usci": ["A"], "month": ["2022-06"], "tax_wan": [1.0]}
    with pytest.raises(Unavailable, match=r"enterprises\.closed_on"):
        firm_lights(county(enterprises={"usci": ["A"]}, enterprise_months=months))


figures = st.dictionaries(
    st.sampled_from(["A", "B", "C"]),
    st.dictionaries(
        st.sampled_from([f"{y}-{m:02d}" for y in (2021, 2022) for m in (4, 5, 6)]),
        st.integers(0, 20),
        min_size=1,
    ),
    min_size=1,
)


@settings(max_examples=settings().max_examples // 2)
@given(figures)
def test_a_rule_is_what_a_bare_loop_says(drawn):
    one = firms(drawn)
    last = max(month for months in drawn.values() for month in months)
    if last < "2022-06":
        return
    found = states(one)
    for usci, months in drawn.items():
        answers = []
        for month in ("04", "05", "06"):
            now, before = months.get(f"2022-{month}"), months.get(f"2021-{month}")
            known = now is not None and before is not None and before > 0
            answers.append(Fraction(now, before) - 1 < Fraction(-1, 5) if known else None)
        if usci not in found:
            assert max(months) <= "2021-06"
        elif None in answers:
            assert found[usci] == "cannot_tell"
        else:
            assert found[usci] == ("raised" if all(answers) else "clear")


@given(figures, st.randoms())
def test_the_order_of_rows_changes_nothing(drawn, random):
    one = firms(drawn)
    frame = one.table("enterprise_months").sample(frac=1, random_state=random.randint(0, 999))
    other = county(enterprises=one.table("enterprises"), enterprise_months=frame)
    pd.testing.assert_frame_equal(warnings(one), warnings(other))


# --- months running -----------------------------------------------------------------------------


def monthly(first, last, value):
    """Give a value of each month, by its number from the first one on."""
    months = pd.period_range(first, last, freq="M").astype(str)
    return {month: value(number) for number, month in enumerate(months)}


def running(one, rule):
    found = warnings(one)
    return found.loc[found["rule"] == rule].set_index("usci")["months_running"].to_dict()


def test_months_running_are_not_known_where_the_last_month_is_not():
    spring = two_springs((10, 10, 10), (7, 7, 7))
    table = {
        "A": spring,
        "B": {**spring, "2022-06": None},
        "C": {**spring, "2022-05": None},
        "D": {**spring, "2022-06": 10},
    }
    found = running(firms(table), "electricity_falls")
    assert (found["A"], found["C"], found["D"]) == (3, 1, 0)
    assert pd.isna(found["B"])


def test_a_fall_is_counted_for_a_year_more_than_its_rule_asks():
    falling = monthly("2020-01", "2022-06", lambda number: Fraction(7, 10) ** (number // 12))
    months = {month: float(value) for month, value in falling.items()}
    assert running(firms({"A": months}), "tax_falls") == {"A": 15}


def test_a_sum_since_january_runs_on_across_the_new_year():
    """Each year is a fifth below the one before; thirteen months are looked at."""
    falling = monthly("2019-01", "2022-06", lambda number: float(10 - 2 * (number // 12)))
    one = firms({"A": falling}, policy=only("revenue_wan_ytd_yoy < -5"))
    assert running(one, "r") == {"A": 13}


# --- which name is told -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "last"),
    [
        ("tax_wan_yoy < -20 and tax_wan < 100", -40),
        ("tax_wan < 100 and tax_wan_yoy < -20", 6),
        ("5 < tax_wan_before and revenue_wan_last_year > 9", 7),
    ],
)
def test_the_figure_that_is_told_is_of_the_name_that_stands_first(when, last):
    one = firms({"A": two_springs((10, 10, 10), (8, 7, 6))}, policy=only(when))
    found = warnings(one).iloc[0]
    assert (found["state"], found["last_value"]) == ("raised", last)


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("tax_wan_yoy < 0 and missing_wan < 0", "no_base"),
        ("missing_wan < 0 and tax_wan_yoy < 0", "no_column"),
        ("tax_wan > 0 and missing_wan < 0 and tax_wan_yoy < 0", "no_column"),
    ],
)
def test_why_it_cannot_be_told_is_of_the_first_name_that_lacks(when, reason):
    found = warnings(firms({"A": {"2022-06": 5}}, policy=only(when))).iloc[0]
    assert (found["state"], found["reason"]) == ("cannot_tell", reason)


def test_a_light_that_cannot_be_told_says_why_of_its_first_rule():
    spring = two_springs((10, 10, 10), (7, 7, 7))
    del spring["2021-05"]
    row = firm_lights(firms({"A": spring}, columns=COLUMNS[:1])).iloc[0]
    assert (row["light"], row["untold"], row["reason"]) == ("cannot_tell", 3, "no_base")
