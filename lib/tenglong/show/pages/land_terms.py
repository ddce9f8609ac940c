"""The land page: what its terms mean, with the limits of the county's own policy."""

from tenglong.measure.land.land_sheet import LandSheet
from tenglong.show import cell
from tenglong.show.finding import Sentence, findings, sentence
from tenglong.show.piece import Piece
from tenglong.show.words import word


def land_terms(sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Say what lies idle, what falls short of a contract, and how shares and areas are told."""
    said = [
        *_of_idle(sheet, language),
        sentence(
            "land.method.states",
            language,
            start=_past(sheet.rule.supplied_unused.days_late, language),
            production=_past(sheet.rule.invested_short.days_late, language),
            used=_checks(sheet, "partly_used", language),
            output=_checks(sheet, "below_capacity", language),
        ),
        sentence("land.method.area", language),
        sentence("land.method.grants", language),
    ]
    return findings(*said, name="land_terms")


def _of_idle(sheet: LandSheet, language: str) -> list[Sentence]:
    rule = sheet.idle_rule
    said = [
        sentence(
            "land.method.idle",
            language,
            not_started=rule.not_started.years,
            developed=str(rule.suspended.developed_share),
            invested=str(rule.suspended.invested_share),
            suspended=rule.suspended.years,
            rule=word("land.method.rule", language),
        )
    ]
    steps = {step.way: step for step in rule.handling.not_started}
    if {"fee", "take_back"} <= steps.keys():
        share = steps["fee"].price_share
        said.append(
            sentence(
                "land.method.fee",
                language,
                fee_years=steps["fee"].from_years,
                fee_share=cell.number(None if share is None else share * 100, 0),
                take_years=steps["take_back"].from_years,
            )
        )
    return said


def _checks(sheet: LandSheet, code: str, language: str) -> Sentence:
    checks = sheet.rule.partly_used if code == "partly_used" else sheet.rule.below_capacity
    said = [
        sentence(
            "land.method.check",
            language,
            item=word(f"land.measure.{check.actual}", language),
            share=cell.number(check.least_share * 100, 0),
        )
        for check in checks.checks
    ]
    return sentence("land.method.or", language, checks=said)


def _past(days: int, language: str) -> Sentence:
    if not days:
        return sentence("land.method.past", language)
    return sentence("land.method.past_days", language, days=days)
