"""What is known of a county beside its tables: in the bundle, else in data/reference."""

import json
import re

import pytest
import shapely

from intake import codes, read_text, write_bundle
from tenglong.errors import ConfigurationError
from tenglong.source import describe_bundle
from tenglong.source.place import kit_root
from tenglong.source.reference import reference_of

SQUARE = shapely.box(118, 30, 118.2, 30.2)


def bundle_with(folder, **files):
    (folder / "reference").mkdir()
    for name, content in files.items():
        ending = "geojson" if name == "outline" else "csv"
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / "reference" / f"{name}.{ending}").write_bytes(raw)
    return reference_of("330328", folder)


def geojson(shape):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {},
                    "geometry": json.loads(shapely.to_geojson(shape)),
                }
            ],
        }
    )


def test_a_bundle_s_own_outline_and_townships_come_first(tmp_path):
    own = bundle_with(tmp_path, outline=geojson(SQUARE), townships="name\n甲镇\n乙乡\n")
    assert own.outline("EPSG:4490").equals(SQUARE)
    assert own.townships == {"甲镇", "乙乡"}
    assert reference_of("330328").townships > {"大峃镇"}


def test_what_a_bundle_lacks_is_the_kit_s(tmp_path):
    own = bundle_with(tmp_path, townships="name\n甲镇\n")
    assert own.outline("EPSG:4490").equals(reference_of("330328").outline("EPSG:4490"))


def test_of_an_unknown_county_nothing_is_known(tmp_path):
    nothing = reference_of("990001", tmp_path)
    assert (nothing.outline("EPSG:4549"), nothing.townships, nothing.files) == (None, set(), ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("head", ["name", "名称", "代码,乡镇名称"])
def test_a_list_is_read_as_an_office_saves_it(tmp_path, encoding, head):
    cell = "1,甲镇" if "," in head else "甲镇"
    own = bundle_with(tmp_path, townships=f"{head}\r\n{cell}\r\n".encode(encoding))
    assert own.townships == {"甲镇"}


@pytest.mark.parametrize("text", ["", "code\n1\n", "甲镇\n乙乡\n"])
def test_a_list_without_names_is_refused_with_what_it_must_have(tmp_path, text):
    with pytest.raises(ConfigurationError, match="column `name`") as refused:
        _ = bundle_with(tmp_path, townships=text).townships
    assert refused.value.zh == "reference/townships.csv：应有“名称”一列，每个乡镇一行"


@pytest.mark.parametrize(
    "content",
    ["", "{}", geojson(shapely.Point(118, 30)), geojson(shapely.box(4e5, 3e6, 5e5, 4e6))],
    ids=["empty", "no features", "a point", "metres"],
)
def test_an_outline_that_is_no_area_in_degrees_is_refused(tmp_path, content):
    with pytest.raises(ConfigurationError, match="in degrees") as refused:
        bundle_with(tmp_path, outline=content).outline("EPSG:4549")
    assert "县域范围面" in refused.value.zh


def test_they_are_files_of_the_bundle(tmp_path):
    write_bundle(tmp_path, {})
    before = describe_bundle(tmp_path).files
    bundle_with(tmp_path, outline=geojson(SQUARE))
    assert set(describe_bundle(tmp_path).files) - set(before) == {
        tmp_path / "reference" / "outline.geojson"
    }


def test_a_name_that_is_not_on_the_bundle_s_own_list_is_told(tmp_path):
    bundle_with(tmp_path, townships="name\n甲镇\n")
    wkt = SQUARE.wkt
    read = read_text(tmp_path, "townships", f'乡镇代码,名称,wkt\n330328001,丙镇,"{wkt}"\n')
    assert "unknown_township" in codes(read)


# The codes of provinces begin with these; those of land uses, with six digits too, with a 10.
PROVINCE = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]"
COUNTY = re.compile(rf"[\"'](?:{PROVINCE})\d{{4}}(\d{{3}})?[\"']")


def test_no_county_s_code_stands_in_the_code():
    lib = kit_root() / "lib" / "tenglong"
    for path in set(lib.rglob("*.py")) - {lib / "measure" / "example.py"}:  # of doctests
        text = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not COUNTY.search(text), path.name
