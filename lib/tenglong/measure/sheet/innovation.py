"""Innovation and quality: the clauses about them, what is still to be done, and the titles."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

import pandas as pd

from tenglong.measure.board.board import assess_plan, read
from tenglong.measure.clause import Clause, Kind
from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.judge.assessment import Assessment, Board, Status
from tenglong.measure.judge.clock import pace
from tenglong.measure.policy.chosen import Chosen
from tenglong.measure.policy.file import policy_file
from tenglong.measure.published.revisions import contradictions, restatements
from tenglong.measure.reading import Flow, Reading
from tenglong.measure.sheet.sheet import PageSheet
from tenglong.measure.title.titles import events, stands_twice
from tenglong.measure.unit import UNITS, convert

YEARS = ["kind", "year", "won", "lost", "new_holders", "holders_lost", "holders"]


def titles_by_year(county: County) -> pd.DataFrame:
    """Count titles and their holders by kind and year.

    Returns
    -------
    DataFrame
        One row a kind and year, from the kind's first year to that of `as_of`: `kind`, `year`,
        `won` (titles, one that stands twice in a batch once), `lost`, `new_holders` (firms that
        came to hold it), `holders_lost` (that no longer do), `holders` (at the end of the
        year, or on `as_of`).

    Raises
    ------
    Unavailable
        If there are no recognitions.

    Examples
    --------
    >>> county = example_county(recognitions={
    ...     "kind": ["high_tech_firm"] * 3, "holder": ["甲", "乙", "甲"],
    ...     "recognised_on": ["2021-03-01", "2021-03-01", "2022-03-01"],
    ...     "is_lost": [False, False, True]})
    >>> titles_by_year(county)[["year", "won", "lost", "holders"]].values.tolist()
    [[2021, 2, 0, 2], [2022, 0, 1, 1]]
    """
    frame = events(county)
    lines = []
    for kind, rows in frame.groupby("kind"):
        rows = rows[~stands_twice(rows)]  # noqa: PLW2901 - the same rows, each once
        changes = _changes(rows)
        years = rows["recognised_on"].dt.year
        for year in range(int(years.min()), county.as_of.year + 1):
            mine, lost = rows[years == year], rows["is_lost"]
            change = changes[changes["year"] == year]["change"]
            held = int(changes.loc[changes["year"] <= year, "change"].sum())
            counts = (int((~lost[mine.index]).sum()), int(lost[mine.index].sum()))
            moved = (int((change > 0).sum()), int((change < 0).sum()))
            lines.append((kind, year, *counts, *moved, held))
    return pd.DataFrame(lines, columns=YEARS)


def _changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Follow the holders of one kind: +1 when one comes to hold the title, −1 when it loses it."""
    holds: set[str] = set()
    changes = []
    for day, holder, is_lost in zip(
        rows["recognised_on"], rows["holder_id"], rows["is_lost"], strict=True
    ):
        if is_lost == (holder in holds):
            (holds.discard if is_lost else holds.add)(holder)
            changes.append((day.year, -1 if is_lost else 1))
    return pd.DataFrame(changes, columns=["year", "change"]).astype("int64")


def title_findings(county: County) -> pd.DataFrame:
    """List the rows of `recognitions` that are odd; none is corrected.

    Returns
    -------
    DataFrame
        By the rows of `recognitions`: `code`, `kind`, `holder`, `recognised_on`, `batch`,
        `item` (as far as supplied). Codes: `same_batch_twice` (counted once) and
        `lost_without_title` (lost by one that did not hold it then; it does not lower the
        number of holders).

    Examples
    --------
    >>> county = example_county(recognitions={
    ...     "kind": ["rd_centre"] * 2, "holder": ["甲", "甲（文成）"], "usci": ["91A", "91A"],
    ...     "recognised_on": ["2021-03-01", "2021-03-05"], "batch": ["2021年第1批"] * 2,
    ...     "item": [None] * 2, "is_lost": [None] * 2})
    >>> title_findings(county)["code"].tolist()
    ['same_batch_twice']
    """
    frame = events(county)
    twice = stands_twice(frame)
    about = ("kind", "holder", "recognised_on", "batch", "item")
    shown = [name for name in about if name in frame]
    again = frame.loc[twice, shown].assign(code="same_batch_twice")
    without = frame.loc[_unheld(frame), shown].assign(code="lost_without_title")
    return pd.concat([again, without])[["code", *shown]].sort_index()


