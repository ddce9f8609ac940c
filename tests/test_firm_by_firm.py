"""An evaluation by columns, against one that judges a firm at a time with plain fractions."""

from fractions import Fraction
from math import floor, fsum

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluating import NAME, evaluated, scheme
from tenglong.measure.policy.columnwise import evaluated as over_columns
from tenglong.measure.policy.formula import Formula

WEIGHTS = {"tax_per_mu": Fraction(60), "yield": Fraction(40)}
CUTS = {"A": Fraction(25), "B": Fraction(60), "C": Fraction(90), "D": Fraction(100)}
INDICATORS = {"yield": {"name": NAME, "numerator": "value_added_wan", "denominator": "energy_tce"}}
GRADES = [{"grade": "A", "to_pct": 25}, {"grade": "B", "to_pct": 60}, {"grade": "C", "to_pct": 90}]
VETO = {"veto": {"when": "first(is_vetoed, False)", "at_best": "C"}}
OUT = {"small": {"when": "tax_wan < -5", "grade": "T"}}
BONUS = {"big": {"when": "tax_wan > 20", "points": "value_added_wan / 10"}}

MONEY = st.sampled_from([None, -9.0, -2.5, 0.0, 0.1, 3.3, 10.0, 20.01, 40.0])
FIRM = st.fixed_dictionaries(
    {
        "tax_paid_wan": MONEY,
        "land_mu": st.sampled_from([None, 0.3, 1.0, 2.5, 7.0]),
        "value_added_wan": MONEY,
        "energy_tce": st.sampled_from([None, 0.0, 1.1, 3.0, 9.9]),
        "is_vetoed": st.sampled_from([None, True, False, False]),
        "township": st.sampled_from(["t", "u"]),
    }
)
RULES = st.fixed_dictionaries(
    {
        "formula": st.sampled_from(["w * x / b", "min(x / b, 2) * w", "w * (n - rank + 1) / n"]),
        "benchmark": st.sampled_from(["10", "2 * mean", "quantile(50)", "best"]),
        "missing": st.sampled_from(["average", "exclude", "unscored", "zero"]),
        "zero_denominator": st.sampled_from(["average", "exclude", "full"]),
        "negative": st.sampled_from(["zero", "keep"]),
        "cap": st.sampled_from([None, 1.2]),
        "compare": st.sampled_from([[], ["township"]]),
        "ties": st.sampled_from(["better", "worse"]),
    }
)


@settings(max_examples=60)
@given(st.lists(FIRM, min_size=1, max_size=9), RULES)
def test_an_evaluation_by_columns_is_that_of_a_firm_at_a_time(rows, rules):
    firms = {f"f{number}": row for number, row in enumerate(rows)}
    parts = {
        name: {"weight": int(weight), "benchmark": rules["benchmark"], "compare": rules["compare"]}
        for name, weight in WEIGHTS.items()
    }
    if rules["cap"] is not None:
        parts["tax_per_mu"]["cap"] = rules["cap"]
    kept = {key: rules[key] for key in ("formula", "missing", "zero_denominator", "negative")}
    found = evaluated(
        firms,
        scheme(
            parts,
            indicators=INDICATORS,
            population={"bonuses": BONUS, "most_bonus": 2},
            exclude=OUT,
            overrides=VETO,
            grading={"grades": [*GRADES, {"grade": "D"}], "ties": rules["ties"]},
            **kept,
        ),
    )
    told = found.frame.set_index("usci")
    for usci, firm in judged(firms, rules).items():
        cells = {name: plain(told.loc[usci, name]) for name in firm}
        assert cells == firm


def plain(cell):
    return cell if isinstance(cell, tuple) else None if pd.isna(cell) else cell


def judged(firms, rules):
    """Judge each firm by itself: its points, then its place among the others, then its grade."""
    known = {usci: {key: of(row[key]) for key in row} for usci, row in firms.items()}
    out = {usci for usci, row in known.items() if (row["tax_paid_wan"] or 0) < -5}
    base = {usci: row for usci, row in known.items() if usci not in out}
    points = {name: part_points(name, base, rules) for name in WEIGHTS}
    found = {usci: {"why": ("excluded:small",), "grade": "T", "score": None} for usci in out}
    scores = {}
    for usci, row in base.items():
        each = {name: points[name][usci] for name in WEIGHTS}
        scores[usci], codes = score(row, each)
        shown = {f"points_{name}": number(one[0]) for name, one in each.items()}
        found[usci] = {**shown, "score": number(scores[usci]), "why": codes}
    ranked = {usci: one for usci, one in scores.items() if one is not None}
    for usci in base:
        found[usci] |= place(usci, ranked, base, rules, found[usci]["why"])
    return found


def of(cell):
    return Fraction(str(cell)) if isinstance(cell, float) else cell


def number(value):
    return None if value is None else float(value)


def value(name, row):
    """Give an indicator of a firm, or why there is none."""
    top, bottom = (
        ("tax_paid_wan", "land_mu") if name == "tax_per_mu" else ("value_added_wan", "energy_tce")
    )
    if row[top] is None or row[bottom] is None:
        return "missing"
    return row[top] / row[bottom] if row[bottom] > 0 else "zero_denominator"


