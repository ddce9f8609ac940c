"""A database as a source, against a real PostgreSQL with PostGIS that these tests start."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import geopandas as gpd
import pandas as pd
import psycopg
import pytest
import shapely
import yaml
from geopandas.testing import assert_geodataframe_equal
from psycopg.sql import SQL, Identifier

from intake import codes
from tenglong.errors import ConfigurationError, DataError, SourceError
from tenglong.source import describe_bundle, open_county, read_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.database import read_queries
from tenglong.source.policy import load_policy
from tenglong.source.query import Query, limits_of

INSTALL = "the tests of PostGIS need it: apt-get install postgresql postgresql-15-postgis-3"
ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"
USER, PASSWORD = "jingxin", "geheim@/:#密%1"
ADMIN, DATABASE = "owner", "county"
LIMITS = replace(
    limits_of(load_policy()["database"]),
    connect_timeout_s=2,
    statement_timeout_s=5,
    attempts=2,
    first_pause_s=0.01,
)
ENCRYPTION = {80877103, 80877104}  # what a client asks first: TLS, GSS
SQL_TYPES = {"f": "double precision", "b": "boolean", "M": "date"}


@dataclass(frozen=True)
class Server:
    """A server on a loopback port, with a user who may read and a password to keep."""

    folder: Path
    port: int

    def url(self, password: str | None = PASSWORD, **changed) -> str:
        given = {"user": USER, "port": self.port, "database": DATABASE, **changed}
        secret = "" if password is None else f":{quote(password, safe='')}"
        return f"postgresql://{given['user']}{secret}@127.0.0.1:{given['port']}/{given['database']}"

    def admin(self, database: str = DATABASE) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), port=self.port, user=ADMIN, dbname=database, autocommit=True
        )


def programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    if not found and beside is None:
        pytest.fail(INSTALL)
    return found[-1].parent if found else Path(str(beside)).parent


def unprivileged() -> dict:
    # The server refuses to be root; Debian's package brings a user for it.
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if not os.getuid() else {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server():
    """Start a server of our own, with the sample's parcels and firms in it; fail without one."""
    bin_folder, port = programs(), free_port()
    with tempfile.TemporaryDirectory(prefix="tlpg-") as name:
        folder = Path(name)
        if who := unprivileged():
            shutil.chown(folder, who["user"], who["group"])
        common = {"cwd": folder, "env": {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}, **who}
        initdb = [bin_folder / "initdb", "-D", folder / "data", "-U", ADMIN, "-E", "UTF8"]
        access = ["--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"]
        subprocess.run([*initdb, *access], check=True, capture_output=True, **common)
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
        options |= {"fsync": "off", "max_connections": 20, "TimeZone": "UTC"}
        said = [f"-c{key}={value}" for key, value in options.items()]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                [bin_folder / "postgres", "-D", folder / "data", "-p", str(port), *said],
                stderr=log,
                **common,
            ) as process,
        ):
            try:
                started = Server(folder, port)
                furnish(started)
                yield started
            finally:
                process.send_signal(signal.SIGINT)


def furnish(server: Server) -> None:
    for _ in range(200):
        try:
            with server.admin("postgres") as connection:
                connection.execute(SQL("create database {}").format(Identifier(DATABASE)))
            break
        except psycopg.OperationalError:
            time.sleep(0.1)
    with server.admin() as connection:
        try:
            connection.execute("create schema gis; create extension postgis schema gis")
        except psycopg.errors.FeatureNotSupported:
            pytest.fail(INSTALL)
        role = SQL("create role {} login password {}")
        connection.execute(role.format(Identifier(USER), PASSWORD))
        connection.execute("set search_path to public, gis")
        put(connection, "parcels", gpd.read_file(SAMPLE / "parcels.gpkg", layer="parcels"))
        put(connection, "firms", pd.read_csv(SAMPLE / "enterprises.csv", dtype="str"))
        connection.execute("create table public.notes (note text)")
        connection.execute(f'grant all on all tables in schema public to "{USER}"')
        connection.execute(f'grant usage on schema gis to "{USER}"')


