"""The door: turns what a caller hands in into plain numbers, or says it is none."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Iterable

import numpy as np

__all__ = ["as_numbers", "as_whole"]


def as_whole(value: object) -> int | None:
    """Give a whole number of any library as an int; None if it is not one.

    Examples
    --------
    >>> as_whole(np.int64(3)), as_whole(3.0), as_whole(True)
    (3, None, None)
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        return None
    return operator.index(value)


def as_numbers(value: object) -> float | tuple[float, ...] | None:
    """Give a number, or a sequence of them, as floats; None if it is neither.

    Examples
    --------
    >>> as_numbers(np.float32(0.5)), as_numbers([1, 2]), as_numbers("12")
    (0.5, (1.0, 2.0), None)
    """
    if isinstance(value, tuple) and all(type(part) is float for part in value):
        return value  # PERF: of a large grid they are looked at several times
    if isinstance(value, (bool, np.bool_)):
        return None
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return as_numbers(value.item())
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        return None
    parts = [as_numbers(part) for part in value]
    plain = tuple(part for part in parts if isinstance(part, float))
    return plain if len(plain) == len(parts) else None
