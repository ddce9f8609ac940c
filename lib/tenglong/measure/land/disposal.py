"""What became of idle land (闲置土地处置), and how much industrial land there is in all."""

from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.doubt import NOTHING, named, span
from tenglong.measure.exact import exact_sum
from tenglong.measure.land.contract import land_states
from tenglong.measure.land.idle import IN_DOUBT, anniversary, idle_land, idle_rule
from tenglong.measure.land.supply import change_mu, is_industrial
from tenglong.measure.land.tally import land_extents
from tenglong.measure.policy.file import most_missing
from tenglong.measure.reading import (
    Blank,
    Coverage,
    Evidence,
    Figure,
    Gap,
    NotKnown,
    Reading,
    Series,
)
from tenglong.measure.row import Row, has_any, rows, surely, without

SHOWN = ("parcel_id", "name", "agreed_start_on", "started_on", "idle_disposed_on")


def idle_handled(county: County) -> Reading:
    """Idle land that was dealt with inside the plan's window, in 宗.

    Required is what counts as idle on the day (`data/policy/idle.yml`) and what was idle and
    has been started inside the window; done is the latter, and what `idle_disposed_on` says
    was disposed of. `parts` tells how many may be determined as idle and have not been. A
    parcel whose days are doubtful is neither required nor done, and may come to be required.

    Raises
    ------
    Unavailable
        If there are no parcels, or none says when it was started.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1", "P2"], "started_on": [None, "2022-05-01"],
    ...     "agreed_start_on": ["2020-06-30", "2021-03-01"]})
    >>> reading = idle_handled(county)
    >>> int(reading.done), int(reading.required)
    (1, 2)
    """
    parcels, judged = county.table("parcels", "parcel_id", "started_on"), idle_land(county)
    years, since = idle_rule(county.policy).not_started.years, county.plan.window.start
    known = [
        without(cells, county.doubts("parcels", int(row)))
        for row, cells in zip(parcels.index, rows(parcels), strict=True)
    ]
    ended = [_started_late(row, years, since) for row in known]
    was_idle = pd.Series(ended, index=parcels.index, dtype=bool)
    required = judged["is_counted"] | was_idle
    disposed = pd.Series([has_any(row, "idle_disposed_on") for row in known], index=parcels.index)
    done = required & (was_idle | disposed)
    blanks = _doubts(parcels, judged[~required])
    counted = Fraction(int(done.sum())), Fraction(int(required.sum()))
    may_owe = (NOTHING, (Fraction(0), Fraction(1)))
    low, high = span(counted, [may_owe] * len({blank.row for blank in blanks}))
    chosen = parcels.loc[required, [name for name in SHOWN if name in parcels]]
    return Coverage(
        *counted,
        "宗",
        parts={"candidates": int((judged["state"] == "may_be_idle").sum())},
        evidence=(Evidence("parcels", pd.DataFrame(chosen)),),
        blanks=blanks,
        low=low if blanks else None,
        high=high if blanks else None,
    )


def _doubts(parcels: pd.DataFrame, judged: pd.DataFrame) -> tuple[Blank, ...]:
    """Name the doubtful days for which it cannot be told whether land lies idle."""
    open_ = judged[judged["reasons"].map(lambda reasons: IN_DOUBT in reasons).astype(bool)]
    names = named(parcels.loc[open_.index])
    return tuple(
        Blank("parcels", column, str(name), int(row))
        for row, name, columns in zip(open_.index, names, open_["missing"], strict=True)
        for column in columns
    )


def _started_late(parcel: Row, years: int, since: date) -> bool:
    """Whether land lay idle and was started from a day on."""
    agreed, started = parcel.get("agreed_start_on"), parcel.get("started_on")
    if agreed is None or started is None:
        return False
    return bool(started > anniversary(agreed, years) and started >= since)


def land_in_states(county: County, *, states: list[str]) -> Reading:
    """Count the parcels in states of `data/policy/land_state.yml`, in 宗, on the day itself.

    Raises
    ------
    Unavailable
        If there are no parcels, or none says when it was started.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1"], "started_on": [None], "agreed_start_on": ["2022-03-01"]})
    >>> int(land_in_states(county, states=["supplied_unused"]).figures[0].value)
    1
    """
    return _parcels(county, land_states(county)["land_state"].isin(states))


