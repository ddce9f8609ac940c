"""The notebooks as the kit ships them: an edit that was saved in JupyterLab is noticed by them.

`python -m tenglong.run.edition` writes `published.yml` anew, after a notebook was changed on
purpose.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tenglong.source.place import kit_root
from tenglong.yaml_file import read_yaml

NAME = "published.yml"
HEAD = "# Written by `python -m tenglong.run.edition`: the notebooks as the kit ships them.\n"
PARAMETERS, INJECTED = "parameters", "injected-parameters"
Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Edition:
    """What a shipped notebook holds.

    Attributes
    ----------
    parameters
        The source of its `parameters` cell.
    cells
        The digest of all other cells, see `digest`.
    """

    parameters: str
    cells: str


def digest(cells: list[Cell]) -> str:
    """Give the SHA-256 of what cells say: not of parameters, outputs, or cells without a word.

    >>> code = {"cell_type": "code", "source": ["x = 1"], "metadata": {}}
    >>> empty = {"cell_type": "code", "source": [], "metadata": {}}
    >>> digest([code]) == digest([{**code, "outputs": [1]}, empty])
    True
    """
    said = [
        (cell["cell_type"], sorted(tags_of(cell)), source_of(cell).strip())
        for cell in cells
        if source_of(cell).strip() and not tags_of(cell) & {PARAMETERS, INJECTED}
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def tags_of(cell: Cell) -> set[str]:
    """Give a cell's tags."""
    return set(cell.get("metadata", {}).get("tags", ()))


def source_of(cell: Cell) -> str:
    """Give a cell's source, which a file may hold as a list of lines."""
    return "".join(cell["source"])


def editions(folder: Path) -> dict[str, Edition]:
    """Read what `published.yml` of a folder of notebooks says; nothing where there is none.

    Raises
    ------
    ConfigurationError
        If it is no YAML.
    """
    path = folder / NAME
    return (
        {name: Edition(**said) for name, said in read_yaml(path).items()} if path.is_file() else {}
    )


def written(folder: Path) -> str:
    """Give the text that `published.yml` of a folder of notebooks must have."""
    told = {}
    for path in sorted(folder.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        (parameters,) = (source_of(cell) for cell in cells if PARAMETERS in tags_of(cell))
        told[path.name] = {"parameters": f"{parameters.strip()}\n", "cells": digest(cells)}
    return HEAD + yaml.dump(told, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=999)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they stand."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def main() -> None:
    """Write the file of the kit's own notebooks."""
    folder = kit_root() / "notebooks"
    (folder / NAME).write_text(written(folder), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
