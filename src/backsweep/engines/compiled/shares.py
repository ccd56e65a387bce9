"""How the cases of a batch are shared out, and in what order their sums are taken.

A sum over many cases is taken as 16 sums (f64: 8) over shares of consecutive cases,
and these are added four by four. A vector that holds a network in each lane follows
this order at no cost, and so does a vector that holds a share in each lane: that is
why a network alone and the same network among others end with the same bits.
"""

from __future__ import annotations

import itertools
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backsweep.engines.compiled.ir import Precision

__all__ = ["FOUR", "alike", "folded", "laid_out", "quads", "tiles"]

Part = TypeVar("Part")

FOLD: Final[Mapping[Precision, int]] = MappingProxyType({"f32": 16, "f64": 8})
FOUR: Final = 4


def folded(n_cases: int, precision: Precision) -> int:
    """Give the number of shares: few cases are one."""
    shares = FOLD[precision]
    return shares if n_cases >= 2 * shares else 1


def _sizes(n_cases: int, shares: int) -> list[int]:
    size, more = divmod(n_cases, shares)
    return [size + (k < more) for k in range(shares)]


def quads(n_cases: int, shares: int) -> list[tuple[int, ...]]:
    """Give the sizes of the shares, four by four.

    Examples
    --------
    >>> quads(18, 8)
    [(3, 3, 2, 2), (2, 2, 2, 2)]
    """
    sizes = _sizes(n_cases, shares)
    return [tuple(sizes[k : k + FOUR]) for k in range(0, shares, FOUR)]


def tiles(size: int, most: int) -> list[int]:
    """Part a share into about equal tiles of at most so many cases, large ones first.

    Examples
    --------
    >>> tiles(7, 4), tiles(17, 4)
    ([4, 3], [4, 4, 3, 3, 3])
    """
    return _sizes(size, -(-size // most))


def alike(parts: Sequence[Part]) -> Iterator[tuple[int, Part]]:
    """Say of equal parts that follow one another how many they are."""
    for part, group in itertools.groupby(parts):
        yield len(list(group)), part


def laid_out(n_cases: int, shares: int) -> list[list[int | None]]:
    """Give the case in each lane of each row where a lane holds a share.

    Examples
    --------
    >>> laid_out(5, 4)
    [[0, 2, 3, 4], [1, None, None, None]]
    """
    sizes = _sizes(n_cases, shares)
    firsts = itertools.accumulate([0, *sizes])
    lanes = list(zip(firsts, sizes, strict=False))
    return [
        [first + row if row < size else None for first, size in lanes]
        for row in range(sizes[0])
    ]
