"""Clauses without a quantity of which facts are known: told, and never judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.judge.fact import Fact
from tenglong.show.cell import Cell, text
from tenglong.show.fact import fact_text
from tenglong.show.listing import Field, day, filled, label, listing
from tenglong.show.number import plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece


@dataclass(frozen=True)
class _Row:
    """One fact with the clause that it is of."""

    clause: Assessment
    fact: Fact


def _told(page: Page, fact: Fact) -> Cell:
    return text(fact_text(page, fact))


def _plain(page: Page, number: object) -> Cell:
    del page
    return text(plain(number))  # type: ignore[arg-type]


FACTS = (
    Field("column.clause", label, "clause.clause.name", is_header=True),
    Field("column.section", of="clause.clause.section", css="short"),
    Field("facts.column.fact", label, "fact.ref.name"),
    Field("facts.column.told", _told, "fact"),
    Field("facts.column.value", _plain, "fact.value", in_page=False),
    Field("facts.column.required", _plain, "fact.required", in_page=False),
    Field("facts.column.unit", of="fact.unit", in_page=False),
    Field("facts.column.on", day, "fact.on", css="short"),
    Field("column.lead", filled, "clause.clause.lead", css="unit"),
)


def facts(page: Page, told: Sequence[Assessment], *, name: str) -> Piece:
    """List the facts of clauses for which the plan sets no figure, in the order of the plan.

    Parameters
    ----------
    name
        The CSV's file name without ending.
    """
    rows = [_Row(clause, fact) for clause in told for fact in clause.facts]
    start = page.place.plan.window.start
    return listing(
        page,
        rows,
        FACTS,
        caption=page.word("facts.caption"),
        name=name,
        note=page.word("facts.note", start=page.day(start)),
        nothing=Piece(""),
    )
