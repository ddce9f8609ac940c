"""A page, bound once: the place it is about, its language, and whose words it speaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.show import dates, sentence, words
from tenglong.show.sentence import Sentence, Value


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
        return words.word(self._key(key), self.language, **values)

    def caption(self, key: str, **values: object) -> str:
        """Name a table; in a township's report one of the whole county says that it is.

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
        return sentence.sentence(self._key(key), self.language, **values)

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
        return label[self.language]

    def joined(self, texts: Iterable[str]) -> str:
        """Join texts to a list.

        >>> Page(example_county()).joined(["甲", "乙"])
        '甲、乙'
        """
        return words.joined(texts, self.language)

    def clauses(self, texts: Iterable[str]) -> str:
        """Join the clauses of a sentence.

        >>> Page(example_county()).clauses(["甲", "乙"])
        '甲；乙'
        """
        return words.clauses(texts, self.language)

    def listed(self, parts: Sequence[Sentence]) -> Sentence:
        """Join parts of a sentence that have commas of their own."""
        return sentence.together(parts, self.clauses)

    def _key(self, key: str) -> str:
        return f"{self.words}{key}" if key.startswith(".") else key
