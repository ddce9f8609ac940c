"""The face that an analyst imports: documented, of ordinary frames, showing itself in a cell."""

import re
import subprocess
import sys
from datetime import date

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
import pytest

import tenglong as tl
from tenglong.errors import TenglongError, UsageError
from tenglong.measure.period import period_of
from tenglong.place import SHEETS
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.source.place import kit_root

OPTIONS = {"enterprises": {"scheme": "default"}, "bulletin": {"period": period_of("2022Q2")}}
DOCS = ["docs/face.md", "docs/face.zh.md"]
NAMES = [name for name in vars(tl.Place) if not name.startswith("_")]
NAMES += [name for name in tl.Place.__dataclass_fields__ if name not in NAMES]


@pytest.fixture(scope="module")
def county():
    mpl.use("agg")
    return tl.open("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def frames(county):
    return {
        "企业": county["企业"],
        "firms": county.firms,
        "parcels": county.parcels,
        "clauses": county.clauses,
        "evaluate": county.evaluate(2021),
    }


def lines(name):
    text = (kit_root() / name).read_text(encoding="utf-8")
    return "".join(re.findall(r"(?s)```python\n(.*?)```", text))


def bare(line):
    return line.split("#")[0].strip()


@pytest.mark.parametrize("name", DOCS)
def test_every_name_of_the_face_is_in_the_docs(name):
    text = (kit_root() / name).read_text(encoding="utf-8")
    assert len(NAMES) <= 15
    assert [one for one in [*NAMES, "open"] if not re.search(rf"\b{one}\b", text)] == []


@pytest.mark.parametrize("name", DOCS)
def test_the_lines_of_the_docs_run_as_they_stand(name):
    mpl.use("agg")
    exec(compile(lines(name), name, "exec"), {})  # noqa: S102 - the kit's own docs


def test_both_languages_show_the_same_lines():
    chinese, english = (
        [line.split("#")[0].strip() for line in lines(n).splitlines()] for n in DOCS
    )
    assert [one.replace('"en"', '"zh"') for one in chinese] == [
        one.replace('"en"', '"zh"') for one in english
    ]


def test_every_frame_has_plain_types_alone(frames):
    plain = r"float64|Int64|boolean|str|category|datetime64\[s\]|geometry"
    for name, frame in frames.items():
        odd = {c: str(t) for c, t in frame.dtypes.items() if not re.fullmatch(plain, str(t))}
        assert odd == {}, name


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # read_excel, as it is
def test_every_frame_goes_to_parquet_and_excel_and_back(frames, tmp_path):
    for name, frame in frames.items():
        table = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
        table.to_parquet(tmp_path / "one.parquet")
        again = pd.read_parquet(tmp_path / "one.parquet").astype(table.dtypes)  # days come in ms
        pd.testing.assert_frame_equal(again, table)
        table.to_excel(tmp_path / "one.xlsx", index=False)
        read = pd.read_excel(tmp_path / "one.xlsx")
        assert list(read) == list(table), name
        for column in table.select_dtypes("float64"):
            pd.testing.assert_series_equal(
                read[column].astype("float64"), table[column], check_index=False
            )


def test_a_layer_goes_to_geopackage_and_keeps_its_place(frames, tmp_path):
    frames["parcels"].to_file(tmp_path / "one.gpkg")
    read = gpd.read_file(tmp_path / "one.gpkg")
    assert read.crs == frames["parcels"].crs
    assert len(read) == len(frames["parcels"])


def test_what_an_analyst_is_used_to_works(frames):
    assert frames["firms"].describe().loc["count", "tax_wan"] > 0
    assert frames["firms"].groupby("year")["tax_wan"].sum().plot() is not None
    assert "tax_wan_per_mu" in frames["parcels"].explore("tax_wan_per_mu").get_root().render()


def test_a_float_is_the_exact_figure_to_the_printed_digits(county):
    board = {one.clause.id: one for one in county.sheet("targets").board.assessments}
    clauses = county.clauses.set_index("id")
    measured = {name: one for name, one in board.items() if one.actual is not None}
    assert len(measured) > 40
    for name, one in measured.items():
        assert clauses.loc[name, "actual"] == float(one.actual), name
        if one.gap is not None:
            assert clauses.loc[name, "gap"] == pytest.approx(100 * float(one.gap), abs=1e-9)


def test_a_figure_of_a_firm_is_its_tax_by_its_land(frames):
    firms = frames["firms"].dropna(subset=["tax_wan_per_mu"])
    pd.testing.assert_series_equal(
        firms["tax_wan_per_mu"], firms["tax_wan"] / firms["land_mu"], check_names=False
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_heads_in_words_are_words_and_told_apart(language):
    worded = tl.open("data/sample", "2022-06-30", labels=language)
    for frame in (worded["企业"], worded.firms, worded.parcels, worded.clauses, worded.evaluate()):
        heads = [head for head in frame if head != "geometry"]
        assert len(set(heads)) == len(heads)
        is_word = re.compile(r"[\u4e00-\u9fff]" if language == "zh" else r"^(?!.*_).*[A-Za-z]")
        assert [head for head in heads if not is_word.search(head)] == []


def test_points_carry_no_unit_of_what_they_score():
    heads = list(tl.open("data/sample", "2022-06-30", labels="zh").evaluate(2021))
    assert "单位能耗增加值得分" in heads
    assert not [head for head in heads if "得分（" in head]


def test_a_township_is_ranked_among_the_whole_county(county, frames):
    town = county.within("大峃镇")
    all_firms = frames["evaluate"]
    there = all_firms[all_firms["township"] == town.exact.township.code].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        town.evaluate(2021).reset_index(drop=True), there, check_categorical=False
    )
    assert 0 < len(town.firms) < len(county.firms)
    assert len(county.within("").firms) == len(county.firms)


def test_a_day_is_text_or_date_and_the_bundle_has_its_own():
    assert tl.open("data/sample", date(2021, 12, 31)).exact.as_of == date(2021, 12, 31)
    own = tl.open("data/sample")
    assert own.exact.as_of == own.bundle.description.as_of


def test_there_is_a_sheet_of_every_page_that_is_asked_of_a_county():
    pages = {file.stem for file in (kit_root() / "notebooks").glob("*.ipynb")}
    assert pages - set(SHEETS) == {"data_quality", "province"}


@pytest.mark.heavy
@pytest.mark.parametrize("page_id", SHEETS)
def test_whatever_comes_last_in_a_cell_is_told_in_a_line_or_two(county, page_id):
    shown = repr(county.sheet(page_id, **OPTIONS.get(page_id, {})))
    assert len(shown) < 800
    assert "\n" not in shown


def test_the_rest_is_told_shortly_too(county):
    for one in (county, county.exact, county.bundle, county.within("大峃镇"), county.page("land")):
        assert len(repr(one)) < 300, type(one)
    board = county.sheet("targets").board
    assert max(len(repr(one)) for one in board.assessments) < 300


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (lambda county: county["企业表"], "did you mean '企业'"),
        (lambda county: county["zzz"], "there are"),
        (lambda county: county.explain("规上工业亩均税"), "did you mean '规上工业亩均税收'"),
        (lambda county: county.explain("zzz"), "no clause 'zzz'"),
        (lambda county: county.sheet("lnd"), "did you mean 'land'"),
        (lambda county: county.sheet("zzz"), "there are"),
        (lambda county: county.within("大峃"), "did you mean '大峃镇'"),
        (lambda county: county.map("tax_per_m"), "did you mean 'tax_per_mu'"),
        (lambda county: county.evaluate(1999), "1999"),
        (lambda county: county.evaluate(2021, scheme="defalt"), "did you mean 'default'"),
        (lambda county: county.sheet("bulletin"), "period"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest_name(county, asked, hint):
    with pytest.raises(UsageError, match=re.escape(hint)):
        asked(county)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"bundle": "data/sampl"}, "data/sampl"),
        ({"as_of": "2022-13-01"}, "2022-13-01"),
        ({"labels": "fr"}, "'fr'"),
    ],
)
def test_what_cannot_be_opened_is_named(options, hint):
    with pytest.raises(TenglongError, match=re.escape(hint)):
        tl.open(**{"bundle": "data/sample", **options})


def test_every_drawing_shows_itself(county):
    for drawing in (county.scorecard(), county.map("tax_per_mu"), county.explain("tax_per_mu")):
        assert isinstance(drawing, Piece)
        assert "text/html" in drawing._repr_mimebundle_()


def test_every_clause_can_be_explained_by_id_and_by_name(county):
    for clause in county.exact.plan.clauses:
        for name in (clause.id, clause.name.zh):
            assert "方案原文" in county.explain(name, rows=1).html, name


def test_a_page_speaks_the_language_of_the_heads():
    english = tl.open("data/sample", "2022-06-30", labels="en")
    assert english.page("land").language == "en"
    assert isinstance(english.page("land", "zh"), Page)


def test_a_report_loads_neither_what_draws_plots_nor_what_reads_excel_for_analysts():
    code = """
import sys
import tests.drawing as drawing
from tenglong.source import describe_bundle, read_bundle
from tenglong.run import report, office
whole = read_bundle(describe_bundle("data/sample"))
county = whole.on(whole.description.as_of)
for page in ("targets", "parcel_map", "land"):
    drawing.drawn(page, county, on=whole.on)
print(sorted({"matplotlib", "openpyxl"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=kit_root(), capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
