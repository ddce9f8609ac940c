"""What opens and closes every page: the masthead and the colophon."""

import csv
import io
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import PurePath
from typing import Any

from tenglong.measure.clause import Label
from tenglong.measure.county import County, Input
from tenglong.show.frame import CONTENTS_MARK, draw, style
from tenglong.show.number import MINUS
from tenglong.show.piece import Piece
from tenglong.show.words import catalogue, word

# What a figure on a page may depend on.
PACKAGES = ("tenglong", "pandas", "geopandas", "shapely", "pyproj", "folium")
# Parameters that name folders.
PATHS = ("bundle", "beside")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(when: date, language: str) -> str:
    """Write a day as it is read.

    >>> day(date(2022, 6, 30), "zh"), day(date(2022, 6, 30), "en")
    ('2022年6月30日', '30 June 2022')
    """
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    # Not strftime: its month names follow the machine's locale.
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def lab_style() -> str:
    """Give the style that a masthead brings along, so that a notebook in JupyterLab looks right.

    A rendered page has the same style in its head; the renderer takes this one out.
    """
    return f"<style>{style()}</style>"


def title(page_id: str) -> Label:
    """Give the title of one of the kit's pages.

    >>> title("targets").zh
    '目标进度'
    """
    return Label(*(word(f"title.{page_id}", language) for language in ("zh", "en")))


def masthead(county: County, *, title: Label | str, language: str) -> Piece:
    """Open a page: its title, the county, the day, and whether the data is made up.

    Parameters
    ----------
    title
        The page's only first-level heading; the Markdown cells below begin at the second.
    """
    header = draw(
        "masthead.html.j2",
        language=language,
        title=title if isinstance(title, str) else title[language],
        county=county.name[language],
        township=county.township.name[language] if county.township else "",
        plan=county.plan.name[language],
        as_of=county.as_of,
        day=day(county.as_of, language),
        is_synthetic=county.is_synthetic,
        notice=county.notice[language] if county.notice else "",
        set_aside=_set_aside(county, language),
    )
    return Piece(f"{lab_style()}{header}{CONTENTS_MARK}")


def _set_aside(county: County, language: str) -> str:
    """Say how many rows are not used, table by table; empty where all are."""
    rows = {one.table: one.set_aside for one in county.inputs if one.set_aside}
    if not rows:
        return ""
    tables = (
        word("masthead.set_aside_table", language, table=county.label(name)[language], rows=count)
        for name, count in rows.items()
    )
    comma = "、" if language == "zh" else ", "
    total = sum(rows.values())
    return word("masthead.set_aside", language, rows=total, tables=comma.join(tables))


def colophon(county: County, *, language: str, parameters: Mapping[str, Any]) -> Piece:
    """Close a page: what it was made from and how, so that anyone can make it again.

    Parameters
    ----------
    parameters
        Name → value of what the notebook was run with. Of a folder only its name is shown.
    """
    footer = draw(
        "colophon.html.j2",
        language=language,
        day=day(county.as_of, language),
        as_of=county.as_of,
        crs=county.crs,
        inputs=[(county.label(one.table)[language], one) for one in county.inputs],
        parameters=_parameters(parameters, language),
        bands=_bands(county.policy, language),
        bands_source=_source(county.policy, language),
        versions=_versions(),
    )
    return Piece(str(footer), {"sources.csv": _sources(county.inputs)} if county.inputs else {})


def _parameters(parameters: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [
        (_parameter_label(name, language), _shown(name, value))
        for name, value in parameters.items()
    ]


def _parameter_label(name: str, language: str) -> str:
    label = catalogue().get(f"parameter.{name}")
    return label[language] if label else name


def _shown(name: str, value: Any) -> str:
    # A report travels; where the bundle's folder stood on one machine is nobody's business.
    if name in PATHS:
        return ", ".join(PurePath(path).name for path in str(value).split(","))
    return str(value)


def _bands(policy: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    bands = policy.get("bands", {}).get("bands", {})
    return [
        (word(f"status.{name}", language), _limit(rule, language)) for name, rule in bands.items()
    ]


def _limit(rule: Mapping[str, float], language: str) -> str:
    for key, limit in rule.items():
        sign = "≥" if key == "from" else ">"
        return f"{sign} {limit:+g}".replace("-", MINUS)
    return word("band.rest", language)


def _source(policy: Mapping[str, Any], language: str) -> str:
    bands = policy.get("bands", {})
    return str(bands.get("source_en" if language == "en" else "source", ""))


def _versions() -> list[tuple[str, str]]:
    return [("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES)]


def _sources(inputs: Sequence[Input]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "file", "rows", "set_aside", "sha256"])
    writer.writerows((one.table, one.origin, one.rows, one.set_aside, one.sha256) for one in inputs)
    return text.getvalue()
