"""The publications of a folder of reports: each period once, and again as a numbered revision.

DIR/<bundle>/2022Q2        the newest publication of the period
DIR/<bundle>/2022Q2-r00    the first one, kept since a revision took its place; then r01, r02 …
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from tenglong.run.holdings import Report, holdings


@dataclass(frozen=True)
class Publication:
    """A report that was published.

    Attributes
    ----------
    path
        Where it stands below the folder of reports.
    bundle, name
        What it is looked for by: the folder of its bundle, and its period or day, with the
        township's code and the language; all revisions of a report share them.
    code
        The county's; empty in a manifest that tells none.
    township
        Its code; empty for the whole county.
    number
        0 of the first publication, N of 第N次修订.
    published_at
        By the time of China.
    digest
        Of what it was made of, see `run.made_of`.
    """

    path: PurePosixPath
    bundle: str
    name: str
    code: str
    cadence: str | None
    period: str | None
    as_of: date
    language: str
    township: str
    number: int
    published_at: datetime
    digest: str

    @property
    def day(self) -> date:
        """The day on which it was published."""
        return self.published_at.date()

    @property
    def is_newest(self) -> bool:
        """Whether no revision has taken its place."""
        return self.path.name == self.name


def publications_of(folder: Path) -> tuple[Publication, ...]:
    """Read the publications of a folder of reports, by bundle and name, the newest last.

    No lock is taken: every one that is told is whole, whatever run is at work. Drafts, parts and
    what cannot be read are left out; a folder that is not there holds none.
    """
    found = (one for one in holdings(folder).reports if one.is_newest or one.is_kept)
    told = [publication for one in found if (publication := _told(one)) is not None]
    return tuple(sorted(told, key=lambda one: (one.bundle, one.name, one.number)))


def _told(report: Report) -> Publication | None:
    said, moment = report.publication, report.published_at
    if said is None or moment is None:
        return None
    about = report.about
    township = about["township"]
    return Publication(
        report.path,
        report.path.parts[0],
        report.name,
        about.get("code", ""),
        about["cadence"],
        about["period"],
        report.day,
        about["language"],
        township["code"] if township else "",
        report.number,
        moment,
        said["digest"],
    )
