"""Titles on the page of innovation: by kind and year, lost and double; published figures."""

from typing import Any

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.innovation import InnovationSheet
from tenglong.show.cell import Cell
from tenglong.show.lacking import if_supplied, supplied
from tenglong.show.listing import Field, choice, day, listing, named, number, text, whole
from tenglong.show.number import unit_text
from tenglong.show.page import Page
from tenglong.show.pages.innovation import names_of, unit_of
from tenglong.show.piece import Piece, remark


def _finding(page: Page, code: str) -> Cell:
    return text(page, page.word(".was_lost" if code == "lost" else f"title.finding.{code}"))


def _day(page: Page, published_on: Any) -> Cell:
    """Draw the day of a publication; the CSV, too, says "…" where the table has none."""
    return text(page, None if pd.isna(published_on) else published_on.date())


KIND = choice("recognitions", "kind")
UNIT = Field("unit", lambda page, kind: unit_text(unit_of(page, kind), page.language), "kind")
LOST = (
    Field("holder", is_header=True),
    Field("kind", KIND),
    Field("day", day, "recognised_on", css="short"),
    Field("finding", _finding, "code"),
)
PUBLISHED = (
    Field("period", css="short"),
    Field("value", number(2)),
    Field("unit"),
    Field("publisher"),
    Field("published_on", _day, css="short"),
)
RESTATED = (
    Field("period", css="short"),
    Field("old", number(2)),
    Field("new", number(2)),
    Field("unit"),
    Field("publisher", of="new_publisher"),
    Field("published_on", _day, "new_published_on"),
)


@supplied("innovation_titles")
def titles_table(page: Page, titles: pd.DataFrame) -> Piece:
    """Count the titles won by kind and year, those lost, and who holds them now."""
    by_kind = titles.groupby("kind")
    dated = titles.assign(year=titles["year"].astype(str))
    won = dated.pivot_table("won", "kind", "year", aggfunc="sum", fill_value=0)
    counts = {"total": by_kind["won"].sum(), "lost": by_kind["lost"].sum()}
    kinds = won.assign(**counts, holders=by_kind["holders"].last())
    return listing(
        page,
        kinds.reset_index().sort_values(["total", "kind"], ascending=[False, True]),
        [
            Field("kind", KIND, is_header=True),
            *([UNIT] if page.language == "zh" else []),  # English does not name what is counted
            *(Field(str(year), whole, label=str(year)) for year in won),
            Field("lost", whole),
            Field("holders", whole),
        ],
        caption=page.word(".titles_caption"),
        name="innovation_titles",
        note=page.word(".titles_note"),
        nothing=remark(page.word(".no_titles")),
    )


@supplied()
def lost_table(page: Page, lost: pd.DataFrame, odd: pd.DataFrame | Unavailable) -> Piece:
    """List the titles lost and the entries that are odd, each with what is made of it."""
    return listing(
        page,
        pd.concat([lost.assign(code="lost"), *if_supplied(odd, lambda rows: [rows])]),
        LOST,
        caption=page.word(".lost_caption"),
        name="innovation_lost",
        nothing=remark(page.word(".nothing_lost")),
    )


def _figure(page: Page, sheet: InnovationSheet) -> Field:
    return Field("figure", named(names_of(page, sheet)), "clause", is_header=True)


@supplied("innovation_published")
def published_table(page: Page, rows: pd.DataFrame, sheet: InnovationSheet) -> Piece:
    """Set published figures that contradict one another side by side; none is chosen."""
    return listing(
        page,
        rows,
        (_figure(page, sheet), *PUBLISHED),
        caption=page.word(".published_caption"),
        name="innovation_published",
        note=page.word(".published_note"),
        nothing=remark(page.word(".no_contradiction")),
    )


@supplied()
def restated_table(page: Page, rows: pd.DataFrame, sheet: InnovationSheet) -> Piece:
    """List the figures that were published again with another value, old and new."""
    return listing(
        page,
        rows,
        (_figure(page, sheet), *RESTATED),
        caption=page.word(".restated_caption"),
        name="innovation_restated",
        nothing=Piece(""),
    )
