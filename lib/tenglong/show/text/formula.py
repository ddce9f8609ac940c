"""Conditions and formulas of the policy as people read them, the league's among them."""

import re
from collections.abc import Iterable, Mapping

from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Reason
from tenglong.show.page import Page
from tenglong.show.words import catalogue, word

NAME = re.compile(r"[A-Za-z_]\w*")
SUFFIXES = ("_ytd_yoy", "_last_year", "_before", "_yoy", "_mom")
SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", "*": "×", "/": "÷", "-": "−"}
QUOTED = re.compile(r'"(\w+)"')
# A flag that is not set, or not told: `not first(is_lost, False)`.
NOT_LOST = re.compile(r"not first\((\w+), False\)")
NOT_KNOWN, KNOWN = re.compile(r"not known\((\w+)\)"), re.compile(r"known\((\w+)\)")
# What wording.yml decides: at_least(a, b), below(a, b).
REACHES, BELOW = (re.compile(rf"{name}\(([^(),]+), ([^(),]+)\)") for name in ("at_least", "below"))
OPERATORS = re.compile(r">=|<=|==|!=|\*|/|-")


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


def formula_words(text: str, county: County, *, table: str = "", language: str) -> str:
    """Say a formula of the policy.

    Columns of `table` are called as the tables call them, with what a suffix makes of them
    (`…_yoy`); other names by the catalogue (`formula.name.…`); a name without either stays.

    >>> formula_words("progress / pace if known(pace) else progress", example_county(),
    ...     language="zh")
    '进度 ÷ 序时进度，若序时进度已知，否则为进度'
    >>> formula_words("below(actual, 5)", example_county(policy=load_policy()), language="en")
    'actual < 5'
    """
    plain = NOT_KNOWN.sub(r"\1 unknown", NOT_LOST.sub(r"\1 != yes", text))
    plain = KNOWN.sub(r"\1 known", plain)
    plain = _sized(plain, county)
    told = QUOTED.sub(lambda found: _choice(found[1], county, table, language), plain)
    signed = OPERATORS.sub(lambda found: SIGNS[found[0]], told)
    named = NAME.sub(lambda found: _name(found[0], county, table, language), signed)
    if language == "zh":
        named = re.sub(r"\s*(，若|，否则|已知|未知)", r"\1", named)
        named = re.sub(r"(，若|，否则为|“.*?”,) *", r"\1", named)
        named = named.replace("(", "（").replace(")", "）")
    return " ".join(named.split())


def _sized(text: str, county: County) -> str:
    """Write 以上 and 以下 as the signs that the county's wording gives them."""
    if not (REACHES.search(text) or BELOW.search(text)):
        return text
    wording = county.policy["wording"]
    reaches = ">=" if wording["at_least"] == "included" else ">"
    below = "<=" if wording["below"] == "included" else "<"
    return BELOW.sub(rf"\1 {below} \2", REACHES.sub(rf"\1 {reaches} \2", text))


def _name(name: str, county: County, table: str, language: str) -> str:
    for suffix in SUFFIXES:
        column = name.removesuffix(suffix)
        if name.endswith(suffix) and (table, column) in county.labels:
            label = county.label(table, column)[language]
            return word(f"formula.suffix{suffix}", language, name=label)
    if (table, name) in county.labels:
        return county.label(table, name)[language]
    return _words(language).get(name, name)


def _choice(code: str, county: County, table: str, language: str) -> str:
    """Name a code as the tables do; the code itself where they do not know it."""
    known = (
        label[language]
        for (of, _, one), label in county.choices.items()
        if (of, one) == (table, code)
    )
    return f"“{next(known, code)}”"


def _words(language: str) -> Mapping[str, str]:
    start = "formula.name."
    return {
        key.removeprefix(start): label[language]
        for key, label in catalogue().items()
        if key.startswith(start)
    }
