"""Publish a report at a moment of a simulated clock, as the command does at the machine's own.

`python tests/dated.py BUNDLE PERIOD OUT NOTEBOOKS MOMENT`; it ends with the command's exit codes.
"""

import sys
from datetime import datetime
from pathlib import Path

from tenglong.errors import TenglongError
from tenglong.run import snapshots
from tenglong.run.command.report import leaving_cleanly
from tenglong.run.progress import Progress
from tenglong.run.report import make
from tenglong.run.request import request
from tenglong.source.place import kit_root


def main(bundle, period, out, notebooks, moment):
    """Publish it, and give the exit code."""
    if Path(notebooks) != kit_root() / "notebooks":
        snapshots.PAGES = ()  # notebooks of tests draw no page of the kit
    with leaving_cleanly():
        try:
            wanted = request(bundle, out=Path(out), notebooks=Path(notebooks), period=period)
            progress = Progress(sys.stderr, len(wanted.pages))
            result = make(wanted, progress, moment=datetime.fromisoformat(moment))
        except TenglongError as error:
            sys.stderr.write(f"tenglong: {error}\n")
            return error.exit_code
    for page, reason in result.failed.items():
        sys.stderr.write(f"tenglong: {page}: {reason}\n")
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
