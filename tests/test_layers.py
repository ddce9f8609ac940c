"""Layers as they come: every fault of an outline named with its parcel, repairs with areas."""

import json
import sqlite3
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely.affinity import translate
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from intake import codes, of_files, only, write_bundle
from tenglong.errors import ConfigurationError, DataError
from tenglong.source import describe_bundle, open_county
from tenglong.source.bundle import examine_bundle
from tenglong.source.place import kit_root

KEYS = {"parcels": "parcel_id", "townships": "township", "control_lines": "line_id"}
SQUARE = box(120.0, 27.8, 120.001, 27.801)
OTHER = box(120.01, 27.8, 120.012, 27.802)
BOW = Polygon([(120, 27.8), (120.001, 27.801), (120.001, 27.8), (120, 27.801)])
TURNED = Polygon([*SQUARE.exterior.coords[2:-1], *SQUARE.exterior.coords[:2]])
FLIPPED = Polygon([(y, x) for x, y in OTHER.exterior.coords])
ENDLESS = Polygon([(120, float("inf")), (120.1, 27.8), (120.1, 27.9)])
FIELD = box(500_000, 3_076_000, 500_100, 3_076_100)  # in metres of EPSG:4549, 15 mu
OUTLINE = gpd.read_file(kit_root() / "data" / "reference" / "330328" / "outline.geojson")


def read_layer(folder, shapes, crs=4490, *, table="parcels", ids=None, **source):
    """Write shapes as a layer, read them as a table, and give the bundle."""
    ids = ids or [f"p{number}" for number in range(len(shapes))]
    columns = {KEYS[table]: ids} | ({"name": ids} if table == "townships" else {})
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
    frame.to_parquet(folder / "a.parquet")
    about = write_bundle(folder, {table: {"file": "a.parquet", **source}})
    return examine_bundle(describe_bundle(about))


def read_file(folder, name, content, table="parcels", **source):
    """Write the bytes of a file, read it as a table, and give the bundle."""
    (folder / name).write_bytes(content)
    return examine_bundle(describe_bundle(write_bundle(folder, {table: {"file": name, **source}})))


def outlines(read, table="parcels"):
    """Give the outlines that are used, by name."""
    frame = read.tables[table].frame
    return dict(zip(frame[KEYS[table]], frame.geometry, strict=True))


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (BOW, "not_repaired"),
        (SQUARE, "same_shape"),
        (TURNED, "same_shape"),
        (Polygon(), "no_geometry"),
        (None, "no_geometry"),
        (Point(120.0, 27.8), "no_area"),
        (LineString([(120.0, 27.8), (120.1, 27.8)]), "no_area"),
        (GeometryCollection([OTHER, Point(120.0, 27.8)]), "mixed"),
        (MultiPolygon([OTHER, translate(OTHER, 0.01)]), "multipart"),
        (box(116, 39, 116.01, 39.01), "outside"),
        (ENDLESS, "bad_coordinates"),
        (box(120, 27, 1e300, 28), "bad_coordinates"),
        (FLIPPED, "swapped_shape"),
    ],
)
def test_a_fault_of_a_shape_is_told_with_the_parcel_s_id(tmp_path, shape, code):
    found = only(read_layer(tmp_path, [SQUARE, translate(SQUARE, 0.003), shape]), code)
    assert (found.row, found.value) == (3, "p2")


# --- repairs


def spiked(width):
    """Give the field with a corner that crosses over the opposite side by `width` metres."""
    return Polygon(
        [(500_000, 3_076_000), (500_100, 3_076_000), (500_100, 3_076_100),
         (500_000, 3_076_100), (500_050, 3_076_000 - width)]
    )  # fmt: skip


def test_a_crossing_outline_is_repaired_and_listed_with_both_areas(tmp_path):
    read = read_layer(tmp_path, [spiked(1)], crs=4549)
    (repair,) = read.tables["parcels"].repairs
    used = outlines(read)["p0"]
    # The triangle on the left is lost, the tip outside of the field is enclosed anew.
    assert used.is_valid
    assert (repair.table, repair.row, repair.name, repair.fault) == ("parcels", 1, "p0", "crossing")
    assert repair.before_mu == pytest.approx(spiked(1).area * 3 / 2000)
    assert repair.after_mu == pytest.approx(used.area * 3 / 2000)
    assert repair.is_made
    said = only(read, "crossing").rule_zh
    assert f"{repair.before_mu:.4f} 亩变为 {repair.after_mu:.4f} 亩" in said


