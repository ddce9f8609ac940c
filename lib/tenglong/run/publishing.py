"""A report that is about to be published: as the first one of its period, or as a revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from tenglong.run.day import CHINA
from tenglong.run.difference import difference
from tenglong.run.holdings import Report, holdings
from tenglong.run.made_of import changed, digest_of, made_of
from tenglong.run.naming import kept_name
from tenglong.run.request import Request
from tenglong.source.bundle import Bundle


@dataclass(frozen=True)
class Publishing:
    """What is to be published.

    Attributes
    ----------
    folder
        The folder of reports.
    moment
        When, with its time zone.
    made_of
        What the report tells of, see `run.made_of`.
    former
        The publication that it follows on; None of a first one.
    """

    folder: Path
    moment: datetime
    made_of: Mapping[str, str]
    former: Report | None = None

    @property
    def number(self) -> int:
        """Its number: 0 of a first publication, N of 第N次修订."""
        return self.former.number + 1 if self.former else 0

    @property
    def changed(self) -> tuple[str, ...]:
        """What of the report's making is not as it was."""
        before = self.former.publication if self.former else None
        return changed(before["made_of"], self.made_of) if before else ()

    @property
    def is_due(self) -> bool:
        """Whether there is something to publish: a first report, or data that changed."""
        return self.former is None or not self.former.is_newest or bool(self.changed)

    @property
    def outcome(self) -> str:
        """What comes of it if no page fails: `published`, `revised` or `unchanged`."""
        if not self.is_due:
            return "unchanged"
        return "revised" if self.former else "published"

    @property
    def kept(self) -> Path | None:
        """Where the publication that stands is kept; None where none has to give way."""
        if self.former is None or not self.former.is_newest:
            return None
        return Path(self.former.path.with_name(kept_name(self.former.name, self.former.number)))

    def told(self, staged: Path, about: Mapping[str, Any]) -> dict[str, Any]:
        """Give what the manifest tells of it.

        Parameters
        ----------
        staged
            The report's folder, with its tables.
        about
            What else its manifest tells.
        """
        former = self.former
        changes = (
            difference((self.folder / former.path, former.about), (staged, about), self.changed)
            if former
            else None
        )
        return {
            "number": self.number,
            "published_at": self.moment.astimezone(CHINA).isoformat(timespec="seconds"),
            "digest": digest_of(self.made_of),
            "made_of": dict(self.made_of),
            "changes": changes,
        }


def publishing(request: Request, read: Bundle, moment: datetime) -> Publishing:
    """Look at what was published of a report before, and at what it would be made of now."""
    place = PurePosixPath(request.name.as_posix())
    former = [
        one
        for one in holdings(request.out).reports
        if (one.is_newest or one.is_kept) and one.place == place
    ]
    newest = max(former, key=lambda one: one.number, default=None)
    return Publishing(request.out, moment, made_of(request, read), newest)
