"""Codes that refer to nothing, beside a clause: which it waits for, when they are the reason."""

from dataclasses import replace

import pandas as pd
import pytest

from build import clause, county
from tenglong.measure.board.unlinked import with_strays
from tenglong.measure.clause import Kind, Label
from tenglong.measure.county import Strays, Township
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.measure.reading import Blank

OF = clause(Kind.LEVEL, 20)
INDUSTRY = ("enterprises", "industry")
DAXUE = Township("330328100", Label("大峃镇", "Daxue"))
WHY = {"share": 1}


def codes(*names, table="enterprise_years", column="usci", of="enterprises", is_key=True):
    rows = range(2, 2 + len(names))
    return Strays(table, column, of, pd.Series(names, index=rows), is_key)


def cells(count, place=INDUSTRY):
    return tuple(Blank(*place, f"甲{number}", number) for number in range(count))


def told(
    *strays, code="population_incomplete", missing=INDUSTRY, awaited=(), lacks=1, township=None
):
    """Tell a clause without a figure; `lacks` is how many of two firms have no industry."""
    firms = {"usci": ["A", "B"], "industry": ["33"] * (2 - lacks) + [None] * lacks}
    where = replace(county(enterprises=firms), strays=strays, township=township)
    one = Assessment(OF, Status.NO_DATA, Reason(code, WHY), missing=missing, awaited=tuple(awaited))
    return with_strays(where, one)


def names(one):
    return [(cell.name, cell.count) for cell in one.awaited if cell.of]


@pytest.mark.parametrize(
    ("blank", "code"),
    [(2, "codes_unmatched"), (3, "codes_unmatched"), (4, "population_incomplete")],
)
def test_as_many_rows_with_a_lost_code_as_blank_cells_are_the_reason_and_fewer_are_not(blank, code):
    one = told(codes("91A", "91A", "91B"), awaited=cells(blank))
    assert one.reason.code == code
    assert one.missing == (INDUSTRY if blank > 3 else ("enterprise_years", "usci"))
    assert names(one) == [("91A", 2), ("91B", 1)]


def test_blank_cells_of_another_column_are_not_held_against_the_codes():
    others = cells(5, ("enterprises", "township"))
    one = told(codes("91A"), awaited=(*others, *cells(1)))
    assert one.reason == Reason("codes_unmatched", {"count": 1, "of": "enterprises"})


def test_a_column_that_is_complete_is_not_blamed_though_its_codes_are_fewer():
    one = told(codes("91A"), awaited=cells(3), lacks=0)
    assert one.reason.code == "codes_unmatched"


def test_a_column_of_codes_that_lead_nowhere_is_blamed_for_them():
    place = ("enterprise_years", "usci")
    one = told(codes("91A"), missing=place, awaited=cells(3, place))
    assert (one.reason.code, one.missing) == ("codes_unmatched", place)


def test_a_complete_column_without_a_lost_code_lacks_rows():
    one = told(lacks=0)
    assert (one.reason, one.missing) == (Reason("rows_lacking", WHY), INDUSTRY)
    assert told(lacks=1).reason == Reason("population_incomplete", WHY)


@pytest.mark.parametrize(
    ("code", "missing"), [("no_figure", INDUSTRY), ("population_incomplete", None)]
)
def test_a_reason_that_blames_no_column_stays(code, missing):
    first = replace(codes("91A"), table="enterprises", column="parent")
    one = told(first, code=code, missing=missing, lacks=0)
    assert (one.reason, one.missing) == (Reason(code, WHY), missing)


def test_of_two_columns_of_lost_codes_the_one_of_more_rows_is_named():
    few = codes("X1", "X2", table="enterprises", column="parent", of="groups")
    many = codes("91A", "91B", "91B")
    for strays in ((few, many), (many, few)):
        one = told(*strays)
        assert one.missing == ("enterprise_years", "usci")
        assert one.reason == Reason("codes_unmatched", {"count": 3, "of": "enterprises"})


@pytest.mark.parametrize(
    ("is_key", "township", "is_told"),
    [(True, None, True), (False, None, False), (False, DAXUE, True), (True, DAXUE, True)],
)
def test_a_code_that_only_places_a_row_is_told_of_a_township_alone(is_key, township, is_told):
    place = codes("330328999", table="enterprises", column="township", is_key=is_key)
    assert bool(names(told(place, township=township))) is is_told


def test_codes_of_a_table_that_the_clause_does_not_rest_on_are_not_told():
    assert (
        names(told(codes("P9", table="project_months", column="project_id", of="projects"))) == []
    )


@pytest.mark.parametrize("code", ["no_table", "no_column"])
def test_where_a_table_or_column_was_not_supplied_no_code_stands_behind_it(code):
    assert told(codes("91A"), code=code).awaited == ()


def test_a_code_that_is_awaited_already_is_not_told_twice():
    known = Blank("enterprise_years", "usci", "91A", 7, 4, "enterprises")
    one = told(codes("91A", "91B"), awaited=(known, known))
    assert one.awaited[0] == known
    assert names(one) == [("91A", 4), ("91B", 1)]
