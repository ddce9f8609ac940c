"""Pairs of clauses: the same matter twice, one within the other, or two that look derivable."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations

from tenglong.measure.clause import Clause, Kind, Label, Plan, written
from tenglong.measure.judge.clock import years
from tenglong.measure.plan.finding import Finding, finding
from tenglong.measure.unit import UNITS, convert

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


def _same_matter(one: Clause, other: Clause) -> bool:
    if one.indicator is None or other.indicator is None:
        return False
    nested = one.parent == other.id or other.parent == one.id
    return not nested and one.indicator == other.indicator


def _same_thing(total: Clause, growth: Clause) -> bool:
    within = total.section == growth.section and total.text in growth.text
    return within or _same_matter(total, growth)


def _repeat(one: Clause, other: Clause) -> Finding:
    if one.operator is other.operator and _amount(other, one) == one.target:
        sections = Label(f"{one.section}、{other.section}", f"{one.section}, {other.section}")
        return finding("same_twice", (one, other), sections=sections, promise=one.promise)
    return finding(
        "clash",
        (one, other),
        one=one.section,
        other=other.section,
        promise=one.promise,
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
