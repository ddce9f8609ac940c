"""Make the reports of a batch: hand them out, and let each land as it comes back."""

import shutil
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future, as_completed
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from tenglong.errors import SourceError
from tenglong.run.batch.estimate import Estimate, spoken
from tenglong.run.batch.landing import landing
from tenglong.run.batch.unit import Delivery, Unit
from tenglong.run.batch.work import work
from tenglong.run.batch.workers import Workers, attend

Crew = Callable[[], AbstractContextManager[Workers]]
Worker = Callable[[Unit], Delivery]
TRIES_ALONE = 2
DIED = "its process died twice"


@dataclass
class Tally:
    """What a person sees of a batch: a line a report, and how long the rest takes."""

    units: Sequence[Unit]
    estimate: Estimate
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    done: int = 0

    def line(self, made: Delivery, rest: Sequence[Unit], workers: int) -> None:
        """Say how a report went."""
        self.done += 1
        verdict = "failed" if made.failed else "ok"
        left = self.estimate.left([one.sort for one in rest], workers)
        ahead = f", {spoken(left)} left" if rest and left is not None else ""
        label = f"[{self.done}/{len(self.units)}] {made.name.as_posix()}"
        print(f"{label}: {verdict}, {made.seconds:.1f} s{ahead}", file=self.stream)
        for page_id, reason in made.failed.items():
            where = f"{made.name.as_posix()}: {page_id}".removesuffix(": ")
            print(f"tenglong: {where}: {reason}", file=self.stream)


def run(units: Sequence[Unit], crew: Crew, *, worker: Worker = work) -> tuple[Path, ...]:
    """Make all reports; one that fails stops no other.

    Parameters
    ----------
    crew
        Opens the workers.
    worker
        What they do with a unit.

    Returns
    -------
    tuple of Path
        The folders of those that failed.

    Raises
    ------
    BusyError, WriteError
        If a folder of reports is taken or cannot be written to.
    SourceError
        If the workers cannot be reached, or are lost; what has landed until then stays.
    """
    estimate = Estimate.of(units[0].out)
    tally = Tally(units, estimate)
    rest = list(units)
    failed = []
    deliveries = closing(_deliveries(units, crew, worker))
    with landing(unit.out for unit in units) as ground, deliveries as those:
        try:
            for unit, made, workers in those:
                rest.remove(unit)
                place = ground.land(unit, made)
                if made.failed:
                    failed.append(place)
                else:
                    estimate.known[unit.sort] = made.seconds
                tally.line(made, rest, workers)
                _forget(unit, rest)
        finally:
            ground.close(units[0].asked["language"], estimate)
    return tuple(failed)


def _deliveries(
    units: Sequence[Unit], crew: Crew, worker: Worker
) -> Generator[tuple[Unit, Delivery, int]]:
    """Give what comes back, as it comes; a report that was lost is tried alone, up to twice.

    A pool that breaks does not say whose process died: most of what it loses has not died at all.
    """
    lost = []
    for unit, made, workers in _handed_out(units, crew, worker):
        if made is None:
            lost.append(unit)
        else:
            yield unit, made, workers
    for one in lost:
        for _ in range(TRIES_ALONE):
            [(unit, made, workers)] = _handed_out([one], crew, worker)
            if made is not None:
                break
        yield unit, made or Delivery(unit.name, failed={"": DIED}), workers


def _handed_out(
    units: Sequence[Unit], crew: Crew, worker: Worker
) -> Iterator[tuple[Unit, Delivery | None, int]]:
    with crew() as workers:
        futures = {workers.executor.submit(attend, worker, unit): unit for unit in units}
        for future in as_completed(list(futures)):
            unit = futures.pop(future)  # its bytes are let go of once they have landed
            yield unit, _result(future, unit), workers.count


def _result(future: "Future[Delivery]", unit: Unit) -> Delivery | None:
    """Give what came back; None where the process died, or was lost with another that did."""
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except CancelledError as error:
        raise SourceError("the cluster no longer answers; run it again for the rest") from error
    except Exception as error:  # noqa: BLE001 - of whatever kind, it is that report's own
        return Delivery(unit.name, failed={"": f"{type(error).__name__}: {error}"})


def _forget(unit: Unit, rest: Sequence[Unit]) -> None:
    """Remove what was read of a bundle when its last report is there."""
    if unit.scratch and unit.key not in {one.key for one in rest}:
        shutil.rmtree(unit.scratch / unit.key, ignore_errors=True)
