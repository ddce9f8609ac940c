"""Idle land by the national rule (闲置土地处置办法, 国土资源部令第53号)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.kept import kept
from tenglong.measure.land.occupants import occupied
from tenglong.measure.policy.file import policy_file
from tenglong.measure.row import Row, has_any, is_less, rows, without


@dataclass(frozen=True)
class NotStarted:
    """Land not started is idle after so many full years."""

    years: int


@dataclass(frozen=True)
class Suspended:
    """Land started is idle after so many full years of suspension, below one of the shares."""

    years: int
    developed_share: Fraction
    invested_share: Fraction


@dataclass(frozen=True)
class Step:
    """What follows from so many full years on; the fee is a share of the land's price."""

    from_years: int
    way: str
    price_share: Fraction | None = None


@dataclass(frozen=True)
class Handling:
    """What follows, by the case, and where the firm is not at fault."""

    not_started: tuple[Step, ...]
    suspended: tuple[Step, ...]
    not_at_fault: str

    def steps(self, case: str | None) -> tuple[Step, ...]:
        """Give the steps of a case.

        >>> Handling((Step(1, "fee"),), (), "agreement").steps("not_started")[0].way
        'fee'
        """
        return self.not_started if case == "not_started" else self.suspended


@dataclass(frozen=True)
class IdleRule:
    """When land lies idle, and what follows; see the policy file."""

    not_started: NotStarted
    suspended: Suspended
    at_fault: tuple[str, ...]
    not_at_fault: tuple[str, ...]
    handling: Handling
    candidates_count: bool
    start_years_after_supply: int | None = None
    investment_includes_price: bool = False


def idle_rule(policy: Mapping[str, Any]) -> IdleRule:
    """Read `data/policy/idle.yml`.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind.

    Examples
    --------
    >>> idle_rule(load_policy()).suspended.developed_share
    Fraction(1, 3)
    """
    return policy_file(IdleRule, policy, "idle")


STARTED_BY = ("started_on", "completed_on", "production_on", "suspended_on")
ENDED_BY = ("completed_on", "production_on")
IN_DOUBT = "date_doubtful"  # the reason where a day that could decide is doubtful


@dataclass(frozen=True)
class Idleness:
    """Whether one parcel lies idle, and what follows.

    Attributes
    ----------
    state
        `idle`; `may_be_idle`: works that stopped with too little done, which the authority may
        determine as idle and has not (也可以认定); `not_idle` or `undecided`.
    case
        `not_started` or `suspended`, where the land is or may become idle.
    since
        The start agreed, or the day the works stopped.
    years
        Full years from `since` to the day it is judged on.
    handling
        `fee`, `take_back`, `by_decision`, `agreement`, `cause_unknown`, or `to_determine`.
    reasons
        Codes for the words.
    missing
        The columns of `parcels` that would have to be filled in to decide; with the reason
        `date_doubtful`, those whose day would have to be put right.
    """

    state: str
    case: str | None = None
    since: date | None = None
    years: int | None = None
    cause: str | None = None
    handling: str | None = None
    fee_wan: Fraction | None = None
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@kept
def idle_land(county: County) -> pd.DataFrame:
    """Judge every parcel by the rule of `data/policy/idle.yml`.

    Returns
    -------
    DataFrame
        The fields of `Idleness`, with the index of `parcels`; `fee_wan` in 万元. `is_counted`:
        whether it counts as idle land: what is idle, and what may be where the policy says so.

    Raises
    ------
    Unavailable
        If there are no parcels, or none says when it was started.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1"], "started_on": [None], "agreed_start_on": ["2021-06-30"],
    ...     "idle_cause": ["firm"], "price_wan": [300.0]})
    >>> idle_land(county)[["state", "years", "handling", "fee_wan"]].to_numpy().tolist()
    [['idle', 1, 'fee', 60.0]]
    """
    parcels = county.table("parcels", "parcel_id", "started_on")
    used = occupied(county).fillna(value=False)
    rule, as_of = idle_rule(county.policy), county.as_of
    judged = [
        idleness(
            parcel,
            rule=rule,
            as_of=as_of,
            is_used=bool(is_used),
            doubtful=county.doubts("parcels", int(row)),
        )
        for row, parcel, is_used in zip(parcels.index, rows(parcels), used, strict=True)
    ]
    counted = ("idle", "may_be_idle") if rule.candidates_count else ("idle",)
    frame = _frame(judged, parcels.index)
    return frame.assign(is_counted=frame["state"].isin(counted))


