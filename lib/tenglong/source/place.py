"""Where the kit's own files are."""

from pathlib import Path

INSTALLED = Path(__file__).resolve().parents[1] / "kit"


def kit_root() -> Path:
    """Give the folder that holds the kit's `data` and `notebooks`: the clone, or in a wheel.

    >>> (kit_root() / "data" / "plan").is_dir()
    True
    """
    return INSTALLED if INSTALLED.is_dir() else Path(__file__).resolve().parents[3]
