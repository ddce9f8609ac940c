"""No page tells where something stands on the machine that made it."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tenglong.errors import ConfigurationError
from tenglong.run.scratch import PREFIX
from tenglong.source.place import kit_root


def refuse_whereabouts(texts: Iterable[str], bundle: Path) -> None:
    """Let no page or table name a folder of this machine.

    Parameters
    ----------
    bundle
        The bundle's folder, which is one of them.

    Raises
    ------
    ConfigurationError
        If one does; of the folder it tells the last name alone.
    """
    folders = [*_folders(bundle)]
    named = re.compile(f"(?<![\\w+/=])(?:{'|'.join(map(re.escape, folders))})")
    for text in texts:
        # To look for each of them takes a tenth of the time of one pattern.
        if any(folder in text for folder in folders) and (found := named.search(text)):
            name = Path(found[0]).name
            raise ConfigurationError(
                f"it shows a folder of this machine (…{os.sep}{name}); show a name in its place"
            )


def _folders(bundle: Path) -> Iterator[str]:
    """Give the beginnings of paths that lead to what is this machine's own."""
    yield os.path.join(tempfile.gettempdir(), PREFIX)  # noqa: PTH118 - the beginning of a name
    for folder in (bundle.resolve(), kit_root(), Path(sys.prefix), Path("~").expanduser()):
        if folder.is_absolute() and len(folder.parts) > 1:
            yield f"{folder}{os.sep}"
