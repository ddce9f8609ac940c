"""The catalogue of pages: which notebook makes which page, under what title, in what order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from tenglong.errors import ConfigurationError, Fault, UsageError, did_you_mean, is_it
from tenglong.measure.clause import Label
from tenglong.run.edition import PARAMETERS, Edition, digest, editions, tags_of
from tenglong.run.office import KINDS
from tenglong.run.parameters import Parameter, declared
from tenglong.shape import fault_at, shaped
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
            broken = Fault("cannot be read as a notebook", "不能读作笔记本（ipynb）")
            raise ConfigurationError.of(name, [broken]) from error
        if held is None:
            said = "must have a cell tagged `parameters`", "应有一个标签为 parameters 的代码格"
            raise ConfigurationError.of(name, [Fault(*said)])
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
            said = f"parameters must declare {', '.join(missing)}", f"缺少参数 {'、'.join(missing)}"
            raise ConfigurationError.of(name, [Fault(*said)])
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
        said = "must map page ids to notebooks", "应逐页写明所用的笔记本，如 league: {notebook: …}"
        raise ConfigurationError.of(path.name, [Fault(*said)])
    faults: list[str] = []
    known = editions(folder)
    pages = tuple(_page(folder, str(page_id), raw, faults, known) for page_id in raw)
    if faults:
        raise ConfigurationError.of(path.name, faults)
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
    told = {
        f"{page_id}.{name}": (f"must have a {name} with zh and en", f"应写 {name}，分 zh 和 en")
        for name, label in labels.items()
        if label is None
    }
    if not page_id.isidentifier() or page_id == "index":
        en = "an id is a plain name, and `index` is taken"
        told[page_id] = en, "页面代号应是字母、数字、下划线，且不能是 index"
    if entry.notebook and not notebook.is_file():
        there = [path.name for path in folder.glob("*.ipynb")]
        told[f"{page_id}.notebook"] = (
            f"there is no notebook {entry.notebook}{did_you_mean(entry.notebook, there)}",
            f"没有 {entry.notebook}{is_it(entry.notebook, there)}",
        )
    for kind in entry.files:
        if kind not in KINDS:
            told[f"{page_id}.files"] = (
                f"must be some of {', '.join(KINDS)}, not {kind!r}{did_you_mean(kind, KINDS)}",
                f"“{kind}”应是 {'、'.join(KINDS)} 之一{is_it(kind, KINDS)}",
            )
    faults += [fault_at(raw, place, *said) for place, said in told.items()]
    title, summary = (label or Label("", "") for label in labels.values())
    edition = known.get(entry.notebook)
    return Page(page_id, notebook, title, summary, entry.files, entry.examines, edition)
