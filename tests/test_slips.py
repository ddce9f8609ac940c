"""A value hundreds of times away from others stops the clauses that rest on it, and no others."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

import test_blanks
from build import POLICY, county, page_in
from intake import HEAD
from tenglong.errors import ConfigurationError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.county import Accepted
from tenglong.measure.firm.places import places, within
from tenglong.measure.judge.assessment import Status
from tenglong.measure.league.items import item_rows
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.sheet.data_quality import data_quality_sheet
from tenglong.measure.slip.rule import slip_rule
from tenglong.measure.slip.suspects import is_key, suspects
from tenglong.show.awaited import suspects_text
from tenglong.source import describe_bundle, read_bundle
from tenglong.source.plan import load_plan
from test_league import TAX, policy

PLAN = load_plan("wencheng-2021-2023")
YEARS = {
    "usci": ["A", "B"] * 3,
    "year": [2019, 2019, 2020, 2020, 2021, 2021],
    "is_above_scale": [True] * 6,
    "tax_paid_wan": [10.0, 20.0, 11.0, 21.0, 12.0, 22.0],
    "land_mu": [3.0, 4.0] * 3,
    "value_added_wan": [50.0, 90.0, 52.0, 92.0, 55.0, 95.0],
    "employees": [8.0, 9.0] * 3,
}
FIRMS = {
    "usci": ["A", "B"],
    "name": ["甲", "乙"],
    "industry": ["3391", "3391"],
    "township": ["330328100", "330328101"],
}


def firms(column="", row=0, factor=1, **more):
    """Give two firms over three years, with one value multiplied."""
    table = {name: list(cells) for name, cells in YEARS.items()}
    if column:
        table[column][row] *= factor
    return replace(
        county("2022-06-30", enterprises=FIRMS, enterprise_years=table, **more), plan=PLAN
    )


def found(one):
    return [(cell.table, cell.column, cell.row) for cell in suspects(one)]


@pytest.mark.parametrize("column", ["tax_paid_wan", "value_added_wan", "employees", "land_mu"])
@pytest.mark.parametrize("factor", [667, 1000, Fraction(1, 667), Fraction(1, 1000)])
def test_a_slip_of_units_is_found_by_the_firm_s_other_years(column, factor):
    assert found(firms(column, 5, float(factor))) == [("enterprise_years", column, 5)]


def test_what_is_as_it_should_be_is_no_suspect():
    assert found(firms()) == []


def test_exactly_three_hundred_times_is_not_more_than_three_hundred_times():
    limit = int(slip_rule(firms().policy).most_times)
    base = firms("tax_paid_wan", 4, 11 * limit / 12)  # the greatest other year is 11
    assert base.tables["enterprise_years"]["tax_paid_wan"][4] == 11.0 * limit
    assert found(base) == []
    over = firms("tax_paid_wan", 4, (11 * limit + 0.1) / 12)
    assert found(over) == [("enterprise_years", "tax_paid_wan", 4)]


def test_a_zero_and_a_blank_are_held_against_nothing():
    one = firms("tax_paid_wan", 4, 0)
    assert found(one) == []
    table = one.tables["enterprise_years"].assign(tax_paid_wan=float("nan"))
    assert found(replace(one, tables={**one.tables, "enterprise_years": table})) == []


def test_of_two_years_that_are_apart_both_are_named_where_nothing_tells_which():
    rows = {name: cells[2:] for name, cells in YEARS.items()}
    rows["tax_paid_wan"] = [11.0, 21.0, 12000.0, 22.0]
    one = county("2022-06-30", enterprises=FIRMS, enterprise_years=rows)
    assert found(one) == [
        ("enterprise_years", "tax_paid_wan", 0),
        ("enterprise_years", "tax_paid_wan", 2),
    ]


def industry(**changes):
    """Give seven firms of one industry and year, of which the last differs."""
    table = {
        "usci": list("ABCDEFG"),
        "year": [2021] * 7,
        "tax_paid_wan": [10.0, 11, 12, 13, 14, 15, 12],
        "value_added_wan": [50.0, 52, 53, 54, 55, 56, 51],
        "employees": [8.0] * 7,
        "land_mu": [3.0] * 7,
    }
    for column, value in changes.items():
        table[column][6] = value
    firms = {"usci": list("ABCDEFG"), "industry": ["3391"] * 7}
    return county("2022-06-30", enterprises=firms, enterprise_years=table)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("tax_paid_wan", 12000.0),
        ("value_added_wan", 51000.0),
        ("land_mu", 2001.0),
        ("land_mu", 0.0045),
        ("employees", 8000.0),
    ],
)
def test_a_firm_without_other_years_is_held_against_its_industry(column, value):
    assert found(industry(**{column: value})) == [("enterprise_years", column, 6)]


def stopped(one):
    return {a.clause.id for a in assess_plan(one).quantified if a.status is Status.CONTRADICTORY}


@pytest.mark.parametrize(
    ("column", "clauses"),
    [
        ("tax_paid_wan", {"tax_per_mu", "low_tax_firms"}),
        ("value_added_wan", {"value_added_per_mu", "labour_productivity"}),
        ("employees", {"labour_productivity"}),
    ],
)
def test_only_the_clauses_that_rest_on_the_cell_are_stopped(column, clauses):
    before = {a.clause.id: a for a in assess_plan(firms()).quantified}
    after = {a.clause.id: a for a in assess_plan(firms(column, 5, 1000)).quantified}
    assert {name for name, a in after.items() if a.status is Status.CONTRADICTORY} == clauses
    for name, one in after.items():
        if name in clauses:
            assert one.actual is None
            [cell] = one.suspects
            assert (cell.column, cell.row, cell.name) == (column, 5, "乙")
            assert cell.key == {"usci": "B", "year": 2021}
        else:
            assert (one.status, one.actual) == (before[name].status, before[name].actual), name


def test_a_year_that_no_clause_rests_on_stops_none():
    assert found(firms("value_added_wan", 1, 1000)) == [("enterprise_years", "value_added_wan", 1)]
    assert stopped(firms("value_added_wan", 1, 1000)) == set()  # 2019, before the baseline


def test_it_stops_the_clause_in_the_township_where_it_counts_and_not_in_another():
    towns = {"township": ["330328100", "330328101"], "name": ["甲镇", "乙镇"]}
    one = firms("tax_paid_wan", 5, 1000, townships=towns)
    assert "tax_per_mu" in stopped(within(one, "乙镇"))
    assert stopped(within(one, "甲镇")) == set()


def test_land_that_follows_from_a_parcel_stops_the_clauses_of_its_township():
    towns = {"township": ["330328100", "330328101"], "name": ["甲镇", "乙镇"]}
    rows = {name: cells for name, cells in YEARS.items() if name != "land_mu"}
    parcels = {
        "parcel_id": ["p", "q"],
        "registered_mu": [3.0, 4.0],
        "supplied_mu": [3.0, 4.0],
        "actual_mu": [3.0, 4.0 * 667],
    }
    held = {"usci": ["A", "B"], "parcel_id": ["p", "q"], "share": [1.0, 1.0]}
    one = county(
        "2022-06-30",
        enterprises=FIRMS,
        enterprise_years=rows,
        parcels=parcels,
        occupancies=held,
        townships=towns,
    )
    one = replace(one, plan=PLAN)
    assert found(one) == [("parcels", "actual_mu", 1)]
    assert "tax_per_mu" in stopped(one)
    assert "tax_per_mu" in stopped(within(one, "乙镇"))
    assert stopped(within(one, "甲镇")) == set()


def accepting(reason="新投产，税务已核实"):
    one = firms("tax_paid_wan", 5, 1000)
    cell = Accepted("enterprise_years", {"usci": "B", "year": 2021}, "tax_paid_wan", reason)
    return replace(one, accepted=(cell,))


def test_an_accepted_cell_stops_nothing_and_is_told():
    one = accepting()
    board = assess_plan(one)
    assert stopped(one) == set()
    judged = board["tax_per_mu"]
    assert judged.actual == Fraction(12 + 22000, 7)
    assert "新投产，税务已核实" in suspects_text(page_in(), judged)
    sheet = data_quality_sheet(one)
    [held] = sheet.suspects
    assert held.cell.accepted == "新投产，税务已核实"
    assert {clause.id for clause in held.clauses} >= {"tax_per_mu"}


def test_only_the_cell_that_is_named_is_accepted():
    one = accepting()
    wrong = replace(one.accepted[0], key={"usci": "B", "year": 2020})
    assert "tax_per_mu" in stopped(replace(one, accepted=(wrong,)))
    for changed in ({"column": "land_mu"}, {"table": "enterprise_months"}):
        other = replace(one.accepted[0], **changed)
        [cell] = suspects(replace(one, accepted=(other,)))
        assert cell.accepted is None


@pytest.mark.parametrize(
    ("said", "is_so"),
    [
        ({"usci": "B", "month": "2021-03"}, True),
        ({"usci": "B"}, False),
        ({"usci": "C", "month": "2021-03"}, False),
        ({"usci": "B", "month": "2021-03", "from_on": "2021-03-01"}, False),
    ],
)
def test_a_key_names_a_row_by_all_its_columns_that_are_not_blank(said, is_so):
    row = {"usci": "B", "month": pd.Period("2021-03", "M"), "from_on": None}
    assert is_key(said, row) is is_so


# Where a slip has to be found in a county of every table: table, column, row, factor.
SLIPS = [
    ("project_months", "invested_wan", 13, 1000),
    ("special_fund", "drawn_wan", 1, 1000),
    ("clearance_events", "freed_land_mu", 4, 667),
    ("clearance_events", "freed_energy_tce", 4, 1000),
    ("land_supply", "area_mu", 2, 667),
]


@pytest.mark.parametrize(("table", "column", "row", "factor"), SLIPS)
def test_a_slip_in_any_table_is_found_and_stops_only_what_rests_on_it(table, column, row, factor):
    tables = {name: dict(columns) for name, columns in test_blanks.TABLES.items()}
    before = replace(county(test_blanks.DAY, **tables), plan=PLAN)
    cells = list(tables[table][column])
    cells[row] *= factor
    tables[table][column] = cells
    after = replace(county(test_blanks.DAY, **tables), plan=PLAN)
    assert found(before) == []
    assert (table, column, row) in found(after)
    halted = stopped(after)
    assert halted
    was = {a.clause.id: a for a in assess_plan(before).quantified}
    for one in assess_plan(after).quantified:
        if one.clause.id not in halted:
            assert (one.status, one.actual) == (
                was[one.clause.id].status,
                was[one.clause.id].actual,
            )


def test_a_policy_that_is_malformed_is_refused():
    policy = {**firms().policy, "outliers": {"source": "…", "most_time": 300}}
    with pytest.raises(ConfigurationError, match="most_time"):
        slip_rule(policy)


BUNDLE = f"""\
{HEAD}  special_fund: {{file: fund.csv}}
accepted:
  - {{table: special_fund, key: {{year: YEAR}}, column: drawn_wan, reason: 已核实}}
