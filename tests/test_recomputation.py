"""The sample's figures against one plain recomputation that shares no code with the kit."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import recompute
from tenglong.measure.board.board import assess_plan
from tenglong.measure.carbon.intensity import intensity_change
from tenglong.measure.clause import Kind
from tenglong.source import describe_bundle, read_bundle
from tenglong.source.place import kit_root

pytestmark = pytest.mark.long

SAMPLE = kit_root() / "data" / "sample"
DAYS = ("2021-12-31", "2022-06-30", "2022-12-31", "2023-12-31")


@pytest.fixture(scope="module")
def bundle():
    return read_bundle(describe_bundle(SAMPLE))


@pytest.fixture(scope="module", params=DAYS)
def both(request, bundle):
    """Give what the kit says and what the recomputation says, by clause, on a day."""
    day = recompute.over(request.param)
    board = assess_plan(bundle.on(day))
    return {one.clause.id: one for one in board.quantified}, recompute.figures(SAMPLE, day)


def differing(both, ours, theirs):
    """Give both figures of every clause whose figures are not the same."""
    measured, recomputed = both
    pairs = {name: (ours(one), theirs(recomputed[name])) for name, one in measured.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def test_the_recomputation_knows_every_clause_that_can_be_quantified(both):
    assert set(both[0]) == set(both[1])


def test_every_target_is_the_one_typed_from_the_text(both):
    for name, one in both[0].items():
        _, comparison, target = recompute.TARGETS[name]
        assert one.clause.due == recompute.DUE.get(name, recompute.END), name
        if comparison is not None:
            assert one.clause.operator == comparison, name
            assert one.target == recompute.Fraction(target), name


def test_every_actual_figure_is_the_same(both):
    measured = {name: one for name, one in both[0].items() if one.clause.kind is not Kind.GROWTH}
    assert not differing(
        (measured, both[1]), lambda one: one.actual, lambda told: told.get("actual")
    )


def test_a_compound_rate_is_the_same_to_nine_digits(both):
    for name, one in both[0].items():
        if one.clause.kind is Kind.GROWTH and one.actual is not None:
            assert float(one.actual) == pytest.approx(both[1][name]["rate_pct"], abs=1e-9), name


def test_every_baseline_is_the_same(both):
    kinds = (Kind.LEVEL, Kind.CLEAR_OUT, Kind.GROWTH)
    measured = {name: one for name, one in both[0].items() if one.clause.kind in kinds}
    assert not differing(
        (measured, both[1]),
        lambda one: one.baseline if one.progress is not None else None,
        lambda told: told.get("baseline") if "progress" in told else None,
    )


def test_every_progress_is_the_same(both):
    assert not differing(both, lambda one: one.progress, lambda told: told.get("progress"))


def test_every_gap_is_the_same(both):
    assert not differing(both, lambda one: one.gap, lambda told: told.get("gap"))


def test_every_status_is_the_same(both):
    assert not differing(both, lambda one: str(one.status), lambda told: told["status"])


def test_every_year_is_the_same(both):
    def of_the_kit(one):
        verdicts = {year.year: year.verdict for year in one.years}
        values = {year.year: year.actual for year in one.years if year.actual is not None}
        return (verdicts, values) if one.years else None

    assert not differing(both, of_the_kit, lambda told: told.get("years"))


def test_the_recomputation_imports_nothing_of_the_kit():
    tree = ast.parse(Path(recompute.__file__).read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or alias.name for node in nodes for alias in node.names}
    assert names == {
        *("csv", "sqlite3", "calendar", "contextlib", "datetime", "fnmatch", "fractions"),
        *("functools", "math", "pathlib", "yaml"),
    }


@pytest.mark.parametrize(
    "hidden",
    [
        ("energy_intensity_change_pct",),
        ("energy_intensity_change_pct", "energy_growth_pct"),
    ],
)
def test_intensity_is_the_same_whatever_of_it_was_published(bundle, hidden):
    day = recompute.over("2023-12-31")
    county = bundle.on(day)
    series = county.table("official_series")
    less = {**county.tables, "official_series": series[~series["indicator"].isin(hidden)]}
    measured = intensity_change(replace(county, tables=less)).figures
    tables = recompute.known(SAMPLE, day)
    tables["official_series"] = [
        row for row in tables["official_series"] if row["指标"] not in hidden
    ]
    recomputed = recompute.intensity(tables, day)["energy_intensity"]
    assert {one.end.year: one.value for one in measured} == {
        year: change for year, change in recomputed.items() if year > recompute.START.year - 1
    }
    assert measured
