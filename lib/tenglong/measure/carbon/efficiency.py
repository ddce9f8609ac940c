"""Carbon efficiency of firms (碳效): CO₂ over value added, against all and against the industry."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isnan

import pandas as pd

from tenglong.measure.carbon.emission import Emission, emissions_of
from tenglong.measure.carbon.rule import CarbonRule, Mean, carbon_rule, step_of
from tenglong.measure.county import County
from tenglong.measure.exact import as_float, exact
from tenglong.measure.firm.firms import industry_of
from tenglong.measure.firm.ratios import members
from tenglong.measure.kept import kept
from tenglong.measure.policy.file import most_missing
from tenglong.measure.reading import Coverage, Evidence, Reading

NOTHING = Fraction(0)


@kept
def carbon_levels(county: County) -> pd.DataFrame:
    """Rate the firms by their carbon efficiency: L, its level, and K, its grade.

    Formula: L = net CO₂ / value added, in 吨/万元; K = L / the mean L of the firm's industry in
    the same year; there is no mean where more of the industry's firms are not known than
    `bands.yml` allows. A value on a limit belongs to the lower, better step. Source:
    `carbon.yml`.

    Returns
    -------
    DataFrame
        By the rows of `enterprise_years`, the firms of the policy's scope: `usci`, `year`,
        `industry` (its first digits), `net_co2_t`, `value_added_wan`, `l_t_per_wan`, `level`,
        `group_firms` (rated firms of the industry in that year), `group_l`, `k`, `grade`,
        `is_small_group` (too few to tell much), and `reason`: `known`, a code of `Emission`,
        `value_added_unknown`, `value_added_not_positive`, `no_industry`, `group_incomplete` or
        `mean_is_zero` (of these three, only K and the grade are missing).

    Raises
    ------
    Unavailable
        If value added, the firms' industry or what the scope needs was not supplied.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A", "B"], "industry": ["3441", "3443"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021],
    ...                       "is_above_scale": [True, True], "coal_t": [100.0, 200.0],
    ...                       "energy_tce": [71.43, 142.86], "value_added_wan": [380.06] * 2})
    >>> carbon_levels(county)[["l_t_per_wan", "level", "group_l", "grade"]].round(2).values.tolist()
    [[0.5, 'low', 0.75, '2'], [1.0, 'middle', 0.75, '4']]
    """
    rule = carbon_rule(county.policy)
    firms = members(county, "value_added_wan", scope=rule.scope)
    emitted = emissions_of(county)
    industries = industry_of(firms["industry"], digits=rule.industry_digits)
    rated = {
        int(row): _rated(emitted[int(row)], value_added)
        for row, value_added in zip(firms.index, firms["value_added_wan"].tolist(), strict=True)
    }
    frame = firms[["usci", "year"]].assign(industry=industries)
    frame["net_co2_t"] = [as_float(emitted[int(row)].net_t) for row in firms.index]
    frame["value_added_wan"] = firms["value_added_wan"]
    most = most_missing(county.policy)
    return frame.join(_grades(frame, rated, rule, most))


@dataclass(frozen=True)
class _Rated:
    """A firm's net CO₂ over its value added, or why there is none."""

    net_t: Fraction
    value_added: Fraction
    reason: str = "known"

    @property
    def level(self) -> Fraction:
        return self.net_t / self.value_added


def _rated(emission: Emission, value_added: float) -> _Rated:
    net = emission.net_t
    if net is None:
        return _Rated(NOTHING, NOTHING, emission.reason)
    if isnan(value_added):
        return _Rated(net, NOTHING, "value_added_unknown")
    if value_added <= 0:
        return _Rated(net, NOTHING, "value_added_not_positive")
    return _Rated(net, exact(value_added))


@dataclass
class _Group:
    """The firms of an industry in a year: those that are rated, and how many are not known."""

    rated: list[_Rated] = field(default_factory=list)
    lacking: int = 0

    def add(self, rated: _Rated) -> None:
        if rated.reason == "known":
            self.rated.append(rated)
        elif rated.reason != "value_added_not_positive":
            self.lacking += 1

    def mean(self, way: Mean, most_missing: Fraction) -> tuple[Fraction | None, str]:
        """Give the mean L, or why there is none."""
        size = len(self.rated) + self.lacking
        if not self.rated or Fraction(self.lacking, size) > most_missing:
            return None, "group_incomplete"
        if way is Mean.MEAN_OF_RATIOS:
            levels = sum((rated.level for rated in self.rated), NOTHING)
            return levels / len(self.rated), "known"
        net = sum((rated.net_t for rated in self.rated), NOTHING)
        return net / sum((rated.value_added for rated in self.rated), NOTHING), "known"


def _grades(
    frame: pd.DataFrame, rated: Mapping[int, _Rated], rule: CarbonRule, most: Fraction
) -> pd.DataFrame:
    keys = list(zip(frame["year"], frame["industry"], strict=True))
    groups: dict[tuple[object, object], _Group] = defaultdict(_Group)
    for key, one in zip(keys, rated.values(), strict=True):
        groups[key].add(one)
    means = {key: group.mean(rule.industry_mean, most) for key, group in groups.items()}
    lines = []
    for key, one in zip(keys, rated.values(), strict=True):
        industry = key[1]
        benchmark = rule.benchmarks.get(str(industry))
        mean, why = (benchmark, "known") if benchmark is not None else means[key]
        if pd.isna(industry):
            mean, why = None, "no_industry"
        lines.append(_line(one, mean, why, len(groups[key].rated), rule))
    columns = ["l_t_per_wan", "level", "group_firms", "group_l", "k", "grade", "is_small_group"]
    return pd.DataFrame(lines, columns=[*columns, "reason"], index=frame.index)


def _line(
    rated: _Rated, mean: Fraction | None, why: str, size: int, rule: CarbonRule
) -> tuple[object, ...]:
    is_small, nothing = size < rule.small_group, float("nan")
    shown = nothing if mean is None else float(mean)
    if rated.reason != "known":
        return (nothing, None, size, shown, nothing, None, is_small, rated.reason)
    level = (float(rated.level), step_of(rated.level, rule.levels).name, size, shown)
    if not mean:
        return (*level, nothing, None, is_small, why if mean is None else "mean_is_zero")
    k = rated.level / mean
    return (*level, float(k), step_of(k, rule.grades).name, is_small, "known")


def carbon_rated(county: County) -> Reading:
    """How many firms of the scope have a carbon level in the last year (碳效评价), in 家.

    Raises
    ------
    Unavailable
        See `carbon_levels`.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A", "B"], "industry": ["3441", "3443"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021],
    ...                       "is_above_scale": [True, True], "coal_t": [100.0, None],
    ...                       "energy_tce": [71.43, None], "value_added_wan": [380.06] * 2})
    >>> reading = carbon_rated(county)
    >>> int(reading.done), int(reading.required)
    (1, 2)
    """
    levels = carbon_levels(county)
    last = levels[levels["year"] == levels["year"].max()]
    rated = last["level"].notna()
    shown = last[["usci", "year", "level", "grade", "reason"]]
    evidence = (Evidence("enterprise_years", shown),)
    return Coverage(Fraction(int(rated.sum())), Fraction(len(last)), "家", evidence=evidence)
