"""Which clauses suspected cells stop, and which rows that were set aside a clause is told with."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from build import BANDS, clause, county
from tenglong.measure.board.board import assess_plan, read
from tenglong.measure.board.set_aside import with_set_aside
from tenglong.measure.board.stop import MOST_TRIED, stopped, without
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.county import Accepted, Input
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Evidence
from tenglong.measure.slip.suspects import suspects

YEARS = (2019, 2020, 2021)
TAX = clause(
    Kind.LEVEL,
    20,
    id="tax",
    unit="万元/亩",
    indicator=IndicatorRef(
        "firm_ratio", {"numerator": "tax", "denominator": "land_mu", "scope": "industry"}
    ),
)
LARGE = clause(
    Kind.CUMULATIVE,
    9,
    id="large",
    unit="个",
    indicator=IndicatorRef(
        "projects_reached",
        {"stage": "landed_on", "min_investment_wan": 10_000, "is_single": True},
    ),
)
LABOUR = clause(
    Kind.LEVEL,
    20,
    id="labour",
    unit="万元/人",
    indicator=IndicatorRef(
        "firm_ratio",
        {"numerator": "value_added_wan", "denominator": "employees", "scope": "industry"},
    ),
)


def firms(count, *slips):
    """Give firms of three years; of each slip (firm, year, column) a thousand times as much."""
    rows = [(f"F{firm:02}", year) for firm in range(count) for year in YEARS]
    table = {
        "usci": [usci for usci, _ in rows],
        "year": [year for _, year in rows],
        "tax_paid_wan": [10.0] * len(rows),
        "value_added_wan": [50.0] * len(rows),
        "land_mu": [2.0] * len(rows),
        "employees": [5.0] * len(rows),
    }
    for firm, year, column in slips:
        table[column][rows.index((f"F{firm:02}", year))] *= 1000
    names = [f"F{firm:02}" for firm in range(count)]
    return county(
        "2022-06-30",
        (TAX, LABOUR),
        enterprises={"usci": names, "industry": ["3391"] * count},
        enterprise_years=table,
    )


def told(one):
    """Give by clause the cells that it is stopped for: row's year and column."""
    years = one.tables["enterprise_years"]["year"]
    return {
        judged.clause.id: [(int(years[cell.row]), cell.column) for cell in judged.suspects]
        for judged in assess_plan(one).assessments
    }


def test_up_to_twelve_cells_are_tried_one_by_one_and_of_more_those_of_a_column_together():
    assert MOST_TRIED == 12
    slips = [(firm, 2021, "tax_paid_wan") for firm in range(10)]
    old, head = (20, 2019, "tax_paid_wan"), (21, 2021, "employees")
    few = firms(60, *slips, old, head)
    assert len(suspects(few)) == 12
    assert told(few) == {
        "tax": [(2021, "tax_paid_wan")] * 10,
        "labour": [(2021, "employees")],
    }
    more = firms(60, *slips, old, head, (22, 2021, "employees"))
    found = told(more)
    assert sorted(found["tax"]) == [(2019, "tax_paid_wan")] + [(2021, "tax_paid_wan")] * 10
    assert found["labour"] == [(2021, "employees")] * 2


def taxed(where, of):
    """Judge by how many firms have a tax of 2021."""
    table = where.table("enterprise_years")
    known = table.loc[table["year"] == 2021, "tax_paid_wan"].notna().sum()
    return Assessment(of, Status.ON_TRACK, Reason("paced"), actual=Fraction(int(known)))