def put(connection: psycopg.Connection, name: str, frame: pd.DataFrame) -> None:
    """Write a frame as a table, typed as a database's owner would, geometry with its SRID."""
    types = {column: SQL_TYPES.get(frame[column].dtype.kind, "text") for column in frame.columns}
    cells = pd.DataFrame(frame).astype("object").where(frame.notna(), None)
    if isinstance(frame, gpd.GeoDataFrame):
        srid = frame.crs.to_epsg()
        types["geometry"] = f"gis.geometry(Geometry, {srid})"
        shapes = shapely.set_srid(frame.geometry.to_numpy(), srid)
        cells["geometry"] = shapely.to_wkb(shapes, hex=True, include_srid=True)
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    connection.execute(f'create table public."{name}" ({columns})')
    with connection.cursor().copy(f'copy public."{name}" from stdin') as copy:
        for row in cells.itertuples(index=False):
            copy.write_row(row)


@pytest.fixture
def asked(server, monkeypatch):
    """Ask the server one query: `asked("select 1")`."""
    monkeypatch.setenv("COUNTY_DB", server.url())

    def ask(sql, *, limits=LIMITS, **more):
        found = read_queries({"parcels": Query("COUNTY_DB", sql, **more)}, limits)["parcels"]
        if isinstance(found, DataError):
            raise found
        return found

    return ask


@pytest.fixture
def bundle(tmp_path):
    """Write a bundle of these tables, with hasty limits, and give its folder."""

    def write(tables, *, folder="county"):
        place = tmp_path / folder
        (place / "policy").mkdir(parents=True)
        for name in ("parcels.gpkg", "enterprises.csv"):
            shutil.copy(SAMPLE / name, place / name)
        hasty = {"source": "test", **asdict(LIMITS)}
        (place / "policy" / "database.yml").write_text(yaml.safe_dump(hasty))
        about = {
            "name": {"zh": "试验县", "en": "Test County"},
            "code": "330328",
            "crs": "EPSG:4549",
            "plan": "wencheng-2021-2023",
            "policy": "policy",
            "as_of": date(2022, 6, 30),
            "tables": tables,
        }
        text = yaml.safe_dump(about, allow_unicode=True)
        (place / "bundle.yml").write_text(text, encoding="utf-8")
        return place

    return write


def refused(caught) -> str:
    """Give what a refusal says, after a look that it, and all it is chained to, tells no login."""
    shown = "".join(traceback.format_exception(caught.value))
    chain, error = [], caught.value
    while error is not None:
        chain.append(str(error))
        error = error.__cause__ or error.__context__
    assert not secrets_in(shown + "".join(chain))
    return str(caught.value)


def secrets_in(text: str) -> list[str]:
    told = (PASSWORD, quote(PASSWORD, safe=""), "geheim", USER, "postgresql://")
    return [secret for secret in told if secret in text.replace("postgresql://user@host", "")]


def test_a_county_s_parcels_and_firms_are_the_same_from_postgis_and_from_files(
    server, bundle, monkeypatch
):
    monkeypatch.setenv("COUNTY_DB", server.url())
    files = {"parcels": {"file": "parcels.gpkg"}, "enterprises": {"file": "enterprises.csv"}}
    queries = {
        "parcels": {"database": "COUNTY_DB", "query": "select * from parcels"},
        "enterprises": {"database": "COUNTY_DB", "table": "public.firms"},
    }
    one, other = (
        open_county(bundle(tables, folder=name))
        for name, tables in {"files": files, "database": queries}.items()
    )
    for name, key in (("parcels", "parcel_id"), ("enterprises", "usci")):
        expected, found = (
            county.table(name).sort_values(key).reset_index(drop=True) for county in (one, other)
        )
        assert len(found) > 50
        if name == "parcels":
            assert found.crs == expected.crs
            assert_geodataframe_equal(found, expected)
        else:
            pd.testing.assert_frame_equal(found, expected)


def test_the_origin_of_a_table_is_the_variable_and_its_query(server, bundle, monkeypatch):
    monkeypatch.setenv("COUNTY_DB", server.url())
    sql = "select *\n  from parcels where registered_mu >= 0 or registered_mu is null"
    county = open_county(bundle({"parcels": {"database": "COUNTY_DB", "query": sql}}))
    shown = "COUNTY_DB: select * from parcels where registered_mu >= 0 or registere…"
    assert county.inputs[0].origin == shown
    assert county.inputs[0].rows == len(gpd.read_file(SAMPLE / "parcels.gpkg"))


