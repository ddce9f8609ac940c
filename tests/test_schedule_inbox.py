"""The inbox: what people drop takes its place in the bundle when it is complete, never half."""

import errno
import os
import shutil
import signal
from datetime import date
from itertools import count

import pytest

from killing import dies_at
from schedules import FILE, HEAD, TABLES, Place, county, figures, in_child
from tenglong.errors import WriteError
from tenglong.run.schedule import taking
from tenglong.run.schedule.inbox import drops
from tenglong.run.schedule.taking import UntakenError, take
from tenglong.source.description import describe_bundle

FIRMS = "enterprises.csv"
TWO = {**TABLES, "enterprises": {"file": FIRMS}}
NEW = figures(m2022_06=8)
DAY = "2022-07-15"
TENTH = date(2022, 7, 10)


@pytest.fixture
def place(tmp_path):
    """A county whose bundle is of two files."""
    files = {FILE: figures(m2022_06=5), FIRMS: "usci,name\n"}
    return Place(tmp_path, county(tmp_path / "county", files, TWO), overdue_days=1)


def drop(place, *, done=True, month="2022-07", **files):
    folder = place.bundle / "inbox" / month
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    if done:
        (folder / ".done").touch()
    return folder


def held(place):
    return {name: (place.bundle / name).read_text("utf-8") for name in (FILE, FIRMS)}


def archived(place):
    archive = place.bundle / "archive"
    return {
        path.relative_to(archive).as_posix(): path.read_text("utf-8")
        for path in sorted(archive.rglob("*"))
        if path.is_file()
    }


def test_what_is_marked_is_taken_at_once_and_the_former_is_kept(place):
    folder = drop(place, enterprise_months__csv=NEW)
    assert place.go("2022-07-10") == 0
    assert held(place) == {FILE: NEW, FIRMS: "usci,name\n"}
    assert archived(place) == {f"2022-07-10/{FILE}": figures(m2022_06=5)}
    assert not folder.exists()
    assert not (place.bundle / ".taking").exists()
    assert place.log[0]["event"] == "taken"
    assert place.log[0]["files"] == [FILE]


def test_what_was_taken_on_the_day_is_in_the_days_report(place):
    drop(place, enterprise_months__csv=NEW)
    place.go(DAY)
    assert place.press.published["2022-06"][0][1] == NEW.splitlines()[1:]


def test_without_a_mark_files_are_taken_when_they_have_been_still_for_long_enough(place):
    folder = drop(place, done=False, enterprise_months__csv=NEW[:-3])
    place.go("2022-07-10T06:30")
    assert place.status["inbox"]["waiting"] == [f"2022-07/{FILE}"]
    place.go("2022-07-10T06:39")
    (folder / FILE).write_text(NEW, encoding="utf-8")  # it was still being copied
    place.go("2022-07-10T06:41")
    place.go("2022-07-10T06:50")
    assert held(place)[FILE] == figures(m2022_06=5)
    place.go("2022-07-10T06:51")
    assert held(place)[FILE] == NEW
    assert place.status["inbox"]["waiting"] == []


def test_a_copy_that_kept_its_old_time_is_no_older_for_that(place):
    folder = drop(place, done=False, enterprise_months__csv=NEW)
    os.utime(folder / FILE, (0, 0))
    place.go("2022-07-10T06:30")
    assert held(place)[FILE] == figures(m2022_06=5)


def test_a_clock_that_is_set_back_makes_nothing_still(place):
    drop(place, done=False, enterprise_months__csv=NEW)
    place.go("2022-07-10T06:30")
    place.go("2022-07-01T06:30")
    assert held(place)[FILE] == figures(m2022_06=5)
    place.go("2022-07-01T06:40")
    assert held(place)[FILE] == NEW


