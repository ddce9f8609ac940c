"""Check the plan itself: what in its text repeats, clashes, is undefined or cannot be judged.

Nothing here knows a certain plan. A finding is told, never mended: the text stands as it is.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from tenglong.errors import ConfigurationError, Fault
from tenglong.measure.clause import Clause, Firmness, Kind, Label, Plan, written
from tenglong.measure.judge.clock import months_elapsed, years
from tenglong.measure.plan.finding import Finding, finding
from tenglong.measure.unit import UNITS, convert

__all__ = ["Finding", "LintRules", "lint", "lint_rules"]

SAMPLE = re.compile("【.*?】")
UNJUDGED = (Kind.MILESTONE, Kind.NARRATIVE)
NEEDS_BASE = (Kind.CHANGE, Kind.GROWTH)
BETTER_WITH_BASE = (Kind.LEVEL, Kind.CLEAR_OUT)


@dataclass(frozen=True)
class LintRules:
    """Words to look for; what each list means stands in `data/policy/lint.yml`."""

    unquantified: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()
    hopeful: tuple[str, ...] = ()
    every_year: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()


def lint_rules(policy: Mapping[str, Any]) -> LintRules:
    """Read the words from `data/policy/lint.yml`.

    Raises
    ------
    ConfigurationError
        If a list of words is missing or unknown.

    >>> lint_rules({"unquantified": ["大力"], "undefined": [], "hopeful": [], "every_year": [],
    ...   "populations": []}).unquantified
    ('大力',)
    """
    names = tuple(part.name for part in fields(LintRules))
    lists = {key: words for key, words in policy.items() if not key.startswith("source")}
    if set(lists) != set(names) or not all(isinstance(words, list) for words in lists.values()):
        said = f"must hold the lists {', '.join(names)}", f"应写这些列表：{'、'.join(names)}"
        raise ConfigurationError.of_policy("lint", [Fault(*said)])
    return LintRules(**{name: tuple(map(str, lists[name])) for name in names})


def lint(plan: Plan, *, rules: LintRules | None = None) -> tuple[Finding, ...]:
    """Check a plan.

    Parameters
    ----------
    rules
        Words to look for; without them, no word is looked for.

    Returns
    -------
    tuple of Finding
        By check, and within a check in the order of the plan.
    """
    words = rules or LintRules()
    found = [*repeats(plan), *nesting(plan), *derivable(plan)]
    for check in _CHECKS:
        found += check(plan, words)
    return tuple(found)


def placeholders(plan: Plan) -> tuple[str, ...]:
    """Give what of a plan is still the sample that it was written from (【…】): ids of clauses.

    Of tasks and of the plan itself the words that stand there.
    """
    clauses = [
        clause.id
        for clause in plan.clauses
        if any(is_sample(text) for text in (clause.text, clause.name.zh, *_of_facts(clause)))
    ]
    words = [plan.name.zh, *(one for task in plan.tasks for one in (task.title, *task.units))]
    return (*dict.fromkeys(one for one in words if is_sample(one)), *clauses)


def is_sample(text: str) -> bool:
    """Whether a text is a sample, or has a sample in it.

    >>> is_sample("【县经信局】"), is_sample("县经信局")
    (True, False)
    """
    return bool(SAMPLE.search(text))


def _of_facts(clause: Clause) -> Iterator[str]:
    yield from (fact.name.zh for fact in clause.facts)


def _placeholders(plan: Plan, _: LintRules) -> Iterable[Finding]:
    left = placeholders(plan)
    clauses = [clause for clause in plan.clauses if clause.id in left]
    words = [one for one in left if is_sample(one)]
    if words:
        yield finding("placeholder_words", (), words=_both("、", ", ", words))
    if clauses:
        yield finding("placeholder", clauses)


def _missing_baselines(plan: Plan, _: LintRules) -> Iterable[Finding]:
    for code, kinds in (("no_baseline", NEEDS_BASE), ("no_progress", BETTER_WITH_BASE)):
        lacking = [
            clause
            for clause in plan.clauses
            if clause.kind in kinds and (clause.baseline is None or clause.baseline.value is None)
        ]
        if lacking:
            yield finding(code, lacking, year=plan.baseline_year)


def _windows(plan: Plan, _: LintRules) -> Iterable[Finding]:
    before = months_elapsed(plan.window, plan.effective_on - timedelta(days=1))
    if before:
        yield finding(
            "counted_before_effect",
            (),
            start=plan.window.start,
            effective=plan.effective_on,
            months=written(before),
        )
    for clause in plan.clauses:
        if clause.due < plan.effective_on:
            yield finding(
                "due_before_effect", [clause], due=clause.due, effective=plan.effective_on
            )


def _scopes(plan: Plan, rules: LintRules) -> Iterable[Finding]:
    notes = dict.fromkeys(note for clause in plan.clauses for note in clause.scope)
    for note in notes:
        yield finding("scope", [c for c in plan.clauses if note in c.scope], note=note)
    mixed = [name for name in rules.populations if name in notes]
    if len(mixed) > 1:
        members = [c for c in plan.clauses if set(c.scope) & set(mixed)]
        yield finding("populations", members, names=_both("、", ", ", mixed))


def _words(plan: Plan, rules: LintRules) -> Iterable[Finding]:
    judged = [clause for clause in plan.clauses if clause.target is not None]
    for code, words, clauses in (
        ("unquantified", rules.unquantified, plan.clauses),
        ("undefined", rules.undefined, judged),
    ):
        for word in words:
            holding = [clause for clause in clauses if word in clause.text]
            if holding:
                yield finding(code, holding, word=word)


def _firmness(plan: Plan, rules: LintRules) -> Iterable[Finding]:
    hoped = [clause for clause in plan.clauses if clause.firmness is Firmness.ASPIRATIONAL]
    if hoped:
        yield finding("hoped_for", hoped)
    for clause in plan.clauses:
        says_so = any(word in clause.text for word in rules.hopeful)
        if says_so and clause.firmness is Firmness.BINDING:
            yield finding("hope_as_binding", [clause])


def _every_year(plan: Plan, rules: LintRules) -> Iterable[Finding]:
    if not rules.every_year:
        return
    for clause in plan.clauses:
        is_yearly = clause.kind is Kind.ANNUAL or clause.each_year
        if is_yearly and not any(word in clause.text for word in rules.every_year):
            yield finding("every_year_unsaid", [clause], rule=clause.rule_source or "…")


def _responsible(plan: Plan, _: LintRules) -> Iterable[Finding]:
    for task in plan.tasks:
        if not task.units:
            under = [clause for clause in plan.clauses if clause.units_from == task.id]
            yield finding("task_without_unit", under, task=task.id, title=task.title)
    lacking = [clause for clause in plan.clauses if not clause.units and not clause.units_from]
    if lacking:
        yield finding("without_unit", lacking)
    for task in plan.tasks:
        borrowed = [
            clause
            for clause in plan.clauses
            if clause.units_from == task.id and clause.section != task.section
        ]
        if borrowed and task.units:
            yield finding("units_borrowed", borrowed, task=task.id)


def _unit_names(plan: Plan, _: LintRules) -> Iterable[Finding]:
    used = Counter(unit for task in plan.tasks for unit in task.units)
    used += Counter(unit for clause in plan.clauses for unit in clause.units)
    for group in plan.same_unit:
        names = [name for name in group if name in used]
        if len(names) > 1:
            rarest = min(names, key=used.__getitem__)
            naming = [clause for clause in plan.clauses if rarest in clause.units]
            yield finding("same_unit", naming, names=_both("、", ", ", names))
    for one, other in combinations(used, 2):
        declared = any(one in group and other in group for group in plan.same_unit)
        if not declared and _abbreviates(*sorted((one, other), key=len)):
            naming = [clause for clause in plan.clauses if {one, other} & set(clause.units)]
            yield finding("alias_suspected", naming, one=one, other=other)


def _abbreviates(short: str, long: str) -> bool:
    """Whether `short` is `long` with characters left out, its first and last kept."""
    letters = iter(long)
    ends_alike = short[0] == long[0] and short[-1] == long[-1]
    return len(short) < len(long) and ends_alike and all(letter in letters for letter in short)


def _measures(plan: Plan, _: LintRules) -> Iterable[Finding]:
    for clause in plan.clauses:
        if clause.indicator is None and clause.kind is not Kind.NARRATIVE:
            yield finding("no_indicator", [clause])
        if clause.kind not in UNJUDGED and clause.unit not in UNITS:
            yield finding("unknown_unit", [clause], unit=clause.unit)


def _both(zh: str, en: str, names: list[str]) -> Label:
    return Label(zh.join(names), en.join(names))


_CHECKS: tuple[Callable[[Plan, LintRules], Iterable[Finding]], ...] = (
    _placeholders,
    _missing_baselines,
    _windows,
    _scopes,
    _words,
    _firmness,
    _every_year,
    _responsible,
    _unit_names,
    _measures,
)


EQUAL = Label("两者恰好相当", "they come to the same")
YEARLY_ASKS_MORE = Label("每年数合计更高", "the yearly counts ask for more")
TOTAL_ASKS_MORE = Label("总数更高", "the total asks for more")


def repeats(plan: Plan) -> Iterator[Finding]:
    """Find clauses that one indicator measures: repeated, clashing, or total and yearly."""
    for one, other in combinations(plan.clauses, 2):
        if not _same_matter(one, other):
            continue
        if one.kind is other.kind and (one.window, one.due) == (other.window, other.due):
            yield _repeat(one, other)
        elif {one.kind, other.kind} == {Kind.ANNUAL, Kind.CUMULATIVE}:
            yield _total_and_yearly(*sorted((one, other), key=lambda c: c.kind is Kind.ANNUAL))


def nesting(plan: Plan) -> Iterator[Finding]:
    """Find clauses that are counted within another."""
    by_id = {clause.id: clause for clause in plan.clauses}
    for child in plan.clauses:
        parent = by_id.get(child.parent or "")
        if parent is None:
            continue
        part, whole = _amount(child, parent), _amount(parent, parent)
        is_larger = part is not None and whole is not None and part > whole
        yield finding(
            "nested_clash" if is_larger else "nested",
            (child, parent),
            child=child.name,
            parent=parent.name,
            promise=child.promise,
            other_promise=parent.promise,
        )


def derivable(plan: Plan) -> Iterator[Finding]:
    """Find a total and a growth rate of the same thing, and the base that they would imply.

    base = total / Σ (1 + g)^k over the years k = 1 … n of the window. They are the same thing
    where the same indicator measures both, or where one's sentence holds the other's.
    """
    totals = [clause for clause in plan.clauses if clause.kind is Kind.CUMULATIVE]
    for growth in plan.clauses:
        if growth.kind is not Kind.GROWTH or growth.target is None:
            continue
        for total in totals:
            if total.target is None or not _same_thing(total, growth):
                continue
            factor = 1 + growth.target / 100
            path = sum((factor**k for k in range(1, len(years(total.window)) + 1)), Fraction(0))
            yield finding(
                "derivable",
                (total, growth),
                total=total.name,
                growth=growth.name,
                promise=total.promise,
                other_promise=growth.promise,
                year=plan.baseline_year,
                base=_two_decimals(total.target / path),
                unit=total.unit,
            )


def _same_matter(clause: Clause, other: Clause) -> bool:
    if clause.indicator is None or other.indicator is None:
        return False
    nested = clause.parent == other.id or other.parent == clause.id
    return not nested and clause.indicator == other.indicator


def _same_thing(total: Clause, growth: Clause) -> bool:
    within = total.section == growth.section and total.text in growth.text
    return within or _same_matter(total, growth)


def _repeat(clause: Clause, other: Clause) -> Finding:
    if clause.operator is other.operator and _amount(other, clause) == clause.target:
        sections = Label(f"{clause.section}、{other.section}", f"{clause.section}, {other.section}")
        return finding("same_twice", (clause, other), sections=sections, promise=clause.promise)
    return finding(
        "clash",
        (clause, other),
        one=clause.section,
        other=other.section,
        promise=clause.promise,
        other_promise=other.promise,
    )


def _total_and_yearly(total: Clause, yearly: Clause) -> Finding:
    count = len(years(yearly.window))
    each, whole = _amount(yearly, total), total.target
    if each is None or whole is None:
        return _repeat(total, yearly)
    if each * count == whole:
        relation = EQUAL
    else:
        relation = YEARLY_ASKS_MORE if each * count > whole else TOTAL_ASKS_MORE
    return finding(
        "total_and_yearly",
        (total, yearly),
        total=total.promise,
        yearly=yearly.promise,
        years=count,
        sum=f"{written(each * count)} {total.unit}".rstrip(),
        relation=relation,
    )


def _amount(clause: Clause, like: Clause) -> Fraction | None:
    """Give a clause's target in the unit of another; None where that cannot be done."""
    if clause.target is None:
        return None
    if clause.unit == like.unit:
        return clause.target
    known = clause.unit in UNITS and like.unit in UNITS
    if not known or UNITS[clause.unit][0] != UNITS[like.unit][0]:
        return None
    return convert(clause.target, unit=clause.unit, to=like.unit)


def _two_decimals(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