def test_a_repair_that_changes_too_much_is_refused_and_the_outline_is_unknown(tmp_path):
    bow = Polygon([(5e5, 3_076_000), (500_100, 3_076_100), (500_100, 3_076_000), (5e5, 3_076_100)])
    read = read_layer(tmp_path, [FIELD, bow], crs=4549)
    (repair,) = read.tables["parcels"].repairs
    assert (repair.before_mu, repair.after_mu) == (0, pytest.approx(7.5))
    assert not repair.is_made
    assert outlines(read)["p1"] is None
    assert len(read.tables["parcels"].frame) == 2


def test_how_much_a_repair_may_change_is_the_county_s_policy(tmp_path):
    (tmp_path / "policy").mkdir()
    kit = (kit_root() / "data" / "policy" / "intake.yml").read_text(encoding="utf-8")
    own = kit.replace("repair_noise_m2: 1", "repair_noise_m2: 6000")
    (tmp_path / "policy" / "intake.yml").write_text(own, encoding="utf-8")
    bow = Polygon([(5e5, 3_076_000), (500_100, 3_076_100), (500_100, 3_076_000), (5e5, 3_076_100)])
    gpd.GeoDataFrame({"parcel_id": ["p"]}, geometry=[bow], crs=4549).to_parquet(
        tmp_path / "a.parquet"
    )
    about = write_bundle(tmp_path, {"parcels": {"file": "a.parquet"}}, policy="policy")
    assert outlines(examine_bundle(describe_bundle(about)))["p"].area == pytest.approx(5000)
    (tmp_path / "policy" / "intake.yml").write_text(kit.replace("outside_m", "beyond_m"))
    with pytest.raises(
        ConfigurationError, match=r"unknown key 'beyond_m'.*the key 'outside_m' is missing"
    ):
        examine_bundle(describe_bundle(about))


def test_a_registered_area_is_not_overwritten_by_a_repair(tmp_path):
    frame = gpd.GeoDataFrame(
        {"parcel_id": ["p"], "registered_mu": [9.0]}, geometry=[spiked(1)], crs=4549
    )
    frame.to_parquet(tmp_path / "a.parquet")
    write_bundle(tmp_path, {"parcels": {"file": "a.parquet"}})
    county = open_county(tmp_path)
    assert county.table("parcels")["registered_mu"].tolist() == [9.0]
    assert [one.name for one in county.repairs] == ["p"]


def test_a_mixed_collection_keeps_its_polygons_alone(tmp_path):
    read = read_layer(tmp_path, [GeometryCollection([OTHER, Point(120.0, 27.8)])])
    assert outlines(read)["p0"].geom_type == "Polygon"
    assert [one.fault for one in read.tables["parcels"].repairs] == ["mixed"]


def unclosed_geojson(mark=b""):
    ring = [[120, 27.8], [120.001, 27.8], [120.001, 27.801], [120, 27.801]]
    closed = [*ring, ring[0]]
    features = [
        {
            "type": "Feature",
            "properties": {"parcel_id": name},
            "geometry": {"type": "Polygon", "coordinates": [each]},
        }
        for name, each in (("p0", closed), ("p1", [[x + 0.01, y] for x, y in ring]))
    ]
    return mark + json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_a_ring_of_a_geojson_that_is_not_closed_is_closed_and_told(tmp_path):
    read = read_file(tmp_path, "a.geojson", unclosed_geojson())
    found = only(read, "unclosed")
    assert (found.row, found.value) == (2, "p1")
    (repair,) = read.tables["parcels"].repairs
    assert (repair.fault, repair.before_mu, repair.is_made) == ("unclosed", None, True)
    shapes = outlines(read)
    assert shapes["p1"].area == pytest.approx(shapes["p0"].area, rel=1e-5)


def test_a_geojson_with_a_byte_order_mark_is_read(tmp_path):
    read = read_file(tmp_path, "a.geojson", unclosed_geojson(b"\xef\xbb\xbf"))
    assert list(outlines(read)) == ["p0", "p1"]


