"""How a kernel starts."""

from enum import StrEnum


class Kind(StrEnum):
    """By fork from a warm process, or as a new process."""

    WARM = "warm"
    ORDINARY = "ordinary"
