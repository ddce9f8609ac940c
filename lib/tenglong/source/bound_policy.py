"""A policy completed by a plan: which clause a rule speaks of, and the numbers that it gives.

No rule of the kit names a clause by its id, since every plan has its own. It says what measures
the clause, or what the clause says, and so finds it in any plan:

    clause: {name: cleared_firms, event: closed}            # the clause so measured
    clause: {says: 差别电价}                                 # the clause in whose text this stands
    default: {of_clause: {name: low_tax_firms}, take: below_wan_per_mu}   # its option
    each: {of_clause: {name: firm_ratio, numerator: tax}, take: target, unit: 万元/亩}
    parcels: {named: [资规, 自然资源], otherwise: 自然资源主管部门}     # a unit of the plan

A county's own rules may name the clauses of its own plan by their ids. An option that is null must
not be there. What a clause gives that the plan does not have is `otherwise`, or else left out.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.clause import Clause, Label, Plan, written
from tenglong.measure.county import LeftOut
from tenglong.measure.policy.chosen import Chosen
from tenglong.measure.unit import convert
from tenglong.shape import fault_at
from tenglong.yaml_file import Marked

TAKEN, KEYS = ("target", "due"), frozenset({"of_clause", "take", "unit", "otherwise"})
# Beside every key `clause`: keys of a file whose entries are clauses.
OF_CLAUSES = {"bulletin": ("leading", "units"), "parcel_actions": ("actions",)}
# What is left out as a whole where a clause that it needs is not there, by file; elsewhere it is
# the key, or the entry of a list, alone.
WHOLE = {
    "league": ("leagues", "*", "items", "*"),
    "clearance": ("rules", "*"),
    "grade_measures": ("measures", "*"),
}
# Where an entry stands without its clause, and only who answers for it is not told.
WITHOUT_UNITS = {"parcel_actions": ("actions",)}
Path = tuple[str, ...]


class _Malformed(Exception):  # noqa: N818 - it is told with all others, once they are known
    """A reference to the plan that cannot be read."""


class _Absent(Exception):  # noqa: N818 - it is an answer ("the plan has none"), not a failure
    """The plan has no such clause."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        super().__init__(wanted)


def bound_policy(
    policy: Mapping[str, Any], plan: Plan
) -> tuple[Mapping[str, Any], tuple[LeftOut, ...]]:
    """Complete a policy by a plan, and tell what of it is left out.

    Raises
    ------
    ConfigurationError
        With every reference to the plan that is malformed.

    >>> from tenglong.source.plan import load_plan
    >>> from tenglong.source.policy import load_policy
    >>> bound, left = bound_policy(load_policy(), load_plan("wencheng-2021-2023"))
    >>> bound["bulletin"]["leading"][:2], left
    (['firms_closed', 'firms_rectified'], ())
    """
    left: list[LeftOut] = []
    faults: list[str] = []
    bound = {}
    for name, content in policy.items():
        bound[name] = content
        if _is_file(content):
            binding = _Binding(name, plan, left)
            bound[name] = binding.file(content)
            if binding.faults:
                faults += ConfigurationError.of_policy(name, binding.faults).faults
    if faults:
        raise ConfigurationError("; ".join(faults), faults)
    return bound, tuple(left)


def _is_file(content: Any) -> bool:
    return isinstance(content, Mapping) and "source" in content


