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

from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.reading import Evidence
from tenglong.show.amount import in_unit
from tenglong.show.assessed import (
    actual_text,
    reason_text,
    status_mark,
    supplier,
    supply,
    target_text,
    working_text,
)
from tenglong.show.fact import told_facts
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.record import record
from tenglong.show.running import running_text
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


def explanation_text(
    page: Page, assessment: Assessment, *, rules: Sequence[str], most_rows: int
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
        *_head(page, assessment),
        *_promise(page, assessment),
        *_standing(page, assessment),
        *_facts(page, assessment, most_rows),
        *_indicator(page, assessment),
        *_rules(page, rules),
        *_components(page, assessment),
        *_years(page, assessment),
        *_evidence(page, assessment, most_rows),
    )


def explanation_facts(
    page: Page, assessment: Assessment, *, rules: Sequence[str]
) -> dict[str, Any]:
    """Give the same as JSON values: the record of the clause, its rules, and all its rows.

    `components` and the rows hold JSON numbers; `exact` holds the components as ratios.
    """
    indicator = assessment.clause.indicator
    return {
        "notice": _notice(page),
        "county": page.place.name[page.language],
        "as_of": page.place.as_of.isoformat(),
        **record(page, assessment),
        "indicator": None
        if indicator is None
        else {"name": indicator.name, "options": jsonable(indicator.options)},
        "rules": [{"file": _file(name), "source": _source(page, name)} for name in rules],
        "exact": {k: str(v) for k, v in assessment.components.items() if isinstance(v, Fraction)},
        "evidence": [evidence_facts(evidence, page.place) for evidence in _rows_of(assessment)],
    }


def _rows_of(assessment: Assessment) -> Iterator[Evidence]:
    yield from assessment.evidence
    for fact in assessment.facts:
        yield from fact.evidence


def _notice(page: Page) -> str:
    internal = page.word("explain.internal")
    return (
        f"{internal} · {page.word('masthead.synthetic')}" if page.place.is_synthetic else internal
    )


def _head(page: Page, assessment: Assessment) -> Iterator[Text]:
    yield Text(_notice(page), "bold")
    yield Text.assemble(
        (assessment.clause.name[page.language], "bold"), "  ", (assessment.clause.id, "dim")
    )
    yield Text(
        f"{page.place.name[page.language]} · {page.word('masthead.as_of')} {page.place.as_of}",
        "dim",
    )


def _promise(page: Page, assessment: Assessment) -> Iterator[RenderableType]:
    clause = assessment.clause
    yield from _heading(page, "explain.promise")
    yield line(page.word("explain.section", section=page.section(clause.section), text=clause.text))
    yield line(asked(clause, page.language))
    if clause.scope:
        yield line(page.word("plan.scope", scope=page.joined(clause.scope)))
    if clause.rule_source:
        yield line(page.word("plan.rule", rule=page.source(clause.rule_source)))
    if clause.units:
        yield line(page.word("plan.units", units=page.joined(clause.units)))


def _standing(page: Page, assessment: Assessment) -> Iterator[RenderableType]:
    yield from _heading(page, "explain.standing")
    reason = reason_text(page, assessment)
    yield line(f"{status_mark(page, assessment.status)} · {reason}")
    if assessment.clause.kind is Kind.NARRATIVE:
        return
    actual, target = actual_text(page, assessment), target_text(page, assessment)
    yield line(page.word("explain.figures", actual=actual, target=target))
    if assessment.observed_on is not None:
        yield line(page.word("explain.observed", day=assessment.observed_on))
    working = working_text(page, assessment)
    for told in filter(None, (working, running_text(page, assessment))):
        yield line(told)
    if not assessment.status.is_known and assessment.missing is not None:
        values = {"what": supply(page, assessment), "who": supplier(assessment, page.place)}
        yield line(page.word("explain.supply", **values))


def _facts(page: Page, assessment: Assessment, most_rows: int) -> Iterator[RenderableType]:
    """Tell each fact of a clause without a quantity: how it came about, and the rows."""
    if not assessment.facts:
        return
    yield from _heading(page, "facts.heading")
    for fact in assessment.facts:
        yield line(told_facts(page, (fact,)))
        yield from _how(page, fact.ref.indicator)
        for evidence in fact.evidence:
            yield from evidence_text(page, evidence, most_rows=most_rows)


def _indicator(page: Page, assessment: Assessment) -> Iterator[RenderableType]:
    indicator = assessment.clause.indicator
    if indicator is None:
        return
    yield from _heading(page, "explain.indicator")
    yield from _how(page, indicator)


def _how(page: Page, indicator: IndicatorRef) -> Iterator[RenderableType]:
    options = ", ".join(f"{name}={value}" for name, value in indicator.options.items())
    yield line(f"{indicator.name}({options})")
    yield line(word_or(page, "explain.how." + indicator.name, MISSING))


def _rules(page: Page, rules: Sequence[str]) -> Iterator[RenderableType]:
    if not rules:
        return
    yield from _heading(page, "explain.rules")
    for name in rules:
        yield line(_file(name))
        yield Padding(Text(_source(page, name), "dim"), (0, 0, 0, 4))


def _file(name: str) -> str:
    return f"{name}.yml"


def _source(page: Page, name: str) -> str:
    """Give the source that a policy file names, in the language if it has one in it."""
    content: Any = page.place.policy
    for part in name.split("/"):
        content = content[part]
    return page.source(content.get("source", ""), content.get("source_en", ""))


def _components(page: Page, assessment: Assessment) -> Iterator[RenderableType]:
    told = {k: v for k, v in assessment.components.items() if not k.startswith("year_")}
    if not told:
        return
    yield from _heading(page, "explain.components")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="dim")
    for name, value in told.items():
        label = word_or(page, f"explain.part.{name}", name)
        table.add_row(Text(label), Text(part_text(value)), Text(name))
    yield Padding(table, INDENT)


def _years(page: Page, assessment: Assessment) -> Iterator[RenderableType]:
    if not assessment.years:
        return
    yield from _heading(page, "explain.years")
    for year in assessment.years:
        verdict = page.word(f"verdict.{year.verdict}")
        yield line(f"{year.year}  {in_unit(page, year.actual, assessment)}  {verdict}")


def _evidence(page: Page, assessment: Assessment, most_rows: int) -> Iterator[RenderableType]:
    if not assessment.evidence:
        return
    yield from _heading(page, "explain.evidence")
    for evidence in assessment.evidence:
        yield from evidence_text(page, evidence, most_rows=most_rows)


def _heading(page: Page, key: str) -> Iterator[Text]:
    yield Text()
    yield Text(page.word(key), "bold")
