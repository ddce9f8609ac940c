"""Where an evaluation contradicts its main measure, the clearance list, or the plan's line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from tenglong.errors import Fault
from tenglong.measure.clearance.listing import listing_rule
from tenglong.measure.clearance.loop import open_on
from tenglong.measure.clearance.standing import standings
from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.outcome import Evaluation, low_grades
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.policy.file import policy_file
from tenglong.measure.rationals import Rationals
from tenglong.shape import fault_at

LISTED, BELOW_LINE, OUT_OF_ORDER = "listed", "below_line", "out_of_order"
CODES = (LISTED, BELOW_LINE, OUT_OF_ORDER)
ABOUT = ("usci", "name", "township", "industry", "population", "score", "rank", "of", "grade")
OF_YEAR = ("tax_wan", "land_mu", "tax_wan_per_mu")


@dataclass(frozen=True)
class ContradictionRule:
    """What counts as a contradiction; see `data/policy/evaluation.yml`."""

    least_rank_correlation: Fraction
    fewest_firms: int


@dataclass(frozen=True)
class Order:
    """How far the scores of a population follow its tax a mu.

    Attributes
    ----------
    firms
        Those that have both.
    correlation
        Spearman's, of −1 to 1, for printing.
    is_contrary
        Whether it is below the policy's least, compared exactly.
    """

    population: str
    firms: int
    correlation: float
    is_contrary: bool


@dataclass(frozen=True, eq=False)
class Contradictions:
    """What an evaluation says against what else is known.

    Attributes
    ----------
    orders
        Of every population with enough firms, in the order of the scheme.
    firms
        One row a firm that stands in a contradiction: who it is, `population`, `score`, `rank`,
        `of` and `grade` of the evaluation; its tax, land and `tax_wan_per_mu` of the year;
        `score_place` and `tax_place`, its places by score and by tax a mu among the firms of its
        population that have both (equals share the mean); `listed_on` of a firm that is on the
        list; and `codes`: `listed` (a good grade, and on the clearance list on the day),
        `below_line` (a good grade, and less tax a mu than the plan's line), `out_of_order` (its
        population's scores contradict tax a mu, and its two places differ).
    good
        The grades that are good: all but the `low_grades`.
    line
        The plan's line, in 万元 a mu; None where it has none.
    least
        The policy's least correlation.
    lacking
        What it would need to look at the clearance list.
    """

    orders: tuple[Order, ...]
    firms: pd.DataFrame
    good: tuple[str, ...]
    line: Fraction | None
    least: Fraction
    lacking: Unavailable | None = None

    @property
    def contrary(self) -> tuple[Order, ...]:
        """The populations whose scores contradict their tax a mu."""
        return tuple(order for order in self.orders if order.is_contrary)

    def of(self, code: str) -> pd.DataFrame:
        """Give the firms of one code."""
        return self.firms[self.firms["codes"].map(lambda codes: code in codes).astype(bool)]


def contradiction_rule(policy: Mapping[str, Any]) -> ContradictionRule:
    """Read `data/policy/evaluation.yml`.

    Raises
    ------
    ConfigurationError
        If it is malformed, or its least is not within −1 and 1.

    >>> -1 <= contradiction_rule(load_policy()).least_rank_correlation <= 1
    True
    """

    def faults(rule: ContradictionRule, raw: Any) -> Iterator[Fault]:
        if not -1 <= rule.least_rank_correlation <= 1:
            en = f"is {rule.least_rank_correlation}; it must be within -1 and 1"
            yield fault_at(raw, "least_rank_correlation", en, "应在 -1 与 1 之间")

    return policy_file(ContradictionRule, policy, "evaluation", also=faults)


def contradictions(county: County, evaluation: Evaluation) -> Contradictions:
    """Hold an evaluation of the whole county against tax a mu and the clearance list.

    The list is that of `as_of`: a firm that was listed after the year that was evaluated, and
    still has a good grade, is found as well.

    Raises
    ------
    ConfigurationError
        If `data/policy/evaluation.yml` is malformed, or its least is not within −1 and 1.

    Examples
    --------
    >>> from tenglong.measure.evaluation.ranking import evaluate
    >>> firms = {"usci": ["a", "b", "c", "d"], "industry": "33"}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b", "c", "d"], "year": 2021, "is_above_scale": False, "land_mu": 4.0,
    ...     "tax_paid_wan": [40.0, 18.0, 12.0, 8.0]})
    >>> found = contradictions(county, evaluate(county, year=2021))
    >>> found.firms[["usci", "grade", "codes"]].values.tolist()
    [['b', 'B', ('below_line',)], ['c', 'B', ('below_line',)]]
    """
    rule = contradiction_rule(county.policy)
    frame = _compared(county, evaluation)
    orders = tuple(_orders(frame, evaluation, rule))
    listed, lacking = _listed_on(county)
    grades = evaluation.all_grades
    good = grades[: len(grades) - len(low_grades(grades))]
    line = listing_rule(county.policy).low_tax_wan_per_mu
    contrary = {order.population for order in orders if order.is_contrary}
    frame["listed_on"] = pd.to_datetime(frame["usci"].map(listed)).astype("datetime64[s]")
    codes = [tuple(_codes(row, good, line, contrary)) for row in frame.to_dict("records")]
    frame["codes"] = pd.Series(codes, index=frame.index, dtype="object")
    firms = frame[frame["codes"].map(bool).astype(bool)].reset_index(drop=True)
    return Contradictions(orders, firms, good, line, rule.least_rank_correlation, lacking)


def _compared(county: County, evaluation: Evaluation) -> pd.DataFrame:
    """Give the ranked firms with the tax and land of the year, and both places."""
    years = firm_years(county)
    of_year = years[years["year"] == evaluation.year].set_index("usci")[[*OF_YEAR]]
    ranked = evaluation.frame[evaluation.frame["rank"].notna()]
    frame = ranked[[name for name in ABOUT if name in ranked]].join(of_year, on="usci")
    both = frame.dropna(subset=["score", "tax_wan_per_mu"])
    frame[["score_place", "tax_place"]] = None
    for _, firms in both.groupby("population"):
        frame.loc[firms.index, "score_place"] = pd.Series(
            mean_places(firms["score"].map(exact).tolist()), firms.index, dtype="object"
        )
        frame.loc[firms.index, "tax_place"] = pd.Series(
            mean_places(firms["tax_wan_per_mu"].tolist()), firms.index, dtype="object"
        )
    return frame


def mean_places(values: Sequence[Fraction]) -> list[Fraction]:
    """Give places, the largest first; equals share the mean of theirs.

    >>> [str(place) for place in mean_places([Fraction(9), Fraction(7), Fraction(7)])]
    ['1', '5/2', '5/2']
    """
    ids = Rationals.of(values).ids
    counts = np.bincount(ids)
    above = len(ids) - np.cumsum(counts)
    sizes = zip(above.tolist(), counts.tolist(), strict=True)
    places = [Fraction(2 * better + equal + 1, 2) for better, equal in sizes]
    return [places[number] for number in ids.tolist()]


def _orders(
    frame: pd.DataFrame, evaluation: Evaluation, rule: ContradictionRule
) -> Iterator[Order]:
    for population in evaluation.scheme.populations:
        firms = frame[(frame["population"] == population) & frame["tax_place"].notna()]
        if len(firms) < rule.fewest_firms:
            continue
        together, spread = moments(firms["score_place"].tolist(), firms["tax_place"].tolist())
        if spread:
            is_contrary = _signed_square(together) < spread * _signed_square(
                rule.least_rank_correlation
            )
            yield Order(population, len(firms), float(together) / sqrt(spread), is_contrary)


def moments(left: Sequence[Fraction], right: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Give Σ (x − x̄)(y − ȳ) and Σ (x − x̄)² · Σ (y − ȳ)²; r is the first over √ the second.

    >>> moments([Fraction(1), Fraction(2)], [Fraction(2), Fraction(1)])
    (Fraction(-1, 2), Fraction(1, 4))
    """
    count, columns = len(left), (Rationals.of(left), Rationals.of(right))
    sums = [column.total() for column in columns]
    together = (columns[0] * columns[1]).total() - sums[0] * sums[1] / count
    first, second = (
        (column * column).total() - whole * whole / count
        for column, whole in zip(columns, sums, strict=True)
    )
    return together, first * second


def _signed_square(number: Fraction) -> Fraction:
    """Give x·|x|, which rises with x: roots are compared by it without being taken."""
    return number * abs(number)


def _listed_on(county: County) -> tuple[Mapping[str, date], Unavailable | None]:
    """Give the firms on the list on the day, with the days of their listing."""
    try:
        stand, still = standings(county), open_on(county, county.as_of)
    except Unavailable as lacking:
        return {}, lacking
    days = zip(stand["usci"], stand["listed_on"], strict=True)
    return {usci: listed_on for usci, listed_on in days if usci in still}, None


def _codes(
    row: Mapping[Any, Any], good: Sequence[str], line: Fraction | None, contrary: set[str]
) -> Iterator[str]:
    if row["grade"] in good:
        if not pd.isna(row["listed_on"]):
            yield LISTED
        if not pd.isna(tax := row["tax_wan_per_mu"]) and line is not None and tax < line:
            yield BELOW_LINE
    if row["population"] in contrary and row["score_place"] != row["tax_place"]:
        yield OUT_OF_ORDER