def test_outlines_of_a_parquet_that_are_open_or_broken_are_told(tmp_path):
    ring = [(120, 27.8), (120.001, 27.8), (120.001, 27.801), (120, 27.801)]
    opened = struct.pack("<BIII", 1, 3, 1, len(ring))
    opened += b"".join(struct.pack("<dd", *place) for place in ring)
    cells = [shapely.to_wkb(SQUARE), opened, shapely.to_wkb(SQUARE)[:30], None]
    about = {
        "primary_column": "shape",
        "columns": {"shape": {"encoding": "WKB"}},
        "version": "1.0.0",
    }
    table = pa.table({"parcel_id": ["a", "b", "c", "d"], "shape": pa.array(cells, pa.binary())})
    table = table.replace_schema_metadata({"geo": json.dumps(about)})
    pq.write_table(table, tmp_path / "a.parquet")
    read = examine_bundle(
        describe_bundle(write_bundle(tmp_path, {"parcels": {"file": "a.parquet"}}))
    )
    told = {problem.code: problem.value for problem in of_files(read) if problem.row}
    assert told == {
        "unclosed": "b", "unreadable_shape": "c", "no_geometry": "d",
        "same_shape": "b",
    }  # fmt: skip


# --- where a layer lies


def test_a_layer_without_a_reference_system_is_refused(tmp_path):
    assert codes(read_layer(tmp_path, [SQUARE], crs=None)) == ["no_crs"]


def test_an_unknown_reference_system_is_refused(tmp_path):
    read_layer(tmp_path, [SQUARE])
    folder = write_bundle(tmp_path, {"parcels": {"file": "a.parquet", "crs": "EPSG:999999"}})
    assert codes(examine_bundle(describe_bundle(folder))) == ["bad_crs"]


def test_a_declared_system_goes_before_the_file_s_and_that_is_told(tmp_path):
    read = read_layer(tmp_path, [FIELD], crs="EPSG:4548")
    assert codes(read) == ["other_system"]
    folder = write_bundle(tmp_path, {"parcels": {"file": "a.parquet", "crs": "EPSG:4549"}})
    read = examine_bundle(describe_bundle(folder))
    assert outlines(read)["p0"].area == pytest.approx(10_000)
    assert codes(read) == ["crs_overridden"]


FEET = 3937 / 1200


@pytest.mark.parametrize(
    ("shape", "crs", "code", "hint"),
    [
        (Polygon([(y, x) for x, y in SQUARE.exterior.coords]), 4490, "swapped_axes", "swapped"),
        (Polygon([(y, x) for x, y in FIELD.exterior.coords]), 4549, "swapped_axes", "northing"),
        (SQUARE, 4549, "in_degrees", "are degrees"),
        (FIELD, 4490, "other_system", "EPSG:4549"),
        (FIELD, 4548, "other_system", "EPSG:4549"),
        (translate(FIELD, 40_000_000), 4549, "in_zone", "EPSG:4528"),
        (shapely.transform(FIELD, lambda xy: xy * FEET), 4549, "wrong_unit", "in feet"),
        (box(130, 40, 130.1, 40.1), 4490, "layer_outside", "accept"),
    ],
)
def test_a_layer_that_lies_elsewhere_is_refused_with_the_likely_cause(
    tmp_path, shape, crs, code, hint
):
    read = read_layer(tmp_path, [shape], crs=crs)
    assert codes(read) == [code]
    assert hint in only(read, code).rule
    with pytest.raises(DataError, match=r"a\.parquet"):
        open_county(tmp_path)


def test_a_layer_in_feet_is_converted_and_that_is_told(tmp_path):
    square = box(760_000, 2_960_000, 760_100, 2_960_100)
    gpd.GeoDataFrame({"parcel_id": ["p"]}, geometry=[square], crs=2249).to_parquet(
        tmp_path / "a.parquet"
    )
    folder = write_bundle(
        tmp_path, {"parcels": {"file": "a.parquet"}}, code="25017", crs="EPSG:26986"
    )
    read = examine_bundle(describe_bundle(folder))
    assert outlines(read)["p"].area == pytest.approx((100 / FEET) ** 2, rel=1e-6)
    assert "0.30480061" in only(read, "crs_in_feet").rule


