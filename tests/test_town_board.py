"""A plan seen from one township: ratios are judged, amounts stand beside the county's."""

import csv
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, county, flow, series
from tenglong.errors import UsageError
from tenglong.measure.board.township import beside, of_township
from tenglong.measure.clause import Kind, Label
from tenglong.measure.county import Township
from tenglong.measure.judge.assessment import Board, Status
from tenglong.measure.judge.clock import compared_day
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Coverage
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import trend_cell
from tenglong.show.pages.targets import beside_county, unknowns

JUNE = date(2022, 6, 30)
COUNT = clause(Kind.CUMULATIVE, 20, id="count", unit="家")
LEVEL = clause(Kind.LEVEL, 20, id="level", unit="万元/亩", baseline=baseline(12))
COVERAGE = clause(Kind.COVERAGE, 100, id="coverage")
GROWTH = clause(Kind.GROWTH, 25, id="growth")
TOWN = Township("330328100", Label("大峃镇", "Daxue"))


def board(*pairs):
    judged = tuple(assess(of, reading, as_of=JUNE, bands=BANDS) for of, reading in pairs)
    return Board(JUNE, Fraction(1, 2), judged)


def counted(number):
    return flow(("2021-05-01", number), unit="家")


OWN = board(
    (COUNT, counted(2)),
    (LEVEL, series("万元/亩", y2020=12, y2021=21)),
    (COVERAGE, Coverage(Fraction(1), Fraction(2), "家")),
    (GROWTH, series("万元", y2020=100, y2021=150)),
)
WHOLE = board(
    (COUNT, counted(8)),
    (LEVEL, series("万元/亩", y2020=12, y2021=14)),
    (COVERAGE, Coverage(Fraction(4), Fraction(9), "家")),
    (GROWTH, series("万元", y2020=100, y2021=130)),
)


def test_only_ratios_are_judged_in_a_township():
    judged = {one.clause.id: one.status for one in of_township(OWN).assessments}
    assert judged == {
        "count": Status.NOT_APPLICABLE,
        "level": Status.ACHIEVED,
        "coverage": Status.ON_TRACK,
        "growth": Status.NOT_APPLICABLE,
    }


def test_what_is_not_judged_keeps_its_figure_and_makes_up_no_progress():
    one = of_township(OWN)["count"]
    assert (one.actual, one.progress, one.gap, one.needed_rate) == (2, None, None, None)


def test_a_share_of_the_county_is_told_only_where_figures_add_up():
    shares = {one.clause.id: one.share for one in beside(of_township(OWN), WHOLE)}
    assert shares == {"count": Fraction(1, 4), "level": None, "coverage": None, "growth": None}


def test_a_share_of_nothing_is_not_told():
    (one,) = beside(board((COUNT, counted(0))), board((COUNT, counted(0))))
    assert one.share is None


def test_the_page_says_that_quantities_are_the_countys():
    cut = replace(county(), township=TOWN)
    piece = beside_county(Page(cut, "zh"), beside(of_township(OWN), WHOLE))
    assert "方案的数量目标按全县下达，不分解到乡镇；大峃镇的 4 条" in piece.html
    rows = list(csv.DictReader(io.StringIO(piece.csv["beside_county.csv"])))
    assert [row["本乡镇状态"] for row in rows] == ["", "已达成", "符合序时", ""]
    assert rows[0]["占全县"] == "0.25"


def test_a_whole_county_has_no_such_table():
    assert beside_county(Page(county(), "zh"), beside(OWN, WHOLE)).html == ""


def test_what_a_township_is_not_asked_is_not_listed_as_lacking():
    piece = unknowns(Page(county(), "zh"), of_township(OWN))
    assert "unknowns.csv" in piece.csv
    assert len(piece.csv["unknowns.csv"].splitlines()) == 1


def test_a_count_is_drawn_from_nothing_to_today():
    drawn = trend_cell(Page(county(), "zh"), OWN["count"]).html
    assert "<svg" in drawn
    assert "2020年12月31日为 0\xa0家，2022年6月30日为 2\xa0家" in drawn


def test_one_figure_is_no_trend():
    one = board((LEVEL, series("万元/亩", y2021=14)))["level"]
    assert trend_cell(Page(county(), "zh"), one).html == "…"


def test_a_year_that_is_running_is_not_drawn_as_a_fall():
    yearly = clause(Kind.ANNUAL, 2, id="yearly", unit="家")
    one = board((yearly, flow(("2021-05-01", 3), unit="家")))["yearly"]
    assert len(one.trend) == 2
    assert trend_cell(Page(county(), "zh"), one).html == "…"


def test_the_day_compared_with_is_the_end_of_the_quarter_before():
    before = date(2022, 3, 31)
    assert compared_day(JUNE, "", otherwise=before) == before
    assert compared_day(JUNE, "2020-12-31", otherwise=before) == date(2020, 12, 31)
    with pytest.raises(UsageError, match="against must be a day"):
        compared_day(JUNE, "soon", otherwise=before)
