"""Measure rows of the table, print them, and write them down: `make bench`, `python -m bench`."""

import argparse
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import record, table
from bench.kit import HERE, Kit
from bench.row import ROWS


def main():
    """Measure what is asked, each row by itself, so that what is measured is not lost."""
    asked = _asked()
    column = record.BEFORE if asked.before else record.NOW
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        kit = Kit(
            (asked.before or HERE).resolve(), work, (asked.hundred or work / "hundred").resolve()
        )
        about = {"commit": kit.commit(), "day": f"{datetime.now(UTC):%Y-%m-%d}"}
        for row in asked.rows or ROWS:
            lines = {}
            about["load"] = round(os.getloadavg()[0], 1)
            for line in ROWS[row](kit):
                lines[line.work] = line
                print(table.printed(line), flush=True)
                record.keep(column, row, list(lines.values()), **about)
            table.FILE.write_text(table.text(record.load()), encoding="utf-8")


def _asked():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--before", type=Path, help="the worktree of an earlier commit")
    parser.add_argument("--hundred", type=Path, help="the folder of a county made before")
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="which rows (all)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
