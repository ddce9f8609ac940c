"""The figures of the evaluation page: grades by township and industry, and tax per mu."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from tenglong.measure.evaluation.reviewed import Review
from tenglong.show.evaluated import figure_tone, grades_text
from tenglong.show.figure.histogram import histogram
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.firm import industry_text, place_text
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING
from tenglong.show.piece import Piece
from tenglong.show.words import word


def grades_by_township(review: Review, *, language: str = "zh") -> Piece:
    """Draw how many firms of each grade every township has."""
    codes = review.firms["township"].tolist() if "township" in review.firms else []
    places = [place_text(review.townships, code) for code in codes]
    return _stacked(review, places, "townships", language)


def grades_by_industry(review: Review, *, language: str = "zh") -> Piece:
    """Draw how many firms of each grade every industry has."""
    codes = review.firms["industry"].tolist() if "industry" in review.firms else []
    trades = [industry_text(review.industries, code, language) for code in codes]
    return _stacked(review, trades, "industries", language)


def _stacked(review: Review, keys: Sequence[str], what: str, language: str) -> Piece:
    """Draw one row a key; those with the most firms of the low grades first."""
    if review.evaluation is None:
        return not_supplied(language)
    if not review.grades or not keys:
        return Piece(f'<p class="note">{escape(word("enterprises.no_grades", language))}</p>')
    nowhere = word("enterprises.nowhere", language)
    pairs = zip(keys, review.firms["grade"].tolist(), strict=True)
    counts = Counter((nowhere if key == MISSING else key, grade) for key, grade in pairs)
    labels = {key for key, grade in counts if grade in review.grades}
    rows = [Row(key, [counts[key, grade] for grade in review.grades]) for key in labels]
    low = len(review.low_grades)
    rows.sort(key=lambda row: (-sum(row.counts[-low:]), -sum(row.counts), row.label))
    parts = [
        Part(word("evaluation.grades", language, grades=grade), figure_tone(grade, review.grades))
        for grade in review.grades
    ]
    low_text = grades_text(review.low_grades, language)
    return stacked(
        rows,
        parts,
        caption=word(f"enterprises.figure.{what}", language),
        described=word(f"enterprises.described.{what}", language, grades=low_text),
        name=f"enterprises_by_{what}",
        language=language,
    )


def tax_per_mu_spread(review: Review, *, language: str = "zh") -> Piece:
    """Draw how many firms lie in each class of tax per mu."""
    if review.evaluation is None:
        return not_supplied(language)
    return histogram(
        review.tax_per_mu,
        review.limits,
        caption=word("enterprises.figure.histogram", language),
        described=word("enterprises.described.histogram", language),
        name="enterprises_tax_per_mu",
        unit=word("unit.万元/亩", language),
        language=language,
    )
