"""A page, bound once: the place it is about, its language, and whose words it speaks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import TypeVar, cast

from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.show import dates, sentence, words
from tenglong.show.number import MISSING
from tenglong.show.sentence import Sentence, Value

Named = TypeVar("Named")
# A space that a folded line has left in Chinese: between two characters, or beside a full mark.
CHARACTER, MARK = "[一-鿿“”]", "[　-〿！-｠]"
RUN_ON = re.compile(f"(?<={CHARACTER}) (?={CHARACTER})|(?<={MARK}) | (?={MARK})")


@dataclass(frozen=True)
class Page:
    """What all pieces of a page share; every one of them takes it first.

    Attributes
    ----------
    place
        The county, or the one township of it, that the page is about.
    language
        `zh` or `en`.
    of
        The place that the report is of, where a piece is about another: all of the county.
    words
        Whose words it speaks (a file of `show/words`): a key that begins with a dot is its own.

    >>> page = Page(example_county(), "zh", "land")
    >>> page.word(".column.town"), page.word("status.missed")
    ('乡镇', '未完成')
    """

    place: County
    language: str = "zh"
    words: str = ""
    of: County | None = None

    def about(self, place: County) -> "Page":
        """Give the same page about another place: the whole county, beside one township."""
        return replace(self, place=place, of=self.of or self.place)

    def speaking(self, words: str) -> "Page":
        """Give the same page in other words, for a piece that several pages show."""
        return replace(self, words=words)

    def word(self, key: str, **values: object) -> str:
        """Give a word or text in the page's language, with its values filled in.

        Raises
        ------
        ConfigurationError
            If there is no such word.
        """
        told = {name: self.name(one) for name, one in values.items()}
        return words.word(self._key(key), self.language, **told)

    def caption(self, key: str, **values: object) -> str:
        """Name a table; in a township's report one of the whole county says that it is.

        >>> from tenglong.measure.county import Township
        >>> whole = example_county()
        >>> town = replace(whole, township=Township("330328100", Label("大峃镇", "Daxue")))
        >>> Page(town, words="land").about(whole).caption(".table.grants")
        '土地出让与标准地，按年度（全县）'
        """
        title = self.word(key, **values)
        if self.of and self.of.township and not self.place.township:
            return self.word("table.whole_county", title=title)
        return title

    def sentence(self, key: str, **values: Value) -> Sentence:
        """Make a sentence from data, see `show.sentence.sentence`."""
        told = {name: self.name(one) for name, one in values.items()}
        return sentence.sentence(self._key(key), self.language, **told)

    def name(self, value: Named) -> Named:
        """Give what a unit or a township is called; anything else as it is.

        >>> county = replace(example_county(), names={"县甲局": Label("县甲局", "Bureau A")})
        >>> Page(county, "en").name("县甲局"), Page(county, "en").name("县乙局")
        ('Bureau A', '县乙局')
        """
        label = self.place.names.get(value) if isinstance(value, str) else None
        return cast("Named", label[self.language]) if label else value

    def section(self, section: str) -> str:
        """Name a section of the plan; in English by what its kind is called there.

        >>> Page(example_county(), "en").section("任务6"), Page(example_county()).section("任务6")
        ('Task 6', '任务6')
        """
        found = re.fullmatch(r"(\D+)(\d+)", section)
        key = f"section.{found[1]}" if found else ""
        if found is None or self.language == "zh" or key not in words.catalogue():
            return section
        return f"{self.word(key)} {found[2]}"

    def source(self, source: str, source_en: str = "") -> str:
        r"""Say where a rule comes from, in the page's language if it is told in it, on one line.

        >>> Page(example_county()).source("方案 组织2， 2023 年起")
        '方案组织2，2023 年起'
        """
        told = " ".join((source_en if self.language == "en" and source_en else source).split())
        return RUN_ON.sub("", told) or MISSING

    def label(self, table: str, column: str = "") -> str:
        """Name a table or a column for people."""
        return self.place.label(table, column)[self.language]

    def choice(self, table: str, column: str, code: str) -> str:
        """Name what a code of a column stands for."""
        return self.place.choice(table, column, code)[self.language]

    def day(self, when: date) -> str:
        """Write a day as it is read."""
        return dates.day(when, self.language)

    def told(self, label: Label) -> str:
        """Give a label in the page's language."""
        return self.name(label[self.language])

    def joined(self, texts: Iterable[str]) -> str:
        """Join texts to a list.

        >>> Page(example_county()).joined(["甲", "乙"])
        '甲、乙'
        """
        return words.joined(map(self.name, texts), self.language)

    def clauses(self, texts: Iterable[str]) -> str:
        """Join the clauses of a sentence.

        >>> Page(example_county()).clauses(["甲", "乙"])
        '甲；乙'
        """
        return words.clauses(texts, self.language)

    def first(self, parts: Sequence[Sentence], most: int, *, counted: str = "") -> Sentence:
        """List the first parts of many; where there are more, it says so.

        Parameters
        ----------
        counted
            Of parts that have commas of their own: the measure word that counts the rest.

        >>> page, parts = Page(example_county()), [Sentence("甲"), Sentence("乙"), Sentence("丙")]
        >>> page.first(parts, 2).html, page.first(parts, 2, counted="家").html
        ('甲、乙等', '甲；乙；另有 1 家')
        """
        shown = sentence.together(parts[:most], self.clauses if counted else self.joined)
        more = self.rest(len(parts) - most, counted)
        values = {**shown.values, **{f"rest.{name}": one for name, one in more.values.items()}}
        return Sentence(f"{shown.html}{more.html}", values)

    def rest(self, count: int, counted: str = "") -> Sentence:
        """Say that there are so many more than were named; nothing where there are not."""
        if count <= 0:
            return Sentence("")
        if not counted:
            return self.sentence("list.more")
        return self.sentence("list.rest", count=count, unit=counted)

    def names(self, names: Sequence[str], most: int) -> Sentence:
        """List the first names of many, as `first` does."""
        return self.first([Sentence(escape(name), {"name": name}) for name in names], most)

    def listed(self, parts: Sequence[Sentence]) -> Sentence:
        """Join parts of a sentence that have commas of their own."""
        return sentence.together(parts, self.clauses)

    def _key(self, key: str) -> str:
        return f"{self.words}{key}" if key.startswith(".") else key
