"""The views of a GeoPackage: queries that run when their rows are read, and may never end."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from tenglong.source.file.size import Sizes
from tenglong.source.problem import RefusedError, Spot

PATIENCE_S = 20
STEPS = 10_000  # of the database, between two looks at the clock


def hold_views(path: Path, sizes: Sizes, spot: Spot) -> None:
    """Refuse a GeoPackage with a view that has more rows than a table may, or does not end.

    Raises
    ------
    RefusedError
        Naming the view; or one that cannot be tried.
    sqlite3.DatabaseError
        If it is no database.
    """
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as book:
        views = book.execute("select name from sqlite_master where type = 'view'").fetchall()
        end = time.monotonic() + PATIENCE_S
        book.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        for (name,) in views:
            quoted = str(name).replace('"', '""')
            most = min(sizes.cells, 2**62)
            query = f'select count(*) from (select 1 from "{quoted}" limit {most + 1:.0f})'  # noqa: S608 - quoted
            try:
                (rows,) = book.execute(query).fetchone()
            except sqlite3.OperationalError as error:
                raise RefusedError(spot.problem("endless_view", view=str(name))) from error
            sizes.hold_table(rows, 1, spot)
