"""What an evaluation says, and what moved between two of them: types, ranks and grades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isnan
from typing import Any

import pandas as pd

from tenglong.measure.evaluation.scheme import Scheme
from tenglong.measure.row import surely

COMPARED = ("group", "rank", "of", "grade")
ABOUT = ("name", "township", "industry", "population")
TOLD = ("population", "score", "why")
Row = Mapping[Any, Any]

# Why a firm's score or grade is what it is; after a colon, the part, rule or reason.
WHY = frozenset(
    {
        "adjusted",
        "bonus",
        "capped",
        "closed",
        "deduction",
        "excluded",
        "floored",
        "missing",
        "missing_average",
        "missing_excluded",
        "missing_set",
        "negative",
        "no_benchmark",
        "not_ranked",
        "not_supplied",
        "override",
        "population_unknown",
        "zero_denominator",
        "zero_denominator_average",
        "zero_denominator_excluded",
        "zero_denominator_set",
    }
)
WARNINGS = frozenset({"population_unknown", "rule_unknown", "site_incomplete", "small_group"})
NOTES = frozenset({"adjustment_unmatched", "small_group"})


@dataclass(frozen=True)
class Lacking:
    """A table or column that was not supplied, and the part or rule that needs it."""

    used_by: str
    table: str
    column: str = ""


@dataclass(frozen=True)
class Note:
    """Something to be told of the whole evaluation; the words stand in words/evaluation.yml."""

    code: str
    about: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Benchmark:
    """What a part was measured against; `value` is None where it differs by firm.

    Attributes
    ----------
    mean
        The population's own value: its ratio of sums.
    firms
        How many firms have a value.
    """

    population: str
    part: str
    weight: Fraction
    value: Fraction | None
    mean: Fraction | None
    firms: int


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The evaluation of a year.

    Attributes
    ----------
    frame
        One row a firm, sorted by population, group and rank. Columns:

        `usci`, `name`, `township`, `industry`, `year`
        `site`          code of the firm that leads the site; its own where it is apart
        `population`    key of the scheme's population; missing for who is in none
        `group`         the firms it is ranked with: the facts of `grading.within`, by "/"
        …               one column an indicator, by its id, in the indicator's unit
        `points_…`      one column a part, by its id: its points
        `points`, `bonus`, `score`
        `rank`, `of`    the rank in the group (equal scores share the better), and its size
        `ranked_grade`  the grade by rank or threshold alone
        `grade`         the grade after exclusions, overrides and adjustments
        `why`           codes of what decided (`veto`, `missing_average:pollution` …)
        `warnings`      codes of what is doubtful (`small_group`, `rule_unknown:veto` …)
    benchmarks
        What the parts were measured against.
    lacking
        What was not supplied, and which part or rule it leaves unknown.
    notes
        Small groups, adjustments of unknown firms …
    out_of_scope
        How many firms with figures of the year belong to no population.
    """

    scheme_name: str
    scheme: Scheme
    year: int
    frame: pd.DataFrame
    benchmarks: tuple[Benchmark, ...]
    lacking: tuple[Lacking, ...]
    notes: tuple[Note, ...]
    out_of_scope: int

    def grades(self, population: str) -> tuple[str, ...]:
        """Give the names of a population's grades, best first."""
        return tuple(grade.grade for grade in self.scheme.grades_of(population))

    @property
    def all_grades(self) -> tuple[str, ...]:
        """The grades of all populations, best first."""
        named = self.scheme.populations
        return tuple(dict.fromkeys(grade for name in named for grade in self.grades(name)))


def low_grades(grades: tuple[str, ...]) -> tuple[str, ...]:
    """Give the grades that call for action.

    >>> low_grades(("A", "B", "C", "D")), low_grades(("A", "B", "C")), low_grades(())
    (('C', 'D'), ('C',), ())
    """
    return grades[-2:] if len(grades) > 3 else grades[-1:]  # noqa: PLR2004


def moved(now: Evaluation, before: Evaluation) -> pd.DataFrame:
    """Compare every firm's rank and grade with those of an evaluation before.

    Returns
    -------
    DataFrame
        One row a firm of either, by code: `usci`; `group`, `rank`, `of` and `grade`, each also
        with `_before`; `rank_change` (places won; missing where it was ranked in another
        group); `grade_change`: `better`, `worse`, `same`, `new` (not evaluated before), `gone`
        (no longer), `other` (one of the two is no grade of the ranking).

    >>> from tenglong.measure.evaluation.ranking import evaluate
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["a", "b"], "industry": ["33", "34"]},
    ...     enterprise_years={"usci": ["a", "b"] * 2, "year": [2020] * 2 + [2021] * 2,
    ...         "is_above_scale": False, "land_mu": 4.0, "tax_paid_wan": [1.0, 2.0, 3.0, 2.0],
    ...         "electricity_10k_kwh": 9.0})
    >>> now, before = (evaluate(county, year=year) for year in (2021, 2020))
    >>> moved(now, before)[["usci", "rank_before", "rank", "rank_change"]].values.tolist()
    [['a', 2, 1, 1], ['b', 1, 2, -1]]
    """
    earlier = before.frame.set_index("usci")[[*COMPARED]].add_suffix("_before")
    later = now.frame.set_index("usci")[["population", *COMPARED]]
    both = earlier.join(later, how="outer")
    is_peer = surely(both["group"] == both["group_before"])
    change = both["rank_before"] - both["rank"]
    both["rank_change"] = change.where(is_peer, pd.NA)
    both["grade_change"] = [
        _change(now, population, is_new=usci not in earlier.index, grades=grades)
        for usci, population, *grades in both[["population", "grade_before", "grade"]]
        .fillna("")
        .itertuples()
    ]
    compared = [f"{name}{when}" for name in COMPARED for when in ("_before", "")]
    return both[[*compared, "rank_change", "grade_change"]].reset_index()


