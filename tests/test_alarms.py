"""Who is warned of, the gravest first: lights by rules raised, by falls, by chain and place."""

import pandas as pd

from build import POLICY, clause, county
from tenglong.measure.chain.monthly import Months
from tenglong.measure.chain.warning import (
    alarms,
    firm_lights,
    lights_by_chain,
    warning_rules,
    watched,
)
from tenglong.measure.clause import Kind
from test_warning import COLUMNS, firms, two_springs

# --- the order of what is lit -------------------------------------------------------------------

CALM, FALLEN = two_springs((10, 10, 10), (10, 10, 10)), two_springs((10, 10, 10), (5, 5, 5))


def table_of(rows):
    """Give firms by name, each with its own months for electricity, revenue and tax."""
    parts = [firms({usci: three[n] for usci, three in rows.items()}) for n in range(3)]
    frames = [one.table("enterprise_months") for one in parts]
    together = frames[0].assign(
        **{name: frame[name] for name, frame in zip(COLUMNS, frames, strict=True)}
    )
    return county(enterprises=parts[0].table("enterprises"), enterprise_months=together)


def test_of_red_lights_the_one_of_more_rules_stands_first_and_equals_by_code():
    two, three = (FALLEN, FALLEN, CALM), (FALLEN, FALLEN, FALLEN)
    one = table_of({"C": two, "A": two, "D": three, "B": two, "E": (CALM, CALM, CALM)})
    found = firm_lights(one)
    assert found["usci"].tolist() == ["D", "A", "B", "C", "E"]
    assert found["light"].tolist() == ["red"] * 4 + ["none"]
    assert found.columns.tolist() == [
        *("usci", "chain", "month", "raised", "rules", "untold", "reason", "light")
    ]
    assert found["month"].astype(str).unique().tolist() == ["2022-06"]
    assert alarms(one).firms["usci"].tolist() == ["D", "A", "B", "C", "E"]


def fall(to):
    """Give a firm's months that fall from 10 to this in the last one."""
    return two_springs((10, 10, 10), (5, 5, to))


def test_of_equal_lights_that_of_the_steepest_fall_stands_first_and_says_it_first():
    rows = {"A": (fall(6), fall(6), CALM), "B": (fall(7), fall(3), CALM)}
    found = alarms(table_of(rows)).firms
    assert found["usci"].tolist() == ["B", "A"]
    assert [[(one.rule, one.change_pct) for one in falls] for falls in found["falls"]] == [
        [("revenue_falls", -70), ("electricity_falls", -30)],
        [("electricity_falls", -40), ("revenue_falls", -40)],
    ]
    assert found["changes"].tolist() == [
        {"electricity_falls": -30, "revenue_falls": -70, "tax_falls": 0},
        {"electricity_falls": -40, "revenue_falls": -40, "tax_falls": 0},
    ]
    assert found.columns.tolist() == [
        *("usci", "chain", "month", "raised", "rules", "untold", "reason", "light"),
        *("falls", "changes"),
    ]


def test_chains_with_as_many_lights_stand_by_their_name():
    chains = {"A": "乙链", "B": "甲链", "C": "丙链", "D": "甲链"}
    one = firms({"A": CALM, "B": CALM, "C": CALM, "D": CALM}, chains=chains)
    found = lights_by_chain(firm_lights(one), warning_rules(one.policy))
    assert found["chain"].tolist() == ["丙链", "乙链", "甲链"]
    assert found.columns.tolist() == ["chain", "watched", "red", "yellow", "cannot_tell", "none"]


def test_a_red_light_and_a_yellow_one_are_two_that_are_warned_of():
    """A chain of two yellow lights stands before one of one red light."""
    yellow, red = (FALLEN, CALM, CALM), (FALLEN, FALLEN, CALM)
    one = table_of({"A": red, "B": yellow, "C": yellow})
    frame = firm_lights(one).assign(chain=["a", "b", "b"])
    found = lights_by_chain(frame, warning_rules(one.policy))
    assert found[["chain", "red", "yellow"]].to_numpy().tolist() == [["b", 0, 2], ["a", 1, 0]]


def test_a_place_of_which_no_firm_is_watched_has_no_month():
    one = firms({"A": FALLEN, "B": CALM})
    placed = one.table("enterprises").assign(township=["t1", "t2"])
    one = county(enterprises=placed, enterprise_months=one.table("enterprise_months"))
    assert alarms(one, "t1").firms["usci"].tolist() == ["A"]
    assert str(alarms(one, "t1").month) == "2022-06"
    nowhere = alarms(one, "t3")
    assert (nowhere.firms.empty, nowhere.month) == (True, None)


def test_warnings_are_followed_up_by_the_units_of_the_policy_s_clause():
    clauses = tuple(clause(Kind.LEVEL, 1, id=name, units=(f"{name}局",)) for name in "甲乙丙")
    for name, units in (("乙", ("乙局",)), ("丁", ())):
        policy = {"warning": {**POLICY["warning"], "clause": name}}
        months = firms({"A": FALLEN})
        one = county(clauses=clauses, policy=policy, **months.tables)
        assert alarms(one).units == units


# --- who is watched, and by which figures -------------------------------------------------------


def test_firms_are_watched_in_the_order_of_their_codes():
    names = list("HBGAFCED")
    one = firms({name: {"2022-06": 1} for name in names})
    assert watched(one, 12) == sorted(names)


def test_a_second_row_of_a_month_counts_for_nothing_whatever_the_order_of_the_rows():
    rows = firms({"A": {"2022-05": 5, "2022-06": 4}}).table("enterprise_months")
    again = rows.assign(tax_wan=900.0).set_axis(rows.index + 100)
    no_month = rows.iloc[:1].assign(month=pd.PeriodIndex([pd.NaT], freq="M")).set_axis([200])
    for doubled in ([rows, again, no_month], [no_month, again, rows]):
        months = Months.of(county(enterprise_months=pd.concat(doubled)))
        found = [
            months.value(name, "A", months.last.ordinal) for name in ("tax_wan", "tax_wan_mom")
        ]
        assert found == [(4, ""), (-20, "")]
        assert sorted(months.figures) == sorted(COLUMNS)
