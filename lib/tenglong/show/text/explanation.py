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
from tenglong.measure.judge.assessment import Assessment
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
from tenglong.show.page import Page
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


def explanation_text(page: Page, one: Assessment, *, rules: Sequence[str], most_rows: int) -> Group:
    """Lay out how an assessment came about.

    Parameters
    ----------
    rules
        The policy files that were read for it.
    most_rows
        How many rows of every table are shown.
    """
    return Group(
        *_head(page, one),
        *_promise(page, one),
        *_standing(page, one),
        *_indicator(page, one),
        *_rules(page, rules),
        *_components(page, one),
        *_years(page, one),
        *_evidence(page, one, most_rows),
    )


def explanation_facts(page: Page, one: Assessment, *, rules: Sequence[str]) -> dict[str, Any]:
    """Give the same as JSON values: the record of the clause, its rules, and all its rows.

    `components` and the rows hold JSON numbers; `exact` holds the components as ratios.
    """
    indicator = one.clause.indicator
    return {
        "notice": _notice(page),
        "county": page.place.name[page.language],
        "as_of": page.place.as_of.isoformat(),
        **record(page, one),
        "indicator": None
        if indicator is None
        else {"name": indicator.name, "options": jsonable(indicator.options)},
        "rules": [{"file": _file(name), "source": _source(page, name)} for name in rules],
        "exact": {k: str(v) for k, v in one.components.items() if isinstance(v, Fraction)},
        "evidence": [evidence_facts(evidence, page.place) for evidence in one.evidence],
    }


def _notice(page: Page) -> str:
    internal = page.word("explain.internal")
    return (
        f"{internal} · {page.word('masthead.synthetic')}" if page.place.is_synthetic else internal
    )


def _head(page: Page, one: Assessment) -> Iterator[Text]:
    yield Text(_notice(page), "bold")
    yield Text.assemble((one.clause.name[page.language], "bold"), "  ", (one.clause.id, "dim"))
    yield Text(
        f"{page.place.name[page.language]} · {page.word('masthead.as_of')} {page.place.as_of}",
        "dim",
    )


def _promise(page: Page, one: Assessment) -> Iterator[RenderableType]:
    clause = one.clause
    yield from _heading(page, "explain.promise")
    yield line(
        f"{clause.section}：{clause.text}"
        if page.language == "zh"
        else f"{clause.section}: {clause.text}"
    )
    yield line(asked(clause, page.language))
    if clause.scope:
        yield line(page.word("plan.scope", scope=page.joined(clause.scope)))
    if clause.rule_source:
        yield line(page.word("plan.rule", rule=clause.rule_source))
    if clause.units:
        yield line(page.word("plan.units", units=page.joined(clause.units)))


def _standing(page: Page, one: Assessment) -> Iterator[RenderableType]:
    yield from _heading(page, "explain.standing")
    reason = reason_text(page, one)
    yield line(f"{status_mark(page, one.status)} · {reason}")
    if one.clause.kind is Kind.NARRATIVE:
        return
    actual, target = actual_text(page, one), target_text(page, one)
    yield line(page.word("explain.figures", actual=actual, target=target))
    if one.observed_on is not None:
        yield line(page.word("explain.observed", day=one.observed_on))
    working = working_text(page, one)
    if working:
        yield line(working)
    if not one.status.is_known and one.missing is not None:
        values = {"what": supply(page, one), "who": supplier(one, page.place)}
        yield line(page.word("explain.supply", **values))


def _indicator(page: Page, one: Assessment) -> Iterator[RenderableType]:
    indicator = one.clause.indicator
    if indicator is None:
        return
    yield from _heading(page, "explain.indicator")
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
    told = content.get("source_en") if page.language == "en" else None
    return " ".join(str(told or content.get("source", MISSING)).split())


def _components(page: Page, one: Assessment) -> Iterator[RenderableType]:
    told = {k: v for k, v in one.components.items() if not k.startswith("year_")}
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


def _years(page: Page, one: Assessment) -> Iterator[RenderableType]:
    if not one.years:
        return
    yield from _heading(page, "explain.years")
    for year in one.years:
        verdict = page.word(f"verdict.{year.verdict}")
        yield line(f"{year.year}  {in_unit(page, year.actual, one)}  {verdict}")


def _evidence(page: Page, one: Assessment, most_rows: int) -> Iterator[RenderableType]:
    if not one.evidence:
        return
    yield from _heading(page, "explain.evidence")
    for evidence in one.evidence:
        yield from evidence_text(page, evidence, most_rows=most_rows)


def _heading(page: Page, key: str) -> Iterator[Text]:
    yield Text()
    yield Text(page.word(key), "bold")
