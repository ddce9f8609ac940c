"""Where the kit's own files are."""

from pathlib import Path


def kit_root() -> Path:
    """Give the folder that holds the kit's `lib`, `data` and `notebooks`.

    >>> (kit_root() / "data" / "plan").is_dir()
    True
    """
    return Path(__file__).resolve().parents[3]
