"""What became of listed firms and of two-high projects for which the plan sets no figure."""

from fractions import Fraction
from typing import Literal

import pandas as pd

from tenglong.errors import ConfigurationError
from tenglong.measure.clearance.standing import standings
from tenglong.measure.clearance.two_high import two_high_projects
from tenglong.measure.county import County
from tenglong.measure.reading import Coverage, Evidence, Figure, Reading, Series
from tenglong.measure.row import surely

PROJECT = ("project_id", "name", "started_on", "assessed_on", "assessment")
SHOWN = ("usci", "name", "state", "since", "is_illegal", "is_proven")
LACKING = ("_missing", "_late")


def listed_firms_ended(county: County, *, is_illegal: bool) -> Reading:
    """How many of the listed firms have left the loop with evidence (销号或关停), in 家.

    Parameters
    ----------
    is_illegal
        Only those of which a record says that they break the law, or only the others.

    Raises
    ------
    Unavailable
        If there are no `clearance_events`, or they do not say who breaks the law.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "closed", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-06-01", "2021-03-01"],
    ...     "is_illegal": [True, None, None], "evidence": [None, "关停验收1号", None]})
    >>> reading = listed_firms_ended(county, is_illegal=True)
    >>> int(reading.done), int(reading.required)
    (1, 1)
    """
    county.table("clearance_events", "is_illegal")
    firms = standings(county)
    chosen = firms[surely(firms["is_illegal"]) == is_illegal]
    done = surely(chosen["is_proven"])
    rows = chosen[[name for name in SHOWN if name in chosen]]
    evidence = (Evidence("clearance_events", rows),)
    return Coverage(Fraction(int(done.sum())), Fraction(len(chosen)), "家", evidence=evidence)


def two_high_found(
    county: County, *, what: Literal["rectify", "remove", "unapproved", "proposed"]
) -> Reading:
    """Count the two-high projects of which something was found, on the day, in 个.

    Parameters
    ----------
    what
        `rectify` or `remove`: the check's result, of projects not given up since; `unapproved`:
        built with an approval missing or late; `proposed`: not begun.

    Raises
    ------
    Unavailable
        If projects do not tell what it rests on.
    ConfigurationError
        If there is no such finding.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P"], "is_two_high": [True], "energy_tce": [1040.0],
    ...     "started_on": ["2022-01-05"], "assessed_on": ["2022-05-05"], "assessment": ["rectify"]})
    >>> int(two_high_found(county, what="rectify").figures[0].value)
    1
    """
    needed = {"rectify": "assessment", "remove": "assessment"}.get(what, "started_on")
    projects = county.table("projects", "is_two_high", needed)
    frame = two_high_projects(county)
    flagged = frame[frame["is_flagged"]]
    gone = projects.get("terminated_on", pd.Series(pd.NaT, index=projects.index)).notna()
    there = flagged[~gone[flagged.index]]
    match what:
        case "rectify" | "remove":
            chosen = there[surely(there["assessment"] == what)]
        case "unapproved":
            chosen = there[[_is_unapproved(codes) for codes in there["findings"]]]
        case "proposed":
            chosen = there[there["stage"] == "proposed"]
        case _:
            raise ConfigurationError(f"two_high_found: nothing is called {what!r}")
    shown = [name for name in PROJECT if name in chosen]
    figure = Figure(county.as_of, Fraction(len(chosen)))
    return Series((figure,), "个", evidence=(Evidence("projects", chosen[shown]),))


def _is_unapproved(codes: tuple[str, ...]) -> bool:
    return any(code.endswith(LACKING) for code in codes)
