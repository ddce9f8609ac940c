"""An assessment as one flat object: what `--json` prints and what the CSV holds."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from tenglong.measure.judge.assessment import Assessment
from tenglong.show.assessed import reason_text, supplier, working_text
from tenglong.show.cell import as_text
from tenglong.show.number import plain
from tenglong.show.page import Page


def record(page: Page, one: Assessment) -> dict[str, Any]:
    """Give an assessment as one flat object: what `tenglong targets --json` prints."""
    clause = one.clause
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
        "baseline": _json(one.baseline),
        "actual": _json(one.actual),
        "observed_on": one.observed_on.isoformat() if one.observed_on else None,
        "progress": _json(one.progress),
        "pace": _json(one.pace),
        "gap": _json(one.gap),
        "margin": _json(one.margin),
        "rate_per_month": _json(one.rate),
        "needed_rate_per_month": _json(one.needed_rate),
        "status": str(one.status),
        "status_label": page.word(f"status.{one.status}"),
        "reason": reason_text(page, one),
        "working": working_text(page, one),
        "leading_unit": clause.lead,
        "units": list(clause.units),
        "supplier": supplier(one, page.place) if not one.status.is_known else None,
        "years": {
            str(year.year): {"verdict": year.verdict, "actual": _json(year.actual)}
            for year in one.years
        },
        "components": {name: _json(value) for name, value in one.components.items()},
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
    """Give a value of a record as it stands in a CSV."""
    match value:
        case None:
            return ""
        case float():
            return plain(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return as_text(str(value))
