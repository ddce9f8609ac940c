"""The empty GeoPackage layer of a table, which QGIS opens: the sheet's columns, and a shape.

What a value must be travels in the layer (GeoPackage's schema extension): QGIS shows the
drop-downs and ranges of the workbooks, and each column's rule as its comment.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyogrio

from tenglong.show.form.form import GEOMETRY, Field, Form, rules

STAMP = "2024-01-01T00:00:00.000Z"
TYPES = {
    "integer": pa.int64(),
    "year": pa.int32(),
    "number": pa.float64(),
    "date": pa.date32(),
    "geometry": pa.binary(),
}
# The tables of the extension, as OGC 12-128r18 (annex F.9) defines them.
SCHEMA = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""
EXTENSION = "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')"
DEFINITION = "http://www.geopackage.org/spec121/#extension_schema"
COLUMN = "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)"
ENUM = "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)"


def write_template_layer(path: Path, form: Form, *, crs: str, language: str) -> None:
    """Write an empty layer of polygons in `crs`; the same form gives the same bytes."""
    schema = pa.schema(
        [(_name(field), TYPES.get(field.type, pa.string())) for field in form.fields]
    )
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
    try:
        pyogrio.write_arrow(
            schema.empty_table(),
            path,
            layer=form.label.zh,
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type="MultiPolygon",
            crs=crs,
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(SCHEMA)
        for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            base.execute(EXTENSION, (table, DEFINITION))
        base.executemany(COLUMN, _columns(form, language))
        base.executemany(ENUM, _options(form))


def _name(field: Field) -> str:
    return GEOMETRY if field.type == GEOMETRY else field.header


def _columns(form: Form, language: str) -> Iterator[tuple[str | None, ...]]:
    for field in form.columns:
        told = "；".join(rules(field, language))
        listed = _constraint(form, field) if field.options else None
        yield form.label.zh, field.header, field.name, field.label[language], told, listed


def _options(form: Form) -> Iterator[tuple[str, str, str]]:
    for field in form.columns:
        for option in field.options:
            yield _constraint(form, field), option, option


def _constraint(form: Form, field: Field) -> str:
    return f"{form.name}_{field.name}"
