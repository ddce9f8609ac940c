"""Whether a report may stand where it would: nothing good is replaced by something else.

What is refused is told in one line, with a way on, before a notebook is run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tenglong.errors import WriteError
from tenglong.run import manifest
from tenglong.run.holdings import Holdings, Report, holdings
from tenglong.run.naming import kept_name

ELSEWHERE = "or give another folder with --out"
ELSEWHERE_ZH = "或用 --out 另指文件夹"


class TakenError(WriteError):
    """Something else stands where a report would; `zh` says it in Chinese."""

    def __init__(self, message: str, zh: str) -> None:
        super().__init__(message)
        self.zh = zh


@dataclass(frozen=True)
class Claim:
    """What a report is that asks for a place.

    Attributes
    ----------
    code, county
        The county's code, and its name in Chinese and English.
    pages
        The ids of its pages.
    is_publication
        Whether it is to be published.
    """

    code: str
    county: Mapping[str, str]
    is_synthetic: bool
    language: str
    pages: frozenset[str]
    is_publication: bool = False

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> "Claim":
        """Take it from the manifest of a report that has been made."""
        return cls(
            about["code"],
            about["county"],
            about["is_synthetic"],
            about["language"],
            frozenset(page["id"] for page in about["pages"]),
            about["publication"] is not None,
        )

    def is_of_county(self, report: Report) -> bool:
        """Whether a report that stands is of the same county, and invented like this one or not."""
        about = report.about
        if about["is_synthetic"] != self.is_synthetic:
            return False
        if about.get("code"):
            return bool(about["code"] == self.code)
        return bool(about["county"]["zh"] == self.county["zh"])


def require_room(folder: Path, name: Path, claim: Claim) -> None:
    """Make sure that a report may take its place.

    Parameters
    ----------
    folder
        The folder of reports.
    name
        The report's place below it.

    Raises
    ------
    TakenError
        If reports of another county stand under the bundle's name; or in the report's place one in
        another language, one with more pages, one that was published (unless this is its revision),
        or what is no report that this kit can read.
    """
    found, place = holdings(folder), PurePosixPath(name.as_posix())
    _require_county(found, place, claim)
    stands = found.at(place)
    if stands is None:
        _require_nothing(folder, place)
        return
    _require_language(stands, claim)
    if stands.publication is None:
        _require_pages(stands, claim)
    elif not claim.is_publication:
        raise TakenError(
            f"{place}: was published on {_day(stands)}; publish a revision with --publish,"
            f" {ELSEWHERE} for a draft",
            f"{place}：已于 {_day(stands)} 发布；要修订请加 --publish，草稿请用 --out 另指文件夹",
        )
    else:
        kept = place.with_name(kept_name(stands.name, stands.number))
        if not _is_copy(folder, kept, stands):
            _require_nothing(folder, kept)


def _require_county(found: Holdings, place: PurePosixPath, claim: Claim) -> None:
    bundle = place.parts[0]
    for one in found.reports:
        if one.path.parts[0] == bundle and not claim.is_of_county(one):
            en, zh = (_county(claim.county, claim.is_synthetic, each) for each in ("en", "zh"))
            there = one.about["county"], one.about["is_synthetic"]
            raise TakenError(
                f"{bundle}: the reports there are of {_county(*there, 'en')}, not of {en}; rename"
                f" the bundle's folder, {ELSEWHERE}",
                f"{bundle}：那里是{_county(*there, 'zh')}的报告，不是{zh}的；"
                f"请给数据包文件夹改名，{ELSEWHERE_ZH}",
            )


def _county(name: Mapping[str, str], is_synthetic: bool, language: str) -> str:
    mark = {"zh": "（示例数据）", "en": " (sample data)"}[language] if is_synthetic else ""
    return f"{name[language]}{mark}"


def _require_language(stands: Report, claim: Claim) -> None:
    """Refuse to replace a report in another language, which an earlier kit put there."""
    if stands.about["language"] != claim.language:
        raise TakenError(
            f"{stands.path}: the report there is in another language; rename its folder to"
            f" {stands.name}, {ELSEWHERE}",
            f"{stands.path}：那里是另一种语言的报告；请把它的文件夹改名为 {stands.name}，"
            f"{ELSEWHERE_ZH}",
        )


def _require_pages(stands: Report, claim: Claim) -> None:
    lost = [page for page in stands.about["pages"] if page["id"] not in claim.pages]
    if lost:
        ids = ", ".join(page["id"] for page in lost)
        titles = "、".join(page["title"]["zh"] for page in lost)
        raise TakenError(
            f"{stands.path}: the report there has pages that this one would not have: {ids};"
            f" ask for them, too (--beside), move its folder away, {ELSEWHERE}",
            f"{stands.path}：那里的报告有本次没有的页面（{titles}）；请一并生成（--beside），"
            f"或移走那个文件夹，{ELSEWHERE_ZH}",
        )


def _require_nothing(folder: Path, place: PurePosixPath) -> None:
    target = folder / place
    if target.is_symlink() or (target.exists() and not _is_empty(target)):
        raise TakenError(
            f"{place}: what stands there is no report that this kit can read; move it away,"
            f" {ELSEWHERE}",
            f"{place}：那里的内容不是本工具能读的报告，未改动；请移走，{ELSEWHERE_ZH}",
        )


def _is_empty(target: Path) -> bool:
    return target.is_dir() and not any(target.iterdir())


def _is_copy(folder: Path, kept: PurePosixPath, stands: Report) -> bool:
    """Whether a publication is kept already, by a run that was killed before it went on."""
    return manifest.read(folder / kept) == stands.about


def _day(stands: Report) -> str:
    moment = stands.published_at
    return moment.date().isoformat() if moment else ""
