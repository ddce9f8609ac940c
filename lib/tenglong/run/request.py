"""What is asked of a report, checked before anything is run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tenglong.errors import UsageError
from tenglong.run.catalogue import COMMON, Page, choose, load_catalogue
from tenglong.run.parameters import Value, given, split
from tenglong.source.description import Description, describe_bundle

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Request:
    """A report that can be made: its pages, and what each notebook is to be run with."""

    bundle: Description
    as_of: date
    language: str
    pages: tuple[Page, ...]
    parameters: Mapping[str, Mapping[str, Value]]
    out: Path

    @property
    def name(self) -> Path:
        """Where the report stands in the folder of reports."""
        return Path(self.bundle.path.name) / self.as_of.isoformat()


def request(
    bundle: str,
    *,
    out: Path,
    notebooks: Path,
    as_of: str | None = None,
    language: str = "zh",
    page_ids: Sequence[str] = (),
    pairs: Sequence[str] = (),
) -> Request:
    """Check what is asked for.

    Parameters
    ----------
    as_of
        YYYY-MM-DD; the bundle's own where none is given.
    pairs
        Further parameters, `name=value`; each goes to the pages that declare it.

    Raises
    ------
    UsageError
        If a page or a parameter is unknown, or a value is not as declared.
    ConfigurationError
        If the bundle's description, the catalogue or a notebook's parameters are malformed.
    """
    description = describe_bundle(bundle)
    day = description.as_of if as_of is None else _day(as_of)
    pages = choose(load_catalogue(notebooks), page_ids)
    extra = split(pairs)
    own = [name for name in COMMON if name in extra]
    if own:
        raise UsageError(f"{', '.join(own)}: not by -p; BUNDLE, --as-of and --language say it")
    texts = {"bundle": str(description.path), "as_of": day.isoformat(), "language": language}
    parameters = given({page.id: page.parameters() for page in pages}, {**texts, **extra})
    return Request(description, day, language, pages, parameters, out)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not ISO_DAY.fullmatch(text):
        raise UsageError(f"--as-of must be a day, YYYY-MM-DD, not {text!r}")
    return day