@pytest.mark.parametrize(
    ("count", "is_accepted", "years"),
    [(12, False, {2021}), (13, False, {2019, 2021}), (13, True, {2021})],
)
def test_the_thirteenth_cell_is_tried_with_those_of_its_column(count, is_accepted, years):
    """An old cell moves nothing; tried with the others of its column, it is named with them."""
    slips = [(firm, 2021, "tax_paid_wan") for firm in range(count - 2)]
    one = firms(60, *slips, (50, 2019, "tax_paid_wan"), (51, 2021, "employees"))
    old = Accepted("enterprise_years", {"usci": "F50", "year": 2019}, "tax_paid_wan", "已核实")
    one = replace(one, accepted=(old,) * is_accepted)
    assert len(suspects(one)) == count
    (found,) = stopped(one, [taxed(one, TAX)], taxed)
    assert {cell.column for cell in found.suspects} == {"tax_paid_wan"}
    rows = [one.tables["enterprise_years"]["year"][cell.row] for cell in found.suspects]
    assert (set(rows), len(rows)) == (years, count - 3 + len(years))


def test_the_only_suspected_cell_stops_what_rests_on_it_and_nothing_else():
    assert told(firms(30, (3, 2021, "tax_paid_wan"))) == {
        "tax": [(2021, "tax_paid_wan")],
        "labour": [],
    }


def test_a_stopped_clause_says_of_how_many_cells_and_names_the_first():
    one = firms(30, (3, 2021, "tax_paid_wan"), (4, 2021, "land_mu"), (5, 2021, "land_mu"))
    judged = assess_plan(one)["tax"]
    assert (judged.status, judged.actual) == (Status.CONTRADICTORY, None)
    assert judged.reason == Reason("suspect", {"count": 3})
    assert [cell.name for cell in judged.suspects] == ["F03", "F04", "F05"]
    assert judged.missing == ("enterprise_years", "tax_paid_wan")
    assert judged.evidence


def test_of_accepted_and_open_cells_all_are_named_and_the_open_ones_counted():
    one = firms(30, (3, 2021, "tax_paid_wan"), (4, 2021, "land_mu"))
    cell = Accepted("enterprise_years", {"usci": "F03", "year": 2021}, "tax_paid_wan", "已核实")
    judged = assess_plan(replace(one, accepted=(cell,)))["tax"]
    assert judged.reason == Reason("suspect", {"count": 1})
    assert judged.missing == ("enterprise_years", "land_mu")
    assert [cell.accepted for cell in judged.suspects] == ["已核实", None]


def test_of_many_cells_of_a_column_the_accepted_are_tried_apart():
    slips = [(firm, 2021, "tax_paid_wan") for firm in range(MOST_TRIED)]
    one = firms(60, *slips, (20, 2019, "tax_paid_wan"))
    old = Accepted("enterprise_years", {"usci": "F20", "year": 2019}, "tax_paid_wan", "已核实")
    assert told(replace(one, accepted=(old,)))["tax"] == [(2021, "tax_paid_wan")] * MOST_TRIED
    new = replace(old, key={"usci": "F00", "year": 2021})
    assert len(told(replace(one, accepted=(new,)))["tax"]) == MOST_TRIED + 1


def landing(*, on="2021-05-01", is_single=True):
    """Give eight projects; the investment of the last is a slip, and it may differ otherwise."""
    projects = {
        "project_id": [f"P{n}" for n in range(8)],
        "kind": ["new"] * 8,
        "is_manufacturing": [True] * 8,
        "is_attracted": [True] * 8,
        "is_single": [True] * 7 + [is_single],
        "total_investment_wan": [12_000.0] * 7 + [9_000_000.0],
        "signed_on": ["2021-02-01"] * 8,
        "landed_on": ["2021-05-01"] * 7 + [on],
    }
    return county("2022-06-30", (LARGE,), projects=projects)


def test_a_cell_that_a_clause_counts_stops_it_and_one_that_it_does_not_count_does_not():
    one = landing(on="2023-05-01")
    assert [cell.row for cell in suspects(one)] == [7]
    assert assess_plan(one)["large"].suspects == ()
    assert [cell.row for cell in assess_plan(landing())["large"].suspects] == [7]


