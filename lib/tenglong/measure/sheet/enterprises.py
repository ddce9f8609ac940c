"""What a page says of an evaluation: who stands where, what moved and why, what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.areas import benchmarked
from tenglong.measure.evaluation.contradiction import Contradictions, contradictions
from tenglong.measure.evaluation.outcome import Evaluation, explained, low_grades
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.exact import exact, exact_sum, ratio
from tenglong.measure.firm.firms import firm_years, industry_labels
from tenglong.measure.firm.places import of_township, township_labels
from tenglong.measure.policy.file import policy_file
from tenglong.measure.sheet.sheet import PageSheet


@dataclass(frozen=True)
class GradeMeasure:
    """One measure that follows from the grade; see `data/policy/grade_measures.yml`.

    Attributes
    ----------
    clause
        The clause of the plan that asks for it; "" where none does.
    by_grade
        What it means for each grade that it says something of.
    rate
        How much; None where no source could be found.
    """

    name: Label
    by_grade: Mapping[str, Label]
    source: Label
    clause: str = ""
    rate: Label | None = None


@dataclass(frozen=True)
class Held:
    """What some firms hold together: ratio of sums over those whose tax and land are known."""

    firms: int
    land_mu: Fraction
    tax_wan: Fraction
    tax_per_mu: Fraction | None
    firms_lacking: int = 0


@dataclass(frozen=True, eq=False)
class Checked:
    """An evaluation held against tax a mu and the clearance list; its firms are of the place."""

    evaluation: Evaluation
    found: Contradictions
    townships: Mapping[str, str]
    industries: Mapping[str, Label]


@dataclass(frozen=True, eq=False, repr=False)
class EnterprisesSheet(PageSheet):
    """The evaluation of a year beside that of the year before, of one township where asked.

    Scores, ranks and grades are those among all firms of the county; only then is it cut.

    Attributes
    ----------
    year
        0 where nothing is known of any year.
    evaluation
        Of the whole county; None where `lacking` says what it would need.
    firms
        The rows of the evaluation that are shown, with `tax_wan`, `land_mu`, `tax_wan_per_mu`,
        what cost the most (`weakest`, a part, and `lost`, its weight − points), and the
        `grade_before`.
    moves
        The rows of `movement.explained` that are shown.
    areas
        `areas.benchmarked` of the firms that are shown.
    low
        What the firms of the `low_grades` hold.
    tax_per_mu
        The firms' own tax per mu, in 万元/亩, exact; of those that tell both.
    limits
        Where its classes end: those of the map (`data/policy/parcel_measures.yml`).
    checked
        Where the evaluation contradicts what else is known.
    has_before
        Whether there is an evaluation of the year before to compare with.
    """

    year: int
    evaluation: Evaluation | None
    firms: pd.DataFrame
    moves: pd.DataFrame
    areas: pd.DataFrame
    checked: Checked | Unavailable
    low: Held | None = None
    has_before: bool = False
    townships: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, Label] = field(default_factory=dict)
    measures: tuple[GradeMeasure, ...] = ()
    tax_per_mu: tuple[Fraction, ...] = ()
    limits: tuple[Fraction, ...] = ()
    lacking: Unavailable | None = None

    @property
    def grades(self) -> tuple[str, ...]:
        """The scheme's grades, best first; none where it gives none."""
        return () if self.evaluation is None else self.evaluation.all_grades

    @property
    def low_grades(self) -> tuple[str, ...]:
        """The grades that call for action: the last two of four or more, else the last."""
        return low_grades(self.grades)

    def of_grade(self, *grades: str) -> pd.DataFrame:
        """Give the firms of some grades."""
        return of_grades(self.firms, grades)


def of_grades(firms: pd.DataFrame, grades: tuple[str, ...]) -> pd.DataFrame:
    """Give the firms of some grades."""
    if "grade" not in firms:
        return firms
    return firms[firms["grade"].isin(grades)]


NOTHING = pd.DataFrame()


@dataclass(frozen=True)
class GradeMeasures:
    """The file `grade_measures.yml`."""

    measures: Mapping[str, GradeMeasure] = field(default_factory=dict)


def enterprises_sheet(
    whole: County, county: County, *, scheme: str, year: int = 0
) -> EnterprisesSheet:
    """Evaluate a year, and compare it with the year before, for a page.

    Parameters
    ----------
    year
        0 is the last year of which figures are known.

    Firms are ranked over the whole county; those of the place are kept. What was not supplied is
    told in `lacking`.

    >>> county = example_county(policy=load_policy())
    >>> enterprises_sheet(county, county, scheme="default").lacking
    Unavailable('enterprise_years')
    """
    code = county.township.code if county.township else ""
    common = _common(whole)
    try:
        chosen = year or last_year(whole)
        now = evaluate(whole, year=chosen, scheme=scheme)
    except Unavailable as lacking:
        return EnterprisesSheet(
            year, None, NOTHING, NOTHING, NOTHING, lacking, lacking=lacking, **common
        )
    before = _before(whole, now, scheme)
    shown = replace(now, frame=of_township(now.frame, code))
    moves = NOTHING if before is None else explained(now, before)
    firms = _firms(whole, shown, moves)
    return EnterprisesSheet(
        chosen,
        now,
        firms=firms,
        low=held(of_grades(firms, low_grades(now.all_grades))),
        moves=of_township(moves, code),
        areas=benchmarked(whole, shown),
        tax_per_mu=tuple(firms.loc[firms["rank"].notna(), "tax_wan_per_mu"].dropna()),
        has_before=before is not None,
        checked=checked(whole, now, code),
        **common,
    )


