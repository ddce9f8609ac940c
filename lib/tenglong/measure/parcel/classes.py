"""Classes of a measure: which values are shown alike on a map.

Class k holds the values [a, b): a value on a limit belongs to the class above it; (a, b] where
the limits are closed on the right. The last class is open-ended, or closed where its upper limit
is the data's own end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import MAX_PREC, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from difflib import get_close_matches
from itertools import pairwise
from math import floor, inf, log10
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenglong.errors import ConfigurationError, DataError, UsageError
from tenglong.measure.county import County
from tenglong.measure.parcel.natural_breaks import natural_breaks
from tenglong.measure.policy.wording import Bound, wording_rule
from tenglong.shape import fault_at

# Natural breaks are quadratic in their values.
MOST_JENKS_VALUES = 500
_DIGITS = Context(prec=MAX_PREC)  # no limit of a float's size is too long for it

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Classes:
    """Values sorted into classes.

    Attributes
    ----------
    values
        What was sorted; missing ones are in no class.
    assigned
        The number of each value's class (Int64, from 0), missing where the value is; its index
        is that of `values`.
    limits
        The classes' limits, ascending, one more than there are classes; the ends may be
        infinite. Empty for categories.
    categories
        The categories in their order; empty for numbers.
    closed
        The side on which the classes hold their limit: `left` or `right`.
    """

    values: pd.Series
    assigned: pd.Series
    limits: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    closed: str = "left"

    def __len__(self) -> int:
        return len(self.categories) or max(len(self.limits) - 1, 0)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many values each class holds."""
        numbers = self.assigned.dropna().to_numpy(dtype=np.int64)
        return tuple(int(count) for count in np.bincount(numbers, minlength=len(self)))

    @property
    def missing(self) -> int:
        """How many values are in no class, because they are not known."""
        return int(self.assigned.isna().sum())

    def at(self, index: pd.Index) -> "Classes":
        """Give some of the values, in the classes that all of them made."""
        return replace(self, values=self.values.loc[index], assigned=self.assigned.loc[index])


def measure_of(county: County, name: str) -> Mapping[str, Any]:
    """Look up a measure by which parcels can be coloured, its unit in the county's currency.

    Where its limits are read as 以下 (`reads: below`), the classes are closed on the side that
    `data/policy/wording.yml` chooses, so that who is on the line is where every rule has it.

    Raises
    ------
    UsageError
        If `data/policy/parcel_measures.yml` has no such measure.
    """
    measures: Mapping[str, Mapping[str, Any]] = county.policy["parcel_measures"]["measures"]
    if name not in measures:
        raise UsageError(f"no measure {name!r}; there are {', '.join(measures)}")
    unit = {
        language: text.format(currency=county.currency[language])
        for language, text in measures[name]["unit"].items()
    }
    measure = {**measures[name], "unit": unit}
    match measure.pop("reads", None):
        case None:
            return measure
        case "below":
            is_right = wording_rule(county.policy).below is Bound.INCLUDED
            return {**measure, "closed": "right" if is_right else "left"}
        case word:
            said = f"must be below, not {word!r}", f"“{word}”应是 below"
            place = f"measures.{name}.reads"
            wrong = fault_at(county.policy["parcel_measures"], place, *said)
            raise ConfigurationError.of_policy("parcel_measures", [wrong])


def classes_of(values: pd.Series, measure: Mapping[str, Any]) -> Classes:
    """Sort values as a measure of `data/policy/parcel_measures.yml` asks for.

    >>> classes_of(pd.Series([3.0, 5.0, 40.0]), {"kind": "number", "limits": [5, 20]}).counts
    (1, 1, 1)

    Raises
    ------
    ConfigurationError
        If the measure is of no known kind, or its limits or its scheme are malformed.
    DataError
        If the values are not of the measure's kind.
    """
    match measure.get("kind"):
        case "number":
            options = {
                key: measure[key] for key in ("limits", "scheme", "k", "closed") if key in measure
            }
            return classify(values, **options)
        case "category":
            return categorise(values, [entry["value"] for entry in measure["categories"]])
        case kind:
            raise ConfigurationError(f"measure: kind must be number or category, not {kind!r}")


def classify(
    values: pd.Series,
    *,
    limits: Sequence[float] | None = None,
    scheme: str = "quantiles",
    k: int = 5,
    closed: str = "left",
) -> Classes:
    """Sort numbers into classes, by given limits or by a scheme.

    Parameters
    ----------
    limits
        The limits between the classes; the first and the last class are open-ended.
    scheme
        Where no limits are given: `quantiles`, `equal_interval` or `jenks`. Its limits are
        rounded as far as no class is emptied.
    k
        How many classes a scheme makes; fewer where there are fewer distinct values.
    closed
        The side on which classes by given limits hold their limit: `left` or `right`.

    Raises
    ------
    ConfigurationError
        If the limits do not ascend, or there is no such scheme.
    DataError
        If the values are not numbers, or one is infinite.

    Examples
    --------
    >>> tax_per_mu = pd.Series([1.2, 5.0, None, 31.0])
    >>> classes = classify(tax_per_mu, limits=[5, 20])
    >>> classes.limits, classes.counts, classes.missing
    ((-inf, 5.0, 20.0, inf), (1, 1, 1), 1)
    """
    numbers = _numbers(values)
    known = numbers[~np.isnan(numbers)]
    bounds = _scheme_limits(known, scheme, k) if limits is None else _open_ended(limits)
    side: Literal["left", "right"] = "left" if closed == "right" else "right"
    places = np.searchsorted(bounds[1:-1], numbers, side=side)
    assigned = pd.Series(places, index=values.index, dtype="Int64").mask(np.isnan(numbers))
    return Classes(values, assigned, limits=bounds, closed=closed)


