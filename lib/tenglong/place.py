"""A place on a day: a county, or one township of it, with everything an analyst asks of it.

Its frames are ordinary: plain dtypes, units in the names. The exact numbers stay in `exact`.
"""

import io
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from html import escape
from importlib import import_module
from inspect import signature
from pathlib import Path
from textwrap import shorten
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from tenglong.errors import UsageError, did_you_mean
from tenglong.measure.board.board import assess_plan, judged_by, with_facts
from tenglong.measure.county import County
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.places import of_township, within
from tenglong.measure.judge.assessment import Board
from tenglong.measure.league.town import town_board
from tenglong.measure.parcel.measures import measured
from tenglong.measure.sheet.parcel_map import AUTO, parcel_map_sheet
from tenglong.show.masthead import lab_style
from tenglong.show.number import unit_text
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import scorecard
from tenglong.show.piece import Piece
from tenglong.show.plain import UNITS, headed, plain
from tenglong.show.record import record
from tenglong.source import Bundle, describe_bundle, read_bundle

CLAUSES = (
    *("id", "section", "name", "kind", "status", "actual", "target", "operator", "unit"),
    *("baseline", "progress_pct", "pace_pct", "gap", "observed_on", "due", "lead", "reason"),
)
CATEGORIES = ("status", "kind", "operator", "grade", "ranked_grade", "population", "land_state")
SHEETS = (
    *("bulletin", "carbon", "chains", "clearance", "enterprises", "facts", "innovation", "land"),
    *("league", "parcel_map", "projects", "targets"),
)
WIDTH = 110
Frame = TypeVar("Frame", bound=pd.DataFrame)


def open_place(bundle: str | Path, as_of: str | date | None = None, *, labels: str = "") -> "Place":
    """Open a bundle as of a day: `tenglong.open("data/sample", "2022-06-30")`.

    Parameters
    ----------
    bundle
        The folder; a relative one is looked for in the working directory, then in the kit.
    as_of
        A date or YYYY-MM-DD; the bundle's own default where it is not given.
    labels
        `zh` or `en`: heads of all frames in words, with their units; else the canonical names.

    Raises
    ------
    UsageError
        If the day or the language is none.
    ConfigurationError
        If there is no such bundle, or its bundle.yml, plan or policy is malformed.
    DataError
        If a file does not bring what it must.
    """
    if labels not in ("", "zh", "en"):
        raise UsageError(f"labels must be zh or en, not {labels!r}")
    read = read_bundle(describe_bundle(bundle))
    county = read.on(read.description.as_of if as_of is None else as_of)
    return Place(read, county, county, labels)


