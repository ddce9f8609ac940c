"""Killed at every step of publishing, a folder of reports holds the old one or the new one."""

import subprocess
import sys
from pathlib import Path

import pytest

from publishing import BUNDLE, NAME, publish, whole
from tenglong.run.publication import publications_of
from tenglong.run.publish import opened
from tenglong.run.shelving import renew

KILLING = Path(__file__).with_name("killing.py")


@pytest.mark.parametrize("steps", [1, 2], ids=["at once", "in two steps"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_publication_that_is_killed_is_there_or_not_and_no_earlier_one_is_lost(
    number, steps, tmp_path
):
    asked = [sys.executable, KILLING, tmp_path, str(number), str(steps)]
    last = int(subprocess.check_output(asked, text=True))
    assert last > 20, "hardly anything was done"
    former = number - 1 if number else None
    seen = set()
    for step in range(1, last + 1):
        out = tmp_path / str(step)
        _reader_finds_all(out, number, steps)
        with opened(out):
            pass
        newest = whole(out / BUNDLE / NAME)
        seen.add(newest)
        told = publications_of(out)
        assert [one.number for one in told] == numbers(newest), step
        assert all(whole(out / one.path) == one.number for one in told), step
        assert not {".staging", ".previous"} & {path.name for path in out.iterdir()}, step
        _goes_on(out, number, newest)
    assert seen == {former, number}


def numbers(newest):
    """Give all numbers up to the newest."""
    return [] if newest is None else list(range(newest + 1))


def _reader_finds_all(out, number, steps):
    """Look without a word to the next run: what a reader sees in the moment of the kill."""
    newest = whole(out / BUNDLE / NAME)
    if steps == 1 and number:
        assert newest in (number - 1, number)
    for earlier in range(number - 1):
        assert whole(out / BUNDLE / f"{NAME}-r{earlier:02d}") == earlier
    if newest == number and number:
        assert whole(out / BUNDLE / f"{NAME}-r{number - 1:02d}") == number - 1
    page = out / BUNDLE / "latest.html"
    if page.exists() and steps == 1:
        assert f"{NAME}/index.html" in page.read_text(encoding="utf-8")
        assert newest is not None


def _goes_on(out, number, newest):
    """Whoever asks again finishes what was begun; whoever does not has a shelf all the same."""
    renew(out, "zh")
    assert (out / "index.html").stat().st_size
    if newest is not None:
        leads = (out / BUNDLE / "latest.html").read_text(encoding="utf-8")
        assert f"url={NAME}/index.html" in leads
    if newest != number:
        publish(out, number)
        assert [one.number for one in publications_of(out)] == numbers(number)
