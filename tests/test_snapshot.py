"""A bundle that a run has read once, as its kernels find it."""

import os
import stat
import sys

import pandas as pd
import pytest

from intake import write_bundle
from tenglong.source import bundle as of_bundle
from tenglong.source import snapshot
from tenglong.source.bundle import describe_bundle, examine_bundle, open_county
from tenglong.source.snapshot import preload, snapshot_of, write_snapshot

FIRMS = "统一社会信用代码,企业名称\n91330328XXXX00001U,甲\n91330328XXXX00002R,乙\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give the folder of a run's snapshots, which kernels are told of."""
    place = tmp_path / "run"
    place.mkdir()
    monkeypatch.setenv(snapshot.VARIABLE, str(place))
    monkeypatch.setattr(snapshot, "_opened", {})
    return place


@pytest.fixture
def about(tmp_path):
    home = tmp_path / "甲县"
    home.mkdir()
    (home / "a.csv").write_text(FIRMS, encoding="utf-8")
    return describe_bundle(write_bundle(home, {"enterprises": {"file": "a.csv"}}))


def refuse(monkeypatch):
    def refused(*_):
        pytest.fail("a file was read again")

    monkeypatch.setattr(of_bundle, "_read_file", refused)


def test_a_kernel_finds_the_bundle_as_it_was_read(folder, monkeypatch):
    about = describe_bundle("data/sample")
    read = examine_bundle(about)
    write_snapshot(read, folder)
    refuse(monkeypatch)
    found = examine_bundle(about)
    assert found is not read
    assert (found.inputs, found.problems, found.description) == (read.inputs, read.problems, about)
    for name, loaded in read.tables.items():
        pd.testing.assert_frame_equal(found.tables[name].frame, loaded.frame)
        pd.testing.assert_frame_equal(found.tables[name].aside, loaded.aside)


def test_a_forked_kernel_finds_what_its_parent_has_opened(about, folder, monkeypatch):
    write_snapshot(examine_bundle(about), folder)
    preload(str(folder), "2022-06-30")
    for file in folder.rglob("*"):
        if file.is_file():
            file.unlink()
    refuse(monkeypatch)
    assert open_county(about.path).table("enterprises")["name"].tolist() == ["甲", "乙"]


def test_the_county_of_the_day_is_held_for_all_kernels_and_none_of_another_day(about, folder):
    write_snapshot(examine_bundle(about), folder)
    [county] = preload(str(folder), "2022-06-30")
    assert open_county(about.path, "2022-06-30") is county
    assert open_county(about.path, "2022-06-29") is not county
    assert open_county(about.path, "2022-06-29") is not open_county(about.path, "2022-06-29")


@pytest.mark.parametrize("name", ["a.csv", "bundle.yml"])
def test_a_file_that_has_changed_since_the_county_is_held_is_read_again(about, folder, name):
    write_snapshot(examine_bundle(about), folder)
    [county] = preload(str(folder), "2022-06-30")
    with (about.path / name).open("a", encoding="utf-8") as file:
        file.write("91330328XXXX00003N,丙\n" if name == "a.csv" else "notice: {zh: 新, en: new}\n")
    assert open_county(about.path, "2022-06-30") is not county


@pytest.mark.parametrize("name", ["a.csv", "bundle.yml"])
def test_a_file_that_has_changed_since_is_read_again(about, folder, name):
    write_snapshot(examine_bundle(about), folder)
    with (about.path / name).open("a", encoding="utf-8") as file:
        file.write("91330328XXXX00003N,丙\n" if name == "a.csv" else "notice: {zh: 新, en: new}\n")
    county = open_county(about.path)
    assert len(county.table("enterprises")) == 2 + (name == "a.csv")
    assert (county.notice is not None) == (name == "bundle.yml")


def test_a_file_that_is_gone_is_missed(about, folder):
    write_snapshot(examine_bundle(about), folder)
    (about.path / "a.csv").unlink()
    assert snapshot_of(about) is None
    assert examine_bundle(about).refused


def test_a_bundle_of_which_there_is_no_snapshot_is_read(about, folder):
    assert snapshot_of(about) is None
    assert not list(folder.iterdir())


def test_without_a_folder_nothing_is_looked_for(about, folder, monkeypatch):
    write_snapshot(examine_bundle(about), folder)
    monkeypatch.delenv(snapshot.VARIABLE)
    assert snapshot_of(about) is None


def test_the_same_path_described_in_another_way_is_read(about, folder):
    write_snapshot(examine_bundle(about), folder)
    assert len(examine_bundle(about).tables) == 1
    fewer = type(about)(**{**vars(about), "sources": {}})
    assert not examine_bundle(fewer).tables


def test_two_bundles_stand_in_one_folder(about, folder, tmp_path):
    other = tmp_path / "乙县"
    other.mkdir()
    (other / "a.csv").write_text(FIRMS.replace("甲", "丁"), encoding="utf-8")
    another = describe_bundle(write_bundle(other, {"enterprises": {"file": "a.csv"}}))
    for one in (about, another):
        write_snapshot(examine_bundle(one), folder)
    names = [snapshot_of(one).tables["enterprises"].frame["name"][2] for one in (about, another)]
    assert names == ["甲", "丁"]


def test_a_table_of_a_snapshot_can_be_written_to_and_stays_the_reader_s_own(about, folder):
    write_snapshot(examine_bundle(about), folder)
    first = snapshot_of(about).tables["enterprises"].frame
    first.loc[2, "name"] = "改"
    assert snapshot_of(about).tables["enterprises"].frame["name"][2] == "甲"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_only_the_user_can_open_a_snapshot(about, folder):
    usual = os.umask(0)
    try:
        write_snapshot(examine_bundle(about), folder)
    finally:
        os.umask(usual)
    (place,) = folder.iterdir()
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
