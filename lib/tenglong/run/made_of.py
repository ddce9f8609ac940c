"""What a report tells of, by name with a digest each: only what changes here makes a revision.

Tables count as they were known on the report's day, cell by cell: rows that tell of later days, the
order of rows and the bytes of files change nothing of it. Nor does the version of the kit.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import shapely

from tenglong.measure.clause import Label
from tenglong.run import manifest
from tenglong.run.about import parameters_of
from tenglong.run.request import OPTIONS, Request
from tenglong.source.beside import Summary
from tenglong.source.bundle import Bundle, examine_bundle
from tenglong.source.description import Description
from tenglong.source.known import known_on
from tenglong.source.plan import find_plan
from tenglong.source.policy import load_policy
from tenglong.source.schema import Table, tables
from tenglong.yaml_file import read_yaml

MadeOf = Mapping[str, str]
# Rules of running the kit, which no figure hangs on.
OF_RUNNING = frozenset({"database", "retention", "run", "schedule"})
# Of these kinds a name that only one of two reports has is a change, too: a table came or went.
# A rule that is new is the kit's, not the county's.
COUNTED = frozenset({"county", "table", "aside", "parameter"})
# What says which report it is, and of the counties beside, what they hold.
IMPLIED = frozenset({*OPTIONS, "against"})
CELLS = "\x1f"  # between the cells of a row
CENTIMETRES = 2  # decimals of a metre, in which outlines are compared


def made_of(request: Request, read: Bundle) -> dict[str, str]:
    """Tell what a report is made of; `read` is the request's bundle as it was read."""
    found = _of_county(read, request)
    for number, one in enumerate(request.beside, start=1):  # two folders may have one name
        told = _of_other(one, request).items()
        found |= {f"{number}.{one.path.name}/{name}": digest for name, digest in told}
    for page in request.pages:
        for name, value in parameters_of(page, request).items():
            if name not in IMPLIED:
                found[f"parameter:{page.id}.{name}"] = str(value)
    return dict(sorted(found.items()))


def digest_of(made: MadeOf) -> str:
    """Give one digest of all of it.

    >>> digest_of({"a": "1", "b": "2"}) == digest_of({"b": "2", "a": "1"})
    True
    """
    return _digest(sorted(made.items()))


def changed(before: MadeOf, after: MadeOf) -> tuple[str, ...]:
    """Name what is not the same of two reports.

    >>> changed({"table:a": "1", "plan": "1"}, {"table:b": "1", "plan": "1", "policy:new": "1"})
    ('table:a', 'table:b')
    """
    names = dict.fromkeys([*before, *after])
    return tuple(
        sorted(
            name
            for name in names
            if before.get(name) != after.get(name)
            and (split(name)[1] in COUNTED or (name in before and name in after))
        )
    )


def split(name: str) -> tuple[str, str, str]:
    """Split a name into the county beside (empty for the report's own), the kind and the rest.

    >>> split("table:parcels"), split("2.kaihua/policy:bands")
    (('', 'table', 'parcels'), ('kaihua', 'policy', 'bands'))
    """
    below, _, own = name.rpartition("/")
    kind, _, rest = own.partition(":")
    return below.partition(".")[2], kind, rest


def _of_county(read: Bundle, request: Request) -> dict[str, str]:
    about = read.description
    told = {
        "county": _digest(
            [_said(about.name), _said(about.currency), _said(about.notice), about.crs]
        ),
        "plan": _digest(read_yaml(find_plan(about.plan_choice))),
    }
    policy = load_policy(about.policy, beside=about.path)
    told |= {
        f"policy:{name}": _digest(rules) for name, rules in policy.items() if name not in OF_RUNNING
    }
    for name, frame in read.on(request.as_of).tables.items():
        told[f"table:{name}"] = digest_of_frame(frame, tables()[name])
    for name, loaded in read.tables.items():
        aside = known_on(loaded.aside, tables()[name], request.as_of)
        if len(aside):
            told[f"aside:{name}"] = digest_of_frame(aside, tables()[name])
    return told


def _of_other(about: Description, request: Request) -> dict[str, str]:
    """Tell of a county beside; of one whose summary alone is there, the file."""
    if isinstance(about, Summary):
        (file,) = about.files
        return {"county": manifest.digest(file)}
    return _of_county(examine_bundle(about), request)


def digest_of_frame(frame: pd.DataFrame, table: Table) -> str:
    """Give the digest of a table's cells, whatever the order and the numbers of its rows."""
    columns = [name for name in table.columns if name in frame]
    rows = zip(*(_texts(frame[name]) for name in columns), strict=True)
    return _digest([columns, sorted(map(CELLS.join, rows))])


def _texts(column: "pd.Series[Any]") -> Iterator[str]:
    """Write cells as texts that no version of a library writes otherwise."""
    if column.dtype == "geometry":
        drawn = shapely.to_wkt(column.to_numpy(), rounding_precision=CENTIMETRES)
        return ("" if one is None else str(one) for one in drawn)
    known = column.notna()
    return (str(cell) if has else "" for cell, has in zip(column, known, strict=True))


def _said(label: Label | None) -> tuple[str, str]:
    return (label.zh, label.en) if label else ("", "")


def _digest(content: object) -> str:
    text = json.dumps(_plain(content), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(content: object) -> object:
    """Give content as lists and texts alone, mappings in the order of their keys."""
    if isinstance(content, Mapping):
        return sorted(([str(key), _plain(value)] for key, value in content.items()), key=str)
    if isinstance(content, list | tuple):
        return [_plain(one) for one in content]
    return str(content)
