"""亩均论英雄: every firm of a year scored, ranked and graded by a scheme, or by hand (调档)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.grade import Verdict, verdicts
from tenglong.measure.evaluation.outcome import Benchmark, Evaluation, Note
from tenglong.measure.evaluation.population import Roll
from tenglong.measure.evaluation.scheme import Grade, Override, Scheme
from tenglong.measure.evaluation.scheme_file import formulas_of, scheme_of
from tenglong.measure.evaluation.score import Score, scores
from tenglong.measure.evaluation.variables import Amount
from tenglong.measure.policy.file import policy_file
from tenglong.shape import fault_at

ABOUT = ("name", "township", "industry")
TOTALS = ("points", "bonus", "score")
UNSCORED = Score(None, None, None)
Row = dict[str, Any]


@dataclass(frozen=True)
class Adjustment:
    """One firm's grade of a year, set by a decision."""

    usci: str
    year: int
    grade: str
    reason: str
    scheme: str = ""


@dataclass(frozen=True)
class Adjustments:
    """The file `adjustments.yml`."""

    adjustments: tuple[Adjustment, ...] = ()


def adjustments_of(
    policy: Mapping[str, Any], *, year: int, scheme: str, grades: Collection[str]
) -> dict[str, Adjustment]:
    """Give the adjustments of a year under a scheme, by the firm's code.

    Raises
    ------
    ConfigurationError
        If the file is malformed, names a grade that there is not, or sets a firm's twice.

    >>> entry = {"usci": "a", "year": 2021, "grade": "B", "reason": "会议纪要"}
    >>> policy = {"adjustments": {"source": "…", "adjustments": [entry]}}
    >>> adjustments_of(policy, year=2021, scheme="default", grades="ABCD")["a"].grade
    'B'
    """
    if "adjustments" not in policy:
        return {}
    found: dict[str, Adjustment] = {}

    def faults(file: Adjustments, raw: Any) -> Iterator[Fault]:
        for number, one in enumerate(file.adjustments, start=1):
            if one.year != year or one.scheme not in ("", scheme):
                continue
            place = f"adjustments[{number}]"
            if one.grade not in grades:
                en = f"there is no grade {one.grade!r}{did_you_mean(one.grade, grades)}"
                zh = f"没有等级“{one.grade}”{is_it(one.grade, grades)}"
                yield fault_at(raw, f"{place}.grade", en, zh)
            if one.usci in found:
                said = "its grade is set twice", "同一家企业的等级写了两次"
                yield fault_at(
                    raw, f"{place}.usci", f"{one.usci}: {said[0]}", f"{one.usci}：{said[1]}"
                )
            found[one.usci] = one

    policy_file(Adjustments, policy, "adjustments", also=faults)
    return found


def sheet(
    roll: Roll,
    scores: Mapping[str, Score],
    judged: Mapping[str, Verdict],
    adjusted: Mapping[str, Adjustment],
) -> pd.DataFrame:
    """Give the frame of an `Evaluation`; see there for its columns."""
    amounts = _amounts(roll)
    about = _about(roll)
    rows = [
        {
            "usci": firm,
            **about[firm],
            "year": roll.register.year,
            "site": lead,
            "population": roll.standings[lead].population or None,
            **{name: _number(found[lead].value) for name, found in amounts.items()},
            **_scored(scores.get(lead, UNSCORED)),
            **_graded(scores.get(lead, UNSCORED), verdict, adjusted.get(firm)),
            "warnings": _warnings(roll, lead, scores.get(lead, UNSCORED), verdict),
        }
        for lead, verdict in judged.items()
        for firm in roll.register.members[lead]
    ]
    return _typed(pd.DataFrame(rows, columns=_columns(roll)).iloc[_order(roll, rows)])


