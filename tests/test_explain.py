"""`tenglong explain`: one figure, down to the rows."""

import json
import re
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console, Group

from build import clause, county, opened
from tenglong.measure.board.board import INDICATORS, assess_plan, judged_by
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.county import Input
from tenglong.measure.reading import Evidence
from tenglong.run import cli
from tenglong.show.page import Page
from tenglong.show.text.evidence import evidence_text
from tenglong.show.text.explanation import explanation_facts, explanation_text
from tenglong.show.words import catalogue

GRANTS = {
    "supply_id": ["S1", "S2", "S3"],
    "granted_on": ["2021-03-01", "2021-04-01", "2021-05-01"],
    "land_use": ["1001", "1001", "0701"],
    "area_mu": [10.0, 20.0, 70.0],
}
GRANTED = clause(
    Kind.SHARE,
    30,
    id="grants",
    each_year=True,
    rule_source="规则出处",
    indicator=IndicatorRef("industrial_grants"),
)


def explained(of=GRANTED, language="zh", rows=20, **tables):
    there = county(
        "2021-12-31", is_declared=True, clauses=(of,), **(tables or {"land_supply": GRANTS})
    )
    there = replace(there, inputs=(Input("land_supply", "grants.csv", "ab" * 32, 3),))
    one, rules = judged_by(there, of)
    page, options = Page(there, language), {"rules": rules}
    console = Console(width=100, highlight=False, color_system=None)
    with console.capture() as capture:
        console.print(explanation_text(page, one, most_rows=rows, **options))
    return capture.get(), explanation_facts(page, one, **options)


def test_the_first_line_says_that_it_is_internal():
    text, facts = explained()
    assert text.startswith("内部资料")
    assert facts["notice"].startswith("内部资料")
    assert explained(language="en")[0].startswith("Internal")


def test_the_sentence_the_target_and_the_source_of_the_rule_are_told():
    text, _ = explained(GRANTED)
    assert "目标1：原文" in text
    assert "≥ 30 %" in text
    assert "规则出处" in text
    assert "industrial_grants()" in text


def test_the_rules_that_were_read_are_told_with_their_sources():
    text, facts = explained()
    assert [rule["file"] for rule in facts["rules"]] == ["bands.yml", "land_use.yml"]
    assert "GB/T 21010-2017" in text
    assert "tax.yml" not in text


def test_the_rules_of_a_figure_by_tax_are_those_of_tax_land_and_scope():
    of = clause(
        Kind.LEVEL,
        20,
        unit="万元/亩",
        indicator=IndicatorRef(
            "firm_ratio", {"numerator": "tax", "denominator": "land_mu", "scope": "industry"}
        ),
    )
    there = county(
        enterprises={"usci": ["a"], "industry": ["33"]},
        enterprise_years={"usci": ["a"], "year": 2021, "tax_paid_wan": 1.0},
        occupancies={"usci": ["a"], "parcel_id": ["p"], "area_mu": [2.0]},
    )
    assert judged_by(there, of)[1] == ("bands", "land_base", "scopes", "tax")


def test_the_rules_of_suspected_cells_are_told_of_what_is_stopped_for_them_only():
    def rules(slip):
        years = [2019, 2020, 2021]
        firms = ["a", "b", "c"]
        tax = [[10.0, 10.0, 10.0], [10.0, 10.0, slip], [10.0, 10.0, 10.0]]
        there = county(
            enterprises={"usci": firms, "industry": ["33"] * 3},
            enterprise_years={
                "usci": [firm for firm in firms for _ in years],
                "year": years * 3,
                "tax_paid_wan": [value for row in tax for value in row],
                "land_mu": [2.0] * 9,
            },
        )
        of = clause(
            Kind.LEVEL,
            20,
            unit="万元/亩",
            indicator=IndicatorRef(
                "firm_ratio", {"numerator": "tax", "denominator": "land_mu", "scope": "industry"}
            ),
        )
        return judged_by(there, of)[1]

    assert set(rules(10_000.0)) - set(rules(10.0)) == {"outliers"}
    assert list(rules(10_000.0)) == sorted(rules(10_000.0))


def test_the_rows_are_those_of_the_file_with_its_name_and_hash():
    _, facts = explained()
    (evidence,) = facts["evidence"]
    assert evidence["file"] == "grants.csv"
    assert evidence["sha256"] == "ab" * 32
    assert [(row["row"], row["area_mu"]) for row in evidence["rows"]] == [
        (0, 10.0),
        (1, 20.0),
        (2, 70.0),
    ]
    assert evidence["rows"][0]["granted_on"] == "2021-03-01"


def test_only_so_many_rows_are_printed_and_the_rest_is_counted():
    text, facts = explained(rows=2)
    assert "S2" in text
    assert "S3" not in text
    assert "另有 1 行" in text
    assert len(facts["evidence"][0]["rows"]) == 3
    assert "S1" not in explained(rows=0)[0]