def test_what_bundle_yml_does_not_name_is_told_once_and_stays(place):
    folder = drop(
        place, enterprise_months__csv=NEW, entreprises__csv="x", notify__yml="command: [rm]"
    )
    (folder / "bundle.yml").write_text("x")
    (folder / "old").mkdir()
    (folder / "old" / FIRMS).write_text("x")
    place.go("2022-07-10")
    place.go("2022-07-10T07:30")
    refused = [about for kind, about in place.said if kind == "refused"]
    assert {one["file"] for one in refused} == {
        *("2022-07/entreprises.csv", "2022-07/notify.yml"),
        *("2022-07/bundle.yml", f"2022-07/old/{FIRMS}"),
    }
    assert len(refused) == 4
    why = place.status["inbox"]["others"]["2022-07/entreprises.csv"]
    assert why == "bundle.yml names no such file (did you mean 'enterprises.csv'?)"
    assert held(place)[FILE] == NEW
    assert (folder / "entreprises.csv").exists()


def test_what_lies_in_no_months_folder_is_told(place):
    drop(place, month="July", enterprise_months__csv=NEW)
    (place.bundle / "inbox" / FILE).write_text(NEW)
    place.go("2022-07-10")
    assert set(place.status["inbox"]["others"]) == {"July", FILE}
    assert held(place)[FILE] == figures(m2022_06=5)


@pytest.mark.parametrize("kind", ["file", "folder", "month", "inbox"])
def test_no_link_is_followed(place, tmp_path, kind):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "2022-07").mkdir(parents=True)
    for folder in (elsewhere, elsewhere / "2022-07"):
        (folder / FILE).write_text(NEW)
        (folder / ".done").touch()
    inbox = place.bundle / "inbox"
    if kind == "inbox":
        inbox.symlink_to(elsewhere)
    elif kind == "month":
        inbox.mkdir()
        (inbox / "2022-07").symlink_to(elsewhere / "2022-07")
    else:
        folder = drop(place)
        name = FILE if kind == "file" else "more"
        (folder / name).symlink_to(elsewhere / FILE if kind == "file" else elsewhere)
    place.go("2022-07-10")
    assert held(place)[FILE] == figures(m2022_06=5)
    assert (elsewhere / FILE).exists()


def test_a_fifo_holds_nobody_up(place):
    os.mkfifo(drop(place) / FILE)
    place.go("2022-07-10")
    assert place.status["inbox"]["others"] == {f"2022-07/{FILE}": "is not a plain file"}


def test_months_are_taken_in_their_order(place):
    drop(place, month="2022-08", enterprise_months__csv=NEW)
    drop(place, month="2022-07", enterprise_months__csv=figures(m2022_06=6))
    place.go("2022-08-10")
    assert held(place)[FILE] == NEW
    assert archived(place) == {
        f"2022-08-10/{FILE}": figures(m2022_06=5),
        f"2022-08-10-2/{FILE}": figures(m2022_06=6),
    }


def test_a_file_that_is_new_to_the_bundle_takes_its_place(place):
    (place.bundle / FIRMS).unlink()
    drop(place, enterprises__csv="usci,name\n1,甲\n")
    place.go("2022-07-10")
    assert held(place)[FIRMS] == "usci,name\n1,甲\n"
    assert archived(place) == {}


def test_a_shapefile_is_taken_with_all_its_parts_and_no_part_of_the_former_stays(tmp_path):
    parts = {f"parcels{ending}": f"old {ending}" for ending in (".shp", ".shx", ".dbf", ".cpg")}
    folder = county(tmp_path / "county", parts, {"parcels": {"file": "parcels.shp"}})
    place = Place(tmp_path, folder, overdue_days=1)
    month = drop(place, parcels__shp="new", parcels__SHX="new")
    place.go("2022-07-10")
    assert (folder / "parcels.shp").read_text("utf-8") == "old .shp"
    assert place.status["inbox"]["others"]["2022-07/parcels.shp"] == "comes without its .dbf"
    (month / "parcels.dbf").write_text("new")
    place.go("2022-07-10T07:30")
    names = sorted(path.name for path in folder.glob("parcels.*"))
    assert names == ["parcels.SHX", "parcels.dbf", "parcels.shp"]
    assert len(archived(place)) == 4


