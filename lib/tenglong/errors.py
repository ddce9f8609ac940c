"""What can go wrong, one class a remedy.

Every class carries the exit code of the command line (BSD sysexits): a scheduler reads the
code, a person reads the message. A message says what must hold and names the offender.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Self

MOST_NAMED = 15  # names that are listed where none is near


class TenglongError(Exception):
    """Base of the kit's own errors; `zh` is its message in Chinese, or empty."""

    exit_code = 70
    zh = ""


class Fault(str):
    """One thing that is wrong with a file of settings: the English text, with the Chinese in `zh`.

    `about` is the place in the file that it is about, `clauses[2].value`; empty for all of it.

    >>> fault = Fault("unknown key 'b'", "没有“b”这个键", line=3)
    >>> fault, fault.zh
    ("line 3: unknown key 'b'", '第 3 行：没有“b”这个键')
    """

    __slots__ = ("about", "zh")
    zh: str
    about: str

    def __new__(
        cls, en: str, zh: str, *, line: int = 0, place: str = "", about: str | None = None
    ) -> Self:
        """Put the line (0 where it is not known) and the place before both texts."""
        said = "".join([f"line {line}: " if line else "", f"{place}: " if place else "", en])
        fault = super().__new__(cls, said)
        fault.zh = "".join([f"第 {line} 行：" if line else "", f"{place}：" if place else "", zh])
        fault.about = place if about is None else about
        return fault


def zh_of(fault: str) -> str:
    """Give a fault in Chinese; as it is where it has no Chinese."""
    return fault.zh if isinstance(fault, Fault) else fault


def placed(fault: str, place: str, place_zh: str) -> Fault:
    """Put a place before a fault, in both languages.

    >>> placed(Fault("is empty", "是空的"), "clause x", "条款 x").zh
    '条款 x：是空的'
    """
    return Fault(f"{place}: {fault}", f"{place_zh}：{zh_of(fault)}")


class UsageError(TenglongError, ValueError):
    """A command or a notebook was given a parameter that it does not take."""

    exit_code = 64


class DataError(TenglongError, ValueError):
    """A bundle's data is not what the tables' declaration asks for."""

    exit_code = 65


class SourceError(TenglongError, OSError):
    """A source of data cannot be reached."""

    exit_code = 69


class WriteError(TenglongError, OSError):
    """A report cannot be written where it was asked to go."""

    exit_code = 73


class BusyError(TenglongError, RuntimeError):
    """Another run holds the lock."""

    exit_code = 75


class ConfigurationError(TenglongError, ValueError):
    """A plan, a policy or a bundle's description is malformed.

    `faults` are all that is wrong, one by one, each with its place.
    """

    exit_code = 78

    def __init__(self, message: str, faults: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults) or (message,)
        if faults:
            self.zh = "；".join(map(zh_of, self.faults))

    @classmethod
    def of(cls, name: str, faults: Iterable[str], *, zh: str = "") -> "ConfigurationError":
        """Tell all the faults of a file at once; `zh` is what it is called in Chinese.

        >>> error = ConfigurationError.of("a.yml", [Fault("is empty", "是空的")])
        >>> str(error), error.zh, error.faults
        ('a.yml: is empty', 'a.yml：是空的', ('a.yml: is empty',))
        """
        told, named = list(faults), zh or name
        error = cls(
            f"{name}: {'; '.join(told)}",
            [Fault(f"{name}: {one}", f"{named}：{zh_of(one)}") for one in told],
        )
        error.zh = f"{named}：{'；'.join(map(zh_of, told))}"
        return error

    @classmethod
    def of_policy(cls, name: str, faults: Iterable[str]) -> "ConfigurationError":
        """Tell all the faults of a file of the policy, by its name without ending.

        >>> ConfigurationError.of_policy("idle", [Fault("is empty", "是空的")]).zh
        '政策 idle.yml：是空的'
        """
        return cls.of(f"policy {name}", faults, zh=f"政策 {name}.yml")

    def within(self, what: str, what_zh: str) -> "ConfigurationError":
        """Give the error with the kind of file that it is about in front."""
        faults = [Fault(f"{what} {one}", f"{what_zh} {zh_of(one)}") for one in self.faults]
        error = ConfigurationError(f"{what} {self}", faults)
        error.zh = f"{what_zh} {self.zh}" if self.zh else ""
        return error


def is_it(said: object, known: Iterable[str], *, otherwise: str = "") -> str:
    """End a message in Chinese as `did_you_mean` ends one in English.

    >>> is_it("wieght", ["weight", "unit"])
    '（是不是“weight”？）'
    """
    near = nearest(said, known)
    return f"（是不是“{near}”？）" if near else otherwise


def did_you_mean(said: object, known: Iterable[str], *, otherwise: str = "") -> str:
    """End a message about an unknown name with the nearest one that is known.

    Parameters
    ----------
    otherwise
        What ends it where no name is near.

    >>> did_you_mean("wieght", ["weight", "unit"])
    " (did you mean 'weight'?)"
    >>> did_you_mean("x", ["weight", "unit"], otherwise="; there are weight, unit")
    '; there are weight, unit'
    """
    near = nearest(said, known)
    return f" (did you mean {near!r}?)" if near else otherwise


def nearest(said: object, known: Iterable[str]) -> str:
    """Give the known name that is nearest to an unknown one, or an empty text.

    >>> nearest("wieght", ["weight", "unit"]), nearest("x", ["weight"])
    ('weight', '')
    """
    return next(iter(get_close_matches(str(said), list(known), n=1)), "")


def unknown(what: str, what_zh: str, said: object, known: Iterable[str], **at: Any) -> Fault:
    """Make the fault of an unknown name, with the nearest one that is known.

    Parameters
    ----------
    at
        The `line` and `place` of the fault.

    >>> unknown("key", "键", "wieght", ["weight"]).zh
    '没有“wieght”这个键（是不是“weight”？）'
    """
    names = list(known)
    near = nearest(said, names)
    are_few = len(names) <= MOST_NAMED
    hint = f"（是不是“{near}”？）" if near else f"（可写 {'、'.join(names)}）" if are_few else ""
    otherwise = f"; there are {', '.join(names)}" if are_few else ""
    en = f"unknown {what} {said!r}{did_you_mean(said, names, otherwise=otherwise)}"
    zh = f"没有“{said}”这个{what_zh}"
    if "：" in str(said) or ":" in str(said):
        en += "; after a key comes a plain colon and a blank"
        hint += "；键后面应是半角冒号加一个空格"
    return Fault(en, zh + hint, **at)
