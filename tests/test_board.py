"""The whole plan judged: which clauses, by which indicators, and what their statuses say."""

from dataclasses import replace
from fractions import Fraction

import pytest

from build import clause, county
from tenglong.errors import ConfigurationError
from tenglong.measure.board.board import assess_plan, read
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.judge.assessment import Status
from tenglong.measure.reading import Gap
from tenglong.measure.watched import Watched

MOVES = IndicatorRef("land_replaced")
DONE = IndicatorRef("milestone", {"milestone": "fund"})
A, B = (clause(Kind.COVERAGE, 100, id=name, indicator=MOVES) for name in "ab")
FUND = clause(Kind.MILESTONE, id="fund", indicator=DONE)
BARE = clause(Kind.LEVEL, 20, id="bare")
TOLD = clause(Kind.NARRATIVE, id="told", operator=None, indicator=None)
KNOWN = (Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK, Status.BEHIND)


def ids(board):
    return [one.clause.id for one in board.assessments]


@pytest.mark.parametrize(
    ("indicators", "found"),
    [
        ((), ["a", "fund", "bare", "b"]),
        (("land_replaced",), ["a", "b"]),
        ({"milestone", "land_replaced"}, ["a", "fund", "b"]),
        (("freed",), []),
    ],
)
def test_a_plan_is_judged_in_its_order_and_only_by_the_indicators_that_are_asked_for(
    indicators, found
):
    one = county(clauses=(A, FUND, BARE, B))
    assert ids(assess_plan(one, indicators=indicators)) == found


def test_a_board_knows_its_day_and_its_share_of_the_plan():
    board = assess_plan(county("2022-06-30", clauses=(A,)))
    assert (str(board.as_of), board.pace) == ("2022-06-30", Fraction(1, 2))


def test_a_clause_is_found_by_its_id():
    board = assess_plan(county(clauses=(A, FUND, B)))
    assert [board[name].clause for name in ("b", "a", "fund")] == [B, A, FUND]
    with pytest.raises(KeyError, match="c"):
        board["c"]


def test_what_has_no_indicator_or_no_quantity_is_a_named_unknown():
    one = county()
    assert [(read(one, of).why, read(one, of).code) for of in (TOLD, BARE)] == [
        (Gap.NOT_QUANTIFIABLE, "narrative"),
        (Gap.NO_DATA, "no_indicator"),
    ]
    told = replace(TOLD, indicator=MOVES)
    assert read(one, told).code == "narrative"
    lacking = read(one, A)
    assert (lacking.code, lacking.table) == ("no_table", "land_moves")


def test_an_option_that_an_indicator_does_not_take_is_refused():
    wrong = replace(A, indicator=IndicatorRef("land_replaced", {"by": "year"}))
    with pytest.raises(ConfigurationError, match=r"clause a: indicator land_replaced: .*'by'"):
        read(county(), wrong)


def test_six_statuses_are_known_and_five_should_be_told_and_cannot_be():
    known = {*KNOWN, Status.FAR_BEHIND, Status.MISSED}
    untold = {
        *(Status.NO_DATA, Status.STALE, Status.AWAITING),
        *(Status.NO_BASELINE, Status.CONTRADICTORY),
    }
    assert {status for status in Status if status.is_known} == known
    assert {status for status in Status if status.is_untold} == untold


def test_a_policy_remembers_the_files_that_were_asked_for_and_those_of_its_folders():
    own, other = {"source": "x", "a": 1}, {"source": "y"}
    policy = Watched({"tax": own, "line": 5, "schemes": {"mine": other, "b": {"c": other}}})
    assert (len(policy), list(policy)) == (3, ["tax", "line", "schemes"])
    with policy.heard() as seen:
        assert policy["tax"] is own
        with policy.heard() as inner:
            assert policy["line"] == 5
        folder = policy["schemes"]
        assert seen == {"tax", "line"}
        assert folder["mine"] is other
        assert folder["b"]["c"] is other
    assert policy["tax"] is own  # nobody listens any more
    assert inner == {"line"}
    assert seen == {"tax", "line", "schemes/mine", "schemes/b/c"}
