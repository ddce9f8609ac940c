"""The use of land against its contract: 供而未用, 建而未投, 用而未尽, 投而未达."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import pandas as pd

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.kept import kept
from tenglong.measure.land.idle import IN_DOUBT, STARTED_BY, anniversary, idle_land, idle_rule
from tenglong.measure.land.occupants import OUTPUTS, occupied, outputs
from tenglong.measure.policy.file import policy_file
from tenglong.measure.row import Row, has_any, is_less, rows, without
from tenglong.shape import fault_at

BUILT_BY = ("completed_on", "production_on")
SUPPLIED_BY = ("supplied_on", "contract_no", "price_wan", "agreed_start_on", *STARTED_BY)
CODES = (
    "idle",
    "may_be_idle",
    "supplied_unused",
    "invested_short",
    "partly_used",
    "below_capacity",
)
STAGES = ("not_started", "building", "used", "not_used")
Codes = dict[str, bool | None]
Output = Callable[[], Row]


@dataclass(frozen=True)
class Grace:
    """So many days after the day agreed, it is late."""

    days_late: int


@dataclass(frozen=True)
class Check:
    """`actual` must be at least this share of `agreed`; both are columns."""

    actual: str
    agreed: str
    least_share: Fraction


@dataclass(frozen=True)
class Checks:
    """Checks of which none may fail."""

    checks: tuple[Check, ...]


@dataclass(frozen=True)
class LandStateRule:
    """The classes and their order; see `data/policy/land_state.yml`."""

    precedence: tuple[str, ...]
    otherwise: Mapping[str, str]
    area: tuple[str, ...]
    supplied_unused: Grace
    invested_short: Grace
    partly_used: Checks
    below_capacity: Checks


def land_state_rule(policy: Mapping[str, Any]) -> LandStateRule:
    """Read `data/policy/land_state.yml`.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind, or a class or a stage is not known.

    >>> land_state_rule(load_policy()).precedence[0]
    'idle'
    """
    return policy_file(LandStateRule, policy, "land_state", also=_unknown_classes)


def _unknown_classes(rule: LandStateRule, raw: Any) -> Iterator[Fault]:
    for code in rule.precedence:
        if code not in CODES:
            en = f"no class {code!r}{did_you_mean(code, CODES)}"
            yield fault_at(raw, "precedence", en, f"没有类别“{code}”{is_it(code, CODES)}")
    if set(rule.otherwise) != set(STAGES):
        en, zh = f"must say {', '.join(STAGES)}", f"应逐一写明 {'、'.join(STAGES)}"
        yield fault_at(raw, "otherwise", en, zh)


@kept
def land_states(county: County) -> pd.DataFrame:
    """Classify every parcel by the rules of `data/policy/land_state.yml`.

    Returns
    -------
    DataFrame
        With the index of `parcels`. `land_state`: the first of the policy's precedence that
        holds, or what the parcel is otherwise (in_progress, in_use, vacant); missing where it,
        or one that goes before it, cannot be told. `codes`: all classes that hold.
        `undecided`: those that cannot be told.

    Raises
    ------
    Unavailable
        If there are no parcels, or none says when it was started.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...   "parcel_id": ["P1", "P2"], "started_on": [None, None], "completed_on": [None, None],
    ...   "production_on": [None, None], "agreed_start_on": ["2022-03-01", "2022-09-01"]})
    >>> land_states(county)["land_state"].tolist()
    ['supplied_unused', 'in_progress']
    """
    parcels = county.table("parcels", "parcel_id")
    idleness = idle_land(county)
    figures, year = outputs(county)
    rule, as_of = land_state_rule(county.policy), county.as_of
    judged = []
    facts = zip(parcels.index, rows(parcels), rows(idleness), occupied(county), strict=True)
    for row, cells, idle, used in facts:
        is_used = None if pd.isna(used) else bool(used)
        doubtful = county.doubts("parcels", int(row))
        parcel = without(cells, doubtful)
        output = partial(figures.__getitem__, cells["parcel_id"])
        codes = classes_of_use(parcel, rule=rule, as_of=as_of, output_year=year, output=output)
        codes |= _in_doubt(parcel, doubtful)
        codes = {**_idle(idle), **codes}
        codes["unsupplied"] = _unsupplied(parcel, is_used=is_used)
        judged.append((_state(codes, parcel, rule, is_used=is_used), codes))
    return _frame(judged, parcels.index)


def _idle(judged: Row) -> Codes:
    """Tell whether land lies idle or may be determined so; works that began never are by rule."""
    if IN_DOUBT in judged["reasons"]:
        return {"idle": None, "may_be_idle": None}
    is_open = judged["state"] == "undecided"
    may_be = judged["state"] == "may_be_idle"
    return {
        "idle": None if is_open and judged["case"] == "not_started" else judged["is_counted"],
        "may_be_idle": None if is_open and judged["case"] == "suspended" else may_be,
    }


def _in_doubt(parcel: Row, doubtful: frozenset[str]) -> Codes:
    """Give what cannot be told where a day that leaves a doubt would tell of a start."""
    is_open = not has_any(parcel, *STARTED_BY) and bool(doubtful & {*STARTED_BY})
    return {"supplied_unused": None} if is_open else {}


def classes_of_use(
    parcel: Row,
    *,
    rule: LandStateRule,
    as_of: date,
    output_year: int | None,
    output: Output | None = None,
) -> Codes:
    """Tell of every class whether a parcel falls into it; None where it cannot be told.

    What a contract does not agree (an empty cell) cannot be broken; what was not supplied (no
    such key) is not known.

    Parameters
    ----------
    output_year
        The year of the parcel's output; None where there is none.
    output
        Gives the parcel's output (`occupants.OUTPUTS`), and is asked only where a check needs
        it; without it, it stands in the parcel.

    Examples
    --------
    >>> rule = land_state_rule(load_policy())
    >>> parcel = {"completed_on": date(2021, 5, 1), "production_on": None,
    ...   "agreed_production_on": date(2021, 12, 31)}
    >>> for day in (date(2021, 12, 31), date(2022, 1, 1)):
    ...     classes_of_use(parcel, rule=rule, as_of=day, output_year=None)["invested_short"]
    False
    True
    """
    output = output or (lambda: parcel)
    capacity = _comparable(parcel, output_year, output)
    return {
        "supplied_unused": _supplied_unused(parcel, rule.supplied_unused, as_of),
        "invested_short": _invested_short(parcel, rule.invested_short, as_of),
        "partly_used": _partly_used(parcel, rule.partly_used, output),
        "below_capacity": _below_capacity(parcel, rule.below_capacity, as_of, capacity),
    }


def _supplied_unused(parcel: Row, rule: Grace, as_of: date) -> bool | None:
    if has_any(parcel, *STARTED_BY):
        return False
    return _is_late(parcel, "agreed_start_on", rule, as_of)


def _invested_short(parcel: Row, rule: Grace, as_of: date) -> bool | None:
    if has_any(parcel, "production_on"):
        return False
    if not has_any(parcel, "completed_on"):
        return _not_so(parcel, "completed_on")
    if "production_on" not in parcel:
        return None
    return _is_late(parcel, "agreed_production_on", rule, as_of)


def _partly_used(parcel: Row, rule: Checks, output: Output) -> bool | None:
    if not has_any(parcel, *BUILT_BY):
        return _not_so(parcel, *BUILT_BY)
    return _any_below(parcel, rule, output)


def _below_capacity(parcel: Row, rule: Checks, as_of: date, output: Output) -> bool | None:
    """Judge a parcel once a full year has passed since the capacity agreed.

    Its output counts where it is of such a year, too; otherwise it is not known.
    """
    if not has_any(parcel, "production_on"):
        return _not_so(parcel, "production_on")
    if not has_any(parcel, "agreed_capacity_on"):
        return _not_so(parcel, "agreed_capacity_on")
    agreed, ended = parcel["agreed_capacity_on"], as_of + timedelta(days=1)
    if agreed > date(ended.year - 1, 1, 1):
        return False
    return _any_below(parcel, rule, output)


def _comparable(parcel: Row, year: int | None, output: Output) -> Output:
    """Leave out the output of a year that was not a full one at capacity."""
    agreed = parcel.get("agreed_capacity_on")
    is_full = year is not None and agreed is not None and agreed <= date(year, 1, 1)
    return output if is_full else dict


def _unsupplied(parcel: Row, *, is_used: bool | None) -> bool | None:
    """Whether nothing at all tells of a grant: it may be approved and not supplied (批而未供)."""
    if is_used or has_any(parcel, *SUPPLIED_BY):
        return False
    return True if "supplied_on" in parcel and is_used is not None else None


def _is_late(parcel: Row, agreed: str, rule: Grace, as_of: date) -> bool | None:
    if not has_any(parcel, agreed):
        return _not_so(parcel, agreed)
    return bool(as_of > parcel[agreed] + timedelta(days=rule.days_late))


def _not_so(parcel: Row, *columns: str) -> bool | None:
    """Read empty cells as "no"; a column that was not supplied says nothing."""
    return False if all(column in parcel for column in columns) else None


def failed_checks(
    parcel: Row,
    code: str,
    *,
    rule: LandStateRule,
    output_year: int | None,
    output: Output | None = None,
) -> tuple[Check, ...]:
    """Give the checks of a class that a parcel in it fails; none for the classes of dates.

    The rest is as for `classes_of_use`.

    >>> rule = land_state_rule(load_policy())
    >>> parcel = {"agreed_far": 1.0, "actual_far": 0.6}
    >>> failed = failed_checks(parcel, "partly_used", rule=rule, output_year=None)
    >>> [check.actual for check in failed]
    ['actual_far']
    """
    checks = {"partly_used": rule.partly_used, "below_capacity": rule.below_capacity}.get(code)
    if checks is None:
        return ()
    output = output or (lambda: parcel)
    if code == "below_capacity":
        output = _comparable(parcel, output_year, output)
    return tuple(check for check in checks.checks if _below(parcel, check, output))


def _any_below(parcel: Row, rule: Checks, output: Output) -> bool | None:
    """Whether one of the checks fails; None where none is known to, and some is not known."""
    found = [_below(parcel, check, output) for check in rule.checks]
    if any(found):
        return True
    return None if None in found else False


def _below(parcel: Row, check: Check, output: Output) -> bool | None:
    if not has_any(parcel, check.agreed):
        return _not_so(parcel, check.agreed)
    actual = (output() if check.actual in OUTPUTS else parcel).get(check.actual)
    return is_less(actual, check.least_share, parcel[check.agreed])


def _state(codes: Codes, parcel: Row, rule: LandStateRule, *, is_used: bool | None) -> str | None:
    for code in rule.precedence:
        if codes[code] is None:
            return None
        if codes[code]:
            return code
    stage = _stage(parcel, is_used=is_used)
    return None if stage is None else rule.otherwise[stage]


def _stage(parcel: Row, *, is_used: bool | None) -> str | None:
    """Say how far a parcel got that falls into no class."""
    if has_any(parcel, *BUILT_BY):
        return {True: "used", False: "not_used", None: None}[is_used]
    if has_any(parcel, "started_on"):
        return "building"
    if has_any(parcel, "agreed_start_on"):
        return "not_started"
    return "used" if is_used else None


def _frame(judged: list[tuple[str | None, Codes]], index: pd.Index) -> pd.DataFrame:
    holding = [tuple(code for code, holds in codes.items() if holds) for _, codes in judged]
    open_ = [tuple(c for c, holds in codes.items() if holds is None) for _, codes in judged]
    return pd.DataFrame(
        {
            "land_state": pd.Series([state for state, _ in judged], index=index, dtype="str"),
            "codes": pd.Series(holding, index=index, dtype="object"),
            "undecided": pd.Series(open_, index=index, dtype="object"),
        }
    )


AGREED = {"supplied_unused": "agreed_start_on", "invested_short": "agreed_production_on"}
CHECKS = ["parcel_id", "land_state", "actual_name", "agreed_name", "actual", "agreed", "reached"]


def late_parcels(county: County) -> pd.DataFrame:
    """Tell of land not started or not in production how late it is, and when it will lie idle.

    Returns
    -------
    DataFrame
        By the rows of `parcels` that are 供而未用 or 建而未投: `parcel_id`, `land_state`,
        `agreed_on` (start or production), `days_late`, and `idle_on`, the day on which land not
        started will have been so for the years of the rule of idle land.

    Raises
    ------
    Unavailable
        See `land_states`.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1"], "started_on": [None], "completed_on": [None],
    ...     "production_on": [None], "agreed_start_on": ["2022-03-01"]})
    >>> found = late_parcels(county).iloc[0]
    >>> int(found["days_late"]), str(found["idle_on"].date())
    (121, '2023-03-01')
    """
    parcels = county.table("parcels", "parcel_id")
    states = land_states(county)["land_state"]
    years = idle_rule(county.policy).not_started.years
    lines, index = [], []
    for row, state, parcel in zip(parcels.index, states, rows(parcels), strict=True):
        if state in AGREED:
            agreed: date = parcel[AGREED[state]]
            idle = anniversary(agreed, years) if state == "supplied_unused" else None
            days = (county.as_of - agreed).days
            lines.append((parcel["parcel_id"], state, agreed, days, idle))
            index.append(row)
    names = ["parcel_id", "land_state", "agreed_on", "days_late", "idle_on"]
    made = pd.DataFrame(lines, columns=names, index=pd.Index(index, dtype="int64"))
    dated = {name: pd.to_datetime(made[name]) for name in ("agreed_on", "idle_on")}
    return made.assign(**dated, days_late=made["days_late"].astype("Int64"))


def unmet_checks(county: County) -> pd.DataFrame:
    """Tell of land used too little or producing too little which agreed figures it misses.

    Formula: reached = actual / agreed.

    Returns
    -------
    DataFrame
        By the rows of `parcels` that are 用而未尽 or 投而未达, one a check that fails, the least
        reached first: `parcel_id`, `land_state`, `actual_name`, `agreed_name` (columns),
        `actual`, `agreed` and `reached`.

    Raises
    ------
    Unavailable
        See `land_states`.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1"], "started_on": ["2018-01-01"], "completed_on": ["2019-01-01"],
    ...     "production_on": ["2019-06-01"], "agreed_far": [1.5], "actual_far": [0.6],
    ...     "agreed_start_on": [None], "agreed_production_on": [None]})
    >>> unmet_checks(county)[["actual_name", "reached"]].values.tolist()
    [['actual_far', 0.4]]
    """
    parcels = county.table("parcels", "parcel_id")
    states = land_states(county)["land_state"]
    figures, year = outputs(county)
    rule = land_state_rule(county.policy)
    lines, index = [], []
    for row, state, parcel in zip(parcels.index, states, rows(parcels), strict=True):
        output = partial(figures.__getitem__, parcel["parcel_id"])
        for check in failed_checks(parcel, str(state), rule=rule, output_year=year, output=output):
            known = {**parcel, **output()}
            lines.append((parcel["parcel_id"], state, *_figures(known, check)))
            index.append(row)
    made = pd.DataFrame(lines, columns=CHECKS, index=pd.Index(index, dtype="int64"))
    return made.sort_values(["reached", "parcel_id", "actual_name"], kind="stable")


def _figures(parcel: Row, check: Check) -> tuple[str, str, float, float, float]:
    actual, agreed = exact(parcel[check.actual]), exact(parcel[check.agreed])
    reached = float(actual / agreed)
    return check.actual, check.agreed, float(actual), float(agreed), reached
