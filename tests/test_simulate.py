"""Invented counties: a county many times over on its own ground, and one on another's outline."""

from collections import Counter
from pathlib import Path

import pytest
import shapely

from tenglong.run.cli import main
from tenglong.run.sound import configuration_problems
from tenglong.simulate import county
from tenglong.simulate.copies import times
from tenglong.simulate.outlines import Outline, read_outlines
from tenglong.simulate.packing import NoRoomError, packed
from tenglong.simulate.province import write_county
from tenglong.simulate.setting import read_setting
from tenglong.source import describe_bundle, open_county
from tenglong.source.bundle import examine_bundle
from tenglong.source.cell.credit_code import are_sound
from tenglong.source.place import kit_root

TIMES, DAY = 3, "2023-12-31"
ROOT = kit_root()
OUTLINES = ROOT / "data" / "reference" / "zhejiang" / "outlines.geojson"
WHOLE = {"townships", "special_fund", "milestones", "official_series"}


@pytest.fixture(scope="module")
def sample():
    return open_county(ROOT / "data" / "sample", DAY)


@pytest.fixture(scope="module")
def thrice(tmp_path_factory):
    folder = tmp_path_factory.mktemp("thrice")
    made = county.make(read_setting(ROOT / "data" / "sample" / "county.yml"))
    times(made, TIMES).write(folder)
    return folder


@pytest.fixture(scope="module")
def many(thrice):
    return open_county(thrice, DAY)


@pytest.fixture(scope="module")
def outlines():
    return {one.code: one for one in read_outlines(OUTLINES)}


@pytest.fixture(scope="module")
def invented(tmp_path_factory, outlines):
    folder = tmp_path_factory.mktemp("invented") / "330726"
    write_county(folder, outlines["330726"])
    return folder


def test_a_copy_repeats_every_row_but_those_of_the_county_as_a_whole(sample, many):
    for name, table in sample.tables.items():
        count = 1 if name in WHOLE else TIMES
        assert len(many.tables[name]) == count * len(table), name


def test_nothing_is_wrong_with_what_is_copied(thrice):
    read = examine_bundle(describe_bundle(thrice))
    assert not read.problems
    assert all(one.set_aside == 0 for one in read.inputs)


def test_firms_of_the_copies_have_sound_identifiers_and_names_of_their_own(many):
    firms = many.tables["enterprises"]
    assert are_sound(firms["usci"].astype(str)).all()
    assert firms["usci"].is_unique
    assert firms["name"].is_unique


def test_a_copy_keeps_its_links(sample, many):
    def parcels_of_firms(tables):
        held = tables["occupancies"].groupby("usci", observed=True)["parcel_id"].nunique()
        return Counter(held.tolist())

    once, many = parcels_of_firms(sample.tables), parcels_of_firms(many.tables)
    assert many == {count: TIMES * firms for count, firms in once.items()}


def test_parcels_stand_in_their_township_and_overlap_no_more_than_in_the_sample(sample, many):
    def overlaps(parcels):
        left, right = parcels.sindex.query(parcels.geometry, predicate="overlaps")
        return int((left < right).sum())

    parcels, towns = many.tables["parcels"], many.tables["townships"]
    home = parcels["township"].astype(str).map(towns.set_index("township").geometry)
    assert shapely.within(parcels.geometry.to_numpy(), home.to_numpy()).all()
    assert overlaps(parcels) == TIMES * overlaps(sample.tables["parcels"])


def test_parcels_keep_their_size(sample, many):
    before, after = sample.tables["parcels"].area, many.tables["parcels"].area
    assert after.to_numpy() == pytest.approx([*before] * TIMES, rel=1e-3)


def test_blocks_that_do_not_fit_are_refused():
    with pytest.raises(NoRoomError, match="1 of 2 blocks have no room"):
        packed([(60, 60), (60, 60)], shapely.box(0, 0, 100, 100))


def test_packed_blocks_lie_apart_within_a_crooked_area():
    area = shapely.Polygon([(0, 0), (400, 0), (400, 100), (150, 100), (150, 400), (0, 400)])
    sizes = [(50, 30), (40, 20), (120, 60), (60, 60), (10, 80)]
    boxes = [
        shapely.box(x, y, x + width, y + height)
        for (x, y), (width, height) in zip(packed(sizes, area), sizes, strict=True)
    ]
    assert all(area.contains(one) for one in boxes)
    assert shapely.union_all(boxes).area == sum(width * height for width, height in sizes)


def test_an_invented_county_is_read_without_a_problem_and_its_plan_is_sound(invented):
    about = describe_bundle(invented)
    read = examine_bundle(about)
    assert about.is_synthetic
    assert (about.code, about.name.zh, about.crs) == ("330726", "示例·浦江县", "EPSG:4549")
    assert not read.problems
    told = {one.file for one in configuration_problems(about)}
    assert told <= {"grade_measures.yml", "league.yml"}


def test_an_invented_county_stands_on_the_real_outline(invented, outlines):
    towns = open_county(invented).table("townships").to_crs(4490)
    real = outlines["330726"].shape
    assert towns.union_all().symmetric_difference(real).area < 1e-3 * real.area


def test_the_same_seed_gives_the_same_files_and_another_seed_others(invented, outlines, tmp_path):
    for seed in (1, 2):
        write_county(tmp_path / str(seed), outlines["330726"], seed=seed)
    files = [path.relative_to(invented) for path in invented.rglob("*") if path.is_file()]
    same = [
        [(tmp_path / seed / file).read_bytes() == (invented / file).read_bytes() for file in files]
        for seed in ("1", "2")
    ]
    assert all(same[0])
    assert not same[1][files.index(Path("enterprise_years.csv"))]


def test_a_county_too_small_for_its_copies_is_refused(tmp_path):
    corners = [[120.0, 29.0], [120.02, 29.0], [120.02, 29.02], [120.0, 29.02], [120.0, 29.0]]
    tiny = Outline("330999", "小县", {"type": "Polygon", "coordinates": [corners]})
    with pytest.raises(NoRoomError):
        write_county(tmp_path / "tiny", tiny, count=20)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--counties", "91"], 64, "real outlines of 90 counties"),
        (["--counties", "0"], 64, "--counties"),
        ([], 73, "not an empty folder"),
    ],
)
def test_the_command_refuses(tmp_path, capsys, arguments, code, said):
    (tmp_path / "something").touch()
    assert main(["simulate", str(tmp_path), *arguments]) == code
    assert said in capsys.readouterr().err


def test_the_command_makes_a_county(tmp_path, capsys):
    assert main(["simulate", str(tmp_path / "here"), "--language", "en"]) == 0
    assert capsys.readouterr().out.startswith("1 invented counties made in")
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["330102"]
