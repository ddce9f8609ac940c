"""Where the cache stands, and how large it may become.

`TENGLONG_CACHE` names the folder, an empty value none; else it is `tenglong` in the user's own
folder of caches. `TENGLONG_CACHE_MB` says how many megabytes it may hold.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from tenglong.errors import UsageError

VARIABLE, SIZE_VARIABLE = "TENGLONG_CACHE", "TENGLONG_CACHE_MB"
DEFAULT_MB = 2048
MB = 1024 * 1024


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Give the folder of the cache, which need not be there; None where there is to be none.

    >>> cache_folder({"TENGLONG_CACHE": ""}) is None
    True
    >>> cache_folder({"XDG_CACHE_HOME": os.path.abspath("a")}).parts[-2:]
    ('a', 'tenglong')
    """
    named = environment.get(VARIABLE)
    if named is not None:
        return Path(named).absolute() if named else None
    variable = "LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME"
    base = Path(environment.get(variable, ""))
    if not base.is_absolute():  # the XDG specification bids to ignore such a one
        try:
            base = Path.home() / ".cache"
        except RuntimeError:  # a user without a home
            return None
    return base / "tenglong"


def most_bytes(environment: Mapping[str, str] = os.environ) -> int:
    """Give how many bytes the cache of an edition may hold.

    Raises
    ------
    UsageError
        If `TENGLONG_CACHE_MB` is no whole number.

    >>> most_bytes({}), most_bytes({"TENGLONG_CACHE_MB": "1"})
    (2147483648, 1048576)
    """
    said = environment.get(SIZE_VARIABLE) or str(DEFAULT_MB)
    if not said.isdecimal():
        fault = f"{SIZE_VARIABLE} must be a whole number of megabytes, not {said!r}"
        raise UsageError(fault)
    return int(said) * MB
