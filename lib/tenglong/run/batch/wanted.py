"""One report of a batch, as it is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from operator import or_
from pathlib import Path
from typing import Any

from tenglong.errors import TenglongError, UsageError, placed
from tenglong.run.request import Request, request
from tenglong.source.place import kit_root


@dataclass(frozen=True)
class Wanted:
    """A report as it is asked for.

    Attributes
    ----------
    out
        The folder of reports that it lands in.
    asked
        What else `run.request` takes.
    row
        Where it stands in the file of sets; 0 where none asks for it.
    """

    bundle: str
    out: Path
    asked: Mapping[str, Any] = field(default_factory=dict)
    row: int = 0

    def request(self, notebooks: Path | None) -> Request:
        """Check it, as that of a single report is checked; without a folder, the kit's notebooks.

        Raises
        ------
        UsageError, ConfigurationError
            As `run.request.request` does.
        """
        folder = notebooks or kit_root() / "notebooks"
        return request(self.bundle, out=self.out, notebooks=folder, **self.asked)


def requested(
    wanted: Sequence[Wanted], notebooks: Path | None, faults: Sequence[str] = ()
) -> tuple[Request, ...]:
    """Check every report that is asked for.

    Parameters
    ----------
    faults
        What is wrong already; told along.

    Raises
    ------
    UsageError
        With everything that is wrong, each fault with its row; also where two reports would land
        in one folder.
    ConfigurationError
        If a bundle's description, the catalogue or a notebook is malformed, and no file of sets
        asks for it.
    """
    found: list[tuple[Wanted, Request]] = []
    told = list(faults)
    for one in wanted:
        try:
            found.append((one, one.request(notebooks)))
        except TenglongError as error:
            if not one.row:
                raise
            told.append(placed(str(error), f"row {one.row}", f"第 {one.row} 行"))
    told += _meeting(found)
    if told:
        raise UsageError("; ".join(told))
    return tuple(asked for _, asked in found)


def _meeting(found: Sequence[tuple[Wanted, Request]]) -> Iterator[str]:
    """Tell which reports would take each other's place."""
    places: dict[Path, list[Wanted]] = {}
    for one, asked in found:
        places.setdefault(asked.out / asked.name, []).append(one)
    for place, those in places.items():
        if len(those) > 1:
            rows = ", ".join(str(one.row) for one in those if one.row)
            which = f"rows {rows}" if rows else ", ".join(one.bundle for one in those)
            yield f"{which}: would land in one folder, {place}; a column `out` tells them apart"


def crossed(one: Wanted, *ways: Sequence[Mapping[str, Any]]) -> tuple[Wanted, ...]:
    """Give a report in every combination of what is asked besides.

    >>> months = [{"period": "2022-05"}, {"period": "2022-06"}]
    >>> [each.asked["period"] for each in crossed(Wanted("a", Path()), months)]
    ['2022-05', '2022-06']
    """
    chosen = (reduce(or_, parts, dict(one.asked)) for parts in product(*ways))
    return tuple(replace(one, asked=asked) for asked in chosen)
