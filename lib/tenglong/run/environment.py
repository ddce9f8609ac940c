"""The dependencies, as environment.yml lists them: the one hand-edited place.

`python -m tenglong.run.environment` prints them one a line, for `make lock`.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tenglong.source.place import kit_root
from tenglong.yaml_file import read_yaml

# What conda manages itself and pip does not install.
NOT_PACKAGES = {"python", "pip"}
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ;(?P<marker>[^\\]*))?")


def requirements(path: Path) -> tuple[Requirement, ...]:
    """Read the requirements of an environment.yml, those of its `pip:` section included."""
    listed = read_yaml(path)["dependencies"]
    lines = [line for line in listed if isinstance(line, str)]
    lines += [line for part in listed if isinstance(part, dict) for line in part["pip"]]
    found = (Requirement(line) for line in lines)
    return tuple(one for one in found if one.name not in NOT_PACKAGES)


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


def main() -> None:
    """Print the requirements, one a line."""
    for requirement in requirements(kit_root() / "environment.yml"):
        print(requirement)


if __name__ == "__main__":
    main()