def test_coordinates_in_feet_are_told_without_an_outline_of_the_county_too(tmp_path):
    square = box(760_000, 2_960_000, 760_100, 2_960_100)
    gpd.GeoDataFrame({"parcel_id": ["p"]}, geometry=[square], crs=26986).to_parquet(
        tmp_path / "a.parquet"
    )
    folder = write_bundle(
        tmp_path, {"parcels": {"file": "a.parquet"}}, code="25017", crs="EPSG:26986"
    )
    assert codes(examine_bundle(describe_bundle(folder))) == ["wrong_unit"]


def test_a_layer_outside_the_county_may_be_let_in(tmp_path):
    read = read_layer(tmp_path, [box(121, 28, 121.01, 28.01)], accept=["layer_outside"])
    assert codes(read) == ["layer_outside", "outside"]
    assert not read.errors


# --- a shift of the whole layer


def shifted(east, north):
    return translate(OUTLINE.geometry.iloc[0], xoff=east, yoff=north)


GCJ02 = (0.00474, -0.00283)  # what the formula gives in the middle of the county, in degrees


@pytest.mark.parametrize(
    ("shift", "told"),
    [((0, 0), []), (GCJ02, ["gcj02"]), ((-0.006, 0.004), ["shifted"])],
)
def test_a_layer_that_covers_the_county_is_measured_against_its_outline(tmp_path, shift, told):
    found = codes(read_layer(tmp_path, [shifted(*shift)]))
    assert [code for code in found if code in ("gcj02", "gcj02_likely", "shifted")] == told


def test_the_shift_of_a_layer_in_gcj02_is_said_in_metres(tmp_path):
    said = only(read_layer(tmp_path, [shifted(*GCJ02)]), "gcj02").rule
    metres = int(said.split("about ")[1].split(" m")[0])
    assert metres == pytest.approx(563, abs=5)


def quarter(east, north):
    """Give the eastern part of the county in two townships, shifted."""
    west, south, easternmost, north_end = OUTLINE.total_bounds
    middle, half = (west + easternmost) / 2, (south + north_end) / 2
    county = OUTLINE.geometry.iloc[0]
    parts = [
        county.intersection(box(middle, south, easternmost, half)),
        county.intersection(box(middle, half, easternmost, north_end)),
    ]
    return [translate(part, east, north) for part in parts]


@pytest.mark.parametrize(("shift", "is_told"), [((0, 0), False), (GCJ02, True)])
def test_a_part_of_the_townships_in_gcj02_is_suspected(tmp_path, shift, is_told):
    read = read_layer(tmp_path, quarter(*shift), table="townships")
    assert ("gcj02_likely" in codes(read)) == is_told


def test_of_scattered_parcels_no_shift_is_suspected(tmp_path):
    east, north = GCJ02
    read = read_layer(tmp_path, [translate(SQUARE, east, north), translate(OTHER, east, north)])
    assert codes(read) == []


# --- systems that cannot be converted

SHIFTED = (
    "+proj=tmerc +lon_0=120 +x_0=500000 +a=6378140 +rf=298.257"
    " +towgs84=24,-123,-94,-0.02,0.25,0.13,1.1 +units=m"
)
XIAN_80, BEIJING_54 = 2385, 2437  # zones of 3 degrees about 120° E, as EPSG has them


@pytest.mark.parametrize(
    ("crs", "is_told"),
    [
        (XIAN_80, True),
        (BEIJING_54, True),
        (4610, True),
        (4326, False),
        (4549, False),
        (4490, False),
        (3857, False),
        (SHIFTED, False),
    ],
)
def test_a_datum_that_is_not_converted_is_told(tmp_path, crs, is_told):
    shape = gpd.GeoSeries([FIELD], crs=4549).to_crs(crs).iloc[0]
    read = read_layer(tmp_path, [shape], crs=crs)
    assert ("no_datum_shift" in codes(read)) == is_told
    assert not read.errors


def test_a_datum_that_bundle_yml_declares_is_judged_too(tmp_path):
    read = read_layer(tmp_path, [FIELD])
    folder = write_bundle(tmp_path, {"parcels": {"file": "a.parquet", "crs": f"EPSG:{XIAN_80}"}})
    assert "Xian 1980" in only(examine_bundle(describe_bundle(folder)), "no_datum_shift").rule_zh
    assert codes(read) == ["other_system"]


