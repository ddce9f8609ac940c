"""The figures of the evaluation page: grades by township and industry, and tax per mu."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from tenglong.measure.sheet.enterprises import EnterprisesSheet
from tenglong.show.evaluated import figure_tone, grades_text
from tenglong.show.figure.histogram import histogram
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.firm import industry_text, place_text
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece


def grades_by_township(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw how many firms of each grade every township has."""
    codes = review.firms["township"].tolist() if "township" in review.firms else []
    places = [place_text(review.townships, code) for code in codes]
    return _stacked(page, review, places, "townships")


def grades_by_industry(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw how many firms of each grade every industry has."""
    codes = review.firms["industry"].tolist() if "industry" in review.firms else []
    trades = [industry_text(page, review.industries, code) for code in codes]
    return _stacked(page, review, trades, "industries")


def _stacked(page: Page, review: EnterprisesSheet, keys: Sequence[str], what: str) -> Piece:
    """Draw one row a key; those with the most firms of the low grades first."""
    if review.evaluation is None:
        return not_supplied(page)
    if not review.grades or not keys:
        return Piece(f'<p class="note">{escape(page.word("enterprises.no_grades"))}</p>')
    nowhere = page.word("enterprises.nowhere")
    pairs = zip(keys, review.firms["grade"].tolist(), strict=True)
    counts = Counter((nowhere if key == MISSING else key, grade) for key, grade in pairs)
    labels = {key for key, grade in counts if grade in review.grades}
    rows = [Row(key, [counts[key, grade] for grade in review.grades]) for key in labels]
    low = len(review.low_grades)
    rows.sort(key=lambda row: (-sum(row.counts[-low:]), -sum(row.counts), row.label))
    parts = [
        Part(page.word("evaluation.grades", grades=grade), figure_tone(grade, review.grades))
        for grade in review.grades
    ]
    low_text = grades_text(page, review.low_grades)
    return stacked(
        page,
        rows,
        parts,
        caption=page.word(f"enterprises.figure.{what}"),
        described=page.word(f"enterprises.described.{what}", grades=low_text),
        name=f"enterprises_by_{what}",
    )


def tax_per_mu_spread(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw how many firms lie in each class of tax per mu."""
    if review.evaluation is None:
        return not_supplied(page)
    return histogram(
        page,
        review.tax_per_mu,
        review.limits,
        caption=page.word("enterprises.figure.histogram"),
        described=page.word("enterprises.described.histogram"),
        name="enterprises_tax_per_mu",
        unit=page.word("unit.万元/亩"),
    )