def _amounts(roll: Roll) -> dict[str, Mapping[str, Amount]]:
    """Give the indicators that can be computed at all; the others are noted as lacking."""
    amounts = {}
    for name in roll.scheme.indicators:
        try:
            amounts[name] = roll.register.amounts(name)
        except Unavailable as lacking:
            roll.lacks(name, lacking)
    return amounts


def _about(roll: Roll) -> Mapping[str, Row]:
    frame = roll.register.frame().set_index("usci")
    frame = frame[[column for column in ABOUT if column in frame]]
    return {str(usci): dict(row) for usci, row in frame.iterrows()}


def _columns(roll: Roll) -> list[str]:
    known = roll.register.frame().columns
    parts = {
        name: None for population in roll.scheme.populations.values() for name in population.parts
    }
    return [
        "usci",
        *(column for column in ABOUT if column in known),
        "year",
        "site",
        "population",
        "group",
        *roll.scheme.indicators,
        *(f"points_{name}" for name in parts),
        *TOTALS,
        "rank",
        "of",
        "ranked_grade",
        "grade",
        "why",
        "warnings",
    ]


def _scored(score: Score) -> Row:
    parts = {f"points_{name}": _number(points) for name, points in score.parts.items()}
    return {**parts, **{name: _number(getattr(score, name)) for name in TOTALS}}


def _graded(score: Score, verdict: Verdict, adjustment: Adjustment | None) -> Row:
    why = (*score.codes, *verdict.codes)
    grade = verdict.grade
    if adjustment is not None:
        grade, why = adjustment.grade, (*why, f"adjusted:{adjustment.reason}")
    place = verdict.place
    return {
        "group": verdict.group or None,
        "rank": None if place is None else place.rank,
        "of": None if place is None else place.of,
        "ranked_grade": verdict.ranked_grade or None,
        "grade": grade or None,
        "why": why,
    }


def _warnings(roll: Roll, lead: str, score: Score, verdict: Verdict) -> tuple[str, ...]:
    place, least = verdict.place, roll.scheme.grading.small_group
    small = ("small_group",) if place is not None and place.of < least else ()
    return (*verdict.doubts, *score.doubts, *small, *_incomplete(roll, lead))


