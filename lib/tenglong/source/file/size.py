"""How much of a file is let in: a small file may unpack, or spread out, to more than there is."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenglong.source.problem import RefusedError, Spot

MB = 1_000_000


@dataclass(frozen=True)
class Sizes:
    """The most that is let in; `data/policy/intake.yml` says what each means."""

    file_mb: float = math.inf
    unpacked_mb: float = math.inf
    cells: float = math.inf
    columns: float = math.inf

    def hold_file(self, parts: Iterable[Path], spot: Spot) -> None:
        """Refuse a source whose files are larger than they may be."""
        size = sum(one.stat().st_size for one in parts if one.is_file())
        if size > self.file_mb * MB:
            said: dict[str, Any] = {"size": f"{size / MB:,.0f}", "most": f"{self.file_mb:,.12g}"}
            raise RefusedError(spot.problem("large_file", **said))

    def hold_unpacked(self, size: float, spot: Spot) -> None:
        """Refuse what unpacks to more bytes than it may."""
        if size > self.unpacked_mb * MB:
            said: dict[str, Any] = {
                "size": f"{size / MB:,.0f}",
                "most": f"{self.unpacked_mb:,.12g}",
            }
            raise RefusedError(spot.problem("large_unpacked", **said))

    def hold_table(self, rows: float, columns: float, spot: Spot) -> None:
        """Refuse a table that would take more cells or columns than it may."""
        if columns > self.columns:
            said: dict[str, Any] = {"columns": f"{columns:,.0f}", "most": f"{self.columns:,.12g}"}
            raise RefusedError(spot.problem("wide_table", **said))
        if rows * columns > self.cells:
            told: dict[str, Any] = {
                "count": f"{rows * columns:,.0f}",
                "most": f"{self.cells:,.12g}",
            }
            told |= {"rows": f"{rows:,.0f}", "columns": f"{columns:,.0f}"}
            raise RefusedError(spot.problem("large_table", **told))


@dataclass
class Tally:
    """Counts the cells of a page as they come, and refuses it when there are too many."""

    sizes: Sizes = field(default_factory=Sizes)
    spot: Spot = field(default_factory=lambda: Spot(""))
    cells: int = 0

    def add(self, cells: int) -> None:
        """Count cells, as if they stood in one column."""
        self.cells += cells
        self.sizes.hold_table(self.cells, 1, self.spot)
