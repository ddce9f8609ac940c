"""Every page, on any day, of all that is known of a county and of little: no hole, no code."""

import re
from collections import Counter

import pytest

from drawing import HOLES, drawn, read
from reports import OF_MANY, PAGES
from tenglong.source import describe_bundle, read_bundle

CODE = re.compile(r"(?<![\w.])[a-z]+(?:_[a-z0-9]+)+(?![\w.])")
COUNTIES = [page for page in PAGES if page not in ("index", *OF_MANY)]
# The days before, amid and after the plan; each language sees a county, a township, and little.
MANY = [
    ("sample", "2020-12-31", "", "zh"),
    ("sample", "2021-12-31", "", "en"),
    ("sample", "2023-12-31", "桂山乡", "zh"),
    ("sample", "2024-03-31", "大峃镇", "en"),
    ("cambridge", "2022-06-30", "", "zh"),
    ("cambridge", "2022-06-30", "", "en"),
]
# Pieces that name files, columns or indicators, as who must supply them knows them.
NAMING = ("colophon", "rule_sources", "workings", "scheme_sources", "problems")
# These two look at many days and townships: twice is enough.
SLOW = {"league": MANY[1:3], "bulletin": (MANY[0], MANY[3])}


@pytest.fixture(scope="module")
def bundles():
    return {name: read_bundle(describe_bundle(f"data/{name}")) for name in ("sample", "cambridge")}


@pytest.mark.long
@pytest.mark.parametrize(
    ("page_id", "bundle", "day", "township", "language"),
    [(page, *case) for page in COUNTIES for case in SLOW.get(page, MANY)],
)
def test_no_hole_no_code_and_no_file_twice(bundles, page_id, bundle, day, township, language):
    if page_id == "data_quality":
        township = ""  # it is about the files of the county, and has no such parameter
    source = bundles[bundle]
    page = drawn(page_id, source.on(day), on=source.on, township=township, language=language)
    assert Counter(page.names) == Counter(set(page.names))
    for name, piece in page.pieces.items():
        said = read(piece)
        assert not HOLES.search(said), name
        if name not in NAMING:
            assert not CODE.search(said), name
