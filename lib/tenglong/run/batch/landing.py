"""Where the reports of a batch land: each whole or absent, as that of a single run."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tenglong.run import manifest
from tenglong.run.batch.estimate import NAME, Estimate
from tenglong.run.batch.unit import Delivery, Unit, write_files
from tenglong.run.publish import Library, opened, writing
from tenglong.run.room import Claim, require_room
from tenglong.run.shelving import shelve

SUMMARIES = ".counties"


@dataclass(frozen=True)
class Landing:
    """The folders of reports that a batch has to itself."""

    libraries: dict[Path, Library]

    def land(self, unit: Unit, made: Delivery) -> Path:
        """Let a report take its place, or keep what there is of one that failed.

        Returns
        -------
        Path
            Where it stands now; the folder of reports where there is nothing of it.

        Raises
        ------
        TakenError
            If something else has come to stand there since the batch began (`run.room`).
        """
        library = self.libraries[unit.out]
        if not made.files:
            return unit.out
        with library.staged(made.name) as folder:
            with writing(unit.out):
                write_files(folder, made.files)
            if made.failed:
                folder.chmod(0o700)
                return library.keep_aside(folder, made.name)
            if (about := manifest.read(folder)) is not None:
                require_room(unit.out, made.name, Claim.of(about))
            library.publish(folder, made.name)
        if made.summary:
            self._keep(unit, made)
        return unit.out / made.name

    def _keep(self, unit: Unit, made: Delivery) -> None:
        place = summary_of(unit)
        with writing(unit.out):
            place.parent.mkdir(parents=True, exist_ok=True)
            draft = place.with_suffix(".new")
            draft.write_bytes(made.summary)
            draft.replace(place)

    def close(self, language: str, estimate: Estimate) -> None:
        """Make every shelf anew, and keep for the next run what this one took."""
        for library in self.libraries.values():
            for said in shelve(library, language):
                print(said, file=sys.stderr)
            library.replace(NAME, estimate.text)


def summary_of(unit: Unit) -> Path:
    """Say where a county's summary stands: with those of all counties on that day.

    >>> asked = {"as_of": "2022-06-30"}
    >>> unit = Unit(Path("a/2022Q2"), Path("r"), "/b/a", asked, None, {}, {})
    >>> summary_of(unit).as_posix()
    'r/.counties/2022-06-30/a.parquet'
    """
    folder = unit.out / SUMMARIES / str(unit.asked["as_of"])
    return folder / f"{Path(unit.bundle).name}.parquet"


@contextmanager
def landing(folders: Iterable[Path]) -> Iterator[Landing]:
    """Take the folders of reports for this run.

    Raises
    ------
    BusyError, WriteError
        As `run.publish.opened`.
    """
    with ExitStack() as stack:
        taken = {one: stack.enter_context(opened(one)) for one in sorted(set(folders))}
        yield Landing(taken)
