"""What opens and closes every page: the masthead and the colophon."""

import csv
import io
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import PurePath
from typing import Any

from tenglong.measure.county import Input
from tenglong.show.frame import CONTENTS_MARK, draw, style
from tenglong.show.number import MINUS
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.words import catalogue

# What a figure on a page may depend on.
PACKAGES = ("tenglong", "pandas", "geopandas", "shapely", "pyproj", "folium")
# Parameters that name folders.
PATHS = ("bundle", "beside")


def lab_style() -> str:
    """Give the style that a masthead brings along, so that a notebook in JupyterLab looks right.

    A rendered page has the same style in its head; the renderer takes this one out.
    """
    return f"<style>{style()}</style>"


def masthead(page: Page, *, title: str) -> Piece:
    """Open a page: its title, the county, the day, and whether the data is made up.

    Parameters
    ----------
    title
        The page's only first-level heading; the Markdown cells below begin at the second.
    """
    county, language = page.place, page.language
    header = draw(
        "masthead.html.j2",
        language=language,
        title=title,
        county=county.name[language],
        township=county.township.name[language] if county.township else "",
        plan=county.plan.name[language],
        as_of=county.as_of,
        day=page.day(county.as_of),
        is_synthetic=county.is_synthetic,
        notice=county.notice[language] if county.notice else "",
        set_aside=_set_aside(page),
    )
    return Piece(f"{lab_style()}{header}{CONTENTS_MARK}")


def _set_aside(page: Page) -> str:
    """Say how many rows are not used, table by table; empty where all are."""
    rows = {one.table: one.set_aside for one in page.place.inputs if one.set_aside}
    if not rows:
        return ""
    tables = page.joined(
        page.word("masthead.set_aside_table", table=page.label(name), rows=count)
        for name, count in rows.items()
    )
    return page.word("masthead.set_aside", rows=sum(rows.values()), tables=tables)


def colophon(page: Page, *, parameters: Mapping[str, Any]) -> Piece:
    """Close a page: what it was made from and how, so that anyone can make it again.

    Parameters
    ----------
    parameters
        Name → value of what the notebook was run with. Of a folder only its name is shown.
    """
    county = page.place
    footer = draw(
        "colophon.html.j2",
        language=page.language,
        day=page.day(county.as_of),
        as_of=county.as_of,
        crs=county.crs,
        inputs=[(page.label(one.table), one) for one in county.inputs],
        parameters=_parameters(page, parameters),
        bands=_bands(page),
        bands_source=_source(page),
        versions=_versions(),
    )
    return Piece(str(footer), {"sources.csv": _sources(county.inputs)} if county.inputs else {})


def _parameters(page: Page, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_parameter_label(page, name), _shown(name, value)) for name, value in parameters.items()
    ]


def _parameter_label(page: Page, name: str) -> str:
    key = f"parameter.{name}"
    return page.word(key) if key in catalogue() else name


def _shown(name: str, value: Any) -> str:
    # A report travels; where the bundle's folder stood on one machine is nobody's business.
    if name in PATHS:
        return ", ".join(PurePath(path).name for path in str(value).split(","))
    return str(value)


def _bands(page: Page) -> list[tuple[str, str]]:
    bands = page.place.policy.get("bands", {}).get("bands", {})
    return [(page.word(f"status.{name}"), _limit(page, rule)) for name, rule in bands.items()]


def _limit(page: Page, rule: Mapping[str, float]) -> str:
    for key, limit in rule.items():
        sign = "≥" if key == "from" else ">"
        return f"{sign} {limit:+g}".replace("-", MINUS)
    return page.word("band.rest")


def _source(page: Page) -> str:
    bands = page.place.policy.get("bands", {})
    return str(bands.get("source_en" if page.language == "en" else "source", ""))


def _versions() -> list[tuple[str, str]]:
    return [("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES)]


def _sources(inputs: Sequence[Input]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "file", "rows", "set_aside", "sha256"])
    writer.writerows(
        (source.table, source.origin, source.rows, source.set_aside, source.sha256)
        for source in inputs
    )
    return text.getvalue()
