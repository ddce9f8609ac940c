"""Pages tell nothing after their day but what is planned, and headline what is theirs."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, county, flow, series
from drawing import drawn, read
from reports import OF_MANY, PAGES
from tenglong.measure.clause import Kind, Label
from tenglong.measure.clearance.standing import standings
from tenglong.measure.judge.assessment import Board, Status
from tenglong.measure.judge.kinds import assess
from tenglong.show.page import Page
from tenglong.show.pages.bulletin import progress_figure
from tenglong.show.pages.scorecard import headline
from tenglong.source import describe_bundle, read_bundle
from tenglong.source.schema import tables

OWN = [page for page in PAGES if page not in ("index", *OF_MANY)]
DAY = re.compile(r"(20\d\d)(?:-(\d\d)-(\d\d)|年(\d{1,2})月(\d{1,2})日)")
YEAR = "2021-12-31"
CADENCE = {"bulletin": {"cadence": "year"}}


@pytest.fixture(scope="module")
def source():
    return read_bundle(describe_bundle("data/sample"))


def planned(known):
    """Give the days to come that a page may name: of the plan, agreed, due, and a year after."""
    plan = known.plan
    years = range(plan.window.start.year, plan.window.end.year + 1)
    days = {plan.window.end, *(one.due for one in plan.clauses), *(date(y, 12, 31) for y in years)}
    for name, frame in known.tables.items():
        for column, declared in tables()[name].columns.items():
            if declared.planned and column in frame:
                days |= {day.date() for day in frame[column].dropna()}
    days |= {day.date() for day in standings(known)["due_on"].dropna()}
    later = ((day, count) for day in days for count in (1, 2) if (day.month, day.day) != (2, 29))
    return days | {day.replace(year=day.year + count) for day, count in later}


def named_days(text):
    for found in DAY.finditer(text):
        year, *rest = (int(part) for part in found.groups() if part)
        yield date(year, *rest)


@pytest.mark.long
@pytest.mark.parametrize("page_id", OWN)
def test_a_yearly_report_names_no_quarter_and_no_fact_to_come(source, page_id):
    known = source.on(YEAR)
    page = drawn(page_id, known, on=source.on, **CADENCE.get(page_id, {}))
    may = planned(known)
    for name, piece in page.pieces.items():
        said = read(piece) + "".join(piece.csv.values())
        assert "第四季度" not in said, name
        assert not {day for day in named_days(read(piece)) if day > known.as_of} - may, name


def test_a_year_to_come_in_a_table_is_no_fact(source):
    known = source.on("2021-12-31")
    for name, frame in known.tables.items():
        for column, declared in tables()[name].columns.items():
            if column in frame and declared.type == "year":
                assert not (frame[column] > known.as_of.year).any(), (name, column)
            if column in frame and declared.type == "date" and not declared.planned:
                assert not (frame[column].dropna() > str(known.as_of)).any(), (name, column)


@pytest.mark.long
@pytest.mark.parametrize("page_id", [page for page in OWN if page != "data_quality"])
def test_a_township_headlines_what_is_its_own(source, page_id):
    known = source.on("2022-06-30")
    page = drawn(page_id, known, on=source.on, township="大峃镇")
    first = next(read(piece) for name, piece in page.pieces.items() if name != "masthead")
    assert "全县" not in first.split("。")[0]
    assert "大峃镇" in read(page["masthead"])


def named(name, kind, target, **more):
    return clause(kind, target, id=name, name=Label(name, name), **more)


def test_what_is_most_in_need_is_never_what_is_achieved():
    """A yearly figure of a year ago that meets its target, and counts that do, are settled."""
    met, late = (
        named(name, Kind.LEVEL, 20, baseline=baseline(10)) for name in ("甲条款", "乙条款")
    )
    done, open_ = (named(name, Kind.CUMULATIVE, 4, unit="家") for name in ("丙条款", "丁条款"))
    readings = (
        (met, series(y2021=20)),
        (late, series(y2021=10)),
        (done, flow(("2021-05-01", 4), unit="家")),
        (open_, flow(("2021-05-01", 1), unit="家", known_until=date(2022, 6, 30))),
    )
    judged = [assess(of, said, as_of=date(2022, 6, 30), bands=BANDS) for of, said in readings]
    assert [one.status for one in judged[:3:2]] == [Status.ACHIEVED] * 2
    # However its gap came about: what is achieved is in no need.
    judged[0] = replace(judged[0], gap=Fraction(-1, 2), pace=Fraction(1))
    board = Board(date(2022, 6, 30), Fraction(1, 2), tuple(judged))
    page = Page(county(), "zh", "bulletin")
    drawing = progress_figure(page, board).html
    worst = read(headline(Page(county(), "zh", "board"), board)).partition("最需要推动")[2]
    for text in (drawing, worst):
        assert "乙条款" in text
        assert "丁条款" in text
        assert "甲条款" not in text
        assert "丙条款" not in text
