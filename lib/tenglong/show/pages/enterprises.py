"""The evaluation page: what it finds, its figures, and what is not known."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import wraps

import pandas as pd

from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.measure.sheet.enterprises import EnterprisesSheet
from tenglong.show import cell
from tenglong.show.evaluated import (
    figure_tone,
    grade_tone,
    grades_text,
    group_text,
    part_label,
    rule_text,
)
from tenglong.show.figure.histogram import histogram
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.finding import Card, findings
from tenglong.show.firm import industry_text, place_text
from tenglong.show.lacking import lacking, not_supplied, supplier_of
from tenglong.show.listing import share
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.contradictions import contradiction_sentences
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence, paragraph

# Why a firm is exempt by the rules; one that lacks what its score needs is not.
EXEMPT = frozenset({"closed", "excluded"})
MOST_NAMED = 3


def evaluated(
    draw: Callable[[Page, EnterprisesSheet, Evaluation], Piece],
) -> Callable[[Page, EnterprisesSheet], Piece]:
    """Bind a piece to the evaluation: without one it says that it lacks what it needs."""

    @wraps(draw)
    def bound(page: Page, review: EnterprisesSheet) -> Piece:
        if review.evaluation is None:
            return not_supplied(page)
        return draw(page, review, review.evaluation)

    return bound


def enterprise_findings(page: Page, review: EnterprisesSheet) -> Piece:
    """Open the page: the grades, what they hold, what moved, who must do what next."""
    name = "enterprises_findings"
    evaluation = review.evaluation
    if evaluation is None:
        gap = [lacking(page, review.lacking)] if review.lacking else []
        return findings(*gap, name=name)
    if review.firms.empty:
        return findings(page.sentence(".none"), name=name)
    paragraphs: list[list[Sentence]] = [
        [_overall(page, review, evaluation), *_out(page, review)],
        [*_cautions(page, evaluation)],
        [*contradiction_sentences(page, review.checked)],
        [*_low(page, review, evaluation)],
        [*_next(page, review)],
        [_moved(page, review), *_rules(page, review, evaluation)],
        [*_county(page, review, evaluation)],
    ]
    said = [paragraph(*parts, language=page.language) for parts in paragraphs if parts]
    return findings(*said, name=name, cards=[*_cards(page, review)])


def _ranked(review: EnterprisesSheet) -> pd.DataFrame:
    """Give the firms that are ranked."""
    return review.firms[review.firms["rank"].notna()]


def _cards(page: Page, review: EnterprisesSheet) -> Iterator[Card]:
    unit, ranked = page.word(".firms"), len(_ranked(review))
    yield Card(page.word(".card.evaluated"), cell.number(ranked, 0), unit)
    for grade in review.grades:
        count = cell.number(len(review.of_grade(grade)), 0)
        tone = grade_tone(grade, review.grades)
        yield Card(page.word(".card.grade", grade=grade), count, unit, tone)
    out = cell.number(len(review.firms) - ranked, 0)
    yield Card(page.word(".card.out"), out, unit, "none")


def _overall(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Sentence:
    grades = [
        page.sentence(".grade_count", grade=grade, count=len(review.of_grade(grade)))
        for grade in review.grades
        if len(review.of_grade(grade))
    ]
    return page.sentence(
        ".overall" if grades else ".overall_ungraded",
        **({"grades": grades} if grades else {}),
        as_of=page.place.as_of,
        year=str(review.year),
        scheme=page.told(evaluation.scheme.name),
        evaluated=len(_ranked(review)),
    )


def _cautions(page: Page, evaluation: Evaluation) -> Iterator[Sentence]:
    """Say what is doubtful about the scheme, where its file says so."""
    if evaluation.scheme.caution is not None:
        yield page.sentence("evaluation.caution", caution=page.told(evaluation.scheme.caution))


def _out(page: Page, review: EnterprisesSheet) -> Iterator[Sentence]:
    unranked = review.firms[review.firms["rank"].isna()]
    whys = [{code.partition(":")[0] for code in codes} for codes in unranked["why"]]
    unknown = sum("population_unknown" in codes for codes in whys)
    unscored = sum("not_ranked" in codes and not codes & EXEMPT for codes in whys)
    if whys:
        excluded = len(whys) - unknown - unscored
        yield page.sentence(".out", excluded=excluded, unscored=unscored, unknown=unknown)
    if unknown:
        yield page.sentence(".out_supply", unit=supplier_of(page.place, "occupancies", "share"))


def _low(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Iterator[Sentence]:
    firms, low = review.of_grade(*review.low_grades), review.low
    if low is None or firms.empty or not review.grades:
        return
    yield page.sentence(
        ".low",
        grades=grades_text(page, review.low_grades),
        firms=low.firms,
        land=cell.number(low.land_mu),
        tax=cell.said(low.tax_wan, "万元", page.language),
        ratio=cell.number(low.tax_per_mu),
    )
    known = firms[firms["weakest"].notna()]
    pairs = zip(known["population"], known["weakest"], strict=True)
    counts = Counter(page.told(part_label(evaluation, *pair)) for pair in pairs)
    parts = [
        page.sentence(".part_count", part=part, count=count) for part, count in _most_first(counts)
    ]
    if parts:
        yield page.sentence(".low_weakest", parts=page.first(parts, MOST_NAMED))


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _moved(page: Page, review: EnterprisesSheet) -> Sentence:
    before = str(review.year - 1)
    if not review.has_before:
        return page.sentence(".no_before", before=before)
    changes = Counter(review.moves["grade_change"])
    counts = {name: changes[name] for name in ("better", "worse", "new", "gone")}
    key = ".moved" if any(counts.values()) else ".moved_none"
    return page.sentence(key, before=before, **(counts if any(counts.values()) else {}))


def _rules(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Iterator[Sentence]:
    """Say how many grades each veto, protection and decision changed."""
    codes = Counter(
        page.word(".by_hand")
        if code.startswith("adjusted:")
        else rule_text(page, evaluation, code.removeprefix("override:"))
        for why in review.firms["why"]
        for code in why
        if code.startswith(("override:", "adjusted:"))
    )
    if codes:
        counts = _most_first(codes)
        rules = [page.sentence(".rule_count", rule=rule, count=count) for rule, count in counts]
        yield page.sentence(".rules", rules=rules)


def _county(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Iterator[Sentence]:
    """Hold the place's own tax per mu against the benchmark, by population."""
    rows = review.areas[review.areas["indicator"] == "tax_per_mu"].dropna(subset=["share"])
    for row in rows.to_dict("records"):
        yield page.sentence(
            ".county",
            population=page.told(evaluation.scheme.populations[row["population"]].name),
            value=cell.number(row["value"]),
            benchmark=cell.number(row["benchmark"]),
            share=share(page, row["share"]),
        )


