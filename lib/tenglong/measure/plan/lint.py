"""Check the plan itself: what in its text repeats, clashes, is undefined or cannot be judged.

Nothing here knows a certain plan. A finding is told, never mended: the text stands as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from itertools import combinations
from typing import Any

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Firmness, Kind, Label, Plan, written
from tenglong.measure.judge.clock import months_elapsed
from tenglong.measure.plan.finding import Finding, finding
from tenglong.measure.plan.pairs import derivable, nesting, repeats
from tenglong.measure.unit import UNITS

__all__ = ["Finding", "LintRules", "lint", "lint_rules"]

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
        raise ConfigurationError(f"policy lint: must hold the lists {', '.join(names)}")
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
