"""What can go wrong, one class a remedy.

Every class carries the exit code of the command line (BSD sysexits): a scheduler reads the
code, a person reads the message. A message says what must hold and names the offender.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class TenglongError(Exception):
    """Base of the kit's own errors."""

    exit_code = 70


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

    @classmethod
    def of(cls, place: str, faults: Iterable[str]) -> "ConfigurationError":
        """Gather the faults of one file.

        >>> ConfigurationError.of("plan.yml", ["line 1: x", "line 2: y"]).faults
        ('plan.yml: line 1: x', 'plan.yml: line 2: y')
        """
        told = list(faults)
        return cls(f"{place}: {'; '.join(told)}", [f"{place}: {fault}" for fault in told])


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
    near = get_close_matches(str(said), list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else otherwise