def checked(whole: County, evaluation: Evaluation, township: str = "") -> Checked:
    """Hold an evaluation against what else is known, and keep the firms of a township.

    >>> firms = {"usci": ["a"], "industry": ["33"], "township": ["t"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a"], "year": 2021, "is_above_scale": False, "land_mu": [4.0],
    ...     "tax_paid_wan": [12.0]})
    >>> one = evaluate(county, year=2021)
    >>> [len(checked(county, one, place).found.firms) for place in ("", "t", "u")]
    [1, 1, 0]
    """
    found = contradictions(whole, evaluation)
    return Checked(
        evaluation,
        replace(found, firms=of_township(found.firms, township)),
        township_labels(whole),
        industry_labels(whole),
    )


def _common(county: County) -> dict[str, Any]:
    """Give what a review has whether or not there is an evaluation."""
    follows = policy_file(GradeMeasures, county.policy, "grade_measures").measures
    limits = county.policy["parcel_measures"]["measures"]["tax_per_mu"]["limits"]
    return {
        "townships": township_labels(county),
        "industries": industry_labels(county),
        "measures": tuple(follows.values()),
        "limits": tuple(map(exact, limits)),
    }


def held(firms: pd.DataFrame) -> Held:
    """Add up what firms hold: `tax_wan` over `land_mu`, of those that tell both.

    >>> firms = pd.DataFrame({"tax_wan": [3.0, None], "land_mu": [6.0, 2.0]})
    >>> held(firms).tax_per_mu, held(firms).firms_lacking
    (Fraction(1, 2), 1)
    """
    both = firms[firms[["tax_wan", "land_mu"]].notna().all(axis=1)]
    tax, land = exact_sum(both["tax_wan"]), exact_sum(both["land_mu"])
    return Held(len(firms), land, tax, ratio(tax, land), len(firms) - len(both))


def last_year(county: County) -> int:
    """Give the last year of which firms have figures.

    Raises
    ------
    Unavailable
        If there are none.

    >>> last_year(example_county(enterprise_years={"usci": ["a", "a"], "year": [2021, 2020]}))
    2021
    """
    years = county.table("enterprise_years", "year")["year"].dropna()
    if years.empty:
        raise Unavailable("enterprise_years", "year")
    return int(years.max())


def _before(county: County, now: Evaluation, scheme: str) -> Evaluation | None:
    try:
        return evaluate(county, year=now.year - 1, scheme=scheme)
    except Unavailable:
        return None


def _firms(county: County, evaluation: Evaluation, moves: pd.DataFrame) -> pd.DataFrame:
    years = firm_years(county)
    of_year = years[years["year"] == evaluation.year].set_index("usci")
    held = of_year[["tax_wan", "land_mu", "tax_wan_per_mu"]]
    frame = evaluation.frame.join(held, on="usci").join(weakest(evaluation))
    before = {} if moves.empty else dict(zip(moves["usci"], moves["grade_before"], strict=True))
    return frame.assign(grade_before=frame["usci"].map(before).astype("str"))


def weakest(evaluation: Evaluation) -> pd.DataFrame:
    """Say on which part each firm lost the most points: weight − points.

    Returns
    -------
    DataFrame
        By the rows of the evaluation: `weakest`, the part; `lost`, in points; missing where a
        firm reached the benchmark on every part, or has no points.

    >>> firms = {"usci": ["a"], "industry": ["33"], "name": ["甲"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a"], "year": 2021, "is_above_scale": False, "land_mu": [4.0],
    ...     "tax_paid_wan": [23.1864], "electricity_10k_kwh": [9.0]})
    >>> weakest(evaluate(county, year=2021, scheme="huangyan-2022")).values.tolist()
    [['tax_per_mu', 25.0]]
    """
    found = [_weakest(evaluation, row) for row in evaluation.frame.to_dict("records")]
    frame = pd.DataFrame(found, columns=["weakest", "lost"], index=evaluation.frame.index)
    return frame.astype({"weakest": "str", "lost": "float64"})


def _weakest(evaluation: Evaluation, row: Mapping[Any, Any]) -> tuple[str | None, float | None]:
    if pd.isna(row["population"]):
        return None, None
    parts = evaluation.scheme.populations[row["population"]].parts
    lost = {
        name: float(part.weight - exact(row[f"points_{name}"]))
        for name, part in parts.items()
        if not pd.isna(row[f"points_{name}"])
    }
    name = max(lost, key=lambda part: lost[part], default=None)
    return (name, lost[name]) if name is not None and lost[name] > 0 else (None, None)