"""


def bundle(folder, year):
    rows = "year,settlement_income_wan,drawn_wan\n2020,5000,100\n2021,5200,110\n2022,5100,120000\n"
    (folder / "fund.csv").write_text(rows, encoding="utf-8")
    (folder / "bundle.yml").write_text(BUNDLE.replace("YEAR", str(year)), encoding="utf-8")
    return read_bundle(describe_bundle(folder))


def test_a_bundle_accepts_a_cell_by_its_key(tmp_path):
    [cell] = suspects(bundle(tmp_path, 2022).on("2023-03-01"))
    assert (cell.key, cell.column, cell.accepted) == ({"year": 2022}, "drawn_wan", "已核实")


def test_a_row_that_is_not_there_cannot_be_accepted(tmp_path):
    with pytest.raises(ConfigurationError, match=r"line 9: accepted: .*2019.*there is no such row"):
        bundle(tmp_path, 2019)


def test_the_league_gives_no_figure_where_a_township_s_rests_on_a_slip():
    towns = {"township": ["330328100", "330328101"], "name": ["甲镇", "乙镇"]}
    rule = league_rules(POLICY)["townships"]
    rule = replace(rule, items={"tax_per_mu": rule.items["tax_per_mu"]})
    members = ("330328100", "330328101")
    codes = {}
    for factor in (1, 1000):
        placed = places(firms("tax_paid_wan", 5, factor, townships=towns))
        rows = item_rows(placed, rule, members)
        codes[factor] = [rows[member][0].code for member in members]
    assert codes == {1: ["", ""], 1000: ["", "suspect"]}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (None, [("", False, 4), ("", False, Fraction(11, 2))]),
        (5, [("", False, 4), ("suspect", True, None)]),
        (1, [("", False, 4), ("", False, Fraction(11, 2))]),  # a year that is not asked for
    ],
)
def test_an_item_of_its_own_indicator_gives_none_where_its_year_rests_on_a_slip(row, found):
    towns = {"township": ["330328100", "330328101"], "name": ["甲镇", "乙镇"]}
    rule = league_rules(policy({"tax": TAX}))["t"]
    one = firms("tax_paid_wan", row or 0, 1 if row is None else 1000, townships=towns)
    rows = item_rows(places(one), rule, tuple(towns["township"]))
    told = [rows[member][0] for member in towns["township"]]
    assert [(one.code, one.is_unknown, one.actual) for one in told] == found
