"""Words of size (以下, 以上): the one place that decides whether the number itself is meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tenglong.measure.clause import Label
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.formula import Function

WORDS = ("at_least", "below")  # 以上, 以下


class Bound(StrEnum):
    """Whether a word of size includes the number that it stands with."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


@dataclass(frozen=True)
class Grounds:
    """The ground of either reading of a word."""

    included: Label
    excluded: Label

    def __getitem__(self, bound: Bound) -> Label:
        return self.included if bound is Bound.INCLUDED else self.excluded


@dataclass(frozen=True)
class BothGrounds:
    """The grounds of 以下 and of 以上."""

    below: Grounds
    at_least: Grounds


@dataclass(frozen=True)
class WordingRule:
    """The file `wording.yml`: how 以下 (`below`) and 以上 (`at_least`) are read, and why."""

    below: Bound
    at_least: Bound
    grounds: BothGrounds

    def is_below(self, value: Fraction, line: Fraction) -> bool:
        """Whether a value is 以下 a line, compared exactly.

        >>> [wording_rule(load_policy()).is_below(Fraction(n), Fraction(5)) for n in (4, 5)]
        [True, False]
        """
        return value <= line if self.below is Bound.INCLUDED else value < line

    def reaches(self, value: Fraction, line: Fraction) -> bool:
        """Whether a value is 以上 a line, compared exactly.

        >>> [wording_rule(load_policy()).reaches(Fraction(n), Fraction(5)) for n in (4, 5)]
        [False, True]
        """
        return value >= line if self.at_least is Bound.INCLUDED else value > line

    @property
    def functions(self) -> Mapping[str, Function]:
        """What a rule that is a formula calls: `below(a, b)` and `at_least(a, b)`."""
        return dict(zip(WORDS, (self.reaches, self.is_below), strict=True))

    @property
    def ground_of_below(self) -> Label:
        """The ground of the chosen reading of 以下."""
        return self.grounds.below[self.below]


def wording_rule(policy: Mapping[str, Any]) -> WordingRule:
    """Read `data/policy/wording.yml`.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind.

    >>> str(wording_rule(load_policy()).below)
    'excluded'
    """
    return policy_file(WordingRule, policy, "wording")
