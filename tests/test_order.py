"""The order of lists: what needs action first, ties by name, whatever the order of the rows."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache

import pandas as pd
import pytest

from build import BANDS, POLICY, clause, county, flow, opened
from tenglong.measure.board.change import Change
from tenglong.measure.board.compare import compare
from tenglong.measure.bulletin.pick import bulletin_rule, highlights, idle, overdue, problems, stuck
from tenglong.measure.bulletin.points import Clauses, steps
from tenglong.measure.carbon.months import carbon_by_month
from tenglong.measure.chain.collateral import collateral_by_creditor, collateral_by_parcel
from tenglong.measure.chain.directory import chain_directory, chain_trends
from tenglong.measure.chain.warning import (
    alarms,
    firm_lights,
    lights_by_chain,
    warning_rules,
    warnings,
)
from tenglong.measure.clause import Kind
from tenglong.measure.clearance.clear_out import left_below
from tenglong.measure.clearance.loop import loop
from tenglong.measure.clearance.results import freed_by_firm, proven_events
from tenglong.measure.clearance.standing import standings
from tenglong.measure.clearance.two_high import key_users
from tenglong.measure.evaluation.areas import area_values
from tenglong.measure.evaluation.outcome import explained
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.firm.places import places
from tenglong.measure.judge.kinds import assess
from tenglong.measure.land.contract import unmet_checks
from tenglong.measure.land.outlines import outline_findings
from tenglong.measure.land.supply import replacement_ledger
from tenglong.measure.land.tally import balance_of, by_town
from tenglong.measure.policy.duty import opened as opened_duties
from tenglong.measure.project.dual_contract import contract_summary
from tenglong.measure.project.investment import yearly_investment
from tenglong.measure.published.published import publications
from tenglong.measure.published.revisions import restatements, staleness

DAY = "2022-11-30"


@cache
def turned():
    """The sample with the rows of every table the other way round."""
    whole = opened("data/sample", DAY)
    return replace(whole, tables={name: rows.iloc[::-1] for name, rows in whole.tables.items()})


def lights_of(place):
    return lights_by_chain(firm_lights(place), warning_rules(place.policy))


def light_order(place):
    return [light.light for light in warning_rules(place.policy).lights] + ["cannot_tell", "none"]


def cases(listed):
    def frame(place):
        rows = [(one.name, one.step, one.days, one.since) for one in listed(place)]
        return pd.DataFrame(rows, columns=["name", "step", "days", "since"])

    return frame


def of_lights(frame, place):
    return frame.assign(light=frame["light"].map(light_order(place).index))


# What is listed, by which columns, the largest (-) or the smallest (+) first; missing last.
LISTS = {
    "collateral by parcel": (collateral_by_parcel, "-wan_per_mu -amount_wan +parcel_id"),
    "collateral by creditor": (collateral_by_creditor, "-amount_wan +creditor"),
    "firms left below the line": (left_below, "+tax_wan_per_mu +usci"),
    "key users of energy": (key_users, "-energy_tce +usci"),
    "checks that fail": (unmet_checks, "+reached +parcel_id +actual_name"),
    "firms by light": (
        lambda place: of_lights(firm_lights(place), place),
        "+light -raised +usci",
    ),
    "the directory of chains": (
        lambda place: chain_directory(place).assign(
            is_none=lambda found: found["chain"].isna().astype(int)
        ),
        "+is_none -revenue_wan +chain",
    ),
    "ends of the loop": (proven_events, "+happened_on +usci"),
    "the ledger of land": (replacement_ledger, "+moved_on"),
    "overdue steps": (cases(overdue), "-days +name +step"),
    "stuck projects": (cases(stuck), "-days +name +step"),
}


def keys(frame, order):
    def key(row):
        found = []
        for name in order.split():
            value, sign = row[name[1:]], -1 if name[0] == "-" else 1
            is_missing = bool(pd.isna(value))
            numeric = value.value if isinstance(value, pd.Timestamp) else value
            found.append((is_missing, 0 if is_missing else numeric if sign > 0 else -numeric))
        return tuple(found)

    return [key(row) for row in frame.to_dict("records")]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_stands_in_its_order(name):
    listed, order = LISTS[name]
    found = keys(listed(opened("data/sample", DAY)), order)
    assert found == sorted(found)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_stands_in_its_order_whatever_the_order_of_the_rows(name):
    listed, _ = LISTS[name]
    straight, other = listed(opened("data/sample", DAY)), listed(turned())
    pd.testing.assert_frame_equal(straight, other, check_like=False)


# Lists that have no order of their own to speak of, but one.
SETTLED = {
    "firms in the loop": standings,
    "what firms freed": freed_by_firm,
    "trends of chains": chain_trends,
    "warnings": warnings,
    "restated figures": restatements,
    "ages of figures": staleness,
    "figures compared": lambda place: compare(place).drop(columns="name"),
    "investment by year": yearly_investment,
    "carbon by month": carbon_by_month,
    "outlines": outline_findings,
    "contracts by node": contract_summary,
    "values of townships": lambda place: area_values(
        place, evaluate(place, year=2021), by="township"
    ),
    "moves": lambda place: explained(*(evaluate(place, year=year) for year in (2021, 2020))),
}


@pytest.mark.parametrize("name", SETTLED)
def test_a_list_is_the_same_whatever_the_order_of_the_rows(name):
    listed = SETTLED[name]
    straight = listed(opened("data/sample", DAY))
    assert len(straight)
    pd.testing.assert_frame_equal(straight, listed(turned()))


def test_findings_stand_by_row_and_firms_by_code():
    place = opened("data/sample", DAY)
    assert loop(place).events.index.is_monotonic_increasing
    assert standings(place)["usci"].is_monotonic_increasing
    assert list(loop(place).paths) == sorted(loop(place).paths)
    years = compare(place).groupby(["official", "by"], sort=False)["year"]
    assert all(group.is_monotonic_increasing for _, group in years)
    assert list(places(place).townships) == sorted(places(place).townships)


def test_what_the_loop_refuses_is_told_row_by_row():
    steps = [("B", "closed"), ("A", "listed"), ("C", "plan"), ("A", "listed"), ("B", "checked")]
    place = county(
        clearance_events={
            "usci": [usci for usci, _ in steps],
            "event": [event for _, event in steps],
            "happened_on": ["2021-05-01", "2021-03-01", "2021-04-01", "2021-06-01", "2021-02-01"],
        }
    )
    found = loop(place).findings
    assert found[["row", "usci", "code"]].to_numpy().tolist() == [
        [0, "B", "before_listed"],
        [2, "C", "before_listed"],
        [3, "A", "repeated"],
        [4, "B", "before_listed"],
    ]
    assert pd.isna(found["state"].iloc[0])
    assert found["state"].iloc[2] == "listed"


def test_adjustments_of_firms_that_are_not_there_are_named_by_code():
    codes = ["e", "a", "d", "b", "c", "f"]
    entries = [{"usci": code, "year": 2021, "grade": "B", "reason": "会议纪要"} for code in codes]
    place = county(
        policy={"adjustments": {"source": "…", "adjustments": entries}},
        enterprises={"usci": ["x"], "industry": ["33"]},
        enterprise_years={
            "usci": ["x"],
            "year": [2021],
            "is_above_scale": [False],
            "land_mu": [4.0],
            "tax_paid_wan": [1.0],
        },
    )
    notes = [one for one in evaluate(place, year=2021).notes if one.code == "adjustment_unmatched"]
    assert [one.about["usci"] for one in notes] == sorted(codes)


def test_an_evaluation_stands_by_population_group_and_rank():
    whole = opened("data/sample", DAY)
    found = evaluate(whole, year=2021)
    frame = found.frame
    order = list(found.scheme.populations)
    places = [
        (order.index(row["population"]), pd.isna(row["rank"]), str(row["group"]), row["rank"])
        if not pd.isna(row["population"])
        else (len(order), True, "", pd.NA)
        for row in frame.to_dict("records")
    ]
    ranked = [place for place in places if not place[1]]
    assert ranked == sorted(ranked)
    assert [place[0] for place in places] == sorted(place[0] for place in places)
    pd.testing.assert_frame_equal(frame, evaluate(turned(), year=2021).frame)


# Ties, which a sample need not have.


def secured(**amounts):
    """Give securities: creditor → amounts; each on a parcel of 10 亩 named as the creditor."""
    rows = [(name, amount) for name, given in amounts.items() for amount in given]
    return county(
        parcels={"parcel_id": sorted(amounts), "actual_mu": [10.0] * len(amounts)},
        collateral={
            "collateral_id": [str(number) for number in range(len(rows))],
            "parcel_id": [name for name, _ in rows],
            "creditor": [name for name, _ in rows],
            "amount_wan": [amount for _, amount in rows],
            "registered_on": ["2021-03-01"] * len(rows),
            "released_on": [None] * len(rows),
        },
    )


def test_securities_stand_the_largest_first_and_equals_by_name():
    where = secured(c=[2.0, 3.0], b=[5.0], a=[1.0], d=[9.0])
    assert collateral_by_parcel(where)["parcel_id"].tolist() == ["d", "b", "c", "a"]
    assert collateral_by_creditor(where)["creditor"].tolist() == ["d", "b", "c", "a"]
    assert collateral_by_parcel(where)["wan_per_mu"].tolist() == [0.9, 0.5, 0.5, 0.1]


def test_securities_without_an_area_stand_after_those_with_one_the_largest_first():
    where = secured(a=[1.0], b=[2.0], c=[9.0], d=[7.0])
    parcels = where.tables["parcels"].assign(actual_mu=[10.0, 10.0, None, None])
    where = replace(where, tables={**where.tables, "parcels": parcels})
    assert collateral_by_parcel(where)["parcel_id"].tolist() == ["b", "a", "c", "d"]


def test_towns_stand_by_their_first_states_and_equals_by_name():
    towns = ["丙", "乙", "乙", "甲", "丁", "丁"]
    states = ["idle", "idle", "used", "idle", "used", "idle"]
    found = by_town(pd.DataFrame({"town": towns, "land_state": states}), ("idle", "used"))
    assert found.index.tolist() == ["丁", "乙", "丙", "甲"]
    assert found["all"].tolist() == [2, 2, 1, 1]


def test_what_is_open_stands_the_longest_open_first_and_that_without_a_day_before_it():
    days = {"b": date(2022, 3, 1), "a": date(2022, 3, 1), "c": None, "d": date(2022, 1, 1)}
    found = opened_duties(POLICY, "guarantee_teams", days.items())
    assert [one.name for one in found] == ["c", "d", "a", "b"]


def test_the_lowest_balance_is_told_with_the_first_day_of_it():
    days = ["2021-03-01", "2021-04-01", "2021-05-01", "2021-06-01", "2021-07-01"]
    ledger = replacement_ledger(
        county(
            land_moves={
                "moved_on": days,
                "area_mu": [5.0, 2.0, 2.0, 4.0, 6.0],
                "direction": ["out", "in", "out", "in", "in"],
            }
        )
    )
    found = balance_of(ledger)
    assert (found.lowest_mu, found.lowest_on, found.balance_mu) == (-5, date(2021, 3, 1), 5)
    assert (found.converted_mu, found.replaced_mu) == (7, 12)


def test_published_figures_stand_by_period_and_day_the_longer_period_first():
    rows = [
        ("2022", "2022-12-31", 4.0),
        ("2022-12", "2022-12-31", 3.0),
        ("2022-Q4", "2022-12-31", 2.0),
        ("2021", "2022-05-01", 1.5),
        ("2021", "2022-02-01", 1.0),
    ]
    where = county(
        "2023-06-30",
        official_series={
            "indicator": ["x"] * len(rows),
            "period": [period for period, _, _ in rows],
            "published_on": [day for _, day, _ in rows],
            "value": [value for _, _, value in rows],
        },
    )
    assert [float(one.value) for one in publications(where, "x")] == [1.0, 1.5, 4.0, 2.0, 3.0]


# What a bulletin names first.


def change(name, done, *, before=None, units=("甲局",), target=1000):
    of = clause(Kind.CUMULATIVE, target, unit="亩", id=name, units=units)

    def judged(amount):
        reading = flow(("2021-03-01", amount), unit="亩")
        return assess(of, reading, as_of=date(2022, 6, 30), bands=BANDS)

    return Change(judged(done if before is None else before), judged(done))


def named(groups):
    return {
        group.code: [one.clause.id for one in group.changes]
        for group in groups
        if isinstance(group, Clauses)
    }


def test_a_bulletin_names_the_furthest_ahead_and_the_furthest_behind_first():
    changes = [change(f"c{done}", done) for done in (650, 900, 700, 390, 210, 300, 20, 100, 60)]
    rule = bulletin_rule(POLICY)
    assert named(highlights(changes, (), rule)) == {"ahead": ["c900", "c700", "c650"]}
    told, _ = problems(county(), changes, (), rule)
    assert named(told) == {
        "far_behind": ["c20", "c60", "c100"],
        "behind": ["c210", "c300", "c390"],
    }


def test_a_clause_that_rose_or_fell_is_told_as_such_and_once():
    changes = [change("rose", 550, before=300), change("fell", 390, before=550)]
    rule = bulletin_rule(POLICY)
    assert named(highlights(changes, (), rule)) == {"rose": ["rose"]}
    assert named(problems(county(), changes, (), rule)[0]) == {"fell": ["fell"]}


def test_next_steps_come_unit_by_unit_and_those_without_a_unit_last():
    worst = [
        change("a", 20, units=("甲局",)),
        change("b", 60, units=()),
        change("c", 100, units=("乙局", "甲局")),
        change("d", 110, units=("甲局",)),
    ]
    found = steps([Clauses("far_behind", tuple(worst), 5)], date(2022, 6, 30))
    assert [one.clause.id for one in found] == ["a", "d", "c", "b"]
    first = found[0]
    assert (first.left, first.months_left, first.needed_rate) == (980, 18, Fraction(980, 18))


def test_idle_land_is_named_by_what_follows_then_by_how_long_then_by_name():
    rows = [
        ("p1", "2021-05-01", "firm"),
        ("p2", "2020-06-01", "firm"),
        ("p3", "2021-03-01", "firm"),
        ("p4", "2020-03-01", "government"),
        ("p0", "2021-03-01", "firm"),
        ("p6", "2020-01-01", None),
    ]
    where = county(
        parcels={
            "parcel_id": [name for name, _, _ in rows],
            "agreed_start_on": [day for _, day, _ in rows],
            "idle_cause": [cause for _, _, cause in rows],
            "started_on": [None] * len(rows),
            "supplied_mu": [2.0] * len(rows),
            "price_wan": [100.0] * len(rows),
        }
    )
    found = [(one.name, one.step) for one in idle(where)]
    assert found == [
        ("p2", "take_back"),
        ("p0", "fee"),
        ("p3", "fee"),
        ("p1", "fee"),
        ("p4", "agreement"),
        ("p6", "cause_unknown"),
    ]


def test_alarms_stand_by_light_then_by_rules_raised_then_by_the_steepest_fall():
    found = alarms(opened("data/sample", DAY))
    order = light_order(opened("data/sample", DAY))
    places = [
        (
            order.index(row["light"]),
            -row["raised"],
            min((fall.change_pct for fall in row["falls"]), default=0.0),
            row["usci"],
        )
        for row in found.firms.to_dict("records")
    ]
    assert places == sorted(places)
    for falls in found.firms["falls"]:
        changes = [fall.change_pct for fall in falls]
        assert changes == sorted(changes)
    warned = found.by_chain[found.by_chain["chain"].notna()]
    totals = warned[[light.light for light in found.rules.lights]].sum(axis=1).tolist()
    assert totals == sorted(totals, reverse=True)
    assert len(set(totals)) > 1
