"""From a notebook that has been run to a page: one HTML file that works offline."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets.config import Config

from tenglong import __version__
from tenglong.errors import ConfigurationError, TenglongError
from tenglong.run.scan import Scan, faults
from tenglong.show.frame import CONTENTS_MARK, FOLDER, draw, rare_font, style, table_script
from tenglong.show.links import refuse_links
from tenglong.show.masthead import lab_style
from tenglong.show.piece import CSV_MIME
from tenglong.show.table import LONG_MARK

LANGUAGES = frozenset({"zh", "en"})
# papermill puts cells with this tag around an error; they hold its own words and links.
ERROR_TAG = "papermill-error-cell-tag"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " base-uri 'none'; form-action 'none'"
)
SHOWN = ("text/html", "image/svg+xml", "text/markdown", "image/png", "text/plain")
# A CSV of more bytes is not put into the page.
MOST_EMBEDDED = 200_000
CSV_NAME = re.compile(r"[\w-][\w.-]*\.csv")
# Where the template leaves the names of the files behind a piece.
CSV_MARK = re.compile(r"<!--tenglong:csv ([\w.|-]+)-->")
# Ids that the frame and the pieces use themselves.
TAKEN_IDS = ("content", "colophon")


@dataclass(frozen=True)
class Rendered:
    """A page, and the CSV files of its tables by name."""

    html: str
    csv: Mapping[str, str] = field(default_factory=dict)


def render(
    notebook: NotebookNode,
    *,
    title: str,
    language: str,
    pages: Sequence[str] = (),
    is_edited: bool = False,
) -> Rendered:
    """Render a notebook that has been run.

    Parameters
    ----------
    title
        What a browser's tab shows.
    language
        Cells tagged with another language are left out.
    pages
        The ids of the report's pages, which this one may lead to.
    is_edited
        Whether the notebook differs from the kit's; the page says so below its masthead.

    Raises
    ------
    TenglongError
        If the page reaches outside of itself, its headings are out of order, or two of its
        tables have one name.
    """
    csv = csv_files(notebook, language)
    content = cells(notebook, language)
    refuse_links(content)
    # The links to the CSV files are ours: after the guard.
    content = CSV_MARK.sub(partial(_downloads, csv=csv, language=language), content)
    up = ("index.html", "frame.up")
    if is_edited:
        told = draw("edited.html.j2", language=language)
        content = content.replace(CONTENTS_MARK, f"{told}{CONTENTS_MARK}", 1)
    html = document(content, title=title, language=language, up=up, pages=pages)
    return Rendered(html, csv)


def render_failure(
    notebook: NotebookNode, *, title: str, heading: str, language: str, log: str
) -> Rendered:
    """Render what a failed notebook had shown, below a notice that says so.

    Parameters
    ----------
    heading
        The page's name, shown where the notebook did not come to its masthead.
    log
        The file that tells the reason; the page itself tells none.
    """
    try:
        notice = draw("failure.html.j2", language=language, log=log, has_partial=True)
        content = cells(notebook, language)
        refuse_links(content)
        return Rendered(document(f"{notice}{content}", title=title, language=language))
    except TenglongError:  # it did not come to its masthead, or is what the error was about
        return bare_failure(title=title, heading=heading, language=language, log=log)


def bare_failure(*, title: str, heading: str, language: str, log: str) -> Rendered:
    """Render the notice that a notebook failed, without anything of what it had shown."""
    notice = draw("failure.html.j2", language=language, log=log, has_partial=False)
    content = Markup("<h1>{}</h1>{}").format(heading, notice)
    return Rendered(document(content, title=title, language=language))


def cells(notebook: NotebookNode, language: str) -> str:
    """Give what the cells of a notebook show, without the style they bring for JupyterLab."""
    exporter = CellsExporter(config=_config(language))  # type: ignore[no-untyped-call]
    content, _ = exporter.from_notebook_node(notebook, {"csv_mime": CSV_MIME})
    # A browser reads \r\n as \n before it hashes a script, so the page holds \n only.
    return str(content).replace(lab_style(), "").replace("\r\n", "\n").replace("\r", "\n")


def document(
    content: str,
    *,
    title: str,
    language: str,
    up: tuple[str, str] | None = None,
    pages: Sequence[str] = (),
) -> str:
    """Put content into the frame: the style, the contents list, the policy, the rare glyphs.

    Parameters
    ----------
    up
        Where the link above the masthead leads, and its label's key.
    pages
        The ids of the report's pages, for scripts that lead from one to another.

    Raises
    ------
    ConfigurationError
        If its headings are out of order, or an id stands twice.
    """
    if LONG_MARK in content:
        content += table_script(language)
    scan = Scan(content)
    if found := faults(scan):
        raise ConfigurationError("; ".join(found))
    sections = [(id_, text) for level, id_, text in scan.headings if level == 2 and id_]  # noqa: PLR2004 - <h2>
    listing = draw("contents.html.j2", language=language, headings=sections) if sections else ""
    return draw(
        "frame.html.j2",
        language=language,
        content=Markup(content.replace(CONTENTS_MARK, listing, 1)),  # noqa: S704 - scanned above
        policy=_policy(scan),
        style=Markup(style()),  # noqa: S704 - ours
        font=Markup(rare_font(content)),  # noqa: S704 - ours
        title=title,
        up=up,
        pages=" ".join(pages),
        version=__version__,
    )


def csv_files(notebook: NotebookNode, language: str) -> dict[str, str]:
    """Give the CSV files behind what a notebook shows, by name.

    Raises
    ------
    ConfigurationError
        If a name is not a plain file name, or two different tables share it.
    """
    files: dict[str, str] = {}
    for name, text in _named_csv(notebook, language):
        if not CSV_NAME.fullmatch(name):
            raise ConfigurationError(f"table {name!r}: must be named like clauses.csv")
        if files.setdefault(name, text) != text:
            raise ConfigurationError(f"table {name!r}: two different tables have this name")
    return files


class CellsExporter(TemplateExporter):
    """nbconvert with our own template, which gives the cells alone.

    It is not an `HTMLExporter`: that one parses every page and writes it anew with
    BeautifulSoup, which takes long on a map and lowers the case of SVG attributes.
    """

    file_extension = ".html"
    output_mimetype = "text/html"

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Add our Markdown to nbconvert's filters."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "markdown", _Headings().markdown


class _Headings(IPythonRenderer):
    """Gives every heading of a page an id of its own, in its own script."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._ids = dict.fromkeys(TAKEN_IDS, 1)

    def markdown(self, source: str) -> str:
        """Render one cell."""
        return str(MarkdownWithMath(renderer=self).render(source))

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """Render a heading with an id made from its text."""
        plain = Markup(text).striptags()  # noqa: S704 - only its text is taken
        name = re.sub(r"\W+", "-", plain).strip("-").lower() or "section"
        self._ids[name] = count = self._ids.get(name, 0) + 1
        attributes["id"] = name if count == 1 else f"{name}-{count}"
        return str(super().heading(text, level, **attributes))


