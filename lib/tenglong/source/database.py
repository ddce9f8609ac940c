"""A database as a source: read-only, bounded in time, and its login told to nobody.

bundle.yml names an environment variable; the variable holds the URL. The password stands in the
URL or in ~/.pgpass, and no message of this module holds more of it all than host and port. So
the driver's own errors of connecting, which do, are never chained to ours.
"""

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Event
from typing import TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import PGconn, Ping

from tenglong.errors import ConfigurationError, DataError, SourceError
from tenglong.source.deadline import ended_after
from tenglong.source.query import Limits, Query
from tenglong.source.rowset import Connection, Rowset, read_rows

T = TypeVar("T")

# Codes of PostgreSQL: trouble that may pass (lost or refused connections, no room, a standby
# that had to catch up, shutting down), a statement over its time; and what a write, or anything
# but one select, is refused with.
PASSING = ("08", "53", "40", "57P")
OVER_TIME = "57014"
REFUSED = {"25006": "it must only read", "42601": "it must be one select"}
DEFAULT_PORT = "5432"


def read_queries(queries: Mapping[str, Query], limits: Limits) -> dict[str, Rowset | DataError]:
    """Read tables from their databases; those of one database as of one moment.

    Parameters
    ----------
    queries
        By the name of the table that they give.

    Returns
    -------
    dict
        By the table: its rows, or why its query is refused.

    Raises
    ------
    ConfigurationError
        If a variable is not set or holds no URL.
    SourceError
        If a database does not answer, refuses the login, or takes too long, by its clock or ours.
    """
    found: dict[str, Rowset | DataError] = {}
    for variable in dict.fromkeys(query.variable for query in queries.values()):
        own = {name: query for name, query in queries.items() if query.variable == variable}

        found |= _tried(variable, limits, partial(_read, own, limits))
    return found


def reach(variables: Iterable[str], limits: Limits) -> None:
    """Make sure that databases answer, before anything is begun that needs them.

    Raises
    ------
    ConfigurationError, SourceError
        As `read_queries`.
    """
    for variable in variables:
        _tried(variable, limits, lambda connection: connection.execute("select 1"))


def _read(
    queries: Mapping[str, Query], limits: Limits, connection: Connection
) -> dict[str, Rowset | DataError]:
    found: dict[str, Rowset | DataError] = {}
    for name, query in queries.items():
        try:
            with connection.transaction():  # one that fails leaves the others theirs
                found[name] = _asked(connection, name, query, limits)
        except DataError as error:
            found[name] = error
    return found


def _asked(connection: Connection, table: str, query: Query, limits: Limits) -> Rowset:
    place = f"table {table}: {query.origin}"
    try:
        return read_rows(
            connection,
            query.sql,
            origin=query.origin,
            place=place,
            geometry=query.geometry,
            most_cells=limits.most_cells,
        )
    except UnicodeDecodeError:
        raise DataError(f"{place}: the server gives text that is not UTF-8") from None
    except psycopg.Error as error:
        if _may_pass(error):
            raise
        if error.sqlstate == OVER_TIME:
            raise SourceError(
                f"{place}: was stopped after {limits.statement_timeout_s:g} s"
                " (statement_timeout_s of database.yml)"
            ) from None
        # What a server says of a query holds no login; what the driver says may.
        said = error.diag.message_primary or type(error).__name__
        why = REFUSED.get(error.sqlstate or "", "the server refuses it")
        raise DataError(f"{place}: {why}: {' '.join(said.split())}") from None


def _may_pass(error: psycopg.Error) -> bool:
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(PASSING)


def _tried(variable: str, limits: Limits, do: Callable[[Connection], T]) -> T:
    address = _address(variable)
    pause = limits.first_pause_s
    end = time.monotonic() + limits.deadline_s
    for attempt in range(limits.attempts):
        if attempt:
            time.sleep(pause)
            pause *= limits.pause_factor
        over = Event()
        try:
            connection = psycopg.connect(_conninfo(variable, limits))
            with ended_after(connection, end - time.monotonic()) as over, connection:
                _restrict(connection, limits)
                found = do(connection)
                connection.rollback()  # large objects may be written in what only reads
                return found
        except (psycopg.Error, SourceError) as error:
            if not over.is_set() and isinstance(error, SourceError):
                raise
            is_lost = getattr(error, "sqlstate", None) is not None
        if over.is_set() or time.monotonic() > end:
            raise SourceError(
                f"{variable}: the database at {address} took longer than {limits.deadline_s:g} s"
                " (deadline_s of database.yml) and was left"
            )
        if not is_lost and _is_up(variable, limits):
            raise SourceError(
                f"{variable}: the server at {address} refuses the login; check user, password and"
                f" database in {variable} or ~/.pgpass"
            )
    raise SourceError(
        f"{variable}: the database at {address} does not answer ({limits.attempts} attempts)"
    )


def _is_up(variable: str, limits: Limits) -> bool:
    # Before a login no code comes with a refusal, only words in the server's language.
    answer = PGconn.ping(_conninfo(variable, limits).encode())
    return answer == Ping.OK


def _conninfo(variable: str, limits: Limits) -> str:
    patience = max(2, round(limits.connect_timeout_s))
    return make_conninfo(
        os.environ[variable],
        connect_timeout=patience,
        # A server that vanishes behind a firewall is noticed too.
        keepalives_idle=patience,
        tcp_user_timeout=round(limits.statement_timeout_s * 1000),
        application_name="tenglong",
        client_encoding="utf8",
    )


def _restrict(connection: Connection, limits: Limits) -> None:
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    settings = {
        "statement_timeout": f"{limits.statement_timeout_s * 1000:.0f}",
        "TimeZone": limits.time_zone,
        "DateStyle": "ISO, YMD",
        "extra_float_digits": "1",
        "bytea_output": "hex",
    }
    for name, value in settings.items():
        try:
            connection.execute("select set_config(%s, %s, true)", [name, value])
        except psycopg.errors.InvalidParameterValue:
            raise ConfigurationError(
                f"policy database.yml: the server knows no {name} {value!r}"
            ) from None


def _address(variable: str) -> str:
    if variable not in os.environ:
        raise ConfigurationError(
            f"{variable}: this environment variable is not set; it must hold the database's URL"
        )
    try:
        parts = conninfo_to_dict(os.environ[variable])
    except psycopg.ProgrammingError:
        parts = {}
    if not parts:
        raise ConfigurationError(
            f"{variable}: must hold a URL such as postgresql://user@host:{DEFAULT_PORT}/database"
        )
    host = parts.get("host") or parts.get("hostaddr") or os.environ.get("PGHOST") or "localhost"
    port = parts.get("port") or os.environ.get("PGPORT") or DEFAULT_PORT
    told = f"{host} {parts.get('dbname') or ''}"
    # Else a piece of the password was taken for the host, and we would print it.
    if "@" in told or not re.fullmatch(r"[\d,]+", str(port)):
        raise ConfigurationError(
            f"{variable}: write @ : / ? # % in the user's name and password as %40 %3A %2F %3F"
            " %23 %25"
        )
    return f"{host}:{port}"