LOCAL = 'LOCAL_CS["Local grid",LOCAL_DATUM["Unknown",0],UNIT["Meter",1.0],AXIS["X",EAST]]'


@pytest.mark.parametrize(
    ("prj", "code"),
    [(LOCAL, "local_crs"), ("no system", "unreadable_crs"), ('PROJCS["x"', "unreadable_crs")],
)
def test_a_prj_that_cannot_be_used_is_refused_until_a_system_is_declared(tmp_path, prj, code):
    gpd.GeoDataFrame({"parcel_id": ["p"]}, geometry=[FIELD], crs=4549).to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").write_text(prj)
    read = examine_bundle(describe_bundle(write_bundle(tmp_path, {"parcels": {"file": "a.shp"}})))
    assert codes(read) == [code]
    declared = {"parcels": {"file": "a.shp", "crs": "EPSG:4549"}}
    read = examine_bundle(describe_bundle(write_bundle(tmp_path, declared)))
    assert "crs_overridden" in codes(read)
    assert outlines(read)["p"].area == pytest.approx(10_000)


@pytest.mark.parametrize("crs", ["EPSG:4978", "EPSG:5773", LOCAL])
def test_a_declared_system_that_is_none_of_the_map_is_refused(tmp_path, crs):
    read_layer(tmp_path, [FIELD])
    folder = write_bundle(tmp_path, {"parcels": {"file": "a.parquet", "crs": crs}})
    assert codes(examine_bundle(describe_bundle(folder))) == ["local_crs"]


# --- arcs


def line(kind, places):
    return struct.pack("<BII", 1, kind, len(places)) + b"".join(
        struct.pack("<dd", *place) for place in places
    )


ARC, STRAIGHT, COMPOUND, CURVED, MULTI, COLLECTION = 8, 2, 9, 10, 12, 7
ROUND = [(0, 50), (50, 100), (100, 50), (50, 0), (0, 50)]
CIRCLE = [(x + 500_000, y + 3_076_000) for x, y in ROUND]
DISC = struct.pack("<BII", 1, CURVED, 1) + line(ARC, CIRCLE)
HALF = struct.pack("<BII", 1, COMPOUND, 2) + line(ARC, CIRCLE[:3])
HALF = struct.pack("<BII", 1, CURVED, 1) + HALF + line(STRAIGHT, [CIRCLE[2], CIRCLE[0]])
BOTH = struct.pack("<BII", 1, MULTI, 2) + DISC + shapely.to_wkb(translate(FIELD, 500, 0))
HIDDEN = struct.pack("<BII", 1, COLLECTION, 1) + DISC


def test_arcs_are_drawn_as_lines_and_told_and_what_cannot_be_costs_its_row(tmp_path):
    frame = gpd.GeoDataFrame({"parcel_id": [*"abcdef"]}, geometry=[FIELD] * 6, crs=4549)
    frame.to_file(tmp_path / "p.gpkg")
    head = b"GP\0\x01" + struct.pack("<i", 4549)
    with sqlite3.connect(tmp_path / "p.gpkg") as base:
        triggers = base.execute("select name from sqlite_master where type='trigger'").fetchall()
        for (name,) in triggers:
            base.execute(f'drop trigger "{name}"')
        for number, cell in enumerate([DISC, HALF, BOTH, HIDDEN, DISC[:40]], start=1):
            base.execute("update p set geom = ? where fid = ?", [head + cell, number])
        base.execute("update gpkg_geometry_columns set geometry_type_name = 'GEOMETRY'")
    base.close()
    folder = write_bundle(tmp_path, {"parcels": {"file": "p.gpkg"}})
    read = examine_bundle(describe_bundle(folder))
    used = outlines(read)
    disc = np.pi * 50**2
    areas = {name: used[name].area for name in "abcf"}
    expected = {"a": disc, "b": disc / 2, "c": disc + 10_000, "f": 10_000}
    assert areas == pytest.approx(expected, rel=1e-3)
    assert [used[name] for name in "de"] == [None, None]
    told = {(problem.code, problem.value) for problem in of_files(read) if problem.row}
    assert told >= {("curved", name) for name in "abc"} | {("unreadable_shape", n) for n in "de"}
    assert not told & {("curved", "d"), ("curved", "e"), ("no_geometry", "e")}


