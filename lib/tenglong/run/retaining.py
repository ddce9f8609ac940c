"""Remove what is past what is kept, and tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tenglong.run.holdings import Report, holdings
from tenglong.run.imprint import day_text, number_text
from tenglong.run.publish import Library, opened
from tenglong.run.retention import Retention, old_drafts, superseded
from tenglong.run.shelving import shelve
from tenglong.show.words import word


@dataclass(frozen=True)
class Retaining:
    """What is asked for.

    Attributes
    ----------
    prunes
        Whether publications that were revised are removed, too.
    is_dry
        Whether all is only told.
    """

    rule: Retention
    moment: datetime
    prunes: bool = False
    is_dry: bool = False

    def run(self, folder: Path, language: str) -> Iterator[str]:
        """Remove them one by one, and give a line for each; then make the shelf anew.

        Raises
        ------
        BusyError, WriteError
            If the folder of reports is taken or cannot be written to.
        """
        with opened(folder) as library:
            found = holdings(folder)
            drafts = old_drafts(found, self.rule, self.moment)
            revised = superseded(found, self.rule)
            for one in (*drafts, *revised):
                is_removed = one.publication is None or self.prunes
                if is_removed and not self.is_dry:
                    library.remove(Path(one.path))
                yield self._told(one, language, is_removed=is_removed)
            if not drafts and not revised:
                yield word("retain.nothing", language)
            yield from self._shelved(library, language)

    def _shelved(self, library: Library, language: str) -> tuple[str, ...]:
        return () if self.is_dry else shelve(library, language)

    def _told(self, report: Report, language: str, *, is_removed: bool) -> str:
        what = _what(report, language)
        key = "kept" if not is_removed else "would" if self.is_dry else "removed"
        return word(f"retain.{key}", language, what=what)


def _what(report: Report, language: str) -> str:
    told = report.publication
    if told is None:
        made = day_text(report.about["finished_at"], language)
        return word("retain.draft", language, path=report.path, day=made)
    return word(
        "retain.superseded",
        language,
        path=report.path,
        number=number_text(report.number, language),
        day=day_text(told["published_at"], language),
    )