def test_the_same_rows_have_the_same_hash_and_numbers_in_any_order(asked):
    up = asked("select * from parcels order by parcel_id")
    down = asked("select * from parcels order by parcel_id desc")
    assert up.sha256 == down.sha256
    assert_geodataframe_equal(up.raw.frame, down.raw.frame)
    assert up.raw.frame.index.tolist()[:2] == [1, 2]


def test_another_value_gives_another_hash(asked):
    hashes = {asked(f"select {cell} as name").sha256 for cell in ("'a'", "'b'", "''", "null")}
    assert len(hashes) == 4


def test_a_number_of_eighteen_digits_keeps_them_all(asked):
    frame = asked("select 913303281234567891::numeric as usci, 0.1::float8 + 0.2 as x").raw.frame
    assert frame.loc[1].tolist() == ["913303281234567891", "0.30000000000000004"]


def test_the_zeros_of_a_column_s_scale_are_no_digits_that_were_published(asked):
    frame = asked("select 10.1000::numeric(12, 4) as a, 100.00::numeric as b, 0::numeric as c").raw
    assert frame.frame.loc[1].tolist() == ["10.1", "100", "0"]


def test_a_moment_becomes_the_county_s_own_day_and_a_truth_a_flag(asked):
    frame = asked("select '2021-03-04T18:00:00Z'::timestamptz as a, true as b").raw.frame
    assert frame.loc[1].tolist() == ["2021-03-05 02:00:00", "true"]


def test_a_fact_of_a_day_in_a_database_is_one_of_that_day(server, bundle, monkeypatch):
    monkeypatch.setenv("COUNTY_DB", server.url())
    sql = (
        "select * from (values ('A', '甲', '2022-06-30 14:00'::timestamp), ('B', '乙', 'infinity'),"
        " ('C', '丙', '0001-01-01'), ('D', '丁', '2022-06-30')) as t(usci, name, registered_on)"
    )
    read = examine_bundle(
        describe_bundle(bundle({"enterprises": {"database": "COUNTY_DB", "query": sql}}))
    )
    found = read.on("2022-06-30").tables["enterprises"]["registered_on"]
    assert found.dropna().tolist() == [pd.Timestamp(2022, 6, 30)] * 2
    assert sorted(codes(read)) == ["no_date", "no_date", "time_of_day"]


def test_a_row_of_a_database_brings_in_nothing_that_nobody_sees(server, bundle, monkeypatch):
    monkeypatch.setenv("COUNTY_DB", server.url())
    sql = r"select 'A' as usci, U&'泰\200B顺\202E' || chr(27) || chr(11) || '厂' as name"
    about = bundle({"enterprises": {"database": "COUNTY_DB", "query": sql}})
    read = examine_bundle(describe_bundle(about))
    assert read.tables["enterprises"].frame["name"].tolist() == ["泰顺 厂"]
    assert "unseen_text" in codes(read)


def test_the_reference_system_comes_from_the_column_even_without_rows(asked):
    assert asked("select * from parcels where false").raw.frame.crs == "EPSG:4490"


def test_the_only_geometry_is_the_outline_whatever_its_name(asked):
    frame = asked("select gis.st_transform(geometry, 4549) as the_geom from parcels").raw.frame
    assert frame.crs == "EPSG:4549"
    assert frame.geometry.name == "geometry"


def test_of_two_geometries_one_must_be_named(asked):
    sql = "select geometry as a, gis.st_centroid(geometry) as b from parcels"
    with pytest.raises(DataError, match="has the geometries a, b; name one in"):
        asked(sql)
    assert set(asked(sql, geometry="b").raw.frame.geometry.geom_type) == {"Point"}


def test_mixed_reference_systems_are_refused(asked):
    sql = (
        "select gis.st_setsrid(gis.st_point(1, x), x) as geometry from (values (4490), (4549)) v(x)"
    )
    with pytest.raises(DataError, match=r"mixes the reference systems \(SRID\) 4490, 4549"):
        asked(sql)


def test_a_geography_is_in_degrees(asked):
    assert asked("select 'POINT(120 27)'::gis.geography as g").raw.frame.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from no_such", "table parcels: COUNTY_DB: select * from no_such: the server"),
        ("select no_such from parcels", 'column "no_such" does not exist'),
        ("select 1 as a, 2 as a", "gives 'a' twice"),
        ("set work_mem = 65536", "it must be one select: syntax error"),
        ("select 1; select 2", "it must be one select: cannot insert multiple commands"),
        ("copy notes to program 'touch /tmp/ran'", "it must be one select"),
        ("copy (select 1) to '/tmp/ran'", "it must be one select"),
        ("do $$ begin perform 1; end $$", "it must be one select"),
        ("listen a", "it must be one select"),
    ],
)
def test_a_query_that_is_refused_is_named_with_its_table(asked, sql, message):
    with pytest.raises(DataError) as caught:
        asked(sql)
    assert message in refused(caught)
    assert "\n" not in str(caught.value)


