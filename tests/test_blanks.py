"""One blank cell at a time: the clause names it, its range holds every value it could have, and
no clause moves that does not rest on it.

The oracle knows no indicator: it fills the cell with every value that it could hold, and looks
what the clauses say then.
"""

from dataclasses import replace
from functools import cache, partial

import pytest

from build import POLICY, county
from tenglong.measure.board.board import assess_plan, read
from tenglong.measure.clause import Kind
from tenglong.source.plan import load_plan
from watched import asking

pytestmark = pytest.mark.long

DAY = "2022-11-30"
FIRMS = [f"F{number}" for number in range(1, 9)]
YEARS = (2020, 2021)
# One firm of eight is more than a twentieth, and a figure is to be had all the same. That a value
# is far away from others is no matter here.
LENIENT = {name: rule for name, rule in POLICY.items() if name != "outliers"}
LENIENT["bands"] = {**POLICY["bands"], "most_missing_share": 0.3}
STEPS = ("listed", "checked", "plan", "rectifying", "closed")


def each(values):
    """Give a column of the firms' years: the values of 2020, then a tenth more in 2021."""
    return [value * factor for factor in (1, 1.1) for value in values]


TABLES = {
    "enterprises": {
        "usci": FIRMS,
        "name": [f"{number}号企业" for number in range(1, 9)],
        "industry": ["3391", "3391", "3441", "3441", "1713", "4411", "1713", "0710"],
        "registered_on": ["2010-01-01"] * 8,
        "closed_on": [None] * 8,
    },
    "enterprise_years": {
        "usci": FIRMS * 2,
        "year": [year for year in YEARS for _ in FIRMS],
        "is_above_scale": [True] * 5 + [True, False, False] + [True] * 6 + [False] * 2,
        "tax_paid_wan": each([90.0, 80.0, 70.0, 20.0, 30.0, 200.0, 12.0, 1.0]),
        "value_added_wan": each([500.0, 400.0, 300.0, 90.0, 80.0, 900.0, 30.0, 5.0]),
        "revenue_wan": each([900.0, 800.0, 700.0, 300.0, 200.0, 2000.0, 90.0, 9.0]),
        "rd_wan": each([20.0, 9.0, 8.0, 3.0, 2.0, 5.0, 1.0, 0.5]),
        "employees": each([30.0, 25.0, 20.0, 9.0, 8.0, 40.0, 5.0, 2.0]),
        "land_mu": [8.0, 6.0, 5.0, 5.0, 7.0, 20.0, 4.0, 1.0] * 2,
        "energy_tce": [300.0, 200.0, 90.0, 80.0, 1200.0, 1500.0, 9.0, 2.0] * 2,
        "is_digitalised": [True, False, True, False, False, True, False, False] * 2,
        "is_energy_monitored": [False, False, True, False, True, False, False, False] * 2,
    },
    "projects": {
        "project_id": ["P1", "P2", "P3", "P4", "P5"],
        "name": ["一", "二", "三", "四", "五"],
        "kind": ["new", "new", "new", "energy_saving", "new"],
        "is_attracted": [True, True, True, False, True],
        "is_manufacturing": [True, True, False, True, True],
        "is_enclave": [False, True, False, False, False],
        "is_single": [True, True, True, False, True],
        "total_investment_wan": [12000.0, 150000.0, 20000.0, 900.0, 5000.0],
        "energy_tce": [1500.0, 2500.0, 10.0, 20.0, 1100.0],
        "is_two_high": [True, False, False, False, True],
        "assessed_on": ["2021-09-01", None, None, None, None],
        "signed_on": ["2021-01-10", "2021-02-10", "2021-03-10", "2021-04-10", "2021-05-10"],
        "landed_on": ["2021-05-01", "2021-06-01", "2021-07-01", None, "2021-08-01"],
        "started_on": ["2021-06-01", "2021-07-01", "2021-08-01", "2021-04-20", "2021-09-01"],
        "production_on": ["2022-06-01", None, None, "2021-11-01", None],
        "guarantee_team": ["一组", "二组", None, None, None],
        "has_section_chief_lead": [True, False, False, False, False],
    },
    "project_months": {
        "project_id": [name for name in ("P1", "P2", "P3", "P4", "P5") for _ in range(24)],
        "month": [f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)] * 5,
        "invested_wan": [
            value
            for low, high in ((9, 100), (8, 90), (7, 80), (6, 30), (5, 40))
            for value in [low] * 12 + [high] * 12
        ],
    },
    "land_supply": {
        "supply_id": ["S1", "S2", "S3", "S4"],
        "granted_on": ["2021-03-01"] * 4,
        "land_use": ["1001", "1001", "0701", "1001"],
        "area_mu": [30.0, 10.0, 50.0, 20.0],
        "is_new": [True, True, True, False],
        "is_standard_land": [True, False, False, False],
    },
    "parcels": {
        "parcel_id": ["L1", "L2", "L3"],
        "land_use": ["1001", "1001", "0701"],
        "supervision_signed_on": ["2021-03-01", None, None],
    },
    "special_fund": {
        "year": [2020, 2021],
        "settlement_income_wan": [5000.0, 5200.0],
        "drawn_wan": [100.0, 120.0],
    },
    "clearance_events": {
        "usci": ["F7"] * 5 + ["F4"],
        "event": [*STEPS, "listed"],
        "happened_on": [f"2021-0{month}-01" for month in (1, 2, 3, 4, 5)] + ["2021-02-01"],
        "evidence": ["文件"] * 6,
        "freed_land_mu": [None] * 4 + [4.0, None],
        "freed_energy_tce": [None] * 4 + [9.0, None],
        "freed_carbon_t": [None] * 4 + [20.0, None],
    },
    "recognitions": {
        "kind": ["green_factory", "green_factory", "new_product", "small_firm_park"],
        "level": ["municipal", "county", "provincial", "provincial"],
        "stars": [None, None, None, 3],
        "holder": ["甲", "乙", "丙", "丁"],
        "item": ["一", "二", "三", "四"],
        "batch": ["1", "1", "1", "1"],
        "is_lost": [False] * 4,
        "recognised_on": ["2021-10-01"] * 4,
    },
}
WORD = [True, False]
# What a blank could hold: every flag and code, and for an amount little and much.
FILLS = {
    ("enterprises", "industry"): ["3391", "4411", "0111"],
    ("enterprise_years", "is_above_scale"): WORD,
    ("enterprise_years", "is_digitalised"): WORD,
    ("enterprise_years", "is_energy_monitored"): WORD,
    ("projects", "is_attracted"): WORD,
    ("projects", "is_manufacturing"): WORD,
    ("projects", "is_enclave"): WORD,
    ("projects", "is_single"): WORD,
    ("projects", "is_two_high"): WORD,
    ("projects", "has_section_chief_lead"): WORD,
    ("projects", "kind"): ["new", "energy_saving"],
    ("land_supply", "is_new"): WORD,
    ("land_supply", "is_standard_land"): WORD,
    ("land_supply", "land_use"): ["1001", "0701"],
    ("parcels", "land_use"): ["1001", "0701"],
    ("recognitions", "level"): ["county", "national"],
    ("recognitions", "stars"): [2, 3],
    ("clearance_events", "evidence"): ["文件"],
}
AMOUNTS = {
    "enterprise_years": (
        *("tax_paid_wan", "value_added_wan", "revenue_wan", "rd_wan", "employees"),
        *("land_mu", "energy_tce"),
    ),
    "projects": ("total_investment_wan", "energy_tce"),
    "project_months": ("invested_wan",),
    "land_supply": ("area_mu",),
    "special_fund": ("settlement_income_wan", "drawn_wan"),
    "clearance_events": ("freed_land_mu", "freed_energy_tce", "freed_carbon_t"),
}
FILLS |= {(table, column): [0.5, 90.0] for table, names in AMOUNTS.items() for column in names}
FILLS |= {("projects", "landed_on"): ["2021-04-15"], ("projects", "started_on"): ["2021-04-15"]}
# A day is known to be blank by mistake where a later stage has one: so it is of the first row.
PASSED = ("landed_on", "started_on")
PLAN = load_plan("wencheng-2021-2023")


