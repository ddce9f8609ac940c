"""The dependencies, as pyproject.toml lists them, and what the locks pin.

`python tests/environment.py` prints environment.yml, for `make lock`.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
CONDA = """\
# Written by `make lock` from pyproject.toml, not by hand.
# conda env create -f environment.yml && conda activate tenglong
name: tenglong
channels:
  - conda-forge
dependencies:
"""
# What conda-forge has not, or without its own libraries.
BY_PIP = {"playwright", "axe-playwright-python", "psycopg"}
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ;(?P<marker>[^\\]*))?")


def project() -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements(*groups: str) -> tuple[Requirement, ...]:
    """Give what a run needs, and what groups add to it."""
    lines = list(project()["project"]["dependencies"])
    for group in groups:
        lines += project()["dependency-groups"][group]
    return tuple(Requirement(line) for line in lines)


def conda() -> str:
    """Give the text of environment.yml."""
    listed = requirements("clone", "tools")
    lines = [f"  - python{project()['project']['requires-python']}", "  - pip"]
    lines += [f"  - {one}" for one in listed if one.name not in BY_PIP]
    lines += ["  - pip:", *(f"      - {one}" for one in listed if one.name in BY_PIP)]
    return CONDA + "\n".join(lines) + "\n"


def locked(path: Path) -> Mapping[str, Version]:
    """Read the versions that a lock pins for this machine, by canonical name."""
    pins = (PINNED.match(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {
        canonicalize_name(pin["name"]): Version(pin["version"])
        for pin in pins
        if pin is not None and _holds_here(pin["name"], pin["marker"])
    }


def _holds_here(name: str, marker: str | None) -> bool:
    if not marker or not marker.strip():
        return True
    needed = Requirement(f"{name} ;{marker}").marker
    return needed is None or needed.evaluate()


if __name__ == "__main__":
    print(conda(), end="")
