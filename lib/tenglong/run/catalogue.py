"""The catalogue of pages: which notebook makes which page, under what title, in what order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tenglong.errors import ConfigurationError, UsageError, did_you_mean
from tenglong.measure.clause import Label
from tenglong.run.office import KINDS
from tenglong.run.parameters import Parameter, declared
from tenglong.show.words import catalogue

# What every page is run with; a page's notebook must declare them.
COMMON = ("bundle", "as_of", "language")
KEYS = ("notebook", "title", "summary", "files", "examines")


@dataclass(frozen=True)
class Page:
    """A page of the report and the notebook that makes it.

    `files` names what else is made of it for the office: docx, pdf, xlsx. A page that `examines`
    is about the files themselves: alone, it is made of data that all others refuse.
    """

    id: str
    notebook: Path
    title: Label
    summary: Label
    files: tuple[str, ...] = ()
    examines: bool = False

    def parameters(self) -> dict[str, Parameter]:
        """Read what the notebook declares.

        Raises
        ------
        ConfigurationError
            If it is not a notebook, has no `parameters` cell, or that cell is malformed.
        """
        name = self.notebook.name
        try:
            cells = json.loads(self.notebook.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError) as error:
            raise ConfigurationError(f"{name}: cannot be read as a notebook") from error
        for cell in cells:
            if "parameters" in cell.get("metadata", {}).get("tags", ()):
                found = declared("".join(cell["source"]), notebook=name)
                break
        else:
            raise ConfigurationError(f"{name}: must have a cell tagged `parameters`")
        missing = [common for common in COMMON if common not in found]
        if missing:
            raise ConfigurationError(f"{name}: parameters must declare {', '.join(missing)}")
        return found


def load_catalogue(folder: Path) -> tuple[Page, ...]:
    """Read `catalogue.yml` in a folder of notebooks; pages come in its order.

    Raises
    ------
    ConfigurationError
        If it is not there, an entry is malformed or names a notebook that is not there.
    """
    try:
        raw = yaml.safe_load((folder / "catalogue.yml").read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{folder.name}/catalogue.yml: cannot be read") from error
    if not isinstance(raw, Mapping) or not raw:
        raise ConfigurationError(f"{folder.name}/catalogue.yml: must map page ids to notebooks")
    return tuple(_page(folder, page_id, entry) for page_id, entry in raw.items())


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


def _page(folder: Path, page_id: str, entry: Any) -> Page:
    where = f"{folder.name}/catalogue.yml: {page_id}"
    if not str(page_id).isidentifier() or page_id == "index":
        raise ConfigurationError(f"{where}: an id is a plain name, and `index` is taken")
    if not isinstance(entry, Mapping) or not {"notebook"} <= set(entry) <= set(KEYS):
        raise ConfigurationError(f"{where}: must have `notebook`, and only {', '.join(KEYS)}")
    notebook = folder / str(entry["notebook"])
    if not notebook.is_file():
        raise ConfigurationError(f"{where}: there is no notebook {entry['notebook']}")
    title, summary = (_label(entry, key, page_id, where=where) for key in ("title", "summary"))
    examines = entry.get("examines", False)
    if not isinstance(examines, bool):
        raise ConfigurationError(f"{where}: examines must be true or false")
    return Page(page_id, notebook, title, summary, _files(entry, where=where), examines)


def _files(entry: Mapping[str, Any], *, where: str) -> tuple[str, ...]:
    kinds = entry.get("files", [])
    if not isinstance(kinds, list) or not set(kinds) <= set(KINDS):
        raise ConfigurationError(f"{where}: files must be some of {', '.join(KINDS)}")
    return tuple(kinds)


def _label(entry: Mapping[str, Any], key: str, page_id: str, *, where: str) -> Label:
    own = entry.get(key)
    if own is None:
        known = catalogue().get(f"{key}.{page_id}")
        if known is None:
            raise ConfigurationError(f"{where}: must have a {key} with zh and en")
        return known
    if not isinstance(own, Mapping) or set(own) != {"zh", "en"}:
        raise ConfigurationError(f"{where}: {key} must hold zh and en")
    return Label(**own)
