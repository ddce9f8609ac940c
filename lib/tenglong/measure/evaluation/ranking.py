"""亩均论英雄: every firm of a year scored, ranked and graded by a scheme, or by hand (调档)."""

from collections.abc import Iterator, Mapping

from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.adjustment import Adjustment, adjustments_of
from tenglong.measure.evaluation.outcome import Benchmark, Evaluation, Note
from tenglong.measure.evaluation.population import Roll
from tenglong.measure.evaluation.scheme import Grade, Override, Scheme
from tenglong.measure.evaluation.scheme_file import formulas_of, scheme_of
from tenglong.measure.evaluation.score import Scores, scores
from tenglong.measure.evaluation.sheet import sheet
from tenglong.measure.evaluation.verdict import Verdicts, verdicts


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
    found: list[Scores] = []
    benchmarks: list[Benchmark] = []
    for population in rules.populations:
        scored, measured = scores(roll, formulas, population)
        found.append(scored)
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
    judged: Verdicts,
    adjusted: Mapping[str, Adjustment],
    evaluated: frozenset[str],
) -> Iterator[Note]:
    """Tell small groups and adjustments of firms that are not evaluated."""
    rows = judged.places.rows
    sizes = dict(zip(judged.groups[rows], judged.places.of[rows].tolist(), strict=True))
    for group, size in sorted(sizes.items()):
        if size < scheme.grading.small_group:
            least = scheme.grading.small_group
            yield Note("small_group", {"group": group, "firms": size, "least": least})
    for usci in sorted(set(adjusted) - evaluated):
        yield Note("adjustment_unmatched", {"usci": usci, "grade": adjusted[usci].grade})
