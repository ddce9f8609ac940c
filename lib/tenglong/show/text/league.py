"""The formula of a league in words, as a page prints it."""

import re
from collections.abc import Iterable

from tenglong.measure.county import County
from tenglong.measure.target.assessment import Reason
from tenglong.show.text.formula import formula_words
from tenglong.show.words import word

TALLY = re.compile(r"(count|sum|distinct)\((\w+)(?:\.(\w+))?\)(?: \[(.*)\])?")
FORMULAS = ("formula", "when", "points")
TALLIES = ("by", "count")


def formula_text(lines: Iterable[Reason], county: County, language: str) -> tuple[str, ...]:
    """Say each line of a league's formula.

    Parameters
    ----------
    lines
        Those of `measure.league_formula`, made for the same language.
    county
        Whose tables and columns the formula names.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.measure.target.assessment import Reason
    >>> formula_text([Reason("least", {"members": 3, "items": 2})], example_county(), "en")
    ('Nobody is ranked among fewer than 3 members, or with fewer than 2 items that count',)
    """
    return tuple(_said(line, county, language) for line in lines)


def _said(line: Reason, county: County, language: str) -> str:
    values = dict(line.values)
    if "status" in values:
        values["status"] = word(f"status.{values['status']}", language)
    if "clause" in values:
        values["clause"] = _clause(str(values["clause"]), county, language)
    for name in FORMULAS:
        if name in values:
            values[name] = formula_words(str(values[name]), county, language=language)
    for name in TALLIES:
        if values.get(name):
            values[name] = tally_words(str(values[name]), county, language)
    return word(f"league.formula.{line.code}", language, **values)


def _clause(clause_id: str, county: County, language: str) -> str:
    names = {clause.id: clause.name[language] for clause in county.plan.clauses}
    return names.get(clause_id, clause_id)


def tally_words(text: str, county: County, language: str) -> str:
    """Say what is counted: the rows of a table, a column's sum or its different values.

    >>> from tenglong.measure.example import example_county
    >>> tally_words("sum(parcels.actual_mu)", example_county(), "zh")
    '“parcels”中“actual_mu”之和'
    """
    found = TALLY.fullmatch(text)
    if found is None:
        return text
    how, table, column, where = found.groups()
    given = {
        "table": county.label(table)[language],
        "column": county.label(table, column)[language] if column else "",
    }
    said = word(f"tally.{how}", language, **given)
    if not where:
        return said
    condition = formula_words(where, county, table=table, language=language)
    return word("tally.where", language, tally=said, condition=condition)
