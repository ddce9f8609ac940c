"""Where the files of a bundle may lie: in its own folder, in the kit, or where the user says.

A bundle comes from elsewhere, and a path or a link in it could lead to any file that the user can
read. So only the user allows a folder outside of it, by the variable `TENGLONG_FOLDERS`: folders,
separated as those of PATH are.
"""

import os
from pathlib import Path

from tenglong.errors import ConfigurationError
from tenglong.source.place import kit_root

VARIABLE = "TENGLONG_FOLDERS"


def is_allowed(path: Path, bundle: Path) -> bool:
    """Tell whether a file, wherever its links lead, may be read for a bundle.

    Raises
    ------
    ConfigurationError
        If the user's variable names a folder that is not absolute.

    >>> here = Path(__file__).parent
    >>> is_allowed(here / "file" / "a.csv", here), is_allowed(Path("/a.csv"), here)
    (True, False)
    """
    try:
        place = path.resolve()
    except (OSError, RuntimeError):  # links that go round in a circle
        return False
    return any(place.is_relative_to(folder) for folder in _folders(bundle))


def _folders(bundle: Path) -> list[Path]:
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    own = [Path(one) for one in named if one]
    if not all(one.is_absolute() for one in own):
        raise ConfigurationError(f"{VARIABLE}: must name folders from the root on (/data/county)")
    return [one.resolve() for one in (bundle, kit_root() / "data", *own)]