def test_an_outline_of_a_query_is_repaired_and_named_by_its_parcel(server, bundle, monkeypatch):
    monkeypatch.setenv("COUNTY_DB", server.url())
    crossing = (
        "select 'p' as parcel_id, gis.st_geomfromtext('POLYGON((500000 3076000, 500100 3076000,"
        " 500100 3076100, 500000 3076100, 500050 3075999, 500000 3076000))', 4549) as geometry"
    )
    read = examine_bundle(
        describe_bundle(bundle({"parcels": {"database": "COUNTY_DB", "query": crossing}}))
    )
    (repair,) = read.tables["parcels"].repairs
    assert (repair.name, repair.fault, repair.is_made) == ("p", "crossing", True)
    assert read.tables["parcels"].frame.geometry.is_valid.all()


def test_an_arc_of_a_query_costs_its_row_alone(server, bundle, monkeypatch):
    monkeypatch.setenv("COUNTY_DB", server.url())
    sql = (
        "select v.id as parcel_id, gis.st_geomfromtext(v.t, 4549) as geometry from (values"
        " ('p', 'CURVEPOLYGON(CIRCULARSTRING(500000 3076000, 500050 3076050, 500000 3076000))'),"
        " ('q', 'POLYGON((500000 3076000, 500100 3076000, 500100 3076100, 500000 3076000))'))"
        " v(id, t)"
    )
    read = examine_bundle(
        describe_bundle(bundle({"parcels": {"database": "COUNTY_DB", "query": sql}}))
    )
    frame = read.tables["parcels"].frame
    assert frame.set_index("parcel_id").geometry.isna().to_dict() == {"p": True, "q": False}
    (told,) = [problem for problem in read.problems if problem.code == "unreadable_shape"]
    assert told.value == "p"


def test_a_query_that_is_refused_leaves_the_others_theirs(server, bundle, monkeypatch):
    monkeypatch.setenv("COUNTY_DB", server.url())
    tables = {
        "parcels": {"database": "COUNTY_DB", "query": "select * from no_such"},
        "enterprises": {"database": "COUNTY_DB", "table": "firms"},
        "projects": {"database": "COUNTY_DB", "table": "no_project"},
    }
    read = examine_bundle(describe_bundle(bundle(tables)))
    assert set(read.tables) == {"enterprises"}
    assert [problem.table for problem in read.refused] == ["parcels", "projects"]
    with pytest.raises(DataError, match=r"no_such.*no_project") as caught:
        read_bundle(describe_bundle(bundle(tables, folder="again")))
    assert refused(caught)


@pytest.mark.parametrize(
    "sql",
    [
        "with a as (insert into notes values ('x') returning note) select * from a",
        "select set_config('transaction_read_only', 'off', false)",
        "set transaction read write",
        "commit; begin; insert into notes values ('x')",
        "select 1; commit; delete from notes",
        "select 1) to stdout; copy notes from program 'echo x",
        "commit",
        "copy notes from program 'echo x'",
        "select query_to_xml('delete from notes', true, false, '')",
        "delete from notes",
    ],
)
def test_a_query_cannot_write(asked, server, sql):
    with pytest.raises(DataError) as caught:
        asked(sql)
    refused(caught)
    with server.admin() as connection:
        assert connection.execute("select count(*) from notes").fetchone() == (0,)


def test_a_write_is_told_as_such(asked, server):
    with server.admin() as connection:
        connection.execute(f'create sequence count; grant all on sequence count to "{USER}"')
    with pytest.raises(DataError, match="it must only read"):
        asked("select nextval('count')")


def test_what_a_server_lets_a_reader_write_is_taken_back(asked, server):
    with suppress(DataError):  # servers from 16 on refuse it
        asked("select lo_create(77) as a")
    with server.admin() as connection:
        found = connection.execute("select count(*) from pg_largeobject_metadata").fetchone()
    assert found == (0,)