def test_a_file_that_changes_while_it_is_copied_is_not_taken(place, monkeypatch):
    folder = drop(place, enterprise_months__csv=NEW, enterprises__csv="usci,name\n1,甲\n")
    copy = shutil.copy2

    def grows(source, target):
        copy(source, target)
        if source == folder / FILE:
            with source.open("a") as file:
                file.write("more\n")

    monkeypatch.setattr(taking.shutil, "copy2", grows)
    before = held(place)
    place.go("2022-07-10")
    assert held(place) == before
    assert "is still being written" in place.status["inbox"]["others"]["2022-07"]
    assert (folder / ".done").exists()
    assert not (place.bundle / ".taking").exists()


def test_a_full_disk_takes_nothing_and_keeps_no_report_from_being_made(place, monkeypatch):
    drop(place, enterprise_months__csv=NEW, enterprises__csv="usci,name\n1,甲\n")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(taking.shutil, "copy2", full)
    before = held(place)
    assert place.go(DAY) == 0
    assert held(place) == before
    assert "no space left" in place.status["inbox"]["others"]["2022-07"]
    assert place.events("made") == [("made", "2022-06")]


def test_killed_before_anything_that_it_does_it_is_all_or_nothing_after_the_next_look(place):
    """SIGKILL before each call to the system: the next look ends what is begun, or undoes it."""
    new = {FILE: NEW, FIRMS: "usci,name\n1,甲\n"}
    old = held(place)
    drop(place, enterprise_months__csv=NEW, enterprises__csv=new[FIRMS])
    as_it_was = place.bundle.with_name("as it was")
    shutil.copytree(place.bundle, as_it_was)
    for step in count(1):
        is_killed = killed(place.bundle, step)
        is_begun = (place.bundle / ".taking" / "journal.json").exists()
        assert is_begun or held(place) in (old, new), step
        place.go("2022-07-10T07:30")
        assert not (place.bundle / ".taking").exists()
        assert held(place) == new
        assert archived(place) == {f"2022-07-10/{name}": text for name, text in old.items()}
        if not is_killed:
            break
        shutil.rmtree(place.bundle)
        shutil.copytree(as_it_was, place.bundle)
    assert step > 20


def killed(bundle, step):
    """Take a month's files in a process of its own; whether it was killed at a step."""
    (month,) = drops(describe_bundle(bundle))

    def takes():
        dies_at(step)
        take(bundle, month, TENTH)

    code = in_child(takes)
    assert code in (0, -signal.SIGKILL)
    return code != 0


def test_what_cannot_be_put_in_place_is_73_and_no_report_is_made_of_a_half(place, monkeypatch):
    drop(place, enterprise_months__csv=NEW, enterprises__csv="usci,name\n1,甲\n")
    replace = taking.Path.replace

    def refused(path, target):
        if target == place.bundle / FIRMS:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return replace(path, target)

    monkeypatch.setattr(taking.Path, "replace", refused)
    for _ in range(2):
        with pytest.raises(WriteError, match="cannot be put in place: permission denied"):
            place.go(DAY)
    assert place.press.asked == []
    monkeypatch.undo()
    assert place.go("2022-07-15T07:30") == 0
    assert held(place) == {FILE: NEW, FIRMS: "usci,name\n1,甲\n"}
    assert place.press.published["2022-06"][0][1] == NEW.splitlines()[1:]


def test_a_mark_alone_takes_nothing(place):
    drop(place)
    place.go("2022-07-10")
    assert archived(place) == {}
    assert held(place)[FILE] != HEAD


def test_files_that_are_gone_are_not_taken(place):
    folder = drop(place, enterprise_months__csv=NEW)
    (about,) = drops(describe_bundle(place.bundle))
    (folder / FILE).unlink()
    with pytest.raises(UntakenError, match="no such file"):
        take(place.bundle, about, TENTH)
    assert held(place)[FILE] == figures(m2022_06=5)
