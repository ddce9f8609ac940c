"""What a kernel may know of the environment of its runner: no password, no token."""

import os
from collections.abc import Collection, Mapping

# Where programs, folders, languages and the clock are found; how many threads libraries start.
NAMES = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TEMP", "TMP", "SHELL", "TERM"),
        *("LANG", "LANGUAGE", "TZ", "TZDIR", "VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
        *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"),
        *("PROJ_DATA", "PROJ_LIB", "PROJ_NETWORK", "GDAL_DATA", "GDAL_DRIVER_PATH"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
        *("MPLBACKEND", "MPLCONFIGDIR"),
        # Windows does not start Python without some of these.
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "HOMEDRIVE"),
        *("HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "NUMBER_OF_PROCESSORS"),
    }
)
PREFIXES = ("LC_", "PYTHON", "TENGLONG_")


def own(environment: Mapping[str, str], *, apart: Collection[str] = ()) -> dict[str, str]:
    """Give what of an environment a kernel has.

    Parameters
    ----------
    apart
        Variables that it must not have, whatever they are called: those that hold the addresses
        of databases. Kernels find what was read of these (`tenglong.source.snapshot`).

    >>> said = {"LANG": "C", "AWS_SECRET": "x", "TENGLONG_A": "1", "TENGLONG_DB": "postgresql://"}
    >>> own(said, apart=["TENGLONG_DB"])
    {'LANG': 'C', 'TENGLONG_A': '1'}
    """
    return {
        name: said
        for name, said in environment.items()
        if name not in apart and (_key(name) in NAMES or name.startswith(PREFIXES))
    }


def _key(name: str) -> str:
    return name.upper() if os.name == "nt" else name
