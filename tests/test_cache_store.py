"""What is kept: whole or not at all, the owner's alone, no more than there is room for."""

import os
import stat
import zlib

import pytest

from tenglong.errors import UsageError
from tenglong.run.cache import store as storing
from tenglong.run.cache.folder import cache_folder, most_bytes
from tenglong.run.cache.store import Store, digest_of, open_store
from tenglong.run.cli import main

ONE, TWO, THREE = (digest_of({"a": name}) for name in "123")
ROOM = 1_000_000


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "cache" / "internal", ROOM)


def entry(store, key=ONE):
    return store.folder / key[:2] / key


def test_what_is_kept_is_given_back_and_what_is_not_is_none(store):
    assert store.get(ONE) is None
    store.put(ONE, "页".encode())
    assert (store.get(ONE), store.get(TWO)) == ("页".encode(), None)
    store.put(ONE, b"other")
    assert store.get(ONE) == b"other"
    assert store.trouble == ""


def test_nobody_else_can_read_it(store):
    store.put(ONE, b"page")
    folders = [store.folder.parent, store.folder, entry(store).parent]
    assert [stat.S_IMODE(path.stat().st_mode) for path in folders] == [0o700] * 3
    assert stat.S_IMODE(entry(store).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[:0],
        lambda raw: raw + b"x",
        lambda raw: raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:],
        lambda raw: raw.replace(storing.MARK, b"tenglong cache 0\n"),
        lambda raw: raw[: len(storing.MARK)] + bytes(32) + zlib.compress(b"forged"),
    ],
    ids=["cut off", "empty", "longer", "a bit turned", "of another kind", "forged"],
)
def test_a_damaged_entry_is_none_and_is_put_right_by_the_next(damage, store):
    store.put(ONE, b"a page of many words")
    entry(store).write_bytes(damage(entry(store).read_bytes()))
    assert store.get(ONE) is None
    store.put(ONE, b"anew")
    assert store.get(ONE) == b"anew"


def test_an_entry_under_the_name_of_another_is_none(store):
    store.put(ONE, b"page")
    entry(store, TWO).parent.mkdir(exist_ok=True)
    entry(store).rename(entry(store, TWO))
    assert store.get(TWO) is None


def test_what_was_used_longest_ago_goes_first(tmp_path):
    noise = [os.urandom(400) for _ in range(3)]
    store = Store(tmp_path / "internal", 1200)
    for age, key in ((2000, ONE), (1000, TWO)):
        store.put(key, noise[0])
        os.utime(entry(store, key), (age, age))
    assert store.get(ONE) == noise[0]  # now it was used last
    store.put(THREE, noise[1])
    assert [store.get(key) for key in (ONE, TWO, THREE)] == [noise[0], None, noise[1]]
    assert sum(store.sizes().values()) <= store.most_bytes


def test_another_process_sees_the_limit_too(tmp_path):
    for key in (ONE, TWO, THREE):
        Store(tmp_path / "internal", 1200).put(key, os.urandom(400))
    assert len(Store(tmp_path / "internal", 1200).sizes()) == 2


def test_what_is_larger_than_all_room_is_not_kept(tmp_path):
    store = Store(tmp_path / "internal", 100)
    store.put(ONE, os.urandom(200))
    assert (store.get(ONE), store.trouble) == (None, "")


def test_what_a_killed_run_left_is_swept_away(store):
    store.put(ONE, b"page")
    left, fresh = (entry(store).with_name(f"{ONE}.{n}.0.part") for n in (1, 2))
    left.write_bytes(b"half")
    fresh.write_bytes(b"another run is writing")
    os.utime(left, (1000, 1000))
    assert list(store.sizes()) == [entry(store)]
    assert (left.exists(), fresh.exists()) == (False, True)


def test_a_folder_that_others_can_read_is_not_used(store):
    store.put(ONE, b"page")
    store.folder.chmod(0o755)
    assert store.get(ONE) is None
    store.put(TWO, b"page")
    assert "read by others" in store.trouble


def test_where_nothing_can_be_written_the_reason_is_told_and_no_error_is_raised(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "internal", ROOM)
    store.put(ONE, b"page")
    assert (store.get(ONE), store.trouble) == (None, "file exists")


def test_a_full_disk_leaves_no_half_entry(store, monkeypatch):
    store.put(ONE, b"page")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    store.put(TWO, b"page")
    assert store.trouble == "no space left on device"
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [ONE]


def test_clearing_removes_entries_and_nothing_else(store):
    store.put(ONE, b"page")
    other = store.folder / "ab" / "notes.txt"
    other.parent.mkdir()
    other.write_text("mine")
    assert store.clear() == 1
    assert (store.get(ONE), other.read_text()) == (None, "mine")


def test_its_folder_is_the_users_own_unless_a_variable_says_otherwise(tmp_path):
    assert cache_folder({"TENGLONG_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "tenglong"
    assert cache_folder({"XDG_CACHE_HOME": "relative"}).parts[-2:] == (".cache", "tenglong")
    assert cache_folder({"TENGLONG_CACHE": ""}) is None


def test_a_limit_that_is_no_number_is_refused():
    with pytest.raises(UsageError, match="TENGLONG_CACHE_MB must be a whole number"):
        most_bytes({"TENGLONG_CACHE_MB": "2GB"})


def test_the_command_tells_the_place_and_the_size_and_clears(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TENGLONG_CACHE", str(tmp_path / "cache"))
    assert main(["cache"]) == 0
    assert "没有东西" in capsys.readouterr().out
    open_store("internal").put(ONE, b"page")
    assert main(["cache", "--language", "en"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Place: {tmp_path / 'cache'}",
        "internal: 1 entry, 0.0 MB, at most 2048 MB",
    ]
    assert main(["cache", "--clear", "--language", "en"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "internal: 1 entry removed."
    assert open_store("internal").get(ONE) is None
    monkeypatch.setenv("TENGLONG_CACHE", "")
    assert (main(["cache"]), open_store("internal")) == (0, None)