class _Binding:
    """One file on its way to a plan; what is left out is added to `left`."""

    def __init__(self, name: str, plan: Plan, left: list[LeftOut]) -> None:
        self.faults: list[Fault] = []
        self.raw: Any = None
        self.name = name
        self.plan = plan
        self.left = left

    def file(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        self.raw = content
        made: Mapping[str, Any] = self._mapping(content, ())
        if self.faults:
            return made
        if self.name == "clearance":
            return _marked(made, {**made, "rules": [_named(one) for one in made["rules"]]})
        if self.name == "league" and isinstance(made.get("leagues"), Mapping):
            return _marked(made, {**made, "leagues": dict(self._leagues(made["leagues"], content))})
        if self.name == "parcel_measures":
            measures = {code: _classed(one) for code, one in made["measures"].items()}
            return _marked(made, {**made, "measures": measures})
        return made

    def _leagues(
        self, made: Mapping[str, Any], content: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        """Leave out a league of which no item is left."""
        for name, league in made.items():
            is_empty = isinstance(league, Mapping) and league.get("items") == {}
            if is_empty and content["leagues"][name]["items"]:
                label = _name_of(league) or Label(name, name)
                self.left.append(LeftOut(self.name, ("leagues", name), label, ""))
                continue
            yield name, league

    def _value(self, raw: Any, path: Path) -> Any:
        if isinstance(raw, Mapping) and "of_clause" in raw:
            return self._taken(raw, path)
        if isinstance(raw, Mapping) and "named" in raw:
            return _unit(raw, self.plan)
        if self._is_clause(path) and isinstance(raw, str | Mapping) and raw:
            return self._clause(raw, path).id
        if isinstance(raw, Mapping):
            return self._mapping(raw, path)
        return self._list(raw, path) if isinstance(raw, list) else raw

    def _is_clause(self, path: Path) -> bool:
        if path[-1] == "clause":
            return True
        return len(path) == len(("key", "entry")) and path[0] in OF_CLAUSES.get(self.name, ())

    def _mapping(self, raw: Mapping[Any, Any], path: Path) -> Mapping[Any, Any]:
        return _marked(raw, dict(self._held(raw.items(), path)))

    def _list(self, raw: list[Any], path: Path) -> list[Any]:
        numbered = ((str(number), one) for number, one in enumerate(raw, start=1))
        return [one for _, one in self._held(numbered, path)]

    def _held(self, entries: Any, path: Path) -> Iterator[tuple[Any, Any]]:
        """Give the entries whose clauses the plan has; tell of the others that have a name."""
        for key, raw in entries:
            here = (*path, str(key))
            try:
                yield key, self._value(raw, here)
            except _Malformed:
                continue
            except _Absent as absent:
                whole = WHOLE.get(self.name, ())
                if len(here) > len(whole) and _fits(here, whole):
                    raise
                if path == WITHOUT_UNITS.get(self.name):
                    yield key, ""
                elif (name := _name_of(raw)) is not None:
                    self.left.append(LeftOut(self.name, here, name, absent.wanted))

    def _fault(self, path: Path, en: str, zh: str) -> _Malformed:
        """Note what is wrong with a reference, and give what leaves it."""
        self.faults.append(fault_at(self.raw, _placed(path, self.raw), en, zh))
        return _Malformed()

    def _clause(self, raw: str | Mapping[str, Any], path: Path) -> Clause:
        if isinstance(raw, Mapping) and not {"name", "says"} & set(raw):
            raise self._fault(
                path,
                "a clause is found by the `name` of its indicator, with its options, or by what it"
                " `says`",
                "条款按指标查找写 name（及选项），按原文字样查找写 says",
            )
        for clause in self.plan.clauses:
            if _is_meant(clause, raw):
                return clause
        raise _Absent(_wanted(raw))

    def _taken(self, raw: Mapping[str, Any], path: Path) -> Any:
        for key in raw:
            if key not in KEYS:
                here = (*path, str(key))
                en = f"unknown key {key!r}{did_you_mean(key, KEYS)}"
                raise self._fault(here, en, f"没有“{key}”这个键{is_it(key, KEYS)}")
        take = raw.get("take")
        if not isinstance(take, str):
            raise self._fault(
                path,
                "must `take` the target, the due day or an option",
                "应用 take 写明取什么：target（目标数）、due（期限）或指标的选项",
            )
        try:
            return self._of_clause(raw, take, path)
        except _Absent:
            if "otherwise" not in raw:
                raise
        return raw["otherwise"]

    def _of_clause(self, raw: Mapping[str, Any], take: str, path: Path) -> Any:
        clause = self._clause(raw["of_clause"], (*path, "of_clause"))
        value = _given(clause, take)
        if value is None:
            raise _Absent(f"{_wanted(raw['of_clause'])}: {take}")
        if take == "target" and "unit" in raw:
            return convert(value, unit=clause.unit, to=str(raw["unit"]))
        return value


def _placed(path: Path, raw: Any) -> str:
    """Write a path as a place: what stands in a list by its number, `rules[2].limits`."""
    place = ""
    for key in path:
        place += f"[{key}]" if isinstance(raw, list) else f".{key}" if place else key
        raw = raw[int(key) - 1] if isinstance(raw, list) else _below(raw, key)
    return place


def _below(raw: Any, key: str) -> Any:
    mapping = raw if isinstance(raw, Mapping) else {}
    return next((value for name, value in mapping.items() if str(name) == key), None)


def _unit(raw: Mapping[str, Any], plan: Plan) -> str:
    """Give the first of the plan's units that has one of these in its name."""
    units = [unit for task in plan.tasks for unit in task.units]
    units += [unit for clause in plan.clauses for unit in clause.units]
    found = (unit for part in raw["named"] for unit in units if str(part) in unit)
    return next(found, str(raw.get("otherwise", "")))


def _given(clause: Clause, take: str) -> Any:
    if take in TAKEN:
        return getattr(clause, take)
    return next((one.options[take] for one in clause.indicators if take in one.options), None)


def _is_meant(clause: Clause, raw: str | Mapping[str, Any]) -> bool:
    if isinstance(raw, str):
        return clause.id == raw
    if "says" in raw:
        return str(raw["says"]) in clause.text
    chosen = Chosen(raw)
    return any(chosen.is_of(one) for one in clause.indicators)


def _wanted(raw: str | Mapping[str, Any]) -> str:
    if isinstance(raw, str):
        return raw
    if "says" in raw:
        return f"“{raw['says']}”"
    return ", ".join(str(value) for value in raw.values() if value is not None)


def _fits(path: Path, pattern: Path) -> bool:
    return bool(pattern) and all(
        wanted in ("*", key) for wanted, key in zip(pattern, path, strict=False)
    )


def _name_of(raw: Any) -> Label | None:
    name = raw.get("name") if isinstance(raw, Mapping) else None
    if isinstance(name, Mapping) and {"zh", "en"} <= set(name):
        return Label(
            str(name["zh"]).replace("{limit}", "…"), str(name["en"]).replace("{limit}", "…")
        )
    return None


def _marked(raw: Mapping[Any, Any], made: dict[Any, Any]) -> Mapping[Any, Any]:
    """Give a copy that knows the lines of its file, if the original does."""
    if not isinstance(raw, Marked):
        return made
    marked = Marked(made)
    marked.lines = raw.lines
    return marked


def _named(rule: Any) -> Any:
    """Put a rule's own limit into its name."""
    if not isinstance(rule, Mapping) or not isinstance(rule.get("name"), Mapping):
        return rule
    limit = (rule.get("limits") or {}).get("default")
    said = "…" if limit is None else _written(limit)
    name = {key: str(text).replace("{limit}", said) for key, text in rule["name"].items()}
    return _marked(rule, {**rule, "name": name})


def _written(number: Any) -> str:
    if isinstance(number, date):
        return number.isoformat()
    return written(number if isinstance(number, Fraction) else Fraction(str(number)))


def _classed(measure: Any) -> Any:
    """Put the limits of classes into their order, each once, with a colour for each class."""
    limits = measure.get("limits") if isinstance(measure, Mapping) else None
    palette = measure.get("palette") if isinstance(measure, Mapping) else None
    if not isinstance(limits, list) or not isinstance(palette, list):
        return measure
    numbers = [one for one in limits if isinstance(one, int | float | Fraction)]
    if len(numbers) < len(limits):
        return measure  # told by whoever reads the measure
    ordered = sorted(set(numbers))
    count = len(ordered) + 1
    if count < len(palette):
        last = len(palette) - 1
        steps = [0] if count == 1 else [step * last // (count - 1) for step in range(count)]
        palette = [palette[step] for step in steps]
    plain = [int(one) if one == int(one) else float(one) for one in ordered]
    return _marked(measure, {**measure, "limits": plain, "palette": palette})
