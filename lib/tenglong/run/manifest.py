"""The manifest: what a report was made from, with what, and what came out."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tenglong.errors import DataError

NAME = "manifest.json"
EDITION = "internal"
# Of what a manifest tells; 1, which says none, told neither the county's code nor a publication.
FORMAT = 2
DERIVED = (NAME, "index.html")
PACKAGES = (
    "tenglong",
    *("pandas", "numpy", "geopandas", "shapely", "pyproj", "pyogrio", "pyarrow"),
    *("folium", "papermill", "nbclient", "nbconvert", "ipykernel", "jinja2"),
)


def digest(path: Path) -> str:
    """Give a file's SHA-256.

    Raises
    ------
    DataError
        If it is not there.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError as error:
        raise DataError(f"{path.name}: bundle.yml names this file, but it is not there") from error


def digests(files: Sequence[Path], root: Path) -> dict[str, str]:
    """Give the SHA-256 of files by their path below a folder, or their name if elsewhere."""
    return {name_of(path, root): digest(path) for path in sorted(files)}


def name_of(path: Path, root: Path) -> str:
    """Name a file by its path below a folder, or by its name alone where it is elsewhere.

    >>> name_of(Path("/a/b/c.csv"), Path("/a")), name_of(Path("/d/c.csv"), Path("/a"))
    ('b/c.csv', 'c.csv')
    """
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def versions() -> dict[str, str]:
    """Give the versions of all that a report's bytes may depend on.

    >>> versions()["python"] == platform.python_version()
    True
    """
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def write(folder: Path, about: Mapping[str, Any]) -> dict[str, Any]:
    """Write the manifest of a staged report, and give it.

    All but `finished_at` follows from the inputs. The cover is no output: it is made from the
    manifests of the report and its neighbours.
    """
    outputs = [path for path in folder.rglob("*") if path.is_file() and path.name not in DERIVED]
    content = {
        "format": FORMAT,
        **about,
        "versions": versions(),
        "outputs": digests(outputs, folder),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")
    return content


def read(folder: Path) -> dict[str, Any] | None:
    """Read a published report's manifest; None where there is none that can be read."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