def categorise(values: pd.Series, categories: Sequence[str]) -> Classes:
    """Sort words into categories, in the given order.

    >>> categorise(pd.Series(["idle", None, "used"]), ["used", "idle"]).assigned.tolist()
    [1, <NA>, 0]

    Raises
    ------
    DataError
        If a value is none of the categories.
    """
    places = {category: place for place, category in enumerate(categories)}
    if len(places) != len(categories):
        raise ConfigurationError(f"categories must differ: {', '.join(categories)}")
    for value in values.dropna().unique():
        if value not in places:
            [nearest] = get_close_matches(str(value), categories, n=1, cutoff=0)
            raise DataError(f"{values.name}: no category {value!r}; the nearest is {nearest!r}")
    assigned = values.map(places).astype("Int64")
    return Classes(values, assigned, categories=tuple(categories))


def _numbers(values: pd.Series) -> Floats:
    """Give the values as floats, NaN where missing."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise DataError(f"{values.name}: must be numbers to be classed, not {values.dtype}")
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    infinite = np.flatnonzero(np.isinf(numbers))
    if infinite.size:
        row = values.index[infinite[0]]
        raise DataError(f"{values.name}: row {row} is infinite; a class must be finite")
    return numbers


def _open_ended(limits: Sequence[float]) -> tuple[float, ...]:
    bounds = (-inf, *(float(limit) for limit in limits), inf)
    if not all(low < high for low, high in pairwise(bounds)):
        raise ConfigurationError(f"limits must be finite and ascend: {list(limits)}")
    return bounds


def _scheme_limits(known: Floats, scheme: str, k: int) -> tuple[float, ...]:
    if scheme not in SCHEMES:
        raise ConfigurationError(f"no scheme {scheme!r}; there are {', '.join(SCHEMES)}")
    if k < 1:
        raise ConfigurationError(f"k must be at least 1, not {k}")
    distinct = np.unique(known)
    if len(distinct) <= k:  # every value is a class of its own
        return tuple(float(value) for value in (*distinct, *distinct[-1:]))
    return _rounded(distinct, _starts(known, distinct, scheme, k))


def _starts(known: Floats, distinct: Floats, scheme: str, k: int) -> Floats:
    """Give the least value of every class but the first."""
    uppers = SCHEMES[scheme](known, k)
    places = np.unique(np.searchsorted(distinct, uppers, side="right"))
    starts: Floats = distinct[places[places < len(distinct)]]
    return starts


def _quantiles(known: Floats, k: int) -> Floats:
    uppers: Floats = np.sort(known)[[place * (len(known) - 1) // k for place in range(1, k)]]
    return uppers


def _equal_intervals(known: Floats, k: int) -> Floats:
    return np.linspace(known.min(), known.max(), k + 1)[1:-1]


def _jenks(known: Floats, k: int) -> Floats:
    spread = np.linspace(0, 1, min(len(known), MOST_JENKS_VALUES))
    # All of them where they are few.
    return natural_breaks(np.quantile(known, spread, method="nearest"), k)


# The largest values of all classes but the last.
SCHEMES: Mapping[str, Callable[[Floats, int], Floats]] = {
    "quantiles": _quantiles,
    "equal_interval": _equal_intervals,
    "jenks": _jenks,
}


def _rounded(distinct: Floats, starts: Floats) -> tuple[float, ...]:
    """Round limits down, by less than a tenth of the distance to their neighbours.

    So each class keeps its own least value, and none is emptied.
    """
    ends = np.array([distinct[0], *starts, distinct[-1]])
    gaps = np.diff(ends)
    if gaps[-1] == 0:  # the last class is one value
        gaps[-1] = gaps[-2]
    room = np.minimum([gaps[0], *gaps], [*gaps, gaps[-1]])
    ways = [ROUND_FLOOR] * (len(ends) - 1) + [ROUND_CEILING]
    return tuple(map(_round, ends.tolist(), room.tolist(), ways))


def _round(number: float, room: float, way: str) -> float:
    """Round to a multiple of a power of ten below a tenth of `room`, without binary noise."""
    step = Decimal(1).scaleb(floor(log10(room)) - 1)
    return float(Decimal(repr(number)).quantize(step, rounding=way, context=_DIGITS)) + 0.0