def test_a_cell_that_a_clause_would_wait_for_stops_it_though_its_figure_stayed():
    # Seven are counted either way, since of the last it is not known whether it is a single one.
    one = landing(is_single=None)
    [cell] = assess_plan(one)["large"].suspects
    assert (cell.row, cell.column) == (7, "total_investment_wan")
    assert assess(LARGE, read(one, LARGE), as_of=one.as_of, bands=BANDS).actual == 7
    poorer = without(one, [cell])
    assert assess(LARGE, read(poorer, LARGE), as_of=one.as_of, bands=BANDS).actual == 7


def test_of_cells_of_two_tables_each_stops_the_clause_that_waits_for_it():
    firm = firms(30, (3, 2021, "tax_paid_wan"))
    both = replace(
        firm,
        plan=replace(firm.plan, clauses=(LARGE, TAX)),
        tables={**firm.tables, **landing(is_single=None).tables},
    )
    found = {
        one.clause.id: [cell.table for cell in one.suspects]
        for one in assess_plan(both).assessments
    }
    assert found == {"large": ["projects"], "tax": ["enterprise_years"]}


def test_what_hangs_on_a_cell_is_left_blank_with_it_and_nothing_else_is():
    one = firms(2, (1, 2021, "tax_paid_wan"))
    [cell] = suspects(one)
    known = (("enterprise_years", 4, "land_mu"), ("enterprise_years", 99, "land_mu"))
    hanging = replace(cell, settled=(*known, ("enterprise_years", 4, "x"), ("elsewhere", 1, "x")))
    poorer = without(one, [hanging])
    frame = poorer.tables["enterprise_years"]
    blank = [(row, name) for name in frame for row in frame.index[frame[name].isna()]]
    assert blank == [(5, "tax_paid_wan"), (4, "land_mu")]
    assert not one.tables["enterprise_years"].isna().any(axis=None)


# --- rows that were set aside -------------------------------------------------------------------


def aside(evidence, **counts):
    inputs = tuple(Input(table, "x.csv", "", 9, count) for table, count in counts.items())
    judged = Assessment(
        TAX,
        Status.NO_DATA,
        Reason("no_figure"),
        evidence=tuple(
            Evidence(table, pd.DataFrame(columns=list(columns))) for table, columns in evidence
        ),
    )
    return [
        (cell.table, cell.count)
        for cell in with_set_aside(replace(firms(1), inputs=inputs), judged).awaited
    ]


@pytest.mark.parametrize(
    ("evidence", "told_"),
    [
        ([("enterprise_years", ["tax_wan"])], ["enterprise_years", "enterprises"]),
        ([("project_months", ["invested_wan"])], ["project_months", "projects"]),
        ([("projects", ["kind"]), ("project_months", [])], ["projects", "project_months"]),
        (
            [("enterprise_years", ["land_mu"])],
            ["enterprise_years", "enterprises", "occupancies", "parcels"],
        ),
        ([("special_fund", ["year"])], []),
        ([], []),
    ],
)
def test_a_clause_waits_for_the_rows_of_its_tables_and_of_what_these_name(evidence, told_):
    every = (
        *("enterprise_years", "enterprises", "project_months", "projects"),
        *("occupancies", "parcels"),
    )
    counts = {name: number for number, name in enumerate(every, start=1)}
    assert aside(evidence, **counts) == [(name, counts[name]) for name in told_]


def test_a_table_of_which_no_row_was_set_aside_is_not_awaited():
    evidence = [("enterprise_years", ["tax_wan"])]
    assert aside(evidence, enterprise_years=0, enterprises=2) == [("enterprises", 2)]
    assert aside(evidence, enterprise_years=0) == []


def test_rows_set_aside_stand_after_the_cells_that_are_awaited():
    table = firms(20).tables["enterprise_years"].copy()
    table.loc[2, "tax_paid_wan"] = None
    one = firms(20)
    one = replace(
        one,
        tables={**one.tables, "enterprise_years": table},
        inputs=(Input("enterprises", "x.csv", "", 9, 3),),
    )
    judged = assess_plan(one)["tax"]
    assert [(cell.column, cell.count) for cell in judged.awaited] == [("tax_paid_wan", 1), ("", 3)]
    assert judged.actual == Fraction(190, 38)
