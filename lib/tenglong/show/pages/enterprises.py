"""The evaluation page: what it finds, the firms that need action, what moved, all the others."""

from collections import Counter
from typing import Any

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.evaluation.evaluated import Evaluation
from tenglong.measure.evaluation.reviewed import Review
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.evaluated import grade_tone, grades_text, part_label, rule_text
from tenglong.show.finding import Card, Sentence, findings, paragraph, sentence
from tenglong.show.lacking import lacking, supplier_of
from tenglong.show.number import percent, plain
from tenglong.show.piece import Piece
from tenglong.show.words import word

MOST_NAMED = 3


def enterprise_findings(county: County, review: Review, *, language: str = "zh") -> Piece:
    """Open the page: the grades, what they hold, what moved, who must do what next."""
    name = "enterprises_findings"
    if review.evaluation is None:
        gap = [lacking(county, review.lacking, language=language)] if review.lacking else []
        return findings(*gap, name=name)
    if review.firms.empty:
        return findings(sentence("enterprises.none", language), name=name)
    evaluation = review.evaluation
    told = [
        [_overall(county, review, evaluation, language), *_out(county, review, language)],
        _low(review, evaluation, language),
        _next(county, review, language),
        [*_moved(review, language), *_rules(review, evaluation, language)],
        _county(review, evaluation, language),
    ]
    said = [paragraph(*one, language=language) for one in told if one]
    return findings(*said, name=name, cards=_cards(review, language))


def _evaluated(review: Review) -> pd.DataFrame:
    """Give the firms that are ranked."""
    return review.firms[review.firms["rank"].notna()]


def _cards(review: Review, language: str) -> list[Card]:
    unit = word("enterprises.firms", language)
    cards = [Card(word("enterprises.card.evaluated", language), _count(_evaluated(review)), unit)]
    for grade in review.grades:
        label = word("enterprises.card.grade", language, grade=grade)
        tone = grade_tone(grade, review.grades)
        cards.append(Card(label, _count(review.of_grade(grade)), unit, tone))
    out = len(review.firms) - len(_evaluated(review))
    cards.append(Card(word("enterprises.card.out", language), cell.number(out, 0), unit, "none"))
    return cards


def _count(firms: pd.DataFrame) -> Cell:
    return cell.number(len(firms), 0)


def _overall(county: County, review: Review, evaluation: Evaluation, language: str) -> Sentence:
    common: dict[str, Any] = {
        "as_of": county.as_of,
        "year": Cell(str(review.year), str(review.year)),
        "scheme": evaluation.scheme.name[language],
        "evaluated": len(_evaluated(review)),
    }
    if not review.grades:
        return sentence("enterprises.overall_ungraded", language, **common)
    grades = [
        sentence(
            "enterprises.grade_count", language, grade=grade, count=len(review.of_grade(grade))
        )
        for grade in review.grades
    ]
    return sentence("enterprises.overall", language, grades=grades, **common)


def _out(county: County, review: Review, language: str) -> list[Sentence]:
    unranked = review.firms[review.firms["rank"].isna()]
    unknown = unranked["why"].map(lambda codes: "population_unknown" in codes).sum()
    if unranked.empty:
        return []
    said = sentence(
        "enterprises.out", language, excluded=len(unranked) - int(unknown), unknown=int(unknown)
    )
    if not unknown:
        return [said]
    unit = supplier_of(county, "occupancies", "share")
    return [said, sentence("enterprises.out_supply", language, unit=unit)]


def _low(review: Review, evaluation: Evaluation, language: str) -> list[Sentence]:
    firms = review.of_grade(*review.low_grades)
    if review.low is None or firms.empty or not review.grades:
        return []
    low = review.low
    said = sentence(
        "enterprises.low",
        language,
        grades=grades_text(review.low_grades, language),
        firms=low.firms,
        land=cell.number(low.land_mu, 1),
        tax=cell.number(low.tax_wan, 1),
        ratio=cell.number(low.tax_per_mu),
    )
    known = firms[firms["weakest"].notna()]
    pairs = zip(known["population"], known["weakest"], strict=True)
    counts = Counter(part_label(evaluation, *pair)[language] for pair in pairs)
    parts = [
        sentence("enterprises.part_count", language, part=part, count=count)
        for part, count in _most(counts)
    ]
    return [said, sentence("enterprises.low_weakest", language, parts=parts)] if parts else [said]


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]


def _moved(review: Review, language: str) -> list[Sentence]:
    before = Cell(str(review.year - 1), str(review.year - 1))
    if not review.has_before:
        return [sentence("enterprises.no_before", language, before=before)]
    changes = Counter(review.moves["grade_change"])
    counts = {name: changes[name] for name in ("better", "worse", "new", "gone")}
    return [sentence("enterprises.moved", language, before=before, **counts)]


def _rules(review: Review, evaluation: Evaluation, language: str) -> list[Sentence]:
    """Say how many grades each veto, protection and decision changed."""
    codes = Counter(
        word("enterprises.by_hand", language)
        if code.startswith("adjusted:")
        else rule_text(evaluation, code.removeprefix("override:"), language)
        for why in review.firms["why"]
        for code in why
        if code.startswith(("override:", "adjusted:"))
    )
    rules = [
        sentence("enterprises.rule_count", language, rule=rule, count=count)
        for rule, count in sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return [sentence("enterprises.rules", language, rules=rules)] if rules else []


def _county(review: Review, evaluation: Evaluation, language: str) -> list[Sentence]:
    """Hold the place's own tax per mu against the benchmark, by population."""
    rows = review.areas[review.areas["indicator"] == "tax_per_mu"].dropna(subset=["share"])
    return [
        sentence(
            "enterprises.county",
            language,
            population=evaluation.scheme.populations[row["population"]].name[language],
            value=cell.number(row["value"]),
            benchmark=cell.number(row["benchmark"]),
            share=Cell(percent(row["share"]), plain(row["share"])),
        )
        for row in rows.to_dict("records")
    ]


def _next(county: County, review: Review, language: str) -> list[Sentence]:
    """Say where the lowest grade stands, and who must act on it."""
    if not review.low_grades:
        return []
    lowest = review.low_grades[-1]
    firms = review.of_grade(lowest)
    if firms.empty:
        return []
    said = []
    if county.township is None and "township" in firms:
        nowhere = word("enterprises.nowhere", language)
        names = firms["township"].map(review.townships).fillna(nowhere)
        places = [
            sentence("enterprises.place_count", language, place=place, count=count)
            for place, count in _most(Counter(names))
        ]
        said.append(sentence("enterprises.lowest_places", language, grade=lowest, places=places))
    return [*said, *_measures(county, review, lowest, len(firms), language)]


def _measures(
    county: County, review: Review, grade: str, count: int, language: str
) -> list[Sentence]:
    """Say which units must apply what to the lowest grade, by the plan's clauses."""
    comma = "、" if language == "zh" else ", "
    asked = [one for one in review.measures if one.clause and grade in one.by_grade]
    return [
        sentence(
            "enterprises.next",
            language,
            units=comma.join(clause.units),
            grade=grade,
            count=count,
            measures=comma.join(o.name[language] for o in asked if o.clause == clause.id),
            section=clause.section,
        )
        for clause in county.plan.clauses
        if clause.id in {one.clause for one in asked}
    ]