def idleness(
    parcel: Row,
    *,
    rule: IdleRule,
    as_of: date,
    is_used: bool = False,
    doubtful: frozenset[str] = frozenset(),
) -> Idleness:
    """Judge one parcel: not started in time, or suspended with too little done.

    The first lies idle by the rule itself, the second once the authority has determined it
    (认定): `idle_determined_on` tells that it has.

    Land whose works have stopped or ended, or that is in production, has been started. Where
    neither that nor an agreed start is known, land that a firm uses counts as started: old
    land has no such dates. A firm that holds land it has not built on is no evidence against
    the dates.

    Parameters
    ----------
    parcel
        The cells of its row that are filled in.
    is_used
        Whether a firm uses it.
    doubtful
        The columns whose day is doubtful: where one of them could decide, nothing is decided.

    Examples
    --------
    >>> rule = idle_rule(load_policy())
    >>> parcel = {"agreed_start_on": date(2021, 6, 30), "price_wan": 300.0, "idle_cause": "firm"}
    >>> judged = idleness(parcel, rule=rule, as_of=date(2022, 6, 30))
    >>> judged.state, judged.years, judged.fee_wan
    ('idle', 1, Fraction(60, 1))
    >>> idleness(parcel, rule=rule, as_of=date(2022, 6, 29)).state
    'not_idle'
    >>> doubtful = frozenset({"started_on"})
    >>> idleness(parcel, rule=rule, as_of=date(2022, 6, 30), doubtful=doubtful).state
    'undecided'
    """
    parcel = without(parcel, doubtful)
    deciding = tuple(name for name in _deciding(parcel, rule) if name in doubtful)
    if deciding:
        case = "suspended" if has_any(parcel, *STARTED_BY) else "not_started"
        return Idleness("undecided", case, reasons=(IN_DOUBT,), missing=deciding)
    if has_any(parcel, *STARTED_BY):
        judged = _started(parcel, rule, as_of)
    else:
        judged = _not_started(parcel, rule, as_of, is_used=is_used)
    return _handled(judged, parcel, rule) if judged.state == "idle" else judged


def _deciding(parcel: Row, rule: IdleRule) -> tuple[str, ...]:
    """Give the days that could still decide beside those that are known for certain."""
    if has_any(parcel, *ENDED_BY):
        return ()
    if has_any(parcel, *STARTED_BY):
        return (*ENDED_BY, "suspended_on", "idle_determined_on")
    by_supply = not has_any(parcel, "agreed_start_on") and rule.start_years_after_supply is not None
    return ("agreed_start_on", *STARTED_BY, *(("supplied_on",) if by_supply else ()))


def _not_started(parcel: Row, rule: IdleRule, as_of: date, *, is_used: bool) -> Idleness:
    since, reasons = _start_due(parcel, rule)
    if is_used and not has_any(parcel, "agreed_start_on"):
        return Idleness("not_idle", reasons=("in_use",))
    if since is None:
        return Idleness("undecided", "not_started", missing=("agreed_start_on",))
    full = full_years(since, as_of)
    state = "idle" if full >= rule.not_started.years else "not_idle"
    if state == "idle":
        reasons = (*reasons, "not_started_in_time")
    elif as_of > since:
        reasons = (*reasons, "start_overdue")
    else:
        reasons = (*reasons, "start_not_due")
    return Idleness(state, "not_started", since, max(full, 0), reasons=reasons)


def _start_due(parcel: Row, rule: IdleRule) -> tuple[date | None, tuple[str, ...]]:
    if has_any(parcel, "agreed_start_on"):
        return parcel["agreed_start_on"], ()
    years = rule.start_years_after_supply
    if years is None or not has_any(parcel, "supplied_on"):
        return None, ()
    return anniversary(parcel["supplied_on"], years), ("start_by_rule",)


def _started(parcel: Row, rule: IdleRule, as_of: date) -> Idleness:
    if has_any(parcel, *ENDED_BY):
        return Idleness("not_idle", reasons=("built",))
    since = parcel.get("suspended_on")
    if since is None and "suspended_on" in parcel:
        return Idleness("not_idle", reasons=("under_way",))
    full = None if since is None else full_years(since, as_of)
    judged = Idleness("not_idle", "suspended", since, full)
    if has_any(parcel, "idle_determined_on"):
        reasons = (*_below(parcel, rule)[0], "determined")
        return replace(judged, state="idle", reasons=reasons)
    if full is not None and full < rule.suspended.years:
        return replace(judged, reasons=("suspended_short",))
    return _too_little_done(judged, parcel, rule)


