"""A county's summary: the province's page is the same from it as from the county's own data."""

import shutil
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import clause, county, page_in
from pages import HEAD, code, write_pages
from tenglong import show
from tenglong.errors import ConfigurationError, DataError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.sheet.province import province
from tenglong.run.cli import main
from tenglong.run.request import request
from tenglong.show.pages import province as roll_up
from tenglong.source import open_counties
from tenglong.source.place import kit_root
from tenglong.source.summary import read_summary, summary_of

DAY = "2022-06-30"
REF = IndicatorRef("x", {"least": Fraction(1, 3), "of": ["a", {"since": date(2021, 1, 1)}]})


def written(folder, one, name="other.parquet"):
    file = folder / name
    file.write_bytes(summary_of(one, assess_plan(one)))
    return file


@pytest.fixture(scope="module")
def counties():
    return open_counties("data/sample,data/cambridge", DAY)


def drawn(first, others, language):
    """Draw the whole page, head and foot included."""
    page = page_in(language, "province").about(first)
    found = province((first, *others))
    parameters = {"beside": ",".join(f"/somewhere/{one.code}" for one in others)}
    pieces = [
        show.masthead(page, title="x", beside=others),
        *(
            draw(page, found)
            for draw in (
                roll_up.province_findings,
                roll_up.province_figure,
                roll_up.province_standings,
                roll_up.province_clauses,
            )
        ),
        show.colophon(page, parameters=parameters, beside=others),
    ]
    return [(one.html, one.csv) for one in pieces]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("own", [0, 1])
def test_the_page_is_the_same_from_a_summary(counties, tmp_path, language, own):
    first, other = counties[own], counties[1 - own]
    told = read_summary(written(tmp_path, other))
    assert drawn(first, [other], language) == drawn(first, [told], language)
    assert told.tables == {}


def test_a_clause_comes_back_as_it_was_with_exact_numbers(tmp_path):
    of = (clause(Kind.MILESTONE, None, id="m"), clause(Kind.LEVEL, Fraction(1, 3), id="l"))
    one = county(DAY, of)
    told = read_summary(written(tmp_path, one))
    board, again = assess_plan(one), assess_plan(told)
    assert again.pace == board.pace
    for mine, its in zip(board.assessments, again.assessments, strict=True):
        assert its.clause.target == mine.clause.target
        assert (its.clause.due, its.clause.window) == (mine.clause.due, mine.clause.window)
        assert (its.status, its.actual, its.progress) == (mine.status, mine.actual, mine.progress)


def test_options_of_an_indicator_come_back_of_their_own_kind(tmp_path):
    of = clause(Kind.NARRATIVE, None, indicator=REF)
    one = county(DAY, (clause(Kind.LEVEL, 20),))
    board = assess_plan(one)
    (judged,) = board.assessments
    board = replace(board, assessments=(replace(judged, clause=of),))
    file = tmp_path / "a.parquet"
    file.write_bytes(summary_of(one, board))
    (its,) = assess_plan(read_summary(file)).assessments
    assert its.clause.indicator == REF


def test_of_another_day_it_is_refused(tmp_path):
    file = written(tmp_path, county(DAY, (clause(Kind.LEVEL, 20),)))
    with pytest.raises(DataError, match="the summary must be of 2022-12-31, not 2022-06-30"):
        open_counties(str(file), "2022-12-31")


@pytest.mark.parametrize("content", [b"", b"PAR1", "县".encode()])
def test_what_is_no_summary_is_refused(tmp_path, content):
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(ConfigurationError, match="is not a summary of a county"):
        open_counties(str(tmp_path / "a.parquet"), DAY)


def test_nothing_but_the_plan_judged_is_known_of_it(tmp_path):
    told = read_summary(written(tmp_path, county(DAY, (clause(Kind.LEVEL, 20),))))
    with pytest.raises(KeyError):
        told.keep.derived.get("league", dict)


def test_summaries_stand_beside_by_file_or_by_folder_and_are_called_as_their_bundles(tmp_path):
    for name in ("east", "west"):
        written(tmp_path, county(DAY, (clause(Kind.LEVEL, 20),)), f"{name}.parquet")
    notebooks = kit_root() / "notebooks"
    asked = request(
        "data/sample",
        out=tmp_path,
        notebooks=notebooks,
        beside=[str(tmp_path)],
        page_ids=["province"],
    )
    assert [one.path.name for one in asked.beside] == ["east", "west"]
    said = asked.parameters["province"]["beside"]
    assert said == f"{tmp_path / 'east.parquet'},{tmp_path / 'west.parquet'}"


@pytest.mark.heavy
def test_a_batch_rolls_its_counties_up_as_one_run_beside_their_bundles_does(tmp_path, capsys):
    notebooks = write_pages(tmp_path / "notebooks", first=[code(HEAD)])
    shutil.copy(kit_root() / "notebooks" / "province.ipynb", notebooks)
    with (notebooks / "catalogue.yml").open("a") as file:
        file.write("province: {notebook: province.ipynb}\n")
    base = ["report", "data/sample", "--notebooks", str(notebooks)]
    batch, single = tmp_path / "batch", tmp_path / "single"
    assert (
        main([*base, "data/cambridge", "--as-of", DAY, "--province", "--out", str(batch)]) == 0
    ), capsys.readouterr().err
    asked = ["--as-of", DAY, "--beside", "data/cambridge", "--page", "province"]
    assert main([*base, *asked, "--out", str(single)]) == 0, capsys.readouterr().err
    page = single / "sample" / DAY / "province.html"
    assert (
        batch / "sample" / f"{DAY}+province" / "province.html"
    ).read_bytes() == page.read_bytes()
    assert (batch / ".counties" / DAY / "cambridge.parquet").stat().st_size < 100_000
