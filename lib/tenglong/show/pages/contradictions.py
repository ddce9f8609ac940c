"""Where an evaluation contradicts tax a mu, the clearance list or the plan's line: firm by firm."""

from collections.abc import Iterator

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.contradiction import (
    BELOW_LINE,
    LISTED,
    OUT_OF_ORDER,
    Contradictions,
)
from tenglong.measure.sheet.enterprises import Checked
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.evaluated import grade_cell, grades_text
from tenglong.show.finding import findings
from tenglong.show.firm import firm_columns, name_of
from tenglong.show.lacking import supplied, supplier_of
from tenglong.show.listing import Field, day, label, listing, noted, number
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark, wide
from tenglong.show.sentence import Sentence, paragraph
from tenglong.show.table import Column

MOST_NAMED, MOST_ROWS = 3, 40


def contradiction_sentences(page: Page, checked: Checked | Unavailable) -> Iterator[Sentence]:
    """Say which populations' scores contradict tax a mu, and name the firms whose grade does."""
    if isinstance(checked, Unavailable):
        return
    found, evaluation = checked.found, checked.evaluation
    year, grades = str(evaluation.year), grades_text(page, found.good)
    for order in found.contrary:
        yield page.sentence(
            "evaluation.contrary",
            scheme=page.told(evaluation.scheme.name),
            population=page.told(evaluation.scheme.populations[order.population].name),
            year=year,
            firms=order.firms,
            value=_apart(order.correlation, found),
            least=cell.number(found.least, 2),
        )
    listed, below = found.of(LISTED), found.of(BELOW_LINE)
    if len(listed):
        yield page.sentence(
            "evaluation.listed_good",
            as_of=page.place.as_of,
            count=len(listed),
            year=year,
            grades=grades,
            firms=_named(page, listed, "listed_firm"),
        )
    if len(below):
        yield page.sentence(
            "evaluation.below_line",
            line=cell.number(found.line, 0 if found.line and found.line.denominator == 1 else 2),
            count=len(below),
            year=year,
            grades=grades,
            firms=_named(page, below, "below_firm"),
        )
    if len(listed) or len(below):
        yield page.sentence(
            "evaluation.check", unit=supplier_of(page.place, "clearance_events", "event")
        )


def _apart(correlation: float, found: Contradictions) -> Cell:
    """Print a correlation with as many digits as tell it from the least."""
    least = float(found.least)
    decimals = next((n for n in (2, 3, 4) if round(correlation, n) < least), 6)
    return cell.number(correlation, decimals)


def _named(page: Page, firms: pd.DataFrame, key: str) -> Sentence:
    """Name the first firms with their figures, the least tax a mu first."""
    rows = firms.sort_values(["tax_wan_per_mu", "usci"]).to_dict("records")
    named = [
        page.sentence(
            f"evaluation.{key}",
            name=name_of(row),
            grade=row["grade"],
            tax=cell.number(row["tax_wan_per_mu"], 2),
            **({"day": row["listed_on"].date()} if key == "listed_firm" else {}),
        )
        for row in rows[:MOST_NAMED]
    ]
    first = page.listed(named)
    return first if len(rows) <= MOST_NAMED else page.sentence("evaluation.and_more", first=first)


@supplied("evaluation_contradiction_findings")
def contradiction_findings(page: Page, checked: Checked) -> Piece:
    """Say what contradicts what; that nothing does, is said by the table."""
    said = [*contradiction_sentences(page, checked)]
    if checked.found.lacking is not None:
        said.append(page.sentence("evaluation.unchecked"))
    if not said:
        return Piece("")
    text = paragraph(*said, language=page.language)
    return findings(text, name="evaluation_contradiction_findings")


@supplied()
def contradiction_table(page: Page, checked: Checked) -> Piece:
    """List the firms that stand in a contradiction, with the figures that show it."""
    found, evaluation = checked.found, checked.evaluation
    if found.firms.empty:
        return remark(page.word("evaluation.agrees"))
    grades = evaluation.all_grades
    names = {code: one.name for code, one in evaluation.scheme.populations.items()}
    rows = _worst_first(found.firms).to_dict("records")
    fields: list[Field | Column] = [
        *firm_columns(page, rows, townships=checked.townships, industries=checked.industries),
        Field("evaluation.column.codes", noted("evaluation.contradiction")),
        Field("evaluation.column.population", label, lambda row: names.get(row["population"])),
        Field("evaluation.column.grade", lambda _, grade: grade_cell(grade, grades)),
        Field("evaluation.column.score", number(2)),
        Field("evaluation.column.tax_per_mu", number(2), "tax_wan_per_mu"),
        Field("evaluation.column.tax", number(2), "tax_wan", in_page=False),
        Field("evaluation.column.land", number(2), "land_mu", in_page=False),
        Field("evaluation.column.score_place", number(1)),
        Field("evaluation.column.tax_place", number(1)),
        Field("evaluation.column.listed_on", day),
    ]
    return wide(
        listing(
            page,
            rows,
            fields,
            caption=page.word(
                "evaluation.table.contradictions",
                year=evaluation.year,
                scheme=page.told(evaluation.scheme.name),
            ),
            name="evaluation_contradictions",
            note=page.word("evaluation.places"),
            most_rows=MOST_ROWS,
        )
    )


def _worst_first(firms: pd.DataFrame) -> pd.DataFrame:
    """Put grades that contradict before places that do; there the widest apart come first."""
    is_graded = [bool({LISTED, BELOW_LINE} & set(codes)) for codes in firms["codes"]]
    order = pd.DataFrame({"graded": is_graded, "usci": firms["usci"]}, index=firms.index)
    order["apart"] = [
        0.0
        if OUT_OF_ORDER not in row["codes"]
        else float(abs(row["score_place"] - row["tax_place"]))
        for row in firms.to_dict("records")
    ]
    keys = order.sort_values(["graded", "apart", "usci"], ascending=[False, False, True])
    return firms.loc[keys.index]