def idle_candidates(county: County) -> Reading:
    """Count the parcels that may be determined as idle and have not been, in 宗, on the day.

    Raises
    ------
    Unavailable
        If there are no parcels, or none says when it was started.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1"], "started_on": ["2019-05-01"], "completed_on": [None],
    ...     "suspended_on": ["2021-01-01"], "developed_mu": [1.0], "to_develop_mu": [18.0]})
    >>> int(idle_candidates(county).figures[0].value)
    1
    """
    return _parcels(county, idle_land(county)["state"] == "may_be_idle")


def _parcels(county: County, chosen: "pd.Series[bool]") -> Series:
    parcels = county.table("parcels", "parcel_id")
    shown = pd.DataFrame(parcels.loc[chosen, [c for c in ("parcel_id", "name") if c in parcels]])
    figure = Figure(county.as_of, Fraction(len(shown)))
    return Series((figure,), "宗", evidence=(Evidence("parcels", shown),))


def industrial_land(county: County) -> Reading:
    """Add up the industrial land there is (工业用地总量) at the ends of the years, and on the day.

    Formula: Σ area of the industrial parcels supplied by then (`land_state.yml`, area) − Σ area
    taken out of industrial use by then + Σ area put into it that no parcel of the table stands
    for (`land_moves`). A parcel without a day of supply was there all the time; no total is
    told where more of the parcels lack their area than the policy allows.

    Raises
    ------
    Unavailable
        If there are no parcels, or it is not told when they were supplied.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1", "P2"], "supplied_mu": [30.0, 12.5],
    ...     "supplied_on": ["2010-01-01", "2021-05-01"]})
    >>> [float(figure.value) for figure in industrial_land(county).figures]
    [30.0, 42.5, 42.5]
    """
    parcels = county.table("parcels", "parcel_id", "supplied_on")
    if "land_use" in parcels:
        is_kept = is_industrial(parcels["land_use"], county).fillna(value=True).astype(bool)
        parcels = parcels[is_kept]
    areas = land_extents(county).loc[parcels.index]
    lacking = int(areas.isna().sum())
    if lacking > most_missing(county.policy) * len(parcels):
        return NotKnown(Gap.NO_DATA, "population_incomplete", "parcels", "supplied_mu")
    moved = _moves(county, parcels)
    first = county.plan.baseline_year
    ends = [date(year, 12, 31) for year in range(first, county.as_of.year)] + [county.as_of]
    figures = []
    for end in ends:
        there = ~surely(parcels["supplied_on"] > pd.Timestamp(end))
        gone = moved[surely(moved["moved_on"] <= pd.Timestamp(end))]["change_mu"]
        total = exact_sum(areas[there]) + exact_sum(gone)
        parts = {"parcels": int(there.sum()), "parcels_lacking": lacking}
        figures.append(Figure(end, total, parts))
    columns = [c for c in ("parcel_id", "name", "supplied_on", "supplied_mu") if c in parcels]
    evidence = Evidence("parcels", pd.DataFrame(parcels[columns]))
    return Series(tuple(figures), "亩", evidence=(evidence, Evidence("land_moves", moved)))


def _moves(county: County, parcels: pd.DataFrame) -> pd.DataFrame:
    """Give what was converted, and what was put in without a parcel of its own."""
    moves = county.tables.get("land_moves")
    if moves is None:
        return pd.DataFrame({"moved_on": pd.to_datetime([]), "change_mu": pd.Series(dtype=float)})
    known = moves.assign(change_mu=change_mu(moves))
    named = moves.get("parcel_id", pd.Series(None, index=moves.index, dtype="str"))
    stands = named.isin(parcels["parcel_id"])
    # A parcel of the table counts with its own area: of it only what was taken out is moved.
    out, into = ((known["direction"] == way) for way in ("out", "in"))
    return known[(out & (stands | named.isna())) | (into & ~stands)]
