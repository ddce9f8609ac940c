"""Published beside computed figures, as a reader sees them."""

import pytest

from build import opened, page_in
from tenglong.measure.board.compare import compare
from tenglong.show.pages.targets import figure_differences
from tenglong.source import open_county


def test_a_published_figure_stands_beside_the_computed_one_with_its_difference():
    piece = figure_differences(page_in("zh"), compare(opened("data/sample", "2022-06-30")))
    assert (
        "制造业（含技改）投资,项目月度投资合计,2021,万元,55199.9,55807,-607.1,0.5,有差异"
        in piece.csv["differences.csv"]
    )
    assert "−607.10" in piece.html


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "没有既公布"), ("en", "No figure is both published")]
)
def test_a_county_without_published_figures_says_so(language, said):
    compared = compare(open_county("data/cambridge"))
    assert said in figure_differences(page_in(language), compared).html
