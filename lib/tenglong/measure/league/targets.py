"""What an item asks of each member: a number for all, its own, or its share of the county's."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import floor

from tenglong.errors import ConfigurationError
from tenglong.measure.county import County
from tenglong.measure.league.rule import Item, Shared
from tenglong.measure.league.tally import tallied
from tenglong.measure.policy.shape import near
from tenglong.measure.unit import convert


def targets(county: County, item: Item, members: Iterable[str]) -> Mapping[str, Fraction]:
    """Give every member's target in the item's unit; who has none is not there.

    A target of zero is none: nothing is asked, and nothing is divided by it.

    Raises
    ------
    Unavailable
        If what a share is reckoned by was not supplied.
    ConfigurationError
        If the clause that gives the county's total is not in the plan, or has no target.
    """
    rule = item.target
    if rule.each is not None:
        found = dict.fromkeys(members, rule.each)
    elif rule.share_of_county is not None:
        found = _shares(county, rule.share_of_county, item.unit, set(members))
    else:
        found = {member: rule.by[member] for member in members if member in rule.by}
    return {member: target for member, target in found.items() if target > 0}


def _shares(county: County, rule: Shared, unit: str, members: set[str]) -> dict[str, Fraction]:
    amounts = tallied(county, rule.by).amounts
    bases = {member: amount for member, amount in amounts.items() if member in members}
    return shared_out(_total(county, rule, unit), bases, is_whole=rule.is_whole)


def _total(county: County, rule: Shared, unit: str) -> Fraction:
    if rule.total is not None:
        return rule.total
    ids = [clause.id for clause in county.plan.clauses]
    if rule.clause not in ids:
        hint = near(rule.clause, ids)
        raise ConfigurationError(f"policy league: the plan has no clause {rule.clause!r}{hint}")
    clause = county.plan.clause(rule.clause)
    if clause.target is None:
        raise ConfigurationError(f"policy league: clause {rule.clause!r} has no target to share")
    return convert(clause.target, unit=clause.unit, to=unit)


def shared_out(
    total: Fraction, bases: Mapping[str, Fraction], *, is_whole: bool = False
) -> dict[str, Fraction]:
    """Share a total out in proportion to bases; nothing where the bases add up to nothing.

    Whole shares add up to the total: each has the whole part of its share, and what is left
    goes to the largest remainders, of equals to the first by code.

    >>> bases = {"a": Fraction(2), "b": Fraction(1)}
    >>> [str(share) for share in shared_out(Fraction(10), bases).values()]
    ['20/3', '10/3']
    >>> [int(share) for share in shared_out(Fraction(10), bases, is_whole=True).values()]
    [7, 3]
    """
    whole = sum(bases.values(), Fraction(0))
    if whole <= 0:
        return {}
    shares = {member: total * base / whole for member, base in sorted(bases.items())}
    if not is_whole:
        return shares
    given = {member: Fraction(floor(share)) for member, share in shares.items()}
    left = int(total - sum(given.values()))
    order = sorted(shares, key=lambda member: (given[member] - shares[member], member))
    return {member: given[member] + (member in order[:left]) for member in given}
