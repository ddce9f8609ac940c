"""A bundle brings its own files and no others: no path, no link and no driver leads out of it."""

import json
import zipfile

import geopandas as gpd
import pyogrio
import pytest
import shapely

from intake import CODE, only, write_bundle
from tenglong.errors import ConfigurationError
from tenglong.source import describe_bundle, open_county
from tenglong.source.bundle import examine_bundle
from tenglong.source.file.gdal import DRIVERS
from tenglong.source.plan import load_plan

NAMED = "geheimes Feld"
VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>PLACE</SrcDataSource>"
    "<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
)
FIELD = shapely.box(480_000, 3_078_000, 480_100, 3_078_050)
FEATURE = {
    "type": "Feature",
    "properties": {"parcel_id": "A"},
    "geometry": json.loads(shapely.to_geojson(shapely.box(120.0, 27.7, 120.01, 27.71))),
}
# Each is, by its first bytes, what its ending says, and by its mark within a VRT.
DISGUISED = {
    "a.fgb": lambda vrt: b"fgb\x03" + vrt.encode(),
    "b.fgb": lambda vrt: b"fgb\x03fgb\x01" + vrt.encode(),
    "a.gpkg": lambda vrt: b"fgb\x03" + vrt.encode(),
    "a.geojson": lambda vrt: json.dumps(
        {"x": vrt, "type": "FeatureCollection", "features": [FEATURE]}
    ).encode(),
}


