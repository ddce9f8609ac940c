"""The land page: what its terms mean, with the limits of the county's own policy."""

from fractions import Fraction

from tenglong.measure.sheet.land import LandSheet
from tenglong.show import cell
from tenglong.show.finding import findings
from tenglong.show.number import fraction_text, percent
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.words import bare


def land_terms(page: Page, sheet: LandSheet) -> Piece:
    """Say what lies idle, what falls short of a contract, and how shares and areas are told."""
    said = [
        *_of_idle(page, sheet),
        page.sentence(
            "land.method.states",
            start=_past(page, sheet.rule.supplied_unused.days_late),
            production=_past(page, sheet.rule.invested_short.days_late),
            used=_checks(page, sheet, "partly_used"),
            output=_checks(page, sheet, "below_capacity"),
        ),
        page.sentence("land.method.area"),
        page.sentence("land.method.grants"),
    ]
    return findings(*said, name="land_terms")


def _of_idle(page: Page, sheet: LandSheet) -> list[Sentence]:
    rule = sheet.idle_rule
    said = [
        page.sentence(
            "land.method.idle",
            not_started=rule.not_started.years,
            developed=_share(page, rule.suspended.developed_share),
            invested=_share(page, rule.suspended.invested_share),
            suspended=rule.suspended.years,
            counted=page.word(
                f"land.method.candidates_{'counted' if rule.candidates_count else 'apart'}"
            ),
            rule=page.word("land.method.rule"),
        )
    ]
    steps = {step.way: step for step in rule.handling.not_started}
    if {"fee", "take_back"} <= steps.keys():
        share = steps["fee"].price_share
        said.append(
            page.sentence(
                "land.method.fee",
                fee_years=steps["fee"].from_years,
                fee_share=cell.number(None if share is None else share * 100, 0),
                take_years=steps["take_back"].from_years,
            )
        )
    return said


def _share(page: Page, share: Fraction) -> str:
    return fraction_text(share, page.language) or percent(share, 0)


def _checks(page: Page, sheet: LandSheet, code: str) -> Sentence:
    checks = sheet.rule.partly_used if code == "partly_used" else sheet.rule.below_capacity
    said = [
        page.sentence(
            "land.method.check",
            item=bare(page.word(f"land.measure.{check.actual}")),
            share=cell.number(check.least_share * 100, 0),
        )
        for check in checks.checks
    ]
    return page.sentence("land.method.or", checks=said)


def _past(page: Page, days: int) -> Sentence:
    if not days:
        return page.sentence("land.method.past")
    return page.sentence("land.method.past_days", days=days)