def _incomplete(roll: Roll, lead: str) -> tuple[str, ...]:
    """Tell which of a merged site's firms have no tax or land, which then count as none."""
    firms = roll.register.members[lead]
    if len(firms) == 1:
        return ()
    rows = roll.register.frame().set_index("usci").loc[list(firms)]
    lacking = rows.index[rows[["tax_wan", "land_mu"]].isna().any(axis=1)]
    return tuple(f"site_incomplete:{firm}" for firm in lacking)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _order(roll: Roll, rows: list[Row]) -> list[int]:
    """Sort by population, group, rank and code; what is not ranked comes last."""
    populations = {name: number for number, name in enumerate(roll.scheme.populations)}

    def key(number: int) -> tuple[int, bool, str, int, str]:
        row = rows[number]
        last = len(populations)
        rank = row["rank"]
        return (
            populations.get(row["population"], last),
            rank is None,
            row["group"] or "",
            rank or len(rows),
            row["usci"],
        )

    return sorted(range(len(rows)), key=key)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column its type, also where it is empty."""
    texts = ("usci", *ABOUT, "site", "population", "group", "ranked_grade", "grade")
    kinds = dict.fromkeys(texts, "str") | dict.fromkeys(("year", "rank", "of"), "Int64")
    kinds |= dict.fromkeys(("why", "warnings"), "object")
    types = {column: kinds.get(str(column), "float64") for column in frame}
    return frame.astype(types).reset_index(drop=True)


def evaluate(county: County, *, year: int, scheme: str = "default") -> Evaluation:
    """Evaluate the firms of a year (亩均论英雄).

    score = Σ points of the parts + bonuses − deductions, each part by the scheme's formula;
    ranks within the scheme's groups, grades by the cuts of the ranking or by conditions; then
    exclusions, vetoes, protection, and the adjustments of the policy. Compared exactly.

    Parameters
    ----------
    year
        The year of the figures; a firm that was closed by its end is not evaluated.
    scheme
        A file of `data/policy/schemes`, the county's own before the kit's.

    Raises
    ------
    Unavailable
        If there are no figures of the year, or what every firm's population hangs on (industry,
        scale) was not supplied. What only a part or a rule hangs on is told in `lacking`.
    ConfigurationError
        If the scheme, the named formulas or the adjustments are malformed.

    >>> firms = {"usci": ["a", "b"], "industry": ["33", "34"], "name": ["甲", "乙"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "is_above_scale": False, "land_mu": [4.0, 5.0],
    ...     "tax_paid_wan": [46.3728, 0.0], "electricity_10k_kwh": [197.163265, 3.0]})
    >>> evaluate(county, year=2021, scheme="huangyan-2022").frame["score"].round(2).tolist()
    [100.0, 0.0]
    """
    name = f"evaluate {year} {scheme}"
    return county.keep.derived.get(name, lambda: _evaluated(county, year, scheme))


def _evaluated(county: County, year: int, scheme: str) -> Evaluation:
    rules = scheme_of(county, scheme)
    roll = Roll(county, rules, year)
    if roll.register.frame().empty:
        raise Unavailable("enterprise_years", "year")
    formulas = formulas_of(county.policy, rules)
    found: dict[str, Score] = {}
    benchmarks: list[Benchmark] = []
    for population in rules.populations:
        scored, measured = scores(roll, formulas, population)
        found |= scored
        benchmarks += measured
    judged = verdicts(roll, found, _grades_before(county, rules, year, scheme))
    adjusted = adjustments_of(county.policy, year=year, scheme=scheme, grades=_grades(rules))
    frame = sheet(roll, found, judged, adjusted)
    return Evaluation(
        scheme_name=scheme,
        scheme=rules,
        year=year,
        frame=frame,
        benchmarks=tuple(benchmarks),
        lacking=roll.lacking,
        notes=tuple(_notes(rules, judged, adjusted, frozenset(frame["usci"]))),
        out_of_scope=len(roll.register.frame()) - len(frame),
    )


def _grades(scheme: Scheme) -> list[str]:
    named = [grade.grade for name in scheme.populations for grade in scheme.grades_of(name)]
    return [*named, *(rule.grade for rule in scheme.exclude.values() if rule.grade)]


def _grades_before(county: County, rules: Scheme, year: int, scheme: str) -> dict[str, str]:
    """Give the grades of the year before, by firm, if a rule asks for them."""
    grades = (*rules.grading.grades, *(g for one in rules.populations.values() for g in one.grades))
    asking: list[Override | Grade] = [*rules.overrides.values(), *grades]
    named = [formula.names for one in asking for formula in (one.when, one.unless) if formula]
    if not any("grade_before" in names for names in named):
        return {}
    try:
        frame = evaluate(county, year=year - 1, scheme=scheme).frame
    except Unavailable:
        return {}
    graded = frame[frame["grade"].notna()]
    return dict(zip(graded["usci"], graded["grade"], strict=True))


def _notes(
    scheme: Scheme,
    judged: Mapping[str, Verdict],
    adjusted: Mapping[str, Adjustment],
    evaluated: frozenset[str],
) -> Iterator[Note]:
    """Tell small groups and adjustments of firms that are not evaluated."""
    sizes = {
        verdict.group: verdict.place.of for verdict in judged.values() if verdict.place is not None
    }
    for group, size in sorted(sizes.items()):
        if size < scheme.grading.small_group:
            least = scheme.grading.small_group
            yield Note("small_group", {"group": group, "firms": size, "least": least})
    for usci in sorted(set(adjusted) - evaluated):
        yield Note("adjustment_unmatched", {"usci": usci, "grade": adjusted[usci].grade})
