"""What opens and closes every page: the masthead and the colophon."""

import csv
import io
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import PurePath
from typing import Any

from tenglong.measure.county import County, Input
from tenglong.measure.stray import blanks_of_strays, stray_rows
from tenglong.show.frame import CONTENTS_MARK, draw, style
from tenglong.show.number import MINUS
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.words import catalogue

# What a figure on a page may depend on.
PACKAGES = ("tenglong", "pandas", "geopandas", "shapely", "pyproj", "folium")
# Parameters that name folders.
PATHS = ("bundle", "beside")
MOST_CODES = 3  # of a table that are named at the head of a page


def lab_style() -> str:
    """Give the style that a masthead brings along, so that a notebook in JupyterLab looks right.

    A rendered page has the same style in its head; the renderer takes this one out.
    """
    return f"<style>{style()}</style>"


def masthead(page: Page, *, title: str, beside: Sequence[County] = ()) -> Piece:
    """Open a page: its title, the counties, the day, and whether the data is made up.

    Parameters
    ----------
    title
        The page's only first-level heading; the Markdown cells below begin at the second.
    beside
        The other counties that the page tells of.
    """
    county, language = page.place, page.language
    pages = _pages(page, beside)
    header = draw(
        "masthead.html.j2",
        language=language,
        title=title,
        county=page.joined(one.place.name[language] for one in pages),
        township=page.told(county.township.name) if county.township else "",
        plan=page.joined(dict.fromkeys(one.place.plan.name[language] for one in pages)),
        as_of=county.as_of,
        day=page.day(county.as_of),
        is_synthetic=any(one.place.is_synthetic for one in pages),
        notices=_notices(pages),
        set_aside=[
            _named(one, said, pages)
            for one in pages
            for said in (_set_aside(one), _unlinked(one))
            if said
        ],
    )
    return Piece(f"{lab_style()}{header}{CONTENTS_MARK}")


def _pages(page: Page, beside: Sequence[County]) -> list[Page]:
    """Give the page about each county that it tells of, its own first."""
    return [page, *(page.about(county) for county in beside)]


def _named(page: Page, said: str, pages: Sequence[Page]) -> str:
    """Say of which county something is said, where a page tells of several."""
    if len(pages) == 1:
        return said
    return page.word("masthead.of_county", county=page.told(page.place.name), said=said)


def _notices(pages: Sequence[Page]) -> list[tuple[bool, str]]:
    """Give what must be known of each county's data, and whether it is made up."""
    return [
        (
            one.place.is_synthetic,
            _named(
                one,
                one.told(one.place.notice)
                if one.place.notice
                else one.word("masthead.synthetic_note"),
                pages,
            ),
        )
        for one in pages
        if one.place.is_synthetic or one.place.notice
    ]


def _set_aside(page: Page) -> str:
    """Say how many rows are not used, table by table; empty where all are."""
    rows: dict[str, int] = {}
    for one in page.place.inputs:
        if one.set_aside:
            rows[one.table] = rows.get(one.table, 0) + one.set_aside
    if not rows:
        return ""
    tables = page.joined(
        page.word("masthead.set_aside_table", table=page.label(name), rows=count)
        for name, count in rows.items()
    )
    return page.word("masthead.set_aside", rows=sum(rows.values()), tables=tables)


def _unlinked(page: Page) -> str:
    """Say how many rows have a code that refers to nothing, and which; empty for none."""
    rows = stray_rows(page.place)
    if not rows:
        return ""
    tables = page.joined(
        page.word(
            "masthead.unlinked_table", table=page.label(name), rows=count, codes=_codes(page, name)
        )
        for name, count in rows.items()
    )
    return page.word("masthead.unlinked", rows=sum(rows.values()), tables=tables)


def _codes(page: Page, table: str) -> str:
    codes = [
        blank.name
        for strays in page.place.strays
        if strays.table == table
        for blank in blanks_of_strays(strays)
    ]
    first = page.joined(codes[:MOST_CODES])
    return page.word("masthead.and_more", first=first) if len(codes) > MOST_CODES else first


def colophon(page: Page, *, parameters: Mapping[str, Any], beside: Sequence[County] = ()) -> Piece:
    """Close a page: what it was made from and how, so that anyone can make it again.

    Parameters
    ----------
    parameters
        Name → value of what the notebook was run with. Of a folder only its name is shown.
    beside
        The other counties that the page tells of; what each was read from is a table of its own.
    """
    county = page.place
    pages = _pages(page, beside)
    footer = draw(
        "colophon.html.j2",
        language=page.language,
        day=page.day(county.as_of),
        as_of=county.as_of,
        crs=page.joined(_named(one, one.place.crs, pages) for one in pages),
        sources=[_read_from(one, pages) for one in pages],
        parameters=_parameters(page, parameters),
        bands=_rules(pages),
        versions=_versions(),
    )
    return Piece(
        str(footer),
        {
            "sources.csv" if one is page else f"sources_{one.place.code}.csv": _sources(
                one.place.inputs
            )
            for one in pages
            if one.place.inputs
        },
    )


def _read_from(page: Page, pages: Sequence[Page]) -> tuple[str, list[tuple[str, Input]], str]:
    """Give the caption of a county's sources, each with its table's name, and what none is."""
    caption, nothing = (
        _named(page, page.word(f"colophon.{key}"), pages) for key in ("sources", "none")
    )
    return caption, [(page.label(one.table), one) for one in page.place.inputs], nothing


def _parameters(page: Page, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_parameter_label(page, name), _shown(name, value)) for name, value in parameters.items()
    ]


def _parameter_label(page: Page, name: str) -> str:
    key = f"parameter.{name}"
    return page.word(key) if key in catalogue() else name


def _shown(name: str, value: Any) -> str:
    # A report travels; where the bundle's folder stood on one machine is nobody's business.
    # A county's summary is called as its bundle is: `kaihua.parquet`.
    if name in PATHS:
        paths = map(PurePath, str(value).split(","))
        return ", ".join(path.stem if path.suffix == ".parquet" else path.name for path in paths)
    return str(value)


def _rules(pages: Sequence[Page]) -> list[tuple[str, list[tuple[str, str]], str]]:
    """Give the bands and their source; of every county by name where they are not the same."""
    rules = [(one.told(one.place.name), _bands(one), _source(one)) for one in pages]
    if len({(tuple(bands), source) for _, bands, source in rules}) == 1:
        rules = [("", *rules[0][1:])]
    return [rule for rule in rules if rule[1]]


def _bands(page: Page) -> list[tuple[str, str]]:
    bands = page.place.policy.get("bands", {}).get("bands", {})
    return [(page.word(f"status.{name}"), _limit(page, rule)) for name, rule in bands.items()]


def _limit(page: Page, rule: Mapping[str, float]) -> str:
    for key, limit in rule.items():
        said = f"{limit:+g}".replace("-", MINUS)
        return page.word("band.from" if key == "from" else "band.above", limit=said)
    return page.word("band.rest")


def _source(page: Page) -> str:
    bands = page.place.policy.get("bands", {})
    return page.source(bands.get("source", ""), bands.get("source_en", ""))


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
