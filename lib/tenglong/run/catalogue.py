"""The catalogue of pages: which notebook makes which page, under what title, in what order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from tenglong.errors import ConfigurationError, UsageError, did_you_mean
from tenglong.measure.clause import Label
from tenglong.run.edition import PARAMETERS, Edition, digest, editions, tags_of
from tenglong.run.office import KINDS
from tenglong.run.parameters import Parameter, declared
from tenglong.shape import line_of, shaped
from tenglong.show.words import catalogue
from tenglong.yaml_file import read_yaml

# What every page is run with; a page's notebook must declare them.
COMMON = ("bundle", "as_of", "language")


@dataclass(frozen=True)
class Page:
    """A page of the report and the notebook that makes it.

    `files` names what else is made of it for the office: docx, pdf, xlsx. A page that `examines`
    is about the files themselves: alone, it is made of data that all others refuse. `edition` is
    the notebook as the kit ships it; None for a notebook of the user's own.
    """

    id: str
    notebook: Path
    title: Label
    summary: Label
    files: tuple[str, ...] = ()
    examines: bool = False
    edition: Edition | None = None

    def source(self) -> NotebookNode:
        """Read the notebook; parameters that were edited in a shipped one are as shipped.

        Raises
        ------
        ConfigurationError
            If it is not a notebook, or has no `parameters` cell.
        """
        name = self.notebook.name
        try:
            source: NotebookNode = nbformat.read(  # type: ignore[no-untyped-call]
                self.notebook, as_version=4
            )
            held = next((cell for cell in source.cells if PARAMETERS in tags_of(cell)), None)
        except (OSError, ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
            raise ConfigurationError(f"{name}: cannot be read as a notebook") from error
        if held is None:
            raise ConfigurationError(f"{name}: must have a cell tagged `parameters`")
        if self.edition:
            held.source = self.edition.parameters
        return source

    @property
    def is_edited(self) -> bool:
        """Whether the notebook is a shipped one that says something else now."""
        return self.edition is not None and digest(self.source().cells) != self.edition.cells

    def parameters(self) -> dict[str, Parameter]:
        """Read what the notebook declares.

        Raises
        ------
        ConfigurationError
            If it is not a notebook, has no `parameters` cell, or that cell is malformed.
        """
        name = self.notebook.name
        held = next(cell for cell in self.source().cells if PARAMETERS in tags_of(cell))
        parameters = declared(held.source, notebook=name)
        missing = [common for common in COMMON if common not in parameters]
        if missing:
            raise ConfigurationError(f"{name}: parameters must declare {', '.join(missing)}")
        return parameters


@dataclass(frozen=True)
class PageEntry:
    """A page as the file has it; without a title and a summary it has those of `show/words`."""

    notebook: str
    title: Label | None = None
    summary: Label | None = None
    files: tuple[str, ...] = ()
    examines: bool = False


def load_catalogue(folder: Path) -> tuple[Page, ...]:
    """Read `catalogue.yml` in a folder of notebooks; pages come in its order.

    Raises
    ------
    ConfigurationError
        With everything that is wrong: it is not there, an entry is malformed, or names a notebook
        that is not there.
    """
    path = folder / "catalogue.yml"
    raw = read_yaml(path)
    if not isinstance(raw, Mapping) or not raw:
        raise ConfigurationError(f"{path.name}: must map page ids to notebooks")
    faults: list[str] = []
    known = editions(folder)
    pages = tuple(_page(folder, str(page_id), raw, faults, known) for page_id in raw)
    if faults:
        raise ConfigurationError(f"{path.name}: {'; '.join(faults)}")
    return pages


def choose(pages: Sequence[Page], ids: Sequence[str]) -> tuple[Page, ...]:
    """Choose pages by their ids; all of them where none is given.

    Raises
    ------
    UsageError
        Naming every id that the catalogue does not have.
    """
    known = [page.id for page in pages]
    faults = []
    for page_id in ids:
        if page_id not in known:
            hint = did_you_mean(page_id, known, otherwise=f"; there are {', '.join(known)}")
            faults.append(f"unknown page {page_id!r}{hint}")
    if faults:
        raise UsageError("; ".join(faults))
    return tuple(page for page in pages if not ids or page.id in ids)


def _page(
    folder: Path,
    page_id: str,
    raw: Mapping[str, Any],
    faults: list[str],
    known: Mapping[str, Edition],
) -> Page:
    entry = shaped(PageEntry, raw.get(page_id), page_id, faults)
    labels = {name: catalogue().get(f"{name}.{page_id}") for name in ("title", "summary")}
    labels |= {name: own for name in labels if (own := getattr(entry, name)) is not None}
    notebook = folder / entry.notebook
    told = [f"must have a {name} with zh and en" for name, label in labels.items() if label is None]
    if not page_id.isidentifier() or page_id == "index":
        told.append("an id is a plain name, and `index` is taken")
    if entry.notebook and not notebook.is_file():
        told.append(f"there is no notebook {entry.notebook}")
    if not set(entry.files) <= set(KINDS):
        told.append(f"files must be some of {', '.join(KINDS)}")
    line = line_of(raw, page_id)
    faults += [f"line {line}: {page_id}: {fault}" for fault in told]
    title, summary = (label or Label("", "") for label in labels.values())
    edition = known.get(entry.notebook)
    return Page(page_id, notebook, title, summary, entry.files, entry.examines, edition)
