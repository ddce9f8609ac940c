"""How one figure came about: the sentence, the rule, the numbers and the rows, in plain text.

It names firms, so its first line says that it is internal information.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tenglong.measure.clause import Kind
from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment
from tenglong.show.assessed import (
    actual_text,
    in_unit,
    reason_text,
    status_mark,
    supplier,
    supply,
    target_text,
    working_text,
)
from tenglong.show.number import MISSING
from tenglong.show.record import record
from tenglong.show.text.evidence import (
    INDENT,
    evidence_facts,
    evidence_text,
    jsonable,
    line,
    part_text,
    word_or,
)
from tenglong.show.text.plan import asked
from tenglong.show.words import word


def explanation_text(
    one: Assessment, county: County, *, rules: Sequence[str], language: str, most_rows: int
) -> Group:
    """Lay out how an assessment came about.

    Parameters
    ----------
    rules
        The policy files that were read for it.
    most_rows
        How many rows of every table are shown.
    """
    return Group(
        *_head(one, county, language),
        *_promise(one, language),
        *_standing(one, county, language),
        *_indicator(one, language),
        *_rules(rules, county, language),
        *_components(one, language),
        *_years(one, language),
        *_evidence(one, county, language, most_rows),
    )


def explanation_facts(
    one: Assessment, county: County, *, rules: Sequence[str], language: str
) -> dict[str, Any]:
    """Give the same as JSON values: the record of the clause, its rules, and all its rows.

    `components` and the rows hold JSON numbers; `exact` holds the components as ratios.
    """
    indicator = one.clause.indicator
    return {
        "notice": _notice(county, language),
        "county": county.name[language],
        "as_of": county.as_of.isoformat(),
        **record(one, county, language),
        "indicator": None
        if indicator is None
        else {"name": indicator.name, "options": jsonable(indicator.options)},
        "rules": [
            {"file": _file(name), "source": _source(name, county, language)} for name in rules
        ],
        "exact": {k: str(v) for k, v in one.components.items() if isinstance(v, Fraction)},
        "evidence": [evidence_facts(evidence, county) for evidence in one.evidence],
    }


def _notice(county: County, language: str) -> str:
    internal = word("explain.internal", language)
    return (
        f"{internal} · {word('masthead.synthetic', language)}" if county.is_synthetic else internal
    )


def _head(one: Assessment, county: County, language: str) -> Iterator[Text]:
    yield Text(_notice(county, language), "bold")
    yield Text.assemble((one.clause.name[language], "bold"), "  ", (one.clause.id, "dim"))
    yield Text(
        f"{county.name[language]} · {word('masthead.as_of', language)} {county.as_of}", "dim"
    )


def _promise(one: Assessment, language: str) -> Iterator[RenderableType]:
    clause = one.clause
    comma = "、" if language == "zh" else ", "
    yield from _heading("explain.promise", language)
    yield line(
        f"{clause.section}：{clause.text}"
        if language == "zh"
        else f"{clause.section}: {clause.text}"
    )
    yield line(asked(clause, language))
    if clause.scope:
        yield line(word("plan.scope", language, scope=comma.join(clause.scope)))
    if clause.rule_source:
        yield line(word("plan.rule", language, rule=clause.rule_source))
    if clause.units:
        yield line(word("plan.units", language, units=comma.join(clause.units)))


def _standing(one: Assessment, county: County, language: str) -> Iterator[RenderableType]:
    yield from _heading("explain.standing", language)
    reason = reason_text(one, county, language)
    yield line(f"{status_mark(one.status, language)} · {reason}")
    if one.clause.kind is Kind.NARRATIVE:
        return
    actual, target = actual_text(one, language), target_text(one, language)
    yield line(word("explain.figures", language, actual=actual, target=target))
    if one.observed_on is not None:
        yield line(word("explain.observed", language, day=one.observed_on))
    working = working_text(one, language)
    if working:
        yield line(working)
    if not one.status.is_known and one.missing is not None:
        values = {"what": supply(one, county, language), "who": supplier(one, county)}
        yield line(word("explain.supply", language, **values))


def _indicator(one: Assessment, language: str) -> Iterator[RenderableType]:
    indicator = one.clause.indicator
    if indicator is None:
        return
    yield from _heading("explain.indicator", language)
    options = ", ".join(f"{name}={value}" for name, value in indicator.options.items())
    yield line(f"{indicator.name}({options})")
    yield line(word_or("explain.how." + indicator.name, MISSING, language))


def _rules(rules: Sequence[str], county: County, language: str) -> Iterator[RenderableType]:
    if not rules:
        return
    yield from _heading("explain.rules", language)
    for name in rules:
        yield line(_file(name))
        yield Padding(Text(_source(name, county, language), "dim"), (0, 0, 0, 4))


def _file(name: str) -> str:
    return f"{name}.yml"


def _source(name: str, county: County, language: str) -> str:
    """Give the source that a policy file names, in the language if it has one in it."""
    content: Any = county.policy
    for part in name.split("/"):
        content = content[part]
    told = content.get("source_en") if language == "en" else None
    return " ".join(str(told or content.get("source", MISSING)).split())


def _components(one: Assessment, language: str) -> Iterator[RenderableType]:
    told = {k: v for k, v in one.components.items() if not k.startswith("year_")}
    if not told:
        return
    yield from _heading("explain.components", language)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="dim")
    for name, value in told.items():
        label = word_or(f"explain.part.{name}", name, language)
        table.add_row(Text(label), Text(part_text(value)), Text(name))
    yield Padding(table, INDENT)


def _years(one: Assessment, language: str) -> Iterator[RenderableType]:
    if not one.years:
        return
    yield from _heading("explain.years", language)
    for year in one.years:
        verdict = word(f"verdict.{year.verdict}", language)
        yield line(f"{year.year}  {in_unit(year.actual, one, language)}  {verdict}")


def _evidence(
    one: Assessment, county: County, language: str, most_rows: int
) -> Iterator[RenderableType]:
    if not one.evidence:
        return
    yield from _heading("explain.evidence", language)
    for evidence in one.evidence:
        yield from evidence_text(evidence, county, language=language, most_rows=most_rows)


def _heading(key: str, language: str) -> Iterator[Text]:
    yield Text()
    yield Text(word(key, language), "bold")
