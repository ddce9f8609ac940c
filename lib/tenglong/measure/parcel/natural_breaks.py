"""Natural breaks: classes whose values lie as near as can be to the mean of their class.

W. D. Fisher, On Grouping for Maximum Homogeneity, Journal of the American Statistical
Association 53 (1958); maps know them by the name of G. F. Jenks.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# As mapclassify reckons, so that its classes and ours are the same.
PRECISION = np.float32


def natural_breaks(values: Floats, k: int) -> Floats:
    """Give the largest values of all classes but the last.

    The squares of the distances to the mean of the class have the least sum that is possible; of
    several ways the one whose last class holds most values, then the one before it.

    Parameters
    ----------
    values
        At least k of them, none missing, in any order.
    k
        How many classes there are.

    >>> natural_breaks(np.array([500.0, 1, 2, 3, 101, 102, 501]), 3).tolist()
    [3.0, 102.0]
    """
    ordered = np.sort(values)
    begins = _begins(ordered.astype(PRECISION), k)
    uppers, end = np.empty(k - 1), len(ordered)
    for number in range(k, 1, -1):
        end = begins[end, number]
        uppers[number - 2] = ordered[end - 1]
    return uppers


def _begins(ordered: NDArray[np.floating], k: int) -> NDArray[np.intp]:
    """Give where the last of so many classes (columns) of the first values (rows) begins."""
    count = len(ordered)
    least = np.full((count + 1, k + 1), np.inf, ordered.dtype)  # the least sum of squares
    begins = np.zeros(least.shape, np.intp)
    for end in range(1, count + 1):
        apart = _squares(ordered[:end])
        least[end, 1] = apart[0]
        if end == 1:
            continue
        sums = apart[1:, np.newaxis] + least[1:end, 1:k]
        chosen = sums.argmin(axis=0)
        begins[end, 2:] = chosen + 1
        least[end, 2:] = sums[chosen, np.arange(k - 1)]
    return begins


def _squares(ordered: NDArray[np.floating]) -> NDArray[np.floating]:
    """Sum, from each value to the last, the squares of the distances to their mean."""
    backwards = ordered[::-1]
    sums, squares = np.cumsum(backwards), np.cumsum(backwards * backwards)
    counts = np.arange(1, len(ordered) + 1, dtype=ordered.dtype)
    return (squares - sums * sums / counts)[::-1]