@cache
def told(table="", column="", row=0, value=None):
    """Give the clauses by id, with one cell that holds another value; None is a blank."""
    tables = {name: dict(columns) for name, columns in TABLES.items()}
    if table:
        cells = list(tables[table][column])
        cells[row] = value
        tables[table][column] = cells
    one = replace(county(DAY, **tables), policy=LENIENT, plan=PLAN)
    if not table:
        return {a.clause.id: a for a in assess_plan(one).quantified}
    clauses = tuple(PLAN.clause(name) for name, tables in asked().items() if table in tables)
    part = replace(one, plan=replace(PLAN, clauses=clauses))
    return {a.clause.id: a for a in assess_plan(part).quantified}


@cache
def asked():
    """Give by clause the tables that its indicator asks for."""
    found = {}
    for clause in PLAN.clauses:
        if clause.kind is not Kind.NARRATIVE:
            one = replace(county(DAY, **TABLES), policy=LENIENT, plan=PLAN)
            found[clause.id] = asking(partial(read, clause=clause), one)[1]
    return found


def cells():
    """Give every cell that is swept: of every column the first and the last that are not blank."""
    for table, column in FILLS:
        values = TABLES[table][column]
        known = [row for row, value in enumerate(values) if value is not None]
        rows = {known[0]} if column in PASSED else {known[0], known[-1]}
        yield from ((table, column, row) for row in sorted(rows))


def seen(one):
    """Give what a reader sees of a clause."""
    return (one.status, one.actual, one.progress, one.years)


def waits_for(one, table, column, row):
    return any(
        (blank.table, blank.column, blank.row) == (table, column, row) for blank in one.awaited
    )


@pytest.mark.parametrize(("table", "column", "row"), list(cells()))
def test_a_blank_cell_is_awaited_where_its_value_decides_and_nowhere_else(table, column, row):
    true = TABLES[table][column][row]
    blank = told(table, column, row)
    fills = [told(table, column, row, value) for value in (*FILLS[table, column], true)]
    for name, one in blank.items():
        others = {seen(filled[name])[1:] for filled in fills}
        if len(others) > 1:
            assert waits_for(one, table, column, row), f"{name} says nothing of it"
        elif not waits_for(one, table, column, row):
            assert seen(one)[1:] in others, f"{name} moved without a word"


@pytest.mark.parametrize(("table", "column", "row"), list(cells()))
def test_every_value_that_the_cell_could_have_lies_within_the_range(table, column, row):
    true = TABLES[table][column][row]
    for name, one in told(table, column, row).items():
        if one.actual is None or not waits_for(one, table, column, row):
            continue
        for value in (*FILLS[table, column], true):
            actual = told(table, column, row, value)[name].actual
            if actual is None:
                continue
            assert one.low is None or one.low <= actual, f"{name}: {value!r} is below the range"
            assert one.high is None or actual <= one.high, f"{name}: {value!r} is above the range"
