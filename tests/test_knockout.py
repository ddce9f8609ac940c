"""Without a column or a table, a figure is what it was or a named unknown, never another one."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache

import pandas as pd
import pytest

from build import county
from tenglong.measure.board import compare
from tenglong.measure.carbon import efficiency as carbon
from tenglong.measure.carbon import emission, energy, intensity, pairs
from tenglong.measure.carbon import fuels as fuel_mix
from tenglong.measure.carbon import months as carbon_months
from tenglong.measure.chain import collateral, warning
from tenglong.measure.chain import directory as chains
from tenglong.measure.clearance import freed as freed_carbon
from tenglong.measure.county import Unavailable
from tenglong.measure.project import dual_contract, investment, projects, stages
from tenglong.measure.published import revisions, series
from tenglong.measure.reading import Flow, NotKnown, Series
from tenglong.measure.sheet import carbon as carbon_sheet
from tenglong.measure.sheet import innovation as title_sheet
from tenglong.measure.title import titles
from watched import asking

MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021, 2022) for month in range(1, 13)][:30]
FIRMS = ("A", "B", "C", "D")
TABLES = {
    "enterprises": {
        "usci": FIRMS,
        "name": ["甲", "乙", "丙", "丁"],
        "township": ["330328100", "330328101", "330328100", "330328102"],
        "industry": ["3441", "3443", "3412", "1713"],
        "chain": ["高端装备", "高端装备", "高端装备", None],
        "registered_on": ["2010-01-01", "2012-01-01", "2014-01-01", "2022-02-01"],
        "closed_on": [None, None, "2022-05-31", None],
    },
    "enterprise_years": {
        "usci": [*FIRMS[:3], *FIRMS[:3]],
        "year": [2020] * 3 + [2021] * 3,
        "is_above_scale": [True, True, False] * 2,
        "tax_paid_wan": [100, 80, 9, 120, 90, 8],
        "value_added_wan": [500, 400, 60, 600, 450, 50],
        "revenue_wan": [3000, 2500, 900, 3300, 2700, 800],
        "employees": [40, 30, 9, 42, 31, 8],
        "electricity_10k_kwh": [50, 40, 8, 52, 41, 7],
        "coal_t": [100, None, None, 90, None, None],
        "gas_10k_m3": [None, 2, None, None, 2, None],
        "energy_tce": [221.43, 146.6, 24, 220.287, 149.6, 21],
        "zero_carbon_power_10k_kwh": [5, None, None, 6, None, None],
        "is_energy_monitored": [True, False, None] * 2,
    },
    "enterprise_months": {
        "usci": [usci for usci in FIRMS[:3] for _ in MONTHS],
        "month": MONTHS * 3,
        "revenue_wan": [20] * 24 + [10] * 6 + [30] * 30 + [5] * 30,
        "tax_wan": [2] * 24 + [1] * 6 + [3] * 30 + [1] * 30,
        "electricity_10k_kwh": [4] * 24 + [2] * 6 + [3] * 30 + [1] * 30,
        "energy_tce": [18] * 30 + [12] * 30 + [3] * 30,
    },
    "projects": {
        "project_id": ["P", "Q", "R"],
        "name": ["一", "二", "三"],
        "kind": ["new", "upgrade", "new"],
        "is_attracted": [True, True, True],
        "is_manufacturing": [True, True, False],
        "is_enclave": [False, True, False],
        "is_single": [True, True, True],
        "total_investment_wan": [100000, 12000, 5000],
        "energy_tce": [480, 100, None],
        "signed_on": ["2020-11-01", "2021-02-01", "2021-03-01"],
        "landed_on": ["2021-03-01", "2021-06-01", "2021-09-01"],
        "started_on": ["2021-06-01", "2021-07-01", None],
        "completed_on": [None, "2022-01-01", None],
        "production_on": [None, "2022-03-01", None],
        "capacity_on": [None, None, None],
        "agreed_start_on": ["2021-05-01", "2021-08-01", None],
        "agreed_completion_on": ["2022-05-01", "2022-02-01", None],
        "agreed_production_on": ["2022-12-01", "2022-03-01", None],
        "agreed_capacity_on": ["2023-12-01", None, None],
        "dual_contract_on": ["2021-03-20", "2021-06-20", None],
        "guarantee_team": ["一组", None, None],
        "has_section_chief_lead": [True, True, None],
    },
    "project_months": {
        "project_id": ["P"] * 30 + ["Q"] * 30,
        "month": MONTHS * 2,
        "invested_wan": [100] * 12 + [150] * 18 + [10] * 30,
    },
    "clearance_events": {
        "usci": ["C"] * 5,
        "happened_on": [f"2021-0{n}-01" for n in range(2, 7)],
        "event": ["listed", "checked", "plan", "rectifying", "closed"],
        "evidence": [None, None, None, None, "文件"],
        "freed_energy_tce": [None, None, None, None, 30],
        "freed_carbon_t": [None, None, None, None, 50],
    },
    "recognitions": {
        "kind": ["rd_centre"] * 4,
        "holder": ["甲", "乙", "甲", "乙"],
        "usci": ["A", "B", "A", "B"],
        "recognised_on": ["2021-02-01", "2021-05-01", "2021-08-01", "2022-02-01"],
        "level": ["municipal", "provincial", "municipal", "provincial"],
        "stars": [3, 4, 2, 4],
        "batch": ["1", "1", "2", "3"],
        "item": ["泵", "阀", "泵", None],
        "is_lost": [None, None, None, True],
    },
    "milestones": {"milestone": ["zone"], "happened_on": ["2021-12-20"]},
    "official_series": {
        "indicator": [
            "value_added_growth_pct",
            "value_added_growth_pct",
            "relief",
            "relief",
            "manufacturing_investment_wan",
        ],
        "period": ["2021", "2021", "2021", "2022Q1", "2021"],
        "value": [8.0, 8.5, 2.0, 0.4, 1800],
        "unit": ["%", "%", "亿元", "亿元", "万元"],
        "publisher": ["县统计局"] * 5,
        "published_on": ["2022-01-20", "2022-03-08", "2022-01-20", "2022-04-20", "2022-03-08"],
    },
    "parcels": {"parcel_id": ["p", "q"], "actual_mu": [4, 3]},
    "collateral": {
        "collateral_id": ["1", "2", "3"],
        "parcel_id": ["p", "q", "q"],
        "creditor": ["甲行", "乙行", "甲行"],
        "amount_wan": [500, 300, 100],
        "registered_on": ["2020-01-01", "2021-01-01", "2021-06-01"],
        "released_on": [None, None, "2022-01-01"],
    },
}
INDICATORS = {
    "intensity_change": intensity.intensity_change,
    "key_users": lambda c: energy.key_users_monitored(c, min_energy_tce=100),
    "reached": lambda c: projects.projects_reached(
        c,
        stage="landed_on",
        min_investment_wan=10000,
        exclude_enclave=True,
        is_manufacturing=True,
        is_single=True,
    ),
    "share": projects.manufacturing_project_share,
    "landing": projects.landing_rate,
    "teams": lambda c: projects.guarantee_teams(c, min_investment_wan=10000),
    "leads": lambda c: projects.section_chief_leads(c, min_investment_wan=10000),
    "investment": lambda c: investment.investment(c, exclude_enclave=True),
    "by_year": lambda c: investment.investment(c, exclude_enclave=True, by="year"),
    "completion": investment.investment_completion,
    "titles": lambda c: titles.recognitions(c, kind="rd_centre"),
    "holders": lambda c: titles.recognitions(
        c, kind="rd_centre", count="holders", min_level="municipal", min_stars=3
    ),
    "milestone": lambda c: titles.milestone(c, milestone="zone"),
    "official": lambda c: series.official(c, indicator="relief"),
    "total": lambda c: series.official_total(c, indicator="relief"),
    "growth": lambda c: series.official_growth(c, indicator="value_added_growth_pct"),
    "freed_carbon": freed_carbon.freed_carbon,
    "collateral": collateral.collateral_total,
}
FRAMES = {
    function.__name__: function
    for function in (
        carbon.carbon_levels,
        carbon_months.carbon_by_month,
        carbon_sheet.carbon_totals,
        chains.chain_directory,
        chains.chain_firms,
        chains.chain_trends,
        collateral.collateral_by_creditor,
        collateral.collateral_by_parcel,
        compare.compare,
        dual_contract.contract_nodes,
        dual_contract.contract_summary,
        dual_contract.dual_contracts,
        emission.firm_carbon,
        energy.energy_demand,
        freed_carbon.freed_carbon_by_firm,
        fuel_mix.firm_energy,
        investment.yearly_investment,
        revisions.contradictions,
        revisions.restatements,
        revisions.staleness,
        stages.funnel,
        stages.project_stages,
        stages.stage_days,
        title_sheet.title_findings,
        title_sheet.titles_by_year,
        warning.firm_lights,
        warning.warnings,
    )
} | {"paired_firms": lambda c: pairs.paired_firms(c, scope="above_scale_industry")}
# What says that, and how much, is not known; and what names a row.
TELLS = ("reason", "lacking", "unknown", "untold", "cannot_tell", "state", "mix", "group_firms")
TELLS_TOO = ("firms_told", "red", "yellow", "none", "light", "raised", "rules")
NAMES = ("project_id", "usci", "name", "chain", "official", "by", "creditor", "parcel_id")
KNOCKS = [(table, None) for table in TABLES] + [
    (table, column) for table, columns in TABLES.items() for column in columns
]
WHOLE = county("2022-06-30", **TABLES)


@cache
def told(function):
    """Give what a function says of the whole county, and the tables that it asks for."""
    return asking(function, WHOLE)


def asking_for(table, functions):
    """Give those of the functions that ask for a table, with what they say of the whole county."""
    return [
        (name, function, told(function)[0])
        for name, function in functions.items()
        if table in told(function)[1]
    ]


def without(table, column):
    """Give the county without a table, or without one of its columns."""
    tables = dict(WHOLE.tables)
    if column is None:
        del tables[table]
    else:
        tables[table] = tables[table].drop(columns=column)
    return replace(WHOLE, tables=tables)


def asked(function, table, column):
    """Give what a function says without them, or what it says that it lacks."""
    try:
        return function(without(table, column)), ()
    except Unavailable as lacking:
        return None, (lacking.table, lacking.column)


def figures(reading):
    """Give the figures of a reading by their day; None where there is no reading."""
    match reading:
        case NotKnown():
            return None
        case Series():
            return {figure.end: figure.value for figure in reading.figures}
        case Flow():
            return dict(enumerate(reading.amounts))
    if is_dataclass(reading):
        names = {field.name for field in fields(reading)} - {"evidence", "parts", "opened"}
        return {name: getattr(reading, name) for name in names}
    return {"value": reading}


@pytest.mark.parametrize(("table", "column"), KNOCKS)
def test_an_indicator_is_what_it_was_or_unknown(table, column):
    for name, indicator, whole in asking_for(table, INDICATORS):
        before = figures(whole)
        assert before, name
        found, named = asked(indicator, table, column)
        assert named in ((), (table, column), (table, None))
        after = {} if found is None else figures(found)
        for key, value in (after or {}).items():
            assert value == before[key], f"{name} without {table}.{column}"
        assert not after or len(after) <= len(before)


def cells(frame):
    """Give the cells that tell a figure, by row and column; nothing for what is missing."""
    keys = [name for name in frame.columns if name in NAMES or name in ("year", "month", "rule")]
    keys += [name for name in ("node", "stage", "period", "figure", "kind") if name in frame]
    found = {}
    for number, row in enumerate(frame.to_dict("records")):
        at = tuple(str(row[name]) for name in keys) or number
        for name, value in row.items():
            is_telling = any(word in str(name) for word in TELLS) or name in TELLS_TOO
            missing = not isinstance(value, tuple) and pd.isna(value)
            if name not in keys and not is_telling and not missing:
                found[at, name] = value
    return found


@pytest.mark.parametrize(("table", "column"), KNOCKS)
def test_a_table_of_figures_is_what_it_was_or_unknown(table, column):
    for name, function, whole in asking_for(table, FRAMES):
        before = cells(whole)
        frame, named = asked(function, table, column)
        assert named in ((), (table, column), (table, None))
        after = {} if frame is None else cells(frame)
        for key, value in after.items():
            if key in before:
                assert value == before[key], f"{name} without {table}.{column}: {key}"


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_asked_for(table):
    assert asking_for(table, INDICATORS | FRAMES)


def test_every_function_has_something_to_lose():
    empty = {name for name, function in FRAMES.items() if told(function)[0].empty}
    assert empty == {"contradictions", "title_findings"}


@pytest.mark.parametrize("name", FRAMES)
def test_shuffling_the_rows_of_every_table_changes_nothing(name):
    shuffled = {
        table: frame.sample(frac=1, random_state=7) for table, frame in WHOLE.tables.items()
    }
    one, other = (FRAMES[name](c) for c in (WHOLE, replace(WHOLE, tables=shuffled)))
    one, other = (frame.sort_index(kind="stable") for frame in (one, other))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("name", INDICATORS)
def test_shuffling_the_rows_changes_no_indicator(name):
    shuffled = {
        table: frame.sample(frac=1, random_state=7) for table, frame in WHOLE.tables.items()
    }
    one, other = (INDICATORS[name](c) for c in (WHOLE, replace(WHOLE, tables=shuffled)))
    assert figures(one) == figures(other)


def test_a_plan_for_the_future_is_no_fact():
    agreed = {**TABLES["projects"], "agreed_completion_on": ["2023-05-01", "2022-02-01", None]}
    one = county("2022-06-30", **{**TABLES, "projects": agreed})
    assert dual_contract.contract_nodes(one)["state"].tolist()[1] == "not_due"
    assert WHOLE.as_of == date(2022, 6, 30)