def _config(language: str) -> Config:
    removed = {*(LANGUAGES - {language}), ERROR_TAG}
    return Config(
        CellsExporter={
            "extra_template_basedirs": [str(FOLDER.parent)],
            "template_name": FOLDER.name,
            "template_file": "cells.html.j2",
        },
        NbConvertBase={"display_data_priority": list(SHOWN)},
        TagRemovePreprocessor={"enabled": True, "remove_cell_tags": removed},
    )


def _downloads(mark: re.Match[str], *, csv: Mapping[str, str], language: str) -> str:
    files = [(_address(name, csv[name]), name) for name in mark[1].split("|")]
    return str(draw("downloads.html.j2", language=language, files=files))


def _address(name: str, text: str) -> str:
    """Give a CSV inside of the page, so that one mailed file is enough; a large one lies beside."""
    content = text.encode("utf-8-sig")
    if len(content) > MOST_EMBEDDED:
        return f"tables/{quote(name)}"
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(content).decode()}"


def _policy(scan: Scan) -> str:
    hashes = scan.script_hashes
    return f"{POLICY}; script-src {' '.join(hashes)}" if hashes else POLICY


def _named_csv(notebook: NotebookNode, language: str) -> Iterator[tuple[str, str]]:
    others = LANGUAGES - {language}
    for cell in notebook.cells:
        if others.isdisjoint(cell.metadata.get("tags", ())):
            for output in cell.get("outputs", ()):
                yield from output.get("data", {}).get(CSV_MIME, {}).items()