def _unheld(frame: pd.DataFrame) -> pd.Series:
    """Whether a row says that a title was lost that its holder did not hold."""
    holds: set[tuple[str, str]] = set()
    odd = []
    for kind, holder, is_lost in zip(
        frame["kind"], frame["holder_id"], frame["is_lost"], strict=True
    ):
        odd.append(is_lost and (kind, holder) not in holds)
        (holds.discard if is_lost else holds.add)((kind, holder))
    return pd.Series(odd, index=frame.index, dtype=bool)


Points = tuple[tuple[date, Fraction | None], ...]
DONE = (Status.ACHIEVED, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class InnovationRule:
    """The file `innovation.yml`."""

    measured_by: tuple[Chosen, ...]


@dataclass(frozen=True)
class Track:
    """One clause over time: by year where it counts every year, else as it grew.

    `short` is what is still wanting until `due`, in the clause's unit, counts rounded up; None
    where nothing is, or it cannot be told. `own` is what the township looked at has of it.
    """

    judged: Assessment
    points: Points
    short: Fraction | None
    due: date
    own: Fraction | None = None


@dataclass(frozen=True, eq=False, repr=False)
class InnovationSheet(PageSheet):
    """What the page shows; clauses are judged on the whole county, titles are the place's."""

    board: Board
    tracks: tuple[Track, ...]
    titles: pd.DataFrame | Unavailable
    odd: pd.DataFrame | Unavailable
    lost: pd.DataFrame | Unavailable
    contradicted: pd.DataFrame | Unavailable
    restated: pd.DataFrame | Unavailable

    @property
    def open(self) -> tuple[Track, ...]:
        """What is not yet done, in the order of the plan."""
        return tuple(track for track in self.tracks if track.judged.status not in DONE)


def innovation_sheet(whole: County, county: County) -> InnovationSheet:
    """Gather the clauses about innovation and quality, and the titles.

    Raises
    ------
    ConfigurationError
        If the policy or the plan's indicators are malformed.
    """
    tracks = tuple(_track(whole, county, clause) for clause in chosen_clauses(whole))
    board = Board(
        whole.as_of,
        pace(whole.plan.window, whole.as_of),
        tuple(track.judged for track in tracks),
    )
    return InnovationSheet(
        board,
        tracks,
        titles=attempt(titles_by_year, county),
        odd=attempt(title_findings, county),
        lost=attempt(lost_titles, county),
        contradicted=attempt(lambda one: _of_clauses(contradictions(one), tracks), whole),
        restated=attempt(lambda one: _of_clauses(restatements(one), tracks), whole),
    )


def chosen_clauses(county: County) -> tuple[Clause, ...]:
    """Give the clauses that `innovation.yml` puts on the page, in the order of the plan.

    Raises
    ------
    ConfigurationError
        If the file is malformed.
    """
    rule = policy_file(InnovationRule, county.policy, "innovation")
    return tuple(
        clause
        for clause in county.plan.clauses
        if any(chosen.is_of(clause.indicator) for chosen in rule.measured_by)
    )


def lost_titles(county: County) -> pd.DataFrame:
    """List the titles that were lost, the latest first, by the rows of `recognitions`.

    Raises
    ------
    Unavailable
        If there are no recognitions, or it is not told which were lost.

    Examples
    --------
    >>> county = example_county(recognitions={
    ...     "kind": ["rd_centre"] * 2, "holder": ["甲"] * 2, "is_lost": [None, True],
    ...     "recognised_on": ["2021-03-01", "2022-03-01"]})
    >>> lost_titles(county)["recognised_on"].dt.year.tolist()
    [2022]
    """
    frame = events(county)
    about = [name for name in ("kind", "holder", "recognised_on", "batch") if name in frame]
    lost = frame.loc[frame["is_lost"], about]
    return lost.sort_values("recognised_on", ascending=False, kind="stable")


def _of_clauses(rows: pd.DataFrame, tracks: tuple[Track, ...]) -> pd.DataFrame:
    """Give the published figures that a clause of the page goes by, with its `clause`."""
    by_series = {
        str(ref.options["indicator"]): track.judged.clause.id
        for track in tracks
        for ref in [track.judged.clause.indicator]
        if ref is not None and "indicator" in ref.options
    }
    found = rows[rows["indicator"].isin(by_series)]
    return found.assign(clause=found["indicator"].map(by_series))


def _track(county: County, place: County, clause: Clause) -> Track:
    reading = read(county, clause)
    judged = assess_plan(county)[clause.id]
    short, due = _short(judged, county.as_of)
    own = None if place is county else _so_far(read(place, clause), clause, county.as_of)
    return Track(judged, _points(judged, reading, county.as_of), short, due, own)


def _points(judged: Assessment, reading: Reading, as_of: date) -> Points:
    """Give what a picture of the clause shows; a day without a value where nothing is known."""
    clause = judged.clause
    if not judged.status.is_known and not judged.trend:
        return ((as_of, None),)
    if clause.kind is Kind.ANNUAL:
        return tuple(
            (min(date(year.year, 12, 31), as_of), year.actual)
            for year in judged.years
            if year.verdict != "not_due"
        )
    if clause.kind is Kind.GROWTH:
        return _growth(judged.trend) or ((as_of, None),)
    if isinstance(reading, Flow):
        return _cumulated(reading, clause, as_of)
    return judged.trend or ((as_of, judged.actual),)


def _growth(levels: tuple[tuple[date, Fraction], ...]) -> Points:
    """Turn an index into the growth of each period, in per cent."""
    return tuple((day, (now / before - 1) * 100) for (_, before), (day, now) in pairwise(levels))


def _cumulated(flow: Flow, clause: Clause, as_of: date) -> Points:
    start, end = clause.window.start, min(as_of, clause.window.end)
    ends = [date(year, 12, 31) for year in range(start.year, end.year)] + [end]
    begun = (start - timedelta(days=1), Fraction(0))
    sums = ((day, _sum(flow, start, day)) for day in ends if day >= start)
    return (begun, *((day, convert(x, unit=flow.unit, to=clause.unit)) for day, x in sums))


def _sum(flow: Flow, start: date, end: date) -> Fraction:
    return sum((amount for day, amount in flow.amounts if start <= day <= end), Fraction(0))


def _so_far(reading: Reading, clause: Clause, as_of: date) -> Fraction | None:
    """Count what a township has of a clause's flow: since it began, or of the running year."""
    if not isinstance(reading, Flow):
        return None
    first = date(as_of.year, 1, 1) if clause.kind is Kind.ANNUAL else clause.window.start
    return convert(_sum(reading, first, as_of), unit=reading.unit, to=clause.unit)


def _short(judged: Assessment, as_of: date) -> tuple[Fraction | None, date]:
    clause, target = judged.clause, judged.target
    is_annual = clause.kind is Kind.ANNUAL and as_of <= clause.due
    due = min(date(as_of.year, 12, 31), clause.due) if is_annual else clause.due
    actual = _this_year(judged, as_of) if is_annual else judged.actual
    if target is None or actual is None or clause.kind is Kind.GROWTH:
        return None, due
    wanting = target - actual
    if wanting <= 0:
        return None, due
    is_count = UNITS.get(clause.unit, ("",))[0] == "count"
    return (Fraction(ceil(wanting)) if is_count else wanting), due


def _this_year(judged: Assessment, as_of: date) -> Fraction | None:
    years = {year.year: year.actual for year in judged.years}
    return years.get(as_of.year, judged.actual)
