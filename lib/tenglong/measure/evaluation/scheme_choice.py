"""What a scheme of the evaluation may choose between."""

from enum import StrEnum


class Better(StrEnum):
    """Which values of an indicator are good."""

    HIGHER = "higher"
    LOWER = "lower"


class Negative(StrEnum):
    """What becomes of a negative value where higher is better: no points, or by the formula."""

    ZERO = "zero"
    KEEP = "keep"


class Ties(StrEnum):
    """Which grade firms of one score share that stand on both sides of a cut."""

    BETTER = "better"
    WORSE = "worse"


class Cut(StrEnum):
    """How the number of firms above a cut is rounded."""

    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"


class Electricity(StrEnum):
    """How electricity is counted in `energy_tce` (等价值, 当量值)."""

    EQUAL_VALUE = "equal_value"
    CALORIFIC_VALUE = "calorific_value"


class Sites(StrEnum):
    """Whether firms on one parcel are evaluated apart, or merged and share the grade."""

    APART = "apart"
    MERGED = "merged"
