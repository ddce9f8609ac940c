"""Nothing good is replaced by something else, and what cannot be read is left as it is."""

import json
import shutil

import pytest
import yaml

from keeping import furnished
from tenglong.run.cli import main

DAY = "2022-06-30"


@pytest.fixture
def house(tmp_path, monkeypatch):
    return furnished(tmp_path, monkeypatch)


def files(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def kept(house):
    """Give all that stands in the folder of reports but what leads from one to another."""
    out = house.root / "out"
    return {path: raw for path, raw in files(out).items() if path.name != "index.html"}


def other_bundle(house, **changes):
    """Give another bundle of the same folder name."""
    place = house.root / "elsewhere" / "county"
    shutil.copytree(house.bundle, place)
    about = yaml.safe_load((place / "bundle.yml").read_text(encoding="utf-8"))
    text = yaml.safe_dump({**about, **changes}, allow_unicode=True)
    (place / "bundle.yml").write_text(text, encoding="utf-8")
    return place


def make(house, bundle, *more):
    others = ["--beside", str(house.root / "other")]
    return main(["report", str(bundle), *others, *places(house), *more])


def places(house):
    """Give where the reports of a house go, and how they are made."""
    where = {"--out": "out", "--notebooks": "notebooks"}
    options = [(option, str(house.root / name)) for option, name in where.items()]
    return [*(part for pair in options for part in pair), "--kernel", "ordinary"]


def refused(code, capsys):
    """Tell what was said of a refusal: a line in each language."""
    assert code == 73
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2, said
    assert all(line.startswith("tenglong: ") for line in said)
    return said


def test_a_report_in_another_language_stands_apart(house):
    assert house.run()[0] == 0
    before = kept(house)
    assert house.run("--language", "en")[0] == 0
    after = kept(house)
    assert {path: after[path] for path in before} == before
    english = house.root / "out" / "county" / f"{DAY}-en"
    assert json.loads((english / "manifest.json").read_text())["language"] == "en"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"code": "330824", "name": {"zh": "开化县", "en": "Kaihua"}},
            ("开化县（示例数据）", "not of Kaihua (sample data)"),
        ),
        ({"is_synthetic": False}, ("不是试验县的", "not of Test County;")),
    ],
)
def test_another_county_of_the_same_folder_name_is_refused(house, capsys, changes, said):
    assert house.run()[0] == 0
    before = kept(house)
    other = other_bundle(house, **changes)
    for more in ((), ("--period", "2022Q1"), ("--page", "first"), ("--publish",)):
        capsys.readouterr()
        zh, en = refused(make(house, other, *more), capsys)
        assert said[0] in zh
        assert "--out" in zh
        assert said[1] in en
        assert "--out" in en
    assert kept(house) == before


def test_the_same_county_from_another_folder_is_the_same_report(house):
    assert house.run()[0] == 0
    other = other_bundle(house, name={"zh": "试验县（改名）", "en": "Renamed"})
    assert make(house, other) == 0


def test_a_report_with_fewer_pages_takes_no_place(house, capsys):
    """Without --beside the page of many counties would be gone."""
    assert house.run()[0] == 0
    before = kept(house)
    capsys.readouterr()
    zh, en = refused(main(["report", str(house.bundle), *places(house)]), capsys)
    assert "many 页" in zh
    assert "would not have: many; ask for them, too (--beside)" in en
    assert kept(house) == before


@pytest.mark.parametrize("more", [(), ("--page", "first"), ("--publish",)])
@pytest.mark.parametrize(
    "content",
    [
        "{half",
        "",
        "[1]",
        "[" * 100_000,
        '{"format": 99}',
        '{"format": 2, "pages": []}',
        None,
    ],
    ids=["broken", "empty", "list", "deep", "newer", "lacking", "no manifest"],
)
def test_what_is_no_report_is_neither_replaced_nor_removed(house, capsys, content, more):
    place = house.root / "out" / "county" / DAY
    place.mkdir(parents=True)
    (place / "mine.txt").write_text("mine")
    if content is not None:
        (place / "manifest.json").write_text(content)
    before = kept(house)
    capsys.readouterr()
    zh, en = refused(make(house, house.bundle, *more), capsys)
    assert "未改动" in zh
    assert f"county/{DAY}: what stands there is no report that this kit can read" in en
    assert {path: raw for path, raw in kept(house).items() if path.name != ".lock"} == before


def test_an_english_report_of_an_earlier_kit_keeps_its_place(house, capsys):
    assert house.run("--language", "en")[0] == 0
    folder = house.root / "out" / "county"
    (folder / f"{DAY}-en").rename(folder / DAY)
    about = json.loads((folder / DAY / "manifest.json").read_text())
    for key in ("format", "code", "publication"):
        del about[key]
    (folder / DAY / "manifest.json").write_text(json.dumps(about))
    before = kept(house)
    capsys.readouterr()
    zh, en = refused(make(house, house.bundle), capsys)
    assert f"改名为 {DAY}-en" in zh
    assert f"rename its folder to {DAY}-en" in en
    assert kept(house) == before


def test_a_batch_is_refused_before_it_begins(house, capsys):
    assert house.run()[0] == 0
    before = kept(house)
    other = other_bundle(house, code="330824")
    sets = house.root / "sets.csv"
    sets.write_text(f"bundle,period\n{other},2022Q1\n{other},2022Q2\n")
    capsys.readouterr()
    refused(main(["report", "--sets", str(sets), *places(house)]), capsys)
    assert kept(house) == before
