"""What the command line asks of a batch: its reports, its workers, and the province at its end."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tenglong.errors import UsageError
from tenglong.run.batch.each import each
from tenglong.run.batch.foreman import Crew, run
from tenglong.run.batch.landing import summary_of
from tenglong.run.batch.sets import sets
from tenglong.run.batch.unit import Unit, unit_of
from tenglong.run.batch.wanted import Wanted, crossed, requested
from tenglong.run.batch.ways import TOWNSHIP
from tenglong.run.batch.workers import cluster, local
from tenglong.run.kernel.kind import Kind
from tenglong.run.room import require_room
from tenglong.run.scratch import scratch
from tenglong.run.standing import claim_of
from tenglong.source.description import describe_bundle

PROVINCE = "province"
SETTLED: Mapping[str, tuple[str, ...]] = {TOWNSHIP: ("township",)}
WHEN = ("period", "cadence")


@dataclass(frozen=True)
class Batch:
    """A batch as it is asked for.

    Attributes
    ----------
    ways
        How each bundle's reports are divided (`ways.WAYS`).
    file
        The file of parameter sets; None where there is none.
    jobs
        How many reports are made at a time; None for one a core.
    cluster
        The address of a scheduler; empty for processes of this machine.
    is_province
        Whether the counties are rolled up in the end.
    kind
        How kernels start.
    is_fresh
        Whether every page is made anew, whatever is kept.
    """

    bundles: tuple[str, ...]
    out: Path
    notebooks: Path | None = None
    ways: tuple[str, ...] = ()
    file: Path | None = None
    jobs: int | None = None
    cluster: str = ""
    is_province: bool = False
    kind: Kind = Kind.WARM
    is_fresh: bool = False

    def make(self, asked: Mapping[str, Any]) -> tuple[Path, ...]:
        """Make all reports, and the province's page; give the folders of those that failed.

        Parameters
        ----------
        asked
            What `run.request` takes besides, of every report.

        Raises
        ------
        UsageError
            With everything that is wrong with any of them, before one is begun.
        TakenError
            If something else stands where a report would (`run.room`), before one is begun.
        BusyError, WriteError, SourceError
            As `run.batch.foreman.run`.
        """
        wanted, faults = self._wanted(asked)
        requests = requested(wanted, self.notebooks, faults)
        if self.is_province:
            _require_counties(wanted)
        for request in requests:
            if not request.is_partial:  # where that stands is settled by whoever makes it
                require_room(request.out, request.name, claim_of(request))
        several = len({one.bundle.path for one in requests}) > 1
        with scratch() as folder:
            known: dict[Path, str] = {}
            units = [
                replace(
                    unit_of(request, self.notebooks, one.asked.get("pairs", ()), known=known),
                    scratch=None if self.cluster else folder,
                    is_summed=several and request.township is None and not request.is_partial,
                    kind=self.kind,
                    is_fresh=self.is_fresh,
                )
                for one, request in zip(wanted, requests, strict=True)
            ]
            failed = run(units, self._crew(len(units)))
            if self.is_province and not failed:
                failed = run(list(self._provinces(units, folder)), partial(local, 1))
        return failed

    def _wanted(self, asked: Mapping[str, Any]) -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
        if self.file is not None:
            if self.ways or len(self.bundles) > 1:
                said = "--sets: says itself which reports, without --each or many BUNDLEs"
                raise UsageError(said)
            return sets(self.file, self.out, *self.bundles)
        if not self.bundles:
            raise UsageError("names no BUNDLE")
        for way in self.ways:
            own = [name for name in SETTLED.get(way, WHEN) if asked.get(name)]
            if own:
                raise UsageError(f"--each {way}: not with --{own[0]}")
        wanted = [Wanted(bundle, self.out, asked) for bundle in self.bundles]
        return tuple(part for one in wanted for part in self._divided(one)), ()

    def _divided(self, one: Wanted) -> tuple[Wanted, ...]:
        if not self.ways:
            return (one,)
        about, day = describe_bundle(one.bundle), one.asked["as_of"]
        return crossed(one, *(_settling(way, each(way, about, day)) for way in self.ways))

    def _crew(self, reports: int) -> Crew:
        if self.cluster:
            return partial(cluster, self.cluster)
        return partial(local, min(self.jobs or cores(), reports))

    def _provinces(self, units: Sequence[Unit], scratch: Path) -> Iterator[Unit]:
        """Give the province's page of every day: the first county's, beside others' summaries."""
        days: dict[str, list[Unit]] = {}
        for unit in units:
            days.setdefault(unit.asked["as_of"], []).append(unit)
        for first, *others in days.values():
            beside = tuple(str(summary_of(one)) for one in others)
            asked = {**first.asked, "beside": beside, "page_ids": (PROVINCE,)}
            page = Wanted(first.bundle, first.out, asked)
            (request,) = requested([page], self.notebooks)
            unit = unit_of(request, self.notebooks, asked["pairs"], known={})
            yield replace(unit, scratch=scratch, kind=self.kind, is_fresh=self.is_fresh)


def _require_counties(wanted: Sequence[Wanted]) -> None:
    """Make sure that there are whole counties to roll up."""
    if any(one.asked.get("township") or one.asked.get("page_ids") for one in wanted):
        raise UsageError("--province: needs whole reports of whole counties")
    if len({one.bundle for one in wanted}) <= 1:
        raise UsageError("--province: needs two BUNDLEs or more")


def _settling(way: str, found: Sequence[Mapping[str, str]]) -> list[Mapping[str, Any]]:
    """Let a period say the day by itself."""
    return [one if way == TOWNSHIP else {**one, "as_of": None} for one in found]


def cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
