"""The sample tells a story in which every status occurs; the real parcels are honest."""

from collections import Counter
from functools import cache

import pytest

from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import Kind
from tenglong.measure.evaluation.contradiction import contradictions
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.judge.assessment import Board, Status
from tenglong.source import open_county

pytestmark = pytest.mark.long


@cache
def board(bundle: str, as_of: str) -> Board:
    return assess_plan(open_county(bundle, as_of))


def test_every_status_occurs_in_the_sample():
    days = ("2021-12-31", "2022-06-30")
    counts = [board("data/sample", day).counts for day in days]
    assert {status for found in counts for status, count in found.items() if count} == set(Status)


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2023])
def test_a_better_grade_pays_more_tax_a_mu_and_no_listed_firm_is_graded_a(year):
    county = open_county("data/sample", f"{year}-12-31")
    evaluation = evaluate(county, year=year)
    frame = evaluation.frame.astype({"tax_per_mu": "float64"})
    for name, firms in frame[frame["rank"].notna()].groupby("population"):
        medians = firms.groupby("grade")["tax_per_mu"].median()[list("ABCD")]
        assert medians.is_monotonic_decreasing, name
        assert firms["score"].between(5, 150).all(), name
    found = contradictions(county, evaluation)
    assert found.contrary == ()
    assert set(found.firms["grade"]) <= {"B"}


def test_what_the_real_parcels_lack_is_unknown_and_never_zero():
    judged = board("data/cambridge", "2022-06-30")
    assert judged.measured == ()
    assert all(one.progress is None and one.actual is None for one in judged.assessments)
    assert {one.status for one in judged.quantified} == {Status.NO_DATA}


def test_at_the_end_every_clause_is_settled():
    counts = Counter(one.status for one in board("data/sample", "2023-12-31").quantified)
    assert set(counts) <= {Status.ACHIEVED, Status.MISSED, Status.NO_DATA}


@pytest.mark.parametrize("as_of", ["2021-06-30", "2021-12-31", "2022-06-30", "2022-12-31"])
def test_every_clause_is_judged_on_every_day_with_a_reason(as_of):
    for one in board("data/sample", as_of).assessments:
        assert one.reason.code
        if one.status.is_known and one.clause.kind not in (Kind.SHARE, Kind.MILESTONE):
            assert one.actual is not None
        if one.gap is not None:
            assert one.gap == one.progress - one.pace
