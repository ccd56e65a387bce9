"""Codes: what the units of a code carry, and which items have codes alike."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backsweep.errors import ShapeError

__all__ = ["TwinDistances", "best_correlations", "correlations", "twin_distances"]

Floats: TypeAlias = NDArray[np.float64]


def correlations(weights: ArrayLike, attribute: ArrayLike) -> Floats:
    """Correlate each unit's weights from the items with an attribute of the items.

    Parameters
    ----------
    weights : array_like of shape (..., n_units, n_items)
        Weights into each unit of a code from each item.
    attribute : array_like of shape (n_items,)
        A number for each item, not all the same.

    Returns
    -------
    ndarray of shape (..., n_units)
        Pearson's r, in [-1, 1]; 0 for a unit whose weights are all the same.

    Examples
    --------
    >>> correlations([[1.0, 1.0, 3.0, 3.0], [1.0, 3.0, 1.0, 3.0]], [0, 0, 1, 1])
    array([1., 0.])
    """
    values = np.asarray(weights, dtype=np.float64)
    wanted = np.asarray(attribute, dtype=np.float64)
    if values.ndim < 2 or wanted.shape != values.shape[-1:]:
        raise ShapeError(
            "`attribute` must have one number for each item of `weights`, "
            f"got shapes {wanted.shape} and {values.shape}."
        )
    values = values - values.mean(axis=-1, keepdims=True)
    wanted = wanted - wanted.mean()
    scale = np.linalg.norm(values, axis=-1) * np.linalg.norm(wanted)
    product = values @ wanted
    r = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
    clipped: Floats = np.clip(r, -1.0, 1.0)
    return clipped


def best_correlations(
    weights: ArrayLike, attribute: ArrayLike
) -> tuple[NDArray[np.intp], Floats]:
    """Find the unit that carries an attribute best.

    Parameters
    ----------
    weights : array_like of shape (..., n_units, n_items)
        Weights into each unit of a code from each item.
    attribute : array_like of shape (n_items,)
        A number for each item.

    Returns
    -------
    unit : ndarray of shape (...)
        Its number, from 0.
    r : ndarray of shape (...)
        The size of its correlation, in [0, 1].

    Examples
    --------
    >>> unit, r = best_correlations([[1.0, 3.0, 1.0], [3.0, 1.0, 1.0]], [0, 1, 0])
    >>> int(unit), float(r)
    (0, 1.0)
    """
    sizes = np.abs(correlations(weights, attribute))
    return sizes.argmax(axis=-1), sizes.max(axis=-1)


class TwinDistances(NamedTuple):
    """How alike the codes of twins are.

    Parameters
    ----------
    twins : ndarray of shape (...)
        Mean distance between an item's code and its twin's.
    others : ndarray of shape (...)
        Mean distance between an item's code and those of the others' twins.
    nearest : ndarray of shape (...)
        Share of the items for which no other twin is as near as their own.
    """

    twins: Floats
    others: Floats
    nearest: Floats

    @property
    def ratio(self) -> Floats:
        """Distance of twins as a share of that of others; 1 where all are the same."""
        return np.divide(
            self.twins,
            self.others,
            out=np.ones_like(self.twins),
            where=self.others > 0,
        )


def twin_distances(codes: ArrayLike, twins: ArrayLike) -> TwinDistances:
    """Compare the codes of two families whose members are twins, one to one.

    Parameters
    ----------
    codes : array_like of shape (..., n_items, n_units)
        The first family's codes.
    twins : array_like of shape (..., n_items, n_units)
        The codes of their twins in the other family, in the same order.

    Returns
    -------
    TwinDistances
        Euclidean distances across the two families: a difference that all members
        share counts alike for twins and for others.

    Examples
    --------
    >>> found = twin_distances([[0.0, 0.0], [4.0, 0.0]], [[0.0, 3.0], [4.0, 3.0]])
    >>> float(found.twins), float(found.others), float(found.nearest)
    (3.0, 5.0, 1.0)
    """
    one = np.asarray(codes, dtype=np.float64)
    other = np.asarray(twins, dtype=np.float64)
    if one.ndim < 2 or one.shape != other.shape or one.shape[-2] < 2:
        raise ShapeError(
            "`codes` and `twins` must hold the same number of items, at least 2, and "
            f"units, got shapes {one.shape} and {other.shape}."
        )
    apart = np.linalg.norm(one[..., :, None, :] - other[..., None, :, :], axis=-1)
    n_items = one.shape[-2]
    own = np.diagonal(apart, axis1=-2, axis2=-1)  # (..., n_items)
    rest = apart[..., ~np.eye(n_items, dtype=bool)].reshape(
        *apart.shape[:-2], n_items, n_items - 1
    )
    return TwinDistances(
        own.mean(axis=-1),
        rest.mean(axis=(-2, -1)),
        (own < rest.min(axis=-1)).mean(axis=-1),
    )