def test_the_rows_stand_in_the_order_of_the_file():
    shuffled = pd.DataFrame(GRANTS, index=[7, 3, 5]).assign(
        granted_on=lambda frame: pd.to_datetime(frame["granted_on"])
    )
    _, facts = explained(land_supply=shuffled)
    assert [row["row"] for row in facts["evidence"][0]["rows"]] == [3, 5, 7]


@pytest.mark.parametrize("more", [0, 3, 12])
def test_no_cell_is_lost_however_many_columns_there_are(more):
    cells = {f"column_{number}": ["91330328XXXX00019N"] * 3 for number in range(more)}
    rows = pd.DataFrame(
        {"on": pd.to_datetime(["2021-03-01"] * 3), **cells, "note": ["很长的文字" * 9] * 3}
    )
    console = Console(width=100, highlight=False, color_system=None)
    with console.capture() as capture:
        evidence = Evidence("x", rows)
        console.print(Group(*evidence_text(Page(county(), "zh"), evidence, most_rows=9)))
    said = "".join(capture.get().split())
    assert said.count("2021-03-01") == 3
    assert said.count("91330328XXXX00019N") == 3 * more
    assert said.count("很") == 27
    assert max(cell_len(line) for line in capture.get().splitlines()) <= 100


def test_the_components_are_exact():
    _, facts = explained()
    assert Fraction(facts["exact"]["industrial_mu"]) == 30
    assert Fraction(facts["exact"]["granted_mu"]) == 100
    assert "≈" not in explained()[0].split("构成")[1].split("分年度")[0]


def test_every_year_has_its_verdict():
    text, facts = explained()
    assert re.search(r"2021\s+30.00 %\s+完成", text)
    assert facts["years"]["2023"]["verdict"] == "not_due"


def test_what_is_missing_is_named_with_who_supplies_it():
    text, facts = explained(parcels={"parcel_id": ["p"]})
    assert "应提供：土地出让（县资规局）" in text
    assert facts["status"] == "no_data"
    assert facts["evidence"] == []


def test_a_text_with_markup_or_control_codes_is_shown_as_it_is():
    named = {**GRANTS, "supply_id": ["[red]S1", "\x1b[31mS2", "{{ 7*7 }}"]}
    text, _ = explained(land_supply=named)
    assert "[red]S1" in text
    assert "\x1b" not in text
    assert "{{ 7*7 }}" in text


def test_missing_cells_are_null_in_json_and_dots_in_text():
    text, facts = explained(land_supply={**GRANTS, "is_new": [True, None, False]})
    assert [row["is_new"] for row in facts["evidence"][0]["rows"]] == [True, None, False]
    assert "nan" not in text.lower()
    assert "<NA>" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_indicator_is_told_in_a_line(language):
    assert {f"explain.how.{name}" for name in INDICATORS} <= set(catalogue())
    assert all(catalogue()[f"explain.how.{name}"][language] for name in INDICATORS)


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-12-31")


@pytest.mark.long
def test_every_clause_of_the_sample_can_be_explained(sample):
    names = set(catalogue())
    board = assess_plan(sample)
    console = Console(width=100, highlight=False, color_system=None)
    for one in board.assessments:
        again, rules = judged_by(sample, one.clause)
        assert (again.status, again.actual) == (one.status, one.actual)
        assert "bands" in rules
        with console.capture() as capture:
            console.print(explanation_text(Page(sample, "zh"), one, rules=rules, most_rows=3))
        lines = capture.get().splitlines()
        assert max(cell_len(line.rstrip()) for line in lines) <= 100
        told = {name for name in one.components if not name.startswith("year_")}
        assert {f"explain.part.{name}" for name in told} <= names, one.clause.id


def test_the_command_prints_json_with_all_rows(capsys):
    command = ["explain", "data/sample", "tax_per_mu", "--as-of", "2022-06-30", "--json"]
    assert cli.main(command) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["id"] == "tax_per_mu"
    assert facts["indicator"]["options"]["denominator"] == "land_mu"
    rows = [row for row in facts["evidence"][0]["rows"] if row["year"] == 2021]
    tax = sum(Fraction(str(row["tax_wan"])) for row in rows)
    land = sum(Fraction(str(row["land_mu"])) for row in rows)
    assert Fraction(facts["exact"]["actual"]) == tax / land


def test_an_unknown_clause_is_exit_64_with_the_nearest_id(capsys):
    assert cli.main(["explain", "data/sample", "tax_per_m"]) == 64
    assert "did you mean 'tax_per_mu'?" in capsys.readouterr().err


def test_a_clause_like_no_other_is_told_where_to_look(capsys):
    assert cli.main(["explain", "data/sample", "§§"]) == 64
    assert "tenglong plan" in capsys.readouterr().err


def test_a_wrong_number_of_rows_is_exit_64(capsys):
    assert cli.main(["explain", "data/sample", "tax_per_mu", "--rows", "-1"]) == 64
    assert capsys.readouterr().out == ""


def test_a_narrative_clause_says_that_it_has_no_quantity(capsys):
    assert cli.main(["explain", "data/sample", "innovation_system"]) == 0
    assert "原文没有可测算的数量" in capsys.readouterr().out