def _too_little_done(judged: Idleness, parcel: Row, rule: IdleRule) -> Idleness:
    """Judge works that have stopped for long enough, or may have, by how far they got."""
    reasons, below = _below(parcel, rule)
    if not reasons and None not in below.values():
        return replace(judged, reasons=("enough_done",))
    dates = tuple(name for name in ("completed_on", "suspended_on") if name not in parcel)
    if reasons and not dates:
        return replace(judged, state="may_be_idle", handling="to_determine", reasons=reasons)
    lacking = dates if reasons else (*dates, *_lacking(parcel, below, rule))
    return replace(judged, state="undecided", missing=lacking)


def _below(parcel: Row, rule: IdleRule) -> tuple[tuple[str, ...], Mapping[str, bool | None]]:
    """Tell which of the two shares are not reached, and of each whether it is."""
    share = rule.suspended.developed_share
    below = {
        "developed_below": is_less(parcel.get("developed_mu"), share, parcel.get("to_develop_mu")),
        "invested_below": is_less(*_investment(parcel, rule)),
    }
    return tuple(code for code, holds in below.items() if holds), below


def _investment(parcel: Row, rule: IdleRule) -> tuple[Any, Any, Any]:
    made, agreed = parcel.get("invested_wan"), parcel.get("agreed_investment_wan")
    share = rule.suspended.invested_share
    if not rule.investment_includes_price or made is None or agreed is None:
        return made, share, agreed
    price = parcel.get("price_wan")
    if price is None:
        return None, share, None
    return exact(made) - exact(price), share, exact(agreed) - exact(price)


def _lacking(parcel: Row, below: Mapping[str, bool | None], rule: IdleRule) -> tuple[str, ...]:
    wanted: list[str] = []
    if below["developed_below"] is None:
        wanted += ["developed_mu", "to_develop_mu"]
    if below["invested_below"] is None:
        wanted += ["invested_wan", "agreed_investment_wan"]
        wanted += ["price_wan"] if rule.investment_includes_price else []
    wholes = ("to_develop_mu", "agreed_investment_wan")  # of nothing there is no share
    return tuple(
        name for name in wanted if parcel.get(name) is None or (name in wholes and not parcel[name])
    )


def _handled(judged: Idleness, parcel: Row, rule: IdleRule) -> Idleness:
    """Say what follows: by whose fault it lies idle, and for how many full years."""
    cause = parcel.get("idle_cause")
    if cause in rule.not_at_fault:
        return replace(judged, cause=cause, handling=rule.handling.not_at_fault)
    if cause not in rule.at_fault:
        return replace(judged, handling="cause_unknown", missing=("idle_cause",))
    steps = rule.handling.steps(judged.case)
    years = judged.years
    reached = [step for step in steps if years is not None and years >= step.from_years]
    if not reached:
        return replace(judged, cause=cause)
    step = reached[-1]
    judged = replace(judged, cause=cause, handling=step.way)
    if step.price_share is None:
        return judged
    if not has_any(parcel, "price_wan"):
        return replace(judged, missing=("price_wan",))
    return replace(judged, fee_wan=step.price_share * exact(parcel["price_wan"]))


def full_years(since: date, as_of: date) -> int:
    """Count the full years from a day to the end of another; negative before it.

    A year is full on the same day of the next year, or on the month's last day where there is
    no such day. Source: 民法典 art. 201 and 202.

    >>> full_years(date(2020, 2, 29), date(2021, 2, 28))
    1
    >>> full_years(date(2021, 3, 1), date(2022, 2, 28))
    0
    """
    years = as_of.year - since.year
    return years if as_of >= anniversary(since, years) else years - 1


def anniversary(day: date, years: int) -> date:
    """Give the same day so many years later; 28 February where there is no 29th.

    >>> anniversary(date(2020, 2, 29), 1)
    datetime.date(2021, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _frame(judged: list[Idleness], index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "state": pd.Series([j.state for j in judged], index=index, dtype="str"),
            "case": pd.Series([j.case for j in judged], index=index, dtype="str"),
            "since": pd.to_datetime(pd.Series([j.since for j in judged], index=index)),
            "years": pd.Series([j.years for j in judged], index=index, dtype="Int64"),
            "cause": pd.Series([j.cause for j in judged], index=index, dtype="str"),
            "handling": pd.Series([j.handling for j in judged], index=index, dtype="str"),
            "fee_wan": pd.Series(
                [None if j.fee_wan is None else float(j.fee_wan) for j in judged],
                index=index,
                dtype="float64",
            ),
            "reasons": pd.Series([j.reasons for j in judged], index=index, dtype="object"),
            "missing": pd.Series([j.missing for j in judged], index=index, dtype="object"),
        }
    )
