"""What differs between two publications of a period: clauses, pages and source files."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

About = Mapping[str, Any]
CLAUSES = "targets.csv"
SOURCES = "sources"  # how the names of tables begin that tell of whole files
NEEDED = frozenset({"id", "name", "status_label", "actual", "unit"})
HEADS = {
    "revision_clauses.csv": (
        *("id", "name", "status_before", "status_after"),
        *("figure_before", "figure_after", "unit"),
    ),
    "revision_inputs.csv": ("file", "change", "rows_before", "rows_after"),
}
Row = Mapping[str, str]


def difference(
    before: tuple[Path, About], after: tuple[Path, About], data: Sequence[str]
) -> dict[str, Any]:
    """Tell what differs.

    Parameters
    ----------
    before, after
        The folder of each publication, with what its manifest tells.
    data
        What of its making changed, as `run.made_of` names it.

    Returns
    -------
    dict
        As the manifest holds it: `before` (its number), `before_at`, `data`, `pages` (ids of those
        whose tables changed), `clauses` (None where not both tell them) and `inputs`.
    """
    clauses = _clauses(*(_read(folder / "tables" / CLAUSES) for folder, _ in (before, after)))
    return {
        "before": before[1]["publication"]["number"],
        "before_at": before[1]["publication"]["published_at"],
        "data": list(data),
        "pages": list(_pages(before[0], after[0], after[1]["pages"])),
        "clauses": clauses,
        "inputs": list(_inputs(before[1].get("inputs", {}), after[1]["inputs"])),
    }


def difference_tables(publication: About | None) -> dict[str, str]:
    """Give what a publication changed as CSV, by the name of the file; none of a first one."""
    changes = publication["changes"] if publication else None
    if changes is None:
        return {}
    clauses = [
        (one["id"], one["name"], *one["status"], *one["figure"], one["unit"])
        for one in changes["clauses"] or ()
    ]
    inputs = [(one["name"], one["change"], *one["rows"]) for one in changes["inputs"]]
    return {
        name: _csv(HEADS[name], rows) for name, rows in zip(HEADS, (clauses, inputs), strict=True)
    }


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([head, *rows])
    return text.getvalue()


def _clauses(before: Mapping[str, Row] | None, after: Mapping[str, Row] | None) -> Any:
    if before is None or after is None:
        return None
    nothing: Row = dict.fromkeys(NEEDED, "")
    found = []
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key, nothing), after.get(key, nothing)
        moved = {
            "status": [old["status_label"], new["status_label"]],
            "figure": [old["actual"], new["actual"]],
        }
        if any(first != last for first, last in moved.values()):
            known = new if key in after else old
            found.append({"id": key, "name": known["name"], **moved, "unit": known["unit"]})
    return found


def _read(path: Path) -> dict[str, Row] | None:
    """Read the table of clauses by their id; None where there is none that can be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error):
        return None
    is_whole = all(
        row.keys() >= NEEDED and all(isinstance(row[name], str) for name in NEEDED) for row in rows
    )
    return {row["id"]: row for row in rows} if rows and is_whole else None


def _pages(before: Path, after: Path, pages: Sequence[About]) -> Iterator[str]:
    for page in pages:
        names = (one for one in page["tables"] if not one.startswith(SOURCES))
        if any(_bytes(before / "tables" / one) != _bytes(after / "tables" / one) for one in names):
            yield page["id"]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _inputs(before: Mapping[str, About], after: Mapping[str, About]) -> Iterator[dict[str, Any]]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or old["sha256"] != new["sha256"]:
            change = "added" if old is None else "removed" if new is None else "altered"
            yield {"name": name, "change": change, "rows": [_rows(old), _rows(new)]}


def _rows(told: About | None) -> int | None:
    """Count the rows that a file brought to all tables; None of one that brings none."""
    rows = (told or {}).get("rows")
    return sum(rows.values()) if rows else None