def _next(page: Page, review: EnterprisesSheet) -> Iterator[Sentence]:
    """Say where the lowest grade stands, and which units must apply what to it by the plan."""
    if not review.low_grades or review.of_grade(review.low_grades[-1]).empty:
        return
    lowest = review.low_grades[-1]
    firms = review.of_grade(lowest)
    if page.place.township is None and "township" in firms:
        towns = firms["township"].map(review.townships).fillna(page.word(".nowhere"))
        places = [
            page.sentence(".place_count", place=place, count=count)
            for place, count in _most_first(Counter(towns))
        ]
        first = page.first(places, MOST_NAMED)
        yield page.sentence(".lowest_places", grade=lowest, places=first)
    for clause in page.place.plan.clauses:
        asked = [
            page.told(measure.name)
            for measure in review.measures
            if measure.clause == clause.id and lowest in measure.by_grade
        ]
        if asked:
            yield page.sentence(
                ".next",
                units=page.joined(clause.units),
                grade=lowest,
                count=len(firms),
                measures=page.joined(asked),
                section=page.section(clause.section),
            )


def grades_by_township(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw how many firms of each grade every township has."""
    towns = [
        page.name(place_text(review.townships, code)) for code in review.firms.get("township", ())
    ]
    return _stacked(page, review, towns, "townships")


def grades_by_industry(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw how many firms of each grade every industry has."""
    codes = review.firms.get("industry", ())
    trades = [industry_text(page, review.industries, code) for code in codes]
    return _stacked(page, review, trades, "industries")


def _stacked(page: Page, review: EnterprisesSheet, keys: Sequence[str], what: str) -> Piece:
    """Draw one row a key; those with the most firms of the low grades first."""
    if review.evaluation is None:
        return not_supplied(page)
    if not review.grades or not keys:
        return remark(page.word(".no_grades"))
    nowhere, grades, low = page.word(".nowhere"), review.grades, len(review.low_grades)
    pairs = zip(keys, review.firms["grade"], strict=True)
    counts = Counter((nowhere if key == MISSING else key, grade) for key, grade in pairs)
    rows = [
        Row(label, [counts[label, grade] for grade in grades])
        for label in {key for key, grade in counts if grade in grades}
    ]
    rows.sort(key=lambda row: (-sum(row.counts[-low:]), -sum(row.counts), row.label))
    return stacked(
        page,
        rows,
        [
            Part(page.word("evaluation.grades", grades=grade), figure_tone(grade, grades))
            for grade in grades
        ],
        caption=page.word(f".figure.{what}"),
        described=page.word(f".described.{what}", grades=grades_text(page, review.low_grades)),
        name=f"enterprises_by_{what}",
    )


def tax_per_mu_spread(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw how many firms lie in each class of tax per mu."""
    if review.evaluation is None:
        return not_supplied(page)
    return histogram(
        page,
        review.tax_per_mu,
        review.limits,
        caption=page.word(".figure.histogram"),
        described=page.word(".described.histogram"),
        name="enterprises_tax_per_mu",
        unit=page.word("unit.万元/亩"),
    )


@evaluated
def quality(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Piece:
    """Say what was not supplied and which rule it leaves open, and which groups are small."""
    said = [
        page.sentence(
            "evaluation.lacking",
            used_by=rule_text(page, evaluation, gap.used_by.removeprefix("population ")),
            table=page.label(gap.table),
            column=page.label(gap.table, gap.column),
            unit=supplier_of(page.place, gap.table, gap.column),
        )
        for gap in evaluation.lacking
    ]
    for note in evaluation.notes:
        about = dict(note.about)
        if "group" in about:
            about["group"] = group_text(page, evaluation, about["group"], review.industries)
        said.append(page.sentence(f"evaluation.note.{note.code}", **about))
    if review.low is not None and review.low.firms_lacking:
        said.append(page.sentence(".low_lacking", count=review.low.firms_lacking))
    if evaluation.out_of_scope:
        said.append(page.sentence(".out_of_scope", count=evaluation.out_of_scope))
    return findings(*said, name="enterprises_quality")