def benchmark(name, peers, rules):
    values = sorted(value(name, row) for row in peers)
    match rules["benchmark"]:
        case "10":
            return Fraction(10)
        case "best":
            return values[-1]
        case "quantile(50)":
            at = Fraction(len(values) - 1, 2)
            low = values[floor(at)]
            return low + (at - floor(at)) * (values[min(floor(at) + 1, len(values) - 1)] - low)
    tops, bottoms = (
        ("tax_paid_wan", "land_mu") if name == "tax_per_mu" else ("value_added_wan", "energy_tce")
    )
    return 2 * sum(row[tops] for row in peers) / sum(row[bottoms] for row in peers)


def part_points(name, base, rules):
    """Give the points, whether the part is left out, and the code, of each firm."""
    weight, found = WEIGHTS[name], {}
    for usci, row in base.items():
        x = value(name, row)
        if isinstance(x, str):
            found[usci] = (None, False, x)
            continue
        if x < 0 and rules["negative"] == "zero":
            found[usci] = (Fraction(0), False, "negative")
            continue
        among = [
            other
            for other in base.values()
            if not isinstance(value(name, other), str)
            and (not rules["compare"] or other["township"] == row["township"])
        ]
        found[usci] = by_formula(name, x, among, weight, rules)
    usual = [float(points) for points, _, _ in found.values() if points is not None]
    mean = Fraction(str(fsum(usual) / len(usual))) if usual else None
    return {usci: instead(one, weight, mean, rules) for usci, one in found.items()}


def by_formula(name, x, among, weight, rules):
    b = benchmark(name, among, rules)
    if rules["formula"].startswith("w * (n"):
        points = weight * (len(among) - sum(value(name, other) > x for other in among)) / len(among)
    elif b == 0:
        return (None, False, "zero_denominator")
    else:
        points = weight * (x / b if rules["formula"] == "w * x / b" else min(x / b, Fraction(2)))
    if name == "tax_per_mu" and rules["cap"] is not None and points > Fraction(6, 5) * weight:
        return (Fraction(6, 5) * weight, False, "capped")
    return (points, False, "")


def instead(one, weight, mean, rules):
    points, _, code = one
    if points is not None:
        return one
    match rules[code]:
        case "exclude":
            return (None, True, f"{code}_excluded")
        case "average" if mean is not None:
            return (mean, False, f"{code}_average")
        case "zero" | "full" as rule:
            return (weight if rule == "full" else Fraction(0), False, f"{code}_set")
    return one


def score(row, parts):
    codes = [f"{code}:{name}" for name, (_, _, code) in parts.items() if code]
    tax, added = row["tax_paid_wan"], row["value_added_wan"]
    bonus = added / 10 if tax is not None and tax > 20 and added is not None else Fraction(0)
    if bonus:
        codes.append("bonus:big" if bonus > 0 else "deduction:big")
    if any(points is None and not is_out for points, is_out, _ in parts.values()):
        return None, tuple(codes)
    counted = sum(WEIGHTS[name] for name, (_, is_out, _) in parts.items() if not is_out)
    if not counted:
        return None, tuple(codes)
    total = sum(points for points, _, _ in parts.values() if points is not None)
    return total * 100 / counted + min(bonus, Fraction(2)), tuple(codes)


def place(usci, ranked, base, rules, why):
    if usci not in ranked:
        return {"rank": None, "of": None, "grade": None, "why": (*why, "not_ranked")}
    better = sum(other > ranked[usci] for other in ranked.values())
    as_good = sum(other >= ranked[usci] for other in ranked.values())
    counts = better + 1 if rules["ties"] == "better" else as_good
    ends = {grade: floor(len(ranked) * cut / 100 + Fraction(1, 2)) for grade, cut in CUTS.items()}
    grade = next(grade for grade, end in ends.items() if counts <= end)
    if base[usci]["is_vetoed"] and grade in "AB":
        grade, why = "C", (*why, "override:veto")
    return {"rank": better + 1, "of": len(ranked), "grade": grade, "why": why}


def test_no_formula_is_evaluated_once_more_for_more_firms(monkeypatch):
    counts = []
    for size in (20, 400):
        calls = []
        monkeypatch.setattr(Formula, "__call__", lambda *_, calls=calls: calls.append("firm"))
        for room in ("register", "peers", "part", "population"):
            monkeypatch.setattr(
                f"tenglong.measure.evaluation.{room}.evaluated",
                lambda *what, calls=calls: calls.append("column") or over_columns(*what),
            )
        firms = {f"f{number:03}": {"tax_paid_wan": float(number)} for number in range(size)}
        parts = {
            "tax_per_mu": {"weight": 100, "benchmark": "mean", "formula": "min(w * x / b, rank)"}
        }
        rules = scheme(
            parts, exclude=OUT, population={"bonuses": BONUS}, grading={"grades": GRADES}
        )
        found = evaluated(firms, rules)
        assert len(found.frame) == size
        counts.append(calls)
    assert counts[0] == counts[1]
    assert "firm" not in counts[0]