def _change(now: Evaluation, population: str, *, is_new: bool, grades: Sequence[str]) -> str:
    """Say how a grade changed; "" for a population is a firm that is no longer evaluated."""
    if is_new:
        return "new"
    if not population:
        return "gone"
    was, has = grades
    if was == has:
        return "same"
    order = now.grades(population)
    if was not in order or has not in order:
        return "other"
    return "worse" if has in order[order.index(was) :] else "better"


def explained(now: Evaluation, before: Evaluation) -> pd.DataFrame:
    """Say of every move who the firm is, and which part of the score drove it.

    Returns
    -------
    DataFrame
        The rows of `moved`, with `name`, `township`, `industry` and `population` where known
        (of the year before for a firm that is gone); `population`, `score` and `why`, each
        also with `_before`; `score_change`, and `driver` with `driver_change`: the part whose
        points, against the mean change of the population, moved most in the direction of the
        rank. A firm that was scored as one of another population has none of these three.

    >>> from tenglong.measure.evaluation.ranking import evaluate
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["a", "b"], "industry": ["33", "34"]},
    ...     enterprise_years={"usci": ["a", "b"] * 2, "year": [2020] * 2 + [2021] * 2,
    ...         "is_above_scale": False, "land_mu": 5.7966, "tax_paid_wan": [3.0, 2.0, 4.0, 8.0],
    ...         "electricity_10k_kwh": [900.0, 600.0, 1200.0, 2400.0]})
    >>> now, before = (evaluate(county, year=year) for year in (2021, 2020))
    >>> explained(now, before)[["usci", "driver", "driver_change"]].round(2).values.tolist()
    [['a', 'tax_per_mu', -3.72], ['b', 'tax_per_mu', 3.72]]
    """
    later, earlier = (evaluation.frame.set_index("usci") for evaluation in (now, before))
    frame = moved(now, before).set_index("usci")
    for name in (column for column in ABOUT if column in later):
        was = earlier[name].reindex(frame.index)
        frame[name] = later[name].reindex(frame.index).fillna(was)
    for name in TOLD:
        frame[f"{name}_before"] = earlier[name].reindex(frame.index)
    frame[["score", "why"]] = later[["score", "why"]].reindex(frame.index)
    is_same = surely(frame["population"].eq(frame["population_before"]))
    frame["score_change"] = (frame["score"] - frame["score_before"]).where(is_same)
    driven = drivers(now, before).reindex(frame.index)
    return frame.join(driven[["driver", "driver_change"]]).reset_index()


def drivers(now: Evaluation, before: Evaluation) -> pd.DataFrame:
    """Give the part that drove each firm's rank, by `usci`; see `explained`.

    A firm is compared with those that were scored as of the same population in both years.
    """
    both = now.frame.merge(before.frame, on=["usci", "population"], suffixes=("", "_before"))
    found = []
    for population, firms in both.groupby("population"):
        parts = now.scheme.populations[str(population)].parts
        moves = pd.DataFrame(
            {name: firms[f"points_{name}"] - firms[f"points_{name}_before"] for name in parts}
        )
        against = (moves - moves.mean()).set_index(firms["usci"])
        places = (firms["rank_before"] - firms["rank"]).set_axis(against.index)
        rows = against.to_dict("index")
        found += [(usci, *_driver(row, places[str(usci)])) for usci, row in rows.items()]
    frame = pd.DataFrame(found, columns=["usci", "driver", "driver_change"]).set_index("usci")
    return frame.astype({"driver": "str", "driver_change": "float64"})


def _driver(against: Row, places_won: int | None) -> tuple[str | None, float | None]:
    """Give the part that moved most against the others, in the direction of the rank."""
    known = {name: points for name, points in against.items() if not isnan(points)}
    if not known or pd.isna(places_won):
        return None, None
    rose, fell = (most(known, key=lambda name: known[name]) for most in (max, min))
    if places_won > 0 and known[rose] > 0:
        return rose, known[rose]
    if places_won < 0 and known[fell] < 0:
        return fell, known[fell]
    return None, None
