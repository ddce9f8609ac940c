"""What a league asks of each member: the same of all, its own, or a share of the county's."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import floor

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.clause import Clause, Plan
from tenglong.measure.county import County
from tenglong.measure.league.rule import Item, Shared
from tenglong.measure.league.tally import tallied
from tenglong.measure.unit import convert, is_counted

HUNDREDTH = Fraction(1, 100)


def targets(county: County, item: Item, members: Iterable[str]) -> Mapping[str, Fraction]:
    """Give every member's target in the item's unit; who has none is not there.

    A target of zero is no task (无此任务): what such a member brings is told, and not divided.

    Raises
    ------
    Unavailable
        If what a share is reckoned by was not supplied.
    ConfigurationError
        If the clause that gives the county's total is not in the plan, or has no target.
    """
    rule = item.target
    if rule.each is not None:
        targets = dict.fromkeys(members, rule.each)
    elif rule.share_of_county is not None:
        targets = _shares(county, rule.share_of_county, item.unit, set(members))
    else:
        targets = {member: rule.by[member] for member in members if member in rule.by}
    return targets


def clause_of(plan: Plan, name: str) -> Clause:
    """Give the clause of the plan that an item is of, or takes its total from.

    Raises
    ------
    ConfigurationError
        If the plan has no such clause, naming the nearest.
    """
    ids = [clause.id for clause in plan.clauses]
    if name not in ids:
        en = f"the plan has no clause {name!r}{did_you_mean(name, ids)}"
        lacks = Fault(en, f"方案没有条款“{name}”{is_it(name, ids)}")
        raise ConfigurationError.of_policy("league", [lacks])
    return plan.clause(name)


def _shares(county: County, rule: Shared, unit: str, members: set[str]) -> dict[str, Fraction]:
    amounts = tallied(county, rule.by).amounts
    bases = {member: amount for member, amount in amounts.items() if member in members}
    step = 1 if is_counted(unit) else HUNDREDTH
    return shared_out(_total(county, rule, unit), bases, step=step)


def _total(county: County, rule: Shared, unit: str) -> Fraction:
    if rule.total is not None:
        return rule.total
    clause = clause_of(county.plan, rule.clause)
    if clause.target is None:
        en = f"clause {rule.clause!r} has no target to share"
        lacks = Fault(en, f"条款“{rule.clause}”没有可分解的目标数")
        raise ConfigurationError.of_policy("league", [lacks])
    return convert(clause.target, unit=clause.unit, to=unit)


def shared_out(
    total: Fraction, bases: Mapping[str, Fraction], *, step: Fraction | int
) -> dict[str, Fraction]:
    """Share a total out in proportion to bases; nothing where the bases add up to nothing.

    The shares are multiples of a step, so that they can be printed, and add up to the total:
    each has the whole steps of its share, and those that are left go to the largest remainders,
    of equals to the first by code. (A remainder of the total that is no step goes to nobody.)

    >>> bases = {"a": Fraction(2), "b": Fraction(1)}
    >>> [int(share) for share in shared_out(Fraction(10), bases, step=1).values()]
    [7, 3]
    >>> [float(share) for share in shared_out(Fraction(10), bases, step=HUNDREDTH).values()]
    [6.67, 3.33]
    """
    whole = sum(bases.values(), Fraction(0))
    if whole <= 0:
        return {}
    steps = total / step
    shares = {member: steps * base / whole for member, base in sorted(bases.items())}
    given = {member: Fraction(floor(share)) for member, share in shares.items()}
    left = int(steps - sum(given.values()))
    order = sorted(shares, key=lambda member: (given[member] - shares[member], member))
    return {member: (given[member] + (member in order[:left])) * step for member in given}
