"""What can go wrong, one class a remedy.

Every class carries the exit code of the command line (BSD sysexits): a scheduler reads the
code, a person reads the message. A message says what must hold and names the offender.
"""


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
    """A plan, a policy or a bundle's description is malformed."""

    exit_code = 78
