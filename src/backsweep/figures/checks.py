"""What every figure asks of its arrays, at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backsweep.errors import DataError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["checked_array", "checked_names"]


def checked_array(
    name: str,
    value: ArrayLike,
    shape: tuple[int | str, ...],
    *,
    finite: bool = True,
) -> NDArray[np.float64]:
    """Give the value as an array of that shape, or say what is wrong with it.

    Parameters
    ----------
    name
        What the caller calls it.
    value
        What was given.
    shape
        For each axis its length, or a name for a length that is free.
    finite
        Refuse NaN and infinity; else infinity only.
    """
    array = np.asarray(value, dtype=np.float64)
    wanted = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
    fits = array.ndim == len(shape) and all(
        isinstance(length, str) or length == found
        for length, found in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise ShapeError(f"`{name}` must have shape {wanted}, got {array.shape}.")
    if not array.size:
        raise ShapeError(f"`{name}` must not be empty, got shape {array.shape}.")
    bad = ~np.isfinite(array) if finite else np.isinf(array)
    if bad.any():
        place = tuple(int(index) for index in np.argwhere(bad)[0])
        raise DataError(
            f"`{name}` must be finite, got {float(array[place])!r} at {place}."
        )
    return array


def checked_names(name: str, names: tuple[str, ...], length: int) -> tuple[str, ...]:
    """Give the names, or say that there must be one for each of `length` places."""
    if len(names) != length:
        raise ShapeError(f"`{name}` must have {length} names, got {len(names)}.")
    return names
