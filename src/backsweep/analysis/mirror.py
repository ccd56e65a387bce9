"""Mirror: what the weights of a unit that sees a row say about the row's middle.

A unit whose weights at mirror places are equal and opposite hears nothing from a
symmetric row. If no sum of its magnitudes, each taken plus, minus or not at all,
comes to nought, it hears something from every other row: 1:2:4 does that, and so
does 2:3:4.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backsweep.errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODES", "alignment", "mirror_residual", "ratio_code", "side_magnitudes"]

Floats: TypeAlias = NDArray[np.float64]

# The codes that runs of `symmetry` are known to end with, in order of size.
CODES: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {"1:2:4": (1.0, 2.0, 4.0), "2:3:4": (2.0, 3.0, 4.0)}
)


def _rows(weights: ArrayLike) -> Floats:
    rows = np.asarray(weights, dtype=np.float64)
    if rows.ndim == 0 or rows.shape[-1] < 2:
        raise ShapeError(
            "`weights` must have at least 2 inputs on the last axis, "
            f"got shape {rows.shape}."
        )
    return rows


def mirror_residual(weights: ArrayLike) -> Floats:
    """Measure how far weights at mirror places are from equal and opposite.

    Parameters
    ----------
    weights : array_like of shape (..., n_in)
        Weights into one unit, or into many.

    Returns
    -------
    ndarray of shape (...)
        The largest ``|w_i + w_mirror|`` as a share of the largest ``|w|``: 0 where all
        are equal and opposite, 2 where all are equal. A weight in the middle of an
        odd row counts with its double, since its mirror is itself.

    Examples
    --------
    >>> mirror_residual([[1.0, 2.0, -2.0, -1.0], [1.0, 2.0, 2.0, 1.0]])
    array([0., 2.])
    """
    rows = _rows(weights)
    largest = np.abs(rows).max(axis=-1)
    apart = np.abs(rows + rows[..., ::-1]).max(axis=-1)
    residual: Floats = np.divide(
        apart, largest, out=np.zeros_like(apart), where=largest > 0
    )
    return residual


def side_magnitudes(weights: ArrayLike) -> Floats:
    """Give the magnitudes of the weights on one side of the middle, smallest first.

    Parameters
    ----------
    weights : array_like of shape (..., n_in)
        Weights into one unit, or into many.

    Returns
    -------
    ndarray of shape (..., n_in // 2)
        Of each pair of mirror places half the difference, without its sign.

    Examples
    --------
    >>> side_magnitudes([7.0, -14.0, 3.5, -3.5, 14.0, -7.0])
    array([ 3.5,  7. , 14. ])
    """
    rows = _rows(weights)
    half = rows.shape[-1] // 2
    apart: Floats = np.abs(rows - rows[..., ::-1])[..., :half] / 2
    return np.sort(apart, axis=-1)


def ratio_code(magnitudes: ArrayLike, *, tolerance: float = 0.15) -> NDArray[np.str_]:
    """Name the code that magnitudes follow: an entry of CODES, or "other".

    Parameters
    ----------
    magnitudes : array_like of shape (..., 3)
        As `side_magnitudes` gives them, smallest first.
    tolerance
        How far the second and the third, as multiples of the first, may be from
        those of the code: a share of them. With 0.15 no two codes overlap.

    Returns
    -------
    ndarray of shape (...)

    Examples
    --------
    >>> ratio_code([[3.6, 7.2, 14.2], [2.1, 3.1, 4.2], [1.0, 1.0, 1.0]]).tolist()
    ['1:2:4', '2:3:4', 'other']
    """
    sizes = np.asarray(magnitudes, dtype=np.float64)
    if sizes.ndim == 0 or sizes.shape[-1] != 3:
        raise ShapeError(
            "`magnitudes` must have 3 numbers on the last axis, "
            f"got shape {sizes.shape}."
        )
    near = []
    for code in CODES.values():
        wanted = np.array(code) / code[0]
        # Multiplied out, so that a weight of nought is no division by it.
        off = np.abs(sizes - sizes[..., :1] * wanted)
        near.append((off <= tolerance * sizes[..., :1] * wanted).all(axis=-1))
    grown = sizes[..., 0] > 0
    return np.select([one & grown for one in near], list(CODES), "other")


def alignment(weights: ArrayLike) -> Floats:
    """Correlate the weights into two units: -1 where they are opposite.

    Parameters
    ----------
    weights : array_like of shape (..., 2, n_in)
        Weights into two units.

    Returns
    -------
    ndarray of shape (...)
        The cosine of the angle between them, in [-1, 1]; 0 where one has no weights.
        No mean is taken off, since the sign of the weights is what is asked for.

    Examples
    --------
    >>> alignment([[1.0, 2.0, -2.0, -1.0], [-2.0, -4.0, 4.0, 2.0]]).round(6)
    np.float64(-1.0)
    """
    rows = _rows(weights)
    if rows.ndim < 2 or rows.shape[-2] != 2:
        raise ShapeError(
            f"`weights` must hold those into 2 units, got shape {rows.shape}."
        )
    one, other = rows[..., 0, :], rows[..., 1, :]
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    product = (one * other).sum(axis=-1)
    cosine: Floats = np.divide(
        product, lengths, out=np.zeros_like(product), where=lengths > 0
    )
    return np.clip(cosine, -1.0, 1.0)[()]
