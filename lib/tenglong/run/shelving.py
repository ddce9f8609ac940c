"""Make anew what leads to the reports of a folder: the shelf, the covers, the latest pages."""

from collections.abc import Iterator
from pathlib import Path

from tenglong.run.holdings import Holdings, holdings
from tenglong.run.latest import latest_pages
from tenglong.run.publish import Library, opened
from tenglong.run.shelf import covers, passed_over, shelf


def shelve(library: Library, language: str) -> tuple[str, ...]:
    """Make the shelf and the latest pages anew, and every cover, which leads to those beside it.

    Returns
    -------
    tuple of str
        A line for each folder that was passed over.
    """
    found = holdings(library.folder)
    for file, text in _pages(found, language):
        library.replace(file, text)
    return passed_over(found, language)


def _pages(found: Holdings, language: str) -> Iterator[tuple[str, str]]:
    for file, text in (*covers(found.reports), *latest_pages(found.reports)):
        yield str(file), text
    yield "index.html", shelf(found, language)


def renew(folder: Path, language: str) -> tuple[str, ...]:
    """Clean up after a run that was killed, and shelve.

    Raises
    ------
    BusyError, WriteError
        If the folder of reports is taken or cannot be written to.
    """
    with opened(folder) as library:
        return shelve(library, language)
