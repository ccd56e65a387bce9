"""The boundary of a map: which cells it runs through, and how rough it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backsweep.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["boundary", "box_dimension"]


def boundary(values: ArrayLike) -> NDArray[np.bool_]:
    """Tell where a map changes its sign: in which squares of two by two cells.

    Parameters
    ----------
    values : ndarray of shape (n_x, n_y)
        Of which only the sign is looked at.

    Returns
    -------
    ndarray of shape (n_x - 1, n_y - 1)

    Examples
    --------
    >>> boundary([[-1, -1, 2], [-1, -1, 3]]).tolist()
    [[False, True]]
    """
    below = np.asarray(values) < 0
    if below.ndim != 2 or min(below.shape) < 2:
        raise ShapeError(
            f"`values` must have shape (n_x, n_y), 2 or more each, got {below.shape}."
        )
    count = (
        below[1:, 1:].astype(int) + below[1:, :-1] + below[:-1, 1:] + below[:-1, :-1]
    )
    crossed: NDArray[np.bool_] = (count > 0) & (count < 4)
    return crossed


def box_dimension(crossed: ArrayLike) -> float | None:
    """Measure how much a set of cells fills the plane, by counting boxes.

    Boxes of 1, 2, 4, ... cells are laid over the map; where N(s) of size s hold a cell
    of the set, the dimension is log2 N(s) / N(2 s). The median over the sizes is
    given: 1 for a line, 2 for an area, between them for a fractal.

    Parameters
    ----------
    crossed : ndarray of shape (n_x, n_y)
        The cells of the set, as `boundary` gives them.

    Returns
    -------
    float or None
        None where the set is empty or the map too small for two sizes.

    Examples
    --------
    >>> import numpy as np
    >>> box_dimension(np.eye(64, dtype=bool))
    1.0
    """
    cells = np.asarray(crossed, dtype=bool)
    counts = [int(cells.sum())]
    # Boxes of which fewer than four lie along a side say little.
    while min(cells.shape) >= 8 and counts[0]:
        rows, columns = (-(-length // 2) * 2 for length in cells.shape)
        full = np.zeros((rows, columns), dtype=bool)
        full[: cells.shape[0], : cells.shape[1]] = cells
        boxes = full.reshape(rows // 2, 2, columns // 2, 2)
        cells = np.asarray(boxes.any(axis=(1, 3)))
        counts.append(int(cells.sum()))
    if len(counts) < 2:
        return None
    return float(np.median(-np.diff(np.log2(counts))))