def test_a_slow_query_is_stopped(asked):
    with pytest.raises(SourceError, match=r"pg_sleep\(60\): was stopped after 0\.2 s") as caught:
        asked("select pg_sleep(60)", limits=replace(LIMITS, statement_timeout_s=0.2))
    refused(caught)


def test_an_owner_of_the_server_runs_no_program_by_a_query(server, monkeypatch):
    mark = server.folder / "ran"
    monkeypatch.setenv(
        "COUNTY_DB", f"postgresql://{ADMIN}@/{DATABASE}?host={server.folder}&port={server.port}"
    )

    def found(sql):
        return read_queries({"parcels": Query("COUNTY_DB", sql)}, LIMITS)["parcels"]

    for sql in (
        f"copy (select 1) to program 'touch {mark}'",
        f"select 1; copy (select 1) to program 'touch {mark}'",
        f"commit; copy (select 1) to program 'touch {mark}'",
        "drop table firms",
        "select 1; drop table firms",
    ):
        assert isinstance(found(sql), DataError), sql
    assert not mark.exists()
    assert len(found("table firms").raw.frame) > 0


def test_the_role_of_the_docs_reads_and_can_do_nothing_else(server):
    text = (ROOT / "docs" / "postgis.md").read_text("utf-8")
    (sql,) = [part.split("```")[0] for part in text.split("```sql\n")[1:]]
    with server.admin() as connection:
        connection.execute(sql.replace("land", DATABASE).replace("gis", "public"))
    with psycopg.connect(server.url("PASSWORD", user="reader"), autocommit=True) as connection:
        (firms,) = connection.execute("select count(*) from firms").fetchone()
        assert firms > 0
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("insert into notes values ('x')")
        connection.execute("set default_transaction_read_only = off")
        for one in (
            "insert into notes values ('x')",
            "create table mine (a int)",
            "create temporary table mine (a int)",
            "copy (select 1) to program 'true'",
            "select pg_read_file('/etc/hostname')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(one)


def test_a_query_that_gives_more_cells_than_the_policy_allows_is_refused(asked):
    sql = "select n, n as m from generate_series(1, 30000) as n"
    assert len(asked(sql, limits=replace(LIMITS, most_cells=60_000)).raw.frame) == 30_000
    with pytest.raises(DataError, match=r"more than 59,999 cells \(most_cells of database\.yml\)"):
        asked(sql, limits=replace(LIMITS, most_cells=59_999))


def test_a_query_that_never_ends_is_left_whatever_the_server_is_told(asked, server):
    limits = replace(LIMITS, statement_timeout_s=60, deadline_s=1)
    with pytest.raises(
        SourceError, match=r"took longer than 1 s \(deadline_s of database\.yml\)"
    ) as caught:
        asked("select set_config('statement_timeout', '0', false), pg_sleep(60)", limits=limits)
    refused(caught)
    with server.admin() as connection:
        for _ in range(100):
            left = connection.execute(
                "select count(*) from pg_stat_activity where query like '%pg_sleep(60)%'"
                " and state = 'active' and pid <> pg_backend_pid()"
            ).fetchone()
            if left == (0,):
                return
            time.sleep(0.1)
    pytest.fail("the server still works for nobody")


def trickling(listening: socket.socket, *, silent: bool) -> None:
    """Let one client in as PostgreSQL does; then answer nothing, or a byte now and then."""
    client, _ = listening.accept()
    with client, suppress(OSError):
        while int.from_bytes(size := client.recv(4)) and (
            int.from_bytes(client.recv(int.from_bytes(size) - 4)[:4]) in ENCRYPTION
        ):
            client.sendall(b"N")
        client.sendall(b"R" + struct.pack(">II", 8, 0) + b"Z" + struct.pack(">I", 5) + b"I")
        client.recv(1000)
        client.sendall(b"N" + struct.pack(">I", 1_000_000))
        while not silent:
            client.sendall(b"x")
            time.sleep(0.05)
        client.recv(1)  # until the line is cut


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "trickling"])
def test_a_server_that_lets_in_and_gives_no_answer_is_left_by_our_own_clock(
    asked, server, monkeypatch, silent
):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        Thread(target=trickling, args=[listening], kwargs={"silent": silent}, daemon=True).start()
        port = listening.getsockname()[1]
        monkeypatch.setenv("COUNTY_DB", server.url(port=port))
        with pytest.raises(SourceError, match=f"127.0.0.1:{port} took longer than 1 s") as caught:
            asked("select 1", limits=replace(LIMITS, statement_timeout_s=600, deadline_s=1))
    refused(caught)