@pytest.fixture
def outside(tmp_path):
    """Give a folder beside the bundle with a file in it that is nobody's business."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.csv").write_text(f"parcel_id,name,usci\n{CODE}1,{NAMED},{CODE}1\n")
    return folder


@pytest.fixture
def home(tmp_path):
    (tmp_path / "county").mkdir()
    return tmp_path / "county"


def test_gdal_has_the_drivers_of_the_formats_that_are_read_and_no_other(home):
    content = json.dumps({"type": "FeatureCollection", "features": [FEATURE]})
    (home / "a.geojson").write_text(content)
    examine_bundle(describe_bundle(write_bundle(home, {"parcels": {"file": "a.geojson"}})))
    assert set(pyogrio.list_drivers()) == DRIVERS


@pytest.mark.parametrize("name", DISGUISED)
def test_a_layer_that_is_a_vrt_beyond_its_first_bytes_reads_no_other_file(home, outside, name):
    place = VRT.replace("PLACE", str(outside / "secret.csv"))
    (home / name).write_bytes(DISGUISED[name](place))
    read = examine_bundle(describe_bundle(write_bundle(home, {"parcels": {"file": name}})))
    frames = [one.frame for one in read.tables.values()]
    assert not any(NAMED in frame.to_csv() for frame in frames)
    assert NAMED not in "".join(map(str, read.problems))
    if not name.endswith("json"):
        assert only(read, "broken_file")


def test_an_outline_of_the_county_that_is_a_vrt_is_refused(home, outside):
    (home / "reference").mkdir()
    place = VRT.replace("PLACE", str(outside / "secret.csv"))
    (home / "reference" / "outline.geojson").write_text(place)
    layer = gpd.GeoDataFrame({"parcel_id": ["A"]}, geometry=[shapely.box(120, 27, 120.1, 27.1)])
    layer.set_crs(4490).to_file(home / "a.gpkg", driver="GPKG")
    about = describe_bundle(write_bundle(home, {"parcels": {"file": "a.gpkg"}}))
    with pytest.raises(ConfigurationError, match=r"reference/outline\.geojson: must be GeoJSON"):
        examine_bundle(about)


def refused(home, **changes):
    tables = changes.pop("tables", {})
    write_bundle(home, tables, **changes)
    with pytest.raises(ConfigurationError) as caught:
        describe_bundle(home)
    assert NAMED not in str(caught.value) + caught.value.zh
    return str(caught.value)


SAID = "lies outside of the bundle's folder (by its path or by a link)"


@pytest.mark.parametrize("form", ["relative", "absolute", "link", "in a link", "of several"])
def test_a_table_whose_file_lies_outside_is_refused_with_its_line(home, outside, form):
    secret = outside / "secret.csv"
    (home / "link.csv").symlink_to(secret)
    (home / "folder").symlink_to(outside)
    file = {
        "relative": "../outside/secret.csv",
        "absolute": str(secret),
        "link": "link.csv",
        "in a link": "folder/secret.csv",
        "of several": ["link.csv", {"file": "../outside/secret.csv"}],
    }[form]
    said = refused(home, tables={"enterprises": {"file": file}})
    line = next(
        number
        for number, text in enumerate((home / "bundle.yml").read_text("utf-8").splitlines(), 1)
        if text.startswith("    file:")
    )
    assert f"line {line}: tables.enterprises.file: {SAID}" in said


def test_what_is_not_there_outside_is_told_as_what_is(home, outside):
    told = {
        refused(home, tables={"enterprises": {"file": str(outside / name)}})
        for name in ("secret.csv", "none.csv")
    }
    assert len(told) == 1


def test_the_whole_machine_as_a_table_or_a_policy_is_not_looked_through(home):
    assert SAID in refused(home, tables={"parcels": {"file": "/"}})
    assert f"policy: {SAID}" in refused(home, policy="/")


def test_a_part_of_a_shapefile_or_a_geodatabase_that_links_outside_is_refused(home, outside):
    layer = gpd.GeoDataFrame({"parcel_id": ["A"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4549)
    layer.to_file(home / "a.shp")
    (home / "a.prj").unlink()
    (home / "a.prj").symlink_to(outside / "secret.csv")
    assert SAID in refused(home, tables={"parcels": {"file": "a.shp"}})
    layer.to_file(home / "a.gdb", driver="OpenFileGDB", layer="a")
    (home / "a.gdb" / "a00000099.gdbtable").symlink_to(outside / "secret.csv")
    assert SAID in refused(home, tables={"parcels": {"file": "a.gdb"}})


def test_a_plan_a_policy_and_a_reference_that_lie_outside_are_refused(home, outside):
    (outside / "plan.yml").write_text(f"name: {NAMED}")
    assert f"plan: {SAID}" in refused(home, plan="../outside/plan.yml")
    assert f"policy: {SAID}" in refused(home, policy="../outside")
    (home / "policy").mkdir()
    (home / "policy" / "schemes").symlink_to(outside)
    assert f"policy: {SAID}" in refused(home, policy="policy")
    (home / "reference").mkdir()
    (home / "reference" / "townships.csv").symlink_to(outside / "secret.csv")
    assert f"reference: {SAID}" in refused(home)


def test_a_bundle_yml_that_is_a_link_outside_is_refused(home, outside):
    (home / "bundle.yml").symlink_to(outside / "secret.csv")
    with pytest.raises(ConfigurationError, match="by its path or by a link"):
        describe_bundle(home)


def test_a_plan_s_text_lies_beside_the_plan(home, outside):
    (home / "plan.yml").write_text(f"text: {outside / 'secret.csv'}\n")
    with pytest.raises(ConfigurationError, match="text: must lie in the plan's own folder"):
        load_plan(home / "plan.yml")


def test_the_user_may_allow_folders_outside_and_the_bundle_may_not(home, outside, monkeypatch):
    write_bundle(home, {"enterprises": {"file": "../outside/secret.csv"}})
    monkeypatch.setenv("TENGLONG_FOLDERS", str(outside))
    assert open_county(home).tables["enterprises"]["name"].tolist() == [NAMED]
    monkeypatch.setenv("TENGLONG_FOLDERS", "outside")
    with pytest.raises(ConfigurationError, match="TENGLONG_FOLDERS: must name folders from the"):
        describe_bundle(home)
    monkeypatch.delenv("TENGLONG_FOLDERS")
    assert SAID in refused(home, tables={"enterprises": {"file": "../outside/secret.csv"}})


def test_a_member_of_a_zip_leaves_its_folder_by_no_name(home, tmp_path):
    layer = gpd.GeoDataFrame({"parcel_id": ["A"]}, geometry=[FIELD], crs=4549)
    layer.to_file(tmp_path / "a.gdb", driver="OpenFileGDB", layer="a")
    with zipfile.ZipFile(home / "a.zip", "w") as book:
        for one in (tmp_path / "a.gdb").iterdir():
            book.write(one, f"../../../{one.name}")
    before = sorted(tmp_path.rglob("*"))
    read = examine_bundle(describe_bundle(write_bundle(home, {"parcels": {"file": "a.zip"}})))
    assert len(read.tables["parcels"].frame) == 1
    assert [one for one in sorted(tmp_path.rglob("*")) if one not in before] == [
        home / "bundle.yml"
    ]


def test_an_entity_of_an_xml_brings_in_no_file_and_does_not_grow(home, outside):
    secret = f'<!ENTITY x SYSTEM "file://{outside / "secret.csv"}">'
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    for entities, use in ((secret, "&x;"), (laughs, "&j;")):
        text = f"<!DOCTYPE kml [{entities}]><kml><Document><name>{use}</name></Document></kml>"
        (home / "a.kml").write_text(text)
        read = examine_bundle(describe_bundle(write_bundle(home, {"parcels": {"file": "a.kml"}})))
        assert only(read, "broken_file")
        assert NAMED not in "".join(map(str, read.problems))