def test_a_system_of_a_parquet_that_cannot_be_read_is_refused_by_its_name(tmp_path):
    column = {"encoding": "WKB", "crs": {"type": "ProjectedCRS", "name": "地方坐标系"}}
    about = {"primary_column": "g", "columns": {"g": column}, "version": "1.0.0"}
    table = pa.table({"parcel_id": ["a"], "g": pa.array([shapely.to_wkb(SQUARE)], pa.binary())})
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(about)}), tmp_path / "a.parquet"
    )
    folder = write_bundle(tmp_path, {"parcels": {"file": "a.parquet"}})
    found = only(examine_bundle(describe_bundle(folder)), "unreadable_crs")
    assert "地方坐标系" in found.rule_zh


def test_an_arc_of_a_parquet_costs_its_row(tmp_path):
    about = {"primary_column": "g", "columns": {"g": {"encoding": "WKB"}}, "version": "1.0.0"}
    cells = [shapely.to_wkb(SQUARE), DISC, HIDDEN]
    table = pa.table({"parcel_id": [*"abc"], "g": pa.array(cells, pa.binary())})
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(about)}), tmp_path / "a.parquet"
    )
    folder = write_bundle(tmp_path, {"parcels": {"file": "a.parquet"}})
    read = examine_bundle(describe_bundle(folder))
    assert [(one.code, one.value) for one in of_files(read)] == [
        ("unreadable_shape", "b"),
        ("unreadable_shape", "c"),
    ]


# --- townships and control lines


@pytest.mark.parametrize("table", ["townships", "control_lines"])
def test_overlapping_areas_are_told_with_both_names_and_the_shared_area(tmp_path, table):
    read = read_layer(tmp_path, [FIELD, translate(FIELD, 80, 0)], crs=4549, table=table)
    found = only(read, "overlap")
    assert found.value == "p0"
    assert found.rule_zh == "与“p1”（第 2 行）重叠 3.00 亩"


def test_a_thin_overlap_is_noise_of_drawing_and_a_shared_border_is_none(tmp_path):
    shapes = [FIELD, translate(FIELD, 99, 0), translate(FIELD, 0, 100)]
    read = read_layer(tmp_path, shapes, crs=4549, table="control_lines")
    assert codes(read) == ["sliver_overlap"]
    assert only(read, "sliver_overlap").severity == "note"


def test_a_key_with_two_outlines_is_told(tmp_path):
    shapes = [SQUARE, OTHER]
    read = read_layer(tmp_path, shapes, ids=["p", "p"], accept=["duplicate_key"])
    assert codes(read) == ["duplicate_key", "other_shape"]


# --- attributes


def write_dbf(folder, names, encoding):
    towns = {"code": [f"33032810{number}" for number in range(len(names))], "name": names}
    shapes = [translate(SQUARE, number / 100) for number in range(len(names))]
    gpd.GeoDataFrame(towns, geometry=shapes, crs=4490).to_file(folder / "a.shp", encoding=encoding)
    (folder / "a.cpg").unlink()
    raw = bytearray((folder / "a.dbf").read_bytes())
    raw[29] = 0
    (folder / "a.dbf").write_bytes(raw)
    return examine_bundle(describe_bundle(write_bundle(folder, {"townships": {"file": "a.shp"}})))


def test_a_dbf_in_gbk_gives_its_names(tmp_path):
    names = ["大峃镇", "百丈漈镇", "南田镇", "西坑畲族镇", "黄坦镇"]
    read = write_dbf(tmp_path, names, "gb18030")
    assert read.tables["townships"].frame["name"].tolist() == names
    assert codes(read) == ["encoding_found"]


def test_a_dbf_in_big5_is_refused_or_its_names_are_told_as_unknown(tmp_path):
    read = write_dbf(tmp_path, ["百丈漈鎮", "南田鎮", "黃坦鎮", "珊溪鎮"], "big5")
    assert codes(read) == ["likely_big5"]


def test_outlines_in_a_sheet_are_refused(tmp_path):
    pd.DataFrame({"parcel_id": ["p"], "geometry": [SQUARE.wkt]}).to_csv(tmp_path / "a.csv")
    tables = {"parcels": {"file": "a.csv", "crs": "EPSG:4490"}}
    read = examine_bundle(describe_bundle(write_bundle(tmp_path, tables)))
    assert codes(read) == ["no_layer"]
