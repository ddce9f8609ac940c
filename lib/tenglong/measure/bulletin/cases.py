"""Firms, projects and parcels that need action, the most urgent first."""

from typing import Any

import pandas as pd

from tenglong.measure.bulletin.points import Case
from tenglong.measure.clearance.standing import standings
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import parcel_areas
from tenglong.measure.firm.places import PLACE, township_labels
from tenglong.measure.land.idle import idle_land
from tenglong.measure.project.stages import project_stages
from tenglong.measure.row import rows


def overdue(county: County) -> tuple[Case, ...]:
    """List the firms whose next step in the closed loop is past its day, the latest first.

    Raises
    ------
    Unavailable
        If there are no `clearance_events`.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]})
    >>> [(one.name, one.step, one.days) for one in overdue(county)]
    [('A', 'check', 181)]
    """
    late = standings(county)
    late = late[late["days_overdue"].notna()]
    places = township_labels(county)
    cases = [
        Case(
            str(row.get("name") or row["usci"]),
            places.get(str(row.get(PLACE)), ""),
            row["owed"],
            int(row["days_overdue"]),
            since=row["since"],
            due_on=row["due_on"],
        )
        for row in rows(late)
    ]
    return tuple(sorted(cases, key=_urgency))


def stuck(county: County) -> tuple[Case, ...]:
    """List the projects that stand in a stage longer than the policy allows, the latest first.

    Raises
    ------
    Unavailable
        If there are no `projects`, or not all dates of their stages.
    """
    found = project_stages(county)
    named = _named(found[found["is_stuck"]], county.table("projects"), "project_id")
    places = township_labels(county)
    cases = [
        Case(
            row["name"],
            places.get(str(row.get(PLACE)), ""),
            str(row["next_stage"] or ""),
            int(row["days_over"]),
            since=row["since"],
        )
        for row in rows(named)
    ]
    return tuple(sorted(cases, key=_urgency))


def idle(county: County) -> tuple[Case, ...]:
    """List the idle land: what is to be taken back first, then the longest idle.

    Raises
    ------
    Unavailable
        If there are no parcels, or none says when it was started.
    """
    found = idle_land(county)
    parcels = county.table("parcels", "parcel_id")
    areas = parcels["parcel_id"].map(parcel_areas(county))
    named = _named(found[found["state"] == "idle"], parcels, "parcel_id").assign(area_mu=areas)
    places = township_labels(county)
    cases = [
        Case(
            row["name"],
            places.get(str(row.get(PLACE)), ""),
            str(row["handling"] or ""),
            since=row["since"],
            amount=None if row["area_mu"] is None else exact(row["area_mu"]),
            fee_wan=None if row["fee_wan"] is None else exact(row["fee_wan"]),
        )
        for row in rows(named)
    ]
    return tuple(sorted(cases, key=_handling))


HANDLINGS = ("take_back", "fee", "by_decision", "agreement", "")


def _handling(case: Case) -> tuple[Any, ...]:
    order = HANDLINGS.index(case.step) if case.step in HANDLINGS else len(HANDLINGS)
    return order, case.since is None, case.since, case.name


def _urgency(case: Case) -> tuple[int, str, str]:
    return -(case.days or 0), case.name, case.step


def _named(found: pd.DataFrame, table: pd.DataFrame, key: str) -> pd.DataFrame:
    """Add each row's name, or else its key, and its township where known."""
    about = table.loc[found.index]
    names = (
        about["name"].astype("str")
        if "name" in about
        else pd.Series(None, index=about.index, dtype="str")
    )
    places = {PLACE: about[PLACE]} if PLACE in about else {}
    return found.assign(name=names.fillna(about[key].astype("str")), **places)
