"""The formula of a league in words, as a page prints it."""

import re
from collections.abc import Iterable

from tenglong.measure.judge.assessment import Reason
from tenglong.show.page import Page
from tenglong.show.text.formula import formula_words

TALLY = re.compile(r"(count|sum|distinct)\((\w+)(?:\.(\w+))?\)(?: \[(.*)\])?")
FORMULAS = ("formula", "when", "points")
TALLIES = ("by", "count")


def formula_text(page: Page, lines: Iterable[Reason]) -> tuple[str, ...]:
    """Say each line of a league's formula.

    Parameters
    ----------
    lines
        Those of `measure.league_formula`, made for the same language.

    >>> from tenglong.measure.judge.assessment import Reason
    >>> formula_text(Page(example_county(), "en"), [Reason("least", {"members": 3, "items": 2})])
    ('Nobody is ranked among fewer than 3 members, or with fewer than 2 items that count',)
    """
    return tuple(_said(page, line) for line in lines)


def _said(page: Page, line: Reason) -> str:
    values = dict(line.values)
    if "status" in values:
        values["status"] = page.word(f"status.{values['status']}")
    if "clause" in values:
        values["clause"] = _clause(page, str(values["clause"]))
    for name in FORMULAS:
        if name in values:
            values[name] = formula_words(str(values[name]), page.place, language=page.language)
    for name in TALLIES:
        if values.get(name):
            values[name] = tally_words(page, str(values[name]))
    return page.word(f"league.formula.{line.code}", **values)


def _clause(page: Page, clause_id: str) -> str:
    names = {clause.id: clause.name[page.language] for clause in page.place.plan.clauses}
    return names.get(clause_id, clause_id)


def tally_words(page: Page, text: str) -> str:
    """Say what is counted: the rows of a table, a column's sum or its different values.

    >>> tally_words(Page(example_county()), "sum(parcels.actual_mu)")
    '“parcels”中“actual_mu”之和'
    """
    found = TALLY.fullmatch(text)
    if found is None:
        return text
    how, table, column, where = found.groups()
    given = {
        "table": page.label(table),
        "column": page.label(table, column) if column else "",
    }
    said = page.word(f"tally.{how}", **given)
    if not where:
        return said
    condition = formula_words(where, page.place, table=table, language=page.language)
    return page.word("tally.where", tally=said, condition=condition)
