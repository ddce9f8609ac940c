"""What is asked of a report, of which period and day, checked before anything is run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tenglong.errors import UsageError
from tenglong.measure.county import Township
from tenglong.measure.firm.places import township_named
from tenglong.measure.period import Period, last_over, period_of
from tenglong.measure.reading import Grain
from tenglong.run.catalogue import COMMON, Page, choose, load_catalogue
from tenglong.run.day import TODAY, day_of
from tenglong.run.naming import report_name
from tenglong.run.parameters import Parameter, Value, given, split
from tenglong.run.sound import require_sound
from tenglong.source.beside import described
from tenglong.source.bundle import read_bundle
from tenglong.source.description import Description, describe_bundle
from tenglong.source.policy import load_policy

# What has an option of its own, and is not given by -p.
OPTIONS = (*COMMON, "beside", "cadence", "period", "township")

# Parameters whose values are the names of files in a folder of the policy.
OF_POLICY = {"scheme": "schemes"}


@dataclass(frozen=True)
class Span:
    """The day that a report is of, and the period that ends on it where one was asked for."""

    as_of: date
    period: Period | None = None

    @property
    def name(self) -> str:
        """What the report's folder is called: the period, or else the day."""
        return self.period.name if self.period else self.as_of.isoformat()

    @property
    def texts(self) -> dict[str, str]:
        """What notebooks that tell of a period, or compare with the one before, are run with."""
        if self.period is None:
            return {}
        return {
            "cadence": self.period.grain.value,
            "period": self.period.name,
            "against": self.period.before.end.isoformat(),
        }


def span(
    *,
    default: date,
    as_of: str | None = None,
    cadence: str | None = None,
    period: str | None = None,
) -> Span:
    """Settle which day, and which period, is asked for.

    A period's day is its last; a cadence alone is its last period that is over on the day, and
    with today the last one that is closed.

    Parameters
    ----------
    default
        The bundle's own day.
    as_of, cadence, period
        As typed: YYYY-MM-DD or today; month, quarter or year; 2022-06, 2022Q2 or 2022.

    Raises
    ------
    UsageError
        If one is malformed, or they do not agree.

    Examples
    --------
    >>> span(default=date(2022, 6, 30), period="2021Q4").as_of
    datetime.date(2021, 12, 31)
    """
    day = None if as_of is None else day_of(as_of)
    if period is not None:
        return _of_period(_period(period), day, cadence)
    if cadence is None:
        return Span(day or default)
    found = last_over(day or default, Grain(cadence))
    if day is not None and found.end != day and as_of != TODAY:
        raise UsageError(
            f"--as-of must be the last day of a {cadence}, such as {found.end}, not {day},"
            f" where --cadence is {cadence}"
        )
    return Span(found.end, found)


def _period(text: str) -> Period:
    try:
        period = period_of(text)
        is_written_so = period.name == text and period.start < period.end
    except ValueError:
        is_written_so = False
    if not is_written_so:
        raise UsageError(
            "--period must be a month, a quarter or a year, written 2022-06, 2022Q2 or 2022,"
            f" not {text!r}"
        )
    return period


def _of_period(period: Period, day: date | None, cadence: str | None) -> Span:
    grain = period.grain.value
    if cadence is not None and cadence != grain:
        raise UsageError(f"--cadence must be {grain}, as --period {period.name} is, not {cadence}")
    if day is not None and day != period.end:
        raise UsageError(
            f"--as-of must be {period.end}, where --period {period.name} ends, not {day}"
        )
    return Span(period.end, period)


@dataclass(frozen=True)
class Request:
    """A report that can be made: its pages, and what each notebook is to be run with.

    `is_partial` is one whose pages were asked for by name; `order` is that of all pages there are.
    """

    bundle: Description
    span: Span
    language: str
    pages: tuple[Page, ...]
    parameters: Mapping[str, Mapping[str, Value]]
    out: Path
    township: Township | None = None
    beside: tuple[Description, ...] = ()
    is_partial: bool = False
    order: tuple[str, ...] = ()

    @property
    def as_of(self) -> date:
        """The day that it is of."""
        return self.span.as_of

    @property
    def name(self) -> Path:
        """Where the report stands in the folder of reports."""
        township = self.township.code if self.township else ""
        name = report_name(self.span.name, township=township, language=self.language)
        return Path(self.bundle.path.name) / name


