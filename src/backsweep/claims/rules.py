"""Rules: how a verdict follows from counts, the same for every claim.

The letter tells mostly of single networks and gives no spread, so that a rule has to
say what many runs must show for its words to hold. Thresholds are stated here once,
with their reasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from backsweep.runs import share_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from backsweep.claims.claim import Verdict

__all__ = [
    "NEARLY_ALL",
    "ORDINARY",
    "RARE",
    "fewer",
    "first_to_hold",
    "is_nearly_always",
    "is_ordinary",
    "is_rare",
    "is_rule",
    "percentile_rank",
    "verdict_of",
]

# A single published number is an ordinary draw if it is not among the lowest or the
# highest tenth of ours.
ORDINARY: Final = (10.0, 90.0)
# What is said of a network without reservation should hold for nine runs in ten.
NEARLY_ALL: Final = 0.9
# "Very rarely" is less often than once in twenty, the usual meaning of a rare event.
RARE: Final = 0.05
LEVEL: Final = 0.05  # of a test that one share is under another

Setting = TypeVar("Setting")


def percentile_rank(value: float, sample: ArrayLike) -> float:
    """Give the share of a sample under a value, ties half, in per cent.

    Examples
    --------
    >>> percentile_rank(2.0, [1.0, 2.0, 3.0, 4.0])
    37.5
    """
    numbers = np.asarray(sample, dtype=np.float64)
    if not numbers.size:
        return float("nan")
    return 100 * float((numbers < value).mean() + 0.5 * (numbers == value).mean())


def is_ordinary(value: float, sample: ArrayLike) -> bool:
    """Say whether a published number lies between the 10th and the 90th percentile."""
    low, high = ORDINARY
    return low <= percentile_rank(value, sample) <= high


def is_rule(count: int, total: int) -> bool:
    """Say whether something holds for most: its interval lies above one half."""
    return total > 0 and share_interval(count, total)[0] > 0.5


def is_nearly_always(count: int, total: int) -> bool:
    """Say whether something holds for nine runs in ten."""
    return total > 0 and count >= NEARLY_ALL * total


def is_rare(count: int, total: int) -> bool:
    """Say whether something is rarer than once in twenty: its interval lies under."""
    return total > 0 and share_interval(count, total)[1] < RARE


def fewer(counts: tuple[int, int], than: tuple[int, int], *, tries: int = 1) -> bool:
    """Say whether one share is under another by Fisher's exact test.

    Parameters
    ----------
    counts, than
        How many, and of how many.
    tries
        Comparisons that are made at once: the level of 5 % is shared among them.
    """
    from scipy.stats import fisher_exact  # noqa: PLC0415  # a second, for few claims

    table = [
        [counts[0], counts[1] - counts[0]],
        [than[0], than[1] - than[0]],
    ]
    return float(fisher_exact(table, alternative="less").pvalue) < LEVEL / tries


def first_to_hold(tried: Sequence[tuple[Setting, bool]]) -> Setting | None:
    """Give the first setting for which something held; the letter's comes first."""
    return next((setting for setting, holds in tried if holds), None)


def verdict_of(*, holds: bool, letter_settings: bool = True) -> Verdict:
    """Name the verdict, given whether it held and with whose settings."""
    if not holds:
        return "not reproduced"
    return "reproduced" if letter_settings else "reproduced with other settings"
