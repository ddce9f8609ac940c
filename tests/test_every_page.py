"""Every page, on any day, of all that is known of a county and of little.

No hole, no code, and no sentence that reads wrong.
"""

import re
from collections import Counter

import pytest

from drawing import HOLES, drawn, read
from prose import faults, foreign
from reports import OF_MANY, PAGES
from tenglong.source import describe_bundle, read_bundle

CODE = re.compile(r"(?<![\w.])[a-z]+(?:_[a-z0-9]+)+(?![\w.])")
COUNTIES = [page for page in PAGES if page not in ("index", *OF_MANY)]
# The days before, amid and after the plan; each language sees a county, a township, and little.
MANY = [
    ("sample", "2020-12-31", "", "zh"),
    ("sample", "2021-12-31", "", "en"),
    ("sample", "2022-11-30", "", "zh"),
    ("sample", "2022-11-30", "", "en"),
    ("sample", "2023-12-31", "桂山乡", "zh"),
    ("sample", "2024-03-31", "大峃镇", "en"),
    ("cambridge", "2022-06-30", "", "zh"),
    ("cambridge", "2022-06-30", "", "en"),
]
# Pieces that name files, columns or indicators, as who must supply them knows them.
NAMING = (
    "colophon",
    "rule_sources",
    "workings",
    "scheme_sources",
    "problems",
    "problem_groups",
    "problem_table",
)
# These two look at many days and townships: twice is enough.
SLOW = {"league": MANY[1:3], "bulletin": (MANY[2], MANY[5])}


@pytest.fixture(scope="module")
def bundles():
    return {name: read_bundle(describe_bundle(f"data/{name}")) for name in ("sample", "cambridge")}


def names_in(county):
    """Give the names of clauses, and all text of the data: neither is ours to mend."""
    clauses = [clause.name.zh for clause in county.plan.clauses]
    texts = [
        str(one)
        for table in county.tables.values()
        for column in table.select_dtypes(["object", "string", "category"])
        for one in table[column].dropna().unique()
    ]
    return clauses, "\n".join([*texts, county.name.zh])


@pytest.mark.long
@pytest.mark.parametrize(
    ("page_id", "bundle", "day", "township", "language"),
    [(page, *case) for page in COUNTIES for case in SLOW.get(page, MANY)],
)
def test_no_hole_no_code_no_file_twice_and_no_sentence_that_reads_wrong(
    bundles, page_id, bundle, day, township, language
):
    if page_id == "data_quality":
        township = ""  # it is about the files of the county, and has no such parameter
    source = bundles[bundle]
    whole = source.on(day)
    clauses, texts = names_in(whole)
    files = {"bundle": f"data/{bundle}"} if page_id == "data_quality" else {}
    page = drawn(page_id, whole, on=source.on, township=township, language=language, **files)
    assert Counter(page.names) == Counter(set(page.names))
    for name, piece in page.pieces.items():
        said = read(piece)
        assert not HOLES.search(said), name
        if name not in NAMING:
            assert not CODE.search(said), name
            assert not faults(piece.html, language, names=clauses), name
            if language == "en":
                assert not foreign(piece.html, texts), name