@dataclass(frozen=True, eq=False, repr=False)
class Place:
    """A county as of a day, or one township of it.

    Attributes
    ----------
    bundle
        What it was read from, before a day was chosen.
    whole
        All of the county, exact: what ranks or compares firms is reckoned on it.
    exact
        The place itself, exact: what every function of `tenglong.measure` is given.
    """

    bundle: Bundle
    whole: County
    exact: County
    labels: str = ""

    def __repr__(self) -> str:
        return repr(self.exact).replace("County", "Place", 1)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Give a table by its name in Chinese or English, its rows numbered as in its file."""
        names = {name: name for name in self.exact.tables}
        labels = {label: name for name in names for label in astuple(self.exact.label(name))}
        known = labels | names
        name = known[_asked("table", table, known)]
        frame = self.exact.table(name)
        chosen = [c for c in frame if (name, c) in {key[:2] for key in self.exact.choices}]
        return self._shown(frame.astype(dict.fromkeys(chosen, "category")), name)

    @property
    def firms(self) -> pd.DataFrame:
        """Every firm's years: what was reported, its evaluated tax and land, and its figures."""
        return self._shown(firm_years(self.exact), "enterprise_years", "enterprises")

    @property
    def parcels(self) -> gpd.GeoDataFrame:
        """The parcels with every measure by which the campaign's map colours them."""
        frame = gpd.GeoDataFrame(self.exact.table("parcels", "parcel_id"))
        rules = self.whole.policy["parcel_measures"]["measures"]
        money = self.exact.currency.zh
        names = {
            name: _with_unit(name, rule.get("unit", {}).get("zh", "").format(currency=money))
            for name, rule in rules.items()
        }
        parcels = {
            names[name]: values.reindex(frame.index)
            for name, values in measured(self.whole).known.items()
            if name not in frame
        }
        named = {names[name]: one["label"][self.labels or "zh"] for name, one in rules.items()}
        return self._shown(frame.assign(**parcels), "parcels", named=named)

    @property
    def clauses(self) -> pd.DataFrame:
        """Every clause as it stands: figures in the unit of its row, the gap in points."""
        page = self.page("board")
        rows = [record(page, assessment) for assessment in self._board().assessments]
        frame = pd.DataFrame(rows).rename(columns={"leading_unit": "lead"})
        frame["unit"] = [unit_text(unit, page.language) for unit in frame["unit"]]
        for name, share in (("progress_pct", "progress"), ("pace_pct", "pace"), ("gap", "gap")):
            frame[name] = 100 * frame[share].astype("float64")
        for name in ("actual", "target", "baseline"):
            frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
        for name in ("observed_on", "due"):
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
        return self._shown(frame[[*CLAUSES]])

    def evaluate(self, year: int = 0, scheme: str = "default") -> pd.DataFrame:
        """Score, rank and grade the firms of a year; 0 is the last that is known.

        Ranks and grades are those of the whole county; a township's are its rows of them.
        """
        years = firm_years(self.whole)["year"]
        chosen = year or int(years.max())
        if not (years == chosen).any():
            raise UsageError(f"no firm has figures of {chosen}; there are {sorted({*years})}")
        _asked("scheme", scheme, self.whole.policy["schemes"])
        evaluation = evaluate(self.whole, year=chosen, scheme=scheme)
        code = self.exact.township.code if self.exact.township else ""
        names, heads = {}, {}
        for name, indicator in evaluation.scheme.indicators.items():
            names[name] = _with_unit(name, indicator.unit)
            heads[names[name]] = indicator.name[self.labels]
            heads[f"points_{name}"] = self.page().word(
                "face.points_of", name=indicator.name[self.labels]
            )
        frame = of_township(evaluation.frame, code).rename(columns=names)
        return self._shown(frame, "enterprises", "enterprise_years", named=heads)

    def within(self, township: str) -> "Place":
        """Give one township, by its name or code; the whole county for an empty text."""
        return Place(self.bundle, self.whole, within(self.whole, township), self.labels)

    def page(self, words: str = "", language: str = "") -> Page:
        """Bind a page about this place, in `words` of its own; every piece takes it first."""
        return Page(self.exact, language or self.labels or "zh", words)

    def sheet(self, page_id: str, **options: Any) -> Any:
        """Measure what one of the kit's pages shows, e.g. `sheet("land").late`."""
        _asked("sheet", page_id, SHEETS)
        measure = getattr(import_module(f"tenglong.measure.sheet.{page_id}"), f"{page_id}_sheet")
        if "on" in signature(measure).parameters:  # it looks at other days, too
            options["on"] = self.bundle.on
        try:
            signature(measure).bind(self.whole, self.exact, **options)
        except TypeError as error:
            raise UsageError(f"sheet {page_id!r}: {error}") from error
        return measure(self.whole, self.exact, **options)

    def scorecard(self) -> Piece:
        """Draw the scorecard of the plan, as 目标进度 shows it."""
        return _styled(scorecard(self.page("board"), self._board()))

    def map(self, measure: str = "auto") -> Piece:
        """Draw the campaign's map, coloured by a measure of `parcel_measures.yml`."""
        from tenglong.show.pages.parcel_map import parcel_explorer  # noqa: PLC0415 - folium: 0.3 s

        _asked("measure", measure, [AUTO, *self.whole.policy["parcel_measures"]["measures"]])
        sheet = parcel_map_sheet(self.whole, self.exact, measure=measure)
        return _styled(parcel_explorer(self.page("parcels"), sheet))

    def explain(self, clause: str, *, rows: int = 10) -> Piece:
        """Tell how a clause's figure came about, by its id or name; it names firms."""
        from rich.console import Console  # noqa: PLC0415 - no page needs a terminal

        from tenglong.show.text.explanation import explanation_text  # noqa: PLC0415 - as rich

        clauses = self.exact.plan.clauses
        named = {name: one for one in clauses for name in (*astuple(one.name), one.id)}
        one, rules = judged_by(self.exact, named[_asked("clause", clause, named)])
        if self.exact.township:
            one = with_facts(self.exact, self._board()[one.clause.id])
            rules = (*rules, "league")
        console = Console(width=WIDTH, highlight=False, record=True, file=io.StringIO())
        console.print(explanation_text(self.page("explain"), one, rules=rules, most_rows=rows))
        return Piece(f"<pre>{escape(console.export_text())}</pre>")

    def _board(self) -> Board:
        if self.exact.township:
            return town_board(self.whole, self.exact)
        return assess_plan(self.exact)

    def _shown(self, frame: Frame, *tables: str, named: Mapping[str, str] | None = None) -> Frame:
        made = plain(frame)
        made = made.astype({name: "category" for name in CATEGORIES if name in made})
        return headed(self.page(), made, *tables, named=named or {}) if self.labels else made


def _asked(what: str, said: str, known: Collection[str]) -> str:
    """Give what was asked for back, if there is such a name."""
    if said not in known:
        hint = did_you_mean(said, known, otherwise=f"; there are {shorten(', '.join(known), 200)}")
        raise UsageError(f"there is no {what} {said!r}{hint}")
    return said


def _with_unit(name: str, unit: str) -> str:
    """Give a measure's name its unit: `tax_per_mu` in 万元/亩 is `tax_wan_per_mu`."""
    end = next((end for end, one in UNITS.items() if one == unit), "")
    return name if not end or name.endswith(end) else f"{name.split('_per_', maxsplit=1)[0]}{end}"


def _styled(piece: Piece) -> Piece:
    return Piece(f"{lab_style()}{piece.html}", piece.csv)
