"""The formula of a league in words, as a page prints it."""

from collections.abc import Iterable

from tenglong.measure.target.assessment import Reason
from tenglong.show.words import word


def formula_text(lines: Iterable[Reason], language: str) -> tuple[str, ...]:
    """Say each line of a league's formula.

    Parameters
    ----------
    lines
        Those of `measure.league_formula`, made for the same language.

    >>> from tenglong.measure.target.assessment import Reason
    >>> formula_text([Reason("least", {"members": 3, "items": 2})], "en")
    ('Nobody is ranked among fewer than 3 members, or with fewer than 2 items that count',)
    """
    return tuple(_said(line, language) for line in lines)


def _said(line: Reason, language: str) -> str:
    values = dict(line.values)
    if "status" in values:
        values["status"] = word(f"status.{values['status']}", language)
    return word(f"league.formula.{line.code}", language, **values)
