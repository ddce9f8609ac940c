"""The evaluation page: what it finds, the firms that need action, what moved, all the others."""

from collections import Counter
from typing import Any

import pandas as pd

from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.measure.sheet.enterprises import EnterprisesSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.evaluated import grade_tone, grades_text, part_label, rule_text
from tenglong.show.finding import Card, findings
from tenglong.show.lacking import lacking, supplier_of
from tenglong.show.number import percent, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, paragraph

MOST_NAMED = 3


def enterprise_findings(page: Page, review: EnterprisesSheet) -> Piece:
    """Open the page: the grades, what they hold, what moved, who must do what next."""
    name = "enterprises_findings"
    if review.evaluation is None:
        gap = [lacking(page, review.lacking)] if review.lacking else []
        return findings(*gap, name=name)
    if review.firms.empty:
        return findings(page.sentence("enterprises.none"), name=name)
    evaluation = review.evaluation
    told = [
        [_overall(page, review, evaluation), *_out(page, review)],
        _low(page, review, evaluation),
        _next(page, review),
        [*_moved(page, review), *_rules(page, review, evaluation)],
        _county(page, review, evaluation),
    ]
    said = [paragraph(*one, language=page.language) for one in told if one]
    return findings(*said, name=name, cards=_cards(page, review))


def _evaluated(review: EnterprisesSheet) -> pd.DataFrame:
    """Give the firms that are ranked."""
    return review.firms[review.firms["rank"].notna()]


def _cards(page: Page, review: EnterprisesSheet) -> list[Card]:
    unit = page.word("enterprises.firms")
    cards = [Card(page.word("enterprises.card.evaluated"), _count(_evaluated(review)), unit)]
    for grade in review.grades:
        label = page.word("enterprises.card.grade", grade=grade)
        tone = grade_tone(grade, review.grades)
        cards.append(Card(label, _count(review.of_grade(grade)), unit, tone))
    out = len(review.firms) - len(_evaluated(review))
    cards.append(Card(page.word("enterprises.card.out"), cell.number(out, 0), unit, "none"))
    return cards


def _count(firms: pd.DataFrame) -> Cell:
    return cell.number(len(firms), 0)


def _overall(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Sentence:
    common: dict[str, Any] = {
        "as_of": page.place.as_of,
        "year": Cell(str(review.year), str(review.year)),
        "scheme": evaluation.scheme.name[page.language],
        "evaluated": len(_evaluated(review)),
    }
    if not review.grades:
        return page.sentence("enterprises.overall_ungraded", **common)
    grades = [
        page.sentence("enterprises.grade_count", grade=grade, count=len(review.of_grade(grade)))
        for grade in review.grades
    ]
    return page.sentence("enterprises.overall", grades=grades, **common)


def _out(page: Page, review: EnterprisesSheet) -> list[Sentence]:
    unranked = review.firms[review.firms["rank"].isna()]
    unknown = unranked["why"].map(lambda codes: "population_unknown" in codes).sum()
    if unranked.empty:
        return []
    said = page.sentence(
        "enterprises.out", excluded=len(unranked) - int(unknown), unknown=int(unknown)
    )
    if not unknown:
        return [said]
    unit = supplier_of(page.place, "occupancies", "share")
    return [said, page.sentence("enterprises.out_supply", unit=unit)]


def _low(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> list[Sentence]:
    firms = review.of_grade(*review.low_grades)
    if review.low is None or firms.empty or not review.grades:
        return []
    low = review.low
    said = page.sentence(
        "enterprises.low",
        grades=grades_text(page, review.low_grades),
        firms=low.firms,
        land=cell.number(low.land_mu, 1),
        tax=cell.number(low.tax_wan, 1),
        ratio=cell.number(low.tax_per_mu),
    )
    known = firms[firms["weakest"].notna()]
    pairs = zip(known["population"], known["weakest"], strict=True)
    counts = Counter(part_label(evaluation, *pair)[page.language] for pair in pairs)
    parts = [
        page.sentence("enterprises.part_count", part=part, count=count)
        for part, count in _most(counts)
    ]
    return [said, page.sentence("enterprises.low_weakest", parts=parts)] if parts else [said]


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]


def _moved(page: Page, review: EnterprisesSheet) -> list[Sentence]:
    before = Cell(str(review.year - 1), str(review.year - 1))
    if not review.has_before:
        return [page.sentence("enterprises.no_before", before=before)]
    changes = Counter(review.moves["grade_change"])
    counts = {name: changes[name] for name in ("better", "worse", "new", "gone")}
    return [page.sentence("enterprises.moved", before=before, **counts)]


def _rules(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> list[Sentence]:
    """Say how many grades each veto, protection and decision changed."""
    codes = Counter(
        page.word("enterprises.by_hand")
        if code.startswith("adjusted:")
        else rule_text(page, evaluation, code.removeprefix("override:"))
        for why in review.firms["why"]
        for code in why
        if code.startswith(("override:", "adjusted:"))
    )
    rules = [
        page.sentence("enterprises.rule_count", rule=rule, count=count)
        for rule, count in sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return [page.sentence("enterprises.rules", rules=rules)] if rules else []


def _county(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> list[Sentence]:
    """Hold the place's own tax per mu against the benchmark, by population."""
    rows = review.areas[review.areas["indicator"] == "tax_per_mu"].dropna(subset=["share"])
    return [
        page.sentence(
            "enterprises.county",
            population=evaluation.scheme.populations[row["population"]].name[page.language],
            value=cell.number(row["value"]),
            benchmark=cell.number(row["benchmark"]),
            share=Cell(percent(row["share"]), plain(row["share"])),
        )
        for row in rows.to_dict("records")
    ]


def _next(page: Page, review: EnterprisesSheet) -> list[Sentence]:
    """Say where the lowest grade stands, and who must act on it."""
    if not review.low_grades:
        return []
    lowest = review.low_grades[-1]
    firms = review.of_grade(lowest)
    if firms.empty:
        return []
    said = []
    if page.place.township is None and "township" in firms:
        nowhere = page.word("enterprises.nowhere")
        names = firms["township"].map(review.townships).fillna(nowhere)
        places = [
            page.sentence("enterprises.place_count", place=place, count=count)
            for place, count in _most(Counter(names))
        ]
        said.append(page.sentence("enterprises.lowest_places", grade=lowest, places=places))
    return [*said, *_measures(page, review, lowest, len(firms))]


def _measures(page: Page, review: EnterprisesSheet, grade: str, count: int) -> list[Sentence]:
    """Say which units must apply what to the lowest grade, by the plan's clauses."""
    comma = "、" if page.language == "zh" else ", "
    asked = [one for one in review.measures if one.clause and grade in one.by_grade]
    return [
        page.sentence(
            "enterprises.next",
            units=comma.join(clause.units),
            grade=grade,
            count=count,
            measures=comma.join(o.name[page.language] for o in asked if o.clause == clause.id),
            section=clause.section,
        )
        for clause in page.place.plan.clauses
        if clause.id in {one.clause for one in asked}
    ]
