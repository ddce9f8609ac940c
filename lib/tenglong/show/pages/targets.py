"""The target page beside its scorecard: a township in the county, what is untold, what differs."""

import pandas as pd

from tenglong.measure.board.township import Beside
from tenglong.measure.judge.assessment import Board, Status
from tenglong.measure.league.town import Basis
from tenglong.show.assessed import (
    actual_cell,
    by_urgency,
    status_cell,
    supplier,
    supply,
    target_cell,
    why_text,
)
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.listing import (
    Field,
    coded,
    difference,
    itself,
    label,
    listing,
    number,
    pairs,
    share,
    text,
    unit,
)
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.facts import facts
from tenglong.show.pages.scorecard import CLAUSE, GOOD, LEAD, SECTION
from tenglong.show.piece import Piece, remark, stacked
from tenglong.show.shares import shares_text


def _own_status(page: Page, beside: Beside) -> Cell:
    return status_cell(page, beside.own.status) if beside.is_judged else Cell(MISSING, "")


def _own_target(page: Page, beside: Beside) -> Cell:
    """Draw the target that the township has; none where it is not broken down."""
    is_told = beside.own.reason.code != "county_target"
    return target_cell(page, beside.own) if is_told else Cell(MISSING, "")


BESIDE = (
    CLAUSE,
    Field("column.target", target_cell, "county", css="verbatim"),
    Field("beside.own_target", _own_target, itself, css="verbatim"),
    Field("beside.own", actual_cell),
    Field("beside.county", actual_cell),
    Field("beside.share", share),
    Field("beside.own_status", _own_status, itself),
    Field("beside.county_status", status_cell, "county.status"),
)
UNKNOWNS = (
    CLAUSE,
    SECTION,
    Field("column.status", status_cell),
    Field("column.why", why_text, itself),
    Field("column.supply", supply, itself),
    Field("column.supplier", lambda page, one: supplier(one, page.place), itself),
)
NARRATIVES = (
    CLAUSE,
    SECTION,
    Field("column.text", text, "clause.text"),
    LEAD,
)
DIFFERENCES = (
    Field("compare.figure", label, "name", is_header=True),
    Field("compare.by", label, "by"),
    Field("compare.year"),
    Field("compare.unit", unit),
    Field("compare.computed", number(2)),
    Field("compare.published", number(2)),
    Field("compare.difference", difference, pairs("difference")),
    Field("compare.tolerance", number(3)),
    Field("compare.verdict", coded("compare"), "reason"),
)


def beside_county(
    page: Page, rows: tuple[Beside, ...], shares: tuple[Basis, ...] = (), *, name: str = "beside"
) -> Piece:
    """Draw every clause in the township and in the county; nothing for a whole county.

    Parameters
    ----------
    shares
        By what targets are broken down that the county has not set itself.
    name
        Begins the names of its CSV files.
    """
    if page.place.township is None:
        return Piece("")
    judged = [beside for beside in rows if beside.is_judged and beside.own.status.is_known]
    said = findings(
        page.sentence(
            "beside.sentence",
            place=page.told(page.place.township.name),
            clauses=len(rows),
            ratios=sum(beside.is_judged for beside in rows),
            judged=len(judged),
            good=sum(beside.own.status in GOOD for beside in judged),
        ),
        name=name,
    )
    drawn = listing(
        page,
        rows,
        BESIDE,
        caption=page.word("beside.caption"),
        name=f"{name}_county",
        note=page.word("beside.note") + shares_text(page, shares),
    )
    return stacked(said, drawn)


def unknowns(page: Page, board: Board) -> Piece:
    """Draw what cannot be told, why, and which unit must supply what."""
    rows = [
        assessment
        for assessment in by_urgency(board.quantified)
        if not assessment.status.is_known and assessment.reason.code != "county_target"
    ]
    return listing(page, rows, UNKNOWNS, caption=page.word("table.unknowns"), name="unknowns")


def narratives(page: Page, board: Board) -> Piece:
    """List what the plan promises without a quantity: it is not judged, and never zero.

    Those of which facts are known stand in a list of their own.
    """
    rows = [
        assessment
        for assessment in board.assessments
        if assessment.status is Status.NOT_QUANTIFIABLE and not assessment.facts
    ]
    without = listing(
        page, rows, NARRATIVES, caption=page.word("table.narratives"), name="narratives"
    )
    return stacked(facts(page, board.with_facts, name="facts"), without)


def figure_differences(page: Page, compared: pd.DataFrame) -> Piece:
    """Draw the kit's yearly figures against the published ones.

    Parameters
    ----------
    compared
        What `measure.title.compare.compare` gives: a row a figure and year.
    """
    return listing(
        page,
        compared,
        DIFFERENCES,
        caption=page.word("compare.caption"),
        name="differences",
        note=page.word("compare.note"),
        nothing=remark(page.word("compare.none")),
    )