def test_a_wrong_password_is_refused_once_and_told_without_it(asked, server, monkeypatch):
    monkeypatch.setenv("COUNTY_DB", server.url("geheim-anders"))
    with pytest.raises(SourceError) as caught:
        asked("select 1", limits=replace(LIMITS, attempts=3, first_pause_s=60))
    said = refused(caught)
    assert said.startswith(f"COUNTY_DB: the server at 127.0.0.1:{server.port} refuses the login")


def test_the_password_may_stand_in_pgpass(asked, server, monkeypatch, tmp_path):
    escaped = PASSWORD.replace(":", "\\:")
    (tmp_path / "pgpass").write_text(f"127.0.0.1:{server.port}:*:{USER}:{escaped}\n")
    (tmp_path / "pgpass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    monkeypatch.setenv("COUNTY_DB", server.url(None))
    assert len(asked("select 1 as a").raw.frame) == 1


def test_a_server_that_is_down_is_tried_again_and_named(asked, server, monkeypatch):
    port, pauses = free_port(), []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setenv("COUNTY_DB", server.url(port=port))
    with pytest.raises(SourceError) as caught:
        asked("select 1", limits=replace(LIMITS, attempts=3, first_pause_s=1, pause_factor=3))
    said = refused(caught)
    assert said == f"COUNTY_DB: the database at 127.0.0.1:{port} does not answer (3 attempts)"
    assert pauses == [1, 3]
    assert caught.value.exit_code == 69


def test_a_lost_connection_is_made_again(asked, server, monkeypatch):
    def repair(pause):
        del pause
        with server.admin() as connection:
            connection.execute("delete from notes")

    with server.admin() as connection:
        connection.execute("insert into notes values ('broken')")
    monkeypatch.setattr(time, "sleep", repair)
    sql = "select pg_terminate_backend(pg_backend_pid()) from notes union all select true"
    assert len(asked(sql).raw.frame) == 1


def test_a_server_that_never_answers_is_given_up(asked, server, monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        monkeypatch.setenv("COUNTY_DB", server.url(port=port))
        with pytest.raises(SourceError, match=f"127.0.0.1:{port} does not answer") as caught:
            asked("select 1", limits=replace(LIMITS, attempts=1))
    refused(caught)


def test_a_variable_that_is_not_set_is_named(asked, monkeypatch):
    monkeypatch.delenv("COUNTY_DB")
    with pytest.raises(ConfigurationError, match="COUNTY_DB: this environment variable is not set"):
        asked("select 1")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://{USER}:geh@eim@127.0.0.1/county",
        f"postgresql://{USER}:geheim/@127.0.0.1/county",
        f"postgresql://{USER}:geheim%@127.0.0.1/county",
        f"mysql://{USER}:geheim@127.0.0.1/county",
        "geheim",
        "",
    ],
)
def test_a_malformed_url_is_refused_without_a_piece_of_it(asked, monkeypatch, url):
    monkeypatch.setenv("COUNTY_DB", url)
    with pytest.raises(ConfigurationError, match=r"^COUNTY_DB: ") as caught:
        asked("select 1")
    assert "eim" not in refused(caught)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"database": f"postgresql://{USER}:geheim@h/d", "table": "a"}, "holds a database's URL"),
        ({"file": f"postgresql://{USER}:geheim@h/d"}, "holds a database's URL"),
        ({"database": {"password": "geheim"}, "table": "a"}, "must be the name of an environment"),
        (
            {"database": "D", "query": "select * from dblink('password=geheim', 'x')"},
            "holds a database's URL or a password",
        ),
        ({"database": "D"}, "needs either a `query` or a `table`"),
        ({"database": "D", "query": "select 1", "table": "a"}, "needs either"),
        ({"database": "D", "table": 'a"; drop'}, "table: must be the name of a table or view"),
        ({"database": "D", "table": "a", "sheet": "x"}, "sheet: does not go with `database`"),
        ({"file": "a.csv", "query": "select 1"}, "query: does not go with `file`"),
        ({"database": "D", "table": "a", "passwort": "geheim"}, "unknown key 'passwort'"),
    ],
)
def test_bundle_yml_names_a_variable_and_holds_no_login(bundle, entry, message):
    folder = bundle({"parcels": entry})
    with pytest.raises(ConfigurationError) as caught:
        describe_bundle(folder)
    assert message in refused(caught)


