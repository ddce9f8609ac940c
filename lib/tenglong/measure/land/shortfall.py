"""How far a parcel lies behind its contract: days late, and what was agreed against what is."""

from datetime import date

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.land.contract import Check, failed_checks, land_state_rule, land_states
from tenglong.measure.land.idle import anniversary
from tenglong.measure.land.idle_rule import idle_rule
from tenglong.measure.land.occupants import outputs
from tenglong.measure.row import Row, rows

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
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
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
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
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
    for row, state, parcel, output in zip(
        parcels.index, states, rows(parcels), figures, strict=True
    ):
        known = {**parcel, **output}
        for check in failed_checks(known, str(state), rule=rule, output_year=year):
            lines.append((parcel["parcel_id"], state, *_figures(known, check)))
            index.append(row)
    made = pd.DataFrame(lines, columns=CHECKS, index=pd.Index(index, dtype="int64"))
    return made.sort_values(["reached", "parcel_id", "actual_name"], kind="stable")


def _figures(parcel: Row, check: Check) -> tuple[str, str, float, float, float]:
    actual, agreed = exact(parcel[check.actual]), exact(parcel[check.agreed])
    reached = float(actual / agreed)
    return check.actual, check.agreed, float(actual), float(agreed), reached
