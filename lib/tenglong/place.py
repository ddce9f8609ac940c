"""A place on a day: a county, or one township of it, with everything an analyst asks of it.

Its frames are ordinary: plain dtypes, units in the names. The exact numbers stay in `exact`.
"""

import difflib
import io
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from html import escape
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd
from rich.console import Console

from tenglong.errors import UsageError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.board.consulted import judged_by
from tenglong.measure.board.township import of_township as judged_there
from tenglong.measure.county import County
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.places import of_township, within
from tenglong.measure.judge.assessment import Board
from tenglong.measure.parcel.measures import measured
from tenglong.measure.sheet.parcel_map import parcel_map_sheet
from tenglong.show.masthead import lab_style
from tenglong.show.number import unit_text
from tenglong.show.page import Page
from tenglong.show.pages.parcel_map import parcel_explorer
from tenglong.show.pages.scorecard import scorecard
from tenglong.show.piece import Piece
from tenglong.show.plain import UNITS, headed, plain
from tenglong.show.record import record
from tenglong.show.text.explanation import explanation_text
from tenglong.source import Bundle, describe_bundle, read_bundle

CLAUSES = (
    *("id", "section", "name", "kind", "status", "actual", "target", "operator", "unit"),
    *("baseline", "progress_pct", "pace_pct", "gap", "observed_on", "due", "lead", "reason"),
)
CATEGORIES = ("status", "kind", "operator", "grade", "ranked_grade", "population", "land_state")
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
    ConfigurationError
        If bundle.yml, the plan or the policy is malformed.
    DataError
        If a file does not bring what it must.
    """
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
        labels = {one: name for name in names for one in astuple(self.exact.label(name))}
        known = labels | names
        if table not in known:
            near = difflib.get_close_matches(table, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(names)}"
            raise UsageError(f"there is no table {table!r}{hint}")
        name = known[table]
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
        names = {
            name: _with_unit(name, rules[name].get("unit", {}).get("zh", "")) for name in rules
        }
        found = {
            names[name]: values.reindex(frame.index)
            for name, values in measured(self.whole).known.items()
            if name not in frame
        }
        named = {names[name]: one["label"][self.labels or "zh"] for name, one in rules.items()}
        return self._shown(frame.assign(**found), "parcels", named=named)

    @property
    def clauses(self) -> pd.DataFrame:
        """Every clause as it stands: figures in the unit of its row, the gap in points."""
        page = self.page("board")
        rows = [record(page, one) for one in self._board().assessments]
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
        chosen = year or int(firm_years(self.whole)["year"].max())
        found = evaluate(self.whole, year=chosen, scheme=scheme)
        code = self.exact.township.code if self.exact.township else ""
        names, heads = {}, {}
        for name, one in found.scheme.indicators.items():
            names[name] = _with_unit(name, one.unit)
            heads[names[name]] = one.name[self.labels]
            heads[f"points_{name}"] = self.page().word("face.points_of", name=one.name[self.labels])
        frame = of_township(found.frame, code).rename(columns=names)
        return self._shown(frame, "enterprises", "enterprise_years", named=heads)

    def within(self, township: str) -> "Place":
        """Give one township, by its name or code; the whole county for an empty text."""
        return Place(self.bundle, self.whole, within(self.whole, township), self.labels)

    def page(self, words: str = "", language: str = "") -> Page:
        """Bind a page about this place, in `words` of its own; every piece takes it first."""
        return Page(self.exact, language or self.labels or "zh", words)

    def sheet(self, page_id: str, **options: Any) -> Any:
        """Measure what one of the kit's pages shows, e.g. `sheet("land").late`."""
        module = import_module(f"tenglong.measure.sheet.{page_id}")
        measure = getattr(module, f"{page_id}_sheet")
        if "on" in signature(measure).parameters:  # it looks at other days, too
            options["on"] = self.bundle.on
        return measure(self.whole, self.exact, **options)

    def scorecard(self) -> Piece:
        """Draw the scorecard of the plan, as 目标进度 shows it."""
        return _styled(scorecard(self.page("board"), self._board()))

    def map(self, measure: str = "auto") -> Piece:
        """Draw the campaign's map, coloured by a measure of `parcel_measures.yml`."""
        sheet = parcel_map_sheet(self.whole, self.exact, measure=measure)
        return _styled(parcel_explorer(self.page("parcels"), sheet))

    def explain(self, clause: str, *, rows: int = 10) -> Piece:
        """Tell how a clause's figure came about, by its id or name; it names firms."""
        clauses = self.exact.plan.clauses
        ids = {one.id: one for one in clauses}
        named = {name: one for one in clauses for name in astuple(one.name)} | ids
        if clause not in named:
            near = difflib.get_close_matches(clause, named, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(f"the plan has no clause {clause!r}{hint}")
        one, rules = judged_by(self.exact, named[clause])
        console = Console(width=WIDTH, highlight=False, record=True, file=io.StringIO())
        console.print(explanation_text(self.page("explain"), one, rules=rules, most_rows=rows))
        return Piece(f"<pre>{escape(console.export_text())}</pre>")

    def _board(self) -> Board:
        board = assess_plan(self.exact)
        return judged_there(board) if self.exact.township else board

    def _shown(self, frame: Frame, *tables: str, named: Mapping[str, str] | None = None) -> Frame:
        made = plain(frame)
        made = made.astype({name: "category" for name in CATEGORIES if name in made})
        return headed(self.page(), made, *tables, named=named or {}) if self.labels else made


def _with_unit(name: str, unit: str) -> str:
    """Give a measure's name its unit: `tax_per_mu` in 万元/亩 is `tax_wan_per_mu`."""
    end = next((end for end, one in UNITS.items() if one == unit), "")
    return name if not end or name.endswith(end) else f"{name.split('_per_', maxsplit=1)[0]}{end}"


def _styled(piece: Piece) -> Piece:
    return Piece(f"{lab_style()}{piece.html}", piece.csv)