def test_a_line_that_is_not_yaml_is_not_repeated(bundle):
    folder = bundle({})
    (folder / "bundle.yml").write_text(f"tables: a: postgresql://{USER}:geheim@h/d\n")
    with pytest.raises(ConfigurationError, match="line 1, column 10") as caught:
        describe_bundle(folder)
    refused(caught)


def test_limits_are_checked():
    wrong = {**load_policy()["database"], "attempts": 0, "pause": 1}
    with pytest.raises(
        ConfigurationError,
        match=r"policy database: .*unknown key 'pause'.*attempts: must be more than 0",
    ):
        limits_of(wrong)


def run(
    folder: Path, out: Path, url: str, *, page: str = "parcel_map"
) -> subprocess.CompletedProcess:
    """Run one page of a report as a scheduler does."""
    start = "import sys; from tenglong.run.cli import main; sys.exit(main())"
    arguments = ["report", folder, "--out", out, "--page", page]
    return subprocess.run(
        [sys.executable, "-c", start, *arguments],
        env={**os.environ, "COUNTY_DB": url},
        capture_output=True,
        text=True,
        check=False,
    )


def everything(out: Path, done: subprocess.CompletedProcess) -> str:
    texts = [path.read_text("utf-8") for path in sorted(out.rglob("*")) if path.is_file()]
    return "\n".join([done.stdout, done.stderr, *texts])


PARCELS = {"parcels": {"database": "COUNTY_DB", "query": "select * from parcels"}}


def test_a_report_from_a_database_tells_its_query_and_no_login(server, bundle, tmp_path):
    out = tmp_path / "out"
    done = run(bundle(PARCELS), out, server.url())
    assert done.returncode == 0, done.stderr
    assert not secrets_in(everything(out, done))
    manifest = json.loads((out / "county" / "2022-06-30" / "manifest.json").read_text("utf-8"))
    told = manifest["inputs"]["parcels: COUNTY_DB: select * from parcels"]
    assert told["rows"] == {"parcels": len(gpd.read_file(SAMPLE / "parcels.gpkg"))}
    assert len(told["sha256"]) == 64
    page = (out / "county" / "2022-06-30" / "parcel_map.html").read_text("utf-8")
    assert "COUNTY_DB: select * from parcels" in page


def test_rows_of_a_query_that_are_set_aside_are_kept_without_a_login(server, bundle, tmp_path):
    out = tmp_path / "out"
    twice = "select * from parcels union all (select * from parcels order by parcel_id limit 1)"
    parcels = {"parcels": {"database": "COUNTY_DB", "query": twice}}
    done = run(bundle(parcels), out, server.url(), page="data_quality")
    assert done.returncode == 0, done.stderr
    aside = (out / "county" / "2022-06-30" / "quarantine" / "parcels.csv").read_text("utf-8-sig")
    assert "COUNTY_DB: select * from parcels" in aside.splitlines()[1]
    assert "duplicate_key" in aside.splitlines()[1]
    assert not secrets_in(everything(out, done))


def test_a_query_that_is_refused_stops_the_report_and_tells_no_login(server, bundle, tmp_path):
    out = tmp_path / "out"
    done = run(bundle({"parcels": {"database": "COUNTY_DB", "table": "no"}}), out, server.url())
    assert done.returncode == 65
    text = everything(out, done)
    assert 'relation "no" does not exist' in text
    assert not secrets_in(text)


def test_a_report_ends_with_69_while_its_database_is_down(server, bundle, tmp_path):
    out, port = tmp_path / "out", free_port()
    done = run(bundle(PARCELS), out, server.url(port=port))
    assert done.returncode == 69
    assert f"COUNTY_DB: the database at 127.0.0.1:{port} does not answer" in done.stderr
    assert not secrets_in(everything(out, done) if out.exists() else done.stderr)


def test_a_time_zone_that_the_server_does_not_know_is_named(asked):
    with pytest.raises(ConfigurationError, match=r"database\.yml: .* TimeZone 'Mars/Olympus'"):
        asked("select 1", limits=replace(LIMITS, time_zone="Mars/Olympus"))
