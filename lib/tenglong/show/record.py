"""An assessment as one flat object: what `--json` prints and what the CSV holds."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.supply import place_of
from tenglong.show.assessed import reason_text, supplier, working_text
from tenglong.show.cell import as_text
from tenglong.show.fact import fact_record
from tenglong.show.lacking import supplier_of
from tenglong.show.number import plain
from tenglong.show.page import Page
from tenglong.show.running import running_note


def record(page: Page, assessment: Assessment) -> dict[str, Any]:
    """Give an assessment as one flat object: what `tenglong targets --json` prints."""
    clause = assessment.clause
    return {
        "id": clause.id,
        "section": clause.section,
        "name": clause.name[page.language],
        "text": clause.text,
        "kind": str(clause.kind),
        "operator": None if clause.operator is None else str(clause.operator),
        "target": _json(clause.target),
        "unit": clause.unit,
        "due": clause.due.isoformat(),
        "firmness": str(clause.firmness),
        "baseline": _json(assessment.baseline),
        "actual": _json(assessment.actual),
        "observed_on": assessment.observed_on.isoformat() if assessment.observed_on else None,
        "progress": _json(assessment.progress),
        "pace": _json(assessment.pace),
        "paced_on": _json(assessment.paced_on),
        "gap": _json(assessment.gap),
        "margin": _json(assessment.margin),
        "rate_per_month": _json(assessment.rate),
        "needed_rate_per_month": _json(assessment.needed_rate),
        **_running(page, assessment),
        "status": str(assessment.status),
        "status_label": page.word(f"status.{assessment.status}"),
        "reason": reason_text(page, assessment),
        "working": working_text(page, assessment),
        "leading_unit": page.name(clause.lead),
        "units": [page.name(unit) for unit in clause.units],
        "supplier": supplier(assessment, page.place) if not assessment.status.is_known else None,
        "years": {
            str(year.year): {"verdict": year.verdict, "actual": _json(year.actual)}
            for year in assessment.years
        },
        "opened": [
            {"name": one.name, "since": _json(one.since), "until": _json(one.until)}
            for one in assessment.opened
        ],
        "named": [
            {"code": one.code, "name": one.name, "on": _json(one.on)} for one in assessment.named
        ],
        "facts": [fact_record(page, fact) for fact in assessment.facts],
        "low": _json(assessment.low),
        "high": _json(assessment.high),
        "could_be": [str(status) for status in assessment.could_be],
        "awaiting": [
            {
                "table": one.table,
                "column": one.column,
                "name": one.name,
                **_stands(page, one.table, one.row),
                "count": one.count,
                "not_in": one.of,
                "supplier": supplier_of(page.place, one.table, one.column),
            }
            for one in assessment.awaited
        ],
        "suspects": [
            {
                "table": one.table,
                "key": {name: _json(value) for name, value in one.key.items()},
                "column": one.column,
                **_stands(page, one.table, one.row),
                "value": _json(one.value),
                "against": one.against,
                "usual": _json(one.usual),
                "accepted": one.accepted,
            }
            for one in assessment.suspects
        ],
        "components": {name: _json(value) for name, value in assessment.components.items()},
    }


def _stands(page: Page, table: str, row: int | None) -> dict[str, Any]:
    """Tell where a row stands: a table may be of several files, each with rows of its own."""
    file, own = ("", None) if row is None else place_of(page.place.inputs, table, row)
    return {"file": file, "row": own}


def _running(page: Page, assessment: Assessment) -> dict[str, Any]:
    """Give what the last twelve months tell, beside the yearly figure; it is in no status."""
    running = assessment.running
    return {
        "running_12_months": _json(running and running.value),
        "running_from": _json(running and running.start),
        "running_until": _json(running and running.end),
        "running_note": running and running_note(page, running),
    }


def _json(value: object) -> Any:
    """Give an exact number as a JSON number, a date as text."""
    match value:
        case Fraction():
            return value.numerator if value.denominator == 1 else float(value)
        case date():
            return value.isoformat()
        case _:
            return value


def csv_text(value: object) -> str:
    """Give a value of a record as it stands in a CSV.

    >>> csv_text(-9), csv_text(-0.5), csv_text("-9")
    ('-9', '-0.5', "'-9")
    """
    match value:
        case None:
            return ""
        case int() | float():
            return plain(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return as_text(str(value))
