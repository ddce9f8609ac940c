"""What is asked of a database, as bundle.yml says it, and how long it is waited for.

Nothing here needs the driver: `database` brings it, where a bundle has a query.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from tenglong.errors import ConfigurationError, Fault
from tenglong.measure.policy.file import ABOUT
from tenglong.shape import fault_at, whole

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RELATION = re.compile(r"\w+(\.\w+)?")
SECRET = re.compile(r"\bpostgres\w*(\+\w+)?://|://[^\s/]*@|\bpassword\s*=", re.IGNORECASE)
SHOWN = 60  # characters of a query that name it


@dataclass(frozen=True)
class Query:
    r"""What is asked of which database.

    Attributes
    ----------
    variable
        The environment variable that holds the database's URL.
    sql
        The one select that gives the rows.
    geometry
        The column that holds the outline, where bundle.yml names one.

    Examples
    --------
    >>> Query("COUNTY_DB", "select *\n  from parcels").origin
    'COUNTY_DB: select * from parcels'
    """

    variable: str
    sql: str
    geometry: str | None = None

    @property
    def origin(self) -> str:
        """What pages and messages call it."""
        text = " ".join(self.sql.split())
        return f"{self.variable}: {text[: SHOWN - 1] + '…' if len(text) > SHOWN else text}"


@dataclass(frozen=True)
class Limits:
    """How long a database is waited for, and for how much; see `data/policy/database.yml`."""

    connect_timeout_s: float
    statement_timeout_s: float
    attempts: int
    first_pause_s: float
    pause_factor: float
    time_zone: str
    deadline_s: float
    most_cells: float


def whole_relation(name: str) -> str:
    """Give the select of a table or view that bundle.yml names, its letters taken as they are.

    >>> whole_relation("gis.地块")
    'select * from "gis"."地块"'
    """
    quoted = ".".join(f'"{part}"' for part in name.split("."))
    return f"select * from {quoted}"  # noqa: S608 - of letters, digits and _ only, see RELATION


def limits_of(policy: Mapping[str, Any]) -> Limits:
    """Read the policy's limits.

    Raises
    ------
    ConfigurationError
        If one is missing, unknown or not a positive number.
    """

    def nothing(limits: Limits, raw: object) -> Iterator[Fault]:
        for name in (one.name for one in fields(limits) if one.name != "time_zone"):
            if getattr(limits, name) <= 0:
                yield fault_at(raw, name, "must be more than 0", "应大于 0")

    faults: list[str] = []
    read = whole(Limits, policy, faults, beside=ABOUT, also=nothing)
    if faults:
        raise ConfigurationError.of_policy("database", faults)
    return read
