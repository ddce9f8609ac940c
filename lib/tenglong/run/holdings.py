"""What stands in a folder of reports, as the manifests alone tell it.

A folder whose manifest cannot be read, is not a report's, or is of a newer kit, is passed over: it
is named, and nothing of it is touched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from tenglong.run import manifest
from tenglong.run.day import CHINA
from tenglong.run.manifest_shape import FOREIGN, fault_of
from tenglong.run.naming import kept_name, report_name

SERIES = ("bundle", "township", "edition", "cadence", "language")
About = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """A report: where it stands below the folder of reports, and its manifest."""

    path: PurePosixPath
    about: About

    @property
    def name(self) -> str:
        """What the newest report of its period, township and language is called."""
        township = self.about["township"]
        return report_name(
            self.about["period"] or self.about["as_of"],
            township=township["code"] if township else "",
            language=self.about["language"],
        )

    @property
    def series(self) -> str:
        """What it has in common with those before and after it."""
        return str([*(self.about[name] for name in SERIES), self.is_part, self.is_kept])

    @property
    def is_part(self) -> bool:
        """Whether it is of some pages alone, beside a whole report of the same day."""
        return bool(self.about.get("is_part"))

    @property
    def day(self) -> date:
        """The day that it is of."""
        return date.fromisoformat(self.about["as_of"])

    @property
    def publication(self) -> About | None:
        """What its manifest tells of its publication; None of a report that is not published."""
        told: About | None = self.about.get("publication")
        return told

    @property
    def number(self) -> int:
        """The number of its revision, 0 of a first publication; -1 where it is not published."""
        return int(self.publication["number"]) if self.publication else -1

    @property
    def published_at(self) -> datetime | None:
        """When it was published, by the time of China."""
        told = self.publication
        return datetime.fromisoformat(told["published_at"]).astimezone(CHINA) if told else None

    @property
    def is_newest(self) -> bool:
        """Whether it is a publication that stands where its period is looked for."""
        return self.publication is not None and self.path.name == self.name

    @property
    def is_kept(self) -> bool:
        """Whether it is a publication that a revision has taken the place of."""
        return self.publication is not None and self.path.name == kept_name(self.name, self.number)

    @property
    def place(self) -> PurePosixPath:
        """Where the newest report of its kind stands."""
        return self.path.with_name(self.name) if self.is_kept else self.path


@dataclass(frozen=True)
class PassedOver:
    """A folder that is no report which this kit can show; `reason` is the key of the words."""

    path: PurePosixPath
    reason: str


@dataclass(frozen=True)
class Holdings:
    """The reports of a folder, newest day first, and what is passed over there."""

    reports: tuple[Report, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()

    def at(self, path: PurePosixPath) -> Report | None:
        """Give the report that stands at a place below the folder."""
        return next((one for one in self.reports if one.path == path), None)


def holdings(folder: Path) -> Holdings:
    """Read the manifests of a folder of reports; of one day by edition and place, newest first.

    A publication that was copied, and whose revision did not come to stand, counts once.
    """
    found = list(_found(folder))
    reports = [one for one in found if isinstance(one, Report)]
    numbers = {one.path: one.number for one in reports if one.is_newest}
    told = [one for one in reports if not (one.is_kept and numbers.get(one.place) == one.number)]
    told.sort(key=lambda one: (one.about["edition"], str(one.place), -one.number, str(one.path)))
    told.sort(key=lambda one: one.day, reverse=True)
    return Holdings(tuple(told), tuple(one for one in found if isinstance(one, PassedOver)))


def _found(folder: Path) -> Iterator[Report | PassedOver]:
    for path in sorted(folder.glob(f"[!.]*/[!.]*/{manifest.NAME}")):
        name = PurePosixPath(path.parent.relative_to(folder).as_posix())
        about = manifest.read(path.parent)
        reason = FOREIGN if about is None else fault_of(about)
        yield PassedOver(name, reason) if about is None or reason else Report(name, about)
