"""A report for every township of a bundle, or for every period of its plan that is over."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from tenglong.errors import UsageError
from tenglong.measure.firm.places import township_labels
from tenglong.measure.period import Period, last_over
from tenglong.measure.reading import Grain
from tenglong.run.batch.ways import TOWNSHIP
from tenglong.run.request import span
from tenglong.source.bundle import read_bundle
from tenglong.source.description import Description
from tenglong.source.plan import load_plan


def each(way: str, bundle: Description, as_of: str | None) -> list[Mapping[str, str]]:
    """Give what is asked of every report of one way to divide them.

    Parameters
    ----------
    way
        One of `WAYS`: every township that the bundle lists, or every month, quarter or year of
        the plan that is over on the day.
    as_of
        The day as typed; the bundle's own where it is None.

    Raises
    ------
    UsageError
        If there is none.
    """
    day = span(default=bundle.as_of, as_of=as_of).as_of
    if way == TOWNSHIP:
        found: list[Mapping[str, str]] = [{"township": code} for code in _townships(bundle, day)]
    else:
        start = load_plan(bundle.plan_choice).window.start
        found = [{"period": one.name} for one in periods(start, day, Grain(way))]
    if not found:
        raise UsageError(f"--each {way}: {bundle.path.name} has none on {day}")
    return found


def periods(start: date, day: date, grain: Grain) -> list[Period]:
    """Give the periods that begin on a day or later and are over on another, oldest first.

    >>> [one.name for one in periods(date(2021, 1, 1), date(2021, 8, 1), Grain.QUARTER)]
    ['2021Q1', '2021Q2']
    """
    return sorted(_back(start, last_over(day, grain)), key=lambda one: one.start)


def _back(start: date, period: Period) -> Iterator[Period]:
    while period.start >= start:
        yield period
        period = period.before


def _townships(bundle: Description, day: date) -> tuple[str, ...]:
    """Read the codes from the bundle's own table, and read no other."""
    sources = {name: source for name, source in bundle.sources.items() if name == "townships"}
    return tuple(township_labels(read_bundle(replace(bundle, sources=sources)).on(day)))
