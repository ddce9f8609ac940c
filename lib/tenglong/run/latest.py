"""The address that never breaks: a small page that leads to the newest publication."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from tenglong import __version__
from tenglong.run.cover import when
from tenglong.run.holdings import Report
from tenglong.run.imprint import number_text
from tenglong.run.naming import latest_name
from tenglong.show.frame import draw


def latest_pages(reports: Sequence[Report]) -> Iterator[tuple[PurePosixPath, str]]:
    """Give the page of each bundle, township and language that was published, and its place.

    It leads to the publication of the latest day; of several, to the one that was published last.
    """
    for path, report in latest(reports).items():
        yield path, _page(report)


def latest(reports: Sequence[Report]) -> dict[PurePosixPath, Report]:
    """Give what is led to, by the place of the page that leads there."""
    found: dict[PurePosixPath, Report] = {}
    newest = (one for one in reports if one.is_newest)
    for report in sorted(newest, key=lambda one: (one.day, str(one.published_at), one.name)):
        township = report.about["township"]
        name = latest_name(township["code"] if township else "", report.about["language"])
        found[report.path.with_name(name)] = report
    return found


def _page(report: Report) -> str:
    about = report.about
    township = about["township"]
    language = about["language"]
    return draw(
        "latest.html.j2",
        language=language,
        version=__version__,
        href=f"{quote(report.path.name)}/index.html",
        county=about["county"][language] + (f" {township[language]}" if township else ""),
        period=when(about, language),
        number=number_text(report.number, language),
    )
