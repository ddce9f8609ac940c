"""Write the rows that were set aside, a file a table; they are internal information."""

from pathlib import Path

from tenglong.show.text.problems import quarantine_csv
from tenglong.source.bundle import Bundle
from tenglong.source.quarantine import set_aside

FOLDER = "quarantine"


def write_quarantine(folder: Path, read: Bundle, language: str) -> dict[str, int]:
    """Write `<table>.csv` for each table with rows that are not used.

    Returns
    -------
    dict
        How many rows are not used, by table.
    """
    counts = {}
    for table, rows in set_aside(read).items():
        folder.mkdir(parents=True, exist_ok=True)
        # With the mark, Excel reads Chinese.
        (folder / f"{table}.csv").write_text(
            quarantine_csv(rows, language), encoding="utf-8-sig", newline=""
        )
        counts[table] = len(rows)
    return counts
