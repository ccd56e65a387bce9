"""Random numbers from counters: Threefry-2x32-20, the same on every engine.

A number depends on (seed, two counters) only, so that the start of run 83,112 is
the same alone, in any block, on any machine.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "MOST_RUNS",
    "ORDER_STREAM",
    "SPLIT_STREAM",
    "normal",
    "permutation",
    "threefry",
    "uniform",
]

ROTATIONS: Final = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY: Final = np.uint32(0x1BD11BDA)

MOST_RUNS: Final = 2**32  # what the first counter of a start, a run's number, holds

# The second counter of a start is the number of a parameter; these two values,
# which no parameter reaches, keep the other uses of a seed apart from it.
ORDER_STREAM: Final = 0xFFFFFFFF
SPLIT_STREAM: Final = 0xFFFFFFFE

Words = NDArray[np.uint32]


def threefry(
    key: tuple[ArrayLike, ArrayLike], counter: tuple[ArrayLike, ArrayLike]
) -> tuple[Words, Words]:
    """Scramble two 32-bit counters under a 64-bit key in twenty rounds.

    Parameters
    ----------
    key
        Two 32-bit words, arrays that broadcast with the counters.
    counter
        Two 32-bit words, arrays of any shape that broadcast together.

    Returns
    -------
    tuple of two ndarrays of uint32
        The scrambled words, of the broadcast shape.

    References
    ----------
    Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3",
    SC11 (2011), section 4.

    Examples
    --------
    The generator's published answer for a key and a counter of zeros:

    >>> first, second = threefry((0, 0), (0, 0))
    >>> f"{int(first):08x} {int(second):08x}"
    '6b200159 99ba4efe'
    """
    k0, k1 = (np.asarray(word).astype(np.uint32) for word in key)
    keys = (k0, k1, k0 ^ k1 ^ PARITY)
    with np.errstate(over="ignore"):  # words wrap around, as they should
        x0 = np.asarray(counter[0]).astype(np.uint32) + keys[0]
        x1 = np.asarray(counter[1]).astype(np.uint32) + keys[1]
        for group in range(5):
            for rotation in ROTATIONS[group % 2]:
                x0 = x0 + x1
                x1 = (x1 << np.uint32(rotation)) | (x1 >> np.uint32(32 - rotation))
                x1 = x1 ^ x0
            x0 = x0 + keys[(group + 1) % 3]
            x1 = x1 + keys[(group + 2) % 3] + np.uint32(group + 1)
    return x0, x1


def key_of(seed: int) -> tuple[int, int]:
    return seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF


def _unit(words: Words) -> NDArray[np.float64]:
    """Turn words into numbers inside (0, 1), symmetric about a half."""
    numbers: NDArray[np.float64] = (words.astype(np.float64) + 0.5) * 2.0**-32
    return numbers


def uniform(seed: int, run: ArrayLike, number: ArrayLike) -> NDArray[np.float64]:
    """Draw numbers uniform in (-1, 1), one for each (run, number).

    Examples
    --------
    >>> alone = uniform(7, 83_112, [0, 1])
    >>> among_many = uniform(7, np.arange(83_110, 83_115)[:, None], [0, 1])
    >>> bool((alone == among_many[2]).all())
    True
    """
    return 2.0 * _unit(threefry(key_of(seed), (run, number))[0]) - 1.0


def normal(seed: int, run: ArrayLike, number: ArrayLike) -> NDArray[np.float64]:
    """Draw numbers from the standard normal, one for each (run, number).

    Box and Muller's cosine of the two words that the generator gives.
    """
    first, second = (_unit(words) for words in threefry(key_of(seed), (run, number)))
    drawn: NDArray[np.float64] = np.sqrt(-2 * np.log(first)) * np.cos(
        2 * np.pi * second
    )
    return drawn


def permutation(
    seed: int, run: ArrayLike, stream: int, draw: int, size: int
) -> NDArray[np.intp]:
    """Shuffle `size` things for each run; a new order for each `draw`.

    Parameters
    ----------
    run
        Run numbers, of shape (n_runs,).
    stream
        What the order is for: ORDER_STREAM or SPLIT_STREAM.

    Returns
    -------
    ndarray of shape (n_runs, size)
        One permutation of 0 ... size - 1 a run.
    """
    key = threefry(key_of(seed), (run, stream))
    columns = (key[0][:, None], key[1][:, None])
    words = threefry(columns, (np.uint32(draw), np.arange(size)))
    ranks = (words[0].astype(np.uint64) << np.uint64(32)) | words[1]
    return np.argsort(ranks, axis=-1, kind="stable")