def request(  # noqa: PLR0913 - what the command line may say, by name only
    bundle: str,
    *,
    out: Path,
    notebooks: Path,
    township: str = "",
    beside: Sequence[str] = (),
    language: str = "zh",
    page_ids: Sequence[str] = (),
    pairs: Sequence[str] = (),
    **when: str | None,
) -> Request:
    """Check what is asked for.

    Parameters
    ----------
    township
        One of the bundle's, by code or name; the whole county where none is given.
    beside
        Bundles of other counties, or summaries of them (`source.summary`), for the pages that lay
        counties side by side; without any, those pages are left out.
    pairs
        Further parameters, `name=value`; each goes to the pages that declare it.
    when
        `as_of`, `cadence` and `period`, as `run.period.span` takes them.

    Raises
    ------
    UsageError
        If a page, a township or a parameter is unknown, a value is not as declared, or the
        day and the period do not agree.
    ConfigurationError
        If the bundle's description, the catalogue or a notebook's parameters are malformed.
    """
    description = describe_bundle(bundle)
    require_sound(description)
    asked = span(default=description.as_of, **when)
    catalogue = load_catalogue(notebooks)
    pages = choose(catalogue, page_ids)
    extra = split(pairs)
    own = [name for name in OPTIONS if name in extra]
    if own:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in OPTIONS[1:])
        raise UsageError(f"{', '.join(own)}: not by -p; BUNDLE and {options} say it")
    texts = {
        "bundle": str(description.path),
        "as_of": asked.as_of.isoformat(),
        "language": language,
    }
    others = tuple(other for one in beside for other in described(one))
    pages = _with_others(pages, asked_for=page_ids) if not others else pages
    place = _township(description, asked.as_of, township) if township else None
    pages = _of_townships(pages, asked_for=page_ids) if place else pages
    declared = {page.id: page.parameters() for page in pages}
    texts |= _declared({**asked.texts, **_folders(others)}, declared)
    if place is not None:
        texts["township"] = place.code
    parameters = given(declared, {**texts, **extra})
    _require_chosen(description, parameters)
    return Request(
        description,
        asked,
        language,
        pages,
        parameters,
        out,
        place,
        others,
        is_partial=bool(page_ids),
        order=tuple(page.id for page in catalogue),
    )


def _require_chosen(
    description: Description, parameters: Mapping[str, Mapping[str, Value]]
) -> None:
    """Refuse a value that is to be chosen among files of the policy, the county's own included."""
    kit, policy = load_policy(), load_policy(description.policy, beside=description.path)
    faults = []
    for name, folder in OF_POLICY.items():
        known = policy.get(folder, {})
        said = dict.fromkeys(str(its[name]) for its in parameters.values() if name in its)
        for value in (one for one in said if one not in known):
            own = [one for one in known if one not in kit[folder]]
            listed = ", ".join(one for one in known if one not in own)
            if own:
                listed += f"; of this county: {', '.join(own)}"
            faults.append(f"{name} must be one of {listed}, not {value!r}")
    if faults:
        raise UsageError("; ".join(faults))


def _with_others(pages: tuple[Page, ...], *, asked_for: Sequence[str]) -> tuple[Page, ...]:
    """Leave out the pages that need other counties, where none is given."""
    needing = [page.id for page in pages if "beside" in page.parameters()]
    if asked_for and needing:
        raise UsageError(f"{', '.join(needing)}: needs --beside, the bundle of another county")
    return tuple(page for page in pages if page.id not in needing)


def _folders(others: Sequence[Description]) -> dict[str, str]:
    return {"beside": ",".join(str(description.place) for description in others)} if others else {}


def _declared(
    texts: Mapping[str, str], pages: Mapping[str, Mapping[str, Parameter]]
) -> dict[str, str]:
    """Give those of the parameters that some page declares."""
    return {
        name: text for name, text in texts.items() if any(name in its for its in pages.values())
    }


def _township(description: Description, as_of: date, said: str) -> Township:
    """Look a township up in the bundle's own table, and read no other."""
    sources = {name: source for name, source in description.sources.items() if name == "townships"}
    return township_named(read_bundle(replace(description, sources=sources)).on(as_of), said)


def _of_townships(pages: tuple[Page, ...], *, asked_for: Sequence[str]) -> tuple[Page, ...]:
    """Leave out the pages that tell of the whole county alone."""
    others = [page.id for page in pages if "township" not in page.parameters()]
    if others and (asked_for or len(others) == len(pages)):
        raise UsageError(f"--township: {', '.join(others)} cannot be made for one township")
    return tuple(page for page in pages if page.id not in others)
